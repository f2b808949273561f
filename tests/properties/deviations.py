"""Where Frictionless 5.21 judges tables otherwise than the text of the specification.

Cells that are values to one judge and not to the other are listed in
`tests/lexical/deviations.py`; these are about records, keys and constraints. Each has a small
table that shows it: `proof` is what only Frictionless says there (`accuses`), or only we.

`REFUSED` are schemas that Frictionless does not take, and `CRASHES` tables on which it falls
over; random tables hold neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from rekodiq_data import lexical
from rekodiq_data.descriptor.model import Field
from tests.lexical.deviations import DEVIATIONS as CELL_DEVIATIONS
from tests.lexical.strategies import field_of

from .judges import Verdict
from .tables import Case, Table


@dataclass(frozen=True)
class Deviation:
    """One way in which Frictionless differs.

    `accuses` tells whether the verdicts in question are Frictionless's alone, or ours alone;
    `proof` are those on `example`.
    """

    name: str
    says: str
    accuses: bool
    example: Case
    proof: frozenset[Verdict]
    applies: Callable[[Case, Verdict], bool]


def explanations(case: Case, verdict: Verdict, *, accused: bool) -> list[str]:
    """Names of the deviations that explain a verdict which one judge alone gives.

    `accused` tells whether it is Frictionless that gives it.
    """
    found = [
        each.name
        for each in DEVIATIONS
        if each.accuses == accused and each.applies(case, verdict)
    ]
    if verdict.kind == "type":
        table = case.table(verdict.table)
        raw = table.field(verdict.field)
        text = table.cell(verdict.row, raw["name"])
        assert text is not None
        found += [
            each.name
            for each in CELL_DEVIATIONS
            if each.matches(_bare(raw), text, accepted=not accused)
        ]
    return found


def _bare(raw: dict[str, Any]) -> Field:
    """A field without its rules: what decides whether a text is a value."""
    return field_of({key: raw[key] for key in raw.keys() - {"constraints", "missingValues"}})


def _case(fields: list[dict[str, Any]], rows: list[list[str] | None], **schema: Any) -> Case:
    return Case([Table("t", {"missingValues": [""], "fields": fields} | schema, rows)])


def _text(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": "string"} | more


def _proof(*found: tuple[int, int, str]) -> frozenset[Verdict]:
    return frozenset(Verdict("t", *each) for each in found)


def _cell(case: Case, verdict: Verdict) -> tuple[Table, dict[str, Any], str | None]:
    table = case.table(verdict.table)
    field = table.field(verdict.field)
    return table, field, table.cell(verdict.row, field["name"])


def _is_absent(case: Case, verdict: Verdict) -> bool:
    return verdict.kind == "required" and _cell(case, verdict)[2] is None


def _is_of_blanks(case: Case, verdict: Verdict) -> bool:
    """Whether all cells of the record are missing, and it is no blank row to us."""
    table = case.table(verdict.table)
    return not _is_blank(case, verdict) and all(
        table.is_missing(name, table.cell(verdict.row, name)) for name in table.names
    )


def _is_blank(case: Case, verdict: Verdict) -> bool:
    """Whether the record is a blank row to both judges: no cells, or several missing ones."""
    table = case.table(verdict.table)
    if table.rows[verdict.row - 2] is None:
        return True
    cells = {name: table.cell(verdict.row, name) for name in table.names}
    return len(cells) > 1 and all(
        cell is not None and table.is_missing(name, cell) for name, cell in cells.items()
    )


def _is_beside_blanks(case: Case, verdict: Verdict) -> bool:
    if verdict.kind == "extra-cell" and _is_blank(case, verdict):
        return True
    kinds = {"required", "missing-cell", "extra-cell"}
    return verdict.kind in kinds and _is_of_blanks(case, verdict)


def _is_alternative(case: Case, verdict: Verdict) -> bool:
    """Whether only a part of the text matches, at its start or at its end."""
    if verdict.kind != "pattern":
        return False
    _, field, text = _cell(case, verdict)
    pattern = field["constraints"]["pattern"]
    assert text is not None
    return "|" in pattern and re.match(f"^{pattern}$", text) is not None


def _is_before_break(case: Case, verdict: Verdict) -> bool:
    """Whether a text without its last line break matches."""
    if verdict.kind != "pattern":
        return False
    _, field, text = _cell(case, verdict)
    assert text is not None
    return text.endswith("\n") and bool(
        re.fullmatch(field["constraints"]["pattern"], text.removesuffix("\n"))
    )


def _names(key: Any) -> list[str]:
    return [key] if isinstance(key, str) else list(key)


def _parts(case: Case, verdict: Verdict, names: list[str]) -> list[str]:
    """What each part of a record's key is: missing, bad or good."""
    table = case.table(verdict.table)
    found = []
    for name in names:
        text = table.cell(verdict.row, name)
        if table.is_missing(name, text):
            found.append("missing")
        else:
            field = _bare(table.field(table.names.index(name) + 1))
            bad = lexical.parse(pa.array([text], pa.string()), field).bad[0]
            found.append("bad" if bad else "good")
    return found


def _primary(case: Case, verdict: Verdict) -> list[str]:
    if verdict.kind != "primary-key":
        return []
    return _parts(case, verdict, _names(case.table(verdict.table).schema["primaryKey"]))


def _foreign(case: Case, verdict: Verdict) -> list[list[str]]:
    """The parts of all foreign keys that end in the field of a verdict."""
    if verdict.kind != "foreign-key":
        return []
    table = case.table(verdict.table)
    name = table.field(verdict.field)["name"]
    keys = [_names(key["fields"]) for key in table.schema["foreignKeys"]]
    return [_parts(case, verdict, key) for key in keys if key[-1] == name]


