"""What a text that is no number, in its field's form, was likely meant to be."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rekodiq_data.descriptor.model import Field

_CURRENCY = re.compile(r"(?:Rs\.?|PKR|USD|EUR|GBP|US(?=\$))", re.IGNORECASE)
_FORM = re.compile(r"([+-]?)([0-9][0-9.,'’_ ]*|[.,][0-9]+)(?:[eE]([+-]?[0-9]{1,3}))?")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:[^0-9][0-9]{2,3})*[^0-9][0-9]{3}")
_INFINITE = {"infinity": "INF", "+infinity": "INF", "+inf": "INF", "-infinity": "-INF"}
_LONGEST_WHOLE = 18


def likely_numbers(field: Field, text: str) -> Iterator[str]:
    """Numbers that a text may mean, best first, in the field's own form."""
    if field.type == "number" and text.lower() in _INFINITE:
        yield _INFINITE[text.lower()]
    core = _without_signs(text)
    match = _FORM.fullmatch(core)
    if match is None:
        return
    sign, body, power = match.groups(default="")
    mark = field.decimal_char or "."
    parts = _whole_and_fraction(body, mark)
    if parts is None:
        return
    whole, fraction = parts
    sign = "-" if sign == "-" else ""
    if field.type == "number":
        tail = f"{mark}{fraction}" if fraction else ""
        yield f"{sign}{whole or '0'}{tail}{power and 'E' + power}"
        return
    digits = _moved(whole, fraction, int(power or 0))
    if digits is not None:
        yield sign + digits


def _without_signs(text: str) -> str:
    """Without currency, percent, and the brackets that mean minus in accounts.

    >>> [_without_signs(text) for text in ("5%", "US$ 1,213", "(40)", "Rs. 500")]
    ['5', '1,213', '-40', '500']
    """
    core = text
    if core.startswith("(") and core.endswith(")"):
        core = "-" + core[1:-1]
    sign = core[:1] if core[:1] in ("+", "-") else ""
    core = _bare(_CURRENCY.sub("", core.removeprefix(sign)))
    return sign + core if not core.startswith(("+", "-")) or not sign else text


def _bare(text: str) -> str:
    def is_around(char: str) -> bool:
        return char in "% " or unicodedata.category(char) == "Sc"

    start, end = 0, len(text)
    while start < end and is_around(text[start]):
        start += 1
    while end > start and is_around(text[end - 1]):
        end -= 1
    return text[start:end]


def _whole_and_fraction(body: str, mark: str) -> tuple[str, str] | None:
    """The digits before and after the decimal mark that was meant, or None where it is open.

    A single mark before three digits groups them ("1,213"), unless it is the field's own
    decimal mark; before fewer or more it is a decimal mark ("3,14").
    """
    kinds = sorted({char for char in body if not char.isdigit()}, key=body.rfind)
    if not kinds:
        return body, ""
    last = kinds[-1]
    once = body.count(last) == 1
    if last in ".," and once and (len(kinds) > 1 or last == mark or not _is_grouped(body)):
        whole, fraction = body.split(last)
        rest = whole if len(kinds) > 1 else ""
        return (_digits(whole), fraction) if not rest or _is_grouped(rest) else None
    return (_digits(body), "") if len(kinds) == 1 and _is_grouped(body) else None


def _is_grouped(text: str) -> bool:
    """Whether marks stand as they do between thousands, or lakhs and crores."""
    return _GROUPED.fullmatch(text) is not None


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _moved(whole: str, fraction: str, power: int) -> str | None:
    """An integer that was written with a fraction or an exponent; None where it is none."""
    digits = whole + fraction
    point = len(whole) + power
    if point > _LONGEST_WHOLE or digits[max(point, 0) :].strip("0"):
        return None
    return digits[: max(point, 0)].ljust(point, "0").lstrip("0") or "0"
