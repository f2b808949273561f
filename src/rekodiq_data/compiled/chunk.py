"""A chunk of a table as its rules see it. Knows no Pandera, so that it costs no import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, overload

import numpy as np
import pyarrow as pa

from rekodiq_data import lexical
from rekodiq_data.checks.base import Columns
from rekodiq_data.kernel import PlainCells

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rekodiq_data.descriptor.model import Schema


class Texts(Sequence[pa.Array]):
    """The cells of some columns as written, null where missing; plain or dictionary-encoded.

    Of plain values the text is cut from the file only when it is asked for: few rules do.
    """

    def __init__(self, columns: Sequence[pa.Array | PlainCells]) -> None:
        self._columns = columns

    def __len__(self) -> int:
        return len(self._columns)

    @overload
    def __getitem__(self, position: int) -> pa.Array: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[pa.Array]: ...
    def __getitem__(self, position: int | slice) -> pa.Array | Sequence[pa.Array]:
        if isinstance(position, slice):
            return Texts(self._columns[position])
        column = self._columns[position]
        return column.text if isinstance(column, PlainCells) else column

    def has_missing(self, position: int) -> bool:
        """Whether a cell of a column is missing."""
        column = self._columns[position]
        if isinstance(column, PlainCells):
            return column.has_missing
        return bool(column.null_count)

    def missing(self, position: int) -> NDArray[np.bool_]:
        """Which cells of a column are missing."""
        column = self._columns[position]
        if isinstance(column, PlainCells):
            return column.is_missing
        return np.asarray(column.is_null().to_numpy(zero_copy_only=False), bool)

    def named(self, positions: Mapping[str, int]) -> Mapping[str, pa.Array]:
        """Columns by name, without dictionaries."""
        return _Named(self, positions)


class _Named(Mapping[str, pa.Array]):
    def __init__(self, texts: Texts, positions: Mapping[str, int]) -> None:
        self._texts = texts
        self._positions = positions

    def __getitem__(self, name: str) -> pa.Array:
        return decoded(self._texts[self._positions[name]])

    def __iter__(self) -> Iterator[str]:
        return iter(self._positions)

    def __len__(self) -> int:
        return len(self._positions)


@dataclass(frozen=True, slots=True)
class TypedChunk:
    """Some records of one table, typed; all arrays are in the order of the schema's fields.

    Attributes:
        count: number of records.
        text: cells as written, null where missing (by `missingValues` or a short record).
        parsed: typed values (of text, encoded where the cells are), unreadable cells, and
            values that fit no Arrow type.
        absent: cells that a short record does not have, by field position.
        looked_up: texts found through a check's lookup, by the check's name.
    """

    count: int
    text: Texts
    parsed: tuple[lexical.Parsed, ...]
    absent: Mapping[int, NDArray[np.bool_]] = field(default_factory=dict)
    looked_up: Mapping[str, pa.Array] = field(default_factory=dict)

    def columns(self, table: str, schema: Schema, names: frozenset[str]) -> Columns:
        """The columns called `names`, as checks see them."""
        positions = {name: schema.position(name) for name in sorted(names)}
        return Columns(
            table=table,
            count=self.count,
            values={name: decoded(self.parsed[at].values) for name, at in positions.items()},
            text=self.text.named(positions),
        )


def decoded(column: pa.Array) -> pa.Array:
    """The column without a dictionary."""
    return column.dictionary_decode() if isinstance(column, pa.DictionaryArray) else column


def is_native(column: pa.Array) -> bool:
    """Whether a column's cells came with types of their own, one by one."""
    return bool(pa.types.is_struct(column.type))
