"""CSV, read strictly as text: nothing is inferred, dropped or repaired.

Two ways give the same cells. A block without any quotes (and without other oddities) is cut by
pyarrow; from the first block that is not so regular, Python's csv module reads on to the end.
The csv module also finds the lines and columns of single records afterwards: a file without
findings is read once, one with findings twice at most.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from rekodiq_data.formats.base import BrokenTable, Chunk, RecordPlace, RowFault
from rekodiq_data.formats.cells import cell_places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import BinaryIO

    from rekodiq_data.descriptor.model import Dialect
    from rekodiq_data.formats.base import Open

BLOCK_BYTES = 8 * 1024 * 1024
CHUNK_ROWS = 65_536
FIELD_LIMIT = 1024 * 1024
_BOM = b"\xef\xbb\xbf"
_LONG_CELL = f"a cell is longer than {FIELD_LIMIT:,} characters; is a quote not closed?"


class CsvReader:
    """One CSV file.

    Args:
        open_file: gives the file's bytes from the start, each time it is called.
        dialect: how text is cut into cells.
        encoding: of the text; strict.
        block_bytes: how much is read at once; memory is a small multiple of it.
    """

    typed = False

    def __init__(
        self,
        open_file: Open,
        dialect: Dialect,
        encoding: str = "utf-8",
        *,
        block_bytes: int = BLOCK_BYTES,
    ) -> None:
        self._open = open_file
        self._dialect = dialect
        self._encoding = encoding
        self._block_bytes = block_bytes
        self._labels: tuple[str, ...] | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """The header's cells; for a dialect without a header, one empty label per cell."""
        if self._labels is None:
            with self._open() as stream:
                first = next(self._records(stream, Lines()), None)
            if first is None:
                raise BrokenTable(
                    "source-error", "the file is empty: there is no header", line=1
                )
            self._labels = tuple(first) if self._dialect.header else ("",) * len(first)
        return self._labels

    @property
    def _first_row(self) -> int:
        return 2 if self._dialect.header else 1

    def chunks(self) -> Iterator[Chunk]:
        """All records, in file order; see `TableReader`."""
        width = len(self.labels)
        with self._open() as stream:
            row_number = self._first_row
            lines = Lines()
            rest: Iterable[bytes] = _blocks(stream, self._block_bytes)
            if self._may_go_fast(width):
                header, blocks = _skip_line(rest) if self._dialect.header else (b"", rest)
                if _is_regular(header):
                    lines.number += self._dialect.header
                    for block in blocks:
                        table = self._cut(block, width)
                        if table is None:
                            rest = _chain(block, blocks)
                            break
                        yield Chunk(
                            np.arange(row_number, row_number + table.num_rows),
                            tuple(column.combine_chunks() for column in table.columns),
                        )
                        row_number += table.num_rows
                        lines.number += table.num_rows
                    else:
                        return
                    records = self._records_of(rest, lines)
                else:
                    records = self._after_header(_chain(header, blocks), lines)
            else:
                records = self._after_header(rest, lines)
            yield from _grouped(records, row_number, width)

    def locate(self, row_numbers: Sequence[int]) -> dict[int, RecordPlace]:
        """Places of some records, by row number; reads up to the last of them."""
        wanted = set(row_numbers)
        found: dict[int, RecordPlace] = {}
        if not wanted:
            return found
        last = max(wanted)
        lines = Lines(keep=True)
        with self._open() as stream:
            records = self._records(stream, lines)
            try:
                for number, _record in enumerate(records, start=self._first_row - self._header):
                    if number in wanted:
                        found[number] = cell_places(lines.taken, lines.first, self._dialect)
                    if number >= last:
                        break
                    lines.forget()
            except BrokenTable:
                # Where reading stopped, the records after it were not judged either.
                pass
        return found

    @property
    def _header(self) -> int:
        return int(self._dialect.header)

    def _may_go_fast(self, width: int) -> bool:
        dialect = self._dialect
        plain = (
            dialect.escape_char is None
            and dialect.comment_char is None
            and not dialect.skip_initial_space
            and len(dialect.delimiter) == 1
        )
        # In a table of one column, an empty line and an empty cell look alike to pyarrow.
        return plain and width > 1 and self._encoding.lower().replace("_", "-") == "utf-8"

    def _cut(self, block: bytes, width: int) -> pa.Table | None:
        """The block's cells, or None where the csv module has to decide."""
        quote = (self._dialect.quote_char or "").encode()
        if not _is_regular(block, quote):
            return None
        names = [str(index) for index in range(width)]
        try:
            return arrow_csv.read_csv(
                pa.BufferReader(block),
                read_options=arrow_csv.ReadOptions(
                    column_names=names, use_threads=False, block_size=len(block) + 1
                ),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=self._dialect.delimiter,
                    quote_char=False,
                    double_quote=False,
                    ignore_empty_lines=False,
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
                ),
            )
        except pa.ArrowInvalid:
            return None

    def _records(self, stream: BinaryIO, lines: Lines) -> Iterator[list[str]]:
        return self._records_of(_blocks(stream, self._block_bytes), lines)

    def _after_header(self, blocks: Iterable[bytes], lines: Lines) -> Iterator[list[str]]:
        records = self._records_of(blocks, lines)
        if self._dialect.header:
            next(records)
        return records

    def _records_of(self, blocks: Iterable[bytes], lines: Lines) -> Iterator[list[str]]:
        """Records by the csv module; an empty line gives an empty list."""
        dialect = self._dialect
        _allow_long_cells()
        reader = csv.reader(
            lines.of(_texts(blocks, self._encoding, lines)),
            delimiter=dialect.delimiter,
            quotechar=dialect.quote_char,
            quoting=csv.QUOTE_MINIMAL if dialect.quote_char else csv.QUOTE_NONE,
            doublequote=dialect.double_quote,
            escapechar=dialect.escape_char,
            skipinitialspace=dialect.skip_initial_space,
            strict=True,
        )
        comment = dialect.comment_char
        started = lines.number + 1
        try:
            for record in reader:
                # The csv module's own limit is global: others in this process may raise it.
                if lines.size > FIELD_LIMIT and max(map(len, record)) > FIELD_LIMIT:
                    raise BrokenTable("source-error", _LONG_CELL, line=started)
                lines.size = 0
                if not (comment and record and record[0].startswith(comment)):
                    yield record
                started = lines.number + 1
        except csv.Error as error:
            raise BrokenTable("source-error", _csv_words(str(error)), line=started) from None


