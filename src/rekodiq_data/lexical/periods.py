"""Years, months of a year, and durations, as XML Schema 1.0 has them (the edition cited).

There is no year 0 and no plus sign; a year of more than four digits has no leading zero. A
month stays text, in canonical form. A duration stays text in canonical form too (months carried
into years; seconds into minutes, hours and days), so equal durations have equal texts.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data.lexical.moments import ZONE, days_before
from rekodiq_data.lexical.parsed import BAD, Bad, Family, Parsed, Reader, mask, settle
from rekodiq_data.lexical.texts import canonical_text, write_text

if TYPE_CHECKING:
    from rekodiq_data.descriptor.model import Field

_YEAR_DIGITS = "-?(?:[1-9][0-9]{3,}|0[0-9]{3})"
_YEAR = re.compile(f"({_YEAR_DIGITS})({ZONE})?")
_YEARMONTH = re.compile(f"({_YEAR_DIGITS})-(0[1-9]|1[0-2])({ZONE})?")
_QUICK_YEAR = "^-?(?:[1-9][0-9]{3,17}|0[0-9]{3})$"
_QUICK_YEARMONTH = "^[1-9][0-9]{3}-(?:0[1-9]|1[0-2])$"
_DURATION = re.compile(
    r"(-?)P(?=.)(?:([0-9]++)Y)?(?:([0-9]++)M)?(?:([0-9]++)D)?"
    r"(?:T(?=.)(?:([0-9]++)H)?(?:([0-9]++)M)?(?:([0-9]++)(?:\.([0-9]++))?S)?)?"
)
_LONGEST = 4000  # digits of one part that are still read as a number
# XML Schema compares durations by adding them to these months, which differ in length.
_REFERENCES = ((1696, 9), (1697, 2), (1903, 3), (1903, 7))


# --- year ------------------------------------------------------------------------------------


def read_year(text: str) -> int | YearWithZone | Bad:
    """A year, or BAD."""
    match = _YEAR.fullmatch(text)
    if match is None or len(text) > _LONGEST or not int(match[1]):
        return BAD
    year = int(match[1])
    return YearWithZone(year, text) if match[2] else year


class YearWithZone(int):
    """A year whose zone int64 has no place for; it is compared as the year alone."""

    text: str

    def __new__(cls, year: int, text: str) -> YearWithZone:
        """The year, and the text that it stands in."""
        self = super().__new__(cls, year)
        self.text = text
        return self


def _store_year(value: int) -> int | None:
    return value if -(2**63) <= value < 2**63 and not isinstance(value, YearWithZone) else None


def parse_year(text: pa.StringArray, _field: Field) -> Parsed:
    """Years as int64."""
    settled = mask(pc.match_substring_regex(text, _QUICK_YEAR))
    settled &= ~mask(pc.match_substring_regex(text, "^-?0000$"))
    values = pc.if_else(pa.array(settled), text, None).cast(pa.int64())
    return settle(text, values, settled, read_year, _store_year)


def write_year(_field: Field, value: int) -> str:
    """At least four digits."""
    if isinstance(value, YearWithZone):
        return value.text
    return f"-{-value:04}" if value < 0 else f"{value:04}"


def canonical_year(values: pa.Array, _field: Field) -> pa.StringArray:
    """As `write_year`."""
    digits = pc.utf8_lpad(pc.abs_checked(values).cast(pa.string()), 4, "0")
    return pc.if_else(pc.less(values, 0), pc.binary_join_element_wise("-", digits, ""), digits)


# --- yearmonth -------------------------------------------------------------------------------


def read_yearmonth(text: str) -> str | Bad:
    """The canonical text of a month of a year, or BAD."""
    match = _YEARMONTH.fullmatch(text)
    if match is None or len(text) > _LONGEST or not int(match[1]):
        return BAD
    zone = match[3] or ""
    return f"{match[1]}-{match[2]}{'Z' if zone[1:] == '00:00' else zone}"


def parse_yearmonth(text: pa.StringArray, _field: Field) -> Parsed:
    """Months as canonical text."""
    settled = mask(pc.match_substring_regex(text, _QUICK_YEARMONTH))
    values = pc.if_else(pa.array(settled), text, None)
    return settle(text, values, settled, read_yearmonth)


def month_number(text: str) -> int:
    """Months since January of the year 0, of a canonical text.

    >>> month_number("2024-03") - month_number("2023-12")
    3
    """
    year, month = text.removeprefix("-").split("-", 1)
    sign = -1 if text.startswith("-") else 1
    return sign * int(year) * 12 + int(month[:2]) - 1


# --- duration --------------------------------------------------------------------------------


def _parts(text: str) -> tuple[int, Fraction] | None:
    """Months and seconds of a duration, or None where it is none, or has endless digits."""
    match = _DURATION.fullmatch(text)
    if match is None or max(len(part or "") for part in match.groups()) > _LONGEST:
        return None
    sign = -1 if match[1] else 1
    years, months, days, hours, minutes, seconds = (
        int(part or 0) for part in match.groups()[1:7]
    )
    fraction = match[8] or ""
    whole = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    exact = whole + Fraction(int(fraction or 0), 10 ** len(fraction))
    return sign * (years * 12 + months), sign * exact


def read_duration(text: str) -> str | Bad:
    """The canonical text of a duration, or BAD.

    >>> [read_duration(text) for text in ("P12M", "PT36H", "PT0.50S", "-P0D")]
    ['P1Y', 'P1DT12H', 'PT0.5S', 'PT0S']
    """
    match = _DURATION.fullmatch(text)
    if match is None:
        return BAD
    parts = _parts(text)
    if parts is None:
        return text  # right, and too long to reckon with
    months, seconds = parts
    if not months and not seconds:
        return "PT0S"
    sign = "-" if months < 0 or seconds < 0 else ""
    years, months = divmod(abs(months), 12)
    whole, fraction = divmod(abs(seconds), 1)
    minutes, second = divmod(int(whole), 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    tail = f".{match[8].rstrip('0')}" if fraction else ""
    day_part = _joined(("Y", years), ("M", months), ("D", days))
    time_part = _joined(("H", hour), ("M", minute))
    if second or tail:
        time_part += f"{second}{tail}S"
    return f"{sign}P{day_part}{time_part and 'T' + time_part}"


def _joined(*parts: tuple[str, int]) -> str:
    return "".join(f"{number}{letter}" for letter, number in parts if number)


def parse_duration(text: pa.StringArray, _field: Field) -> Parsed:
    """Durations as canonical text."""
    none = pa.nulls(len(text), pa.string())
    return settle(text, none, mask(none.is_valid()), read_duration)


@lru_cache(4096)
def _moments(text: str) -> tuple[Fraction, ...] | None:
    """Where a canonical duration ends, from each reference month; None where it is too long."""
    parts = _parts(text)
    if parts is None:
        return None
    months, seconds = parts
    ends = (divmod(year * 12 + month - 1 + months, 12) for year, month in _REFERENCES)
    return tuple(days_before(year, month + 1) * 86_400 + seconds for year, month in ends)


def compare_durations(left: str, right: str) -> int | None:
    """-1, 0 or 1, or None where XML Schema leaves the order open (P1M and P30D).

    >>> compare_durations("P1M", "P27D"), compare_durations("P1M", "P30D")
    (1, None)
    """
    if left == right:
        return 0
    ours, others = _moments(left), _moments(right)
    if ours is None or others is None:
        return None
    signs = {(one > other) - (one < other) for one, other in zip(ours, others, strict=True)}
    return signs.pop() if len(signs) == 1 else None


def _always(words: str) -> Any:
    return lambda _field: words


def _reader(read: Reader) -> Any:
    return lambda _field: read


YEAR = Family(
    arrow=pa.int64(),
    parse=parse_year,
    reader=_reader(read_year),
    write=write_year,
    canonical=canonical_year,
    expected=_always("a year of four digits, such as 2024"),
)
YEARMONTH = Family(
    arrow=pa.string(),
    parse=parse_yearmonth,
    reader=_reader(read_yearmonth),
    write=write_text,
    canonical=canonical_text,
    expected=_always("a month of a year written yyyy-mm, such as 2024-01"),
)
DURATION = Family(
    arrow=pa.string(),
    parse=parse_duration,
    reader=_reader(read_duration),
    write=write_text,
    canonical=canonical_text,
    expected=_always("a duration, such as P1Y6M, P30D or PT1H30M"),
)
