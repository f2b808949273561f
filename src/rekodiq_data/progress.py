"""How long work tells how far it is: a callback, so that the library itself prints nothing."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called now and then with the amount done, the total where known, and the unit."""

    def __call__(self, done: int, total: int | None, unit: str) -> None:
        """Take note of `done` of `total` `unit`s (bytes, rows, files)."""


def silent(done: int, total: int | None, unit: str) -> None:
    """Say nothing: the default."""
