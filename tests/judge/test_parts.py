"""Parts of the engine alone: row numbers, order of results, what is shown of progress."""

from __future__ import annotations

import io
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekodiq_data.cli.progress import ProgressLine
from rekodiq_data.files.digesting import Digesting
from rekodiq_data.judge.numbers import RowNumbers
from rekodiq_data.judge.threads import in_order
from rekodiq_data.progress import Stopwatch


@given(st.lists(st.sets(st.integers(0, 9), max_size=8)), st.data())
def test_row_numbers_are_those_that_were_given(parts, data):
    numbers = RowNumbers()
    expected = []
    for index, part in enumerate(parts):
        given_ = np.array(sorted(part), np.int64) + 10 * index
        numbers.add(given_)
        expected.extend(given_.tolist())
    assert numbers.all().tolist() == expected
    assert numbers.count == len(expected)
    if expected:
        some = data.draw(st.lists(st.sampled_from(range(len(expected)))))
        assert numbers.of(np.array(some, np.int64)).tolist() == [expected[at] for at in some]
        assert [numbers.one(at) for at in some] == [expected[at] for at in some]


@pytest.mark.parametrize("jobs", [0, 1, 3])
@pytest.mark.parametrize("ahead", [1, 4])
def test_results_come_in_the_order_of_the_items(jobs, ahead):
    def work(item):
        time.sleep(0.002 * (item % 3))
        return item * 2

    if not jobs:
        assert list(in_order(None, work, range(9), ahead)) == [item * 2 for item in range(9)]
        return
    with ThreadPoolExecutor(jobs) as pool:
        assert list(in_order(pool, work, range(9), ahead)) == [item * 2 for item in range(9)]


def test_an_exception_comes_where_its_result_would():
    def work(item):
        return 1 // (item - 2)

    results = []
    with ThreadPoolExecutor(2) as pool, pytest.raises(ZeroDivisionError):
        results.extend(in_order(pool, work, range(9), 3))
    with ThreadPoolExecutor(2) as pool:
        found = in_order(pool, work, range(9), 3)
        assert [next(found), next(found)] == [-1, -1]
        with pytest.raises(ZeroDivisionError):
            next(found)


def test_seconds_are_added_up_by_part():
    watch = Stopwatch()
    for part in ("cells", "rules", "cells"):
        with watch.measure(part):
            time.sleep(0.01)
    assert list(watch.seconds) == ["cells", "rules"]
    assert watch.seconds["cells"] >= 0.02


class Terminal(io.StringIO):
    def isatty(self):
        return True


def line(stream, *moments):
    """A progress line whose clock shows these moments, one each time it is asked."""
    clock = iter(moments)
    return ProgressLine(stream, lambda: next(clock))


def test_rows_rate_and_time_left_are_shown_after_a_second():
    stream = Terminal()
    shown = line(stream, 0, 0.5, 2.0, 2.1, 4.0)
    shown(100, 1000, "rows")
    assert stream.getvalue() == ""
    shown(200, 1000, "rows")
    assert stream.getvalue() == "\r200 rows, 100 a second, 8 s left"
    shown(300, 1000, "rows")
    assert stream.getvalue().count("\r") == 1
    shown(400, None, "rows")
    assert stream.getvalue().endswith("\r400 rows, 100 a second          ")
    shown.clear()
    assert stream.getvalue().endswith("\r" + " " * 22 + "\r")


def test_nothing_is_shown_where_no_terminal_is():
    stream = io.StringIO()
    shown = line(stream, 0, 5.0)
    shown(100, 1000, "rows")
    shown.clear()
    assert stream.getvalue() == ""


def test_what_is_written_is_digested_on_the_way():
    kept = io.BytesIO()
    stream = Digesting(kept)
    assert stream.writable()
    assert stream.write(b"ab") == 2
    assert stream.write(memoryview(np.frombuffer(b"cdef", np.uint16))) == 4
    assert kept.getvalue() == b"abcdef"
    assert stream.tell() == stream.size == 6
    assert stream.sha256.startswith("bef57ec7f53a6d40beb640a780a639c8")
