"""Records by Python's csv module: the judge of what is one, and the slow, exact way to read."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from rekodiq_data.formats.base import BrokenTable, Chunk, RowFault, within, within_misfits
from rekodiq_data.limits import DEFAULT_LIMITS, ReadLimits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rekodiq_data.descriptor.model import Dialect

CHUNK_ROWS = 65_536
_GATHERED = 8_192  # rows that stand as Python lists at one time
_UNENDED = "unexpected end of data"
_LONG_CELL = "a cell is too long (is a quote not closed?)"
_LONG_LINE = "a line, or a record of several lines, is too long (is a quote not closed?)"


class Lines:
    """Counts physical lines as the csv module takes them, and keeps them if asked.

    No record may be longer than `limits` allow: nothing else would end one in a file of quotes.
    """

    def __init__(
        self, *, before: int = 0, keep: bool = False, limits: ReadLimits = DEFAULT_LIMITS
    ) -> None:
        self.limits = limits
        self.number = before
        self.size = 0  # characters since the caller last set it to 0
        self.first = before + 1
        self.started = before + 1
        self.taken: list[str] = []
        self._keep = keep

    def of(self, texts: Iterable[str]) -> Iterator[str]:
        """Lines of `texts` with their ends, counted as they are taken."""
        for text in texts:
            for line in io.StringIO(text, newline="\n"):
                self.number += 1
                self.size += len(line)
                if self.size > self.limits.line:
                    words = self.limits.past("line", _LONG_LINE)
                    raise BrokenTable("source-error", words, line=self.started)
                if self._keep:
                    self.taken.append(line)
                yield line

    def forget(self) -> None:
        """Drop the lines kept so far: the next record starts after them."""
        self.taken.clear()
        self.first = self.number + 1


class Unended(BrokenTable):
    """The text ended inside a quoted cell: more text may end it."""


def records_of(
    blocks: Iterable[bytes], lines: Lines, dialect: Dialect, encoding: str
) -> Iterator[list[str]]:
    """Records by the csv module; an empty line gives an empty list.

    `lines.started` is the line at which the record being read starts.

    Raises:
        Unended: the last record is cut off inside a quoted cell.
        BrokenTable: a record can't be read.
    """
    limits = lines.limits
    _allow_long_cells(limits)
    reader = csv.reader(
        lines.of(_texts(blocks, encoding, lines)),
        delimiter=dialect.delimiter,
        quotechar=dialect.quote_char,
        quoting=csv.QUOTE_MINIMAL if dialect.quote_char else csv.QUOTE_NONE,
        doublequote=dialect.double_quote,
        escapechar=dialect.escape_char,
        skipinitialspace=dialect.skip_initial_space,
        strict=True,
    )
    comment = dialect.comment_char
    lines.started = lines.number + 1
    try:
        for record in reader:
            # The csv module's own limit is global: others in this process may raise it.
            if lines.size > limits.field and max(map(len, record)) > limits.field:
                words = limits.past("field", _LONG_CELL)
                raise BrokenTable("source-error", words, line=lines.started)
            within(len(record), limits, "the record", line=lines.started)
            lines.size = 0
            if not (comment and record and record[0].startswith(comment)):
                yield record
            lines.started = lines.number + 1
    except csv.Error as error:
        words = str(error)
        kind = Unended if _UNENDED in words else BrokenTable
        raise kind("source-error", _csv_words(words, limits), line=lines.started) from None


def gathered(
    records: Iterator[list[str]],
    width: int,
    most: int = CHUNK_ROWS,
    limits: ReadLimits = DEFAULT_LIMITS,
) -> Chunk:
    """The next records, `most` at the most, as one chunk; why reading stopped, if it did.

    A chunk without records: there are no more.
    """
    parts: list[list[pa.Array]] = []
    rows: list[list[str]] = []
    numbers: list[int] = []
    faults: list[RowFault] = []
    broken: BrokenTable | None = None
    number = misfits = 0
    try:
        for record in records:
            if not record:
                misfits += 1
                within_misfits(misfits, limits)
                faults.append(RowFault("blank-row", number))
            elif len(record) == width:
                numbers.append(number)
                rows.append(record)
            else:
                misfits += abs(len(record) - width)
                within_misfits(misfits, limits)
                numbers.append(number)
                rows.append(_fit(record, faults, number, width))
            number += 1
            if len(rows) >= _GATHERED:
                parts.append(_arrays(rows, width))
                rows = []
            if number >= most:
                break
    except BrokenTable as error:
        broken = error
    parts.append(_arrays(rows, width))
    return Chunk(
        np.array(numbers, np.int64),
        tuple(pa.concat_arrays(column) for column in zip(*parts, strict=True)),
        tuple(faults),
        records=number,
        broken=broken,
    )


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


def _fit(record: list[str], faults: list[RowFault], number: int, width: int) -> list[str]:
    """The record cut or filled to `width` cells; what was wrong goes to `faults`."""
    faults.extend(
        RowFault("extra-cell", number, column, record[column])
        for column in range(width, len(record))
    )
    faults.extend(
        RowFault("missing-cell", number, column) for column in range(len(record), width)
    )
    filled: list[str] = [*record[:width], *([None] * (width - len(record)))]  # type: ignore[list-item]
    return filled


def _arrays(rows: list[list[str]], width: int) -> list[pa.Array]:
    columns = zip(*rows, strict=True) if rows else [()] * width
    return [pa.array(column, pa.string()) for column in columns]


def _csv_words(error: str, limits: ReadLimits) -> str:
    """The csv module's complaint in plain words."""
    if _UNENDED in error:
        return "a quote opened in this record is never closed; add the closing quote"
    if "field larger than field limit" in error:
        return limits.past("field", _LONG_CELL)
    if "new-line character" in error:
        return "a carriage return stands alone inside the record; use LF or CRLF line ends"
    if "expected after" in error:
        return "text follows a closing quote; double the quotes that stand inside a cell"
    return error


def _allow_long_cells(limits: ReadLimits) -> None:
    """Let the csv module take cells up to our limit.

    The limit is global to the process and is never lowered again here: another reader, in
    another thread, may be in the middle of a long cell.
    """
    csv.field_size_limit(max(csv.field_size_limit(), limits.field))
