"""Indicators that are made of each other."""

from __future__ import annotations

from typing import Any

import pytest

from rekodiq_data.checks.base import Outcome, Verdict
from rekodiq_data.checks.indicators import KINDS
from tests.checks.scene import columns, scene, use

(INDICATOR_IDENTITY,) = KINDS
NA, HELD, FAILED, UNDECIDED = (
    Verdict.NOT_APPLICABLE,
    Verdict.HELD,
    Verdict.FAILED,
    Verdict.UNDECIDED,
)
SEXES = {
    "result": "pop_total",
    "sum": ["pop_male", "pop_female", "pop_transgender"],
    "optional": ["pop_transgender"],
}
HOMES = {"result": "pop_total", "sum": ["pop_rural", "pop_urban"]}
DENSITY = {"result": "pop_density", "ratio": ["pop_total", "area_km2"]}
SEX_RATIO = {"result": "sex_ratio", "ratio": ["pop_male", "pop_female"], "scale": "100"}
# Balochistan in the final results of 2017.
CENSUS = {
    "pop_total": "12,335,129",
    "pop_male": "6,483,736",
    "pop_female": "5,850,613",
    "pop_transgender": "780",
    "pop_rural": "8,928,428",
    "pop_urban": "3,406,701",
    "area_km2": "347,190",
    "pop_density": "35.53",
    "sex_ratio": "110.82",
}
OBSERVED = {
    "place": "string",
    "indicator": "string",
    "value": "number",
    "value_reported": "string",
}


def judged(figures: list[tuple[str, str]], *identities: dict[str, Any]) -> Outcome:
    rows = [
        {
            "place": "balochistan",
            "indicator": indicator,
            "value": figure.replace(",", ""),
            "value_reported": figure,
        }
        for indicator, figure in figures
    ]
    around = scene(columns(rows, OBSERVED))
    return INDICATOR_IDENTITY.judge(
        around,
        use(
            INDICATOR_IDENTITY,
            indicator="indicator",
            value="value",
            group=["place"],
            printed={"value": "value_reported"},
            identities=list(identities),
        ),
    )


def census(**changes: str | None) -> list[tuple[str, str]]:
    """The census, with figures changed, or left out where they are None."""
    return [(name, figure) for name, figure in {**CENSUS, **changes}.items() if figure]


def found(figures: list[tuple[str, str]], *identities: dict[str, Any]) -> dict[str, Verdict]:
    """The verdicts that are not "not applicable", by indicator."""
    outcome = judged(figures, *identities)
    return {
        figure[0]: Verdict(int(code))
        for figure, code in zip(figures, outcome.verdicts, strict=True)
        if code != NA
    }


def test_the_final_census_of_2017_agrees_with_itself() -> None:
    assert found(census(), SEXES, HOMES, DENSITY, SEX_RATIO) == {
        "pop_total": HELD,
        "pop_density": HELD,
        "sex_ratio": HELD,
    }


def test_shifted_labels_fail_though_every_figure_is_in_range() -> None:
    shifted = census(pop_male=CENSUS["pop_female"], pop_female=CENSUS["pop_male"])
    assert found(shifted, SEXES, SEX_RATIO) == {"pop_total": HELD, "sex_ratio": FAILED}
    outcome = judged(shifted, SEXES, SEX_RATIO)
    assert outcome.about(8) == "value"
    assert outcome.explain(8) == (
        "100 x pop_male 5,850,613 / pop_female 6,483,736 gives 90.2352; "
        "sex_ratio is 110.82, 20.5848 too high"
    )
    shifted = census(pop_urban="340,670")
    outcome = judged(shifted, SEXES, HOMES)
    assert outcome.explain(0) == (
        "pop_rural 8,928,428 + pop_urban 340,670 gives 9,269,092.5 to 9,269,103.5; "
        "pop_total is 12,335,129, 3,066,025.5 too high"
    )


def test_the_worst_identity_of_a_record_is_its_verdict() -> None:
    wrong = census(pop_rural="8,928,528")
    for identities in ((SEXES, HOMES), (HOMES, SEXES)):
        outcome = judged(wrong, *identities)
        assert outcome.verdicts[0] == FAILED
        assert "pop_rural" in outcome.explain(0)
    half = census(pop_urban=None)
    assert found(half, SEXES, HOMES) == {"pop_total": UNDECIDED}
    assert judged(half, SEXES, HOMES).explain(0) == (
        "pop_rural 8,928,428 + no pop_urban is not enough to tell pop_total"
    )


@pytest.mark.parametrize(
    ("male", "expected"),
    [
        ("6,484,516", HELD),  # all are there already
        ("6,484,000", UNDECIDED),  # 516 are left for the missing term
        ("6,485,001", FAILED),  # too many, whatever the missing term adds
    ],
)
def test_a_term_that_may_be_left_out_adds_something_or_nothing(
    male: str, expected: Verdict
) -> None:
    assert found(census(pop_male=male, pop_transgender=None), SEXES) == {"pop_total": expected}


