"""strptime patterns: fixed-width reading of whole columns, and the exact reading of one text.

"Values should be parsable by Python / C standard strptime using the pattern": so what both take
is right (a day without its leading zero, a month's name in capitals), and what Python alone
takes is not: digits and blanks of other scripts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data.lexical.parsed import mask

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_WIDTHS = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2, "f": 6}
_HIGHEST = {"m": 12, "H": 23, "M": 59, "S": 59}
_LEAST = {"Y": 1, "m": 1, "d": 1}
_PIECE = re.compile("%(.)|([^%])", re.DOTALL)
_HAS_YEAR = re.compile("%[YyGcxD]")
_MONTH_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def strptime(text: str, pattern: str) -> datetime | None:
    """The moment that a text names under a pattern, or None.

    >>> strptime("5/1/2024", "%d/%m/%Y")
    datetime.datetime(2024, 1, 5, 0, 0)
    """
    if not text.isascii() and not set(filter(lambda char: char > "\x7f", text)) <= set(pattern):
        return None
    try:
        if _HAS_YEAR.search(pattern) is None:
            # Python 3.13 warns of a day without a year; its own default is 1900.
            return datetime.strptime(f"2000|{text}", f"%Y|{pattern}").replace(year=1900)
        return datetime.strptime(text, pattern)
    except (ValueError, OverflowError, LookupError, re.error):
        # Beyond a text that does not match: a pattern that is none (a stray %, %Y twice).
        return None


@dataclass(frozen=True, slots=True)
class FixedWidth:
    """A pattern whose texts have one width, where every part stands at one place.

    Attributes:
        width: characters, all of them ASCII.
        places: directive to (first character, width).
        literals: place of a character to what must stand there.
    """

    width: int
    places: Mapping[str, tuple[int, int]]
    literals: Mapping[int, int]

    def read(
        self, text: pa.StringArray
    ) -> tuple[NDArray[np.bool_], dict[str, NDArray[np.int64]]]:
        """Read the texts that have this form and name a real day and hour.

        Returns:
            A mask over the texts, and per directive the numbers of those under the mask.
        """
        of_width = mask(pc.equal(pc.binary_length(text), self.width))
        cells = text.filter(pa.array(of_width))
        count = len(cells)
        if not count:
            return of_width, {directive: np.zeros(0, np.int64) for directive in self.places}
        _, offsets, data = cells.buffers()
        first = np.frombuffer(offsets, np.int32)[cells.offset]
        chars = np.frombuffer(data, np.uint8)[first : first + count * self.width]
        # One row per place in the text: each step below runs along memory.
        grid = np.ascontiguousarray(chars.reshape(count, self.width).T)
        right = np.ones(count, np.bool_)
        for place, char in self.literals.items():
            right &= grid[place] == char
        numbers: dict[str, NDArray[np.int64]] = {}
        for directive, (start, width) in self.places.items():
            number = np.zeros(count, np.int64)
            for row in grid[start : start + width]:
                digit = row - np.uint8(ord("0"))  # wraps below "0"
                right &= digit <= 9
                number = number * 10 + digit
            right &= number >= _LEAST.get(directive, 0)
            right &= number <= _HIGHEST.get(directive, 10**width)
            numbers[directive] = number
        if "d" in numbers:
            right &= numbers["d"] <= _days_of_month(numbers, right)
        of_width[of_width] = right
        if right.all():
            return of_width, numbers
        return of_width, {directive: each[right] for directive, each in numbers.items()}


def _days_of_month(
    numbers: Mapping[str, NDArray[np.int64]], right: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Days of the month that each text names; a missing year is 1900, no leap year."""
    zeros = np.zeros(len(right), np.int64)
    month = np.where(right, numbers.get("m", zeros + 1), 1)
    year = numbers.get("Y", zeros + 1900)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    days: NDArray[np.int64] = _MONTH_DAYS[month] - ((month == 2) & ~leap)
    return days


def fixed_width(pattern: str) -> FixedWidth | None:
    """The fixed-width form of a pattern, or None where it has none.

    >>> fixed_width("%d.%m.%Y").width
    10
    >>> fixed_width("%d %b %Y") is None
    True
    """
    places: dict[str, tuple[int, int]] = {}
    literals: dict[int, int] = {}
    width = 0
    pieces = _PIECE.findall(pattern)
    if sum(2 if directive else 1 for directive, _ in pieces) != len(pattern):
        return None  # a stray % at the end
    for directive, literal in pieces:
        if directive in _WIDTHS and directive not in places:
            places[directive] = (width, _WIDTHS[directive])
            width += _WIDTHS[directive]
        elif literal and literal.isascii():
            literals[width] = ord(literal)
            width += 1
        else:
            return None
    return FixedWidth(width, places, literals) if places else None