_PAIR = [_text("a"), _text("b")]
_NUMBER = {"name": "n", "type": "integer"}

DEVIATIONS: tuple[Deviation, ...] = (
    Deviation(
        name="a cell that is not there is said to be empty too",
        says="required: a cell can't be empty; where there is no cell, the record is short",
        accuses=True,
        example=_case([_text("a"), _text("b", constraints={"required": True})], [["x"]]),
        proof=_proof((2, 2, "required")),
        applies=_is_absent,
    ),
    Deviation(
        name="a record of missing cells is said to be a blank row",
        says="a line is blank without cells; in a short one, and in one column, there are some",
        accuses=True,
        example=_case(_PAIR, [[""]]),
        proof=_proof((2, 0, "blank-row")),
        applies=lambda case, verdict: (
            verdict.kind == "blank-row" and _is_of_blanks(case, verdict)
        ),
    ),
    Deviation(
        name="a record of missing cells breaks no other rule",
        says="required: a cell can't be empty; no record has more cells than the header",
        accuses=False,
        example=_case([_text("a", constraints={"required": True})], [["", "more"]]),
        proof=_proof((2, 1, "required"), (2, 2, "extra-cell")),
        applies=_is_beside_blanks,
    ),
    Deviation(
        name="a pattern with alternatives is held to the start or the end of the text alone",
        says="pattern: XML Schema expressions, which match the whole value",
        accuses=False,
        example=_case([_text("a", constraints={"pattern": "x|y"})], [["xyz"], ["z"]]),
        proof=_proof((2, 1, "pattern")),
        applies=_is_alternative,
    ),
    Deviation(
        name="a line break may follow a text that a pattern takes",
        says="pattern: XML Schema expressions, which match the whole value",
        accuses=False,
        example=_case([_text("a", constraints={"pattern": "x"})], [["x\n"], ["x\n\n"]]),
        proof=_proof((2, 1, "pattern")),
        applies=_is_before_break,
    ),
    Deviation(
        name="a blank row is said to lack its primary key, too",
        says="a line without any cell is no record",
        accuses=True,
        example=_case(_PAIR, [None, ["", ""]], primaryKey=["a"]),
        proof=_proof((2, 0, "primary-key"), (3, 0, "primary-key")),
        applies=lambda case, verdict: (
            verdict.kind == "primary-key" and _is_blank(case, verdict)
        ),
    ),
    Deviation(
        name="a primary key may be missing in a part",
        says="primaryKey: none of its fields can be null",
        accuses=False,
        example=_case(_PAIR, [["x", ""], ["", "x"]], primaryKey=["a", "b"]),
        proof=_proof((2, 0, "primary-key"), (3, 0, "primary-key")),
        applies=lambda case, verdict: "missing" in _primary(case, verdict),
    ),
    Deviation(
        name="a bad cell in a primary key is said to be missing, too",
        says="the cell is not missing: it is no value of its type, and that is said of it",
        accuses=True,
        example=_case(
            [_NUMBER, _text("a")],
            [["one", "x"], ["two", "x"], ["1", "y"]],
            primaryKey=["n", "a"],
        ),
        proof=_proof((3, 0, "primary-key")),
        applies=lambda case, verdict: "bad" in _primary(case, verdict),
    ),
    Deviation(
        name="a bad cell in a foreign key is looked up as if it were missing",
        says="a reference is to a value, and such a cell has none",
        accuses=True,
        example=_case(
            [_NUMBER, _text("a"), {"name": "m", "type": "integer"}, _text("b")],
            [["1", "x", "one", "x"]],
            foreignKeys=[
                {"fields": ["m", "b"], "reference": {"resource": "", "fields": ["n", "a"]}}
            ],
        ),
        proof=_proof((2, 4, "foreign-key")),
        applies=lambda case, verdict: any("bad" in key for key in _foreign(case, verdict)),
    ),
    Deviation(
        name="unique keys are not looked at",
        says="uniqueKeys: no two rows hold the same values in these fields (v2)",
        accuses=False,
        example=_case(_PAIR, [["x", "y"], ["x", "y"]], uniqueKeys=[["a", "b"]]),
        proof=_proof((3, 2, "unique-key")),
        applies=lambda _case, verdict: verdict.kind == "unique-key",
    ),
    Deviation(
        name="categories are not looked at",
        says="categories: values are exclusively those of the list (v2)",
        accuses=False,
        example=_case([_text("a", categories=["x", "y"])], [["x"], ["z"]]),
        proof=_proof((3, 1, "categories")),
        applies=lambda _case, verdict: verdict.kind == "categories",
    ),
)

# Name of what is refused, what the specification says, and a field of such a kind.
REFUSED: dict[str, tuple[str, dict[str, Any]]] = {
    "bounds of durations": (
        "minimum applies to duration (v2)",
        {"type": "duration", "constraints": {"minimum": "P1D"}},
    ),
    "choices of lists": (
        "enum applies to all types",
        {"type": "list", "constraints": {"enum": ["a", "a,b"]}},
    ),
    "JSON Schema": (
        "jsonSchema applies to object and array (v2)",
        {"type": "object", "constraints": {"jsonSchema": {"required": ["a"]}}},
    ),
}
# Name of what it falls over, what the specification says, a field, and cells.
CRASHES: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "unique values that Python can't hash": (
        "unique applies to all types",
        {"type": "array", "constraints": {"unique": True}},
        ["[1]", "[2]"],
    ),
    "bounds of datetimes with and without a zone": (
        "such pairs have an order only where they are far enough apart",
        {"type": "datetime", "constraints": {"minimum": "2024-01-01T00:00:00"}},
        ["2024-06-01T00:00:00Z"],
    ),
}
