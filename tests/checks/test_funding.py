"""Who pays for a project pays by its shares, free carry aside."""

from __future__ import annotations

from typing import Any

import pytest

from rekodiq_data.checks.base import Outcome, Verdict
from rekodiq_data.checks.funding import FUNDING_BASE
from tests.checks.scene import columns, scene, use

NA, HELD, FAILED, UNDECIDED = (
    Verdict.NOT_APPLICABLE,
    Verdict.HELD,
    Verdict.FAILED,
    Verdict.UNDECIDED,
)
PAID = {
    "plan": "string",
    "party": "string",
    "amount_usd": "number",
    "decided": "string",
    "base_pct": "number",
}
HELD_BY = {
    "subject": "string",
    "investor": "string",
    "via": "string",
    "share_pct": "number",
    "share_kind": "string",
    "from": "string",
    "to": "string",
    "level": "string",
}
STAKES: dict[str, Any] = {
    "table": "stakes",
    "share": "share_pct",
    "share_kind": "share_kind",
    "from": "from",
    "to": "to",
    "parties": ["investor", "via"],
}
PARAMETERS: dict[str, Any] = {
    "group": ["plan"],
    "party": "party",
    "amount": "amount_usd",
    "date": "decided",
    "relative_tolerance": "0.001",
    "percent": "base_pct",
    "free_kinds": ["free_carried"],
}


def stake(
    investor: str, percent: str, kind: str = "contributing", via: str = "", **more: str
) -> dict[str, str]:
    return {
        "subject": "reko_diq",
        "investor": investor,
        "via": via,
        "share_pct": percent,
        "share_kind": kind,
        "from": "2022-12-15",
        **more,
    }


REKO_DIQ = [
    stake("barrick", "50"),
    stake("ogdcl", "8.33", via="pmpl"),
    stake("ppl", "8.33", via="pmpl"),
    stake("ghpl", "8.33", via="pmpl"),
    stake("balochistan", "15", kind="fully_funded", via="bmrl"),
    stake("balochistan", "10", kind="free_carried"),
]


def paid(
    plan: str, party: str, amount: str, day: str = "2025-09-18", percent: str = ""
) -> dict[str, str]:
    return {
        "plan": plan,
        "party": party,
        "amount_usd": amount,
        "decided": day,
        "base_pct": percent,
    }


def judge(
    *rows: dict[str, str],
    stakes: list[dict[str, str]] | None = None,
    more_of_stakes: dict[str, Any] | None = None,
    selected: list[bool] | None = None,
    **more: Any,
) -> Outcome:
    held = columns(REKO_DIQ if stakes is None else stakes, HELD_BY, "stakes")
    around = scene(columns(rows, PAID), others=[held], selected=selected)
    parameters = PARAMETERS | more | {"stakes": STAKES | (more_of_stakes or {})}
    return FUNDING_BASE.judge(around, use(FUNDING_BASE, **parameters))


def test_real_contributions_follow_the_shares() -> None:
    outcome = judge(
        paid("2025", "pmpl", "2145000000"),
        paid("2025", "bmrl", "1287000000"),
        # decided four days before the shares began
        paid("2022", "pmpl", "1194000000", "2022-12-11"),
        paid("2022", "bmrl", "717000000", "2022-12-11"),
    )

    assert outcome.verdicts.tolist() == [NA, HELD, NA, HELD]
    assert outcome.about(1) == "amount_usd"
    assert outcome.explain(1) == (
        "bmrl pays 1,287,000,000 USD for 15 % where pmpl pays 2,145,000,000 USD for 24.99 %; "
        "by these shares it is 1,286,742,651 to 1,288,288,288 USD"
    )
    assert outcome.explain(0) == (
        "the other contributions are held against this one, or there is no other"
    )


def test_the_share_of_the_funding_base_leaves_the_free_carry_out() -> None:
    outcome = judge(
        paid("", "pmpl", "", percent="27.7778"),
        paid("", "pmpl", "", percent="25.0"),
        paid("", "pmpl", "", percent="24.99"),
    )

    assert outcome.verdicts.tolist() == [HELD, FAILED, FAILED]
    assert outcome.about(1) == "base_pct"
    assert outcome.explain(1) == (
        "24.99 of a funding base of 89.99 makes 27.7485 to 27.7911 %; "
        "the table says 25.0 %, 2.74846 % too low"
    )


