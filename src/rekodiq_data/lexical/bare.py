"""`bareNumber: false`: a number with other signs around it, such as "95%" or "EUR 95"."""

from __future__ import annotations

import re
import unicodedata

_AROUND = re.compile("([^0-9]*+)([0-9](?:.*[0-9])?)([^0-9]*+)", re.DOTALL)


def core_of(text: str, mark: str) -> str:
    """The text without what stands around its number ("" where there is no saying).

    >>> [core_of(text, ".") for text in ("EUR -95", "95.5 %", "€.5", "Rs.500", "-$5")]
    ['-95', '95.5', '.5', '500', '']
    """
    match = _AROUND.fullmatch(text)
    if match is None:
        return ""
    before, core, after = match.groups()
    if before.endswith(mark) and not before.removesuffix(mark)[-1:].isalpha():
        before, core = before.removesuffix(mark), mark + core
    if before.endswith(("+", "-")):
        before, core = before[:-1], before[-1] + core
    return "" if any(map(_is_dash, before)) or any(map(_counts, before + after)) else core


def _is_dash(char: str) -> bool:
    """Whether a character may be the number's minus: dropping it would turn its sign."""
    return char == "−" or unicodedata.category(char) == "Pd"


def _counts(char: str) -> bool:
    """Whether a character is a digit of another script, or a fraction such as ½."""
    return char.isdecimal() or (char.isnumeric() and unicodedata.numeric(char) % 1 != 0)
