"""Bounds and enum members as Python values, and how values are ordered against them."""

from __future__ import annotations

import json
import math
from datetime import datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data.lexical.families import family_of
from rekodiq_data.lexical.moments import Instant
from rekodiq_data.lexical.numbers import as_float, exact
from rekodiq_data.lexical.parsed import BAD
from rekodiq_data.lexical.periods import compare_durations, month_number
from rekodiq_data.lexical.structures import load_json, normal_json

if TYPE_CHECKING:
    from rekodiq_data.descriptor.model import Field

_ORDERED = frozenset(
    {"integer", "number", "date", "datetime", "time", "year", "yearmonth", "duration"}
)
_JSON = frozenset({"object", "array", "geojson"})
_START = datetime(1, 1, 1)
_ZONES = 14 * 3600  # seconds by which an unknown zone may move a datetime


def comparable(field: Field) -> bool:
    """Whether values of this type have an order, so that `minimum` and the like make sense."""
    return field.type in _ORDERED


def bound(field: Field, value: Any) -> Any:
    """A constraint's bound or enum member as a Python value.

    Args:
        field: whose constraint it is.
        value: as it stands in the schema: JSON of its own kind (a number, true, a list), or a
            text in the field's own form.

    Returns:
        What equals the field's `logical` values: int, float, bool, date, datetime, time, or
        canonical text. A number that a double can't hold to the last digit is a Decimal; a
        datetime may have a zone or be an `Instant`.

    Raises:
        ValueError: it is not a value of the type; the message says what one looks like.

    >>> from rekodiq_data.descriptor.model import Field
    >>> bound(Field("x", "number", decimal_char=","), "1,5"), bound(Field("x", "integer"), 5.0)
    (1.5, 5)
    """
    family = family_of(field)
    text = value if isinstance(value, str) else _as_text(field, value)
    found = BAD if text is None else family.reader(field)(text)
    if found is BAD:
        shown = json.dumps(value, ensure_ascii=False, default=str)
        raise ValueError(f"{shown} is not {family.expected(field)}")
    if field.type in _JSON:
        return normal_json(load_json(found))
    if field.type == "number" and isinstance(found, Decimal):
        kept = as_float(found)
        return found if kept is None else kept
    return found


def _as_text(field: Field, value: Any) -> str | None:
    """A JSON value in the field's own form, or None where the type has no such JSON value."""
    if isinstance(value, bool):
        written = field.true_values if value else field.false_values
        return written[0] if field.type == "boolean" and written else None
    if isinstance(value, int | float | Decimal):
        return _number_as_text(field, value)
    if field.type in _JSON or field.type == "geopoint":
        return json.dumps(value)
    if field.type == "list" and isinstance(value, list):
        return field.delimiter.join(
            str(each).lower() if isinstance(each, bool) else str(each) for each in value
        )
    return None


def _number_as_text(field: Field, value: float | Decimal) -> str | None:
    text = str(value)
    if field.type == "number":
        return text.replace(".", field.decimal_char or ".")
    if field.type not in ("integer", "year") or not math.isfinite(value):
        return None
    number = exact(text)
    if number != number.to_integral_value():
        return None
    return family_of(field).write(field, int(number))


# --- order -----------------------------------------------------------------------------------


def order(field: Field, left: Any, right: Any) -> int | None:
    """-1, 0 or 1 as `left` is below, at or above `right`; None where they can't be compared.

    Values are those of `Parsed` (also wide ones) or `bound`. Not comparable: NaN; times with
    and without a zone; datetimes so, unless they are more than 14 hours apart; durations such
    as P1M and P30D; the same month in two zones.

    Raises:
        ValueError: the type has no order.
    """
    if field.type in ("integer", "year", "date"):
        return _sign(left, right)
    if field.type == "number":
        return _order_numbers(left, right)
    if field.type == "datetime":
        return _order_datetimes(left, right)
    if field.type == "time":
        return _order_times(left, right)
    if field.type == "yearmonth":
        months = _sign(month_number(left), month_number(right))
        return months if months or left == right else None
    if field.type == "duration":
        return compare_durations(left, right)
    raise ValueError(f"values of the type {field.type} have no order")


def _sign(left: Any, right: Any) -> int:
    return int(left > right) - int(left < right)


def _order_numbers(left: float | Decimal, right: float | Decimal) -> int | None:
    if math.isnan(left) or math.isnan(right):
        return None
    # A double stands for its shortest decimal text, not for its binary value.
    return _sign(
        *(
            Decimal(repr(each)) if isinstance(each, float) and math.isfinite(each) else each
            for each in (left, right)
        )
    )


def _order_datetimes(left: datetime | Instant, right: datetime | Instant) -> int | None:
    ours, others = _instant(left), _instant(right)
    if ours.zoned != others.zoned and abs(ours.seconds - others.seconds) <= _ZONES:
        return None
    return _sign(ours.seconds, others.seconds)


def _instant(value: datetime | Instant) -> Instant:
    if isinstance(value, Instant):
        return value
    offset = value.utcoffset()
    passed = value.replace(tzinfo=None) - _START
    seconds = passed.days * 86_400 + passed.seconds + Fraction(passed.microseconds, 10**6)
    if offset is not None:
        seconds -= int(offset.total_seconds())
    return Instant(seconds, offset is not None, "")


def _order_times(left: time, right: time) -> int | None:
    if (left.utcoffset() is None) != (right.utcoffset() is None):
        return None
    return _sign(left, right)


def compare(values: pa.Array, field: Field, limit: Any) -> pa.Int8Array:
    """The sign of value minus limit per cell; null where missing, or not comparable.

    Args:
        values: typed as `arrow_type(field)`.
        field: of an ordered type.
        limit: what `bound` gave.

    Raises:
        ValueError: the type has no order.
    """
    if not comparable(field):
        raise ValueError(f"values of the type {field.type} have no order")
    if field.type in ("yearmonth", "duration") or not _fits(limit, values.type):
        distinct = values.dictionary_encode()
        signs = [order(field, each, limit) for each in distinct.dictionary.to_pylist()]
        return pa.array(signs, pa.int8()).take(distinct.indices)
    scalar = pa.scalar(limit, values.type)
    above, below = pc.greater(values, scalar), pc.less(values, scalar)
    signs = pc.subtract(above.cast(pa.int8()), below.cast(pa.int8()))
    nan = pc.is_nan(values) if pa.types.is_floating(values.type) else None
    return signs if nan is None else pc.if_else(nan, None, signs)


def _fits(limit: Any, arrow: pa.DataType) -> bool:
    """Whether Arrow can hold the limit beside the values, exactly."""
    if pa.types.is_integer(arrow):
        return isinstance(limit, int) and -(2**63) <= limit < 2**63
    if pa.types.is_floating(arrow):
        return isinstance(limit, float) and not math.isnan(limit)
    return not isinstance(limit, Instant) and getattr(limit, "tzinfo", None) is None
