"""The order of a file's records."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from rekodiq_data.checks.base import Columns, Verdict
from rekodiq_data.checks.order import KINDS
from tests.checks.scene import columns, scene, use, verdicts

(SORTED_BY_KEY,) = KINDS
NA, HELD, FAILED, UNDECIDED = (
    Verdict.NOT_APPLICABLE,
    Verdict.HELD,
    Verdict.FAILED,
    Verdict.UNDECIDED,
)


def test_the_verdict_stands_at_the_record_that_comes_too_early() -> None:
    rows = [{"id": name} for name in ("a", "c", "b", "d")]
    outcome = SORTED_BY_KEY.judge(
        scene(columns(rows, {"id": "string"})), use(SORTED_BY_KEY, key=["id"])
    )
    assert [Verdict(int(each)) for each in outcome.verdicts] == [NA, HELD, FAILED, HELD]
    assert [outcome.explain(record) for record in range(4)] == [
        '"a" has no record before it',
        '"c" comes after "a" as it should',
        '"b" comes after "c" and belongs before it',
        '"d" comes after "b" as it should',
    ]


def test_text_is_ordered_by_code_points_and_numbers_by_value() -> None:
    texts = [{"id": name} for name in ("10", "9", "Z", "a", "\u00e9", "\ufffd", "\U0001f600")]
    own = columns(texts, {"id": "string"})
    assert verdicts(SORTED_BY_KEY, scene(own), key=["id"]) == [NA] + [HELD] * 6
    numbers = columns([{"id": name} for name in ("9", "10", "-1")], {"id": "integer"})
    assert verdicts(SORTED_BY_KEY, scene(numbers), key=["id"]) == [NA, HELD, FAILED]
    decimals = columns([{"id": name} for name in ("9.5", "10", "1e3")], {"id": "number"})
    assert verdicts(SORTED_BY_KEY, scene(decimals), key=["id"]) == [NA, HELD, HELD]


def test_later_columns_count_where_earlier_ones_are_equal() -> None:
    rows = [
        {"place": "kech", "year": "2017"},
        {"place": "kech", "year": "2023"},
        {"place": "kech", "year": "2023"},
        {"place": "kech", "year": "1998"},
        {"place": "awaran", "year": "2023"},
        {"year": "1998"},
        {"place": "awaran"},
    ]
    own = columns(rows, {"place": "string", "year": "integer"})
    around = scene(own)
    outcome = SORTED_BY_KEY.judge(around, use(SORTED_BY_KEY, key=["place", "year"]))
    assert [Verdict(int(each)) for each in outcome.verdicts] == [
        NA, HELD, HELD, FAILED, FAILED, FAILED, HELD,
    ]  # fmt: skip
    assert [outcome.about(record) for record in (1, 2, 3, 4)] == [
        "year", "place", "year", "place",
    ]  # fmt: skip
    assert outcome.explain(5) == (
        'nothing, "1998" comes after "awaran", "2023" and belongs before it'
    )


def test_records_outside_do_not_exist_for_the_order() -> None:
    own = columns([{"id": name} for name in ("b", "a", "c")], {"id": "string"})
    around = scene(own, selected=[True, False, True])
    assert verdicts(SORTED_BY_KEY, around, key=["id"]) == [NA, NA, HELD]


def test_a_number_that_cannot_be_read_leaves_its_neighbours_undecided() -> None:
    own = Columns(
        table="own",
        count=4,
        values={"id": pa.array([1, None, 2, 3])},
        text={"id": pa.array(["1", "x", "2", "3"])},
    )
    outcome = SORTED_BY_KEY.judge(scene(own), use(SORTED_BY_KEY, key=["id"]))
    assert [Verdict(int(each)) for each in outcome.verdicts] == [NA, UNDECIDED, UNDECIDED, HELD]
    assert outcome.explain(1) == ('"x" and "1" can\'t be compared: not every cell can be read')


def test_lists_are_ordered_as_they_are_written() -> None:
    own = Columns(
        table="own",
        count=2,
        values={"id": pa.array([[2], [1]])},
        text={"id": pa.array(["[2]", "[1]"])},
    )
    assert verdicts(SORTED_BY_KEY, scene(own), key=["id"]) == [NA, FAILED]


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(max_size=2), st.integers(-3, 3)), max_size=6))
def test_the_order_is_that_of_python(keys: list[tuple[str, int]]) -> None:
    # A cell can't hold an empty text and be there, so each text gets a letter before it.
    rows = [{"name": "x" + name, "number": str(number)} for name, number in keys]
    own = columns(rows, {"name": "string", "number": "integer"})
    expected = [NA] * min(len(keys), 1) + [
        HELD if keys[place - 1] <= keys[place] else FAILED for place in range(1, len(keys))
    ]
    assert verdicts(SORTED_BY_KEY, scene(own), key=["name", "number"]) == expected


def test_an_empty_table_is_in_order() -> None:
    assert verdicts(SORTED_BY_KEY, scene(columns([], {"id": "string"})), key=["id"]) == []


def test_the_order_reads_its_key() -> None:
    assert SORTED_BY_KEY.reads(use(SORTED_BY_KEY, key=["a", "b"])) == {"": {"a", "b"}}
