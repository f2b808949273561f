"""Partial dates: the grammar, the order of two, and times that overlap."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekodiq_data.checks.base import Verdict
from rekodiq_data.checks.dates import KINDS, order_of
from rekodiq_data.checks.spans import Span, fault_of, span_of
from tests.checks.scene import columns, scene, use, verdicts

PARTIAL_DATE, DATE_ORDER, NO_OVERLAP = KINDS
NA, HELD, FAILED, UNDECIDED = (
    Verdict.NOT_APPLICABLE,
    Verdict.HELD,
    Verdict.FAILED,
    Verdict.UNDECIDED,
)


def days(first: str, last: str) -> Span:
    return Span(date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal())


# -- the grammar -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2006", "2006-01-01", "2006-12-31"),
        ("2006-03", "2006-03-01", "2006-03-31"),
        ("2008-02", "2008-02-01", "2008-02-29"),
        ("2006-03-13", "2006-03-13", "2006-03-13"),
        ("2006/2007", "2006-01-01", "2007-12-31"),
        ("2006-11/2007-02-03", "2006-11-01", "2007-02-03"),
        ("2006/2006-03", "2006-01-01", "2006-03-31"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9999-12-31", "9999-12-31", "9999-12-31"),
    ],
)
def test_a_partial_date_stands_for_its_whole_span(text: str, first: str, last: str) -> None:
    assert span_of(text) == days(first, last)
    assert fault_of(text) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "13.03.2006",
            '"13.03.2006" is not a partial date; write 2006, 2006-03, 2006-03-13 or 2006/2007',
        ),
        ("2006-3-13", '"2006-3-13" is not a partial date; write 2006-03-13'),
        (" 2006-03", '" 2006-03" is not a partial date; write 2006-03'),
        (
            "2006-3-32",
            '"2006-3-32" is not a partial date; write 2006, 2006-03, 2006-03-13 or 2006/2007',
        ),
        ("2006-13", '"2006-13" has the month 13'),
        ("2006-00", '"2006-00" has the month 00'),
        ("2006-02-29", '"2006-02-29" has the day 29, and 2006-02 has 28 days'),
        ("1900-02-29", '"1900-02-29" has the day 29, and 1900-02 has 28 days'),
        ("2006-04-00", '"2006-04-00" has the day 00, and 2006-04 has 30 days'),
        ("0000", '"0000" has the year 0000'),
        ("2007/2006", '"2007/2006" ends before it begins'),
        ("2006/2007-13", '"2006/2007-13" is not an interval: "2007-13" has the month 13'),
        (
            "2006/2007/2008",
            '"2006/2007/2008" is not a partial date; '
            "write 2006, 2006-03, 2006-03-13 or 2006/2007",
        ),
    ],
)
def test_what_is_wrong_with_a_date_is_said_in_words(text: str, words: str) -> None:
    assert span_of(text) is None
    assert fault_of(text) == words


@pytest.mark.parametrize(
    "text",
    ["", "06", "20060313", "2006-03-13T10:00Z", "2006?", "200X", "2006-21", "2006/", "2006/..",
     "/2006", "-2006", "Y12006", "2006 ", "2006\n", "٢٠٠٦", "２００６"],
)  # fmt: skip
def test_nothing_beyond_level_0_is_a_partial_date(text: str) -> None:
    assert span_of(text) is None


dates_of_any_length = st.dates(date(1000, 1, 1)).flatmap(
    lambda day: st.sampled_from([day.isoformat(), day.isoformat()[:7], day.isoformat()[:4]])
)


@settings(max_examples=40, deadline=None)
@given(st.lists(dates_of_any_length, min_size=1, max_size=2))
def test_the_edtf_library_reads_the_same_days(parts: list[str]) -> None:
    from edtf import parse_edtf

    text = "/".join(parts)
    ours = span_of(text)
    if ours is None:  # backwards, which the library lets pass
        assert len(parts) == 2
        return
    theirs = parse_edtf(text)
    found = [date(*each[:3]) for each in (theirs.lower_strict(), theirs.upper_strict())]
    assert found == [date.fromordinal(ours.first), date.fromordinal(ours.last)]


def test_every_date_column_is_looked_at_and_the_first_faulty_one_is_named() -> None:
    own = columns(
        [
            {"from": "2006", "to": "2007-02"},
            {"from": "2006", "to": "2007-02-30"},
            {"from": "x", "to": "y"},
            {"to": "2007"},
            {},
            {"from": "z"},
        ],
        {"from": "string", "to": "string"},
    )
    around = scene(own, selected=[True] * 5 + [False])
    assert verdicts(PARTIAL_DATE, around, fields=["from", "to"]) == [
        HELD, FAILED, FAILED, HELD, NA, NA,
    ]  # fmt: skip
    outcome = PARTIAL_DATE.judge(around, use(PARTIAL_DATE, fields=["from", "to"]))
    assert [outcome.about(record) for record in range(4)] == ["from", "to", "from", "to"]
    assert outcome.explain(1) == '"2007-02-30" has the day 30, and 2007-02 has 28 days'
    assert outcome.explain(3) == 'to "2007" is a partial date'
    assert outcome.explain(4) == "no date here"


# -- the order of two dates ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("2006", "2007", HELD),
        ("2006-12-31", "2007", HELD),
        ("2006", "2006", HELD),
        ("2006-03-13", "2006-03-13", HELD),
        ("2007", "2006", FAILED),
        ("2006-03-14", "2006-03-13", FAILED),
        ("2006-04", "2006-03-31", FAILED),
        ("2006", "2006-03", UNDECIDED),
        ("2006-03-31", "2006-03", UNDECIDED),
        ("2006/2007", "2007-12-31", UNDECIDED),
        ("2006/2007", "2008", HELD),
        ("spring 2006", "2007", UNDECIDED),
        ("2006", "soon", UNDECIDED),
    ],
)
def test_the_order_is_certain_only_where_the_days_are_apart(
    before: str, after: str, expected: Verdict
) -> None:
    assert order_of(before, after) is expected


near = st.builds(
    lambda first, length, how: (
        (date(2006, 1, 29) + timedelta(first)).isoformat()[:how]
        if length == 0
        else f"{date(2006, 1, 29) + timedelta(first)}"
        f"/{date(2006, 1, 29) + timedelta(first + length)}"
    ),
    st.integers(0, 5),
    st.integers(0, 3),
    st.sampled_from([10, 7, 4]),
)


def each_day(text: str) -> range:
    span = span_of(text)
    assert span is not None
    return range(span.first, span.last + 1)


@settings(deadline=None)
@given(near, near)
def test_the_order_agrees_with_a_look_at_every_pair_of_days(before: str, after: str) -> None:
    pairs = list(product(each_day(before), each_day(after)))
    expected = UNDECIDED
    if before == after or all(first < second for first, second in pairs):
        expected = HELD
    elif all(first > second for first, second in pairs):
        expected = FAILED
    assert order_of(before, after) is expected


def test_the_order_of_two_columns_is_explained() -> None:
    own = columns(
        [
            {"from": "2006", "to": "2007"},
            {"from": "2006", "to": "2006"},
            {"from": "2006", "to": "2005-12"},
            {"from": "2006", "to": "2006-05"},
            {"from": "2006", "to": "2006-5"},
            {"from": "?", "to": "2006"},
            {"from": "2006"},
            {"from": "2007", "to": "2006"},
            {"from": "2006", "to": "2007"},
        ],
        {"from": "string", "to": "string"},
    )
    around = scene(own, selected=[True] * 7 + [False, True])
    outcome = DATE_ORDER.judge(around, use(DATE_ORDER, before="from", after="to"))
    assert [Verdict(int(each)) for each in outcome.verdicts] == [
        HELD, HELD, FAILED, UNDECIDED, UNDECIDED, UNDECIDED, NA, NA, HELD,
    ]  # fmt: skip
    assert [outcome.explain(record) for record in range(7)] == [
        'from "2006" ends before to "2007" begins',
        'from and to are both "2006"',
        'to "2005-12" ends before from "2006" begins',
        'from "2006" and to "2006-05" share days, so their order is not certain',
        '"2006-5" is not a partial date; write 2006-05',
        '"?" is not a partial date; write 2006, 2006-03, 2006-03-13 or 2006/2007',
        "from or to is missing",
    ]
    assert outcome.about(0) == "to"


# -- times that overlap ----------------------------------------------------------------------

STAKE = {"subject": "string", "from": "string", "to": "string"}


def overlaps(*times: tuple[str, str]) -> list[Verdict]:
    rows = [{"subject": "a", "from": start, "to": end} for start, end in times]
    return verdicts(
        NO_OVERLAP, scene(columns(rows, STAKE)), key=["subject"], **{"from": "from", "to": "to"}
    )


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("2006-03-13", "2011-11-15"), ("2011-11-15", ""), HELD),
        (("2006-03-13", "2011-11-15"), ("2011-11-14", ""), FAILED),
        (("2006", "2010"), ("2010", ""), UNDECIDED),
        (("2006", "2010"), ("2011", ""), HELD),
        (("2006", "2010"), ("2009", ""), FAILED),
        (("2006", ""), ("2010", ""), FAILED),
        (("", "2010-01-01"), ("2010-01-01", "2012"), HELD),
        (("", "2010-01-01"), ("2008", "2012"), FAILED),  # valid on its last day at least
        (("", "2010-01-01"), ("2008", "2009"), UNDECIDED),
        (("", "2010"), ("", "2012"), UNDECIDED),
        (("", ""), ("2008", ""), FAILED),
        (("2005", "2010"), ("2006", "2006"), FAILED),  # held on some day of 2006
        (("2006", "2006"), ("2006", "2006"), UNDECIDED),
        (("2006/2008", "2010"), ("2007", "2007"), UNDECIDED),
    ],
)
def test_only_a_certain_overlap_fails(
    first: tuple[str, str], second: tuple[str, str], expected: Verdict
) -> None:
    found = overlaps(first, second)
    assert sorted(found) == sorted([NA, expected])
    assert sorted(overlaps(second, first)) == sorted([NA, expected])


def test_a_time_is_compared_with_the_earlier_times_of_its_key_alone() -> None:
    rows = [
        {"subject": "a", "from": "2015", "to": ""},
        {"subject": "b", "from": "2006", "to": ""},
        {"subject": "a", "from": "2006", "to": "2014"},
        {"subject": "a", "from": "2012", "to": "2014"},
        {"subject": "a", "from": "?", "to": "2014"},
        {"subject": "a", "from": "2012", "to": "2011"},
        {"subject": "a", "from": "2013", "to": "2014"},
        {"subject": "c", "from": "2007", "to": "2009-05-01"},
        {"subject": "c", "from": "2009", "to": ""},
    ]
    around = scene(columns(rows, STAKE), selected=[True] * 6 + [False, True, True])
    outcome = NO_OVERLAP.judge(
        around, use(NO_OVERLAP, key=["subject"], **{"from": "from", "to": "to"})
    )
    assert [Verdict(int(each)) for each in outcome.verdicts] == [
        HELD, NA, NA, FAILED, UNDECIDED, UNDECIDED, NA, NA, UNDECIDED,
    ]  # fmt: skip
    assert outcome.about(3) == "from"
    assert [outcome.explain(record) for record in (0, 1, 3, 4, 5, 8)] == [
        '2015 to now does not overlap 2006 to 2014 of the same subject "a"',
        "2006 to now has no earlier time of the same subject beside it",
        '2012 to 2014 overlaps 2006 to 2014 of the same subject "a"',
        '"?" is not a partial date; write 2006, 2006-03, 2006-03-13 or 2006/2007',
        "2012 to 2011 holds no day at all",
        '2009 to now may overlap 2007 to 2009-05-01 of the same subject "c"',
    ]


def possible_times(start: str, end: str) -> list[range]:
    """Every time, as a set of days, that two partial dates may mean; never an empty one."""
    return [
        range(first, last)
        for first, last in product(each_day(start), each_day(end))
        if first < last
    ]


short = st.builds(
    lambda first, length: f"2006-01-{first:02d}/2006-01-{first + length:02d}",
    st.integers(1, 9),
    st.integers(0, 3),
)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(short, short), min_size=2, max_size=5))
def test_overlaps_agree_with_a_look_at_every_day(times: list[tuple[str, str]]) -> None:
    found = overlaps(*times)
    spaces = [possible_times(*time) for time in times]
    order = sorted(
        (number for number, space in enumerate(spaces) if space),
        key=lambda number: (max(time.start for time in spaces[number]), number),
    )
    expected = [UNDECIDED] * len(times)  # what holds no day is never judged
    for place, number in enumerate(order):
        ways = [
            {bool(set(mine) & set(yours)) for mine in spaces[number] for yours in spaces[other]}
            for other in order[:place]
        ]
        if not ways:
            expected[number] = NA
        elif {True} in ways:
            expected[number] = FAILED
        else:
            expected[number] = UNDECIDED if {True, False} in ways else HELD
    assert found == expected


def test_ten_thousand_times_of_one_key_are_judged_at_once() -> None:
    day = date(2000, 1, 1)
    edges = [(day + timedelta(number)).isoformat() for number in range(10_001)]
    found = overlaps(*pairwise(edges))
    assert found == [NA] + [HELD] * 9_999


def test_the_columns_that_date_checks_read_are_those_they_name() -> None:
    assert PARTIAL_DATE.reads(use(PARTIAL_DATE, fields=["a", "b"])) == {"": {"a", "b"}}
    assert DATE_ORDER.reads(use(DATE_ORDER, before="a", after="b")) == {"": {"a", "b"}}
    named = use(NO_OVERLAP, key=["k"], **{"from": "a", "to": "b"})
    assert NO_OVERLAP.reads(named) == {"": {"k", "a", "b"}}