class Lines:
    """Counts physical lines as the csv module takes them, and keeps them if asked."""

    def __init__(self, *, keep: bool = False) -> None:
        self.number = 0
        self.size = 0  # characters since the caller last set it to 0
        self.first = 1
        self.taken: list[str] = []
        self._keep = keep

    def of(self, texts: Iterable[str]) -> Iterator[str]:
        """Lines of `texts` with their ends, counted as they are taken."""
        for text in texts:
            for line in io.StringIO(text, newline="\n"):
                self.number += 1
                self.size += len(line)
                if self._keep:
                    self.taken.append(line)
                yield line

    def forget(self) -> None:
        """Drop the lines kept so far: the next record starts after them."""
        self.taken.clear()
        self.first = self.number + 1


def _blocks(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """Bytes of `stream` without a byte order mark, cut after line ends."""
    held = stream.read(3)
    held = held.removeprefix(_BOM)
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


def _texts(blocks: Iterable[bytes], encoding: str, lines: Lines) -> Iterator[str]:
    """Blocks as text. A byte that is not of the encoding stops the table at its line."""
    for block in blocks:
        try:
            yield block.decode(encoding)
        except UnicodeDecodeError as error:
            good = block[: error.start]
            start = good.rfind(b"\n") + 1
            if start:
                yield good[:start].decode(encoding)
            raise BrokenTable(
                "encoding-error",
                f"byte 0x{block[error.start]:02X} is not {encoding.upper()}; save the file as"
                f" {encoding.upper()}, or state its encoding in the descriptor",
                line=lines.number + 1,
                column=len(good[start:].decode(encoding)) + 1,
            ) from None


def _skip_line(blocks: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first line, and the blocks after it."""
    stream = iter(blocks)
    first = next(stream, b"")
    end = first.find(b"\n") + 1 or len(first)
    return first[:end], (_chain(first[end:], stream) if first[end:] else stream)


def _chain(first: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _is_regular(block: bytes, quote: bytes = b'"') -> bool:
    """Whether the block has no quote, no empty line and no lone carriage return."""
    has_quote = bool(quote) and quote in block
    # To pyarrow an empty line is a record of empty cells, and a carriage return ends a line.
    empty_line = block.startswith((b"\n", b"\r")) or b"\n\n" in block or b"\n\r" in block
    return not has_quote and not empty_line and block.count(b"\r") == block.count(b"\r\n")


def _grouped(records: Iterator[list[str]], row_number: int, width: int) -> Iterator[Chunk]:
    """Records in chunks, each column an Arrow array, with the faults of their shapes."""
    rows: list[list[str]] = []
    numbers: list[int] = []
    faults: list[RowFault] = []
    broken: BrokenTable | None = None
    try:
        for record in records:
            if not record:
                faults.append(RowFault("blank-row", row_number))
            else:
                numbers.append(row_number)
                rows.append(
                    record if len(record) == width else _fit(record, faults, row_number, width)
                )
            row_number += 1
            if len(rows) >= CHUNK_ROWS:
                yield _chunk(numbers, rows, faults, width)
                rows, numbers, faults = [], [], []
    except BrokenTable as error:
        broken = error
    if rows or faults:
        yield _chunk(numbers, rows, faults, width)
    if broken:
        raise broken


def _fit(record: list[str], faults: list[RowFault], row_number: int, width: int) -> list[str]:
    """The record cut or filled to `width` cells; what was wrong goes to `faults`."""
    faults.extend(
        RowFault("extra-cell", row_number, column, record[column])
        for column in range(width, len(record))
    )
    faults.extend(
        RowFault("missing-cell", row_number, column) for column in range(len(record), width)
    )
    filled: list[str] = [*record[:width], *([None] * (width - len(record)))]  # type: ignore[list-item]
    return filled


def _chunk(
    numbers: list[int], rows: list[list[str]], faults: list[RowFault], width: int
) -> Chunk:
    columns = zip(*rows, strict=True) if rows else [()] * width
    return Chunk(
        np.array(numbers, np.int64),
        tuple(pa.array(column, pa.string()) for column in columns),
        tuple(faults),
    )


def _csv_words(error: str) -> str:
    """The csv module's complaint in plain words."""
    if "unexpected end of data" in error:
        return "a quote opened in this record is never closed; add the closing quote"
    if "field larger than field limit" in error:
        return _LONG_CELL
    if "new-line character" in error:
        return "a carriage return stands alone inside the record; use LF or CRLF line ends"
    if "expected after" in error:
        return "text follows a closing quote; double the quotes that stand inside a cell"
    return error


def _allow_long_cells() -> None:
    """Let the csv module take cells up to our limit.

    The limit is global to the process and is never lowered again here: another reader, in
    another thread, may be in the middle of a long cell.
    """
    csv.field_size_limit(max(csv.field_size_limit(), FIELD_LIMIT))
