"""Parquet: written so that equal tables give equal bytes, and read with the types that it has.

Files describe themselves: each field carries its title, description and unit, and the footer
holds the whole Table Schema and the package's name, version, licences and sources.
"""

from __future__ import annotations

import base64
import json
from collections import deque
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from rekodiq_data import lexical
from rekodiq_data.formats.base import NO_WISHES, BrokenTable, Chunk, Wishes, chunks_of, within
from rekodiq_data.limits import DEFAULT_LIMITS, ReadLimits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import BinaryIO

    from numpy.typing import NDArray

    from rekodiq_data.descriptor.model import Field, Schema
    from rekodiq_data.formats.base import Open, Piece, RecordPlace

ROW_GROUP_ROWS = 131_072
_PART_BYTES = 32 * 1024 * 1024
_FEW = 5  # a dictionary is worth it where a value stands in so many cells
# First and last values of types that reach further than texts do.
_CALENDAR = {
    "date32": (date(1, 1, 1), date(9999, 12, 31)),
    "timestamp": (datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999999)),
}
_DICTIONARY = pa.dictionary(pa.int32(), pa.string())
_LARGEST_DICTIONARY = 512 * 1024  # bytes; Arrow's writer gives up its own at 1 MiB
_MOST_SEEN = 4_096  # records among which most dictionaries are seen whole
SCHEMA_KEY = b"rekodiq:schema"
PACKAGE_KEY = b"rekodiq:package"


def file_schema(
    schema: Schema, stated: Mapping[str, Any], package: Mapping[str, Any]
) -> pa.Schema:
    """Arrow schema of a table's file, with all that the file says of itself.

    Args:
        schema: the table's fields.
        stated: the Table Schema to keep in the footer, as JSON.
        package: the package's name, version, licences and so on, as JSON.
    """
    return lexical.arrow_schema(schema).with_metadata(
        {SCHEMA_KEY: _json(stated), PACKAGE_KEY: _json(package)}
    )


class ParquetWriter:
    """Writes one table as a stream of records; bytes do not depend on how they are chunked.

    The same rows in other batches would give other bytes, even in row groups of the same size
    (measured), so rows are gathered into exact groups, each made contiguous, before they are
    written. Columns of the first group that have few distinct values get a dictionary: to build
    one for the others takes a third of all the time, and makes the file larger (measured).
    Text may come dictionary-encoded. Where it gets a dictionary, it is written as it is: its
    values in the order of their first record, as Arrow's writer would have put them itself, so
    that the bytes are the same either way.
    """

    def __init__(self, stream: BinaryIO, schema: pa.Schema) -> None:
        self._stream = stream
        self._schema = schema
        self._encoded: frozenset[str] = frozenset()
        self._waiting: deque[pa.Table] = deque()
        self._rows = 0
        self._writer: pq.ParquetWriter | None = None

    def write(self, records: pa.Table) -> None:
        """Take some records; full row groups are written at once."""
        if records.column_names != self._schema.names:
            raise ValueError(f"columns are {records.column_names}, not {self._schema.names}")
        self._waiting.append(records)
        self._rows += records.num_rows
        while self._rows >= ROW_GROUP_ROWS:
            self._write_group()

    def close(self) -> None:
        """Write what is left, and the footer. A table without rows has one empty row group."""
        if self._rows or self._writer is None:
            self._write_group()
        if self._writer is None:
            raise AssertionError("a group was written")
        self._writer.close()

    def _write_group(self) -> None:
        parts = self._next_parts()
        group = [
            _whole([chunk for part in parts for chunk in part.column(at).chunks], field.type)
            for at, field in enumerate(self._schema)
        ]
        if self._writer is None:
            self._writer = self._open(group)
        columns = [
            _encoded(column) if field.name in self._encoded else _decoded(column)
            for column, field in zip(group, self._schema, strict=True)
        ]
        table = pa.Table.from_arrays(columns, schema=self._writer.schema)
        self._writer.write_table(table, row_group_size=ROW_GROUP_ROWS)

    def _next_parts(self) -> list[pa.Table]:
        """The records of the next group, taken from those that wait."""
        parts: list[pa.Table] = []
        left = ROW_GROUP_ROWS
        while left and self._waiting:
            part = self._waiting.popleft()
            if part.num_rows > left:
                self._waiting.appendleft(part.slice(left))
                part = part.slice(0, left)
            parts.append(part)
            left -= part.num_rows
        self._rows -= ROW_GROUP_ROWS - left
        return parts

    def _open(self, group: Sequence[pa.Array]) -> pq.ParquetWriter:
        few = [
            field.name
            for field, column in zip(self._schema, group, strict=True)
            if _has_few(column)
        ]
        self._encoded = frozenset(
            field.name
            for field, column in zip(self._schema, group, strict=True)
            if field.name in few
            and pa.types.is_string(field.type)
            and _encoded(column).dictionary.nbytes < _LARGEST_DICTIONARY
        )
        fields = [
            field.with_type(_DICTIONARY) if field.name in self._encoded else field
            for field in self._schema
        ]
        writer = pq.ParquetWriter(
            self._stream,
            pa.schema(fields),
            # Level 1 is the quickest, and on tables of numbers no larger than 3 (measured).
            compression="zstd",
            compression_level=1,
            version="2.6",
            data_page_version="1.0",
            write_page_index=True,
            write_page_checksum=True,
            use_dictionary=few,
            write_statistics=True,
            store_schema=False,
        )
        # What the writer would have stored if no column had come to it dictionary-encoded.
        stored = base64.b64encode(self._schema.serialize().to_pybytes())
        stated = {**(self._schema.metadata or {}), b"ARROW:schema": stored}
        writer.add_key_value_metadata(stated)
        return writer


