"""Cells of a few columns of a whole table: in memory up to a budget, then in a file."""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from typing import IO, TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

BUDGET = 32 * 1024 * 1024
_INDEX_TYPES = (pa.int8(), pa.int16(), pa.int32())


class Spool:
    """Batches of columns, always of the same names; dictionary-encoded ones stay so.

    Past the budget, batches go to a temporary file and are read back one at a time.

    Attributes:
        names: of the columns.
        rows: records so far.
        size: bytes of all batches so far.
    """

    def __init__(self, names: Sequence[str], budget: int = BUDGET) -> None:
        self.names = tuple(names)
        self.rows = 0
        self.size = 0
        self._starts: list[int] = []
        self._batches: list[pa.RecordBatch | tuple[int, int]] = []
        self._budget = budget
        self._bytes = 0
        self._file: IO[bytes] | None = None

    def add(self, columns: Sequence[pa.Array], rows: int) -> None:
        """Take the columns of some more records."""
        if not self.names:
            return
        batch = pa.record_batch([_small(column) for column in columns], names=self.names)
        self._starts.append(self.rows)
        self._batches.append(batch)
        self.rows += rows
        self._bytes += batch.nbytes
        self.size += batch.nbytes
        if self._bytes > self._budget:
            self._spill()

    def batches(self, names: Sequence[str]) -> Iterator[tuple[int, list[pa.Array]]]:
        """Position of the first record and the columns `names`, batch after batch."""
        for start, batch in zip(self._starts, self._batches, strict=True):
            read = self._read(batch)
            yield start, [read.column(self.names.index(name)) for name in names]

    def take(self, names: Sequence[str], positions: NDArray[np.int64]) -> list[pa.Array]:
        """Cells of the records at `positions`, which ascend, as plain text."""
        parts: list[list[pa.Array]] = []
        at = 0
        while at < len(positions):
            index = bisect_right(self._starts, int(positions[at])) - 1
            end = self._starts[index + 1] if index + 1 < len(self._starts) else self.rows
            until = int(np.searchsorted(positions, end))
            batch = self._read(self._batches[index])
            places = pa.array(positions[at:until] - self._starts[index])
            parts.append(
                [
                    pc.cast(batch.column(self.names.index(name)).take(places), pa.string())
                    for name in names
                ]
            )
            at = until
        if not parts:
            return [pa.nulls(0, pa.string()) for _name in names]
        return [pa.concat_arrays(column) for column in zip(*parts, strict=True)]

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()

    def _spill(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        place = self._file.seek(0, 2)
        for index, batch in enumerate(self._batches):
            if isinstance(batch, tuple):
                continue
            # A stream for each batch: every one has dictionaries of its own.
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, batch.schema) as writer:
                writer.write_batch(batch)
            content = sink.getvalue()
            self._file.write(content)
            self._batches[index] = (place, content.size)
            place += content.size
        self._bytes = 0

    def _read(self, batch: pa.RecordBatch | tuple[int, int]) -> pa.RecordBatch:
        if not isinstance(batch, tuple):
            return batch
        if self._file is None:
            raise AssertionError("only a file has places")
        place, size = batch
        self._file.seek(place)
        with pa.ipc.open_stream(self._file.read(size)) as reader:
            return reader.read_next_batch()


def _small(column: pa.Array) -> pa.Array:
    """A dictionary-encoded column with the smallest indices that do."""
    if not isinstance(column, pa.DictionaryArray):
        return column
    count = len(column.dictionary)
    kind = next(each for each in _INDEX_TYPES if count < 2 ** (each.bit_width - 1))
    if column.indices.type == kind:
        return column
    return pa.DictionaryArray.from_arrays(column.indices.cast(kind), column.dictionary)
