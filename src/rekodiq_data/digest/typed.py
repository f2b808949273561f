"""Built tables as typed batches in key order."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from rekodiq_data import lexical
from rekodiq_data.digest.canonical_json import canonical_json
from rekodiq_data.errors import NotReadable
from rekodiq_data.files.texts import parse_json
from rekodiq_data.parquet import DAMAGE, ROW_GROUP_ROWS, SCHEMA_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rekodiq_data.descriptor.model import Schema


class TypedFile:
    """A Parquet file that has exactly the columns and types that its schema says."""

    def __init__(self, stream: BinaryIO | pa.BufferReader, schema: Schema, shown: str) -> None:
        """Read the footer of `stream`.

        Raises:
            NotReadable: it is not Parquet, or its columns or types are others. `shown` is the
                file's name in messages.
        """
        self._shown = shown
        try:
            self._file = pq.ParquetFile(stream, page_checksum_verification=True)
            reason = _difference(self._file.schema_arrow, lexical.arrow_schema(schema))
        except DAMAGE as error:
            raise self._unreadable(error) from error
        if reason is not None:
            raise NotReadable(
                shown,
                f'"{shown}" is not of the types that its schema says: {reason}',
                hint="build the package again",
            )

    @property
    def stated_schema(self) -> bytes | None:
        """The Table Schema in the footer, as canonical JSON; None where there is none.

        Raises:
            BadText: it is not JSON.
        """
        stated = (self._file.schema_arrow.metadata or {}).get(SCHEMA_KEY)
        if stated is None:
            return None
        return canonical_json(parse_json(stated, self._shown).value)

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """All records (or these columns of them), in file order, each batch fully checked.

        Raises:
            NotReadable: the content is damaged.
        """
        wanted = None if columns is None else list(columns)
        try:
            # One reading over all row groups would keep the bytes of each until its end.
            for group in range(self._file.num_row_groups):
                for batch in self._file.iter_batches(
                    ROW_GROUP_ROWS, row_groups=[group], columns=wanted, use_threads=False
                ):
                    batch.validate(full=True)
                    yield pa.Table.from_batches([batch])
        except DAMAGE as error:
            raise self._unreadable(error) from error

    def table(self) -> pa.Table:
        """The whole table, fully checked, with all that the file says of itself.

        Raises:
            NotReadable: the content is damaged.
        """
        try:
            # Arrow's threads may still let go of Python's bytes when the process ends, which
            # aborts it: "terminate called without an active exception" (apache/arrow 34314).
            table = self._file.read(use_threads=False)
            table.validate(full=True)
        except DAMAGE as error:
            raise self._unreadable(error) from error
        return table

    def _unreadable(self, error: Exception) -> NotReadable:
        words = str(error).splitlines()[0]
        return NotReadable(self._shown, f'"{self._shown}" is not readable as Parquet: {words}')


def in_key_order(file: TypedFile, keys: Sequence[str]) -> Iterator[pa.Table]:
    """The records of a table, ascending by its primary key; in file order where it has none.

    Records of equal keys keep the order of the file, and a missing value comes last. A built
    table is in this order already and is read as a stream; any other is held whole.
    """
    if not keys or _is_ascending(file, keys):
        return file.batches()
    table = file.table()
    order = pc.sort_indices(table, sort_keys=[(key, "ascending") for key in keys])
    return iter([table.take(order)])


def _is_ascending(file: TypedFile, keys: Sequence[str]) -> bool:
    """Whether records ascend by `keys`, the first being the most important; none is missing."""
    last: list[pa.Table] = []
    for records in file.batches(keys):
        together = pa.concat_tables([*last, records]).combine_chunks()
        before, after = together.slice(0, together.num_rows - 1), together.slice(1)
        equal = pa.chunked_array([pa.repeat(pa.scalar(True), before.num_rows)])
        for key in keys:
            pair = before[key], after[key]
            right = pc.fill_null(pc.less_equal(*pair), False)
            if pc.any(pc.and_(equal, pc.invert(right))).as_py():
                return False
            equal = pc.and_(equal, pc.fill_null(pc.equal(*pair), False))
        last = [together.slice(together.num_rows - 1)]
    return True


def _difference(found: pa.Schema, expected: pa.Schema) -> str | None:
    """The first way in which columns or types differ, or None."""
    if found.names != expected.names:
        return f"its columns are {', '.join(found.names)}"
    for one, other in zip(found, expected, strict=True):
        if one.type != other.type:
            return f'the column "{one.name}" is {one.type}, not {other.type}'
    return None
