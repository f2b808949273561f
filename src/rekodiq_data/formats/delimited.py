"""Delimited text of any dialect and encoding: what the fast way of `csv` is not made for.

Several header rows, comment rows, delimiters and line ends of several characters, and encodings
that are not a superset of ASCII. Strict, as the other way: nothing is inferred or repaired.
Line ends are CR LF, LF or CR, unless the dialect states others; stated ones hold exactly.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

import pyarrow as pa

from rekodiq_data.formats.base import BrokenTable, RecordPlace, within
from rekodiq_data.formats.cells import cell_places
from rekodiq_data.formats.rows import data_rows, first_row, grouped, header_of, pieces_of
from rekodiq_data.limits import DEFAULT_LIMITS, ReadLimits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from rekodiq_data.descriptor.model import Dialect
    from rekodiq_data.formats.base import Chunk, Open, Piece

BLOCK_BYTES = 1024 * 1024
_USUAL = ("\r\n", "\n", "\r")
_ANY_END = re.compile("\r\n|\n|\r")
_NOT_CLOSED = "a quote opened in this record is never closed; add the closing quote"
_AFTER_QUOTE = "text follows a closing quote; double the quotes that stand inside a cell"
_LONG_LINE = "a line, or a record of several lines, is too long (is a quote not closed?)"
_TOO_LONG = "a cell is too long (is a quote not closed?)"


class DelimitedReader:
    """One delimited text. See `TableReader`.

    Args:
        open_file: gives the file's bytes from the start, each time it is called.
        dialect: how text is cut into records and cells.
        encoding: of the text; strict.
        width: number of cells of a record where no header says it; else the first record does.
        limits: for cells, lines and records.
    """

    typed = False

    def __init__(
        self,
        open_file: Open,
        dialect: Dialect,
        encoding: str = "utf-8",
        width: int | None = None,
        limits: ReadLimits = DEFAULT_LIMITS,
    ) -> None:
        self._open = open_file
        self._limits = limits
        self._dialect = dialect
        self._encoding = encoding
        self._width = width
        self._labels: tuple[str, ...] | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """The header's cells; for a dialect without a header, one empty label per cell."""
        if self._labels is None:
            with self._open() as stream:
                records = _Records(stream, self._dialect, self._encoding, self._limits)
                if self._dialect.header:
                    found = header_of(iter(records), self._dialect)
                else:
                    first = next(data_rows(records, self._dialect, comments=False), None)
                    found = None if first is None else ("",) * (self._width or len(first[1]))
            if found is None:
                raise BrokenTable(
                    "source-error", "the file is empty: there is no header", line=1
                )
            within(len(found), self._limits)
            self._labels = found
        return self._labels

    @property
    def first_row(self) -> int:
        """Where numbers start from; each chunk brings its own."""
        return 0

    def pieces(self) -> Iterator[Piece]:
        """All records in pieces that are read one after the other."""
        yield from pieces_of(self.chunks(), self.first_row)

    def chunks(self) -> Iterator[Chunk]:
        """All records, in file order; see `TableReader`."""
        width = len(self.labels)
        with self._open() as stream:
            records = _Records(stream, self._dialect, self._encoding, self._limits)
            rows = data_rows(records, self._dialect, comments=False)
            yield from grouped(
                rows, width, lambda cells: pa.array(cells, pa.string()), None, self._limits
            )

    def locate(self, row_numbers: Sequence[int]) -> dict[int, RecordPlace]:
        """Places of some records, by row number; reads up to the last of them.

        The header of several rows is found at its last one; its number is 1 in findings.
        """
        dialect = self._dialect
        aliases = {1: first_row(dialect) - 1} if dialect.header else {}
        wanted = {aliases.get(number, number): number for number in row_numbers}
        found: dict[int, RecordPlace] = {}
        if not wanted:
            return found
        last = max(wanted)
        with self._open() as stream:
            records = _Records(stream, dialect, self._encoding, self._limits)
            try:
                for number, _cells in records:
                    if number in wanted:
                        found[wanted[number]] = cell_places(
                            records.taken, records.line, dialect
                        )
                    if number >= last:
                        break
            except BrokenTable:
                pass  # where reading stopped, the records after it were not judged either
        return found


