"""Numbers as printed: the text of a figure to its number, its last place, and its words.

"up to 70 million", "1,213", "0.30", "US$1.4-1.7 billion" and "2.4 Bt" are figures; "three
billion" and "5 of 14" are not, and nothing is guessed for them. Commas, blanks and apostrophes
between digits are group marks (of three digits, or in lakh and crore of two); a decimal comma
is not read.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple


class Printed(NamedTuple):
    """One number as printed.

    Attributes:
        number: its value, scale words ("million") included.
        unit: the value of one unit of its last printed digit.
        pointed: whether it has a decimal point or an exponent, so that zeros at its end count.
        digits: printed digits from the first that is not zero to the last; 0 for zero.
        zeros: zeros at its end that may only be filled in; 0 where it is pointed.
        shown: its digits as printed, without words.
    """

    number: Fraction
    unit: Fraction
    pointed: bool
    digits: int
    zeros: int
    shown: str


class Phrase(NamedTuple):
    """What a printed text says: a number or two, how it qualifies them, and their unit.

    `high` is the second number of a range. `unit` is the text behind number and scale word.
    """

    low: Printed
    high: Printed | None
    qualifier: str
    unit: str


QUALIFIERS = ("exact", "about", "at_least", "up_to", "range")

_BEFORE = {
    "about": "about, around, approximately, approx., approx, circa, ca., ca, c., roughly, "
    "some, nearly, almost, close to, ~, \u2248",
    "at_least": "at least, more than, over, just over, above, exceeding, no less than, "
    "not less than, greater than, upwards of, >=, >, \u2265",
    "up_to": "up to, at most, less than, under, just under, below, no more than, "
    "not more than, <=, <, \u2264",
}
_AFTER = {"at_least": "or more, +", "up_to": "or less"}
_SCALES = {
    "thousand": 10**3,
    "lakh": 10**5,
    "million": 10**6,
    "mn": 10**6,
    "mln": 10**6,
    "crore": 10**7,
    "billion": 10**9,
    "bn": 10**9,
    "trillion": 10**12,
}
# Letters that are units of measure elsewhere mean thousands and millions beside a currency.
_MONEY_SCALES = {"k": 10**3, "m": 10**6, "b": 10**9}

# Longer texts are prose, and Python refuses to read numbers of thousands of digits.
_LONGEST = 200

_PLAIN = re.compile(r"([+-]?)((?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?)")
_BLANKS = re.compile(r"\s+")  # narrow and no-break blanks too
_CURRENCY = re.compile(r"(?:[A-Z]{0,3}[$\u20ac\u00a3\u00a5\u20a8]|Rs\.?|[A-Z]{3}(?=[ 0-9])) ?")
_NUMBER = re.compile(
    r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])"  # 1,234,567
    r"|[0-9]{1,2}(?:,[0-9]{2})*,[0-9]{3}(?![0-9])"  # 12,34,567
    r"|[0-9]{1,3}(?: [0-9]{3})+(?![0-9])"
    r"|[0-9]{1,3}(?:['\u2019][0-9]{3})+(?![0-9])"
    r"|[0-9]+|(?=\.[0-9]))(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3}(?![0-9]))?"
)
_GROUP_MARKS = str.maketrans("", "", ", '\u2019")
_SIGNS = str.maketrans("\u2212", "-")
_TO = re.compile(r" ?(?:[-\u2013\u2014]|to\b) ?")
_AND = re.compile(r" ?(?:[-\u2013\u2014]|to\b|and\b) ?")
# A digit that is no part of a unit such as km2: another number, so not one figure. An exponent
# that is too large is none either.
_ANOTHER_NUMBER = re.compile(r"(?<![A-Za-z0-9])[0-9]|^[eE][+-]?[0-9]")


def _phrases(words: dict[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """A pattern for each qualifier's words, longest first, not ending inside a word."""
    return tuple(
        (
            re.compile(
                " ?(?:"
                + "|".join(
                    re.escape(word) + (r"\b" if word[-1].isalpha() else "")
                    for word in sorted(listed.split(", "), key=len, reverse=True)
                )
                + ") ?",
                re.IGNORECASE,
            ),
            name,
        )
        for name, listed in words.items()
    )


