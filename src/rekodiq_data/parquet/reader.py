"""Parquet as a stream of typed chunks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from rekodiq_data.formats.base import NO_WISHES, BrokenTable, Chunk, Wishes, chunks_of, within
from rekodiq_data.limits import DEFAULT_LIMITS, ReadLimits
from rekodiq_data.parquet.writer import ROW_GROUP_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from rekodiq_data.formats.base import Open, Piece, RecordPlace

# What reading a damaged file raises; the last where a name in it is no UTF-8.
DAMAGE = (pa.ArrowException, OSError, UnicodeDecodeError)
_PART_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Batch:
    """Records that are typed already."""

    chunk: Chunk
    size: int = 0  # not known: they are compressed

    def read(self, wishes: Wishes = NO_WISHES) -> Chunk:  # noqa: ARG002
        """The records."""
        return self.chunk


class ParquetReader:
    """One Parquet file as a stream of typed chunks. Its cells have no lines."""

    typed = True

    def __init__(self, open_file: Open, limits: ReadLimits = DEFAULT_LIMITS) -> None:
        self._open = open_file
        self._limits = limits

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the file's columns."""
        with self._open() as stream:
            file = self._file(stream)
            try:
                names = tuple(file.schema_arrow.names)
            except DAMAGE as error:
                raise BrokenTable("source-error", _words(error)) from None
        within(len(names), self._limits)
        return names

    first_row = 2

    def chunks(self) -> Iterator[Chunk]:
        """All records, in file order; a row number is that of the record, the first being 2."""
        yield from chunks_of(self)

    def pieces(self) -> Iterator[Piece]:
        """All records in pieces, in file order."""
        with self._open() as stream:
            file = self._file(stream)
            try:
                # One reading over all row groups would keep the bytes of each until its end.
                for group in range(file.num_row_groups):
                    for batch in file.iter_batches(
                        ROW_GROUP_ROWS, row_groups=[group], use_threads=False
                    ):
                        batch.validate(full=True)
                        for part in _parts(batch):
                            count = part.num_rows
                            columns = tuple(part.columns)
                            yield Batch(Chunk(np.arange(count), columns, records=count))
            except DAMAGE as error:
                raise BrokenTable("source-error", _words(error)) from None

    def locate(self, row_numbers: Sequence[int]) -> dict[int, RecordPlace]:  # noqa: ARG002
        """No places: a Parquet file has no lines."""
        return {}

    def _file(self, stream: BinaryIO) -> pq.ParquetFile:
        try:
            texts = _texts(pq.read_metadata(stream))
            stream.seek(0)
            return pq.ParquetFile(
                stream, page_checksum_verification=True, read_dictionary=texts
            )
        except DAMAGE as error:
            raise BrokenTable("source-error", _words(error)) from None


def row_groups(path: Path) -> Iterator[pa.Table]:
    """The records of a file of our own, a row group at a time."""
    with pq.ParquetFile(path, pre_buffer=False) as file:
        for group in range(file.num_row_groups):
            yield file.read_row_group(group, use_threads=False)


def _texts(metadata: pq.FileMetaData) -> list[str]:
    """Columns of texts, which may stand once in the file, and many times in the table.

    They are read as they stand: a few bytes could stand for any amount of text. Which of them
    have a dictionary is stated in the file, too; but to ask ends the process where a damaged
    file states what can't be (measured on pyarrow 26: an exception that Python never sees).
    """
    columns = (metadata.schema.column(at) for at in range(metadata.num_columns))
    return [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]


def _parts(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """The batch in parts whose texts, written out, fit into memory."""
    lengths = [
        pc.binary_length(column.dictionary).take(column.indices)
        for column in batch.columns
        if pa.types.is_dictionary(column.type)
    ]
    rows = batch.num_rows
    if sum(pc.sum(each).as_py() or 0 for each in lengths) > _PART_BYTES:
        longest = sum(pc.max(each).as_py() or 0 for each in lengths)
        rows = max(1, min(rows, _PART_BYTES // longest))
    for start in range(0, batch.num_rows, max(1, rows)):
        yield batch.slice(start, rows)


def _words(error: Exception) -> str:
    return f"the file is not readable as Parquet: {str(error).splitlines()[0]}"
