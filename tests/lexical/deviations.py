"""Where Frictionless 5.21 judges a cell otherwise than the text of the specification.

Each is named, with what the specification says, cells that show it, and a predicate that finds
it among random cells. `accepts` is Frictionless's verdict; the specification's, and ours, is
the opposite. The predicates are asked only where the two verdicts differ.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from rekodiq_data.descriptor.model import Field
from rekodiq_data.lexical.moments import ZONE
from rekodiq_data.lexical.numbers import NUMBER
from rekodiq_data.lexical.parsed import BAD

Applies = Callable[[Field, str], bool]


@dataclass(frozen=True)
class Deviation:
    """One kind of cell that Frictionless judges wrongly."""

    name: str
    types: tuple[str, ...]
    says: str
    accepts: bool
    examples: tuple[tuple[dict[str, Any], str], ...]
    applies: Applies

    def matches(self, field: Field, text: str, *, accepted: bool) -> bool:
        """Whether it explains a cell that Frictionless `accepted`, or not."""
        return (
            field.type in self.types and accepted == self.accepts and self.applies(field, text)
        )


def _has_foreign_digit(_field: Field, text: str) -> bool:
    return any(char.isdecimal() and not char.isascii() for char in text)


def _has_underscore(_field: Field, text: str) -> bool:
    return "_" in text


def _has_blank_around(field: Field, text: str) -> bool:
    if field.type == "yearmonth":
        return any(part != part.strip() for part in text.split("-"))
    return text != text.strip()


def _matches(pattern: str) -> Applies:
    return lambda _field, text: re.fullmatch(pattern, text, re.DOTALL) is not None


def _has_misplaced_group(field: Field, text: str) -> bool:
    """Where a text is a number once its group marks are gone."""
    group = field.group_char or ""
    read = NUMBER.reader(replace(field, group_char=None))
    return bool(group) and group in text and read(text.replace(group, "")) is not BAD


def _is_special(text: str) -> bool:
    """Whether Decimal takes a text without a digit before its words."""
    try:
        return not Decimal(text.strip()).is_finite()
    except InvalidOperation:
        return False


def _is_stripped(field: Field, text: str) -> bool:
    """Text around a number that can't be dropped without changing the number."""
    if field.bare_number:
        return False
    before, *after = re.split("[0-9].*[0-9]|[0-9]", text, maxsplit=1, flags=re.DOTALL)
    around = before + "".join(after)
    odd = any(char.isnumeric() or char in "−–‐‑‒—﹣－" for char in around)
    return odd or (field.type == "integer" and before.endswith(field.decimal_char))


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _has_constant(_field: Field, text: str) -> bool:
    return re.search("NaN|Infinity", text) is not None


def _is_loose_point(field: Field, text: str) -> bool:
    """A point in JSON whose parts are no numbers, or that is no array at all."""
    value = _json(text)
    if field.format == "array" and not isinstance(value, list):
        return isinstance(value, dict | str)
    parts = value.values() if isinstance(value, dict) else value
    return isinstance(parts, list | type({}.values())) and not all(
        isinstance(part, int | float) and not isinstance(part, bool) for part in parts
    )


def _is_unlike_dateutil(field: Field, text: str) -> bool:
    """Where a part would be today's, or the zone is unknown, or digits are foreign."""
    return field.format == "any" and bool(text)


def _in_an_item(*, accepted: bool) -> Applies:
    """Where an item of a list is itself such a cell."""

    def applies(field: Field, text: str) -> bool:
        item = Field("x", field.item_type)
        return any(
            each.matches(item, part, accepted=accepted)
            for each in DEVIATIONS
            for part in text.split(field.delimiter)
        )

    return applies


def _default(applies: Applies) -> Applies:
    return lambda field, text: field.format == "default" and applies(field, text)


def _format(form: str, applies: Applies) -> Applies:
    return lambda field, text: field.format == form and applies(field, text)


_NUMERIC = ("integer", "number")
_RING = '{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}'

