"""What is kept of key columns through the pass: a hash per record, and the cells themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from rekodiq_data import keys, lexical

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from rekodiq_data.compiled.chunk import TypedChunk
    from rekodiq_data.descriptor.model import Field, Package, Schema

    Key = tuple[str, ...]
    Ints = NDArray[np.int64]
    Share = tuple[int, int]

_FEW = 1_000  # distinct texts that are remembered
ALL = (0, 1)
"""The one share of one: keys of large tables are compared share by share."""


@dataclass(frozen=True, slots=True)
class KeyCells:
    """Cells of the key columns of one chunk, hashes of its keys, and where cells are empty."""

    columns: tuple[pa.Array, ...]
    hashes: Mapping[Key, NDArray[np.uint64]]
    empty: Mapping[str, Ints]
    count: int


class Keyed:
    """Keys of one table.

    Args:
        schema: has the keys.
        names: columns that keys of this table or of others name.
    """

    def __init__(self, schema: Schema, names: frozenset[str]) -> None:
        self._schema = schema
        self._fields = {name: schema.field(name) for name in sorted(names)}
        self._unique = tuple(dict.fromkeys(unique_keys(schema)))
        self._hashes = {key: keys.RowHashes() for key in self._unique}
        self._spool = keys.Spool(tuple(self._fields))
        self._empty: dict[str, list[Ints]] = {name: [] for name in schema.primary_key}
        self._rows = 0

    def prepare(self, chunk: TypedChunk) -> KeyCells:
        """What will be kept of a chunk. In any thread."""
        positions = {name: self._schema.position(name) for name in self._fields}
        texts = {name: chunk.text[at] for name, at in positions.items()}
        return KeyCells(
            tuple(texts.values()),
            {key: self._hash(chunk, [positions[name] for name in key]) for key in self._unique},
            {name: _empty(texts[name]) for name in self._empty},
            chunk.count,
        )

    def add(self, cells: KeyCells) -> None:
        """Keep what was prepared, in file order."""
        self._spool.add(cells.columns, cells.count)
        for key, hashes in cells.hashes.items():
            self._hashes[key].add(hashes)
        for name, rows in cells.empty.items():
            if len(rows):
                self._empty[name].append(rows + self._rows)
        self._rows += cells.count

    def repeated(self, key: Key) -> keys.Duplicates:
        """Records whose key occurred before, by position."""
        candidates = self._hashes[key].repeated()
        columns = self._values(key, self._spool.take(key, candidates))
        found = keys.duplicates(columns)
        return keys.Duplicates(candidates[found.later], candidates[found.earlier])

    def empty(self, name: str) -> Ints:
        """Positions of records without a cell in a column of the primary key."""
        return np.concatenate([np.zeros(0, np.int64), *self._empty[name]])

    def texts(self, names: Key, positions: Ints) -> list[list[str | None]]:
        """Cells as written of the records at `positions`, which ascend."""
        return [column.to_pylist() for column in self._spool.take(names, positions)]

    @property
    def size(self) -> int:
        """Bytes of all cells that are kept."""
        return self._spool.size

    def kind(self, name: str) -> pa.DataType:
        """The Arrow type of a column's values."""
        return lexical.arrow_type(self._fields[name])

    def distinct(self, name: str, share: Share = ALL) -> pa.Array:
        """Distinct values of a column, those of one share of all values alone."""
        field = self._fields[name]
        values: list[pa.Array] = []
        for _start, (text,) in self._spool.batches([name]):
            parsed = lexical.parse(_distinct_texts(text), field)
            found = _logical(parsed, field)
            if share != ALL:
                found = found.filter(pa.array(_is_of(share, [parsed], [field])))
            values.append(found)
        return _one(values, lexical.arrow_type(field))

    def distinct_texts(self, name: str, most: int) -> list[str]:
        """Distinct cells of a column as written; none where there are more than `most`."""
        found: dict[str, None] = {}
        for _start, (text,) in self._spool.batches([name]):
            found.update(dict.fromkeys(_distinct_texts(text).to_pylist()))
            if len(found) > most:
                return []
        return list(found)

    def orphans(self, name: str, known: pa.Array, share: Share = ALL) -> Ints:
        """Positions of records whose value in a column is none of `known`; not of bad cells.

        Of one share of all values alone, where `known` holds that share.
        """
        found = [np.zeros(0, np.int64)]
        field = self._fields[name]
        right: set[str | None] = set()
        for start, (text,) in self._spool.batches([name]):
            encoded = text if _is_encoded(text) else text.dictionary_encode()
            few = encoded.dictionary.to_pylist() if len(encoded.dictionary) <= _FEW else ()
            if few and right.issuperset(few):
                continue  # as in the batches before, where all of them were found
            distinct = lexical.parse(encoded.dictionary, field)
            lost = np.zeros(len(encoded.dictionary), bool)
            lost[keys.orphans([_logical(distinct, field)], [known])] = True
            lost &= ~distinct.bad
            if share != ALL:
                lost &= _is_of(share, [distinct], [field])
            if lost.any():
                places = encoded.indices.fill_null(len(lost)).to_numpy(zero_copy_only=False)
                found.append(start + np.flatnonzero(np.append(lost, False)[places]))
            elif len(right) <= _FEW:
                right.update(few)
        return np.concatenate(found)

    def columns(
        self, names: Key, share: Share = ALL
    ) -> tuple[list[pa.Array], NDArray[np.bool_], Ints]:
        """Values of columns, whose records have an unreadable cell in one, and positions.

        Of the records whose values are of one share alone.
        """
        fields = [self._fields[name] for name in names]
        texts: list[list[pa.Array]] = [[] for _name in names]
        positions = [np.zeros(0, np.int64)]
        for start, columns in self._spool.batches(names):
            plain = [
                column.dictionary_decode() if _is_encoded(column) else column
                for column in columns
            ]
            kept = np.arange(len(plain[0]))
            if share != ALL:
                parsed = map(lexical.parse, plain, fields)
                kept = np.flatnonzero(_is_of(share, list(parsed), fields))
                plain = [column.take(pa.array(kept)) for column in plain]
            positions.append(start + kept)
            for each, column in zip(texts, plain, strict=True):
                each.append(column)
        whole = [_one(each, pa.string()) for each in texts]
        places = np.concatenate(positions)
        bad = np.zeros(len(places), bool)
        for field, text in zip(fields, whole, strict=True):
            bad |= lexical.parse(text, field).bad
        return self._values(names, whole), bad, places

    def close(self) -> None:
        """Let go of files."""
        self._spool.close()
        for hashes in self._hashes.values():
            hashes.close()

    def _values(self, names: Key, texts: Sequence[pa.Array]) -> list[pa.Array]:
        return [
            _whole(text, self._fields[name]) for name, text in zip(names, texts, strict=True)
        ]

    def _hash(self, chunk: TypedChunk, positions: Sequence[int]) -> NDArray[np.uint64]:
        columns = [
            pa.array(_hashes(chunk.parsed[at], self._schema.fields[at])) for at in positions
        ]
        return columns[0].to_numpy() if len(columns) == 1 else keys.hash_rows(columns)


