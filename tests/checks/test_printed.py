"""Numbers as printed: what is read, and what is not guessed."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekodiq_data.checks.printed import read_phrase


@pytest.mark.parametrize(
    ("text", "number", "qualifier", "unit"),
    [
        ("1,213", "1213", "exact", ""),
        ("0.30", "0.3", "exact", ""),
        ("2.4", "2.4", "exact", ""),
        ("-5", "-5", "exact", ""),
        ("\u22125", "-5", "exact", ""),
        ("+5", "5", "exact", ""),
        (".5", "0.5", "exact", ""),
        ("5.", "5", "exact", ""),
        ("1.5E3", "1500", "exact", ""),
        ("25e-1", "2.5", "exact", ""),
        ("1 213 Mt", "1213", "exact", "Mt"),
        ("1\u00a0213 Mt", "1213", "exact", "Mt"),
        ("1\u202f213", "1213", "exact", ""),
        ("1'213", "1213", "exact", ""),
        ("1\u2019213", "1213", "exact", ""),
        ("12,34,567", "1234567", "exact", ""),
        ("2.4 Bt", "2.4", "exact", "Bt"),
        ("12.3Mt", "12.3", "exact", "Mt"),
        ("27.7778%", "27.7778", "exact", "%"),
        ("29510 km2", "29510", "exact", "km2"),
        ("up to 70 million", "70000000", "up_to", ""),
        ("Up To US$1.3 billion", "1300000000", "up_to", ""),
        ("just under $62 million", "62000000", "up_to", ""),
        ("at most 5", "5", "up_to", ""),
        ("5 or less", "5", "up_to", ""),
        ("\u2264 5", "5", "up_to", ""),
        ("more than 26.6 Blb", "26.6", "at_least", "Blb"),
        ("over $220 million", "220000000", "at_least", ""),
        ("at least $2 billion", "2000000000", "at_least", ""),
        ("5,000+ households", "5000", "at_least", "households"),
        ("5 or more", "5", "at_least", ""),
        (">=5", "5", "at_least", ""),
        ("around 70 million", "70000000", "about", ""),
        ("approximately $900 million", "900000000", "about", ""),
        ("some 4.5 billion tons", "4500000000", "about", "tons"),
        ("c. 70 persons", "70", "about", "persons"),
        ("~3", "3", "about", ""),
        ("$540 m", "540000000", "exact", ""),
        ("$540m", "540000000", "exact", ""),
        ("EUR5b", "5000000000", "exact", ""),
        ("540 m", "540", "exact", "m"),
        ("$5 Mt", "5", "exact", "Mt"),
        ("USD 1.9 billion", "1900000000", "exact", ""),
        ("A$1.20 a share", "1.2", "exact", "a share"),
        ("Rs89,550 million", "89550000000", "exact", ""),
        ("Rs. 3 crore", "30000000", "exact", ""),
        ("2 lakhs", "200000", "exact", ""),
        ("-$5", "-5", "exact", ""),
    ],
)
def test_a_figure_is_its_number_its_qualifier_and_its_unit(
    text: str, number: str, qualifier: str, unit: str
) -> None:
    phrase = read_phrase(text)

    assert phrase is not None
    assert (phrase.low.number, phrase.high) == (Fraction(number), None)
    assert (phrase.qualifier, phrase.unit) == (qualifier, unit)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("1,400,000,000-1,700,000,000", "1400000000", "1700000000", ""),
        ("$1.4-1.7 billion", "1400000000", "1700000000", ""),
        ("500 million to 1 billion", "500000000", "1000000000", ""),
        ("between 5 and 6 Mt", "5", "6", "Mt"),
        ("from 5 to 6 Mt", "5", "6", "Mt"),
        ("about 5 \u2013 6", "5", "6", ""),
        ("-5 - -3", "-5", "-3", ""),
        ("2006-2007", "2006", "2007", ""),
    ],
)
def test_a_range_is_two_numbers(text: str, low: str, high: str, unit: str) -> None:
    phrase = read_phrase(text)

    assert phrase is not None
    assert phrase.high is not None
    assert (phrase.low.number, phrase.high.number) == (Fraction(low), Fraction(high))
    assert (phrase.qualifier, phrase.unit) == ("range", unit)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        ".",
        "three billion",
        "5 of 14 porphyries",
        "5 and 6",
        "5,900 Mt at 0.41 %",
        "2006-03",
        "2006/2007",
        "1,2134",
        "1,2",
        "0,43",
        "10^6 t",
        "from 5",
        "between 5 and six",
        "at least about 5",
        "over5",
        "9" * 201,
        "1e9999",
    ],
)
def test_what_is_not_one_figure_is_not_guessed(text: str) -> None:
    assert read_phrase(text) is None


@pytest.mark.parametrize(
    ("text", "unit", "is_pointed", "digits", "zeros"),
    [
        ("0.30", "0.01", True, 2, 0),
        ("0.00", "0.01", True, 0, 0),
        ("2,500", "1", False, 4, 2),
        ("2,500.0", "0.1", True, 5, 0),
        ("70 million", "1000000", False, 2, 1),
        ("2e3", "1000", True, 1, 0),
        ("0", "1", False, 0, 0),
        ("007", "1", False, 1, 0),
    ],
)
def test_the_last_place_and_the_digits_come_from_the_text(
    text: str, unit: str, is_pointed: bool, digits: int, zeros: int
) -> None:
    phrase = read_phrase(text)

    assert phrase is not None
    printed = phrase.low
    assert (printed.unit, printed.pointed) == (Fraction(unit), is_pointed)
    assert (printed.digits, printed.zeros) == (digits, zeros)


@given(st.integers(-(10**12), 10**12), st.integers(0, 6))
def test_a_number_with_group_marks_is_the_number_without(number: int, places: int) -> None:
    plain = Fraction(number, 10**places)
    text = (
        f"{number:,}"
        if places == 0
        else f"{number // 10**places:,}.{number % 10**places:0{places}}"
    )
    if number < 0 and places:
        text = f"-{abs(number) // 10**places:,}.{abs(number) % 10**places:0{places}}"

    phrase = read_phrase(text)

    assert phrase is not None
    assert phrase.low.number == plain


@given(st.text(max_size=40))
def test_any_text_at_all_is_read_or_left(text: str) -> None:
    phrase = read_phrase(text)

    assert phrase is None or phrase.high is None or phrase.low.number <= phrase.high.number
