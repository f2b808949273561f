"""Figures that should be one: reports of a quantity, and editions of a count."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekodiq_data.checks.base import Columns, Outcome, Verdict
from rekodiq_data.checks.conflicts import ACROSS_VINTAGES, UNEXPLAINED_CONFLICT
from rekodiq_data.checks.interval import agreement, read_figure
from rekodiq_data.checks.operands import exact_number
from tests.checks.scene import columns, scene, use

NA, HELD, FAILED, UNDECIDED = (
    Verdict.NOT_APPLICABLE,
    Verdict.HELD,
    Verdict.FAILED,
    Verdict.UNDECIDED,
)
PARAMETERS: dict[str, Any] = {
    "id": "record_id",
    "match": ["place", "year"],
    "value": "value",
    "disagreements": {
        "table": "disagreement_rows",
        "disagreement": "disagreement_id",
        "names": "table_name",
        "record": "record_id",
    },
}
OBSERVED = {
    "record_id": "string",
    "place": "string",
    "year": "integer",
    "status": "string",
    "value": "number",
}


def observed(*rows: tuple[str, str]) -> list[dict[str, str]]:
    """Rows of one place and year from pairs of status and figure, with ids a, b, c, ..."""
    return [
        {
            "record_id": chr(ord("a") + number),
            "place": "kachhi",
            "year": "2017",
            "status": status,
            "value": value,
        }
        for number, (status, value) in enumerate(rows)
    ]


def register(*entries: tuple[str, str]) -> Columns:
    """The table of disagreements: pairs of an id and a record of the table `own`."""
    return columns(
        [
            {"disagreement_id": name, "table_name": "own", "record_id": record}
            for name, record in entries
        ],
        dict.fromkeys(("disagreement_id", "table_name", "record_id"), "string"),
        "disagreement_rows",
    )


def conflicts(
    rows: list[dict[str, str]], told: Columns | None, *, vintage: bool = False, **more: Any
) -> Outcome:
    kind = ACROSS_VINTAGES if vintage else UNEXPLAINED_CONFLICT
    parameters = {**PARAMETERS, **({"vintage": ["status"]} if vintage else {}), **more}
    around = scene(columns(rows, OBSERVED), others=[told] if told else [])
    return kind.judge(around, use(kind, **parameters))


def codes(outcome: Outcome) -> list[Verdict]:
    return [Verdict(int(code)) for code in outcome.verdicts]


# Kachhi in 2017: 237,030 provisionally, and 309,932 when the results were final, because the
# district Lehri had been dissolved between the two.
KACHHI = observed(("provisional", "237030"), ("final", "309932"))


def test_a_figure_that_moves_between_editions_fails_at_the_later_record() -> None:
    outcome = conflicts(KACHHI, register(), vintage=True)
    assert codes(outcome) == [NA, FAILED]
    assert outcome.about(1) == "value"
    assert outcome.explain(0) == (
        "there is no figure before it with the same place and year and another status"
    )
    assert outcome.explain(1) == (
        '309,932 contradicts 237,030 of "a" with the same place and year '
        "and another status, and no disagreement names both"
    )


def test_a_disagreement_that_names_both_records_explains_a_conflict() -> None:
    told = register(("lehri", "a"), ("lehri", "b"))
    outcome = conflicts(KACHHI, told, vintage=True)
    assert codes(outcome) == [NA, HELD]
    assert outcome.explain(1).endswith("and a disagreement names both")
    apart = register(("lehri", "a"), ("sibi", "b"))
    assert codes(conflicts(KACHHI, apart, vintage=True)) == [NA, FAILED]
    half = register(("lehri", "a"))
    assert codes(conflicts(KACHHI, half, vintage=True)) == [NA, FAILED]


def test_rows_of_other_tables_explain_nothing() -> None:
    told = register(("lehri", "a"), ("lehri", "b"))
    elsewhere = Columns(
        told.table, told.count, told.values, {**told.text, "table_name": told.text["record_id"]}
    )
    assert codes(conflicts(KACHHI, elsewhere)) == [NA, FAILED]


def test_nothing_fails_where_the_disagreements_cannot_be_read() -> None:
    outcome = conflicts(KACHHI, None)
    assert codes(outcome) == [NA, UNDECIDED]
    assert outcome.explain(1) == (
        '309,932 contradicts 237,030 of "a" with the same place and year, '
        "and the table disagreement_rows could not be read"
    )


def test_editions_are_compared_with_each_other_and_not_within() -> None:
    rows = observed(
        ("final", "101"), ("final", "202"), ("restated", "101"), ("restated", "202")
    )
    assert codes(conflicts(rows, register(), vintage=True)) == [NA, NA, FAILED, FAILED]
    assert codes(conflicts(rows, register())) == [NA, FAILED, FAILED, FAILED]


@pytest.mark.parametrize(
    ("first", "second", "expected", "words"),
    [
        ("2500", "2549", UNDECIDED, "may agree with"),  # 2,450 to 2,550 at the widest
        ("2500", "2551", FAILED, "contradicts"),
        ("2549", "2500", UNDECIDED, "may agree with"),
        ("2550", "2551", HELD, "agrees with"),
        ("7", "7", UNDECIDED, "may agree with"),
        ("7", "9", FAILED, "contradicts"),
        ("12.3", "12.4", HELD, "agrees with"),
        ("12.3", "12.41", FAILED, "contradicts"),
    ],
)
def test_printed_figures_are_compared_as_intervals(
    first: str, second: str, expected: Verdict, words: str
) -> None:
    outcome = conflicts(observed(("", first), ("", second)), register())
    assert codes(outcome) == [NA, expected]
    assert words in outcome.explain(1)


def test_missing_figures_are_left_out_and_unreadable_ones_undecided() -> None:
    rows = observed(("", "70"), ("", ""), ("", "71"), ("", "70"))
    printed = [{**row, "printed": row["value"]} for row in rows]
    printed[2]["printed"] = "some seventy"
    own = columns(printed, {**OBSERVED, "printed": "string"})
    parameters = {**PARAMETERS, "printed": {"value": "printed"}}
    around = scene(own, others=[register()])
    outcome = UNEXPLAINED_CONFLICT.judge(around, use(UNEXPLAINED_CONFLICT, **parameters))
    assert codes(outcome) == [NA, NA, UNDECIDED, UNDECIDED]
    assert outcome.explain(2) == (
        'value is missing or not readable here or in "a" with the same place and year'
    )


def test_records_outside_do_not_exist_for_a_conflict() -> None:
    around = scene(columns(KACHHI, OBSERVED), selected=[False, True], others=[register()])
    outcome = UNEXPLAINED_CONFLICT.judge(around, use(UNEXPLAINED_CONFLICT, **PARAMETERS))
    assert codes(outcome) == [NA, NA]


entries = st.lists(
    st.tuples(
        st.sampled_from(["provisional", "final", "restated"]),
        st.sampled_from(["5", "80", "100", "104", "104.4", "111", "200", "-10"]),
        st.sets(st.sampled_from(["x", "y"])),
    ),
    min_size=2,
    max_size=7,
)


@settings(deadline=None, max_examples=150)
@given(entries, st.booleans())
def test_conflicts_agree_with_a_comparison_of_every_pair(
    told: list[tuple[str, str, set[str]]], vintage: bool
) -> None:
    rows = observed(*((status, value) for status, value, _ in told))
    named = [
        (name, rows[n]["record_id"]) for n, (_, _, names) in enumerate(told) for name in names
    ]
    figures = [read_figure(value, exact_number(value, float(value))) for _, value, _ in told]
    expected = [NA] * len(told)
    worse = [NA, HELD, UNDECIDED, FAILED]
    for early, late in combinations(range(len(told)), 2):
        if vintage and told[early][0] == told[late][0]:
            continue
        verdict = agreement(figures[early], figures[late])
        if told[early][2] & told[late][2]:
            verdict = HELD
        expected[late] = max(expected[late], verdict, key=worse.index)
    assert codes(conflicts(rows, register(*named), vintage=vintage)) == expected


def test_thirty_thousand_reports_of_one_quantity_are_judged_at_once() -> None:
    rows = [
        {
            "record_id": str(n),
            "place": "quetta",
            "year": "2017",
            "status": str(n),
            "value": "71",
        }
        for n in range(30_000)
    ]
    assert codes(conflicts(rows, register(), vintage=True)) == [NA] + [HELD] * 29_999


def test_the_columns_and_faults_of_conflicts() -> None:
    link = {"disagreement_id", "table_name", "record_id"}
    both = {**PARAMETERS, "vintage": ["status", "border"], "printed": {"value": "printed"}}
    assert ACROSS_VINTAGES.reads(use(ACROSS_VINTAGES, **both)) == {
        "": {"record_id", "place", "year", "value", "printed", "status", "border"},
        "disagreement_rows": link,
    }
    assert UNEXPLAINED_CONFLICT.reads(use(UNEXPLAINED_CONFLICT, **PARAMETERS)) == {
        "": {"record_id", "place", "year", "value"},
        "disagreement_rows": link,
    }
    assert UNEXPLAINED_CONFLICT.faults(PARAMETERS) == []
    assert ACROSS_VINTAGES.faults(
        {"disagreements": {"table": "t", "names": "n", "record": 1}}
    ) == [
        "`disagreements` lacks `disagreement`",
        "`disagreements.record` must be a text",
    ]
