"""What every format gives: the labels of a table, and a stream of chunks of its cells."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from rekodiq_data.kernel import PlainCells

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import BinaryIO

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from rekodiq_data.kernel import Kind
    from rekodiq_data.limits import ReadLimits

    Open = Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class RowFault:
    """A record that is not shaped like the others.

    `type` is `missing-cell` (the record ends before this column), `extra-cell` (it goes on
    after the last label), `blank-row` (an empty line) or `cell-error` (a formula stands where
    a value should). `column` is the position of the cell
    from 0, None for a blank row.
    """

    type: str
    row_number: int
    column: int | None = None
    cell: str | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some records in a row, cut into cells, untouched otherwise.

    Attributes:
        row_numbers: number of each record in the file, the header being 1 (in a chunk that a
            piece gives: counted from 0 at the piece's first record); blank rows are left out,
            so that numbers may jump.
        columns: one array per label, as text, plain or dictionary-encoded (or, from a typed
            format, as that format's type); null where a short record has no such cell. What was
            wished as plain values may come as such.
        faults: records of this chunk that have another shape.
        records: number of records taken from the file, blank rows included.
        missing: texts that stand as null already; no cell is absent then. None where nulls are
            absent cells.
        broken: why reading stopped after these records.
    """

    row_numbers: NDArray[np.int64]
    columns: tuple[pa.Array | PlainCells, ...]
    faults: tuple[RowFault, ...] = ()
    records: int = 0
    missing: tuple[str, ...] | None = None
    broken: BrokenTable | None = None

    @property
    def count(self) -> int:
        """Number of records that have cells."""
        return len(self.row_numbers)

    def array(self, column: int) -> pa.Array:
        """A column as an array: of plain values, their text."""
        found = self.columns[column]
        return found.text if isinstance(found, PlainCells) else found

    def at(self, first: int) -> Chunk:
        """The same chunk where its first record is number `first` of the file."""
        return replace(
            self,
            row_numbers=self.row_numbers + first,
            faults=tuple(
                replace(fault, row_number=fault.row_number + first) for fault in self.faults
            ),
        )


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a reader may hand cells over, if it is as easy to it.

    Attributes:
        encode: columns, by position, that are wanted dictionary-encoded.
        missing: texts that are wanted as null.
        plain: columns, by position, that are wanted as values of a kind where they are plain.
    """

    encode: frozenset[int] = frozenset()
    missing: tuple[str, ...] | None = None
    plain: Mapping[int, Kind] = field(default_factory=dict)


NO_WISHES = Wishes()


class Piece(Protocol):
    """A part of a table that can be read by itself, in any thread."""

    @property
    def size(self) -> int:
        """Bytes of it, as far as known."""

    def read(self, wishes: Wishes = NO_WISHES) -> Chunk:
        """Its records, counted from 0; where reading has to stop, the chunk says so."""


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """Where one record stands in its file.

    `cells` has the physical line (from 1) and the column in code points (from 1) of each
    cell's first character; `lines` the physical lines of the record by their number.
    """

    line: int
    cells: tuple[tuple[int, int], ...]
    lines: dict[int, str]


class BrokenTable(Exception):
    """A file that can't be read further. The judge turns it into one issue.

    `type` is Frictionless's (`encoding-error`, `source-error`); `note` says what is wrong and
    what to do; records before the place were read and judged.
    """

    def __init__(
        self, type_: str, note: str, *, line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(note)
        self.type = type_
        self.note = note
        self.line = line
        self.column = column


def within(
    columns: int, limits: ReadLimits, what: str = "the table", *, line: int | None = None
) -> None:
    """Raise BrokenTable where `what` has more columns than is allowed."""
    if columns > limits.columns:
        words = limits.past("columns", f"{what} has {columns:,} columns")
        raise BrokenTable("source-error", words, line=line)


def within_misfits(count: int, limits: ReadLimits) -> None:
    """Raise BrokenTable where more cells are missing or too many than is allowed."""
    if count > limits.misfits:
        words = limits.past(
            "misfits", "too many records are blank, or have too few or too many cells"
        )
        raise BrokenTable("source-error", f"{words}; the rest of the table was not read")


class TableReader(Protocol):
    """One table in one file (or several, read as one)."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The header's cells. Raises BrokenTable when the file can't be read that far."""

    @property
    def typed(self) -> bool:
        """Whether columns come with types of their own, so that no text is to be parsed."""

    @property
    def first_row(self) -> int:
        """Number of the first record after the header: 2, or 1 where there is no header."""

    def pieces(self) -> Iterator[Piece]:
        """The table in pieces, in file order. Raises BrokenTable where it can't be read on."""

    def chunks(self) -> Iterator[Chunk]:
        """All records, numbered as in the file. Raises BrokenTable where reading stops."""

    def locate(self, row_numbers: Sequence[int]) -> dict[int, RecordPlace]:
        """Places of some records, by row number; those that have none are left out."""


def chunks_of(reader: TableReader, wishes: Wishes = NO_WISHES) -> Iterator[Chunk]:
    """All records of a table, numbered as in the file. Raises BrokenTable where it stops."""
    row = reader.first_row
    for piece in reader.pieces():
        chunk = piece.read(wishes)
        if chunk.records:
            yield chunk.at(row)
        row += chunk.records
        if chunk.broken is not None:
            raise chunk.broken
