"""Numbers rounded and printed as sources print them, for generated tests."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from hypothesis import strategies as st


def printed(number: Fraction, digits: int) -> str:
    """A positive number rounded to so many significant digits, its zeros kept.

    >>> printed(Fraction(2474), 2), printed(Fraction(3, 10), 2), printed(Fraction(996, 100), 2)
    ('2500', '0.30', '10')
    """
    context = Context(prec=digits, rounding=ROUND_HALF_EVEN)
    rounded = context.divide(Decimal(number.numerator), Decimal(number.denominator))
    places = digits - 1 - rounded.adjusted()
    if places <= 0:
        return f"{rounded:.0f}"
    return f"{rounded:.{places}f}"


def positive(low: str, high: str) -> st.SearchStrategy[Fraction]:
    """Exact positive numbers between two bounds."""
    return st.fractions(
        min_value=Fraction(low), max_value=Fraction(high), max_denominator=10**6
    )
