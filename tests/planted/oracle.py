"""What a change must give: a second, naive judge of types, constraints and keys.

Cell by cell and in plain Python, for the four types that the project uses. It caches nothing,
and is right by being short.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from .raw import Changes, RawTable

_TYPES = {
    "string": r"(?s:.*)",
    "integer": r"[+-]?[0-9]+",
    "number": r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?",
    "boolean": r"true|True|TRUE|1|false|False|FALSE|0",
}


class Finding(NamedTuple):
    """One issue that has to be there: table, record (from 0), field and rule."""

    table: str
    row: int
    field: str
    code: str


def expected(tables: dict[str, RawTable], name: str, changes: Changes) -> set[Finding]:
    """All issues of types, constraints and keys that changes of one table give anywhere.

    The tables without the changes have none.
    """
    table = tables[name]
    fields = {field for _row, field in changes}
    found = {
        Finding(name, row, field, code)
        for (row, field), text in changes.items()
        for code in broken(table.field(field), text)
    }
    schema = table.schema
    for row, field in changes:
        if field in schema.get("primaryKey", []) and not changes[row, field]:
            found.add(Finding(name, row, field, "key.primary"))
    keys = [(schema.get("primaryKey", []), "key.primary")]
    keys += [(key, "key.unique") for key in schema.get("uniqueKeys", [])]
    for key, code in keys:
        if fields & set(key):
            found |= {
                Finding(name, row, key[-1], code) for row in _repeats(table, key, changes)
            }
    for other in tables.values():
        for key in other.schema.get("foreignKeys", []):
            target = key["reference"]["resource"] or other.name
            concerned = (other.name == name and fields & set(key["fields"])) or (
                target == name and fields & set(key["reference"]["fields"])
            )
            if concerned:
                theirs = changes if target == name else {}
                ours = changes if other.name == name else {}
                found |= {
                    Finding(other.name, row, key["fields"][-1], "key.foreign")
                    for row in _orphans(other, ours, key, tables[target], theirs)
                }
    return found


def broken(field: dict[str, Any], text: str) -> Iterator[str]:
    """Codes of the rules that a cell breaks by itself."""
    constraints = field.get("constraints", {})
    if not text:
        if constraints.get("required"):
            yield "constraint.required"
        return
    if not re.fullmatch(_TYPES[field["type"]], text):
        yield f"type.{field['type']}"
        return
    for name, breaks in {
        "minimum": lambda value, bound: value < bound,
        "maximum": lambda value, bound: value > bound,
        "exclusiveMinimum": lambda value, bound: value <= bound,
        "exclusiveMaximum": lambda value, bound: value >= bound,
    }.items():
        if name in constraints and breaks(Decimal(text), Decimal(str(constraints[name]))):
            yield f"constraint.{name}"
    if "pattern" in constraints and not re.fullmatch(constraints["pattern"], text):
        yield "constraint.pattern"
    if "enum" in constraints and text not in constraints["enum"]:
        yield "constraint.enum"


def _values(table: RawTable, name: str, changes: Changes) -> list[str | None]:
    """Values of a column; None where missing or unreadable. Equal values have equal texts."""
    type_ = _TYPES[table.field(name)["type"]]
    return [
        text if text and re.fullmatch(type_, text) else None
        for text in table.column(name, changes)
    ]


def _repeats(table: RawTable, key: list[str], changes: Changes) -> set[int]:
    """Records whose key stands complete in an earlier record."""
    seen: set[tuple[str | None, ...]] = set()
    found = set()
    for row, values in enumerate(
        zip(*(_values(table, name, changes) for name in key), strict=True)
    ):
        if None in values:
            continue
        if values in seen:
            found.add(row)
        seen.add(values)
    return found


def _orphans(
    table: RawTable,
    changes: Changes,
    key: dict[str, Any],
    target: RawTable,
    target_changes: Changes,
) -> set[int]:
    """Records that refer to nothing; those with an unreadable part say so otherwise."""
    referenced = [_values(target, name, target_changes) for name in key["reference"]["fields"]]
    known = set(zip(*referenced, strict=True))
    texts = [table.column(name, changes) for name in key["fields"]]
    values = [_values(table, name, changes) for name in key["fields"]]
    found = set()
    for row, (written, read) in enumerate(
        zip(zip(*texts, strict=True), zip(*values, strict=True), strict=True)
    ):
        unreadable = any(
            text and value is None for text, value in zip(written, read, strict=True)
        )
        if any(written) and not unreadable and read not in known:
            found.add(row)
    return found