def unique_keys(schema: Schema) -> Iterator[Key]:
    """Every key of a schema that may not repeat."""
    if schema.primary_key:
        yield schema.primary_key
    for field in schema.fields:
        if field.constraints.unique:
            yield (field.name,)
    yield from schema.unique_keys


def columns_of_keys(package: Package) -> Mapping[str, frozenset[str]]:
    """For each table of the package, the columns that keys name."""
    needed: dict[str, set[str]] = {each.name: set() for each in package.resources}
    for resource in package.resources:
        schema = resource.schema
        if schema is None:
            continue
        needed[resource.name].update(name for key in unique_keys(schema) for name in key)
        for key in schema.foreign_keys:
            needed[resource.name].update(key.fields)
            needed.setdefault(key.resource or resource.name, set()).update(key.reference_fields)
    return {table: frozenset(names) for table, names in needed.items()}


def _hashes(parsed: lexical.Parsed, field: Field) -> NDArray[np.uint64]:
    """A number for each value of a column, equal where values are; any number where missing."""
    # A value that fits no Arrow type equals none that does: its text is hashed.
    hashes = keys.hash_rows([parsed.values if parsed.wide else _logical(parsed, field)])
    if parsed.wide:
        wide = np.array(list(parsed.wide))
        shown = [lexical.canonical_value(field, each) for each in parsed.wide.values()]
        hashes[wide] = keys.hash_rows([pa.array(shown, pa.string())])
    return hashes


def _is_of(
    share: Share, columns: Sequence[lexical.Parsed], fields: Sequence[Field]
) -> NDArray[np.bool_]:
    """Which records are of a share: equal values are of the same one."""
    mixed = np.zeros(len(columns[0].bad), np.uint64)
    for parsed, field in zip(columns, fields, strict=True):
        hashes = _hashes(parsed, field)
        missing = np.asarray(parsed.values.is_null(), bool)
        missing[list(parsed.wide)] = False
        mixed = mixed * np.uint64(31) + np.where(missing, np.uint64(0), hashes)
    number, of = share
    return np.asarray((mixed >> np.uint64(20)) % np.uint64(of) == number)


def _distinct_texts(text: pa.Array) -> pa.Array:
    return keys.distinct_of(text.dictionary_decode() if _is_encoded(text) else text)


def _whole(text: pa.Array, field: Field) -> pa.Array:
    return _logical(lexical.parse(text, field), field)


def _logical(parsed: lexical.Parsed, field: Field) -> pa.Array:
    """The column with nothing left out: as text when it holds values that fit no Arrow type."""
    if not parsed.wide:
        if _is_encoded(parsed.values):
            return parsed.values
        return lexical.logical(parsed.values, field)
    texts = lexical.canonical(parsed.values, field).to_pylist()
    for index, value in parsed.wide.items():
        texts[index] = lexical.canonical_value(field, value)
    return pa.array(texts, pa.string())


def _one(chunks: list[pa.Array], kind: pa.DataType) -> pa.Array:
    """Chunks as one array; as text where some of them hold values that fit no Arrow type."""
    if any(chunk.type != kind for chunk in chunks):
        kind = pa.string()
        chunks = [chunk.cast(kind) for chunk in chunks]
    return pa.chunked_array(chunks, kind).combine_chunks()


def _is_encoded(column: pa.Array) -> bool:
    return isinstance(column, pa.DictionaryArray)


def _empty(text: pa.Array) -> Ints:
    if not text.null_count:
        return np.zeros(0, np.int64)
    return np.flatnonzero(text.is_null().to_numpy(zero_copy_only=False))
