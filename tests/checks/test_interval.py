"""Intervals of printed figures, and when two of them agree."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekodiq_data.checks.base import Verdict
from rekodiq_data.checks.interval import (
    Figure,
    Interval,
    agreement,
    certain,
    product,
    quotient,
    read_figure,
    total,
)

NO_END = math.inf


def read(text: str, value: str | None = None, **more: Any) -> Figure:
    found = read_figure(text, Fraction(value if value else text.replace(",", "")), **more)
    assert found is not None
    return found


def ends(interval: Interval) -> tuple[str, str]:
    return str(interval.low), str(interval.high)


@pytest.mark.parametrize(
    ("text", "rounding", "narrow", "wide"),
    [
        ("0.30", "unknown", ("59/200", "61/200"), ("59/200", "61/200")),
        ("0.30", "significant:1", ("59/200", "61/200"), ("59/200", "61/200")),
        ("1,213", "last_digit", ("2425/2", "2427/2"), ("2425/2", "2427/2")),
        ("2,500", "last_digit", ("4999/2", "5001/2"), ("4999/2", "5001/2")),
        ("2,500", "significant:2", ("2450", "2550"), ("2450", "2550")),
        ("2,500", "significant:3", ("2495", "2505"), ("2495", "2505")),
        ("2,500", "unknown", ("4999/2", "5001/2"), ("2450", "2550")),
        ("2,500", None, ("4999/2", "5001/2"), ("2450", "2550")),
        ("2,500", "significant:none", ("4999/2", "5001/2"), ("2450", "2550")),
        ("2,500", "significant:0", ("4999/2", "5001/2"), ("2450", "2550")),
        ("3", "significant:2", ("59/20", "61/20"), ("59/20", "61/20")),
        ("0", "significant:2", ("-1/2", "1/2"), ("-1/2", "1/2")),
        ("0", "unknown", ("-1/2", "1/2"), ("-1/2", "1/2")),
    ],
)
def test_the_width_of_a_printed_number_follows_its_rounding(
    text: str, rounding: str | None, narrow: tuple[str, str], wide: tuple[str, str]
) -> None:
    figure = read(text, rounding=rounding)

    assert (ends(figure.narrow), ends(figure.wide)) == (narrow, wide)


def test_a_shift_of_unit_scales_the_width() -> None:
    figure = read("5.9", "5900")

    assert ends(figure.wide) == ("5850", "5950")
    assert figure.shown is None


@pytest.mark.parametrize(
    ("qualifier", "low", "high"),
    [
        ("exact", "5/2", "7/2"),
        ("about", "2", "4"),
        ("at_least", "5/2", "inf"),
        ("up_to", "-inf", "7/2"),
    ],
)
def test_a_qualifier_opens_or_doubles_the_interval(qualifier: str, low: str, high: str) -> None:
    assert ends(read("3", qualifier=qualifier).narrow) == (low, high)


def test_the_words_of_the_text_qualify_it_where_no_column_does() -> None:
    figure = read("up to 70 million", "70000000")

    assert figure.qualifier == "up_to"
    assert ends(figure.narrow) == ("-inf", "70500000")
    assert ends(figure.wide) == ("-inf", "75000000")


def test_a_column_of_qualifiers_has_the_last_word() -> None:
    assert ends(read("up to 70", "70", qualifier="exact").narrow) == ("139/2", "141/2")


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("5-6 Bt", {}),
        ("5-6 Bt", {"high_value": Fraction(6000)}),
        ("5", {"qualifier": "range", "high_text": "6"}),
        ("5", {"qualifier": "range", "high_text": "6", "high_value": Fraction(6000)}),
        ("5", {"qualifier": "range", "high_text": "5-6"}),
    ],
)
def test_a_range_goes_from_below_its_low_to_above_its_high_end(
    text: str, more: dict[str, Any]
) -> None:
    figure = read(text, "5000", **more)

    assert ends(figure.narrow) == ("4500", "6500")
    assert (figure.low, figure.high, figure.digits) == (5000, 6000, 1)


@pytest.mark.parametrize(
    ("text", "value", "more"),
    [
        (None, Fraction(5), {}),
        ("5", None, {}),
        ("five", Fraction(5), {}),
        ("5", Fraction(-5), {}),
        ("0", Fraction(5), {}),
        ("5", Fraction(0), {}),
        ("5", Fraction(5), {"qualifier": "perhaps"}),
        ("5-6", Fraction(5), {"qualifier": "exact"}),
        ("5", Fraction(5), {"qualifier": "range"}),
        ("5", Fraction(5), {"qualifier": "range", "high_text": "six"}),
        ("5-6", Fraction(5), {"high_value": Fraction(4)}),
        ("5-6", Fraction(5), {"high_value": Fraction(-6)}),
    ],
)
def test_what_contradicts_itself_is_no_figure(
    text: str | None, value: Fraction | None, more: dict[str, Any]
) -> None:
    assert read_figure(text, value, **more) is None


@pytest.mark.parametrize(
    ("text", "rounding", "digits"),
    [
        ("0.30", None, 2),
        ("0.05", None, 1),
        ("1,213", None, 4),
        ("2,500", None, 2),
        ("300", None, 1),
        ("300", "last_digit", 3),
        ("300", "significant:2", 2),
        ("3", "significant:2", 1),
        ("0", None, 0),
    ],
)
def test_only_sure_digits_count(text: str, rounding: str | None, digits: int) -> None:
    assert read(text, rounding=rounding).digits == digits


# -- arithmetic ------------------------------------------------------------------------------

fractions = st.fractions(min_value=-50, max_value=50, max_denominator=20)
ends_of_intervals = st.one_of(fractions, st.sampled_from([NO_END, -NO_END]))


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    low, high = sorted([draw(ends_of_intervals), draw(ends_of_intervals)])
    if low == high and isinstance(low, float):
        return Interval(-NO_END, NO_END)
    return Interval(low, high)


def inside(interval: Interval, data: st.DataObject) -> Fraction:
    low = interval.low if isinstance(interval.low, Fraction) else None
    high = interval.high if isinstance(interval.high, Fraction) else None
    if low is not None and low == high:
        return low
    return data.draw(st.fractions(min_value=low, max_value=high, max_denominator=50))


@given(intervals(), intervals(), st.data())
def test_arithmetic_of_intervals_holds_every_result_of_their_numbers(
    one: Interval, other: Interval, data: st.DataObject
) -> None:
    first, second = inside(one, data), inside(other, data)

    summed, multiplied, divided = one.plus(other), one.times(other), one.over(other)

    assert summed.low <= first + second <= summed.high
    assert multiplied.low <= first * second <= multiplied.high
    if second:
        assert divided.low <= first / second <= divided.high


@given(intervals(), intervals())
def test_open_ends_never_make_a_number_that_is_none(one: Interval, other: Interval) -> None:
    for result in (one.plus(other), one.times(other), one.over(other)):
        assert not any(isinstance(end, float) and math.isnan(end) for end in result)
        assert result.low <= result.high


def test_a_huge_number_beside_an_open_end_does_not_overflow() -> None:
    huge = Interval(Fraction(10**400), Fraction(10**400))

    assert huge.times(Interval(Fraction(1), NO_END)) == (10**400, NO_END)
    assert huge.plus(Interval(Fraction(1), NO_END)) == (10**400 + 1, NO_END)


def test_intervals_that_touch_have_a_number_in_common() -> None:
    half, fifteen, share = (
        certain(Fraction(1, 2)),
        read("15", rounding="last_digit"),
        read("7.3"),
    )

    computed = product([half, fifteen])

    assert ends(computed.wide) == ("29/4", "31/4")
    assert share.narrow.low == Fraction("7.25")
    assert agreement(share, computed) is Verdict.HELD


def test_of_a_computed_figure_the_weakest_part_tells_the_digits() -> None:
    assert product([read("0.43"), read("1,213")]).digits == 2
    assert total([read("5"), read("1,213")]).digits == 1
    assert quotient(read("0.4"), read("1,213")).digits == 1
    assert total([]) == certain(Fraction(0))


def test_a_quotient_by_what_can_be_zero_can_be_anything() -> None:
    assert quotient(read("5"), read("0")).wide == (-NO_END, NO_END)


# -- verdicts --------------------------------------------------------------------------------


def test_disjoint_wide_intervals_fail_whatever_the_digits() -> None:
    assert agreement(read("3"), read("5")) is Verdict.FAILED


def test_narrow_intervals_with_two_digits_everywhere_are_held() -> None:
    assert agreement(read("0.43"), read("0.434")) is Verdict.HELD


def test_one_digit_is_never_held() -> None:
    assert agreement(read("3"), read("3.1")) is Verdict.UNDECIDED


def test_wide_intervals_alone_decide_nothing() -> None:
    assert agreement(read("2,500"), read("2,530")) is Verdict.UNDECIDED


def test_a_missing_figure_decides_nothing() -> None:
    assert agreement(None, read("2,530")) is Verdict.UNDECIDED
    assert agreement(read("2,530"), None) is Verdict.UNDECIDED
