"""Packages as plain values (path to bytes), and the small ones that fuzzing starts from."""

from __future__ import annotations

import json
import random
import tempfile
from pathlib import Path

import yaml

from tests.conformance.packages import write_package
from tests.properties.tables import package

TESTS = Path(__file__).parents[1]
DESCRIPTOR = "datapackage.json"

Folder = dict[str, bytes]


def read_folder(path: Path) -> Folder:
    """All files below a folder."""
    return {
        each.relative_to(path).as_posix(): each.read_bytes()
        for each in sorted(path.rglob("*"))
        if each.is_file() and each.name != "expected.txt"
    }


def write_folder(folder: Folder, path: Path) -> None:
    """Put files on the disk; names that no file can have here are left out."""
    path.mkdir(parents=True)
    for name, content in folder.items():
        target = path / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        except (OSError, ValueError):
            continue


def descriptor_of(folder: Folder) -> dict | None:
    """The descriptor as JSON, where it still is an object."""
    try:
        found = json.loads(folder[DESCRIPTOR])
    except (KeyError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def with_descriptor(folder: Folder, descriptor: object) -> Folder:
    """The folder with another descriptor."""
    text = json.dumps(descriptor, ensure_ascii=False)
    return {**folder, DESCRIPTOR: text.encode("utf-8", "surrogatepass")}


def corpus(generated: int = 60) -> dict[str, Folder]:
    """Fixtures of the judge, both twins of each case of the specification, generated ones."""
    found = {
        f"packages/{path.name}": read_folder(path)
        for path in sorted((TESTS / "packages").iterdir())
        if (path / DESCRIPTOR).is_file()
    }
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for path in sorted((TESTS / "conformance" / "cases").glob("*.yaml")):
            for case in yaml.safe_load(path.read_text(encoding="utf-8")):
                for kind in ("good", "bad"):
                    folder = root / path.stem / case["feature"] / kind
                    folder.mkdir(parents=True)
                    write_package(folder, case, kind)
                    found[f"{path.stem}/{case['feature']}/{kind}"] = read_folder(folder)
        for number in range(generated):
            folder = root / f"generated-{number}"
            folder.mkdir()
            package(random.Random(number)).write(folder)
            found[f"generated/{number}"] = read_folder(folder)
    return {name: each for name, each in found.items() if DESCRIPTOR in each}
