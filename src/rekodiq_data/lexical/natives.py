"""Cells that come with a type of their own: those of JSON, spreadsheets and databases.

Such a cell is a text and the kind that it had. A number is no text: in a field of strings it
is wrong, as `true` is in a field of integers; a text is read by the field's grammar, as a cell
of a CSV file is. Lexical properties (`decimalChar`, `trueValues`, a date's pattern) are about
text, so that a typed cell is read without them. `missingValues` are texts: a number never
equals one.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data.lexical.columns import parse, parse_missing
from rekodiq_data.lexical.parsed import Parsed, nulls

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from rekodiq_data.descriptor.model import Field

NATIVE = pa.struct([("kind", pa.int8()), ("text", pa.string())])
_LARGEST_EXPONENT = 400  # a number of more digits is not written out to see whether it is whole


class NativeKind(IntEnum):
    """What a cell was in its file."""

    NULL = 0
    STRING = 1
    INTEGER = 2
    NUMBER = 3
    BOOLEAN = 4
    OBJECT = 5
    ARRAY = 6
    DATE = 7
    DATETIME = 8
    TIME = 9
    DURATION = 10
    BYTES = 11


class Absent:
    """The type of `ABSENT`: what stands for a cell that a short record does not have."""


ABSENT = Absent()

_K = NativeKind
_TAKEN: dict[str, frozenset[NativeKind]] = {
    "any": frozenset(_K),
    "integer": frozenset({_K.INTEGER}),
    "number": frozenset({_K.INTEGER, _K.NUMBER}),
    "boolean": frozenset({_K.BOOLEAN}),
    "object": frozenset({_K.OBJECT}),
    "geojson": frozenset({_K.OBJECT}),
    "array": frozenset({_K.ARRAY}),
    "list": frozenset({_K.ARRAY}),
    "date": frozenset({_K.DATE}),
    "datetime": frozenset({_K.DATE, _K.DATETIME}),
    "time": frozenset({_K.TIME}),
    "year": frozenset({_K.INTEGER}),
    "duration": frozenset({_K.DURATION}),
}
_POINTS = {"array": frozenset({_K.ARRAY}), "object": frozenset({_K.OBJECT})}


def native_column(values: Iterable[Any]) -> pa.StructArray:
    """Values of Python as cells; `ABSENT` becomes a null, None a cell that holds nothing.

    >>> native_column([1, "a", None, ABSENT]).to_pylist()[1:]
    [{'kind': 1, 'text': 'a'}, {'kind': 0, 'text': None}, None]
    """
    cells = [None if value is ABSENT else _cell(value) for value in values]
    return pa.array(cells, NATIVE)


def texts_of(cells: pa.Array) -> pa.StringArray:
    """The texts of a column of cells, native or not."""
    return pc.struct_field(cells, "text") if pa.types.is_struct(cells.type) else cells


def adopt_native(
    cells: pa.StructArray, field: Field, missing: tuple[str, ...]
) -> tuple[pa.StringArray, Parsed]:
    """Native cells as texts (null where missing) and as values of `field`.

    Args:
        cells: as `native_column` makes them.
        field: whose column it is.
        missing: texts that mean "missing".
    """
    kinds = pc.fill_null(pc.struct_field(cells, "kind"), 0).to_numpy().astype(np.int8)
    texts = pc.struct_field(cells, "text")
    is_text = kinds == _K.STRING
    written = parse_missing(pc.if_else(pa.array(is_text), texts, None), missing)
    ours = parse(written, field)
    taken = _kinds_of(field)
    right = np.isin(kinds, list(taken)) & ~is_text
    theirs = parse(_in_form(texts, kinds, right, field), _plain(field))
    known = is_text | (kinds == _K.NULL)
    shown = pc.if_else(pa.array(is_text), written, texts)
    bad = ours.bad | theirs.bad | ~(right | known)
    values = pc.if_else(pa.array(right), theirs.values, ours.values)
    return shown, Parsed(values, bad & ~nulls(shown), {**ours.wide, **theirs.wide})


def _cell(value: Any) -> dict[str, Any]:
    kind, text = _kind_and_text(value)
    return {"kind": int(kind), "text": text}


def _kind_and_text(value: Any) -> tuple[NativeKind, str | None]:
    if value is None:
        return _K.NULL, None
    if isinstance(value, str):
        return _K.STRING, value
    if isinstance(value, bool):
        return _K.BOOLEAN, "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, dict | list):
        kind = _K.OBJECT if isinstance(value, dict) else _K.ARRAY
        return kind, json.dumps(value, ensure_ascii=False, default=_json_number)
    return _moment(value)


def _moment(value: Any) -> tuple[NativeKind, str]:
    """Dates, times and spans of a spreadsheet; bytes of a database."""
    if isinstance(value, datetime):
        if value.time() == time():
            return _K.DATE, value.date().isoformat()
        return _K.DATETIME, value.isoformat()
    if isinstance(value, date):
        return _K.DATE, value.isoformat()
    if isinstance(value, time):
        return _K.TIME, value.isoformat("seconds")
    if isinstance(value, timedelta):
        seconds = Decimal(value.days * 86_400 + value.seconds) + Decimal(
            value.microseconds
        ) / Decimal(10**6)
        sign = "-" if seconds < 0 else ""
        return _K.DURATION, f"{sign}PT{abs(seconds).normalize():f}S"
    return _K.BYTES, bytes(value).hex()


def _number(value: float | Decimal) -> tuple[NativeKind, str]:
    """A number; 2.0 is an integer, in JSON as in a spreadsheet."""
    if isinstance(value, int):
        return _K.INTEGER, str(value)
    exact = Decimal(repr(value)) if isinstance(value, float) else value
    if (
        exact.is_finite()
        and abs(exact.adjusted()) < _LARGEST_EXPONENT
        and exact == exact.to_integral_value()
    ):
        return _K.INTEGER, str(int(exact))
    return _K.NUMBER, str(exact)


def _json_number(value: Decimal) -> float | int:
    """A number inside an object; only those, and what JSON has itself, come here."""
    return int(value) if value == value.to_integral_value() else float(value)


def _kinds_of(field: Field) -> frozenset[NativeKind]:
    if field.type == "geopoint":
        return _POINTS.get(field.format, frozenset())
    return _TAKEN.get(field.type, frozenset())


def _in_form(
    texts: pa.StringArray, kinds: NDArray[np.int8], right: NDArray[np.bool_], field: Field
) -> pa.StringArray:
    """Texts of the cells whose kind is right, as the field's default form has them."""
    kept = pc.if_else(pa.array(right), texts, None)
    if field.type == "datetime":
        midnight = pc.binary_join_element_wise(kept, "T00:00:00", "")
        return pc.if_else(pa.array(kinds == _K.DATE), midnight, kept)
    if field.type == "year":
        return pa.array(
            [None if each is None else _year(each) for each in kept.to_pylist()], pa.string()
        )
    if field.type == "list":
        return pa.array(
            [None if each is None else _joined(each, field) for each in kept.to_pylist()],
            pa.string(),
        )
    return kept


def _year(text: str) -> str:
    return f"-{text[1:]:0>4}" if text.startswith("-") else f"{text:0>4}"


def _joined(text: str, field: Field) -> str:
    """The items of a JSON list as the text of a `list` field."""
    items = [
        each if isinstance(each, str) else json.dumps(each, ensure_ascii=False)
        for each in json.loads(text)
    ]
    return field.delimiter.join(items)


def _plain(field: Field) -> Field:
    """The field as its typed cells are read: in default form."""
    plain = replace(
        field,
        decimal_char=".",
        group_char=None,
        bare_number=True,
        true_values=("true",),
        false_values=("false",),
    )
    return (
        replace(plain, format="default")
        if field.type in ("date", "datetime", "time")
        else plain
    )