class _Records:
    """Numbered records of a stream, comments left out but counted.

    `line` and `taken` are the first physical line of the last record, and its lines.
    """

    def __init__(
        self, stream: BinaryIO, dialect: Dialect, encoding: str, limits: ReadLimits
    ) -> None:
        self._dialect = dialect
        self._limits = limits
        self._quote = dialect.quote_char
        self._escape = dialect.escape_char
        self._ends = (
            None if dialect.line_terminator in (None, *_USUAL) else dialect.line_terminator
        )
        self._lines = _lines(stream, encoding, self._ends, limits)
        self._count = 0
        self._size = 0  # characters of the record so far
        self.line = 1
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        comment = self._dialect.comment_char
        for number, line in enumerate(self._lines_left(), 1):
            self.line = self._count
            self.taken = [line]
            if comment and line.startswith(comment):
                continue
            yield number, self._cut(line)

    def _refuse_long(self, size: int) -> None:
        if size > self._limits.field:
            words = self._limits.past("field", _TOO_LONG)
            raise BrokenTable("source-error", words, line=self.line)

    def _lines_left(self) -> Iterator[str]:
        while (line := self._next()) is not None:
            yield line
            self._size = 0

    def _next(self) -> str | None:
        line = next(self._lines, None)
        if line is not None:
            self._count += 1
            self._size += len(line)
            if self._size > self._limits.line:
                words = self._limits.past("line", _LONG_LINE)
                raise BrokenTable("source-error", words, line=self.line)
        return line

    def _cut(self, line: str) -> list[str]:
        """The record that starts with `line`; takes more lines where a quote spans them."""
        text = self._ended(line)
        if not text:
            return []
        dialect = self._dialect
        plain = not (self._quote and self._quote in text) and not (
            self._escape and self._escape in text
        )
        if plain and not dialect.skip_initial_space:
            cells = text.split(dialect.delimiter)
            if len(text) > self._limits.field:
                self._refuse_long(max(map(len, cells)))
            return cells
        return self._scan(line)

    def _ended(self, line: str) -> str:
        """The line without its end."""
        if self._ends is not None:
            return line.removesuffix(self._ends)
        return line.rstrip("\r\n")

    def _scan(self, line: str) -> list[str]:
        cells: list[str] = []
        delimiter = self._dialect.delimiter
        position = 0
        while True:
            if self._dialect.skip_initial_space:
                while line.startswith(" ", position):
                    position += 1
            if self._quote and line.startswith(self._quote, position):
                cell, line, position = self._quoted(line, position + 1)
                if not line.startswith(delimiter, position) and self._ended(line[position:]):
                    raise BrokenTable("source-error", _AFTER_QUOTE, line=self.line)
            else:
                cell, line, position = self._bare(line, position)
            self._refuse_long(len(cell))
            cells.append(cell)
            if not line.startswith(delimiter, position):
                return cells
            position += len(delimiter)

    def _quoted(self, line: str, position: int) -> tuple[str, str, int]:
        """A quoted cell; the line and the position after its closing quote."""
        quote, escape = str(self._quote), self._escape
        parts: list[str] = []
        size = 0
        while True:
            end = _nearest(line, position, quote, escape)
            parts.append(line[position:end])
            size += end - position
            if end >= len(line):
                following = self._next()
                self._refuse_long(size)
                if following is None:
                    raise BrokenTable("source-error", _NOT_CLOSED, line=self.line)
                self.taken.append(following)
                line, position = following, 0
            elif line[end] == escape and escape != quote:
                parts.append(line[end + 1 : end + 2])
                position = end + 2
            elif self._dialect.double_quote and line.startswith(quote, end + 1):
                parts.append(quote)
                position = end + 2
            else:
                return "".join(parts), line, end + 1

    def _bare(self, line: str, position: int) -> tuple[str, str, int]:
        """An unquoted cell; the line and the position after it."""
        escape, delimiter = self._escape, self._dialect.delimiter
        parts: list[str] = []
        while True:
            stop = len(self._ended(line[position:])) + position
            end = min(_nearest(line, position, delimiter, escape), stop)
            parts.append(line[position:end])
            if not escape or end >= stop or line[end] != escape:
                return "".join(parts), line, end
            # An escaped line end is part of the cell, which goes on in the next line.
            if end + 1 >= stop:
                parts.append(line[end + 1 :])
                following = self._next()
                if following is None:
                    return "".join(parts), "", 0
                self.taken.append(following)
                line, position = following, 0
            else:
                parts.append(line[end + 1])
                position = end + 2


def _nearest(line: str, position: int, mark: str, other: str | None) -> int:
    """Where the first of two marks stands; the line's length where neither does."""
    found = [line.find(mark, position)]
    if other:
        found.append(line.find(other, position))
    return min((each for each in found if each >= 0), default=len(line))


def _lines(
    stream: BinaryIO, encoding: str, ends: str | None, limits: ReadLimits
) -> Iterator[str]:
    """Physical lines with their ends."""
    held = ""
    for text in _texts(stream, encoding):
        held += text
        if ends is None:
            # A CR at the very end may be the first half of CR LF: it waits for the next block.
            cut = 0
            last = len(held) - held.endswith("\r")
            for match in _ANY_END.finditer(held, 0, last):
                yield held[cut : match.end()]
                cut = match.end()
        else:
            cut = 0
            while (end := held.find(ends, cut)) >= 0:
                yield held[cut : end + len(ends)]
                cut = end + len(ends)
        held = held[cut:]
        if len(held) > limits.line:
            words = limits.past("line", "a line is too long (is the line end another?)")
            raise BrokenTable("source-error", words)
    if ends is not None:
        # Editors end the last line of any file; that is no part of its last cell.
        held = held.removesuffix("\n").removesuffix("\r")
    if held:
        yield held


def _texts(stream: BinaryIO, encoding: str) -> Iterator[str]:
    """Blocks of the stream as text, without a byte order mark."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lines = 1
    start = True
    while True:
        block = stream.read(BLOCK_BYTES)
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeError as error:
            good, words = _decoded_so_far(error, encoding)
            yield good
            raise BrokenTable(
                "encoding-error",
                f"{words}; save the file as {encoding.upper()}, or state its encoding in the"
                " descriptor",
                line=lines + good.count("\n"),
                column=len(good) - good.rfind("\n"),
            ) from None
        if start and text:
            text = text.removeprefix("\ufeff")
            start = False
        lines += text.count("\n")
        if text:
            yield text
        if not block:
            return


def _decoded_so_far(error: UnicodeError, encoding: str) -> tuple[str, str]:
    """The text of the block before the place of an error, and what is wrong there."""
    if not isinstance(error, UnicodeDecodeError):
        return "", f"the text is not {encoding.upper()}: {error}"
    words = f"byte 0x{error.object[error.start]:02X} is not {encoding.upper()}"
    try:
        return error.object[: error.start].decode(encoding), words
    except UnicodeError:
        return "", words  # in the middle of a text without its mark
