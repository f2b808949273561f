"""Records in the order of their key, by runs on the disk."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekodiq_data.build import sorting
from rekodiq_data.build.sorting import in_key_order


@settings(deadline=None, max_examples=60)
@given(
    st.sets(st.tuples(st.text(max_size=3), st.integers(-3, 3)), min_size=1, max_size=60),
    st.randoms(use_true_random=False),
    st.integers(1, 20),
    st.integers(1, 4),
    st.integers(1, 7),
)
def test_records_come_in_the_order_of_their_key(keys, order, group, run_groups, step):
    rows = sorted(keys)
    order.shuffle(rows)
    table = pa.table(
        {"b": [b for _, b in rows], "a": [a for a, _ in rows], "n": range(len(rows))}
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "t.parquet")
        pq.write_table(table, path, row_group_size=group)
        found = pa.concat_tables(
            in_key_order(path, ["a", "b"], run_groups=run_groups, step=step)
        )
    expected = sorted(zip(rows, range(len(rows)), strict=True))
    assert found["n"].to_pylist() == [number for _key, number in expected]
    assert found.schema.equals(table.schema)


@pytest.mark.parametrize("kind", [pa.date32(), pa.float64(), pa.bool_(), pa.timestamp("us")])
def test_keys_of_any_type_are_ordered(tmp_path, kind):
    values = list(range(2 if kind == pa.bool_() else 500))
    random.Random(1).shuffle(values)
    numbers = pa.array(values, pa.int32() if kind == pa.date32() else pa.int64())
    table = pa.table({"k": numbers.cast(kind)})
    path = tmp_path / "t.parquet"
    pq.write_table(table, path, row_group_size=70)
    found = pa.concat_tables(in_key_order(path, ["k"], run_groups=2, step=20))
    assert found.equals(table.sort_by("k"))


def test_runs_grow_where_there_would_be_too_many_files(tmp_path, monkeypatch):
    monkeypatch.setattr(sorting, "MOST_RUNS", 3)
    made: list[int] = []
    make = tempfile.TemporaryFile
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: made.append(1) or make())
    values = list(range(100))
    random.Random(1).shuffle(values)
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"k": values}), path, row_group_size=5)
    found = pa.concat_tables(in_key_order(path, ["k"], run_groups=1, step=4))
    assert found["k"].to_pylist() == list(range(100))
    assert len(made) == 3


def test_the_file_is_closed_when_the_first_records_are_given(tmp_path):
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"k": [3, 1, 2]}), path)
    ordered = in_key_order(path, ["k"], step=1)
    first = next(ordered)
    path.write_bytes(b"something else")
    assert pa.concat_tables([first, *ordered])["k"].to_pylist() == [1, 2, 3]
