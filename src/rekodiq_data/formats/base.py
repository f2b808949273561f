"""What every format gives: the labels of a table, and a stream of chunks of its cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import BinaryIO

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Open = Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class RowFault:
    """A record that is not shaped like the others.

    `type` is `missing-cell` (the record ends before this column), `extra-cell` (it goes on
    after the last label) or `blank-row` (an empty line). `column` is the position of the cell
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
        row_numbers: number of each record in the file, the header being 1; blank rows are left
            out, so that numbers may jump.
        columns: one array per label, as text (or, from a typed format, as that format's type);
            null where a short record has no such cell.
        faults: records of this chunk that have another shape.
    """

    row_numbers: NDArray[np.int64]
    columns: tuple[pa.Array, ...]
    faults: tuple[RowFault, ...] = ()

    @property
    def count(self) -> int:
        """Number of records."""
        return len(self.row_numbers)


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


class TableReader(Protocol):
    """One table in one file (or several, read as one)."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The header's cells. Raises BrokenTable when the file can't be read that far."""

    @property
    def typed(self) -> bool:
        """Whether columns come with types of their own, so that no text is to be parsed."""

    def chunks(self) -> Iterator[Chunk]:
        """All records, in file order. Raises BrokenTable where reading has to stop."""

    def locate(self, row_numbers: Sequence[int]) -> dict[int, RecordPlace]:
        """Places of some records, by row number; those that have none are left out."""