_BEFORE_PATTERNS = _phrases(_BEFORE)
_AFTER_PATTERNS = _phrases(_AFTER)
_BETWEEN = re.compile(r"(?:between|from) ", re.IGNORECASE)
_SCALE_WORD = re.compile(rf" ?({'|'.join(_SCALES)})s?(?![A-Za-z])", re.IGNORECASE)
_MONEY_SCALE = re.compile(r" ?([kmb])(?![A-Za-z0-9])", re.IGNORECASE)


@lru_cache(maxsize=1 << 16)
def read_phrase(text: str) -> Phrase | None:
    """What `text` says, or None where it is not one figure (or one range of figures).

    >>> read_phrase("up to 70 million").low.number, read_phrase("up to 70 million").qualifier
    (Fraction(70000000, 1), 'up_to')
    >>> read_phrase("0.30").low.digits
    2
    >>> read_phrase("5 of 14 porphyries") is None
    True
    """
    if len(text) > _LONGEST:
        return None
    plain = _PLAIN.fullmatch(text)
    if plain is not None:
        sign, digits = plain.groups()
        return Phrase(_printed(digits, negative=sign == "-"), None, "exact", "")
    rest = _BLANKS.sub(" ", text).strip().translate(_SIGNS)
    before, rest = _take(_BEFORE_PATTERNS, rest)
    between = _BETWEEN.match(rest)
    rest = rest[between.end() :] if between else rest
    low = _end(rest)
    if low is None:
        return None
    high = None
    joint = (_AND if between else _TO).match(low.rest)
    if joint is not None:
        high = _end(low.rest[joint.end() :])
    if between is not None and high is None:
        return None
    after, rest = _take(_AFTER_PATTERNS, (high or low).rest)
    unit = rest.strip()
    if _ANOTHER_NUMBER.search(unit):
        return None
    if high is None:
        return Phrase(low.printed(low.scale), None, before or after or "exact", unit)
    # "5 to 6 million" are millions both.
    first, last = low.printed(low.scale or high.scale), high.printed(high.scale)
    return Phrase(first, last, "range", unit) if first.number <= last.number else None


class _End(NamedTuple):
    """One number of a text, and what of the text is left behind it."""

    digits: str
    negative: bool
    scale: int | None
    rest: str

    def printed(self, scale: int | None) -> Printed:
        return _printed(self.digits, negative=self.negative, scale=scale or 1)


def _take(patterns: tuple[tuple[re.Pattern[str], str], ...], text: str) -> tuple[str, str]:
    """The qualifier that `text` begins with, or nothing, and the text without it."""
    for pattern, name in patterns:
        found = pattern.match(text)
        if found is not None:
            return name, text[found.end() :]
    return "", text


def _end(text: str) -> _End | None:
    """The number that `text` begins with: sign, currency, digits, scale word."""
    signed = text[:1] in ("-", "+")
    rest = text[signed:]
    currency = _CURRENCY.match(rest)
    rest = rest[currency.end() :] if currency else rest
    number = _NUMBER.match(rest)
    if number is None:
        return None
    digits, rest = number[0], rest[number.end() :]
    found = _SCALE_WORD.match(rest)
    scale = _SCALES[found[1].lower()] if found else None
    if found is None and currency is not None:
        found = _MONEY_SCALE.match(rest)
        scale = _MONEY_SCALES[found[1].lower()] if found else None
    rest = rest[found.end() :] if found else rest
    return _End(digits, text[:1] == "-", scale, rest)


def _printed(shown: str, *, negative: bool, scale: int = 1) -> Printed:
    """The number with the digits `shown`, group marks, point and exponent included."""
    mantissa, _, exponent = shown.lower().partition("e")
    whole, point, decimals = mantissa.translate(_GROUP_MARKS).partition(".")
    power = int(exponent or 0) - len(decimals)
    unit = Fraction(scale * 10**power) if power >= 0 else Fraction(scale, 10**-power)
    count = int(whole + decimals)
    counted = str(count) if count else ""
    pointed = bool(point or exponent)
    return Printed(
        number=(-count if negative else count) * unit,
        unit=unit,
        pointed=pointed,
        digits=len(counted),
        zeros=0 if pointed else len(counted) - len(counted.rstrip("0")),
        shown="-" * negative + shown,
    )
