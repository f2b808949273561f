"""Random packages of one to three tables, with faults of every kind in many of them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.lexical.strategies import DESCRIPTORS, field_of
from tests.lexical.strategies import cells as odd_cells

from . import columns
from .columns import BAD, HASHABLE, Column

V2 = "https://datapackage.org/profiles/2.0/datapackage.json"
MAKERS = {
    "type": columns.of_type,
    "required": columns.required,
    "minimum": lambda rng, name: columns.bounded(rng, name, "minimum"),
    "maximum": lambda rng, name: columns.bounded(rng, name, "maximum"),
    "exclusiveMinimum": lambda rng, name: columns.bounded(rng, name, "exclusiveMinimum"),
    "exclusiveMaximum": lambda rng, name: columns.bounded(rng, name, "exclusiveMaximum"),
    "minLength": lambda rng, name: columns.sized(rng, name, "minLength"),
    "maxLength": lambda rng, name: columns.sized(rng, name, "maxLength"),
    "pattern": columns.patterned,
    "enum": columns.chosen,
    "unique": columns.unique,
}
SHARE = 0.6
CELL_KINDS = (*MAKERS, "primary-key", "foreign-key")
"""Kinds of faults of cells, as both judges know them; the three of keys need a whole table."""


@dataclass
class Table:
    """One table: its schema as JSON, and its records as texts (None: an empty line)."""

    name: str
    schema: dict[str, Any]
    rows: list[list[str] | None] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """Names of the fields."""
        return [each["name"] for each in self.schema["fields"]]

    def field(self, number: int) -> dict[str, Any]:
        """A field by its number from 1."""
        found: dict[str, Any] = self.schema["fields"][number - 1]
        return found

    def cell(self, row_number: int, name: str) -> str | None:
        """A cell by the number of its record; None where the record does not reach so far."""
        row = self.rows[row_number - 2] or []
        at = self.names.index(name)
        return row[at] if at < len(row) else None

    def is_missing(self, name: str, text: str | None) -> bool:
        """Whether a cell is missing, by its field's or the schema's list."""
        each = self.field(self.names.index(name) + 1)
        return text is None or text in each.get("missingValues", self.schema["missingValues"])

    def text(self) -> str:
        """The table as CSV."""
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(self.names)
        for row in self.rows:
            if row is None:
                stream.write("\n")
            else:
                writer.writerow(row)
        return stream.getvalue()


@dataclass
class Case:
    """A package."""

    tables: list[Table]

    def table(self, name: str) -> Table:
        """A table by name."""
        return next(each for each in self.tables if each.name == name)

    def write(self, folder: Path) -> Path:
        """Write the package; the path of its descriptor.

        What Frictionless would otherwise guess (delimiter, header, encoding) is declared.
        """
        resources = []
        for table in self.tables:
            (folder / f"{table.name}.csv").write_text(table.text(), "utf-8", newline="")
            resources.append(
                {
                    "name": table.name,
                    "type": "table",
                    "path": f"{table.name}.csv",
                    "format": "csv",
                    "encoding": "utf-8",
                    "dialect": {"header": True, "delimiter": ","},
                    "schema": table.schema,
                }
            )
        path = folder / "datapackage.json"
        path.write_text(json.dumps({"$schema": V2, "name": "x", "resources": resources}))
        return path


@st.composite
def packages(draw: st.DrawFn) -> Case:
    """A package of one to three tables, each of which may have a column of odd cells."""
    rng: Random = draw(st.randoms(use_true_random=False))

    def odd(name: str) -> Column:
        raw = rng.choice(DESCRIPTORS) | {"name": name}
        found = [
            text
            for text in draw(st.lists(odd_cells(field_of(raw)), min_size=1, max_size=4))
            # What the csv module and text streams do with these is no matter of cells.
            if text.isprintable() and len(text) < 1000
        ]
        return Column(dict(raw), found or [""])

    return package(rng, odd)


def package(rng: Random, odd: Callable[[str], Column] | None = None) -> Case:
    """A package of one to three tables; about half of them hold each kind of fault."""
    tables: list[Table] = []
    for number in range(rng.choice([1, 2, 3])):
        tables.append(_table(rng, f"t{number}", tables, odd))
    return Case(tables)


def _table(
    rng: Random, name: str, others: list[Table], odd: Callable[[str], Column] | None
) -> Table:
    kinds = [kind for kind in MAKERS if rng.random() < SHARE] or ["type"]
    made = [MAKERS[kind](rng, f"{kind}_{name}") for kind in kinds]
    if odd is not None and rng.random() < 0.5:
        made.append(odd(f"odd_{name}"))
    missing = rng.choice([[""], [""], ["", "NA"], ["-", ""], []])
    table = Table(name, {"missingValues": missing, "fields": []})
    count = rng.randrange(2, 7)
    key = [
        columns.plain(rng, f"key{part}_{name}", HASHABLE)
        for part in range(rng.choice([1, 1, 2]))
    ]
    body = {column.raw["name"]: _cells(rng, column, count) for column in (*made, *key)}
    for column in key:
        if rng.random() < 0.3:  # enough values that keys can be whole
            body[column.raw["name"]] = rng.sample(column.pool, min(count, len(column.pool)))
            body[column.raw["name"]] += [""] * (count - len(column.pool))
    if rng.random() < 0.5:
        one, other = rng.sample(range(count), 2)
        for column in key:
            body[column.raw["name"]][one] = body[column.raw["name"]][other]
    all_columns = [*made, *key]
    if rng.random() < 0.75:
        names = [column.raw["name"] for column in key]
        table.schema["primaryKey"] = names if len(names) > 1 or rng.random() < 0.5 else names[0]
    if rng.random() < 0.3:
        table.schema["uniqueKeys"] = [rng.sample(sorted(body), min(2, len(body)))]
    if rng.random() < 0.95:
        all_columns += _reference(rng, table, key, others, body)
    rng.shuffle(all_columns)
    for column in all_columns:
        if rng.random() < 0.1:
            column.raw["missingValues"] = rng.choice([[""], ["", "none"], ["x"]])
    table.schema["fields"] = [column.raw for column in all_columns]
    ordered = [body[column.raw["name"]] for column in all_columns]
    table.rows = [list(cells) for cells in zip(*ordered, strict=True)]
    if rng.random() < 0.25:
        _make_ragged(rng, table)
    return table


def _cells(rng: Random, column: Column, count: int) -> list[str]:
    """Cells of a column: mostly values, some of them the faults that the column is made for."""
    cells = []
    for _ in range(count):
        luck = rng.random()
        if column.faults and luck < 0.15:
            cells.append(rng.choice(column.faults))
        elif luck < 0.4:
            cells.append(rng.choice(["", "", "NA", "-", *BAD.get(column.raw["type"], ("",))]))
        else:
            cells.append(rng.choice(column.pool))
    if column.faults and rng.random() < 0.8:
        cells[rng.randrange(count)] = rng.choice(column.faults)
    if column.constraints.get("unique") and rng.random() < 0.95:
        same = rng.sample(range(count), 2)
        cells[same[0]] = cells[same[1]] = rng.choice(column.pool)
    if not column.raw["constraints"]:
        del column.raw["constraints"]
    return cells


def _reference(
    rng: Random,
    table: Table,
    key: list[Column],
    others: list[Table],
    body: dict[str, list[str]],
) -> list[Column]:
    """Columns that refer to the key columns of another table, or to the first of this one."""
    count = len(next(iter(body.values())))
    if others and rng.random() < 0.7:
        other = rng.choice(others)
        targets = [name for name in other.names if name.startswith("key")]
        types = [other.field(other.names.index(name) + 1)["type"] for name in targets]
        known = [
            [other.cell(row + 2, name) or "" for row in range(len(other.rows))]
            for name in targets
        ]
        resource = other.name
    else:
        targets, types = [key[0].raw["name"]], [key[0].raw["type"]]
        known, resource = [body[targets[0]]], ""
    picked = [rng.randrange(len(known[0])) for _ in range(count)]
    made = []
    for part, (type_, texts) in enumerate(zip(types, known, strict=True)):
        pool = [text for value in columns.VALUES[type_] for text in value]
        column = Column({"name": f"ref{part}_{table.name}", "type": type_}, pool)
        body[column.raw["name"]] = [
            texts[at] if rng.random() < 0.55 else rng.choice([*pool, ""]) for at in picked
        ]
        made.append(column)
        if unknown := [text for text in pool if text not in texts]:
            body[column.raw["name"]][rng.randrange(count)] = rng.choice(unknown)
    _add_key(rng, table, [column.raw["name"] for column in made], resource, targets)
    return made


def _add_key(
    rng: Random, table: Table, names: list[str], resource: str, targets: list[str]
) -> None:
    fields: Any = names if len(names) > 1 or rng.random() < 0.5 else names[0]
    wanted: Any = targets if isinstance(fields, list) else targets[0]
    table.schema.setdefault("foreignKeys", []).append(
        {"fields": fields, "reference": {"resource": resource, "fields": wanted}}
    )


def _make_ragged(rng: Random, table: Table) -> None:
    """Cut some records short, let some go on, and put in an empty line."""
    for number, row in enumerate(table.rows):
        luck = rng.random()
        if row and luck < 0.3:
            del row[rng.randrange(1, len(row)) :]
        elif row and luck < 0.5:
            row.extend(rng.choice([["extra"], ["", "2"]]))
        elif luck < 0.6:
            table.rows[number] = None
