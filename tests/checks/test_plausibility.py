"""Sizes and digits that one can only wonder about."""

from __future__ import annotations

from typing import Any

import pytest

from rekodiq_data.checks.base import Outcome, Verdict
from rekodiq_data.checks.plausibility import BAND, DIGITS_SUSPICIOUS
from rekodiq_data.report import Severity
from tests.checks.scene import columns, scene, use

NA, HELD, FAILED = Verdict.NOT_APPLICABLE, Verdict.HELD, Verdict.FAILED


def band(*cells: str, **parameters: str) -> Outcome:
    around = scene(
        columns([{"grade_cu_pct": cell} for cell in cells], {"grade_cu_pct": "number"})
    )
    return BAND.judge(around, use(BAND, field="grade_cu_pct", **parameters))


def test_a_number_at_the_bound_is_plausible() -> None:
    outcome = band("0.41", "2", "2.0", "2.01", "-1", "", "inf", maximum="2", minimum="0")

    assert outcome.verdicts.tolist() == [HELD, HELD, HELD, FAILED, FAILED, NA, NA]
    assert [outcome.explain(each) for each in (0, 3, 4, 5)] == [
        "0.41 % is plausible",
        "2.01 % is more than is plausible (2 %)",
        "-1 % is less than is plausible (0 %)",
        "grade_cu_pct holds no number here",
    ]
    assert outcome.about(3) == "grade_cu_pct"


def test_one_bound_is_enough() -> None:
    assert band("-9", "2.01", maximum="2").verdicts.tolist() == [HELD, FAILED]
    assert band("-9", "2.01", minimum="2").verdicts.tolist() == [FAILED, HELD]
    assert band("2.01", minimum="2").explain(0) == "2.01 % is plausible"


def test_digits_behind_those_of_a_float_count() -> None:
    outcome = band(
        "2.0000000000000000001", "1.9999999999999999999", "2.0000000000000000000", maximum="2"
    )

    assert outcome.verdicts.tolist() == [FAILED, HELD, HELD]
    low = band("1.9999999999999999999", "2.0000000000000000001", minimum="2")
    assert low.verdicts.tolist() == [FAILED, HELD]


def test_records_outside_of_where_do_not_exist() -> None:
    types = {"a": "number"}
    cells = [{"a": "4086999999"}, {"a": "2.00000000000000000001"}]
    around = scene(columns(cells, types), selected=[False, False])

    assert BAND.judge(around, use(BAND, field="a", maximum="2")).verdicts.tolist() == [NA, NA]
    digits = DIGITS_SUSPICIOUS.judge(around, use(DIGITS_SUSPICIOUS, fields=["a"]))
    assert digits.verdicts.tolist() == [NA, NA]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, ["`minimum` or `maximum` must be given"]),
        ({"minimum": "2", "maximum": "1"}, ["`minimum` is greater than `maximum`"]),
        ({"minimum": "1", "maximum": "1"}, []),
        ({"minimum": "1"}, []),
    ],
)
def test_bounds_must_make_sense(parameters: dict[str, Any], expected: list[str]) -> None:
    assert BAND.faults({"field": "a", **parameters}) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4086999999", FAILED),  # met while collecting: 4.087 billion
        ("68099999999", FAILED),
        ("4087000001", FAILED),
        ("-4086999999", FAILED),
        ("4,086,999,999", FAILED),
        ("40869999.99", FAILED),
        ("4087000000", HELD),
        ("99999999", HELD),
        ("0.0000999999", HELD),
        ("28179999", HELD),
        ("12246.99399", HELD),
        ("about 4086999999", HELD),
        ("", NA),
    ],
)
def test_long_numbers_that_end_in_nines_or_a_one_are_wondered_at(
    text: str, expected: Verdict
) -> None:
    around = scene(columns([{"amount_usd": text}], {"amount_usd": "string"}))

    outcome = DIGITS_SUSPICIOUS.judge(around, use(DIGITS_SUSPICIOUS, fields=["amount_usd"]))

    assert outcome.verdicts.tolist() == [expected]


def test_the_first_suspicious_column_is_named() -> None:
    rows = [{"a": "5", "b": "4086999999"}, {"a": "5", "b": "6"}]
    around = scene(columns(rows, {"a": "integer", "b": "integer"}))

    outcome = DIGITS_SUSPICIOUS.judge(around, use(DIGITS_SUSPICIOUS, fields=["a", "b"]))

    assert outcome.verdicts.tolist() == [FAILED, HELD]
    assert [outcome.about(each) for each in (0, 1)] == ["b", "a"]
    assert (
        outcome.explain(0)
        == "4086999999 ends in 9999, as numbers do that were computed with floats"
    )
    assert outcome.explain(1) == "no digits here look like an accident of arithmetic"


def test_both_are_warnings_and_read_their_columns() -> None:
    assert {BAND.severity, DIGITS_SUSPICIOUS.severity} == {Severity.WARNING}
    assert BAND.reads(use(BAND, field="a", minimum="1")) == {"": {"a"}}
    assert DIGITS_SUSPICIOUS.reads(use(DIGITS_SUSPICIOUS, fields=["a", "b"])) == {
        "": {"a", "b"}
    }
