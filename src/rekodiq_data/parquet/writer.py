"""Tables as Parquet: equal rows give equal bytes."""

from __future__ import annotations

import base64
import json
from collections import deque
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from rekodiq_data import lexical

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import BinaryIO

    from numpy.typing import NDArray

    from rekodiq_data.descriptor.model import Schema

ROW_GROUP_ROWS = 131_072
SCHEMA_KEY = b"rekodiq:schema"
PACKAGE_KEY = b"rekodiq:package"
_FEW = 5  # a dictionary is worth it where a value stands in so many cells
_DICTIONARY = pa.dictionary(pa.int32(), pa.string())
_LARGEST_DICTIONARY = 512 * 1024  # bytes; Arrow's writer gives up its own at 1 MiB
_BUFFER = 1024 * 1024  # bytes that are written at once
_MOST_SEEN = 4_096  # records among which most dictionaries are seen whole


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

    Args:
        stream: where the bytes go.
        schema: as `file_schema` makes it.
        run: is given each call that encodes and writes a row group, and has to run them in
            order, in whichever thread; what it raises comes out of the method at hand. Groups
            are gathered at once.
    """

    def __init__(
        self,
        stream: BinaryIO,
        schema: pa.Schema,
        run: Callable[[Callable[[], None]], None] = lambda call: call(),
    ) -> None:
        # The encoder writes some hundred bytes at a time, and each call would have to wait for
        # the interpreter.
        self._stream = pa.BufferedOutputStream(pa.PythonFile(stream, "w"), _BUFFER)
        self._schema = schema
        self._run = run
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

    def finish(self) -> None:
        """Write what is left. A table without rows has one empty row group."""
        if self._rows or self._writer is None:
            self._write_group()

    def close(self) -> None:
        """Write the footer, once everything has `run`."""
        self.finish()
        if self._writer is None:
            raise AssertionError("a group was written")
        self._writer.close()
        self._detach()

    def abandon(self) -> None:
        """Let go of the stream before it is closed; the file is none."""
        with suppress(OSError):
            self._detach()

    def _detach(self) -> None:
        """Write what is held; `stream` stays open."""
        if self._stream is not None:
            self._stream.detach()
            self._stream = None

    def _write_group(self) -> None:
        parts = self._next_parts()
        group = [
            _whole([chunk for part in parts for chunk in part.column(at).chunks], field.type)
            for at, field in enumerate(self._schema)
        ]
        del parts
        encoded: dict[str, pa.DictionaryArray] = {}
        if self._writer is None:
            self._writer, encoded = self._open(group)
            self._encoded = frozenset(encoded)
        writer = self._writer
        for column, field in zip(group, self._schema, strict=True):
            if field.name in self._encoded and field.name not in encoded:
                encoded[field.name] = _encoded(column)
        columns = [
            encoded[field.name] if field.name in encoded else _decoded(column)
            for column, field in zip(group, self._schema, strict=True)
        ]
        table = pa.Table.from_arrays(columns, schema=writer.schema)
        self._run(partial(writer.write_table, table, row_group_size=ROW_GROUP_ROWS))

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

    def _open(
        self, group: Sequence[pa.Array]
    ) -> tuple[pq.ParquetWriter, dict[str, pa.DictionaryArray]]:
        """A writer of groups like the first, and its text columns that get a dictionary."""
        few = [
            field.name
            for field, column in zip(self._schema, group, strict=True)
            if _has_few(column)
        ]
        texts = {
            field.name: _encoded(column)
            for field, column in zip(self._schema, group, strict=True)
            if field.name in few and pa.types.is_string(field.type)
        }
        encoded = {
            name: column
            for name, column in texts.items()
            if column.dictionary.nbytes < _LARGEST_DICTIONARY
        }
        fields = [
            field.with_type(_DICTIONARY) if field.name in encoded else field
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
        return writer, encoded


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
    places = np.zeros(count, np.int32)
    places[used] = np.arange(len(used))
    return pa.DictionaryArray.from_arrays(
        pa.array(places).take(column.indices),
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


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
