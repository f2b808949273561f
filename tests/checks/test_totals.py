"""Totals and their parts; attributable figures and the whole."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekodiq_data.checks.base import Outcome, Verdict
from rekodiq_data.checks.totals import ATTRIBUTABLE, PARTS
from tests.checks.figures import positive, printed
from tests.checks.scene import columns, scene, use, verdicts

NA, HELD, FAILED, UNDECIDED = (
    Verdict.NOT_APPLICABLE,
    Verdict.HELD,
    Verdict.FAILED,
    Verdict.UNDECIDED,
)
TYPES = {"id": "string", "of": "string", "tonnage_mt": "number", "gold_moz": "number"}


def parts(
    total: str,
    *of_it: str,
    rounding: str = "last_digit",
    gold: list[str] | None = None,
    **more: Any,
) -> Outcome:
    rows = [{"id": "total", "tonnage_mt": total}]
    rows += [
        {"id": str(count), "of": "total", "tonnage_mt": text}
        for count, text in enumerate(of_it)
    ]
    for row, text in zip(rows, gold or [], strict=False):
        row["gold_moz"] = text
    parameters = {"id": "id", "part_of": "of", "values": ["tonnage_mt", "gold_moz"], **more}
    around = scene(columns(rows, TYPES), looked_up=[rounding] * len(rows))
    return PARTS.judge(around, use(PARTS, **parameters))


@pytest.mark.parametrize(
    ("total", "of_it"),
    [
        # Reko Diq at the end of 2005: 152, 15 and 47 of Tanjeel, Western Porphyries, H8
        ("1213", ["152", "15", "47", "729", "270"]),
        # Barrick's gold at the end of 2024, and at the end of 2023, where the sum is 76
        ("89", ["15", "74"]),
        ("77", ["15", "61"]),
    ],
)
def test_real_totals_are_the_sums_of_their_parts(total: str, of_it: list[str]) -> None:
    outcome = parts(total, *of_it, complete=True)

    assert outcome.verdicts.tolist() == [HELD] + [NA] * len(of_it)


def test_the_growth_printed_as_the_total_is_met() -> None:
    outcome = parts("17.4", "15", "74")

    assert outcome.verdicts.tolist() == [FAILED, NA, NA]
    assert outcome.about(0) == "tonnage_mt"
    assert outcome.explain(0) == (
        "15 Mt + 74 Mt gives 88 to 90 Mt; the total says 17.4 Mt, 70.6 Mt too low"
    )


def test_a_sum_below_its_total_fails_only_where_no_part_can_be_missing() -> None:
    assert parts("99", "15", "74").verdicts[0] == UNDECIDED
    assert parts("99", "15", "74", complete=True).verdicts[0] == FAILED


def test_a_sum_above_its_total_fails_unless_parts_can_be_negative() -> None:
    assert parts("79", "15", "74").verdicts[0] == FAILED
    assert parts("79", "-15", "104").verdicts[0] == UNDECIDED
    assert parts("79", "-15", "104", complete=True).verdicts[0] == FAILED


def test_a_part_without_a_figure_leaves_the_total_undecided_unless_complete() -> None:
    assert parts("89", "15", "74", "").verdicts[0] == UNDECIDED
    assert parts("79", "15", "74", "").verdicts[0] == FAILED
    assert parts("89", "15", "74", "", complete=True).verdicts[0] == HELD


def test_figures_of_one_digit_hold_no_total() -> None:
    assert parts("12", "5", "7").verdicts[0] == UNDECIDED


def test_an_unreadable_part_decides_nothing() -> None:
    outcome = parts("89", "15", "74", printed={"tonnage_mt": "id"})

    assert outcome.verdicts[0] == UNDECIDED
    assert (
        outcome.explain(0) == "tonnage_mt is missing or not readable in the total or in a part"
    )


def test_the_gravest_of_several_columns_is_told() -> None:
    both = parts("89", "15", "74", gold=["50", "10", "45"])
    one = parts("89", "15", "74", gold=["50", "", ""])
    neither = parts("", "15", "74", gold=["50", "", ""])

    assert (both.verdicts[0], both.about(0)) == (FAILED, "gold_moz")
    assert (one.verdicts[0], one.about(0)) == (HELD, "tonnage_mt")
    assert neither.verdicts[0] == UNDECIDED
    assert neither.explain(0) == "total and parts do not both state tonnage_mt"


def test_many_parts_are_not_all_told() -> None:
    words = parts("89", *["15"] * 9).explain(0)

    assert words.startswith(
        "15 Mt + 15 Mt + 15 Mt + 15 Mt + 15 Mt + 15 Mt + 3 more gives 130.5"
    )


def test_a_record_without_parts_is_no_total() -> None:
    assert parts("89", "15").explain(1) == "no record names this one as its total"
    assert parts("89", "15").about(1) == "tonnage_mt"


def test_parts_outside_of_where_do_not_exist() -> None:
    rows = [
        {"id": "t", "tonnage_mt": "15"},
        {"id": "a", "of": "t", "tonnage_mt": "15"},
        {"id": "b", "of": "t", "tonnage_mt": "74"},
        {"of": "t", "tonnage_mt": "74"},
    ]
    parameters = {
        "id": "id",
        "part_of": "of",
        "values": ["tonnage_mt"],
        "rounding": "last_digit",
    }

    around = scene(columns(rows, TYPES), selected=[True, True, False, False])
    assert verdicts(PARTS, around, **parameters) == [HELD, NA, NA, NA]
    around = scene(columns(rows, TYPES), selected=[False, True, True, True])
    assert verdicts(PARTS, around, **parameters) == [NA, NA, NA, NA]


def test_many_parts_of_one_total_are_summed_once() -> None:
    rows = [{"id": "t", "tonnage_mt": "250000"}]
    rows += [{"id": str(each), "of": "t", "tonnage_mt": "12.5"} for each in range(20_000)]
    parameters = {"id": "id", "part_of": "of", "values": ["tonnage_mt"], "complete": True}

    assert verdicts(PARTS, scene(columns(rows, TYPES)), **parameters)[0] is HELD


@given(
    st.lists(positive("0.1", "9000"), min_size=1, max_size=6),
    st.integers(2, 4),
    st.booleans(),
)
def test_true_sums_never_fail(numbers: list[Any], digits: int, is_known: bool) -> None:
    texts = [printed(number, digits) for number in (sum(numbers), *numbers)]
    rounding = f"significant:{digits}" if is_known else "unknown"

    assert parts(*texts, rounding=rounding, complete=True).verdicts[0] != FAILED


# -- attributable ----------------------------------------------------------------------------

SHARES = {
    "basis": "string",
    "share_pct": "number",
    "deposit": "string",
    "metal_mt": "number",
    "gold_moz": "number",
}
ATTRIBUTION = {
    "basis": "basis",
    "share": "share_pct",
    "match": ["deposit"],
    "values": ["metal_mt", "gold_moz"],
    "rounding": "last_digit",
}


def whole(metal: str = "15", gold: str = "", deposit: str = "reko_diq") -> dict[str, str]:
    return {
        "basis": "whole_project",
        "share_pct": "100",
        "deposit": deposit,
        "metal_mt": metal,
        "gold_moz": gold,
    }


def half(
    metal: str, gold: str = "", share: str = "50", deposit: str = "reko_diq"
) -> dict[str, str]:
    return whole(metal, gold, deposit) | {"basis": "attributable", "share_pct": share}


def judge(
    rows: list[dict[str, str]], selected: list[bool] | None = None, **more: Any
) -> Outcome:
    around = scene(columns(rows, SHARES), selected=selected)
    return ATTRIBUTABLE.judge(around, use(ATTRIBUTABLE, **(ATTRIBUTION | more)))


def test_half_of_fifteen_touches_seven_point_three_at_the_edge() -> None:
    outcome = judge([half("7.3"), whole("15"), half("7.1"), half("7.15"), half("13.0")])

    assert outcome.verdicts.tolist() == [HELD, NA, FAILED, FAILED, FAILED]
    assert outcome.explain(0) == "50 % x 15 Mt gives 7.25 to 7.75 Mt; the table says 7.3 Mt"
    assert outcome.explain(2).endswith("; the table says 7.1 Mt, 0.15 Mt too low")
    assert outcome.explain(1) == "no attributable figure with a whole-project one beside it"


def test_a_rounded_share_has_a_width_of_its_own() -> None:
    rows = [half(metal, share="8.3") for metal in ("1.245", "1.255", "1.258")]

    assert judge([*rows, whole("15.0")]).verdicts.tolist() == [HELD, HELD, FAILED, NA]


def test_one_of_several_wholes_that_fits_is_enough() -> None:
    rows = [half("7.3"), whole("26"), whole("15"), whole("27")]

    assert judge(rows).verdicts[0] == HELD
    assert judge([half("7.3"), whole("26"), whole("27")]).verdicts[0] == FAILED
    assert judge([half("7.3"), whole("26"), whole("8")]).verdicts[0] == FAILED


def test_each_column_that_both_state_is_compared() -> None:
    assert judge([half("7.3", "13"), whole("15", "26")]).verdicts[0] == HELD
    assert judge([half("7.3", "26"), whole("15", "26")]).verdicts[0] == FAILED
    assert judge([half("7.3", "26"), whole("15", "26")]).about(0) == "gold_moz"
    assert judge([half("7.3", "26"), whole("15", "")]).verdicts[0] == HELD
    assert judge([half("7.3", ""), whole("", "26")]).verdicts[0] == NA


def test_without_a_whole_there_is_nothing_to_compare() -> None:
    outcome = judge([half("7.3"), whole("15", deposit="tanjeel"), half("7.3", deposit="")])

    assert outcome.verdicts.tolist() == [NA, NA, NA]
    assert outcome.explain(0) == "no attributable figure with a whole-project one beside it"


def test_a_missing_share_decides_nothing() -> None:
    outcome = judge([half("7.3", share=""), whole("15")])

    assert outcome.verdicts[0] == UNDECIDED
    assert outcome.explain(0) == "share_pct is missing or not readable"
    unread = judge([half("7.3"), whole("15")], printed={"metal_mt": "deposit"})
    assert unread.explain(0) == "metal_mt is missing or not readable"


def test_the_words_of_the_basis_can_be_others() -> None:
    rows = [half("7.1") | {"basis": "ours"}, whole("15") | {"basis": "all"}]

    assert judge(rows, attributable="ours", whole="all").verdicts.tolist() == [FAILED, NA]


def test_a_whole_outside_of_where_does_not_exist() -> None:
    assert judge([half("7.1"), whole("15")], selected=[True, False]).verdicts.tolist() == [
        NA,
        NA,
    ]


def test_what_both_kinds_read() -> None:
    reads = PARTS.reads(use(PARTS, id="id", part_of="of", values=["v"], printed={"v": "text"}))
    assert reads == {"": {"id", "of", "v", "text"}}
    assert ATTRIBUTABLE.reads(use(ATTRIBUTABLE, **ATTRIBUTION)) == {"": set(SHARES)}