def test_a_result_without_any_term_is_not_applicable() -> None:
    assert found([("pop_total", "100")], SEXES, HOMES) == {}
    outcome = judged([("pop_total", "100"), ("pop_urban", "40")], SEXES)
    assert outcome.explain(0) == (
        "pop_total stands without pop_male, pop_female, pop_transgender"
    )
    assert outcome.explain(1) == "pop_urban is the result of no identity"


def test_a_figure_that_is_missing_twice_there_or_unreadable_decides_nothing() -> None:
    twice = [*census(), ("pop_urban", "3,406,701")]
    assert found(twice, HOMES) == {"pop_total": UNDECIDED}
    assert judged(twice, HOMES).explain(0) == (
        "pop_urban has more than one figure beside pop_total"
    )
    silent = [("pop_total", ""), *census()[1:]]
    assert found(silent, HOMES) == {"pop_total": UNDECIDED}
    assert judged(silent, HOMES).explain(0) == "pop_total is missing or not readable"
    silent = [*census(pop_urban=None), ("pop_urban", "")]
    assert found(silent, HOMES) == {"pop_total": UNDECIDED}


def test_a_printed_text_that_is_no_figure_decides_nothing() -> None:
    rows = [
        {"place": "a", "indicator": "pop_total", "value": "30", "value_reported": "30"},
        {"place": "a", "indicator": "pop_rural", "value": "20", "value_reported": "a score"},
        {"place": "a", "indicator": "pop_urban", "value": "10", "value_reported": "10"},
        {"place": "a", "value": "10", "value_reported": "10"},
        {"place": "b", "indicator": "pop_rural", "value": "10", "value_reported": "10"},
        {"place": "b", "indicator": "pop_total", "value": "99", "value_reported": "99"},
    ]
    around = scene(columns(rows, OBSERVED), selected=[True] * 5 + [False])
    outcome = INDICATOR_IDENTITY.judge(
        around,
        use(
            INDICATOR_IDENTITY,
            indicator="indicator",
            value="value",
            group=["place"],
            printed={"value": "value_reported"},
            identities=[HOMES],
        ),
    )
    assert [Verdict(int(code)) for code in outcome.verdicts] == [UNDECIDED, NA, NA, NA, NA, NA]
    assert outcome.explain(0) == "pop_rural is missing or not readable"
    assert outcome.explain(3) == "the record is the result of no identity"


def test_the_columns_of_an_identity_are_those_it_names() -> None:
    named = use(
        INDICATOR_IDENTITY,
        indicator="indicator",
        value="value",
        group=["place", "year"],
        printed={"value": "value_reported"},
        identities=[HOMES],
    )
    assert INDICATOR_IDENTITY.reads(named) == {
        "": {"indicator", "value", "value_reported", "place", "year"}
    }


@pytest.mark.parametrize(
    ("identity", "faults"),
    [
        (SEXES, []),
        (SEX_RATIO, []),
        (DENSITY, []),
        ({"sum": ["a", "b"]}, ["`result` must name an indicator"]),
        ({"result": "t"}, ["give either `sum` or `ratio`"]),
        ({"result": "t", "sum": ["a"], "ratio": ["a", "b"]}, ["give either `sum` or `ratio`"]),
        (
            {"result": "t", "sums": ["a"]},
            ['there is no `sums`. Did you mean "sum"?', "give either `sum` or `ratio`"],
        ),
        (
            {"result": "t", "sum": ["a", "a"]},
            ["`sum` and `ratio` must be lists of different indicators"],
        ),
        (
            {"result": "t", "ratio": "ab"},
            ["`sum` and `ratio` must be lists of different indicators"],
        ),
        ({"result": "a", "sum": ["a", "b"]}, ["`result` can't be made of itself"]),
        (
            {"result": "t", "ratio": ["a"], "scale": "ten", "optional": ["a"]},
            [
                "`ratio` must be two indicators: above and below",
                '`scale` must be a number, written as text ("100")',
                "`optional` belongs to a `sum`",
            ],
        ),
        (
            {"result": "t", "sum": ["a", "b"], "scale": "2", "optional": ["c"]},
            ["`scale` belongs to a `ratio`", "`optional` must list indicators of the `sum`"],
        ),
    ],
)
def test_faults_of_an_identity_are_said_in_words(
    identity: dict[str, Any], faults: list[str]
) -> None:
    expected = [f"identity 2: {fault}" for fault in faults]
    assert INDICATOR_IDENTITY.faults({"identities": [HOMES, identity]}) == expected
