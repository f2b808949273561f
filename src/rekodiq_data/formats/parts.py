"""Several files of one structured format as one table, rows numbered through."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rekodiq_data.formats.base import BrokenTable
from rekodiq_data.formats.rows import pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rekodiq_data.formats.base import Chunk, Piece, RecordPlace, TableReader


class PartsReader:
    """Tables of equal labels, one after the other. See `TableReader`.

    Such a format carries its header in each file, so that only the first one's counts: each of
    the others must be the same.
    """

    def __init__(self, readers: Sequence[TableReader]) -> None:
        self._readers = readers

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of the first part."""
        return self._readers[0].labels

    @property
    def typed(self) -> bool:
        """As in the first part."""
        return self._readers[0].typed

    @property
    def first_row(self) -> int:
        """Where numbers start from; each chunk brings its own."""
        return 0

    def pieces(self) -> Iterator[Piece]:
        """All records in pieces that are read one after the other."""
        yield from pieces_of(self.chunks(), self.first_row)

    def chunks(self) -> Iterator[Chunk]:
        """All records of all parts; the first of a part follows the last of the one before."""
        passed = 0
        for index, reader in enumerate(self._readers):
            if reader.labels != self.labels:
                raise BrokenTable(
                    "source-error", f"part {index + 1} has other columns than the first part"
                )
            last = passed
            for chunk in reader.chunks():
                numbers = chunk.row_numbers + passed
                faults = tuple(
                    replace(fault, row_number=fault.row_number + passed)
                    for fault in chunk.faults
                )
                seen = [*numbers[-1:].tolist(), *(fault.row_number for fault in faults)]
                last = max([last, *seen])
                yield replace(chunk, row_numbers=numbers, faults=faults)
            passed = max(passed, last - 1)

    def locate(self, row_numbers: Sequence[int]) -> dict[int, RecordPlace]:  # noqa: ARG002
        """No places: structured formats have none."""
        return {}