def test_written_as_one_share_the_base_is_exact() -> None:
    stakes = [
        stake("barrick", "50"),
        stake("pmpl", "25"),
        stake("bmrl", "15"),
        stake("gob", "10", "free_carried"),
    ]

    outcome = judge(
        paid("", "pmpl", "", percent="27.7778"),
        paid("", "pmpl", "", percent="27.7777"),
        stakes=stakes,
    )

    assert outcome.verdicts.tolist() == [HELD, FAILED]
    assert "25 of a funding base of 90 makes 27.7778 %" in outcome.explain(1)


def test_an_amount_that_does_not_follow_the_shares_is_told() -> None:
    high = judge(paid("a", "pmpl", "2145000000"), paid("a", "bmrl", "1400000000"))
    low = judge(paid("a", "pmpl", "2145000000"), paid("a", "bmrl", "1200000000"))

    assert high.verdicts.tolist() == low.verdicts.tolist() == [NA, FAILED]
    assert high.explain(1).endswith("USD, 111,711,712 USD too high (0.1 % allowed)")
    assert low.explain(1).endswith("USD, 86,742,651 USD too low (0.1 % allowed)")


def test_a_difference_just_at_the_tolerance_is_fine() -> None:
    stakes = [stake("a", "50"), stake("b", "25")]
    rows = [
        paid("p", "a", "2000"),
        paid("p", "b", "1001"),
        paid("q", "a", "2000"),
        paid("q", "b", "1001.1"),
    ]

    assert judge(*rows, stakes=stakes).verdicts.tolist() == [NA, HELD, NA, FAILED]


def test_of_three_the_one_that_is_wrong_is_accused() -> None:
    stakes = [stake("a", "50"), stake("b", "25"), stake("c", "15")]

    for wrong in range(3):
        amounts = ["5000", "2500", "1500"]
        amounts[wrong] += "0"
        rows = [paid("p", party, each) for party, each in zip("abc", amounts, strict=True)]
        verdicts = judge(*rows, stakes=stakes).verdicts.tolist()
        assert verdicts[wrong] == FAILED
        assert verdicts.count(FAILED) == 1


def test_parties_without_a_paying_share_pay_nothing_that_can_be_judged() -> None:
    outcome = judge(
        paid("a", "pmpl", "2145000000"),
        paid("a", "nobody", "5"),
        paid("a", "", "5"),
        paid("a", "bmrl", "1287000000", day=""),
        stakes=[*REKO_DIQ, stake("nobody", "1", "free_carried")],
    )

    assert outcome.verdicts.tolist() == [NA, NA, NA, NA]
    assert outcome.explain(1) == "no paying share of this party is known"
    assert outcome.about(1) == "amount_usd"


def test_shares_that_have_ended_are_no_shares() -> None:
    stakes = [stake("a", "50", to="2024"), stake("b", "25")]

    assert judge(paid("p", "b", "1"), paid("p", "a", "9"), stakes=stakes).verdicts.tolist() == [
        NA,
        NA,
    ]


def test_vague_dates_decide_nothing() -> None:
    stakes = [stake("a", "50"), stake("b", "25", **{"from": "2025"})]
    outcome = judge(paid("p", "a", "5000"), paid("p", "b", "9", percent="30.0"), stakes=stakes)

    assert outcome.verdicts.tolist() == [NA, UNDECIDED]
    assert outcome.explain(1) == "the shares on this day, or the amounts, can't be read"
    alone = judge(paid("p", "b", "", percent="30.0"), stakes=stakes)
    assert alone.verdicts.tolist() == [UNDECIDED]
    assert alone.explain(0) == "the shares on this day can't be read"


@pytest.mark.parametrize("change", [{"share_pct": ""}, {"from": ""}, {"share_pct": "0"}])
def test_shares_that_cannot_be_read_decide_nothing(change: dict[str, str]) -> None:
    stakes = [stake("a", "50") | change, stake("b", "25"), stake("c", "25")]

    assert judge(paid("p", "a", "5"), paid("p", "b", "9"), stakes=stakes).verdicts.tolist()[
        1
    ] in (
        UNDECIDED,
        NA,
    )


