"""What a person sees of long work: one line on stderr, and where the time went."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_QUIET = 1.0  # seconds before anything is shown
_STEP = 0.2  # seconds between two states of the line


class ProgressLine:
    """Shows rows, rate and time left in one line that is written over and over.

    Args:
        stream: where to; nothing is shown unless it is a terminal.
        clock: seconds that only ever grow.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._started = clock()
        self._shown_at = self._started + _QUIET - _STEP
        self._width = 0

    def __call__(self, done: int, total: int | None, unit: str) -> None:
        """Take note of `done` of `total` `unit`s."""
        now = self._clock()
        if not self._stream.isatty() or now - self._shown_at < _STEP:
            return
        self._shown_at = now
        rate = done / (now - self._started)
        words = f"{done:,} {unit}, {rate:,.0f} a second"
        if total is not None and rate:
            words += f", {max(0, total - done) / rate:.0f} s left"
        self._write(words)

    def clear(self) -> None:
        """Take the line away."""
        if self._width:
            self._write("")
            self._stream.write("\r")
            self._stream.flush()
            self._width = 0

    def _write(self, words: str) -> None:
        self._stream.write("\r" + words.ljust(self._width))
        self._stream.flush()
        self._width = len(words)


@contextmanager
def progress_line() -> Iterator[ProgressLine]:
    """A line on stderr while the block is at work."""
    line = ProgressLine(sys.stderr)
    try:
        yield line
    finally:
        line.clear()


def timings(seconds: Mapping[str, float], wall: float, *, kernel: bool) -> str:
    """Where the time went, in lines. Parts are added up over threads that work side by side.

    >>> print(timings({"cells": 1.5}, 2.0, kernel=False))
    Seconds by part of the work, over all threads (2.00 by the clock):
      cells              1.50
    Without the compiled kernel, which reads large CSV files faster: it is made where
    rekodiq-data is installed and there is a C compiler.
    """
    lines = [f"Seconds by part of the work, over all threads ({wall:.2f} by the clock):"]
    lines += [f"  {part:<16} {spent:>6.2f}" for part, spent in seconds.items()]
    if not kernel:
        lines += [
            "Without the compiled kernel, which reads large CSV files faster: it is made where",
            "rekodiq-data is installed and there is a C compiler.",
        ]
    return "\n".join(lines)
