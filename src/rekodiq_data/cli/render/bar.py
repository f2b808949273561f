"""A line that says how far a download is, on terminals only."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from rekodiq_data.progress import silent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rekodiq_data.progress import Progress

_UNITS = ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB"), (1, "B"))


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """Something to tell progress to, which shows it while the block runs, then wipes it."""
    if not sys.stderr.isatty():
        yield silent
        return
    last = ""

    def show(done: int, total: int | None, unit: str) -> None:  # noqa: ARG001
        nonlocal last
        line = sized(done) if total is None else f"{sized(done)} of {sized(total)}"
        if line != last:
            click.echo(f"\r{line:<{len(last)}}", nl=False, err=True)
            last = line

    try:
        yield show
    finally:
        click.echo(f"\r{'':<{len(last)}}\r", nl=False, err=True)


def sized(count: int) -> str:
    """A number of bytes in the largest unit that it fills.

    >>> sized(12), sized(15_460), sized(2_500_000)
    ('12 B', '15.5 kB', '2.5 MB')
    """
    for size, unit in _UNITS:
        if count >= size > 1:
            return f"{count / size:.1f} {unit}"
    return f"{count} B"
