"""Two tables side by side, in windows: records of both that have their keys in one range.

Built tables are sorted by primary key, so both are read as streams and only a window of each
is held. A table that is not sorted is noticed while it is read (`Unsorted`); the caller then
starts again with tables that are sorted on the disk first.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data import lexical
from rekodiq_data.keys import in_key_order, shared_codes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from rekodiq_data.descriptor.model import Field
    from rekodiq_data.diff.pairing import Key, Pair
    from rekodiq_data.diff.tables import Table

    Ints = NDArray[np.int64]
    Form = Callable[[pa.Array, Field], pa.Array]


class Unsorted(Exception):
    """Records do not ascend by key, so that the tables have to be sorted first."""


class UnusableKey(Exception):
    """A key does not tell the records of `table` apart; `words` say why."""

    def __init__(self, table: Table, words: str) -> None:
        super().__init__(words)
        self.table = table
        self.words = words


@dataclass(frozen=True, slots=True)
class Window:
    """Some records of both tables.

    Attributes:
        old: records of the old table, ascending by key.
        new: records of the new table whose keys lie in the same range.
        old_places: positions in `old` of records that both have, ascending.
        new_places: positions in `new` of the same records.
        old_only: positions in `old` of records that are gone.
        new_only: positions in `new` of records that are new.
    """

    old: pa.Table
    new: pa.Table
    old_places: Ints
    new_places: Ints
    old_only: Ints
    new_only: Ints


def windows(pair: Pair, key: Key, *, is_sorted: bool) -> Iterator[Window]:
    """Both tables, side by side.

    Args:
        pair: the tables.
        key: old and new names of the fields that tell records apart.
        is_sorted: both are in key order as they stand; else they are sorted first.

    Raises:
        Unsorted: a table turns out not to be sorted by key.
        UnusableKey: a key is missing or stands twice.
        NotReadable: a table can't be read.
    """
    old = _Feed(pair, key, 0, is_sorted=is_sorted)
    new = _Feed(pair, key, 1, is_sorted=is_sorted)
    while True:
        has_old, has_new = old.fill(), new.fill()
        if not has_old and not has_new:
            return
        if has_old and has_new:
            bound = min(old.last, new.last)
            yield _window(old.take(bound), new.take(bound), old.columns, new.columns)
        else:
            was, now = old.take_all(), new.take_all()
            none = np.zeros(0, np.int64)
            yield Window(was, now, none, none, np.arange(was.num_rows), np.arange(now.num_rows))


class _Feed:
    """One table, batch by batch, held against the order of its keys."""

    def __init__(self, pair: Pair, key: Key, side: int, *, is_sorted: bool) -> None:
        self._table = (pair.old, pair.new)[side]
        self._names = tuple(names[side] for names in key)
        # Keys as they are compared stand in columns of their own, behind the fields.
        self.columns = tuple(f"\0{name}" for name in self._names)
        self._forms = [_form(pair, names) for names in key]
        self._empty = self._with_keys(self._table.empty())
        batches = (
            self._require_keys(self._with_keys(records))
            for records in self._table.records()
            if records.num_rows
        )
        self._batches = batches if is_sorted else in_key_order(batches, self.columns)
        self._held = self._empty
        self._before: tuple[Any, ...] | None = None

    @property
    def last(self) -> tuple[Any, ...]:
        """The key of the last record that is held."""
        return self._key(self._held, self._held.num_rows - 1)

    def fill(self) -> bool:
        """Whether records are held, after reading on where none were."""
        while not self._held.num_rows:
            batch = next(self._batches, None)
            if batch is None:
                return False
            self._require_order(batch)
            self._held = batch
        return True

    def take(self, bound: tuple[Any, ...]) -> pa.Table:
        """The records up to the key `bound`, which are then no longer held."""
        held = self._held
        count = bisect_right(range(held.num_rows), bound, key=lambda at: self._key(held, at))
        self._held = held.slice(count)
        return held.slice(0, count)

    def take_all(self) -> pa.Table:
        """All records that are held, and then no longer."""
        held, self._held = self._held, self._empty
        return held

    def _key(self, held: pa.Table, at: int) -> tuple[Any, ...]:
        return tuple(held[name][at].as_py() for name in self.columns)

    def _with_keys(self, records: pa.Table) -> pa.Table:
        for name, column, form in zip(self._names, self.columns, self._forms, strict=True):
            values = records[name].combine_chunks()
            field = self._table.schema.field(name)
            records = records.append_column(column, form(values, field))
        return records

    def _require_keys(self, batch: pa.Table) -> pa.Table:
        for name, column in zip(self._names, self.columns, strict=True):
            if batch[column].null_count:
                raise UnusableKey(self._table, f'"{name}", a part of the key, is missing')
        return batch

    def _require_order(self, batch: pa.Table) -> None:
        columns = [batch[name].combine_chunks() for name in self.columns]
        first = self._key(batch, 0)
        if self._before is not None and self._before >= first:
            self._refuse(first, is_equal=self._before == first)
        equal = np.ones(batch.num_rows - 1, bool)
        for column in columns:
            before, after = column[:-1], column[1:]
            if (equal & _flags(pc.greater(before, after))).any():
                raise Unsorted
            equal &= _flags(pc.equal(before, after))
        if equal.any():
            self._refuse(self._key(batch, int(np.flatnonzero(equal)[0])), is_equal=True)
        self._before = self._key(batch, batch.num_rows - 1)

    def _refuse(self, key: tuple[Any, ...], *, is_equal: bool) -> None:
        if not is_equal:
            raise Unsorted
        words = ", ".join(
            f'{name} "{value}"' for name, value in zip(self._names, key, strict=True)
        )
        raise UnusableKey(self._table, f"two records have the key {words}")


def _window(
    old: pa.Table, new: pa.Table, old_columns: Sequence[str], new_columns: Sequence[str]
) -> Window:
    was = [old[name] for name in old_columns]
    now = [new[name] for name in new_columns]
    everything = np.arange(old.num_rows)
    if all(one.equals(other) for one, other in zip(was, now, strict=True)):
        none = everything[:0]
        return Window(old, new, everything, everything, none, none)
    old_codes, new_codes = shared_codes(was, now)
    _, old_places, new_places = np.intersect1d(
        old_codes, new_codes, assume_unique=True, return_indices=True
    )
    order = np.argsort(old_places)
    old_places, new_places = old_places[order], new_places[order]
    return Window(
        old,
        new,
        old_places,
        new_places,
        np.delete(everything, old_places),
        np.delete(np.arange(new.num_rows), new_places),
    )


def _form(pair: Pair, names: tuple[str, str]) -> Form:
    """How the values of a part of the key are compared: as they are, or as texts."""
    fields = pair.old.schema.field(names[0]), pair.new.schema.field(names[1])
    kinds = {lexical.arrow_type(field) for field in fields}
    if len(kinds) > 1 or pa.bool_() in kinds:
        return lexical.canonical
    return lexical.logical if fields[0].type == fields[1].type else lambda values, _: values


def _flags(values: pa.BooleanArray) -> NDArray[np.bool_]:
    return np.asarray(values.to_numpy(zero_copy_only=False), bool)
