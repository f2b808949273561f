"""Random columns for random tables: values of every type, constraints on them, and faults.

Texts of a column come in order where its type has one, so that bounds can be put between them;
no two of them are equal as values unless they stand in one tuple of spellings.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from random import Random
from typing import Any

# Spellings of values, in ascending order for types that have one.
VALUES: dict[str, tuple[tuple[str, ...], ...]] = {
    "string": (
        ("a",),
        ("abc",),
        ("Zz",),
        ("two words",),
        ('say "no"',),
        ("one, two",),
        ("line\nbreak",),
        ("é",),
        ("چاغی",),
        ("🙂🙂",),
        ("x" * 30,),
        (" ",),
    ),
    "any": (("a",), ("1",), ("1.0",), ("true",), ("a,b",), ('"',)),
    "integer": (
        ("-12000000000000000000000",),
        ("-40",),
        ("-3", "-03"),
        ("0", "-0", "000"),
        ("5", "+5", "05"),
        ("7",),
        ("1234",),
        ("9007199254740993",),
        ("99999999999999999999",),
    ),
    "number": (
        ("-INF", "-inf"),
        ("-40.5",),
        ("-3", "-3.0", "-03.00"),
        ("0", "-0", "0.0"),
        ("0.1", "+0.10", "1E-1", ".1"),
        ("0.1000000000000000055511151231257827",),
        ("2.5", "2.50"),
        ("7", "7.", "0.7e1"),
        ("1234.5",),
        ("1E400",),
        ("INF", "inf"),
    ),
    "boolean": (("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")),
    "date": (
        ("1066-10-14",),
        ("1999-12-31",),
        ("2024-02-29",),
        ("2024-03-01",),
        ("9999-12-31",),
    ),
    "datetime": (
        ("1066-10-14T09:00:00",),
        ("1999-12-31T23:59:59",),
        ("2024-02-29T00:00:00", "2024-02-29T00:00:00.000"),
        ("2024-02-29T00:00:00.5",),
        ("2999-01-01T12:00:00",),
    ),
    "time": (("00:00:00",), ("09:05:00",), ("12:00:00",), ("12:00:01",), ("23:59:59",)),
    "year": (("1000",), ("1947",), ("2023",), ("2024",), ("9999",)),
    "yearmonth": (("1000-01",), ("1947-08",), ("2024-01",), ("2024-02",), ("9999-12",)),
    "duration": (("PT1S",), ("PT36H", "P1DT12H"), ("P30D",), ("P1M",), ("P1Y", "P12M")),
    "geopoint": (("0,0",), ("62.1, 29.1", "62.10,29.10"), ("-180,90",)),
    "object": (("{}",), ('{"a":1}', '{"a": 1}'), ('{"a":1,"b":[2]}',), ('{"c":"x, y"}',)),
    "array": (("[]",), ("[1]", "[ 1 ]"), ('["a","b"]',), ("[1,2,3,4]",)),
    "geojson": (
        ('{"type":"Point","coordinates":[1,2]}',),
        ('{"type":"Point","coordinates":[3,4]}',),
    ),
    "list": (("a",), ("a,b",), ("a,b,c,d",)),
}
# Texts that are no values, by all judges.
BAD: dict[str, tuple[str, ...]] = {
    "integer": ("x", "1.5", "1,000", "--5", "0x1F", "five, or six"),
    "number": ("x", "1,5", "1.2.3", "5%", "1E", "0x1F"),
    "boolean": ("yes", "tRUE", "2", "T"),
    "date": ("x", "2023-02-29", "29/02/2024", "20240229", "2024-13-01"),
    "datetime": ("x", "2024-02-29T25:00:00", "2024-02-30T00:00:00", "noon"),
    "time": ("x", "24:00:01", "9", "12:60:00"),
    "year": ("x", "24", "2024-01"),
    "yearmonth": ("x", "2024", "2024-13", "01-2024"),
    "duration": ("x", "1Y", "P", "P1S"),
    "geopoint": ("x", "181,0", "0,91", "1;2", "1"),
    "object": ("x", "[1]", "{", "1"),
    "array": ("x", "{}", "[", '"a"'),
    "geojson": ("x", "{}", '{"type":"Dot","coordinates":[1,2]}', "[]"),
}
ORDERED = ("integer", "number", "date", "datetime", "time", "year", "yearmonth")
SIZED = ("string", "array", "object", "list")
HASHABLE = (*ORDERED, "string", "boolean", "any", "geopoint")
MEMBERS = tuple(each for each in VALUES if each != "list")
PATTERNS = ("[a-z]+", "a|abc", "[^,]*", ".{3}", "(?:two|three) words", "[A-Z][a-z]")


@dataclass
class Column:
    """One field, and what its cells are drawn from.

    `faults` are texts that break the rule that the column was made for; `pool` all texts that
    are values of the type.
    """

    raw: dict[str, Any]
    pool: list[str]
    faults: list[str] = field(default_factory=list)

    @property
    def constraints(self) -> dict[str, Any]:
        """The constraints, made where there are none."""
        found: dict[str, Any] = self.raw.setdefault("constraints", {})
        return found


def plain(rng: Random, name: str, types: tuple[str, ...] = tuple(VALUES)) -> Column:
    """A column of some type without any constraint."""
    type_ = rng.choice(types)
    raw: dict[str, Any] = {"name": name, "type": type_}
    return Column(raw, [text for value in VALUES[type_] for text in value])


def of_type(rng: Random, name: str) -> Column:
    """A column that can hold texts that are no values."""
    column = plain(rng, name, tuple(BAD))
    column.faults = list(BAD[column.raw["type"]])
    return column


def required(rng: Random, name: str) -> Column:
    """A column whose cells must not be missing."""
    column = plain(rng, name)
    column.constraints["required"] = True
    column.faults = [""]
    return column


def bounded(rng: Random, name: str, bound: str) -> Column:
    """A column with one bound, as text or (where JSON has it) as a number."""
    column = plain(rng, name, ORDERED)
    type_ = column.raw["type"]
    # No bound at either end: both sides of it have values.
    at = rng.randrange(1, len(VALUES[type_]) - 1)
    text = VALUES[type_][at][0]
    column.constraints[bound] = text
    is_json = type_ in ("integer", "number", "year") and re.fullmatch("-?[0-9.]{1,10}", text)
    if is_json and rng.random() < 0.5:
        column.constraints[bound] = json.loads(text)
    below = bound.lower().endswith("minimum")
    beyond = VALUES[type_][:at] if below else VALUES[type_][at + 1 :]
    if bound.startswith("exclusive"):
        beyond = (*beyond, VALUES[type_][at])
    column.faults = [spelt for value in beyond for spelt in value]
    if type_ == "number":
        column.faults.append("NaN")
    return column


def sized(rng: Random, name: str, bound: str) -> Column:
    """A column with a shortest or longest length."""
    column = plain(rng, name, SIZED)
    sizes = {text: _size(column.raw["type"], text) for text in column.pool}
    limit = rng.choice(sorted(set(sizes.values()))[1:-1] or [1])
    column.constraints[bound] = limit
    too = (lambda size: size < limit) if bound == "minLength" else (lambda size: size > limit)
    column.faults = [text for text, size in sizes.items() if too(size)]
    return column


def _size(type_: str, text: str) -> int:
    if type_ == "string":
        return len(text)
    return len(text.split(",")) if type_ == "list" else len(json.loads(text))


def patterned(rng: Random, name: str) -> Column:
    """A text column with a pattern."""
    column = plain(rng, name, ("string",))
    column.constraints["pattern"] = rng.choice(PATTERNS)
    column.faults = ["NOT, this", "a\n\nb", "xyz!", "1"]
    return column


def chosen(rng: Random, name: str) -> Column:
    """A column with a list of the values that it takes."""
    column = plain(rng, name, MEMBERS)
    type_ = column.raw["type"]
    values = list(VALUES[type_])
    rng.shuffle(values)
    some = values[: rng.randrange(1, len(values))]
    column.constraints["enum"] = [member(type_, rng.choice(value)) for value in some]
    column.faults = [text for value in values[len(some) :] for text in value]
    return column


def member(type_: str, text: str) -> Any:
    """A text as a member of an enum: JSON where the type has it."""
    if type_ in ("object", "array", "geojson"):
        return json.loads(text)
    if type_ == "boolean":
        return text.lower() in ("true", "1")
    return text


def unique(rng: Random, name: str) -> Column:
    """A column whose values must not repeat; cells are made to, by the table."""
    column = plain(rng, name, HASHABLE)
    column.constraints["unique"] = True
    return column
