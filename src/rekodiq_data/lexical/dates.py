"""Columns of dates, datetimes and times of day.

A time is time64('us'), not time32('s'), since patterns may hold fractions (%f). Canonical texts
are those of the default forms, in the shortest way: a datetime's fraction only where it is not
zero. A time whose pattern may hold a fraction is written with six digits of it, always, and its
canonical format is `%H:%M:%S.%f`: the default form of a time has no fraction.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data.lexical.moments import Instant, date_reader, datetime_reader, time_reader
from rekodiq_data.lexical.parsed import Family, Parsed, format_of, mask, none_bad, settle
from rekodiq_data.lexical.patterns import fixed_width

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rekodiq_data.descriptor.model import Field

DEFAULTS = {"date": "%Y-%m-%d", "datetime": "%Y-%m-%dT%H:%M:%S", "time": "%H:%M:%S"}
FINE_TIME = "%H:%M:%S.%f"
_FARTHEST_ZONE, _MINUTE = timedelta(hours=14), timedelta(minutes=1)
_ISO_DATE = "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$"
_FIRST_DAY = -719_162  # 0001-01-01
_DAY = 86_400_000_000  # microseconds
_SHOWN = datetime(2024, 1, 26, 15, 0, 0)


def is_fine(field: Field) -> bool:
    """Whether a time field's texts may hold a fraction of a second."""
    return "%f" in field.format or format_of(field) == "any"


# --- columns ---------------------------------------------------------------------------------


def _quick(
    text: pa.StringArray, field: Field
) -> tuple[NDArray[np.bool_], dict[str, NDArray[np.int64]]]:
    """The cells in fixed-width form and their numbers; none where a format has none."""
    form = format_of(field)
    fixed = fixed_width(DEFAULTS[field.type] if form == "default" else form)
    if fixed is None:
        return np.zeros(len(text), np.bool_), {}
    return fixed.read(text)


def _days(numbers: dict[str, NDArray[np.int64]], count: int) -> NDArray[np.int64]:
    """Days since 1970-01-01; parts that a pattern lacks are 1900, 1 and 1, as in strptime."""
    ones = np.ones(count, np.int64)
    years = (numbers.get("Y", ones * 1900) - 1970).astype("M8[Y]").astype("M8[M]")
    months = years + (numbers.get("m", ones) - 1).astype("m8[M]")
    days = months.astype("M8[D]") + (numbers.get("d", ones) - 1).astype("m8[D]")
    found: NDArray[np.int64] = days.astype(np.int64)
    return found


def _micros(numbers: dict[str, NDArray[np.int64]], count: int) -> NDArray[np.int64]:
    """Microseconds since midnight."""
    zeros = np.zeros(count, np.int64)
    hours, minutes, seconds = (numbers.get(each, zeros) for each in "HMS")
    return ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + numbers.get("f", zeros)


def _spread(
    found: NDArray[np.int64], settled: NDArray[np.bool_], arrow: pa.DataType
) -> pa.Array:
    """Numbers of the settled cells as an Arrow column, null elsewhere."""
    width = np.int32 if arrow == pa.date32() else np.int64
    full = np.zeros(len(settled), width)
    full[settled] = found
    return pa.array(full, mask=~settled).view(arrow)


def _cast_dates(text: pa.StringArray) -> tuple[pa.Array, NDArray[np.bool_] | None] | None:
    """Dates by Arrow's own cast and where they are settled (None: everywhere); None if nowhere.

    The cast takes what is written yyyy-mm-dd in ASCII digits and names a real day, and nothing
    else, save for the year 0000.
    """
    settled = None
    try:
        values = text.cast(pa.date32())
    except pa.ArrowInvalid:
        settled = mask(pc.match_substring_regex(text, _ISO_DATE))
        try:
            values = pc.if_else(pa.array(settled), text, None).cast(pa.date32())
        except pa.ArrowInvalid:
            return None  # such as 2024-02-30
    days = pc.min(values.view(pa.int32())).as_py()
    return (values, settled) if days is None or days >= _FIRST_DAY else None


def parse_date(text: pa.StringArray, field: Field) -> Parsed:
    """Dates as date32."""
    if format_of(field) in {"default", DEFAULTS["date"]}:
        quick = _cast_dates(text)
        if quick is not None:
            values, settled = quick
            if settled is None:
                return none_bad(values)
            return settle(text, values, settled, date_reader(field))
    settled, numbers = _quick(text, field)
    values = _spread(_days(numbers, int(settled.sum())), settled, pa.date32())
    return settle(text, values, settled, date_reader(field))


