"""Bytes from a source, tried again where that helps, and never taken for right untested."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING

from rekodiq_data.errors import Unreachable
from rekodiq_data.files import durable
from rekodiq_data.store.source import NoResume, Trouble
from rekodiq_data.verify.findings import damaged

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import TypeVar

    from rekodiq_data.store.source import Limits, Source

    T = TypeVar("T")

_BLOCK = 1024 * 1024


def read_small(
    source: Source, path: str, cap: int, limits: Limits, size: int | None = None
) -> bytes:
    """All bytes of a small file, which is not known yet to be right.

    Args:
        source: where it is.
        path: its path there.
        cap: how many bytes it has at most.
        limits: how long and how often is tried.
        size: its bytes, where they are known.

    Raises:
        Absent: there is no such file.
        Unreachable: no attempt came to its end.
        NotVerified: it is longer or shorter than it must be, or comes from elsewhere.
    """
    return _persist(
        source,
        path,
        limits,
        lambda: b"".join(source.blocks(path, start=0, size=size, cap=cap)),
    )


def download(
    source: Source,
    path: str,
    digest: str,
    size: int,
    part: Path,
    limits: Limits,
    tell: Callable[[int], None],
) -> None:
    """Make `part` the file `path` of the source, going on with what `part` holds already.

    Args:
        source: where the file is.
        path: its path there.
        digest: its SHA-256.
        size: its bytes.
        part: where it is written, not yet under the name that readers look for.
        limits: how long and how often is tried.
        tell: is told the size of each block that came; negative where blocks are thrown away.

    Raises:
        Absent: there is no such file.
        Unreachable: no attempt came to its end. What came stays in `part` for the next run.
        NotVerified: what came is not that file; nothing of it is left.
    """
    while True:
        began = _held(part, size)
        tell(began)
        _persist(source, path, limits, lambda: _append(source, path, size, part, tell))
        found = _digest(part)
        if found == digest:
            return
        part.unlink()
        tell(-size)
        # What an earlier run left may have been another file: then this one is asked for whole.
        if not began:
            note = f"expected sha256 {digest}, found {found}"
            raise damaged(source.place, path, "changed-file", note)


def _append(
    source: Source, path: str, size: int, part: Path, tell: Callable[[int], None]
) -> None:
    start = _held(part, size)
    try:
        _append_from(source, path, size, part, start, tell)
    except NoResume:
        part.unlink()
        tell(-start)
        _append_from(source, path, size, part, 0, tell)


def _append_from(
    source: Source, path: str, size: int, part: Path, start: int, tell: Callable[[int], None]
) -> None:
    with durable.appending(part) as stream:
        if start == size:
            return
        for block in source.blocks(path, start=start, size=size, cap=size):
            stream.write(block)
            tell(len(block))


def _held(part: Path, size: int) -> int:
    """How many bytes of the file are there; one that holds too many is removed."""
    try:
        held = part.stat().st_size
    except FileNotFoundError:
        return 0
    if held > size:
        part.unlink()
        return 0
    return held


def _digest(part: Path) -> str:
    with part.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _persist(source: Source, path: str, limits: Limits, attempt: Callable[[], T]) -> T:
    """What an attempt gives; made again, after growing waits, while there is Trouble."""
    wait = limits.first_wait
    for left in range(limits.attempts - 1, -1, -1):
        try:
            return attempt()
        except Trouble as error:
            if not left:
                address = f"{source.place}/{path}"
                raise Unreachable(
                    address,
                    f'"{address}" can\'t be read: {error}',
                    hint="try again later; what was read so far is kept",
                ) from error
        time.sleep(wait)
        wait *= 2
    raise AssertionError("the last attempt returns or raises")
