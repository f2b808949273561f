"""A chunk of a table as its rules see it. Knows no Pandera, so that it costs no import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from rekodiq_data import lexical
from rekodiq_data.checks.base import Columns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rekodiq_data.descriptor.model import Schema


@dataclass(frozen=True, slots=True)
class TypedChunk:
    """Some records of one table, typed; all arrays are in the order of the schema's fields.

    Attributes:
        count: number of records.
        text: cells as written, null where missing (by `missingValues` or a short record);
            plain or dictionary-encoded.
        parsed: typed values (of text, encoded where the cells are), unreadable cells, and
            values that fit no Arrow type.
        absent: cells that a short record does not have, by field position.
        looked_up: texts found through a check's lookup, by the check's name.
    """

    count: int
    text: tuple[pa.Array, ...]
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
            text={name: decoded(self.text[at]) for name, at in positions.items()},
        )


def decoded(column: pa.Array) -> pa.Array:
    """The column without a dictionary."""
    return column.dictionary_decode() if isinstance(column, pa.DictionaryArray) else column


def is_native(column: pa.Array) -> bool:
    """Whether a column's cells came with types of their own, one by one."""
    return bool(pa.types.is_struct(column.type))
