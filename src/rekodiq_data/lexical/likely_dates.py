"""Dates and times that a text may mean, in the ways that people write them.

Two-digit years are never guessed, and a day that may be a month only where both give one date.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from rekodiq_data.lexical.dates import DEFAULTS
from rekodiq_data.lexical.moments import zone_of
from rekodiq_data.lexical.parsed import format_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rekodiq_data.descriptor.model import Field

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = f"((?:{'|'.join(_NAMES)})[a-z]*)\\.?"
_DAY = "([0-9]{1,2})(?:st|nd|rd|th)?"
_GAP = "[-/. ,]+"
_YEAR = "([0-9]{4})"
_YEAR_FIRST = re.compile(f"{_YEAR}[-/. ]([0-9]{{1,2}})[-/. ]([0-9]{{1,2}})")
_COMPACT = re.compile("([0-9]{4})([0-9]{2})([0-9]{2})")
_YEAR_LAST = re.compile(f"([0-9]{{1,2}})[-/. ]([0-9]{{1,2}})[-/. ]{_YEAR}")
_DAY_NAME = re.compile(f"{_DAY}{_GAP}{_NAME}{_GAP}{_YEAR}", re.IGNORECASE)
_NAME_DAY = re.compile(f"{_NAME}{_GAP}{_DAY}{_GAP}{_YEAR}", re.IGNORECASE)
_MIDNIGHT = re.compile(r"[T ]00:00(?::00(?:\.0+)?)?Z?")
_TIME = re.compile(
    "([0-9]{1,2})(?::([0-9]{2}))?(?::([0-9]{2})(?:[.]([0-9]{1,6}))?)? ?([ap]\\.?m\\.?)?",
    re.IGNORECASE,
)
_BOTH = re.compile("(.+?)[T ,]+([0-9]{1,2}:[^Z+-]*)(?:(Z)|([+-][0-9]{2}):?([0-9]{2}))?")
_MONTH_FORMS = (
    re.compile(f"(?P<year>{_YEAR})[-/. ]?(?P<month>[0-9]{{1,2}})"),
    re.compile(f"(?P<month>[0-9]{{1,2}})[-/. ](?P<year>{_YEAR})"),
    re.compile(f"(?P<month>{_NAME}){_GAP}(?P<year>{_YEAR})", re.IGNORECASE),
    re.compile(f"(?P<year>{_YEAR}){_GAP}(?P<month>{_NAME})", re.IGNORECASE),
)


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _NAMES.index(text[:3].lower()) + 1


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), _month(month), int(day))
    except ValueError:
        return None


def the_date(text: str) -> date | None:
    """The one date that a text can mean, or None.

    >>> the_date("31/12/2024"), the_date("3/4/2024"), the_date("4 March 2024")
    (datetime.date(2024, 12, 31), None, datetime.date(2024, 3, 4))
    """
    found: set[date | None] = set()
    for form in (_YEAR_FIRST, _COMPACT):
        if match := form.fullmatch(text):
            found.add(_date(match[1], match[2], match[3]))
    if match := _YEAR_LAST.fullmatch(text):
        found |= {_date(match[3], match[2], match[1]), _date(match[3], match[1], match[2])}
    if match := _DAY_NAME.fullmatch(text):
        found.add(_date(match[3], match[2], match[1]))
    if match := _NAME_DAY.fullmatch(text):
        found.add(_date(match[3], match[1], match[2]))
    found.discard(None)
    return found.pop() if len(found) == 1 else None


def the_time(text: str) -> time | None:
    """The one time of day that a text can mean, or None.

    >>> the_time("3pm"), the_time("9:05"), the_time("15")
    (datetime.time(15, 0), datetime.time(9, 5), None)
    """
    match = _TIME.fullmatch(text)
    if match is None or not (match[2] or match[5]):
        return None
    hour, minute, second = (int(part or 0) for part in match.groups()[:3])
    if match[5]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[5][0] in "pP" else 0)
    try:
        return time(hour, minute, second, int((match[4] or "").ljust(6, "0")))
    except ValueError:
        return None


def likely_moments(field: Field, text: str) -> Iterator[str]:
    """What a text may mean as a date, a time or both, in the field's own form."""
    if field.type == "time":
        clock = the_time(text)
        if clock is not None:
            yield _written(field, datetime.combine(date(1900, 1, 1), clock))
    elif field.type == "date":
        day = the_date(_MIDNIGHT.sub("", text) if _MIDNIGHT.search(text) else text)
        if day is not None:
            yield _written(field, datetime.combine(day, time()))
    elif match := _BOTH.fullmatch(text):
        day, clock = the_date(match[1]), the_time(match[2].strip())
        zone = match[3] or (f"{match[4]}:{match[5]}" if match[4] else "")
        if day is not None and clock is not None and _is_zone(zone):
            tz = zone_of(zone) if zone else None
            yield _written(field, datetime.combine(day, clock, tz), zone)


def _is_zone(zone: str) -> bool:
    return len(zone) < 2 or (zone[1:3] <= "14" and zone[4:6] < "60")


def _written(field: Field, moment: datetime, zone: str = "") -> str:
    form = format_of(field)
    if form not in ("default", "any"):
        return moment.strftime(form)
    if field.type == "datetime":
        return moment.replace(tzinfo=None).isoformat() + zone
    # strftime writes a year below 1000 with fewer digits.
    return moment.strftime(DEFAULTS[field.type].replace("%Y", f"{moment.year:04}"))


def likely_years(text: str) -> Iterator[str]:
    """What a text may mean as a year: digits that a spreadsheet made a number of."""
    if match := re.fullmatch("[+]?([0-9]{4})(?:[.]0*)?", text):
        yield match[1]


def likely_months(text: str) -> Iterator[str]:
    """What a text may mean as a month of a year."""
    for form in _MONTH_FORMS:
        if match := form.fullmatch(text):
            yield f"{match['year']}-{_month(match['month']):02}"
