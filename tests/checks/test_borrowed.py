"""Metal beside a tonnage fits the grade that another statement gives."""

from __future__ import annotations

from typing import Any

import pytest

from rekodiq_data.checks.base import Outcome, Verdict
from rekodiq_data.checks.borrowed import BORROWED_GRADE
from rekodiq_data.report import Severity
from tests.checks.scene import columns, scene, use

NA, HELD, FAILED, UNDECIDED = (
    Verdict.NOT_APPLICABLE,
    Verdict.HELD,
    Verdict.FAILED,
    Verdict.UNDECIDED,
)
TYPES = {
    "deposit": "string",
    "as_of": "string",
    "commodity": "string",
    "source_id": "string",
    "tonnage_mt": "number",
    "tonnage_reported": "string",
    "cu_pct": "number",
    "cu_kt": "number",
    "cu_reported": "string",
    "au_gpt": "number",
    "au_moz": "number",
}
PARAMETERS: dict[str, Any] = {
    "group": ["deposit"],
    "statement": "source_id",
    "date": "as_of",
    "years": 3,
    "terms": [
        {
            "where": {"commodity": "copper"},
            "contained": "cu_kt",
            "tonnage": "tonnage_mt",
            "grade": "cu_pct",
            "scale": "10",
        },
        {
            "where": {"commodity": "gold"},
            "contained": "au_moz",
            "tonnage": "tonnage_mt",
            "grade": "au_gpt",
            "scale": "1/31.1034768",
        },
    ],
    "printed": {"tonnage_mt": "tonnage_reported", "cu_kt": "cu_reported"},
}


def copper(source: str, as_of: str, tonnage: str, grade: str, metal: str) -> dict[str, str]:
    """A row of copper: billion tonnes, percent, million tonnes."""
    return {
        "deposit": "reko_diq",
        "as_of": as_of,
        "commodity": "copper",
        "source_id": source,
        "tonnage_reported": tonnage,
        "tonnage_mt": str(round(float(tonnage) * 1000)) if tonnage else "",
        "cu_pct": grade,
        "cu_reported": metal,
        "cu_kt": str(round(float(metal) * 1000)) if metal else "",
    }


LEASE = copper("nm-2011-lease", "2011-11", "5.9", "0.41", "")
MIXED = copper("moneyweek-20111116", "2011-11-16", "5.9", "", "12.5")


def judge(
    rows: list[dict[str, str]], selected: list[bool] | None = None, **more: Any
) -> Outcome:
    around = scene(columns(rows, TYPES), selected=selected)
    return BORROWED_GRADE.judge(around, use(BORROWED_GRADE, **PARAMETERS, **more))


def test_the_tonnage_of_2010_beside_the_metal_of_2006_is_met() -> None:
    gold = {
        "deposit": "reko_diq",
        "commodity": "gold",
        "tonnage_mt": "5900",
        "tonnage_reported": "5.9",
    }
    rows = [
        LEASE,
        MIXED,
        gold | {"source_id": "nm-2011-lease", "as_of": "2011-11", "au_gpt": "0.22"},
        gold | {"source_id": "moneyweek-20111116", "as_of": "2011-11-16", "au_moz": "20.9"},
    ]

    outcome = judge(rows)

    assert outcome.verdicts.tolist() == [NA, FAILED, NA, FAILED]
    assert [outcome.about(each) for each in range(4)] == ["cu_kt", "cu_kt", "cu_kt", "au_moz"]
    assert outcome.explain(1) == (
        "5,900 Mt x 0.41 % (the grade of nm-2011-lease) gives 23,692.5 to 24,692.5 kt; "
        "moneyweek-20111116 says 12,500 kt, 11,192.5 kt too low"
    )
    assert outcome.explain(3).endswith("moneyweek-20111116 says 20.9 Moz, 19.5376 Moz too low")
    assert BORROWED_GRADE.severity is Severity.WARNING


