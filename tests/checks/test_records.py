"""Groups of records, and the shape of parameters that are maps."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from rekodiq_data.checks.base import Columns
from rekodiq_data.checks.records import by_text, group_numbers, map_faults, members
from tests.checks.scene import columns


def grouped(own: Columns, *names: str) -> list[list[int]]:
    everything = np.ones(own.count, bool)
    return [group.tolist() for group in members(*group_numbers(own, names, everything))]


def test_equal_values_are_one_group_however_they_are_written() -> None:
    own = columns(
        [{"year": "2017"}, {"year": "+2017"}, {"year": "2023"}, {}, {}], {"year": "integer"}
    )
    assert grouped(own, "year") == [[0, 1], [2], [3, 4]]
    assert grouped(own) == [[0, 1, 2, 3, 4]]


def test_groups_are_told_apart_by_every_column() -> None:
    own = columns(
        [{"a": "x", "b": "y"}, {"a": "x"}, {"b": "y"}, {"a": "x", "b": "y"}],
        {"a": "string", "b": "string"},
    )
    assert sorted(grouped(own, "a", "b")) == [[0, 3], [1], [2]]


def test_records_outside_have_no_group() -> None:
    own = columns([{"a": "x"}, {"a": "y"}, {"a": "x"}], {"a": "string"})
    numbers, count = group_numbers(own, ["a"], np.array([True, False, True]))
    assert numbers.tolist() == [0, -1, 0]
    assert count == 1
    assert [group.tolist() for group in members(numbers, count)] == [[0, 2]]


def test_cells_that_cannot_be_read_are_neither_missing_nor_equal() -> None:
    own = Columns(
        table="own",
        count=5,
        values={"n": pa.array([None, None, None, 1, None], pa.int64())},
        text={"n": pa.array(["x", "y", None, "1", "x"])},
    )
    assert sorted(grouped(own, "n")) == [[0, 4], [1], [2], [3]]


def test_lists_are_grouped_as_they_are_written() -> None:
    own = Columns(
        table="own",
        count=3,
        values={"n": pa.array([[1], [2], [1]])},
        text={"n": pa.array(["[1]", "[2]", "[1]"])},
    )
    assert grouped(own, "n") == [[0, 2], [1]]


def test_a_column_is_read_once_per_distinct_text() -> None:
    seen: list[str] = []

    def read(text: str) -> int:
        seen.append(text)
        return len(text)

    column = pa.array(["a", None, "bc", "a"])
    assert by_text(column, read) == [1, None, 2, 1]
    assert seen == ["a", "bc"]


def test_faults_of_a_map_are_said_in_words() -> None:
    assert map_faults({"table": "t", "id": "i"}, "m", ("table", "id")) == []
    assert map_faults(["t"], "m", ("table", "id")) == [
        "`m` must be an object with `table`, `id`"
    ]
    assert map_faults({"table": 1, "idd": "x"}, "m", ("table",), ("id",)) == [
        "`m.table` must be a text",
        '`m` knows no `idd`. Did you mean "id"?',
    ]
