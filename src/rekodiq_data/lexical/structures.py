"""Objects, arrays, lists, geographic points and GeoJSON. All are stored as text.

An object, an array or a GeoJSON object is stored as written; `logical` gives texts that are
equal where the JSON values are. A list and a point are stored in canonical form. JSON is that
of RFC 8259: no NaN, no Infinity; a name that occurs twice is allowed there, and its last value
counts. Nesting deeper than 128 is refused.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from rekodiq_data.descriptor.model import Field
from rekodiq_data.lexical.dates import DATE, DATETIME, TIME
from rekodiq_data.lexical.geojson import is_geojson, is_number, is_topojson
from rekodiq_data.lexical.numbers import INTEGER, NUMBER, exact, number_text
from rekodiq_data.lexical.parsed import BAD, Bad, Family, Parsed, Reader, format_of, settle
from rekodiq_data.lexical.texts import BOOLEAN, STRING, canonical_text, write_text

if TYPE_CHECKING:
    from collections.abc import Callable

_DEEPEST = 128
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', re.DOTALL)
_NUMBER = r"[+-]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?"
_POINT = re.compile(f"({_NUMBER}), ?({_NUMBER})")
_ITEMS = {
    "string": STRING,
    "integer": INTEGER,
    "boolean": BOOLEAN,
    "number": NUMBER,
    "datetime": DATETIME,
    "date": DATE,
    "time": TIME,
}


# --- JSON ------------------------------------------------------------------------------------


def load_json(text: str) -> Any:
    """The value of a JSON text, its numbers as Decimal, or BAD.

    >>> load_json('{"a": [1, 2.50]}')
    {'a': [Decimal('1'), Decimal('2.50')]}
    """
    if text.count("[") + text.count("{") > _DEEPEST and _depth(text) > _DEEPEST:
        return BAD
    try:
        return json.loads(text, parse_float=exact, parse_int=Decimal, parse_constant=_refuse)
    except ValueError:
        return BAD


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _depth(text: str) -> int:
    deepest = depth = 0
    for mark in _BRACKETS.findall(text):
        depth += (mark in "[{") - (mark in "]}")
        deepest = max(deepest, depth)
    return deepest


def normal_json(value: Any) -> str:
    """One text for all JSON values that are equal: names sorted, numbers in shortest form.

    >>> normal_json({"b": Decimal("1.0"), "a": [True, None]})
    '{"a":[true,null],"b":1}'
    """
    if isinstance(value, dict):
        pairs = sorted((json.dumps(name), normal_json(each)) for name, each in value.items())
        return "{" + ",".join(f"{name}:{each}" for name, each in pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(normal_json, value)) + "]"
    if isinstance(value, Decimal):
        return number_text(value)
    return json.dumps(value)


def _json_reader(is_right: Any) -> Reader:
    def read(text: str) -> str | Bad:
        value = load_json(text)
        return text if value is not BAD and is_right(value) else BAD

    return read


def object_reader(_field: Field) -> Reader:
    """Reader of one JSON object."""
    return _json_reader(lambda value: isinstance(value, dict))


def array_reader(_field: Field) -> Reader:
    """Reader of one JSON array."""
    return _json_reader(lambda value: isinstance(value, list))


def geojson_reader(field: Field) -> Reader:
    """Reader of one GeoJSON or TopoJSON object."""
    return _json_reader(is_topojson if format_of(field) == "topojson" else is_geojson)


# --- list ------------------------------------------------------------------------------------


def items_of(field: Field, text: str) -> list[str]:
    """The items of a list, as texts. Without a delimiter the whole text is one item."""
    return text.split(field.delimiter) if field.delimiter else [text]


def list_reader(field: Field) -> Reader:
    """Reader of one list: its items in canonical form, joined again.

    Where the canonical form of an item would hold the delimiter, the list stays as written.
    """
    item = Field(field.name, field.item_type)
    family = _ITEMS[field.item_type]
    read_item = family.reader(item)

    def read(text: str) -> str | Bad:
        items = [read_item(each) for each in items_of(field, text)]
        if any(each is BAD for each in items):
            return BAD
        written = [family.write(item, each) for each in items]
        joined = field.delimiter.join(written)
        return joined if items_of(field, joined) == written else text

    return read


# --- geopoint --------------------------------------------------------------------------------


def geopoint_reader(field: Field) -> Reader:
    """Reader of one point: its canonical text in the field's own format."""
    form = format_of(field)
    split = {"array": _from_array, "object": _from_object}.get(form, _from_text)

    def read(text: str) -> str | Bad:
        point = split(text)
        # No arithmetic: an exponent may be too large for it.
        if point is None or not (-180 <= point[0] <= 180 and -90 <= point[1] <= 90):
            return BAD
        return _written(form, *point)

    return read


def _from_text(text: str) -> tuple[Decimal, Decimal] | None:
    match = _POINT.fullmatch(text)
    return (exact(match[1]), exact(match[2])) if match else None


def _from_array(text: str) -> tuple[Decimal, Decimal] | None:
    value = load_json(text)
    if isinstance(value, list) and len(value) == 2 and all(map(is_number, value)):
        return value[0], value[1]
    return None


def _from_object(text: str) -> tuple[Decimal, Decimal] | None:
    value = load_json(text)
    if isinstance(value, dict) and value.keys() == {"lon", "lat"}:
        return (value["lon"], value["lat"]) if all(map(is_number, value.values())) else None
    return None


def _written(form: str, lon: Decimal, lat: Decimal) -> str:
    west_east, south_north = number_text(lon), number_text(lat)
    if form == "array":
        return f"[{west_east},{south_north}]"
    if form == "object":
        return f'{{"lon":{west_east},"lat":{south_north}}}'
    return f"{west_east},{south_north}"


# --- columns ---------------------------------------------------------------------------------


def _family(reader: Callable[[Field], Reader], expected: Callable[[Field], str]) -> Family:
    """A family without a quick form: every distinct text goes through the reader."""

    def parse(text: pa.StringArray, field: Field) -> Parsed:
        none = pa.nulls(len(text), pa.string())
        return settle(text, none, np.zeros(len(text), np.bool_), reader(field))

    return Family(
        arrow=pa.string(),
        parse=parse,
        reader=reader,
        write=write_text,
        canonical=canonical_text,
        expected=expected,
    )


def _expected_list(field: Field) -> str:
    each = _ITEMS[field.item_type].expected(Field(field.name, field.item_type))
    return f'a list separated by "{field.delimiter}", each item {each}'


def _expected_point(field: Field) -> str:
    words = "a point as longitude (-180 to 180) and latitude (-90 to 90), such as "
    return words + {
        "array": "[66.9, 29.1]",
        "object": '{"lon": 66.9, "lat": 29.1}',
    }.get(format_of(field), '"66.9, 29.1"')


def _expected_geojson(field: Field) -> str:
    kind = "TopoJSON" if format_of(field) == "topojson" else "GeoJSON"
    return f"a {kind} object"


OBJECT = _family(object_reader, lambda _field: 'a JSON object, such as {"a": 1}')
ARRAY = _family(array_reader, lambda _field: "a JSON array, such as [1, 2]")
LIST = _family(list_reader, _expected_list)
GEOPOINT = _family(geopoint_reader, _expected_point)
GEOJSON = _family(geojson_reader, _expected_geojson)
