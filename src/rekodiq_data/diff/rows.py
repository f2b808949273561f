"""Records and cells that differ: counted in full, and kept as far as the limit allows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data import lexical
from rekodiq_data.diff.merge import Unsorted, windows
from rekodiq_data.diff.model import CellChange, FilledField, Record, RecordChange, Rows
from rekodiq_data.diff.sources import source_field
from rekodiq_data.diff.tables import texts_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from rekodiq_data.diff.merge import Window
    from rekodiq_data.diff.pairing import Key, Pair
    from rekodiq_data.diff.tables import Table

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class RowChanges:
    """What differs in the records of a table; see `TableChanges` for each part."""

    rows: Rows
    key: tuple[str, ...] = ()
    cells: Mapping[str, int] = field(default_factory=dict)
    added: tuple[Record, ...] = ()
    removed: tuple[Record, ...] = ()
    changed: tuple[RecordChange, ...] = ()
    filled: tuple[FilledField, ...] = ()
    emptied: tuple[FilledField, ...] = ()


def changes_by_key(pair: Pair, key: Key, limit: int) -> RowChanges:
    """What differs in a table whose records a key tells apart.

    Args:
        pair: the tables.
        key: old and new names of the fields of the key.
        limit: how many changed cells of a field, added and removed records are kept; 0 is all.

    Raises:
        UnusableKey: the key is missing somewhere or stands twice.
        NotReadable: a table can't be read.
    """
    try:
        return _changes(pair, key, limit, is_sorted=True)
    except Unsorted:
        return _changes(pair, key, limit, is_sorted=False)


def _changes(pair: Pair, key: Key, limit: int, *, is_sorted: bool) -> RowChanges:
    tally = _Tally(pair, key, limit)
    for window in windows(pair, key, is_sorted=is_sorted):
        tally.take(window)
    return tally.result()


@dataclass(slots=True)
class _Draft:
    """A changed record while its cells are gathered."""

    key: tuple[str, ...]
    old_source: str | None
    new_source: str | None
    cells: list[CellChange] = field(default_factory=list)


class _Filled:
    """Values of a field that only one version has."""

    def __init__(self, name: str, limit: int) -> None:
        self.name = name
        self.total = 0
        self.kept: list[tuple[tuple[str, ...], str]] = []
        self.limit = limit

    def result(self) -> FilledField:
        return FilledField(self.name, self.total, tuple(self.kept))


class _Tally:
    """Takes windows, and holds totals and what is kept."""

    def __init__(self, pair: Pair, key: Key, limit: int) -> None:
        self._pair = pair
        self._tables = pair.old, pair.new
        self._keys = [old for old, _ in key], [new for _, new in key]
        self._limit = limit
        self._cells: dict[str, int] = {}
        self._drafts: dict[int, _Draft] = {}
        self._added: list[Record] = []
        self._removed: list[Record] = []
        self._filled = [_Filled(name, limit) for name in pair.added]
        self._emptied = [_Filled(name, limit) for name in pair.removed]
        self._counts = {"old": 0, "new": 0, "both": 0, "changed": 0, "added": 0, "removed": 0}

    def take(self, window: Window) -> None:
        """Count and keep what differs in some records."""
        counts, limit = self._counts, self._limit
        counts["old"] += window.old.num_rows
        counts["new"] += window.new.num_rows
        for name, kept, side, only in (
            ("removed", self._removed, 0, window.old_only),
            ("added", self._added, 1, window.new_only),
        ):
            counts[name] += len(only)
            chosen = _first(only, limit, len(kept))
            if len(chosen):
                records = (window.old, window.new)[side].take(pa.array(chosen))
                shown = (self._pair.renames, {})[side]
                kept.extend(_as_records(records, self._tables[side], self._keys[side], shown))
        if len(window.old_places):
            self._take_both(window)
        counts["both"] += len(window.old_places)

    def result(self) -> RowChanges:
        """Everything that was taken."""
        counts = self._counts
        both = counts["both"]
        return RowChanges(
            rows=Rows(
                old=counts["old"],
                new=counts["new"],
                same=both - counts["changed"],
                added=counts["added"],
                removed=counts["removed"],
                changed=counts["changed"],
            ),
            key=tuple(self._keys[1]),
            cells=self._cells,
            added=tuple(self._added),
            removed=tuple(self._removed),
            changed=tuple(
                RecordChange(draft.key, tuple(draft.cells), draft.old_source, draft.new_source)
                for _, draft in sorted(self._drafts.items())
            ),
            filled=tuple(each.result() for each in self._filled),
            emptied=tuple(each.result() for each in self._emptied),
        )

    def _take_both(self, window: Window) -> None:
        """Count and keep what differs in records of both versions."""
        changed = np.zeros(len(window.old_places), bool)
        found: list[tuple[str, Ints, pa.Array, pa.Array]] = []
        for old_name, new_name in self._pair.fields:
            was = _placed(window.old[old_name], window.old_places)
            now = _placed(window.new[new_name], window.new_places)
            mask = self._differing(was, now, old_name, new_name)
            if mask is None:
                continue
            changed |= mask
            places = np.flatnonzero(mask)
            before = self._cells.get(new_name, 0)
            self._cells[new_name] = before + len(places)
            chosen = _first(places, self._limit, before)
            if len(chosen):
                at = pa.array(chosen)
                old_texts = texts_of(was.take(at), self._pair.old, old_name)
                new_texts = texts_of(now.take(at), self._pair.new, new_name)
                found.append((new_name, chosen, old_texts, new_texts))
        self._counts["changed"] += int(np.count_nonzero(changed))
        self._keep_cells(window, found)
        for filled, side in [
            *((each, 1) for each in self._filled),
            *((each, 0) for each in self._emptied),
        ]:
            self._take_filled(window, filled, side)

    def _differing(
        self, was: pa.Array, now: pa.Array, old_name: str, new_name: str
    ) -> Mask | None:
        """Which records differ in a field; None where none does."""
        old_field = self._pair.old.schema.field(old_name)
        new_field = self._pair.new.schema.field(new_name)
        if was.type != now.type:
            was, now = lexical.canonical(was, old_field), lexical.canonical(now, new_field)
        if was.equals(now):
            return None
        if old_field.type == new_field.type:
            was, now = lexical.logical(was, old_field), lexical.logical(now, new_field)
        mask = _flags(pc.not_equal(was, now))
        if was.null_count or now.null_count:
            mask = mask | (_flags(was.is_null()) != _flags(now.is_null()))
        if pa.types.is_floating(was.type) and mask.any():
            # Foreign files may hold "not a number", which is equal to nothing, itself included.
            mask = mask & ~(_flags(pc.is_nan(was)) & _flags(pc.is_nan(now)))
        return mask if mask.any() else None

    def _keep_cells(
        self, window: Window, found: list[tuple[str, Ints, pa.Array, pa.Array]]
    ) -> None:
        if not found:
            return
        base = self._counts["both"]
        places = np.unique(np.concatenate([chosen for _, chosen, _, _ in found]))
        was = window.old.take(pa.array(window.old_places[places]))
        now = window.new.take(pa.array(window.new_places[places]))
        keys = key_texts(now, self._pair.new, self._keys[1])
        sources = (
            source_texts(was, self._pair.old, self._keys[0]),
            source_texts(now, self._pair.new, self._keys[1]),
        )
        for at, key, old_source, new_source in zip(
            places.tolist(), keys, *sources, strict=True
        ):
            self._drafts[base + at] = _Draft(key, old_source, new_source)
        for name, chosen, old_texts, new_texts in found:
            for at, old, now in zip(
                chosen.tolist(), old_texts.to_pylist(), new_texts.to_pylist(), strict=True
            ):
                self._drafts[base + at].cells.append(CellChange(name, old, now))

    def _take_filled(self, window: Window, filled: _Filled, side: int) -> None:
        records = (window.old, window.new)[side]
        places = (window.old_places, window.new_places)[side]
        values = _placed(records[filled.name], places)
        present = places[_flags(values.is_valid())]
        chosen = _first(present, self._limit, filled.total)
        filled.total += len(present)
        if len(chosen):
            table = self._tables[side]
            records = records.take(pa.array(chosen))
            texts = texts_of(records[filled.name], table, filled.name)
            keys = key_texts(records, table, self._keys[side])
            filled.kept.extend(zip(keys, texts.to_pylist(), strict=True))


def records_of(table: Table, limit: int) -> tuple[int, tuple[Record, ...]]:
    """How many records a table has, and the first of them."""
    count = 0
    kept: list[Record] = []
    for records in table.records():
        count += records.num_rows
        room = max(0, limit - len(kept)) if limit else records.num_rows
        kept.extend(_as_records(records.slice(0, room), table, table.schema.primary_key, {}))
    return count, tuple(kept)


def _as_records(
    records: pa.Table, table: Table, key: Sequence[str], shown: Mapping[str, str]
) -> list[Record]:
    keys = key_texts(records, table, key)
    sources = source_texts(records, table, key)
    values = values_of(records, table, shown)
    return [Record(*each) for each in zip(keys, values, sources, strict=True)]


def key_texts(records: pa.Table, table: Table, key: Sequence[str]) -> list[tuple[str, ...]]:
    """The key of each record, part by part."""
    if not key:
        return [()] * records.num_rows
    columns = [texts_of(records[name], table, name).to_pylist() for name in key]
    return list(zip(*columns, strict=True))


def source_texts(records: pa.Table, table: Table, key: Collection[str]) -> list[str | None]:
    """The source of each record; None where the table names none."""
    name = source_field(table.schema, key)
    if name is None:
        return [None] * records.num_rows
    found: list[str | None] = texts_of(records[name], table, name).to_pylist()
    return found


def values_of(
    records: pa.Table, table: Table, shown: Mapping[str, str]
) -> list[dict[str, str | None]]:
    """Canonical texts of some records, by field, without missing ones."""
    names = table.schema.names
    columns = [texts_of(records[name], table, name).to_pylist() for name in names]
    return [
        {
            shown.get(name, name): value
            for name, value in zip(names, record, strict=True)
            if value is not None
        }
        for record in zip(*columns, strict=True)
    ]


def _first(places: Ints, limit: int, already: int) -> Ints:
    """The first places that may still be kept."""
    return places if not limit else places[: max(0, limit - already)]


def _placed(column: pa.ChunkedArray, places: Ints) -> pa.Array:
    """The values at these ascending places; a slice where they are all."""
    whole = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    return whole if len(places) == len(whole) else whole.take(pa.array(places))


def _flags(values: pa.BooleanArray) -> Mask:
    return np.asarray(pc.fill_null(values, False).to_numpy(zero_copy_only=False), bool)
