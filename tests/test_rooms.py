"""The code stands as docs/architecture.md draws it: imports down, libraries in their rooms."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "rekodiq_data"
ABOVE_ALL = {"__init__", "__main__"}
FREE_LIBRARIES = {"pyarrow", "numpy"}
FREE_FROM_FLOOR = 3


def _table() -> dict[str, tuple[int, set[str]]]:
    rooms = {}
    for line in (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").splitlines():
        found = re.fullmatch(r"\| (\d+) \| (\w+) \| .+ \| ?([\w, ]*)\|", line)
        if found:
            floor, room, libraries = found.groups()
            rooms[room] = int(floor), {each.strip() for each in libraries.split(",")} - {""}
    return rooms


ROOMS = _table()
FILES = sorted(SOURCE.rglob("*.py"))


def _room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def _imported(path: Path) -> set[str]:
    """Modules that a file imports, inside functions too, but not for type checking alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.update(
                f"{node.module}.{alias.name}"
                if node.module == "rekodiq_data"
                else str(node.module)
                for alias in node.names
            )
    return found


def test_every_room_stands_in_the_table_and_every_row_is_a_room():
    assert {_room_of(path) for path in FILES} - ABOVE_ALL == set(ROOMS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_point_to_lower_floors(path):
    room = _room_of(path)
    if room in ABOVE_ALL:
        return
    floor = ROOMS[room][0]
    own = {name for name in _imported(path) if name.split(".")[0] == "rekodiq_data"}
    for name in own:
        other = name.split(".")[1] if "." in name else "__init__"
        assert other == room or (other in ROOMS and ROOMS[other][0] < floor), (
            f"{room} (floor {floor}) imports {name}"
        )


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_heavy_libraries_stay_in_their_rooms(path):
    room = _room_of(path)
    floor, allowed = ROOMS.get(room, (99, set()))
    libraries = {name.split(".")[0] for name in _imported(path)}
    foreign = libraries - set(sys.stdlib_module_names) - {"rekodiq_data", "__future__"}
    if floor >= FREE_FROM_FLOOR:
        foreign -= FREE_LIBRARIES
    assert foreign <= allowed
