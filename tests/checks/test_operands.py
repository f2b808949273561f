"""From a record and a column to an exact figure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest

from rekodiq_data.checks.interval import Figure, Interval
from rekodiq_data.checks.operands import (
    Figures,
    exact_number,
    exact_parameter,
    printed_columns,
)
from tests.checks.scene import columns

TYPES = {
    "tonnage_mt": "number",
    "tonnage_reported": "string",
    "qualifier": "string",
    "high_mt": "number",
    "high_reported": "string",
}


def figure_of(
    record: dict[str, str], rounding: list[str] | None = None, **parameters: Any
) -> Figure | None:
    looked_up = None if rounding is None else pa.array(rounding)
    return Figures(columns([record], TYPES), parameters, looked_up).figure(0, "tonnage_mt")


def test_the_cell_itself_is_the_printed_form_unless_a_column_holds_it() -> None:
    record = {"tonnage_mt": "5900", "tonnage_reported": "5.9"}

    own = figure_of(record, rounding=["last_digit"])
    printed = figure_of(record, printed={"tonnage_mt": "tonnage_reported"})

    assert own is not None
    assert printed is not None
    assert own.wide == Interval(Fraction("5899.5"), Fraction("5900.5"))
    assert printed.wide == Interval(Fraction(5850), Fraction(5950))


def test_a_missing_printed_form_is_no_figure() -> None:
    assert figure_of({"tonnage_mt": "5900"}, printed={"tonnage_mt": "tonnage_reported"}) is None


def test_the_rounding_is_looked_up_or_the_same_for_all() -> None:
    record = {"tonnage_mt": "2500"}
    for_all = Figures(columns([record], TYPES), {"rounding": "significant:2"})

    looked_up, unknown = figure_of(record, rounding=["significant:2"]), figure_of(record)

    assert looked_up is not None
    assert unknown is not None
    assert looked_up.narrow.low == 2450
    assert unknown.narrow.low == Fraction("2499.5")
    assert for_all.figure(0, "tonnage_mt") == looked_up


def test_qualifier_and_high_end_come_from_their_columns() -> None:
    record = {
        "tonnage_mt": "5000",
        "qualifier": "range",
        "high_mt": "6000",
        "high_reported": "6",
    }

    found = figure_of(
        record | {"tonnage_reported": "5"},
        qualifiers={"tonnage_mt": "qualifier"},
        highs={"tonnage_mt": "high_mt"},
        printed={"tonnage_mt": "tonnage_reported", "high_mt": "high_reported"},
    )

    assert found is not None
    assert found.wide == Interval(Fraction(4500), Fraction(6500))


def test_all_columns_beside_a_figure_are_read() -> None:
    parameters = {
        "printed": {"a": "a_text", "a_high": "a_high_text", "unused": "x"},
        "qualifiers": {"a": "a_qualifier"},
        "highs": {"a": "a_high"},
    }

    assert printed_columns(parameters, ["a", "b"]) == {
        *("a", "a_text", "a_qualifier", "a_high", "a_high_text", "b")
    }


def test_an_agreed_share_without_a_decimal_point_is_exact() -> None:
    figures = Figures(
        columns(
            [{"s": "50"}, {"s": "8.33"}, {"s": "50", "q": "about"}, {}],
            {"s": "number", "q": "string"},
        ),
        {"qualifiers": {"s": "q"}},
    )

    shares = [figures.share(record, "s") for record in range(4)]

    assert shares[0] is not None
    assert shares[1] is not None
    assert shares[2] is not None
    assert shares[0].wide == Interval(Fraction(50), Fraction(50))
    assert shares[1].wide == Interval(Fraction("8.325"), Fraction("8.335"))
    assert shares[2].wide == Interval(Fraction(40), Fraction(60))
    assert shares[3] is None


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        ("0.1", 0.1, Fraction(1, 10)),
        ("12", 12, Fraction(12)),
        ("0.10", Decimal("0.10"), Fraction(1, 10)),
        ("1.234", 1234.0, Fraction(1234)),  # a table whose group mark is a point
        ("0,5", 0.5, Fraction(1, 2)),  # a table with decimal commas
        (None, 0.1, Fraction(1, 10)),
        ("1e400", 5.0, Fraction(5)),
        ("INF", float("inf"), None),
        ("NaN", Decimal("NaN"), None),
        ("true", True, None),
        ("abc", "abc", None),
        ("", None, None),
    ],
)
def test_the_exact_number_of_a_cell_is_that_of_its_text(
    text: str | None, typed: object, expected: Fraction | None
) -> None:
    assert exact_number(text, typed) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10", Fraction(10)),
        ("0.01", Fraction(1, 100)),
        ("1000/31.1034768", Fraction(1000) / Fraction("31.1034768")),
        (0.1, Fraction(1, 10)),
        (10, Fraction(10)),
        ("1/0", None),
        ("1/2/3", None),
        ("ten", None),
        ("1,000", None),
        ("1e999", None),
        (float("nan"), None),
        (True, None),
        (None, None),
        (["1"], None),
    ],
)
def test_a_parameter_is_an_exact_number_or_none(
    value: object, expected: Fraction | None
) -> None:
    assert exact_parameter(value) == expected