def parse_datetime(text: pa.StringArray, field: Field) -> Parsed:
    """Datetimes without a zone as timestamp('us'); all others are wide."""
    settled, numbers = _quick(text, field)
    count = int(settled.sum())
    found = _days(numbers, count) * _DAY + _micros(numbers, count)
    values = _spread(found, settled, pa.timestamp("us"))
    return settle(text, values, settled, datetime_reader(field), _without_zone)


def parse_time(text: pa.StringArray, field: Field) -> Parsed:
    """Times without a zone as time64('us'); all others are wide."""
    settled, numbers = _quick(text, field)
    values = _spread(_micros(numbers, int(settled.sum())), settled, pa.time64("us"))
    return settle(text, values, settled, time_reader(field), _without_zone)


def _without_zone(value: Any) -> Any:
    return value if not isinstance(value, Instant) and value.tzinfo is None else None


# --- writing ---------------------------------------------------------------------------------


def write_date(_field: Field, value: date) -> str:
    """As `2024-01-26`."""
    return value.isoformat()


def write_datetime(_field: Field, value: datetime | Instant) -> str:
    """As `2024-01-26T15:00:00.3`, with the zone where there is one."""
    if isinstance(value, Instant):
        return value.text
    offset = value.utcoffset()
    if offset is not None and (abs(offset) > _FARTHEST_ZONE or offset % _MINUTE):
        # The default form has no place for such a zone; the moment is the same in UTC.
        value = value.astimezone(UTC)
    text = value.replace(tzinfo=None).isoformat()
    return (text.rstrip("0") if value.microsecond else text) + _zone(value)


def write_time(field: Field, value: time) -> str:
    """As `15:00:00`, or `15:00:00.300000`."""
    micros = f".{value.microsecond:06}" if value.microsecond or is_fine(field) else ""
    return f"{value:%H:%M:%S}{micros}{_zone(value)}"


def _zone(value: datetime | time) -> str:
    offset = value.utcoffset()
    if offset is None:
        return ""
    return f"{value:%z}"[:3] + f":{f'{value:%z}'[3:5]}" if offset else "Z"


def canonical_date(values: pa.Array, _field: Field) -> pa.StringArray:
    """As `write_date`."""
    return values.cast(pa.string())


def canonical_datetime(values: pa.Array, _field: Field) -> pa.StringArray:
    """As `write_datetime`."""
    text = pc.replace_substring(values.cast(pa.string()), pattern=" ", replacement="T")
    # Arrow writes six digits of fraction, always.
    return pc.replace_substring_regex(text, pattern=r"\.?0{1,6}$", replacement="")


def canonical_time(values: pa.Array, field: Field) -> pa.StringArray:
    """As `write_time`."""
    text = values.cast(pa.string())
    if is_fine(field):
        return text
    return pc.replace_substring_regex(text, pattern=r"\.0{6}$", replacement="")


def expected_moment(field: Field) -> str:
    """In words."""
    form = format_of(field)
    if form == "default":
        return {
            "date": "a date written yyyy-mm-dd, such as 2024-01-26",
            "datetime": "a date with its time, such as 2024-01-26T15:00:00 or "
            "2024-01-26T15:00:00.3+05:00",
            "time": "a time of day written hh:mm:ss, such as 15:00:00",
        }[field.type]
    if form == "any":
        return {
            "date": "a date with its year, such as 26 Jan 2024",
            "datetime": "a date with its year, and a time, such as 26 Jan 2024 15:00",
            "time": "a time of day, such as 15:00 or 3pm",
        }[field.type]
    if "%" not in form:
        return (
            f'a {field.type} by the pattern "{form}", which no {field.type} fits: it has no %'
        )
    return f"a {field.type} written {form}, such as {_SHOWN.strftime(form)}"


DATE = Family(
    arrow=pa.date32(),
    parse=parse_date,
    reader=date_reader,
    write=write_date,
    canonical=canonical_date,
    expected=expected_moment,
)
DATETIME = Family(
    arrow=pa.timestamp("us"),
    parse=parse_datetime,
    reader=datetime_reader,
    write=write_datetime,
    canonical=canonical_datetime,
    expected=expected_moment,
)
TIME = Family(
    arrow=pa.time64("us"),
    parse=parse_time,
    reader=time_reader,
    write=write_time,
    canonical=canonical_time,
    expected=expected_moment,
)
