"""Typed columns as the values of fields, by casts that change nothing."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data import lexical
from rekodiq_data.formats.base import BrokenTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rekodiq_data.descriptor.model import Field

# First and last values of types that reach further than texts do.
_CALENDAR = {
    "date32": (date(1, 1, 1), date(9999, 12, 31)),
    "timestamp": (datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999999)),
}


def adopt(column: pa.Array, field: Field) -> lexical.Parsed:
    """A typed column as the values of `field`: as it stands, or by a cast that changes nothing.

    A column of another type makes every value of it unreadable: `bad` says so.
    """
    kind = lexical.arrow_type(field)
    values = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
    if field.type == "any" and not (pa.types.is_string(values.type) or _is_text(values.type)):
        return lexical.Parsed(_as_text(values), np.zeros(len(values), bool), {})
    if pa.types.is_floating(values.type) and pa.types.is_int64(kind):
        return _whole(values)
    if values.type != kind:
        try:
            cast = values.cast(kind, safe=True)
            back = cast.cast(values.type, safe=True)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            cast = None
        widens = cast is not None and not (
            pa.types.is_string(kind)
            ^ (pa.types.is_string(values.type) or _is_text(values.type))
        )
        # Arrow would count true as 1, and a moment as so many microseconds.
        same_kind = all(
            is_of(values.type) == is_of(kind) for is_of in (pa.types.is_temporal, _is_boolean)
        )
        if cast is None or not widens or not same_kind or not back.equals(values):
            bad = np.asarray(pc.is_valid(values).to_numpy(zero_copy_only=False), bool)
            return lexical.Parsed(pa.nulls(len(values), kind), bad, {})
        values = cast
    if pa.types.is_string(kind) and field.type not in {"string", "any"}:
        return lexical.parse(values, field)
    return lexical.Parsed(*_within_calendar(values), {})


def _within_calendar(values: pa.Array) -> tuple[pa.Array, NDArray[np.bool_]]:
    """The values without days that no text of four digits a year names, and where those are."""
    ends = _CALENDAR.get(str(values.type).partition("[")[0])
    if ends is None:
        return values, np.zeros(len(values), bool)
    low, high = (pa.scalar(each, values.type) for each in ends)
    inside = pc.and_(pc.greater_equal(values, low), pc.less_equal(values, high))
    bad = np.asarray(pc.fill_null(pc.invert(inside), False).to_numpy(zero_copy_only=False))
    return (pc.if_else(pa.array(~bad), values, None) if bad.any() else values), bad


def _whole(values: pa.Array) -> lexical.Parsed:
    """Doubles as integers: 2.0 is the integer 2, as in JSON, and 2.5 is none."""
    is_whole = pc.and_(pc.equal(pc.floor(values), values), pc.less(pc.abs(values), 2.0**63))
    is_whole = pc.fill_null(is_whole, False)
    bad = pc.and_(pc.is_valid(values), pc.invert(is_whole))
    kept = pc.if_else(is_whole, values, None).cast(pa.int64())
    return lexical.Parsed(kept, np.asarray(bad.to_numpy(zero_copy_only=False), bool), {})


def without_types(column: pa.Array) -> pa.Array:
    """Text as plain text, and lists and objects as cells of JSON; all else as it stands.

    Those say no more of their type than a text in JSON does: a text may be a date, or be listed
    among the missing values.

    Raises:
        BrokenTable: a value is one that Python has not: a zone of no place, a day too far away.
    """
    try:
        return _without_types(column)
    except (ValueError, OverflowError) as error:
        words = f"a value of the type {column.type} can't be read: {str(error).splitlines()[0]}"
        raise BrokenTable("source-error", words) from None


def _without_types(column: pa.Array) -> pa.Array:
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_string(kind) or _is_text(kind):
        return column.cast(pa.string())
    if pa.types.is_nested(kind):
        return lexical.native_column(column.to_pylist())
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        # A cast would drop the zone without a word; the grammar of datetimes knows it.
        moments = column.cast(pa.timestamp("us", kind.tz), safe=False).to_pylist()
        return pa.array([each and each.isoformat() for each in moments], pa.string())
    return column


def is_plain(column: pa.Array) -> bool:
    """Whether a column's cells are text, or of JSON: then their field's grammar reads them."""
    return bool(pa.types.is_string(column.type) or pa.types.is_struct(column.type))


def shown(column: pa.Array, rows: NDArray[np.bool_]) -> pa.StringArray:
    """Texts by which people know the values of some rows; null elsewhere."""
    return pa.array(
        [
            _shown(column[row]) if wanted and column[row].is_valid else None
            for row, wanted in enumerate(rows.tolist())
        ],
        pa.string(),
    )


def _shown(value: pa.Scalar) -> str:
    try:
        return str(value.as_py())
    except (ValueError, OverflowError):
        # A day or a zone that Python does not know, bytes that are no text.
        is_moment = pa.types.is_temporal(value.type)
        return str(value.cast(pa.string() if is_moment else pa.binary()).as_py())


def _as_text(values: pa.Array) -> pa.StringArray:
    """Values of whatever type as people know them."""
    try:
        return values.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return shown(values, np.ones(len(values), bool))


def _is_boolean(kind: pa.DataType) -> bool:
    return bool(pa.types.is_boolean(kind))


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_large_string(kind) or pa.types.is_string_view(kind))
