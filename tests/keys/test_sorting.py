"""Records in the order of their key, by runs on the disk."""

from __future__ import annotations

import random
import tempfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekodiq_data.keys import in_key_order
from rekodiq_data.parquet import row_groups


@settings(deadline=None, max_examples=60)
@given(
    st.sets(st.tuples(st.text(max_size=3), st.integers(-3, 3)), min_size=1, max_size=60),
    st.randoms(use_true_random=False),
    st.integers(1, 20),
    st.integers(1, 40),
    st.integers(1, 7),
    st.integers(2, 5),
)
def test_records_come_in_the_order_of_their_key(keys, order, group, run_rows, step, most_runs):
    rows = sorted(keys)
    order.shuffle(rows)
    table = pa.table(
        {"b": [b for _, b in rows], "a": [a for a, _ in rows], "n": range(len(rows))}
    )
    parts = [table.slice(start, group) for start in range(0, len(rows), group)]
    found = pa.concat_tables(
        in_key_order(parts, ["a", "b"], run_rows=run_rows, step=step, most_runs=most_runs)
    )
    expected = sorted(zip(rows, range(len(rows)), strict=True))
    assert found["n"].to_pylist() == [number for _key, number in expected]
    assert found.schema.equals(table.schema)


@pytest.mark.parametrize("kind", [pa.date32(), pa.float64(), pa.bool_(), pa.timestamp("us")])
def test_keys_of_any_type_are_ordered(kind):
    values = list(range(2 if kind == pa.bool_() else 500))
    random.Random(1).shuffle(values)
    numbers = pa.array(values, pa.int32() if kind == pa.date32() else pa.int64())
    table = pa.table({"k": numbers.cast(kind)})
    found = pa.concat_tables(in_key_order([table], ["k"], run_rows=140, step=20))
    assert found.equals(table.sort_by("k"))


def test_runs_grow_where_there_would_be_too_many_files(monkeypatch):
    files = []
    make = tempfile.TemporaryFile

    def kept():
        files.append(make())
        return files[-1]

    monkeypatch.setattr(tempfile, "TemporaryFile", kept)
    values = list(range(100))
    random.Random(1).shuffle(values)
    parts = [pa.table({"k": values[start : start + 5]}) for start in range(0, 100, 5)]
    ordered = in_key_order(parts, ["k"], run_rows=5, step=4, most_runs=3)
    first = next(ordered)
    assert sum(not file.closed for file in files) <= 3
    assert pa.concat_tables([first, *ordered])["k"].to_pylist() == list(range(100))
    assert all(file.closed for file in files)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 5), max_size=40), st.integers(1, 9), st.integers(1, 5))
def test_records_of_one_key_come_together(keys, run_rows, step):
    table = pa.table({"k": pa.array(keys, pa.int64()), "n": range(len(keys))})
    found = list(in_key_order([table[:0], table], ["k"], run_rows=run_rows, step=step))
    records = [row for part in found for row in part.to_pylist()]
    assert [row["k"] for row in records] == sorted(keys)
    assert sorted(row["n"] for row in records) == list(range(len(keys)))


def test_a_file_is_closed_when_the_first_records_are_given(tmp_path):
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"k": [3, 1, 2]}), path, row_group_size=1)
    ordered = in_key_order(row_groups(path), ["k"], step=1)
    first = next(ordered)
    path.write_bytes(b"something else")
    assert pa.concat_tables([first, *ordered])["k"].to_pylist() == [1, 2, 3]
