"""Numbered records to labels and chunks: what formats share that are read record by record.

Records are numbered from 1 as they stand in the file, comments and headers included, so that a
row number leads to the record. A dialect says which of them are the header, and which nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from rekodiq_data import lexical
from rekodiq_data.formats.base import (
    NO_WISHES,
    BrokenTable,
    Chunk,
    RowFault,
    Wishes,
    within,
    within_misfits,
)
from rekodiq_data.limits import DEFAULT_LIMITS, ReadLimits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rekodiq_data.descriptor.model import Dialect

    Record = list[Any]
    Numbered = tuple[int, Record]

CHUNK_ROWS = 16_384
CHUNK_FAULTS = 65_536
_CHUNK_CELLS = 4_000_000


def rows_of_chunk(most: int, width: int) -> int:
    """How many rows are held at one time: fewer where they are wide, as memory is for cells."""
    return max(1, min(most, _CHUNK_CELLS // max(1, width)))


def header_of(records: Iterator[Numbered], dialect: Dialect) -> tuple[str, ...] | None:
    """The labels that the header rows give; None where the file ends before the last of them.

    Rows of a header of several are joined column by column. Where an upper one has no cell, or
    an empty one, the label to its left goes on, as it does over several columns of a sheet.

    >>> from rekodiq_data.descriptor.model import Dialect
    >>> rows = iter([(1, ["fruit"]), (2, ["id", "name"])])
    >>> header_of(rows, Dialect(header_rows=(1, 2)))
    ('fruit id', 'fruit name')
    """
    wanted = dialect.header_rows
    found: list[list[str]] = []
    seen = 0
    for number, record in records:
        seen = number
        if number in wanted and number not in dialect.comment_rows:
            found.append([label_of(cell) for cell in record])
        if number >= wanted[-1]:
            break
    if not found or seen < wanted[-1]:
        return None
    width = max(map(len, found))
    upper = [_spread(row, width) for row in found[:-1]]
    rows = [*upper, [*found[-1], *[""] * (width - len(found[-1]))]]
    return tuple(
        dialect.header_join.join(filter(None, parts)) for parts in zip(*rows, strict=True)
    )


def first_row(dialect: Dialect) -> int:
    """Number of the first record that can be data."""
    return dialect.header_rows[-1] + 1 if dialect.header else 1


def data_rows(
    records: Iterable[Numbered], dialect: Dialect, *, comments: bool = True
) -> Iterator[Numbered]:
    """The records below the header that are no comments.

    Args:
        records: all of them, from the file's first.
        dialect: says which are header or comment.
        comments: whether a record is a comment when its first cell starts with the mark; not
            so where the reader has left those out, since it knows the raw text.
    """
    first = first_row(dialect)
    mark = dialect.comment_char if comments else None
    for number, record in records:
        if number < first or number in dialect.comment_rows:
            continue
        if mark and record and isinstance(record[0], str) and record[0].startswith(mark):
            continue
        yield number, record


def grouped(
    records: Iterable[Numbered],
    width: int,
    column_of: Callable[[Iterable[Any]], pa.Array],
    absent: Any,
    limits: ReadLimits = DEFAULT_LIMITS,
) -> Iterator[Chunk]:
    """Numbered records in chunks, with the faults of their shapes.

    Args:
        records: data only; an empty one is a blank row.
        width: number of labels.
        column_of: makes a column of its cells.
        absent: what stands for a cell that a short record does not have.
        limits: for the cells of a record.
    """
    most = rows_of_chunk(CHUNK_ROWS, width)
    rows: list[Record] = []
    numbers: list[int] = []
    faults: list[RowFault] = []
    broken: BrokenTable | None = None
    misfits = 0
    try:
        for number, record in records:
            if not record:
                misfits += 1
                within_misfits(misfits, limits)
                faults.append(RowFault("blank-row", number))
            else:
                if len(record) != width:
                    within(len(record), limits, f"row {number}")
                    misfits += abs(len(record) - width)
                    within_misfits(misfits, limits)
                numbers.append(number)
                rows.append(_fit(record, faults, number, width, absent))
            if len(rows) >= most or len(faults) >= CHUNK_FAULTS:
                yield _chunk(numbers, rows, faults, width, column_of)
                rows, numbers, faults = [], [], []
    except BrokenTable as error:
        broken = error
    if rows or faults:
        yield _chunk(numbers, rows, faults, width, column_of)
    if broken:
        raise broken


@dataclass(frozen=True, slots=True)
class Ready:
    """A piece that was read already."""

    chunk: Chunk
    size: int = 0

    def read(self, wishes: Wishes = NO_WISHES) -> Chunk:  # noqa: ARG002
        """The chunk; wishes are for readers to whom they are easy."""
        return self.chunk


def pieces_of(chunks: Iterable[Chunk], first: int) -> Iterator[Ready]:
    """Chunks numbered as in the file, as pieces that are numbered by themselves.

    Args:
        chunks: in file order.
        first: number of the first record after the header.
    """
    row = first
    for chunk in chunks:
        faulty = (fault.row_number for fault in chunk.faults)
        end = max([*chunk.row_numbers[-1:].tolist(), *faulty]) + 1
        yield Ready(replace(chunk.at(-row), records=end - row))
        row = end


def native(values: Iterable[Any]) -> pa.StructArray:
    """A column of typed cells.

    Raises:
        BrokenTable: a text is not Unicode.
    """
    try:
        return lexical.native_column(values)
    except UnicodeEncodeError:
        raise BrokenTable(
            "source-error", "a text holds half of a surrogate pair, which is no character"
        ) from None


def label_of(cell: Any) -> str:
    """A cell of a header as a label.

    >>> label_of(2024.0), label_of(None)
    ('2024', '')
    """
    if isinstance(cell, str) or cell is None:
        return cell or ""
    return str(lexical.native_column([cell])[0].as_py()["text"])


def _spread(row: Sequence[str], width: int) -> list[str]:
    """The row with each empty cell filled from its left."""
    found: list[str] = []
    for column in range(width):
        own = row[column] if column < len(row) else ""
        found.append(own or (found[-1] if found else ""))
    return found


def _fit(
    record: Record, faults: list[RowFault], number: int, width: int, absent: Any
) -> Record:
    """The record cut or filled to `width` cells; what was wrong goes to `faults`."""
    if len(record) == width:
        return record
    faults.extend(
        RowFault("extra-cell", number, column, label_of(record[column]))
        for column in range(width, len(record))
    )
    faults.extend(
        RowFault("missing-cell", number, column) for column in range(len(record), width)
    )
    return [*record[:width], *[absent] * (width - len(record))]


def _chunk(
    numbers: list[int],
    rows: list[Record],
    faults: list[RowFault],
    width: int,
    column_of: Callable[[Iterable[Any]], pa.Array],
) -> Chunk:
    columns = zip(*rows, strict=True) if rows else [()] * width
    return Chunk(
        np.array(numbers, np.int64),
        tuple(column_of(column) for column in columns),
        tuple(faults),
    )
