"""CSV, read strictly as text: nothing is inferred, dropped or repaired.

Three ways give the same cells. The file is cut into blocks at record ends (`blocks`); a regular
block is cut into cells by the compiled kernel (`kernel_cells`) or, without it, by pyarrow
(`arrow_cells`), any other by Python's csv module (`records`), which is also the judge of what
regular means. Blocks are read by themselves, so
that several threads can be at work, and so that single records are found again afterwards
without reading the file once more.
"""

from __future__ import annotations

import io
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from rekodiq_data.formats.arrow_cells import cells, record_count, record_ends
from rekodiq_data.formats.base import (
    NO_WISHES,
    BrokenTable,
    Chunk,
    RecordPlace,
    Wishes,
    chunks_of,
    within,
)
from rekodiq_data.formats.blocks import LF, Block, blocks
from rekodiq_data.formats.cells import cell_places
from rekodiq_data.formats.kernel_cells import kernel_cells
from rekodiq_data.formats.records import Lines, gathered, records_of
from rekodiq_data.kernel import places_of
from rekodiq_data.limits import DEFAULT_LIMITS, ReadLimits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from rekodiq_data.descriptor.model import Dialect
    from rekodiq_data.formats.base import Open, Piece

BLOCK_BYTES = 3 * 1024 * 1024  # smaller ones cost more in Python, larger ones more memory
_BOM = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Mark:
    """Where one block stands, and how many records it has, once it has been read."""

    block: Block
    size: int
    records: int = 0


@dataclass(frozen=True, slots=True)
class BlockPiece:
    """A block of bytes that is cut into cells where it is read."""

    block: Block
    width: int
    dialect: Dialect
    encoding: str
    mark: Mark

    @property
    def size(self) -> int:
        """Bytes of the block."""
        return len(self.block.data)

    def read(self, wishes: Wishes = NO_WISHES) -> Chunk:
        """The block's records."""
        chunk = self._read(wishes)
        self.mark.records = chunk.records
        return chunk

    def _read(self, wishes: Wishes) -> Chunk:
        columns = kernel_cells(self.block, self.width, self.dialect, wishes)
        if columns is None:
            columns = cells(self.block, self.width, self.dialect, wishes)
        if columns is not None:
            count = len(columns[0])
            return Chunk(np.arange(count), columns, records=count, missing=wishes.missing or ())
        lines = Lines(before=self.block.line - 1, limits=self.block.limits)
        records = records_of([self.block.data], lines, self.dialect, self.encoding)
        return gathered(records, self.width, self.block.lines + 1, self.block.limits)


@dataclass(frozen=True, slots=True)
class CutPiece:
    """Records that were cut while the file was read on."""

    chunk: Chunk
    size: int = 0  # not known

    def read(self, wishes: Wishes = NO_WISHES) -> Chunk:  # noqa: ARG002
        """The records."""
        return self.chunk