DEVIATIONS: tuple[Deviation, ...] = (
    # --- numbers ---
    Deviation(
        name="numbers take underscores between digits",
        types=(*_NUMERIC, "year", "yearmonth", "geopoint"),
        says="decimal digits separated by a period; an underscore is no digit",
        accepts=True,
        examples=(
            ({"type": "integer"}, "1_000"),
            ({"type": "number"}, "1_000.5"),
            ({"type": "year"}, "2_02"),
            ({"type": "yearmonth"}, "2_0-1"),
            ({"type": "geopoint"}, "9_0,45"),
        ),
        applies=_has_underscore,
    ),
    Deviation(
        name="numbers take blanks around them",
        types=(*_NUMERIC, "year", "yearmonth"),
        says="the lexical form of a decimal has no blanks",
        accepts=True,
        examples=(
            ({"type": "integer"}, " 5"),
            ({"type": "number"}, "1.5\n"),
            ({"type": "year"}, " 202"),
            ({"type": "yearmonth"}, " 2024-01"),
        ),
        applies=_has_blank_around,
    ),
    Deviation(
        name="digits of other scripts count as digits",
        types=(*_NUMERIC, "year", "yearmonth", "geopoint", "date", "datetime", "time"),
        says="decimal digits 0-9; yyyy-mm-dd",
        accepts=True,
        examples=(
            ({"type": "integer"}, "٣"),
            ({"type": "number"}, "３.5"),
            ({"type": "year"}, "٢٠٢٤"),
            ({"type": "yearmonth"}, "٢٠٢٤-٠١"),
            ({"type": "geopoint"}, "٩,4"),
            ({"type": "date"}, "٢٠٢٤-01-05"),
            ({"type": "date", "format": "%d/%m/%Y"}, "5/1/٢٠٢٤"),
        ),
        applies=_has_foreign_digit,
    ),
    Deviation(
        name="integers have no group mark",
        types=("integer",),
        says="groupChar: a string whose value is used to group digits within the integer (v2)",
        accepts=False,
        examples=(({"type": "integer", "groupChar": ","}, "1,000"),),
        applies=lambda field, text: bool(field.group_char) and str(field.group_char) in text,
    ),
    Deviation(
        name="endless integers are refused",
        types=("integer",),
        says="any valid integer; Python's int() stops at 4,300 digits",
        accepts=False,
        examples=(({"type": "integer"}, "9" * 5000),),
        applies=lambda _field, text: len(text) > 4300,
    ),
    Deviation(
        name="group marks may stand anywhere in a number",
        types=("number",),
        says="groupChar groups digits within the number: it stands between digits",
        accepts=True,
        examples=(
            ({"type": "number", "groupChar": ","}, ",5"),
            ({"type": "number", "groupChar": ","}, "1,,0"),
            ({"type": "number", "groupChar": ".", "decimalChar": ","}, "1,234.5"),
        ),
        applies=_has_misplaced_group,
    ),
    Deviation(
        name="words of Python's Decimal are numbers",
        types=("number",),
        says="the special values are NaN, INF and -INF, in any case",
        accepts=True,
        examples=(
            ({"type": "number"}, "Infinity"),
            ({"type": "number"}, "+INF"),
            ({"type": "number"}, "-NaN"),
            ({"type": "number"}, "sNaN"),
            ({"type": "number"}, "NaN12"),
        ),
        applies=lambda field, text: _is_special(
            text.replace(field.group_char or "\0", "").replace(field.decimal_char, ".")
        ),
    ),
    Deviation(
        name="special values are not read beside other signs",
        types=("number",),
        says="bareNumber false only allows text around a number; NaN stays NaN",
        accepts=False,
        examples=(
            ({"type": "number", "bareNumber": False}, "NaN"),
            ({"type": "number", "bareNumber": False}, "-INF"),
        ),
        applies=lambda field, text: (
            not field.bare_number and text.lower() in ("nan", "inf", "-inf")
        ),
    ),
    Deviation(
        name="signs that belong to the number are dropped with the text around it",
        types=_NUMERIC,
        says="non-numeric characters are stripped; a minus, a half, a decimal mark are none",
        accepts=True,
        examples=(
            ({"type": "integer", "bareNumber": False}, "−5"),
            ({"type": "integer", "bareNumber": False}, "5½"),
            ({"type": "integer", "bareNumber": False}, "€.5"),
            ({"type": "number", "bareNumber": False}, "–5.5"),
        ),
        applies=_is_stripped,
    ),
    Deviation(
        name="exponents beyond Decimal's are refused",
        types=("number",),
        says="an E followed by one or more decimal digits",
        accepts=False,
        examples=(({"type": "number"}, "1E999999999999999999999"),),
        applies=_matches(".*[eE][+-]?[0-9]{18,}.*"),
    ),
    # --- texts ---
    Deviation(
        name="e-mail names of other alphabets are refused",
        types=("string",),
        says="a valid email address (RFC 6531: any script)",
        accepts=False,
        examples=(({"type": "string", "format": "email"}, "اسم@example.org"),),
        applies=_format("email", lambda _field, text: not text.isascii()),
    ),
    Deviation(
        name="quoted e-mail names and address literals are refused",
        types=("string",),
        says="a valid email address (RFC 5321: quoted strings, address literals)",
        accepts=False,
        examples=(
            ({"type": "string", "format": "email"}, '"a b"@example.org'),
            ({"type": "string", "format": "email"}, '"a@b"@example.org'),
            ({"type": "string", "format": "email"}, "a@[127.0.0.1]"),
        ),
        applies=_format("email", lambda _field, text: '"' in text or text.endswith("]")),
    ),
    Deviation(
        name="an e-mail name may end in a line break, or hold what can't be seen",
        types=("string",),
        says="a valid email address has no control characters and no blanks",
        accepts=True,
        examples=(
            ({"type": "string", "format": "email"}, "a\n@b.cd"),
            ({"type": "string", "format": "email"}, '"\x01"@b.cd'),
        ),
        applies=_format(
            "email", lambda _field, text: re.search("[\x00-\x1f\x7f\xa0\xad]", text) is not None
        ),
    ),
    Deviation(
        name="the domain of an e-mail address may hold a sign that no host name has",
        types=("string",),
        says="a valid email address (RFC 5890: letters, digits and hyphens)",
        accepts=True,
        examples=(({"type": "string", "format": "email"}, "a@−example.org"),),
        applies=_format(
            "email",
            lambda _field, text: (
                not all(char.isalnum() or char in "-." for char in text.rpartition("@")[2])
            ),
        ),
    ),
    Deviation(
        name="of a URI only the scheme is looked at",
        types=("string",),
        says="a valid URI (RFC 3986: ASCII, no blanks, brackets only around an IP address)",
        accepts=True,
        examples=(
            ({"type": "string", "format": "uri"}, "http://a b"),
            ({"type": "string", "format": "uri"}, "http://a/é"),
            ({"type": "string", "format": "uri"}, "http://a/%zz"),
        ),
        applies=_format("uri", _matches("[A-Za-z][A-Za-z0-9+.-]*:.*")),
    ),
    Deviation(
        name="a UUID may have its hyphens anywhere, and braces",
        types=("string",),
        says="a string that is a uuid (RFC 9562: 8-4-4-4-12)",
        accepts=True,
        examples=(
            ({"type": "string", "format": "uuid"}, "123e4567e89b12d3a456426614174000"),
            ({"type": "string", "format": "uuid"}, "{123e4567-e89b-12d3-a456-426614174000}"),
        ),
        applies=_format(
            "uuid", lambda _field, text: len(re.sub("[^0-9A-Fa-f]", "", text)) >= 31
        ),
    ),
    Deviation(
        name="base64 may hold characters that are not of its alphabet",
        types=("string",),
        says="a base64 encoded string",
        accepts=True,
        examples=(
            ({"type": "string", "format": "binary"}, "!!!!"),
            ({"type": "string", "format": "binary"}, "aGVs bG8="),
        ),
        applies=_format("binary", lambda _field, text: text.isascii()),
    ),
    # --- dates ---
    Deviation(
        name="a default date may have parts without their leading zero",
        types=("date",),
        says="the lexical representation must be yyyy-mm-dd",
        accepts=True,
        examples=(({"type": "date"}, "2024-1-5"), ({"type": "date"}, "2024-01- 5")),
        applies=_default(_matches(r"[0-9]{4}-[0-9]{1,2}- ?[0-9]{1,2}")),
    ),
    Deviation(
        name="blanks of a pattern may be those of other scripts",
        types=("date", "datetime", "time"),
        says="parsable by Python / C strptime: C knows the blanks of ASCII alone",
        accepts=True,
        examples=(({"type": "date", "format": "%d %b %Y"}, "26\u00a0Jan\u00a02024"),),
        applies=lambda field, text: "%" in field.format and not text.isascii(),
    ),
    Deviation(
        name="any date takes its year from today, any time its hour from midnight",
        types=("date", "datetime", "time"),
        says="any parsable representation of the value: a part that is not there is not parsed",
        accepts=True,
        examples=(
            ({"type": "date", "format": "any"}, "May"),
            ({"type": "datetime", "format": "any"}, "10:00"),
            ({"type": "time", "format": "any"}, "2024-01-26"),
        ),
        applies=_is_unlike_dateutil,
    ),
    Deviation(
        name="a default datetime may have another sign than T",
        types=("datetime",),
        says="in a form defined by XML Schema: the date, the letter T, the time",
        accepts=True,
        examples=(
            ({"type": "datetime"}, "2024-01-26 15:00:00"),
            ({"type": "datetime"}, "2024-01-26t15:00:00"),
        ),
        applies=_default(lambda _field, text: text[10:11] != "T"),
    ),
    Deviation(
        name="a default datetime may be a date of a week",
        types=("datetime",),
        says="in a form defined by XML Schema: yyyy-mm-dd",
        accepts=True,
        examples=(({"type": "datetime"}, "2024-W04-5T15:00:00"),),
        applies=_default(lambda _field, text: "W" in text),
    ),
    Deviation(
        name="a default datetime may have any ISO 8601 zone, or a comma before its fraction",
        types=("datetime",),
        says="XML Schema: Z or (+|-)hh:mm up to 14:00; the fraction follows a period",
        accepts=True,
        examples=(
            ({"type": "datetime"}, "2024-01-26T15:00:00+0500"),
            ({"type": "datetime"}, "2024-01-26T15:00:00+15:00"),
            ({"type": "datetime"}, "2024-01-26T15:00:00z"),
            ({"type": "datetime"}, "2024-01-26T15:00:00,5"),
        ),
        applies=_default(
            lambda _field, text: re.fullmatch(rf"(?:\.[0-9]+)?(?:{ZONE})?", text[19:]) is None
        ),
    ),
    Deviation(
        name="datetimes outside the years 1 to 9999 are refused",
        types=("datetime",),
        says="XML Schema: a year may be negative, and longer than four digits",
        accepts=False,
        examples=(
            ({"type": "datetime"}, "-0044-03-15T00:00:00"),
            ({"type": "datetime"}, "12024-01-01T00:00:00"),
            ({"type": "datetime"}, "9999-12-31T24:00:00"),
        ),
        applies=_default(_matches("-.*|[0-9]{5,}-.*|9999-12-31T24.*")),
    ),
    Deviation(
        name="a default time may have a fraction or a zone, or be 24:00:00",
        types=("time",),
        says="the lexical representation must be hh:mm:ss",
        accepts=True,
        examples=(
            ({"type": "time"}, "15:00:00.5"),
            ({"type": "time"}, "15:00:00+05:00"),
            ({"type": "time"}, "15:00:00Z"),
            ({"type": "time"}, "24:00:00"),
        ),
        applies=_default(_matches("[0-9]{2}:[0-9]{2}:[0-9]{2}.+|24:00:00.*")),
    ),
    # --- years, months, durations ---
    Deviation(
        name="years are four characters that int() takes",
        types=("year",),
        says="XML Schema gYear: -?yyyy, no plus, no year 0000",
        accepts=True,
        examples=(({"type": "year"}, "+202"), ({"type": "year"}, "0000")),
        applies=_matches(r"\+[0-9]{3}|0000|-000"),
    ),
    Deviation(
        name="years before 1, after 9999, or with a zone are refused",
        types=("year",),
        says="XML Schema gYear: may be negative, longer than four digits, and have a zone",
        accepts=False,
        examples=(
            ({"type": "year"}, "-0044"),
            ({"type": "year"}, "12024"),
            ({"type": "year"}, "2024Z"),
        ),
        applies=_matches(f"-.*|[0-9]{{5,}}.*|.*(?:{ZONE})"),
    ),
    Deviation(
        name="months are two numbers around a hyphen",
        types=("yearmonth",),
        says="XML Schema gYearMonth: yyyy-mm, no plus, no year 0000",
        accepts=True,
        examples=(
            ({"type": "yearmonth"}, "2024-1"),
            ({"type": "yearmonth"}, "24-01"),
            ({"type": "yearmonth"}, "+2024-+1"),
            ({"type": "yearmonth"}, "0000-01"),
        ),
        applies=_matches(r"\+?[0-9]+-\+?[0-9]+"),
    ),
    Deviation(
        name="months of negative years, or with a zone, are refused",
        types=("yearmonth",),
        says="XML Schema gYearMonth: the year may be negative; a zone may follow",
        accepts=False,
        examples=(({"type": "yearmonth"}, "-0044-03"), ({"type": "yearmonth"}, "2024-01Z")),
        applies=_matches(f"-.*|.*(?:{ZONE})"),
    ),
    Deviation(
        name="durations of ISO 8601 beyond XML Schema's are taken",
        types=("duration",),
        says="PnYnMnDTnHnMnS: a T has a part after it; no weeks; a fraction only of seconds; "
        "no plus",
        accepts=True,
        examples=(
            ({"type": "duration"}, "PT"),
            ({"type": "duration"}, "P1W"),
            ({"type": "duration"}, "P1.5Y"),
            ({"type": "duration"}, "+P1D"),
            ({"type": "duration"}, "P1YT"),
            ({"type": "duration"}, "PT1,5S"),
            ({"type": "duration"}, "P20240101T000000"),
            ({"type": "duration"}, "P1D\n"),
        ),
        applies=_matches(r"[+-]?P.*"),
    ),
    Deviation(
        name="durations that overflow a timedelta are refused",
        types=("duration",),
        says="XML Schema duration: any number of days",
        accepts=False,
        examples=(({"type": "duration"}, "P999999999999D"),),
        applies=_matches("-?P.*[0-9]{8,}.*"),
    ),
    # --- structures ---
    Deviation(
        name="a point may have blanks anywhere",
        types=("geopoint",),
        says='"lon, lat": the space is optional after the comma',
        accepts=True,
        examples=(({"type": "geopoint"}, "90 ,45"), ({"type": "geopoint"}, " 90,45")),
        applies=_default(
            lambda _field, text: re.search(r"^\s|\s$|\s,|,\s{2}|,[^\S ]", text) is not None
        ),
    ),
    Deviation(
        name="a point in JSON may hold texts and booleans, and be no array",
        types=("geopoint",),
        says="a JSON array of exactly two numbers; a JSON object of numbers, lat and lon",
        accepts=True,
        examples=(
            ({"type": "geopoint", "format": "array"}, '["90","45"]'),
            ({"type": "geopoint", "format": "array"}, "[true,false]"),
            ({"type": "geopoint", "format": "array"}, '{"90":1,"45":2}'),
            ({"type": "geopoint", "format": "array"}, '"12"'),
            ({"type": "geopoint", "format": "object"}, '{"lon":"1","lat":2}'),
        ),
        applies=_is_loose_point,
    ),
    Deviation(
        name="NaN and Infinity are JSON",
        types=("object", "array", "geojson"),
        says="a valid JSON object (RFC 8259 has no NaN)",
        accepts=True,
        examples=(
            ({"type": "object"}, '{"a": NaN}'),
            ({"type": "array"}, "[-Infinity]"),
            ({"type": "geojson"}, '{"type":"Point","coordinates":[1,NaN]}'),
        ),
        applies=_has_constant,
    ),
    Deviation(
        name="JSON may be as deep as Python's stack",
        types=("object", "array", "geojson"),
        says="RFC 8259 lets a reader set a limit; ours is 128 levels, whatever the stack",
        accepts=True,
        examples=(({"type": "array"}, "[" * 150 + "]" * 150),),
        applies=lambda _field, text: text.count("[") + text.count("{") > 128,
    ),
    Deviation(
        name="endless integers in JSON are refused",
        types=("object", "array"),
        says="a valid JSON object (RFC 8259 sets no limit)",
        accepts=False,
        examples=(({"type": "object"}, '{"a":' + "9" * 5000 + "}"),),
        applies=lambda _field, text: len(text) > 4300,
    ),
    Deviation(
        name="GeoJSON is that of 2008, in parts",
        types=("geojson",),
        says="RFC 7946: a position may have an altitude; any geometry, collections too, may "
        "stand in a feature or a collection; crs is a member as any other",
        accepts=False,
        examples=(
            ({"type": "geojson"}, '{"type":"Point","coordinates":[1,2,3]}'),
            (
                {"type": "geojson"},
                '{"type":"Feature","geometry":{"type":"GeometryCollection","geometries":[]},'
                '"properties":null}',
            ),
            ({"type": "geojson"}, '{"type":"Point","coordinates":[1,2],"crs":{"type":"x"}}'),
        ),
        applies=_default(
            lambda _field, text: (
                re.search("GeometryCollection|crs|[0-9],[0-9.]+,", text) is not None
            )
        ),
    ),
    Deviation(
        name="GeoJSON rings may be open, boxes odd, ids anything",
        types=("geojson",),
        says="RFC 7946: the first and last position of a ring are equal; a box has 2n numbers; "
        "an id is a text or a number",
        accepts=True,
        examples=(
            ({"type": "geojson"}, _RING),
            ({"type": "geojson"}, '{"type":"Point","coordinates":[1,2],"bbox":[1]}'),
            (
                {"type": "geojson"},
                '{"type":"Feature","geometry":null,"properties":null,"id":[1]}',
            ),
        ),
        applies=_default(lambda _field, text: re.search("Polygon|bbox|id", text) is not None),
    ),
    Deviation(
        name="TopoJSON geometries of no type, flat boxes and fractional ids are refused",
        types=("geojson",),
        says="TopoJSON: a null geometry; bbox is an array of 2n numbers; any id",
        accepts=False,
        examples=(
            (
                {"type": "geojson", "format": "topojson"},
                '{"type":"Topology","objects":{"a":{"type":null}},"arcs":[]}',
            ),
            (
                {"type": "geojson", "format": "topojson"},
                '{"type":"Topology","objects":{},"arcs":[],"bbox":[1,2,3,4]}',
            ),
        ),
        applies=_format(
            "topojson", lambda _field, text: re.search("null|bbox|id", text) is not None
        ),
    ),
    Deviation(
        name="TopoJSON arcs may hold nothing",
        types=("geojson",),
        says="TopoJSON: an arc is an array of two or more positions",
        accepts=True,
        examples=(
            (
                {"type": "geojson", "format": "topojson"},
                '{"type":"Topology","objects":{},"arcs":[[[1,2],null]]}',
            ),
        ),
        applies=_format("topojson", lambda _field, text: "null" in text),
    ),
    # --- lists: each item is a cell of its own ---
    Deviation(
        name="list items are taken as cells of their type are",
        types=("list",),
        says="a data consumer must process list items as values of the item type",
        accepts=True,
        examples=(
            ({"type": "list", "itemType": "integer"}, "1, 2"),
            ({"type": "list", "itemType": "date"}, "2024-1-5"),
        ),
        applies=_in_an_item(accepted=True),
    ),
    Deviation(
        name="list items are refused as cells of their type are",
        types=("list",),
        says="a data consumer must process list items as values of the item type",
        accepts=False,
        examples=(({"type": "list", "itemType": "datetime"}, "-0044-03-15T00:00:00"),),
        applies=_in_an_item(accepted=False),
    ),
)
