"""Figures in words: "300 Mt x 0.43 % gives 1,275 to 1,305 kt"."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from rekodiq_data.checks.interval import INFINITY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rekodiq_data.checks.interval import End, Figure, Interval, Spread

_UNITS = {
    "bt": "Bt",
    "mt": "Mt",
    "kt": "kt",
    "t": "t",
    "kg": "kg",
    "g": "g",
    "blb": "Blb",
    "mlb": "Mlb",
    "lb": "lb",
    "moz": "Moz",
    "koz": "koz",
    "oz": "oz",
    "pct": "%",
    "percent": "%",
    "gpt": "g/t",
    "km2": "km2",
    "ha": "ha",
    "km": "km",
    "usd": "USD",
    "pkr": "PKR",
}
_QUALIFIERS = {"about": "about ", "at_least": "at least ", "up_to": "up to "}

# Decimal places up to which a number is shown in full; digits that others are rounded to.
_PLACES = 9
_DIGITS = 6


def unit_of(column: str) -> str:
    """The unit that a column's name ends in, or nothing.

    >>> unit_of("tonnage_mt"), unit_of("grade_au_gpt"), unit_of("title")
    ('Mt', 'g/t', '')
    """
    stem, _, last = column.rpartition("_")
    return _UNITS.get(last, "") if stem else ""


def number(value: End) -> str:
    """A number with group marks: exact where it is short, else to six significant digits.

    >>> number(Fraction(25, 2)), number(Fraction(1290)), number(Fraction(25000, 3))
    ('12.5', '1,290', '8,333.33')
    """
    if not isinstance(value, Fraction):
        return "no limit"
    whole = len(str(abs(value.numerator) // value.denominator))
    is_short = (value * 10**_PLACES).denominator == 1
    context = Context(prec=whole + _PLACES if is_short else max(_DIGITS, whole))
    text = f"{context.divide(Decimal(value.numerator), Decimal(value.denominator)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def with_unit(text: str, unit: str) -> str:
    """`text` followed by its unit, where there is one."""
    return f"{text} {unit}" if unit else text


def span(interval: Interval, unit: str = "") -> str:
    """An interval: "1,275 to 1,305 kt", "at least 5", or one number.

    >>> from rekodiq_data.checks.interval import Interval
    >>> span(Interval(Fraction(1275), Fraction(1305)), "kt")
    '1,275 to 1,305 kt'
    """
    low, high = interval
    if low == high:
        text = number(low)
    elif low == -INFINITY and high == INFINITY:
        return "any number"
    elif high == INFINITY:
        text = f"at least {number(low)}"
    elif low == -INFINITY:
        text = f"up to {number(high)}"
    else:
        # Ends that look alike to six digits are said once.
        text = " to ".join(dict.fromkeys((number(low), number(high))))
    return with_unit(text, unit)


def figure(printed: Figure, column: str) -> str:
    """A figure of a column: "2,500 Mt", "about 0.30 %", "5 to 6 Moz"."""
    if printed.qualifier == "range":
        text = f"{number(printed.low)} to {number(printed.high)}"
    else:
        shown = printed.shown
        # Printed zeros say how far the figure goes; its group marks may be any.
        text = number(printed.low) if shown is None else grouped(shown)
    return with_unit(_QUALIFIERS.get(printed.qualifier, "") + text, unit_of(column))


def grouped(shown: str) -> str:
    """Printed digits with group marks put in where they have none.

    >>> grouped("12500.0"), grouped("1,213"), grouped("1e3")
    ('12,500.0', '1,213', '1e3')
    """
    head, point, tail = shown.partition(".")
    sign = "-" if head.startswith("-") else ""
    digits = head.removeprefix("-")
    if len(digits) <= 3 or not digits.isascii() or not digits.isdigit():
        return shown
    return f"{sign}{int(digits):,}{point}{tail}"


def distance(stated: Figure, computed: Interval, unit: str = "") -> str:
    """How far a figure is from an interval that it does not touch: "45 kt too high"."""
    if isinstance(computed.high, Fraction) and stated.low > computed.high:
        return f"{with_unit(number(stated.low - computed.high), unit)} too high"
    assert isinstance(computed.low, Fraction)
    return f"{with_unit(number(computed.low - stated.high), unit)} too low"


def comparison(
    left: str,
    computed: Spread,
    stated: Figure,
    column: str,
    *,
    gives: str = "gives",
    says: str = "the table says",
) -> str:
    """A whole sentence: what follows from the left side, what stands there, how far it is off.

    Args:
        left: the operands in words.
        computed: what follows from them.
        stated: the figure that should agree.
        column: its column, for the unit.
        gives: the verb between the operands and what follows.
        says: who states the figure.
    """
    unit = unit_of(column)
    words = f"{left} {gives} {span(computed.wide, unit)}; {says} {figure(stated, column)}"
    if stated.wide.overlaps(computed.wide):
        return words
    return f"{words}, {distance(stated, computed.wide, unit)}"


def unread(columns: Sequence[str]) -> str:
    """A sentence for what can't be compared: "grade_cu_pct is missing or not readable"."""
    return (
        f"{' and '.join(columns)} {'are' if len(columns) > 1 else 'is'} missing or not readable"
    )


def listed(items: Sequence[str], joint: str = ", ", most: int = 6) -> str:
    """Items in a row; of many the first ones, and how many more there are.

    >>> listed(["1", "2", "3"], " + ", most=2)
    '1 + 2 + 1 more'
    """
    shown = list(items[:most])
    if len(items) > most:
        shown.append(f"{len(items) - most:,} more")
    return joint.join(shown)
