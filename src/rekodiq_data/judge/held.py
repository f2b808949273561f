"""Columns that are kept through the pass, because a rule needs all records of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from rekodiq_data import lexical
from rekodiq_data.checks import KINDS
from rekodiq_data.checks.base import Columns, Scope
from rekodiq_data.checks.run import columns_read
from rekodiq_data.compiled.chunk import decoded
from rekodiq_data.judge.numbers import RowNumbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rekodiq_data.compiled.chunk import TypedChunk
    from rekodiq_data.descriptor.model import Field, Package, Schema


class Held:
    """Some columns of one table: values and texts, chunk after chunk."""

    def __init__(self, table: str, schema: Schema, names: Iterable[str]) -> None:
        self._table = table
        self._schema = schema
        self._positions = {name: schema.position(name) for name in sorted(set(names))}
        self._values: dict[str, list[pa.Array]] = {name: [] for name in self._positions}
        self._texts: dict[str, list[pa.Array]] = {name: [] for name in self._positions}
        self.row_numbers = RowNumbers()

    def take(self, row_numbers: NDArray[np.int64], chunk: TypedChunk) -> None:
        """Keep the columns of one chunk."""
        self.row_numbers.add(row_numbers)
        for name, position in self._positions.items():
            parsed = chunk.parsed[position]
            self._values[name].append(_whole(parsed, self._schema.fields[position]))
            self._texts[name].append(decoded(chunk.text[position]))

    def values(self, name: str) -> pa.ChunkedArray:
        """Typed values of a column; as text where some value fits no Arrow type."""
        chunks = self._values[name]
        kind = lexical.arrow_type(self._schema.fields[self._positions[name]])
        if any(chunk.type != kind for chunk in chunks):
            kind = pa.string()
            chunks = [chunk.cast(kind) for chunk in chunks]
        return pa.chunked_array(chunks, kind)

    def text(self, name: str) -> pa.ChunkedArray:
        """Cells of a column as written, null where missing."""
        return pa.chunked_array(self._texts[name], pa.string())

    def columns(self, names: Iterable[str]) -> Columns:
        """The columns as checks see them."""
        wanted = sorted(names)
        return Columns(
            table=self._table,
            count=self.row_numbers.count,
            values={name: self.values(name).combine_chunks() for name in wanted},
            text={name: self.text(name).combine_chunks() for name in wanted},
            row_numbers=self.row_numbers.all(),
        )


def _whole(parsed: lexical.Parsed, field: Field) -> pa.Array:
    """The column with nothing left out: as text when it holds values that fit no Arrow type."""
    if not parsed.wide:
        return lexical.logical(decoded(parsed.values), field)
    texts = lexical.canonical(parsed.values, field).to_pylist()
    for index, value in parsed.wide.items():
        texts[index] = lexical.canonical_value(field, value)
    return pa.array(texts, pa.string())


def columns_to_hold(package: Package) -> Mapping[str, frozenset[str]]:
    """For each table of the package, the columns that checks of all its records name."""
    needed: dict[str, set[str]] = {each.name: set() for each in package.resources}
    for resource in package.resources:
        schema = resource.schema
        if schema is None:
            continue
        own = needed[resource.name]
        if schema.reading and any(
            KINDS[check.check].scope is not Scope.ROW for check in schema.checks
        ):
            own.add(schema.reading.field)
        for check in schema.checks:
            kind = KINDS[check.check]
            if kind.scope is Scope.ROW:
                continue
            for table, names in kind.reads(check).items():
                if table in {"", resource.name}:
                    own.update(columns_read(check, names))
                else:
                    needed.setdefault(table, set()).update(names)
    return {table: frozenset(names) for table, names in needed.items()}
