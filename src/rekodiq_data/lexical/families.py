"""Which family reads and writes which Table Schema type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rekodiq_data.lexical.dates import DATE, DATETIME, TIME
from rekodiq_data.lexical.numbers import INTEGER, NUMBER
from rekodiq_data.lexical.periods import DURATION, YEAR, YEARMONTH
from rekodiq_data.lexical.structures import ARRAY, GEOJSON, GEOPOINT, LIST, OBJECT
from rekodiq_data.lexical.texts import ANY, BOOLEAN, STRING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rekodiq_data.descriptor.model import Field
    from rekodiq_data.lexical.parsed import Family

FAMILIES: Mapping[str, Family] = {
    "string": STRING,
    "number": NUMBER,
    "integer": INTEGER,
    "boolean": BOOLEAN,
    "object": OBJECT,
    "array": ARRAY,
    "list": LIST,
    "date": DATE,
    "datetime": DATETIME,
    "time": TIME,
    "year": YEAR,
    "yearmonth": YEARMONTH,
    "duration": DURATION,
    "geopoint": GEOPOINT,
    "geojson": GEOJSON,
    "any": ANY,
}


def family_of(field: Field) -> Family:
    """The family of a field's type. Raises KeyError where the type is unknown."""
    return FAMILIES[field.type]