def test_a_share_that_can_be_nothing_gives_no_bounds() -> None:
    stakes = [stake("a", "0.0"), stake("b", "25")]
    outcome = judge(paid("p", "a", "5"), paid("p", "b", "9"), stakes=stakes)

    assert outcome.verdicts.tolist() == [NA, UNDECIDED]


def test_a_percentage_that_cannot_be_read_decides_nothing() -> None:
    around = scene(
        columns([paid("p", "pmpl", "", percent="27.7778")], PAID | {"base_pct": "string"}),
        others=[columns(REKO_DIQ, HELD_BY, "stakes")],
    )

    outcome = FUNDING_BASE.judge(around, use(FUNDING_BASE, **PARAMETERS, stakes=STAKES))

    assert outcome.verdicts.tolist() == [UNDECIDED]
    assert outcome.explain(0) == "base_pct is missing or not readable"


def test_an_amount_that_cannot_be_read_decides_nothing() -> None:
    rows = [paid("p", "pmpl", "2145"), paid("p", "bmrl", "1287")]
    around = scene(
        columns(rows, PAID | {"amount_usd": "string"}),
        others=[columns(REKO_DIQ, HELD_BY, "stakes")],
    )

    outcome = FUNDING_BASE.judge(around, use(FUNDING_BASE, **PARAMETERS, stakes=STAKES))

    assert outcome.verdicts.tolist() == [NA, UNDECIDED]


def test_stakes_in_other_things_are_no_part_of_the_base() -> None:
    stakes = [
        *REKO_DIQ,
        stake("someone", "90", subject="a_vehicle"),
        stake("pmpl", "25", level="direct"),
    ]
    row = paid("", "pmpl", "", percent="27.7778")

    bounded = judge(
        row, stakes=stakes, more_of_stakes={"subject": "subject", "where": {"level": ""}}
    )
    assert bounded.verdicts.tolist() == [NA]
    levels = [each | {"level": "look_through"} for each in stakes[:-1]] + stakes[-1:]
    chosen = {"subject": "subject", "where": {"level": "look_through"}}
    assert judge(row, stakes=levels, more_of_stakes=chosen).verdicts.tolist() == [HELD]
    assert judge(
        row, stakes=levels, more_of_stakes={"where": {"level": "look_through"}}
    ).verdicts.tolist() == [FAILED]


def test_records_outside_of_where_or_without_a_group_are_not_compared() -> None:
    rows = [paid("a", "pmpl", "2145"), paid("a", "bmrl", "9999"), paid("", "bmrl", "9999")]

    assert judge(*rows, selected=[True, False, True]).verdicts.tolist() == [NA, NA, NA]


def test_without_a_percentage_only_amounts_are_judged() -> None:
    rows = [paid("a", "pmpl", "2145", percent="99"), paid("a", "bmrl", "1287")]
    parameters = {key: value for key, value in PARAMETERS.items() if key != "percent"}
    around = scene(columns(rows, PAID), others=[columns(REKO_DIQ, HELD_BY, "stakes")])
    check = use(
        FUNDING_BASE, **parameters, stakes=STAKES | {"where": {"via": ["pmpl", "bmrl"]}}
    )

    assert FUNDING_BASE.judge(around, check).verdicts.tolist() == [NA, HELD]
    assert FUNDING_BASE.reads(check) == {
        "": {"plan", "party", "amount_usd", "decided"},
        "stakes": {"share_pct", "share_kind", "from", "to", "investor", "via"},
    }


def test_faulty_stakes_are_told() -> None:
    stakes = {
        "table": 3,
        "shares": "x",
        "parties": "investor",
        "where": [],
        "share_kind": "k",
        "from": "f",
    }

    assert FUNDING_BASE.faults(PARAMETERS | {"stakes": stakes, "relative_tolerance": "-1"}) == [
        "`stakes` lacks `share`",
        "`stakes` lacks `to`",
        "`stakes.table` must be a text",
        '`stakes` knows no `shares`. Did you mean "share"?',
        "`stakes.parties` must be a list of names of columns",
        "`stakes.where` must give a text or texts for each column",
        "`relative_tolerance` must not be negative",
    ]
    sound = STAKES | {"where": {"level": "look_through"}}
    assert FUNDING_BASE.faults(PARAMETERS | {"stakes": sound}) == []
