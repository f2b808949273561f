"""Calls behind whoever asks for them: in order, not too many, and with their errors."""

from __future__ import annotations

import threading

import pytest

from rekodiq_data.build.behind import Behind


@pytest.mark.parametrize("most", [0, 1, 3])
def test_calls_run_in_the_order_in_which_they_were_given(most):
    done: list[int] = []
    behind = Behind(most)
    for number in range(20):
        behind.run(lambda number=number: done.append(number))
    behind.wait()
    behind.close()
    assert done == list(range(20))


def test_no_more_calls_than_stated_are_behind():
    gate = threading.Event()
    given: list[int] = []
    behind = Behind(2)

    def give() -> None:
        for number in range(4):
            behind.run(gate.wait)
            given.append(number)

    giver = threading.Thread(target=give)
    giver.start()
    giver.join(0.2)
    assert giver.is_alive()
    assert given == [0, 1]
    gate.set()
    giver.join()
    behind.close()
    assert given == [0, 1, 2, 3]


def test_an_error_of_a_call_comes_out_of_waiting():
    behind = Behind(2)

    def fail() -> None:
        raise OSError("the disk is full")

    behind.run(fail)
    with pytest.raises(OSError, match="the disk is full"):
        behind.wait()
    behind.close()


def test_what_has_not_begun_when_the_thread_is_let_go_does_not_run():
    started, gate = threading.Event(), threading.Event()
    done: list[str] = []
    behind = Behind(3)

    def first() -> None:
        started.set()
        gate.wait()
        done.append("first")

    behind.run(first)
    behind.run(lambda: done.append("second"))
    started.wait()
    threading.Timer(0.05, gate.set).start()
    behind.close()
    assert done == ["first"]
