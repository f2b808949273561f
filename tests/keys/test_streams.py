"""Hashes and cells of key columns, in memory and on disk: candidates, and what decides."""

from __future__ import annotations

import datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekodiq_data import keys

TEXTS = st.text(max_size=20) | st.sampled_from(["x" * 300, "x" * 299 + "y", "é" * 8])


@given(st.lists(st.none() | TEXTS), st.lists(TEXTS))
def test_equal_texts_have_equal_hashes_however_they_are_stored(texts, before):
    whole = pa.array([*before, *texts], pa.string())
    plain = whole.slice(len(before))
    encoded = plain.dictionary_encode()
    fresh = pa.array(texts, pa.string())
    known = np.array([text is not None for text in texts], bool)
    expected = keys.hash_rows([fresh])[known].tolist()
    assert keys.hash_rows([plain])[known].tolist() == expected
    assert keys.hash_rows([encoded])[known].tolist() == expected
    by_text = dict(zip(fresh.drop_null().to_pylist(), expected, strict=True))
    assert len(set(by_text.values())) == len(by_text)


@pytest.mark.parametrize(
    "values",
    [
        pa.array([1, 2, 1]),
        pa.array([0.5, -1.0, 0.5]),
        pa.array([True, False, True]),
        pa.array([datetime.date(2024, 1, 1), None, datetime.date(2024, 1, 1)]),
    ],
)
def test_values_of_every_type_are_hashed(values):
    first, second, third = keys.hash_rows([values]).tolist()
    assert first == third != second


def test_the_order_of_the_parts_of_a_key_counts():
    one, other = pa.array(["a"]), pa.array(["b"])
    assert keys.hash_rows([one, other]).tolist() != keys.hash_rows([other, one]).tolist()


@given(st.lists(st.lists(st.integers(0, 20), max_size=12)), st.sampled_from([8, 64, 1 << 20]))
def test_hashes_that_occur_twice_are_found_whatever_the_budget(parts, budget):
    hashes = keys.RowHashes(budget)
    for part in parts:
        hashes.add(keys.hash_rows([pa.array(part, pa.int64())]))
    numbers = [number for part in parts for number in part]
    repeated = [at for at, number in enumerate(numbers) if numbers.count(number) > 1]
    assert hashes.repeated().tolist() == repeated
    hashes.close()


@given(
    st.lists(st.lists(st.none() | st.sampled_from("abc"), min_size=1, max_size=5)),
    st.booleans(),
    st.sampled_from([0, 100, 1 << 20]),
    st.data(),
)
def test_cells_come_back_as_they_were_whatever_the_budget(parts, encoded, budget, data):
    cells = [cell for part in parts for cell in part]
    some = data.draw(st.lists(st.sampled_from(range(len(cells))), unique=True)) if cells else []
    spool = keys.Spool(["k"], budget)
    for part in parts:
        column = pa.array(part, pa.string())
        spool.add([column.dictionary_encode() if encoded else column], len(part))
    positions = np.array(sorted(some), np.int64)
    (taken,) = spool.take(["k"], positions)
    assert taken.to_pylist() == [cells[at] for at in positions]
    read = [cell for _start, (column,) in spool.batches(["k"]) for cell in column.to_pylist()]
    assert read == cells
    assert [start for start, _columns in spool.batches(["k"])] == [
        sum(map(len, parts[:at])) for at in range(len(parts))
    ]
    spool.close()


def test_a_large_dictionary_keeps_indices_that_reach_all_of_it():
    texts = [str(number) for number in range(40_000)]
    spool = keys.Spool(["k"])
    spool.add([pa.array(texts).dictionary_encode()], len(texts))
    (taken,) = spool.take(["k"], np.array([39_999]))
    assert taken.to_pylist() == ["39999"]


def test_a_table_without_keys_keeps_nothing():
    spool = keys.Spool([])
    spool.add([], 5)
    assert spool.rows == 0