def test_metal_that_fits_the_other_grade_is_held() -> None:
    assert judge([LEASE, MIXED | {"cu_reported": "24.2", "cu_kt": "24200"}]).verdicts[1] == HELD


def test_one_statement_that_fits_is_enough() -> None:
    other = copper("another", "2011-11-15", "5.9", "0.21", "")

    assert judge([LEASE, other, MIXED]).verdicts.tolist() == [NA, NA, HELD]
    assert judge([other, LEASE, MIXED]).verdicts.tolist() == [NA, NA, HELD]


def test_a_statement_with_the_same_tonnage_is_asked_before_others() -> None:
    smaller = copper("small", "2011-11-16", "1.2", "0.21", "")

    assert judge([LEASE, smaller, MIXED]).verdicts.tolist() == [NA, NA, FAILED]
    # Without it the other one speaks.
    assert judge([smaller, MIXED]).verdicts.tolist() == [NA, HELD]


def test_of_those_that_do_not_fit_the_nearest_is_named() -> None:
    near = copper("near", "2011-12", "5.9", "0.60", "")
    far = copper("far", "2010-01", "5.9", "0.70", "")

    for rows in ([far, near, MIXED], [near, far, MIXED]):
        assert "(the grade of near)" in judge(rows).explain(2)


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2008-11-16", HELD),
        ("2008-11-15", NA),
        ("2014-11-16", HELD),
        ("2014-11-17", NA),
        ("2014", HELD),
        ("2015", NA),
        ("", NA),
        ("some day", NA),
    ],
)
def test_a_grade_is_borrowed_within_the_years_only(as_of: str, expected: Verdict) -> None:
    lender = copper("lender", as_of, "5.9", "0.21", "")

    assert judge([lender, MIXED]).verdicts[1] == expected


@pytest.mark.parametrize(
    "change",
    [
        {"cu_pct": "0.41"},  # its own grade: the product's duty
        {"cu_reported": "", "cu_kt": ""},
        {"tonnage_reported": "", "tonnage_mt": ""},
        {"source_id": "nm-2011-lease"},  # the same statement
        {"source_id": ""},
        {"as_of": ""},
        {"deposit": "tanjeel"},
        {"deposit": ""},
        {"commodity": "gold"},
    ],
)
def test_a_record_that_has_no_one_to_borrow_from_is_left_alone(change: dict[str, str]) -> None:
    outcome = judge([LEASE, MIXED | change])

    assert outcome.verdicts.tolist() == [NA, NA]
    assert (
        outcome.explain(1) == "no grade is to be borrowed here, or no other statement lends one"
    )
    assert outcome.about(1) == "cu_kt"


def test_figures_that_cannot_be_read_decide_nothing() -> None:
    outcome = judge([LEASE, MIXED | {"tonnage_reported": "much", "cu_reported": "more"}])

    assert outcome.verdicts.tolist() == [NA, UNDECIDED]
    assert outcome.explain(1) == "cu_kt and tonnage_mt are missing or not readable"


def test_a_record_outside_of_where_lends_nothing() -> None:
    assert judge([LEASE, MIXED], selected=[False, True]).verdicts.tolist() == [NA, NA]


def test_the_source_is_named_where_the_statement_is_another_column() -> None:
    rows = [LEASE | {"commodity": "copper"}, MIXED]
    around = scene(columns(rows, TYPES))
    by_tonnage = PARAMETERS | {"statement": "as_of", "source": "source_id"}

    outcome = BORROWED_GRADE.judge(around, use(BORROWED_GRADE, **by_tonnage))

    assert "(the grade of nm-2011-lease)" in outcome.explain(1)
    reads = BORROWED_GRADE.reads(use(BORROWED_GRADE, **by_tonnage))[""]
    assert {"deposit", "as_of", "source_id", "commodity", "cu_reported"} <= reads


def test_years_count_forwards() -> None:
    assert BORROWED_GRADE.faults(PARAMETERS | {"years": -1}) == ["`years` must not be negative"]
    assert BORROWED_GRADE.faults(PARAMETERS) == []
