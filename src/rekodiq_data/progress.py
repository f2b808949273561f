"""How long work tells how far it is: a callback, so that the library itself prints nothing."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Progress(Protocol):
    """Called now and then with the amount done, the total where known, and the unit."""

    def __call__(self, done: int, total: int | None, unit: str) -> None:
        """Take note of `done` of `total` `unit`s (bytes, rows, files)."""


def silent(done: int, total: int | None, unit: str) -> None:
    """Say nothing: the default."""


class Stopwatch:
    """Adds up seconds by part of the work, over all threads."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._lock = threading.Lock()

    @contextmanager
    def measure(self, part: str) -> Iterator[None]:
        """Count the seconds of the block towards `part`."""
        started = time.perf_counter()
        try:
            yield
        finally:
            passed = time.perf_counter() - started
            with self._lock:
                self._seconds[part] = self._seconds.get(part, 0.0) + passed

    @property
    def seconds(self) -> Mapping[str, float]:
        """Seconds of each part so far, in the order in which parts were first measured."""
        with self._lock:
            return dict(self._seconds)
