"""Bytes of a CSV file in blocks that end where records end, each provably so.

With quotes in a block, a line end ends a record where the number of quotes before it is even.
That is exact only if every quote opens a cell, closes one, or is one of a doubled pair; so each
quote of the block is looked at. Where one is neither (`5" pipe`), the csv module says where
records end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rekodiq_data.formats.records import Lines, Unended, records_of
from rekodiq_data.kernel import count_of, places_of
from rekodiq_data.limits import DEFAULT_LIMITS, ReadLimits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from numpy.typing import NDArray

    from rekodiq_data.descriptor.model import Dialect

    Positions = NDArray[np.int64]

LF, CR = 10, 13


@dataclass(frozen=True, slots=True)
class Block:
    """Whole records as bytes.

    Attributes:
        data: the bytes.
        offset: of the first byte in the file.
        line: physical line of the first byte.
        lines: physical lines in it.
        quotes: where quotes stand, None where there are none; by pairs, they enclose cells.
        is_proven: whether every quote opens or closes a cell, or is one of a doubled pair.
        limits: for its cells and records.
    """

    data: bytes
    offset: int
    line: int
    lines: int
    quotes: Positions | None
    is_proven: bool = True
    limits: ReadLimits = DEFAULT_LIMITS

    @property
    def surely_short(self) -> int:
        """Bytes up to which a record, and so each cell of it, is within all limits."""
        return min(self.limits.field, self.limits.line)


def blocks(
    stream: BinaryIO,
    dialect: Dialect,
    encoding: str,
    size: int,
    *,
    held: bytes,
    offset: int,
    line: int,
    limits: ReadLimits = DEFAULT_LIMITS,
) -> Iterator[Block]:
    """All records of `held` and `stream`, the first byte being at `offset`, starting `line`.

    Args:
        stream: read to its end.
        dialect: one without escapes and comments, of single characters.
        encoding: one in which line ends and quotes are single bytes, as in UTF-8.
        size: bytes that are read at once; a longer record makes a longer block.
        held: bytes of it that were read already.
        offset: of the first byte.
        line: of the first byte.
        limits: no line is held that is longer.
    """
    # A character has four bytes at most. What is longer is for the csv module to refuse.
    longest = 4 * limits.line
    while True:
        read = stream.read(size)
        if not held and not read:
            return
        ended = not read or len(held) + len(read) > longest + size
        # What stands after the last line end waits for more, so that bytes are copied but once.
        at = 0 if ended else read.rfind(b"\n") + 1
        whole = b"".join((held, memoryview(read)[:at])) if at else held + read
        held = read[at:] if at else b""
        del read
        end = len(whole) if ended or at else whole.rfind(b"\n") + 1
        block = _cut(whole, end, dialect, encoding, offset, line, limits, ended=ended)
        if block is not None:
            yield block
            whole = whole[len(block.data) :]
            offset += len(block.data)
            line += block.lines
        held = whole + held


def _cut(
    held: bytes,
    end: int,
    dialect: Dialect,
    encoding: str,
    offset: int,
    line: int,
    limits: ReadLimits,
    *,
    ended: bool,
) -> Block | None:
    """The whole records among the first `end` bytes; None where there is none yet."""
    quote = (dialect.quote_char or "").encode()
    if not end:
        return None
    quotes = None
    proven = True
    if quote and held.find(quote, 0, end) >= 0:
        view = np.frombuffer(held, np.uint8)[:end]
        quotes = places_of(held, end, quote[0])
        if not ended:
            end = _last_record_end(held, end, quotes)
            quotes = quotes[: np.searchsorted(quotes, end)]
        proven = dialect.double_quote and are_regular(
            view[:end], quotes, dialect.delimiter.encode()[0]
        )
        if not proven or not end:
            end = _end_by_csv(held, view.size, dialect, encoding, limits, ended=ended)
            quotes = None
            proven = False
    if not end:
        return None
    if quotes is not None and not len(quotes):
        quotes = None
    data = held[:end] if end < len(held) else held
    return Block(data, offset, line, count_of(data, LF), quotes, proven, limits)


def _last_record_end(held: bytes, end: int, quotes: Positions) -> int:
    """Just after the last line end that stands outside of quotes; 0 without one."""
    while end and int(np.searchsorted(quotes, end)) % 2:
        end = held.rfind(b"\n", 0, int(quotes[np.searchsorted(quotes, end) - 1])) + 1
    return end


def are_regular(view: NDArray[np.uint8], quotes: Positions, delimiter: int) -> bool:
    """Whether quotes, taken by pairs from a record's start, enclose cells and nothing else.

    The first of a pair follows a delimiter, a line end or the second of the pair before it (the
    two are then one doubled quote); the second precedes a delimiter or a line end, or the first
    of the next pair.
    """
    if len(quotes) % 2:
        return False
    opening, closing = quotes[0::2], quotes[1::2]
    doubled = opening[1:] - closing[:-1] == 1
    before = view[np.maximum(opening - 1, 0)]
    starts = (before == delimiter) | (before == LF) | (opening == 0)
    starts[1:] |= doubled
    last = len(view) - 1
    after = view[np.minimum(closing + 1, last)]
    ends = (after == delimiter) | (after == LF) | (closing == last)
    # A lone carriage return is no line end; blocks with one are read by the csv module.
    ends |= after == CR
    ends[:-1] |= doubled
    return bool(starts.all() and ends.all())


def _end_by_csv(
    held: bytes, end: int, dialect: Dialect, encoding: str, limits: ReadLimits, *, ended: bool
) -> int:
    """Where the last record ends that the csv module finds whole; 0 without one."""
    if ended:
        return end
    lines = Lines(limits=limits)
    try:
        for _record in records_of([held[:end]], lines, dialect, encoding):
            pass
    except Unended:
        place = 0
        for _line in range(lines.started - 1):
            place = held.index(b"\n", place) + 1
        return place
    except Exception:  # whatever it is, reading the block will say it
        return end
    return end
