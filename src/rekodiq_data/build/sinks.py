"""Takers of typed records: a Parquet file and a canonical CSV file, written while judging."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data.build.behind import Behind
from rekodiq_data.build.descriptors import parquet_schema
from rekodiq_data.files import durable
from rekodiq_data.files.digesting import Digesting
from rekodiq_data.formats.canonical import csv_header, csv_lines
from rekodiq_data.keys import in_key_order
from rekodiq_data.parquet import ParquetWriter, file_schema, row_groups
from rekodiq_data.progress import Stopwatch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from rekodiq_data.descriptor.model import Schema


_BEHIND = 2  # row groups that wait while one is encoded


@dataclass(frozen=True, slots=True)
class Prepared:
    """Some records, and their lines in canonical CSV (none where it is not written)."""

    records: pa.Table
    lines: bytes


class TableSink:
    """Writes one table as Parquet and, if asked, as canonical CSV, sorted by primary key.

    Records are written as they come. Where they turn out not to be in key order (a raw table of
    ours always is), the files are written once more, sorted, when the table ends.

    Args:
        schema: the table's.
        package: what the Parquet file says of the package.
        parquet_path: the file to write.
        csv_path: the canonical CSV to write, if it is wanted.
        aside: whether to write in a thread of its own: encoding takes a quarter of all the
            work of a build, and has to be done in order, so that it would hold up the others.
        watch: told how long that takes.
    """

    def __init__(
        self,
        schema: Schema,
        package: Mapping[str, Any],
        parquet_path: Path,
        csv_path: Path | None,
        *,
        aside: bool = False,
        watch: Stopwatch | None = None,
    ) -> None:
        self._schema = schema
        self._parquet_path = parquet_path
        self._csv_path = csv_path
        self._arrow = file_schema(schema, parquet_schema(schema), package)
        self._watch = watch or Stopwatch()
        self._behind = Behind(_BEHIND if aside else 0)
        self._last: tuple[Any, ...] | None = None
        self._is_sorted = True
        self._open()

    def prepare(self, records: pa.Table) -> Prepared:
        """Records and their canonical lines. In any thread."""
        if not self._csv_path:
            return Prepared(records, b"")
        return Prepared(records, csv_lines(decoded(records, self._arrow), self._schema))

    def write(self, prepared: Prepared) -> None:
        """Take some records, in file order."""
        self._is_sorted = self._is_sorted and self._follows(prepared.records)
        self._parquet.write(prepared.records)
        if self._csv:
            self._csv.write(prepared.lines)

    def _encode(self, call: Callable[[], None]) -> None:
        """Have a row group encoded and written, behind the others."""

        def measured() -> None:
            with self._watch.measure("encode"):
                call()

        self._behind.run(measured, is_last=self._is_ending)

    def finish(self) -> None:
        """Write what is left, and the ends of both files, behind what is being judged."""
        self._is_ending = True
        self._parquet.finish()
        self._behind.run(self._close_files, is_last=True)

    def close(self) -> None:
        """Wait for both files, in key order."""
        try:
            self._behind.wait()
            if not self._is_sorted:
                self._write_sorted()
        finally:
            self._behind.close()

    def _write_sorted(self) -> None:
        """Write both files once more, in key order."""
        ordered = in_key_order(row_groups(self._parquet_path), self._schema.primary_key)
        first = next(ordered)  # by now the file that is about to be replaced is closed
        self._open()
        for records in chain([first], ordered):
            self.write(self.prepare(records))
        self.finish()
        self._behind.wait()

    def abandon(self) -> None:
        """Let go of the files; what was written is thrown away with its folder."""
        self._behind.close()
        self._parquet.abandon()
        self._files.close()

    @property
    def parquet_sha256(self) -> str:
        """Digest of the Parquet file, once it is closed."""
        return self._parquet_stream.sha256

    @property
    def csv_sha256_and_size(self) -> tuple[str, int]:
        """Digest and bytes of the canonical CSV, once it is closed."""
        if self._csv is None:
            raise AssertionError("no canonical CSV was asked for")
        return self._csv.sha256, self._csv.size

    def _open(self) -> None:
        self._is_ending = False
        self._files = ExitStack()
        self._parquet_stream = self._writing(self._parquet_path)
        self._parquet = ParquetWriter(
            cast("BinaryIO", self._parquet_stream), self._arrow, self._encode
        )
        self._csv = None
        if self._csv_path:
            self._csv = self._writing(self._csv_path)
            self._csv.write(csv_header(self._schema))

    def _writing(self, path: Path) -> Digesting:
        return Digesting(self._files.enter_context(durable.writing(path)))

    def _close_files(self) -> None:
        self._parquet.close()
        self._files.close()

    def _follows(self, records: pa.Table) -> bool:
        """Whether these records are in key order, after the ones before."""
        names = self._schema.primary_key
        if not names or not records.num_rows:
            return True
        columns = [_plain(records.column(name)) for name in names]
        first = tuple(column[0].as_py() for column in columns)
        follows = self._last is None or self._last <= first
        self._last = tuple(column[-1].as_py() for column in columns)
        return follows and _is_ascending(columns)


def _plain(column: pa.ChunkedArray) -> pa.Array:
    """The column in one piece, without a dictionary."""
    whole = column.combine_chunks()
    return whole.dictionary_decode() if isinstance(whole, pa.DictionaryArray) else whole


def decoded(records: pa.Table, schema: pa.Schema) -> pa.Table:
    """Records without dictionaries, of `schema`."""
    columns = [
        column.cast(field.type) if pa.types.is_dictionary(column.type) else column
        for column, field in zip(records.columns, schema, strict=True)
    ]
    return pa.table(columns, schema=schema)


def _is_ascending(columns: list[pa.Array]) -> bool:
    """Whether records ascend by their columns, the first being the most important."""
    equal = np.ones(max(0, len(columns[0]) - 1), bool)
    for column in columns:
        before, after = column[:-1], column[1:]
        if pc.any(pc.and_(pa.array(equal), pc.greater(before, after))).as_py():
            return False
        equal &= np.asarray(pc.equal(before, after).to_numpy(zero_copy_only=False), bool)
    return True