def _whole(chunks: list[pa.Array], kind: pa.DataType) -> pa.Array:
    """Chunks as one contiguous array; dictionary-encoded where all of them are."""
    if chunks and all(isinstance(chunk, pa.DictionaryArray) for chunk in chunks):
        return pa.concat_arrays(chunks)
    plain = [_decoded(chunk).cast(kind) for chunk in chunks]
    return pa.concat_arrays(plain) if plain else pa.nulls(0, kind)


def _decoded(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if isinstance(column, pa.DictionaryArray) else column


def _encoded(column: pa.Array) -> pa.DictionaryArray:
    """Text with a dictionary of the values that occur, in the order of their first record."""
    if not isinstance(column, pa.DictionaryArray):
        return column.dictionary_encode()
    used = _in_order(column)
    count = len(column.dictionary)
    if len(used) == count and (used == np.arange(count)).all():
        return column.cast(_DICTIONARY)
    places = np.zeros(count + 1, np.int32)
    places[used] = np.arange(len(used))
    missing = np.asarray(column.indices.is_null()) if column.null_count else None
    return pa.DictionaryArray.from_arrays(
        pa.array(places[column.indices.fill_null(count).to_numpy()], mask=missing),
        column.dictionary.take(pa.array(used)),
        safe=False,  # to look whether each index is in the dictionary takes as long as this
    )


def _in_order(column: pa.DictionaryArray) -> NDArray[np.int64]:
    """Places in the dictionary of the values that occur, in the order of their first record."""
    used = pc.drop_null(pc.unique(column.indices[:_MOST_SEEN]))
    if len(used) < len(column.dictionary):  # not all of them are among the first records
        used = pc.drop_null(pc.unique(column.indices))
    return np.asarray(used.to_numpy().astype(np.int64))


def _has_few(column: pa.Array) -> bool:
    """Whether a dictionary is worth it."""
    if isinstance(column, pa.DictionaryArray):
        return bool(pc.count_distinct(column.indices).as_py() * _FEW <= len(column))
    # Where a quarter of the records has too many distinct values, the rest is not looked at.
    return all(
        pc.count_distinct(part).as_py() * _FEW <= len(column)
        for part in (column[: len(column) // 4], column)
    )


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
            names = tuple(self._file(stream).schema_arrow.names)
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
            except (pa.ArrowException, OSError) as error:
                raise BrokenTable("source-error", _words(error)) from None

    def locate(self, row_numbers: Sequence[int]) -> dict[int, RecordPlace]:  # noqa: ARG002
        """No places: a Parquet file has no lines."""
        return {}

    def _file(self, stream: BinaryIO) -> pq.ParquetFile:
        try:
            repeated = _repeated(pq.read_metadata(stream))
            stream.seek(0)
            return pq.ParquetFile(
                stream, page_checksum_verification=True, read_dictionary=repeated
            )
        except (pa.ArrowException, OSError) as error:
            raise BrokenTable("source-error", _words(error)) from None


def _repeated(metadata: pq.FileMetaData) -> list[str]:
    """Columns of texts that stand once in the file, and many times in the table.

    They are read as they stand: a few bytes could stand for any amount of text.
    """
    return [
        column.path_in_schema
        for column in (
            metadata.row_group(group).column(at)
            for group in range(metadata.num_row_groups)
            for at in range(metadata.num_columns)
        )
        if column.has_dictionary_page and column.physical_type == "BYTE_ARRAY"
    ]


def _parts(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """The batch in parts whose texts, written out, fit into memory."""
    longest = sum(
        pc.max(pc.binary_length(column.dictionary)).as_py() or 0
        for column in batch.columns
        if pa.types.is_dictionary(column.type) and len(column.dictionary)
    )
    rows = max(1, min(batch.num_rows, _PART_BYTES // max(1, longest)))
    for start in range(0, batch.num_rows, rows):
        yield batch.slice(start, rows)


def adopt(column: pa.Array, field: Field) -> lexical.Parsed:
    """A typed column as the values of `field`: as it stands, or by a cast that changes nothing.

    A column of another type makes every value of it unreadable: `bad` says so.
    """
    kind = lexical.arrow_type(field)
    values = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
    if field.type == "any" and not (pa.types.is_string(values.type) or _is_text(values.type)):
        return lexical.Parsed(_as_text(values), np.zeros(len(values), bool), {})
    if pa.types.is_floating(values.type) and pa.types.is_int64(kind):
        return _whole(values)
    if values.type != kind:
        try:
            cast = values.cast(kind, safe=True)
            back = cast.cast(values.type, safe=True)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            cast = None
        widens = cast is not None and not (
            pa.types.is_string(kind)
            ^ (pa.types.is_string(values.type) or _is_text(values.type))
        )
        # Arrow would count true as 1, and a moment as so many microseconds.
        same_kind = all(
            is_of(values.type) == is_of(kind) for is_of in (pa.types.is_temporal, _is_boolean)
        )
        if cast is None or not widens or not same_kind or not back.equals(values):
            bad = np.asarray(pc.is_valid(values).to_numpy(zero_copy_only=False), bool)
            return lexical.Parsed(pa.nulls(len(values), kind), bad, {})
        values = cast
    if pa.types.is_string(kind) and field.type not in {"string", "any"}:
        return lexical.parse(values, field)
    return lexical.Parsed(*_within_calendar(values), {})


def _within_calendar(values: pa.Array) -> tuple[pa.Array, NDArray[np.bool_]]:
    """The values without days that no text of four digits a year names, and where those are."""
    ends = _CALENDAR.get(str(values.type).partition("[")[0])
    if ends is None:
        return values, np.zeros(len(values), bool)
    low, high = (pa.scalar(each, values.type) for each in ends)
    inside = pc.and_(pc.greater_equal(values, low), pc.less_equal(values, high))
    bad = np.asarray(pc.fill_null(pc.invert(inside), False).to_numpy(zero_copy_only=False))
    return (pc.if_else(pa.array(~bad), values, None) if bad.any() else values), bad


def _whole(values: pa.Array) -> lexical.Parsed:
    """Doubles as integers: 2.0 is the integer 2, as in JSON, and 2.5 is none."""
    is_whole = pc.and_(pc.equal(pc.floor(values), values), pc.less(pc.abs(values), 2.0**63))
    is_whole = pc.fill_null(is_whole, False)
    bad = pc.and_(pc.is_valid(values), pc.invert(is_whole))
    kept = pc.if_else(is_whole, values, None).cast(pa.int64())
    return lexical.Parsed(kept, np.asarray(bad.to_numpy(zero_copy_only=False), bool), {})


def without_types(column: pa.Array) -> pa.Array:
    """Text as plain text, and lists and objects as cells of JSON; all else as it stands.

    Those say no more of their type than a text in JSON does: a text may be a date, or be listed
    among the missing values.

    Raises:
        BrokenTable: a value is one that Python has not: a zone of no place, a day too far away.
    """
    try:
        return _without_types(column)
    except (ValueError, OverflowError) as error:
        words = f"a value of the type {column.type} can't be read: {str(error).splitlines()[0]}"
        raise BrokenTable("source-error", words) from None


def _without_types(column: pa.Array) -> pa.Array:
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_string(kind) or _is_text(kind):
        return column.cast(pa.string())
    if pa.types.is_nested(kind):
        return lexical.native_column(column.to_pylist())
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        # A cast would drop the zone without a word; the grammar of datetimes knows it.
        moments = column.cast(pa.timestamp("us", kind.tz), safe=False).to_pylist()
        return pa.array([each and each.isoformat() for each in moments], pa.string())
    return column


def is_plain(column: pa.Array) -> bool:
    """Whether a column's cells are text, or of JSON: then their field's grammar reads them."""
    return bool(pa.types.is_string(column.type) or pa.types.is_struct(column.type))


def shown(column: pa.Array, rows: NDArray[np.bool_]) -> pa.StringArray:
    """Texts by which people know the values of some rows; null elsewhere."""
    return pa.array(
        [
            _shown(column[row]) if wanted and column[row].is_valid else None
            for row, wanted in enumerate(rows.tolist())
        ],
        pa.string(),
    )


def _shown(value: pa.Scalar) -> str:
    try:
        return str(value.as_py())
    except (ValueError, OverflowError):
        # A day or a zone that Python does not know, bytes that are no text.
        is_moment = pa.types.is_temporal(value.type)
        return str(value.cast(pa.string() if is_moment else pa.binary()).as_py())


def _as_text(values: pa.Array) -> pa.StringArray:
    """Values of whatever type as people know them."""
    try:
        return values.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return shown(values, np.ones(len(values), bool))


def _is_boolean(kind: pa.DataType) -> bool:
    return bool(pa.types.is_boolean(kind))


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _words(error: Exception) -> str:
    return f"the file is not readable as Parquet: {str(error).splitlines()[0]}"