class CsvReader:
    """One CSV file.

    Args:
        open_file: gives the file's bytes from the start, each time it is called.
        dialect: how text is cut into cells.
        encoding: of the text; strict.
        block_bytes: how much is read at once; memory is a small multiple of it.
        limits: for cells, records and lines.
    """

    typed = False

    def __init__(
        self,
        open_file: Open,
        dialect: Dialect,
        encoding: str = "utf-8",
        *,
        block_bytes: int = BLOCK_BYTES,
        limits: ReadLimits = DEFAULT_LIMITS,
    ) -> None:
        self._open = open_file
        self._limits = limits
        self._dialect = dialect
        self._encoding = encoding
        self._block_bytes = block_bytes
        self._labels: tuple[str, ...] | None = None
        self._header_lines = 0
        self._marks: list[Mark] = []

    @property
    def labels(self) -> tuple[str, ...]:
        """The header's cells; for a dialect without a header, one empty label per cell."""
        if self._labels is None:
            lines = Lines(limits=self._limits)
            with self._open() as stream:
                first = next(self._records(stream, lines), None)
            if first is None:
                raise BrokenTable(
                    "source-error", "the file is empty: there is no header", line=1
                )
            within(len(first), self._limits)
            self._header_lines = lines.number if self._dialect.header else 0
            self._labels = tuple(first) if self._dialect.header else ("",) * len(first)
        return self._labels

    @property
    def first_row(self) -> int:
        """Number of the first record after the header."""
        return 1 + self._header

    def chunks(self) -> Iterator[Chunk]:
        """All records, in file order, numbered; see `TableReader`."""
        yield from chunks_of(self)

    def pieces(self) -> Iterator[Piece]:
        """All records, in file order; see `TableReader`."""
        width = len(self.labels)
        with self._open() as stream:
            if not self._may_go_fast(width):
                yield from self._slow_pieces(stream, width)
                return
            self._marks = []
            offset, held = _after_header(stream, self._header_lines)
            cut = blocks(
                stream,
                self._dialect,
                self._encoding,
                self._block_bytes,
                held=held,
                offset=offset,
                line=self._header_lines + 1,
                limits=self._limits,
            )
            for block in cut:
                mark = Mark(replace(block, data=b"", quotes=None), len(block.data))
                self._marks.append(mark)
                yield BlockPiece(block, width, self._dialect, self._encoding, mark)

    def locate(self, row_numbers: Sequence[int]) -> dict[int, RecordPlace]:
        """Places of some records, by row number.

        Reads the blocks that they stand in; where the file was not read by blocks, up to the
        last of them.
        """
        wanted = sorted(set(row_numbers))
        if not wanted:
            return {}
        if not self._marks:
            return self._locate_by_reading(wanted)
        found: dict[int, RecordPlace] = {}
        if wanted[0] < self.first_row:
            found.update(self._locate_by_reading(wanted[:1]))
        with self._open() as stream:
            place = 0
            row = self.first_row
            for mark in self._marks:
                first = bisect_left(wanted, row)
                here = wanted[first : bisect_left(wanted, row + mark.records)]
                if here:
                    _skip(stream, mark.block.offset - place)
                    block = again(mark.block, stream.read(mark.size), self._dialect)
                    place = mark.block.offset + mark.size
                    found.update(self._locate_in(block, row, here))
                row += mark.records
        return found

    def _locate_in(
        self, block: Block, row: int, wanted: Sequence[int]
    ) -> Iterator[tuple[int, RecordPlace]]:
        """Places of records of one block, whose first has the number `row`."""
        if record_count(block) is None:
            lines = Lines(before=block.line - 1, keep=True, limits=self._limits)
            records = records_of([block.data], lines, self._dialect, self._encoding)
            yield from self._places(records, lines, row, wanted)
            return
        ends = record_ends(block)
        line_ends = np.flatnonzero(np.frombuffer(block.data, np.uint8) == LF)
        for number in wanted:
            index = number - row
            start = int(ends[index - 1]) if index else 0
            end = int(ends[index]) if index < len(ends) else len(block.data)
            text = block.data[start:end].decode()
            line = block.line + int(np.searchsorted(line_ends, start))
            yield (
                number,
                cell_places(list(io.StringIO(text, newline="\n")), line, self._dialect),
            )

    def _locate_by_reading(self, wanted: Sequence[int]) -> dict[int, RecordPlace]:
        lines = Lines(keep=True, limits=self._limits)
        with self._open() as stream:
            records = self._records(stream, lines)
            return dict(self._places(records, lines, self.first_row - self._header, wanted))

    def _places(
        self, records: Iterator[list[str]], lines: Lines, row: int, wanted: Sequence[int]
    ) -> Iterator[tuple[int, RecordPlace]]:
        last = wanted[-1]
        asked = set(wanted)
        try:
            for number, _record in enumerate(records, start=row):
                if number in asked:
                    yield number, cell_places(lines.taken, lines.first, self._dialect)
                if number >= last:
                    return
                lines.forget()
        except BrokenTable:
            # Where reading stopped, the records after it were not judged either.
            return

    @property
    def _header(self) -> int:
        return int(self._dialect.header)

    def _may_go_fast(self, width: int) -> bool:
        dialect = self._dialect
        plain = (
            dialect.escape_char is None
            and dialect.comment_char is None
            and not dialect.skip_initial_space
            and len(dialect.delimiter.encode()) == 1
            and len((dialect.quote_char or "").encode()) <= 1
        )
        # In a table of one column, an empty line and an empty cell look alike to pyarrow.
        return plain and width > 1 and self._encoding.lower().replace("_", "-") == "utf-8"

    def _records(self, stream: BinaryIO, lines: Lines) -> Iterator[list[str]]:
        lines_of_file = _line_blocks(stream, self._block_bytes, lines)
        return records_of(lines_of_file, lines, self._dialect, self._encoding)

    def _slow_pieces(self, stream: BinaryIO, width: int) -> Iterator[Piece]:
        """The whole file by the csv module, record after record."""
        records = self._records(stream, Lines(limits=self._limits))
        if self._dialect.header:
            next(records)
        while True:
            chunk = gathered(records, width, limits=self._limits)
            if not chunk.records and chunk.broken is None:
                return
            yield CutPiece(chunk)
            if chunk.broken is not None:
                return


def again(block: Block, data: bytes, dialect: Dialect) -> Block:
    """A block read once more: its bytes are `data`."""
    quote = (dialect.quote_char or "").encode()
    quotes = None
    if block.is_proven and quote and quote in data:
        quotes = places_of(data, len(data), quote[0])
    return replace(block, data=data, quotes=quotes)


def _line_blocks(stream: BinaryIO, size: int, lines: Lines) -> Iterator[bytes]:
    """Bytes of `stream` without a byte order mark, cut after line ends; `lines` counts them."""
    longest = 4 * lines.limits.line  # a character has four bytes at most
    held = stream.read(len(_BOM)).removeprefix(_BOM)
    while True:
        read = stream.read(size)
        if not read:
            if held:
                yield held
            return
        held += read
        end = held.rfind(b"\n") + 1
        if end:
            yield held[:end]
            held = held[end:]
        elif len(held) > longest + size:
            words = lines.limits.past("line", "a line is too long")
            raise BrokenTable("source-error", words, line=lines.number + 1)


def _after_header(stream: BinaryIO, lines: int) -> tuple[int, bytes]:
    """Bytes before the first record, and those after them that were read already."""
    held = stream.read(len(_BOM))
    offset = len(_BOM) if held == _BOM else 0
    held = held[offset:]
    for _line in range(lines):
        while b"\n" not in held:
            more = stream.readline()
            if not more:
                return offset + len(held), b""
            held += more
        end = held.index(b"\n") + 1
        offset += end
        held = held[end:]
    return offset, held


def _skip(stream: BinaryIO, count: int) -> None:
    """Go forward by so many bytes; several files read as one can't be sought in."""
    if stream.seekable():
        stream.seek(count, 1)
        return
    while count:
        count -= len(stream.read(min(count, BLOCK_BYTES)))
