"""Shares add up whenever one of them starts or ends."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekodiq_data.checks.base import Outcome, Verdict
from rekodiq_data.checks.shares import SHARES_SUM
from tests.checks.scene import columns, scene, use

NA, HELD, FAILED, UNDECIDED = (
    Verdict.NOT_APPLICABLE,
    Verdict.HELD,
    Verdict.FAILED,
    Verdict.UNDECIDED,
)
TYPES = {
    "subject": "string",
    "share_pct": "number",
    "from": "string",
    "to": "string",
    "q": "string",
}
PARAMETERS: dict[str, Any] = {
    "subject": "subject",
    "share": "share_pct",
    "from": "from",
    "to": "to",
    "rounding": "last_digit",
}


def share(
    percent: str, start: str, end: str = "", subject: str = "p", q: str = ""
) -> dict[str, str]:
    return {"subject": subject, "share_pct": percent, "from": start, "to": end, "q": q}


def judge(*rows: dict[str, str], selected: list[bool] | None = None, **more: Any) -> Outcome:
    around = scene(columns(rows, TYPES), selected=selected)
    return SHARES_SUM.judge(around, use(SHARES_SUM, **(PARAMETERS | more)))


def found(*rows: dict[str, str], **more: Any) -> list[int]:
    verdicts: list[int] = judge(*rows, **more).verdicts.tolist()
    return verdicts


REKO_DIQ = [
    share("75", "1993", "2006-04-01"),
    share("25", "1993", "2006-04-01"),
    share("37.5", "2006-04-01", "2013-01"),
    share("37.5", "2006-04-01", "2013-01"),
    share("25", "2006-04-01", "2013-01"),
    share("90", "2021-05-16", "2022-12-15", "concession"),
    share("10", "2021-05-16", "2022-12-15", "concession"),
    share("50", "2022-12-15"),
    share("8.33", "2022-12-15"),
    share("8.33", "2022-12-15"),
    share("8.33", "2022-12-15"),
    share("15", "2022-12-15"),
    share("10", "2022-12-15"),
]


def test_the_shares_in_reko_diq_hold_since_1993() -> None:
    # 99.99 today; nobody held any share in it from 2013 to 2021.
    assert found(*REKO_DIQ) == [HELD, NA, HELD, NA, NA, HELD, NA, HELD, NA, NA, NA, NA, NA]


def test_a_wrong_share_is_told_once_with_all_shares_of_the_day() -> None:
    rows = [*REKO_DIQ[:7], share("60", "2022-12-15"), *REKO_DIQ[8:]]
    outcome = judge(*rows)

    assert outcome.verdicts.tolist() == [HELD, NA, HELD, NA, NA, HELD, NA, FAILED, *[NA] * 5]
    assert outcome.about(7) == "share_pct"
    assert outcome.explain(7) == (
        "from 2022-12-15 on, the shares in p are "
        "60 % + 8.33 % + 8.33 % + 8.33 % + 15 % + 10 %, "
        "108.475 to 111.505 % in all, 8.475 % above 100"
    )
    assert outcome.explain(8) == "these shares are summed at another record of the same day"


def test_a_share_that_ends_alone_leaves_a_gap() -> None:
    outcome = judge(share("60", "2000"), share("40", "2000", "2010"), share("40.0", "2012"))

    assert outcome.verdicts.tolist() == [HELD, FAILED, HELD]
    assert (
        outcome.explain(1)
        == "from 2010 on, the shares in p are 60 %, 59.5 to 60.5 % in all, 39.5 % below 100"
    )
    assert outcome.explain(2).endswith("60 % + 40.0 %, 99.45 to 100.55 % in all")


def test_a_record_tells_the_graver_of_its_start_and_its_end() -> None:
    # Too much from 2001, too little from 2002: the start comes first.
    rows = [share("90", "2000"), share("10", "2000", "2001"), share("20", "2001", "2002")]

    outcome = judge(*rows)

    assert outcome.verdicts.tolist() == [HELD, NA, FAILED]
    assert outcome.explain(2).startswith("from 2001 on")
    held_first = judge(share("90", "2000"), share("10", "2000", "2001"))
    assert held_first.verdicts.tolist() == [HELD, FAILED]


@pytest.mark.parametrize(
    ("first_end", "second_start", "expected"),
    [
        ("2006-04", "2006-04", HELD),  # the same words are the same day
        ("2006-04-01", "2006-04-01", HELD),
        ("2006-04", "2006-04-01", UNDECIDED),
        ("2006", "2006-04", UNDECIDED),
        ("2006-04", "2006", UNDECIDED),
        ("2006", "2007", FAILED),  # a gap of at least a day
        ("2005", "2006/2007", FAILED),
    ],
)
def test_partial_dates_decide_only_what_is_certain(
    first_end: str, second_start: str, expected: Verdict
) -> None:
    rows = [share("60", "1999"), share("40", "1999", first_end), share("40", second_start)]

    # The numbers of the verdicts rise from held over failed to undecided.
    assert max(found(*rows)) == expected


def test_a_gap_of_vague_dates_is_told_as_such() -> None:
    outcome = judge(share("60", "1999"), share("40", "1999", "2006"), share("40", "2006-04"))

    assert outcome.verdicts.tolist() == [HELD, UNDECIDED, UNDECIDED]
    assert (
        outcome.explain(1) == "from 2006 on, the dates do not tell which shares in p are held"
    )


def test_dates_that_cannot_be_read_leave_everything_open() -> None:
    assert found(share("60", "2000"), share("40", "")) == [UNDECIDED, NA]
    assert found(share("60", "2000"), share("40", "one day")) == [UNDECIDED, UNDECIDED]
    assert found(share("60", "2000"), share("40", "2000", "one day")) == [UNDECIDED, UNDECIDED]


def test_a_share_that_was_never_held_counts_for_nothing() -> None:
    rows = [share("100", "2000"), share("50", "2005", "2005"), share("50", "2007", "2006")]

    assert found(*rows) == [HELD, NA, NA]


def test_a_share_that_cannot_be_read_leaves_its_time_undecided() -> None:
    outcome = judge(share("60", "2000"), share("", "2000", "2005"), share("40", "2005"))

    assert outcome.verdicts.tolist() == [UNDECIDED, NA, HELD]
    assert (
        outcome.explain(0)
        == "from 2000 on, share_pct is missing or not readable for a share in p"
    )


def test_a_day_on_which_nobody_holds_a_share_is_not_applicable() -> None:
    outcome = judge(share("100", "2000", "2005"))

    assert outcome.verdicts.tolist() == [HELD]
    later = judge(share("60", "2000", "2005"), share("40", "2000", "2006"))
    assert later.verdicts.tolist() == [FAILED, NA]
    assert later.explain(1) == "from 2006 on, no share in p is held"


def test_open_ended_shares_come_and_go() -> None:
    rows = [
        share("60", "2000", "2002", q="at_least"),
        share("50", "2000"),
        share("60", "2002", "2004", q="up_to"),
        share("51", "2004"),
    ]

    outcome = judge(*rows, qualifiers={"share_pct": "q"})

    assert outcome.verdicts.tolist() == [FAILED, NA, HELD, HELD]
    assert outcome.explain(0) == (
        "from 2000 on, the shares in p are at least 60 % + 50 %, at least 109 % in all, "
        "9 % above 100"
    )


def test_filled_in_zeros_decide_nothing_by_themselves() -> None:
    rows = [share("50", "2000"), share("46", "2000")]

    assert found(*rows, rounding="unknown") == [UNDECIDED, NA]
    assert found(*rows) == [FAILED, NA]


def test_the_whole_can_be_another_one() -> None:
    rows = [share("0.60", "2000"), share("0.40", "2000")]

    assert found(*rows, total="1") == [HELD, NA]


def test_records_without_a_subject_or_outside_of_where_do_not_exist() -> None:
    rows = [share("60", "2000"), share("40", "2000", subject=""), share("41", "2000")]

    assert found(*rows, selected=[True, True, False]) == [FAILED, NA, NA]


def test_the_end_of_the_last_share_is_told_in_words() -> None:
    # Not applicable: an end after which nobody holds anything.
    outcome = judge(share("99.2", "2000", "2005"), share("0.8", "2000", "2004"))

    assert outcome.verdicts.tolist() == [HELD, FAILED]
    only = judge(share("50", "2001", "2002"), share("100", "2000", "2001"))
    assert only.verdicts.tolist() == [FAILED, HELD]


# -- against the definition ------------------------------------------------------------------

DATES = ["2000", "2001", "2001-06", "2001-06-15", "2001-07", "2002", "2002-01-01", ""]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["30", "40", "60", "100", ""]),
            st.sampled_from(DATES),
            st.sampled_from(DATES),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_the_running_sum_is_the_sum_of_what_is_held(rows: list[tuple[str, str, str]]) -> None:
    from rekodiq_data.checks.validity import instant_of, validities

    table = columns([share(*row) for row in rows], TYPES)
    held = validities(table.text["from"], table.text["to"])
    outcome = judge(*[share(*row) for row in rows])

    for record in range(len(rows)):
        if outcome.verdicts[record] not in (HELD, FAILED):
            continue
        # The sum at the day that its words name, by asking every share about that day.
        day = instant_of(outcome.explain(record).split()[1])
        assert day is not None
        states = [each.at(day) if not each.is_empty else False for each in held]
        assert None not in states
        active = [Fraction(rows[each][0]) for each, state in enumerate(states) if state]
        half = Fraction(len(active), 2)
        is_whole = sum(active) - half <= 100 <= sum(active) + half
        assert outcome.verdicts[record] == (HELD if is_whole else FAILED)


def test_many_shares_in_one_subject_are_summed_in_one_pass() -> None:
    rows = []
    for year in range(5_000):
        start, end = f"{1000 + year:04d}-06-01", f"{1001 + year:04d}-06-01"
        rows += [share("60.0", start, end), share("40.0", start, end)]

    assert found(*rows) == [HELD, NA] * 5_000


def test_what_is_read() -> None:
    assert SHARES_SUM.reads(use(SHARES_SUM, **PARAMETERS)) == {
        "": {"subject", "share_pct", "from", "to"}
    }
