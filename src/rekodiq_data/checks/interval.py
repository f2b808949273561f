"""Exact intervals: what a printed number can stand for, and when two figures agree.

A printed "0.43" is every number from 0.425 to 0.435. Where a source says nothing about its
rounding, "2,500" has two widths: a *narrow* one (half of 1) and a *wide* one (half of 100, the
unit of the last digit that is not zero). An `Extent` carries both, and extents are multiplied,
added and divided as intervals. All ends are exact fractions and belong to the interval, so that
0.5 x 14.5 touches 7.25. The only floats in here are the two infinities of open ends.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from rekodiq_data.checks.base import Verdict
from rekodiq_data.checks.printed import read_phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from rekodiq_data.checks.printed import Printed

End = Fraction | float
"""An end of an interval: a fraction, or minus or plus infinity."""

INFINITY = math.inf
_ONE = Fraction(1)
_MANY_DIGITS = 99


class Interval(NamedTuple):
    """All numbers from `low` to `high`, both ends included."""

    low: End
    high: End

    def overlaps(self, other: Interval) -> bool:
        """Whether the two have a number in common; touching ends are one."""
        return self.low <= other.high and other.low <= self.high

    def plus(self, other: Interval) -> Interval:
        """Every sum of a number here and one there."""
        return Interval(_plus(self.low, other.low), _plus(self.high, other.high))

    def times(self, other: Interval) -> Interval:
        """Every product of a number here and one there."""
        if self.low >= 0 and other.low >= 0:  # nearly always: skip the mixed corners
            return Interval(_times(self.low, other.low), _times(self.high, other.high))
        corners = [_times(one, two) for one in self for two in other]
        return Interval(min(corners), max(corners))

    def over(self, other: Interval) -> Interval:
        """Every quotient of a number here and one there; the whole line where 0 is there."""
        if other.low <= 0 <= other.high:
            return Interval(-INFINITY, INFINITY)
        return self.times(Interval(_inverse(other.high), _inverse(other.low)))


class Extent(NamedTuple):
    """What a computed figure can stand for.

    Attributes:
        narrow: if every printed digit counts.
        wide: if the zeros at the end are only filled in. The same object where both are equal.
        digits: significant digits that are sure; of a computed figure, the least of its parts.
    """

    narrow: Interval
    wide: Interval
    digits: int


class Figure(NamedTuple):
    """A printed figure, in the unit of its column.

    Attributes:
        narrow, wide, digits: what it can stand for, as in `Extent`.
        low: the number itself (of a range, its low end).
        high: the same, or the high end of a range.
        qualifier: `exact`, `about`, `at_least`, `up_to` or `range`.
        shown: the number's printed digits, where they are in the column's own unit.
    """

    narrow: Interval
    wide: Interval
    digits: int
    low: Fraction
    high: Fraction
    qualifier: str = "exact"
    shown: str | None = None


Spread = Extent | Figure
"""Whatever has a narrow and a wide interval."""


def certain(number: Fraction) -> Extent:
    """The extent of what is no rounded figure: a scale, a total of 100."""
    point = Interval(number, number)
    return Extent(point, point, _MANY_DIGITS)


def half_widths(printed: Printed, rounding: str | None) -> tuple[Fraction, Fraction]:
    """Half the narrow and half the wide interval of a printed number.

    Args:
        printed: the number.
        rounding: how its source rounds: `last_digit`, `significant:N`, anything else unknown.

    >>> printed = read_phrase("2,500").low
    >>> [str(half) for half in half_widths(printed, "unknown")]
    ['1/2', '50']
    >>> [str(half) for half in half_widths(printed, "significant:2")]
    ['50', '50']
    """
    last = printed.unit / 2
    if printed.pointed or printed.digits == 0 or rounding == "last_digit":
        return last, last
    kept = kept_digits(rounding)
    if kept is None:
        return last, last * 10**printed.zeros if printed.zeros else last
    # floor(log10|x|) is the number of digits less one: no logarithm, no rounding of it.
    half = last * Fraction(10**printed.digits, 10**kept)
    return half, half


def sure_digits(printed: Printed, rounding: str | None) -> int:
    """How many significant digits of a printed number are sure; 0 for zero itself."""
    if printed.pointed or rounding == "last_digit":
        return printed.digits
    kept = kept_digits(rounding)
    return printed.digits - printed.zeros if kept is None else min(kept, printed.digits)


def kept_digits(rounding: str | None) -> int | None:
    """N of `significant:N`, or None where the rounding is another one.

    >>> kept_digits("significant:2")
    2
    """
    if rounding is None or not rounding.startswith("significant:"):
        return None
    number = rounding.removeprefix("significant:")
    # More digits than any float has are nobody's rounding.
    is_count = number.isascii() and number.isdigit() and len(number) <= 2 and int(number) > 0
    return int(number) if is_count else None


def read_figure(
    text: str | None,
    value: Fraction | None,
    *,
    rounding: str | None = None,
    qualifier: str | None = None,
    high_text: str | None = None,
    high_value: Fraction | None = None,
) -> Figure | None:
    """The figure that a printed text and the number parsed from it are together.

    The interval of the value is the printed one times value / printed number, so that a shift
    of unit (5.9 Bt to 5,900 Mt) needs no declaration.

    Args:
        text: the figure as printed; its own words ("up to 70 million") qualify it where
            `qualifier` says nothing.
        value: the parsed number, in the unit of its column.
        rounding: how the source rounds.
        qualifier: `exact`, `about`, `at_least`, `up_to` or `range`.
        high_text: for a range, the high end as printed; None where `text` holds both ends.
        high_value: for a range, the parsed high end; None where it follows from the texts.

    Returns:
        None where the text is missing or can't be read, where there is no number, where number
        and text differ in sign, or where qualifier and text contradict each other.
    """
    phrase = None if text is None else read_phrase(text)
    if phrase is None or value is None:
        return None
    qualifier = qualifier or phrase.qualifier
    factor = _factor(value, phrase.low)
    if factor is None:
        return None
    if qualifier == "range":
        last = phrase.high or _low_of(high_text)
        if last is None:
            return None
        high = last.number * factor if high_value is None else high_value
        high_factor = _factor(high, last)
        if high_factor is None or high < value:
            return None
        below = _scaled(half_widths(phrase.low, rounding), factor)
        above = _scaled(half_widths(last, rounding), high_factor)
        digits = min(sure_digits(phrase.low, rounding), sure_digits(last, rounding))
        tight = Interval(value - below[0], high + above[0])
        loose = Interval(value - below[1], high + above[1])
        return Figure(tight, loose, digits, value, high, qualifier)
    if phrase.high is not None or qualifier not in _INTERVALS:
        return None
    narrow, wide = _scaled(half_widths(phrase.low, rounding), factor)
    interval = _INTERVALS[qualifier]
    tight = interval(value, narrow)
    loose = tight if wide is narrow else interval(value, wide)
    shown = phrase.low.shown if factor is _ONE else None
    return Figure(
        tight, loose, sure_digits(phrase.low, rounding), value, value, qualifier, shown
    )


_INTERVALS: Mapping[str, Callable[[Fraction, Fraction], Interval]] = {
    "exact": lambda value, half: Interval(value - half, value + half),
    "about": lambda value, half: Interval(value - 2 * half, value + 2 * half),
    "at_least": lambda value, half: Interval(value - half, INFINITY),
    "up_to": lambda value, half: Interval(-INFINITY, value + half),
}


def product(extents: Iterable[Spread], scale: Fraction = _ONE) -> Extent:
    """`scale` times all of them."""
    result = certain(scale)
    for each in extents:
        result = _combined(Interval.times, result, each)
    return result


def total(extents: Iterable[Spread]) -> Extent:
    """The sum of them; of none, a certain 0."""
    result = certain(Fraction(0))
    for each in extents:
        result = _combined(Interval.plus, result, each)
    return result


def quotient(above: Spread, below: Spread, scale: Fraction = _ONE) -> Extent:
    """`scale` times `above` over `below`; anything at all where `below` can be 0."""
    return product([_combined(Interval.over, above, below)], scale)


def agreement(one: Spread | None, other: Spread | None) -> Verdict:
    """The verdict of "one equals the other".

    Wide intervals without a common number: failed, whatever the number of digits. Narrow ones
    with a common number, and two sure digits or more everywhere: held. Else, and where a figure
    is missing (None): undecided.
    """
    if one is None or other is None:
        return Verdict.UNDECIDED
    if not one.wide.overlaps(other.wide):
        return Verdict.FAILED
    if one.digits >= 2 and other.digits >= 2 and one.narrow.overlaps(other.narrow):
        return Verdict.HELD
    return Verdict.UNDECIDED


def _combined(
    operation: Callable[[Interval, Interval], Interval], one: Spread, other: Spread
) -> Extent:
    narrow = operation(one.narrow, other.narrow)
    # Most figures have one width: don't compute it twice.
    single = one.narrow is one.wide and other.narrow is other.wide
    wide = narrow if single else operation(one.wide, other.wide)
    return Extent(narrow, wide, min(one.digits, other.digits))


def _low_of(text: str | None) -> Printed | None:
    phrase = None if text is None else read_phrase(text)
    return None if phrase is None else phrase.high or phrase.low


def _scaled(halves: tuple[Fraction, Fraction], factor: Fraction) -> tuple[Fraction, Fraction]:
    if factor is _ONE:
        return halves
    narrow = halves[0] * factor
    return narrow, narrow if halves[0] is halves[1] else halves[1] * factor


def _factor(value: Fraction, printed: Printed) -> Fraction | None:
    """The value in units of the printed number; None where their signs differ or one is 0."""
    if value == printed.number:
        return _ONE
    if printed.number == 0:
        return None
    factor = value / printed.number
    return factor if factor > 0 else None


def _plus(one: End, other: End) -> End:
    # Never fraction + infinity: Python would make the fraction a float, which can overflow.
    if isinstance(one, float):
        return one
    return other if isinstance(other, float) else one + other


def _times(one: End, other: End) -> End:
    """A product in which 0 times infinity is 0: no number in an interval is infinite."""
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return one * other
    if one == 0 or other == 0:
        return Fraction(0)
    return INFINITY if (one > 0) == (other > 0) else -INFINITY


def _inverse(end: End) -> End:
    """1 / end; 0 for an open end."""
    return 1 / end if isinstance(end, Fraction) else Fraction(0)
