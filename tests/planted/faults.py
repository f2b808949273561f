"""Faults to plant: one changed cell each, of eight kinds, at random places with a seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .oracle import broken
from .raw import Changes, RawTable

GROUPS = {
    "mineral_estimates": ("mineral_estimates",),
    "investors": ("investors", "stakes", "commitments"),
    "regional_development": ("regional_development",),
}
"""The headline tables. Parties hold no numbers and no flags: kinds that need some are planted
in the stakes and commitments of these parties."""


@dataclass(frozen=True)
class Fault:
    """One planted cell, the issue that it must give, and the field in which that stands.

    `field` differs from the planted one only in a unique key of several fields, which is
    reported at its last one.
    """

    kind: str
    table: str
    row: int
    name: str
    text: str
    code: str
    field: str

    @property
    def changes(self) -> Changes:
        """The one change."""
        return {(self.row, self.name): self.text}


_BAD = {
    "integer": ("twelve", "12.5", "1,000", "12 000", "0x1F", "٣٠", "1_000", "5-", "-"),
    "number": ("n/a", "1,5", "1 000", "0x1F", "٣", "12.5.1", "5%", "--1", "1_0.5"),
    "boolean": ("yes", "maybe", "TRUE!", "2", "falsch", "T", "tRUE"),
}


def wrong_type(table: RawTable, row: int, name: str, rng: random.Random) -> Iterator[Any]:
    """A text that is no value of the field's type; in empty cells too."""
    type_ = table.field(name)["type"]
    if type_ in _BAD:
        yield rng.choice(_BAD[type_]), f"type.{type_}"


def missing_required(table: RawTable, row: int, name: str, rng: random.Random) -> Iterator[Any]:
    """An empty cell in a required field."""
    if table.constraints(name).get("required"):
        yield "", "constraint.required"


def out_of_range(table: RawTable, row: int, name: str, rng: random.Random) -> Iterator[Any]:
    """A number just outside, or far outside, one of the field's bounds."""
    constraints, type_ = table.constraints(name), table.field(name)["type"]
    step = Decimal(1) if type_ == "integer" else rng.choice([Decimal("0.001"), Decimal(1)])
    far = rng.choice([step, step, Decimal(10) ** 9])
    for bound, text in {
        "minimum": lambda value: value - far,
        "maximum": lambda value: value + far,
        "exclusiveMinimum": lambda value: value - rng.choice([Decimal(0), far]),
        "exclusiveMaximum": lambda value: value + rng.choice([Decimal(0), far]),
    }.items():
        if bound in constraints:
            yield f"{text(Decimal(str(constraints[bound]))):f}", f"constraint.{bound}"


def bad_enum(table: RawTable, row: int, name: str, rng: random.Random) -> Iterator[Any]:
    """A text that is none of the choices: misspelt, in other case, with a space, or another."""
    choices = table.constraints(name).get("enum")
    if choices:
        text = rng.choice(choices)
        options = [text + "s", text.upper(), " " + text, text[:-1], "none, of these"]
        options = [each for each in options if each and each not in choices]
        yield rng.choice(options), "constraint.enum"


def bad_pattern(table: RawTable, row: int, name: str, rng: random.Random) -> Iterator[Any]:
    """A text that the pattern does not take, line breaks and quotes included."""
    pattern = table.constraints(name).get("pattern")
    if pattern:
        old = table.at(row, name) or "x"
        options = [old + "!", old + "\nx", f'"{old}"', " " + old, old.swapcase(), old + "é,"]
        options = [each for each in options if not re.fullmatch(pattern, each)]
        yield rng.choice(options), "constraint.pattern"


def orphan(table: RawTable, row: int, name: str, rng: random.Random) -> Iterator[Any]:
    """A key that refers to nothing, in the last field of the key."""
    for key in table.schema.get("foreignKeys", []):
        if key["fields"][-1] == name:
            yield f"no-such-{rng.randrange(10**6)}", "key.foreign"


def duplicate(table: RawTable, row: int, name: str, rng: random.Random) -> Iterator[Any]:
    """The key of an earlier record: its primary key, or the last part of its unique key."""
    if row and table.schema["primaryKey"] == [name]:
        yield table.at(rng.randrange(row), name), "key.primary"
    for key in table.schema.get("uniqueKeys", []):
        if name in key:
            for earlier in table.alike(tuple(each for each in key if each != name), row):
                if table.at(earlier, name):
                    yield table.at(earlier, name), "key.unique", key[-1]


def _plain(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9]+(\.[0-9]+)?", text))


def cross_column(table: RawTable, row: int, name: str, rng: random.Random) -> Iterator[Any]:
    """A cell that is right by itself and wrong beside another cell of its record."""

    def here(column: str) -> str:
        return table.at(row, column)

    for check in table.schema.get("rekodiq:checks", []):
        where = {
            column: [texts] if isinstance(texts, str) else texts
            for column, texts in check.get("where", {}).items()
        }
        if not all(here(column) in texts for column, texts in where.items()):
            continue
        code = f"check.{check.get('name', check['check'])}"
        old = here(name)
        kind = check["check"]
        if kind == "reads_as" and check["value"] == name:
            read = "unit" not in check or here(check["unit"]) in check["units"]
            sure = not check.get("high") or not here(check["high"])
            if read and sure and old and _plain(here(check["text"])):
                factor = rng.choice(["10", "0.1", "1.01"])
                yield f"{(Decimal(old) * Decimal(factor)).normalize():f}", code
        is_exact = kind == "product" and "tolerance" in check and check["result"] == name
        if is_exact and old and all(here(column) for column in check["factors"]):
            yield str(int(old) + rng.choice([1, -1, 10**6])), code
        if kind == "date_order" and check["after"] == name and here(check["before"]):
            yield rng.choice(["1900", "1971-03", "1890-12-31"]), code
        is_denial = kind == "status_ladder" and check.get("denied_by") == name
        if is_denial and here(check["status"]) == check.get("denied", "denied"):
            yield "", code


Planter = Callable[[RawTable, int, str, random.Random], Iterator[Any]]
KINDS: dict[str, Planter] = {
    "wrong type": wrong_type,
    "missing required": missing_required,
    "out of range": out_of_range,
    "bad enum": bad_enum,
    "bad pattern": bad_pattern,
    "duplicate key": duplicate,
    "orphan foreign key": orphan,
    "cross-column": cross_column,
}


def faults(
    tables: dict[str, RawTable], names: tuple[str, ...], kind: str, rng: random.Random
) -> Iterator[Fault]:
    """Endless faults of one kind in some tables: fields evenly, then records evenly."""
    fields = [
        (tables[name], field)
        for name in names
        for field in tables[name].names
        if any(faults_at(tables[name], row, field, kind, rng) for row in tables[name].numbers)
    ]
    assert fields, f"no field of {', '.join(names)} can hold the fault: {kind}"
    while True:
        table, name = rng.choice(fields)
        if found := faults_at(table, rng.randrange(len(table.rows)), name, kind, rng):
            yield rng.choice(found)


def faults_at(
    table: RawTable, row: int, name: str, kind: str, rng: random.Random
) -> list[Fault]:
    """Faults of one kind that one cell can hold."""
    found = []
    for text, code, *field in KINDS[kind](table, row, name, rng):
        codes = set(broken(table.field(name), text))
        # A key or a check is broken by a cell that is right by itself.
        if codes == ({code} if code.startswith(("type.", "constraint.")) else set()):
            found.append(Fault(kind, table.name, row, name, text, code, *(field or [name])))
    return found
