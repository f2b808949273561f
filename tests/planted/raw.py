"""The raw tables as plain text, and where each cell of them stands once it is written.

Nothing here uses the package that is tested: its answers are held against these.
"""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

Changes = dict[tuple[int, str], str]
"""New texts of some cells of one table, by record (from 0) and field."""


@dataclass(frozen=True)
class RawTable:
    """One raw table: its schema as it stands in YAML, and its cells as texts."""

    name: str
    schema: dict[str, Any]
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    _groups: dict[Any, dict[tuple[str, ...], list[int]]] = dataclasses.field(
        default_factory=dict, compare=False
    )

    @property
    def numbers(self) -> range:
        """The records, counted from 0."""
        return range(len(self.rows))

    def at(self, row: int, name: str) -> str:
        """The cell as it is in the project."""
        return self.rows[row][self.names.index(name)]

    def column(self, name: str, changes: Changes | None = None) -> list[str]:
        """A column, with the changes."""
        position = self.names.index(name)
        cells = [row[position] for row in self.rows]
        for (row, changed), text in (changes or {}).items():
            if changed == name:
                cells[row] = text
        return cells

    def field(self, name: str) -> dict[str, Any]:
        """A field as the schema describes it."""
        found: dict[str, Any] = self.schema["fields"][self.names.index(name)]
        return found

    def constraints(self, name: str) -> dict[str, Any]:
        """The constraints of a field."""
        found: dict[str, Any] = self.field(name).get("constraints", {})
        return found

    def alike(self, names: tuple[str, ...], row: int) -> list[int]:
        """Earlier records that are complete and equal in some fields."""
        if names not in self._groups:
            groups = self._groups[names] = {}
            for each, cells in enumerate(zip(*map(self.column, names), strict=True)):
                groups.setdefault(cells, []).append(each)
        mine = tuple(self.at(row, name) for name in names)
        return [each for each in self._groups[names][mine] if each < row and all(mine)]

    def changed(self, row: int, changes: Changes) -> list[str]:
        """The cells of one record, with the changes."""
        return [
            changes.get((row, name), text)
            for name, text in zip(self.names, self.rows[row], strict=True)
        ]

    def write(self, path: Path, changes: Changes) -> None:
        """Write the table with the changes."""
        text = _line(self.names) + "".join(self._lines(changes))
        path.write_text(text, encoding="utf-8", newline="")

    def place(self, row: int, name: str, changes: Changes) -> tuple[int, int]:
        """Line and column, both from 1, of a cell's first character in the written file."""
        before = _line(self.names) + "".join(self._lines(changes)[:row])
        for each, cell in zip(self.names, self.changed(row, changes), strict=True):
            if each == name:
                break
            before += _cell(cell) + ","
        return before.count("\n") + 1, len(before) - before.rfind("\n")

    def _lines(self, changes: Changes) -> list[str]:
        lines = list(self._written)
        for row in {row for row, _name in changes}:
            lines[row] = _line(self.changed(row, changes))
        return lines

    @cached_property
    def _written(self) -> list[str]:
        """The text of each record without changes."""
        return [_line(row) for row in self.rows]


def read_tables(project: Path) -> dict[str, RawTable]:
    """All raw tables of a project."""
    found = {}
    for path in sorted((project / "datapackage" / "raw").glob("*.csv")):
        schema = yaml.safe_load((project / "schemas" / f"{path.stem}.yaml").read_text("utf-8"))
        with path.open(encoding="utf-8", newline="") as stream:
            names, *rows = [tuple(row) for row in csv.reader(stream)]
        found[path.stem] = RawTable(path.stem, schema, names, tuple(rows))
    return found


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\r\n') else text


def _line(cells: Iterable[str]) -> str:
    return ",".join(map(_cell, cells)) + "\n"
