"""Keys, held against the plainest way to say the same."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from rekodiq_data import keys

VALUES = st.sampled_from([None, 0, 1, 2, 3])
ROWS = st.lists(st.tuples(VALUES, VALUES), max_size=12)


def _columns(rows):
    return [pa.array([row[at] for row in rows], pa.int64()) for at in range(2)]


@given(ROWS)
def test_a_duplicate_is_a_record_whose_whole_key_stood_before(rows):
    expected = {}
    latest = {}
    for at, row in enumerate(rows):
        if None not in row:
            if row in latest:
                expected[at] = latest[row]
            latest[row] = at
    found = keys.duplicates(_columns(rows))
    assert dict(zip(found.later.tolist(), found.earlier.tolist(), strict=True)) == expected
    assert found.later.tolist() == sorted(expected)


@given(ROWS, ROWS)
def test_an_orphan_refers_to_a_key_that_is_nowhere(rows, referenced):
    expected = [
        at for at, row in enumerate(rows) if row != (None, None) and row not in set(referenced)
    ]
    assert keys.orphans(_columns(rows), _columns(referenced)).tolist() == expected


@given(st.lists(ROWS, max_size=4))
def test_how_columns_are_chunked_changes_nothing(parts):
    rows = [row for part in parts for row in part]
    chunked = [
        pa.chunked_array(
            [pa.array([row[at] for row in part], pa.int64()) for part in parts], pa.int64()
        )
        for at in range(2)
    ]
    whole, pieces = keys.duplicates(_columns(rows)), keys.duplicates(chunked)
    assert whole.later.tolist() == pieces.later.tolist()
    assert whole.earlier.tolist() == pieces.earlier.tolist()


def test_an_integer_refers_to_an_equal_number():
    found = keys.orphans([pa.array([1, 2, 3])], [pa.array([1.0, 3.0])])
    assert found.tolist() == [1]


def test_values_of_other_types_meet_as_text():
    assert keys.orphans([pa.array([1, 2])], [pa.array(["1", "x"])]).tolist() == [1]
    assert keys.orphans([pa.array([True])], [pa.array([5])]).tolist() == [0]


def test_a_key_of_many_large_columns_does_not_overflow():
    size = 2_000
    columns = [pa.array(np.arange(size) + part) for part in range(12)]
    assert keys.duplicates(columns).later.tolist() == []
