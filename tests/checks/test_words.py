"""Figures in words."""

from __future__ import annotations

from fractions import Fraction

import pytest

from rekodiq_data.checks.interval import INFINITY, Interval, read_figure
from rekodiq_data.checks.words import (
    comparison,
    figure,
    grouped,
    listed,
    number,
    span,
    unit_of,
    unread,
)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("0", "0"),
        ("1290", "1,290"),
        ("-1234.5", "-1,234.5"),
        ("12246.99399", "12,246.99399"),
        ("0.000123456789", "0.000123457"),
        ("25/3", "8.33333"),
        ("25000/3", "8,333.33"),
        ("1234567891/3", "411,522,630"),
        ("2/30000000", "0.0000000666667"),
    ],
)
def test_a_number_is_shown_in_full_where_it_is_short(value: str, words: str) -> None:
    assert number(Fraction(value)) == words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (Fraction(1275), Fraction(1305), "1,275 to 1,305 kt"),
        (Fraction(5), Fraction(5), "5 kt"),
        (Fraction(5), INFINITY, "at least 5 kt"),
        (-INFINITY, Fraction(5), "up to 5 kt"),
        (-INFINITY, INFINITY, "any number"),
    ],
)
def test_an_interval_in_words(
    low: Fraction | float, high: Fraction | float, words: str
) -> None:
    assert span(Interval(low, high), "kt") == words


def test_an_open_end_is_no_limit() -> None:
    assert number(INFINITY) == "no limit"


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("0.30", "0.3", "0.30 Mt"),
        ("2500", "2500", "2,500 Mt"),
        ("5.9", "5900", "5,900 Mt"),
        ("up to 70", "70", "up to 70 Mt"),
        ("about 0.5", "0.5", "about 0.5 Mt"),
        ("over 3", "3", "at least 3 Mt"),
        ("5-6", "5", "5 to 6 Mt"),
    ],
)
def test_a_figure_in_words_keeps_its_zeros_and_its_qualifier(
    text: str, value: str, words: str
) -> None:
    found = read_figure(text, Fraction(value))

    assert found is not None
    assert figure(found, "tonnage_mt") == words


@pytest.mark.parametrize(
    ("shown", "words"), [("-12500.0", "-12,500.0"), ("500", "500"), ("1 213", "1 213")]
)
def test_printed_digits_get_group_marks_once(shown: str, words: str) -> None:
    assert grouped(shown) == words


def test_a_comparison_says_how_far_the_figure_is_off() -> None:
    high, low, fits = (read_figure(text, Fraction(text)) for text in ("13.1", "11.9", "12.5"))
    computed = read_figure("12.5", Fraction("12.5"))
    assert high is not None
    assert low is not None
    assert fits is not None
    assert computed is not None

    sentences = [comparison("A", computed, each, "metal_kt") for each in (high, low, fits)]

    assert sentences == [
        "A gives 12.45 to 12.55 kt; the table says 13.1 kt, 0.55 kt too high",
        "A gives 12.45 to 12.55 kt; the table says 11.9 kt, 0.55 kt too low",
        "A gives 12.45 to 12.55 kt; the table says 12.5 kt",
    ]


def test_a_column_name_alone_is_no_unit() -> None:
    assert [unit_of(name) for name in ("mt", "grade_au_gpt", "share_percent", "title")] == [
        *("", "g/t", "%", "")
    ]


def test_what_cannot_be_read_is_named() -> None:
    assert unread(["a"]) == "a is missing or not readable"
    assert unread(["a", "b"]) == "a and b are missing or not readable"


def test_a_long_list_is_cut() -> None:
    assert listed([str(each) for each in range(9)], " + ", most=3) == "0 + 1 + 2 + 6 more"
