"""The exact reading of one date, datetime or time of day.

A default time is `hh:mm:ss` from 00:00:00 to 23:59:59, without zone or fraction; a default
datetime follows XML Schema, 24:00:00 (the next day's first moment) and zones up to 14 hours
included.

Format `any` reads what dateutil reads, but takes nothing from the clock: a date needs its year
(a missing month or day is the first), a time its hour; a two-digit year is read as POSIX does
(69 to 99: 1900s). A zone that is not known is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from rekodiq_data.lexical.parsed import (
    BAD,
    Bad,
    Reader,
    format_of,
)
from rekodiq_data.lexical.patterns import strptime

if TYPE_CHECKING:
    from rekodiq_data.descriptor.model import Field

ZONE = r"Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00"
_DATE = re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DATETIME = re.compile(
    "(-?(?:[1-9][0-9]{3,}|0[0-9]{3}))-([0-9]{2})-([0-9]{2})"
    rf"T([0-9]{{2}}):([0-9]{{2}}):([0-9]{{2}})(?:\.([0-9]+))?({ZONE})?"
)
_TIME = re.compile("([0-9]{2}):([0-9]{2}):([0-9]{2})")
_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# What dateutil fills in where a text says nothing: what differs between the two was not said.
_FILL = (datetime(2000, 1, 1, 0), datetime(2003, 1, 1, 1))
_LONGEST = 4000  # digits of a year or a fraction that are still read as a number


@dataclass(frozen=True, slots=True)
class Instant:
    """A datetime that Python's can't hold: another year than 1 to 9999, or a finer fraction.

    `seconds` since 0001-01-01T00:00:00 (of UTC where `zoned`); `text` as written.
    """

    seconds: Fraction
    zoned: bool
    text: str


def days_before(year: int, month: int) -> int:
    """Days from 0001-01-01 to the first of a month, in the proleptic Gregorian calendar.

    `year` is astronomical: 0 is the year before 1.

    >>> days_before(2024, 3) == date(2024, 3, 1).toordinal() - 1
    True
    """
    past = year - 1
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return (
        past * 365
        + past // 4
        - past // 100
        + past // 400
        + sum(_MONTHS[: month - 1])
        + (leap and month > 2)
    )


def zone_of(text: str) -> timezone:
    """The zone that "Z" or "+05:00" names."""
    if text == "Z":
        return UTC
    hours, minutes = text[1:].split(":")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if text.startswith("-") else offset)


# --- one text --------------------------------------------------------------------------------


def read_date(text: str) -> date | Bad:
    """A date in the default form."""
    match = _DATE.fullmatch(text)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else BAD
    except ValueError:
        return BAD


def read_time(text: str) -> time | Bad:
    """A time in the default form."""
    match = _TIME.fullmatch(text)
    try:
        return time(int(match[1]), int(match[2]), int(match[3])) if match else BAD
    except ValueError:
        return BAD


def read_datetime(text: str) -> datetime | Instant | Bad:
    """A datetime in the default form, that of XML Schema."""
    match = _DATETIME.fullmatch(text)
    if match is None:
        return BAD
    years, months, days, hours, minutes, seconds, fraction, zone = match.groups()
    if years in ("0000", "-0000") or len(years) > _LONGEST:
        return BAD
    year, month, day, hour, minute, second = map(
        int, (years, months, days, hours, minutes, seconds)
    )
    fraction = (fraction or "").rstrip("0")
    next_day = hour == 24 and not (minute or second or fraction)
    # XML Schema has no year 0: the year before 1 is -1, so -4 is a leap year's neighbour.
    near = year if year > 0 else year + 1
    leap = near % 4 == 0 and (near % 100 != 0 or near % 400 == 0)
    if not 1 <= month <= 12 or not 1 <= day <= _MONTHS[month - 1] + (leap and month == 2):
        return BAD
    if (hour > 23 and not next_day) or minute > 59 or second > 59:
        return BAD
    tz = zone_of(zone) if zone else None
    whole = (days_before(near, month) + day - 1) * 86_400 + hour * 3600 + minute * 60 + second
    if len(fraction) <= 6:
        micros = int(fraction.ljust(6, "0"))
        try:
            found = datetime(1, 1, 1, tzinfo=tz) + timedelta(seconds=whole, microseconds=micros)
        except OverflowError:
            pass
        else:
            return found
    offset = tz.utcoffset(None).total_seconds() if tz else 0
    kept = fraction[:_LONGEST]
    moment = whole - int(offset) + Fraction(int(kept or "0"), 10 ** len(kept))
    return Instant(moment, tz is not None, text)


def _by_pattern(pattern: str) -> Reader:
    return lambda text: strptime(text, pattern) or BAD


def _by_any(text: str) -> Any:
    """What dateutil reads, or BAD; see the module's words for where this is stricter."""
    if not text.isascii() or not text.strip():
        return BAD
    parse, info = _dateutil()
    found = []
    for default in _FILL:
        try:
            found.append(parse(text, info, default=default, tzinfos=_known_zone))
        except Exception:
            # dateutil promises ParserError, and on odd texts lets others through.
            return BAD
    return tuple(found)


@lru_cache(1)
def _dateutil() -> tuple[Any, Any]:
    from dateutil import parser

    class Posix(parser.parserinfo):  # type: ignore[misc]
        """Two-digit years without a look at the clock."""

        def convertyear(self, year: int, century_specified: bool = False) -> int:
            if year >= 100 or century_specified:
                return year
            return year + (1900 if year >= 69 else 2000)

    return parser.parse, Posix()


def _known_zone(name: str | None, offset: int | None) -> timezone | None:
    """The zone of a text; dateutil itself would look at this machine's zone for a name."""
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    if name is not None:
        raise ValueError(name)
    return None


def date_reader(field: Field) -> Reader:
    """Reader of one date."""
    form = format_of(field)
    if form == "default":
        return read_date
    read = _any_day if form == "any" else _by_pattern(form)

    def read_day(text: str) -> date | Bad:
        found: datetime | Bad = read(text)
        return BAD if found is BAD else found.date()

    return read_day


def _any_day(text: str) -> Any:
    found = _by_any(text)
    return found[0] if found is not BAD and found[0].date() == found[1].date() else BAD


def datetime_reader(field: Field) -> Reader:
    """Reader of one datetime: naive or with a zone, or an Instant."""
    form = format_of(field)
    if form == "default":
        return read_datetime
    return _any_day if form == "any" else _by_pattern(form)


def time_reader(field: Field) -> Reader:
    """Reader of one time of day: naive or with a zone."""
    form = format_of(field)
    if form == "default":
        return read_time
    read = _any_time if form == "any" else _by_pattern(form)

    def read_clock(text: str) -> time | Bad:
        found: datetime | Bad = read(text)
        return BAD if found is BAD else found.timetz()

    return read_clock


def _any_time(text: str) -> Any:
    found = _by_any(text)
    return found[0] if found is not BAD and found[0].time() == found[1].time() else BAD
