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

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rekodiq_data.descriptor.model import Field, Package, Schema


class Held:
    """Some columns of one table: values, texts and unreadable cells, chunk after chunk."""

    def __init__(self, table: str, schema: Schema, names: Iterable[str]) -> None:
        self._table = table
        self._schema = schema
        self._positions = {name: schema.position(name) for name in sorted(set(names))}
        self._values: dict[str, list[pa.Array]] = {name: [] for name in self._positions}
        self._texts: dict[str, list[pa.Array]] = {name: [] for name in self._positions}
        self._bad: dict[str, list[NDArray[np.bool_]]] = {name: [] for name in self._positions}
        self._row_numbers: list[NDArray[np.int64]] = []

    def take(
        self,
        row_numbers: NDArray[np.int64],
        texts: tuple[pa.Array, ...],
        parsed: tuple[lexical.Parsed, ...],
    ) -> None:
        """Keep the columns of one chunk."""
        self._row_numbers.append(row_numbers)
        for name, position in self._positions.items():
            self._values[name].append(_whole(parsed[position], self._schema.fields[position]))
            self._texts[name].append(texts[position])
            self._bad[name].append(parsed[position].bad)

    @property
    def row_numbers(self) -> NDArray[np.int64]:
        """Number of each record in the file."""
        return np.concatenate([np.zeros(0, np.int64), *self._row_numbers])

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

    def bad(self, names: Iterable[str]) -> NDArray[np.bool_]:
        """Records with an unreadable cell in any of the columns."""
        mask = np.zeros(len(self.row_numbers), bool)
        for name in names:
            mask |= np.concatenate([np.zeros(0, bool), *self._bad[name]])
        return mask

    def columns(self, names: Iterable[str]) -> Columns:
        """The columns as checks see them."""
        wanted = sorted(names)
        return Columns(
            table=self._table,
            count=len(self.row_numbers),
            values={name: self.values(name).combine_chunks() for name in wanted},
            text={name: self.text(name).combine_chunks() for name in wanted},
            row_numbers=self.row_numbers,
        )


def _whole(parsed: lexical.Parsed, field: Field) -> pa.Array:
    """The column with nothing left out: as text when it holds values that fit no Arrow type."""
    if not parsed.wide:
        return lexical.logical(parsed.values, field)
    texts = lexical.canonical(parsed.values, field).to_pylist()
    for index, value in parsed.wide.items():
        texts[index] = lexical.canonical_value(field, value)
    return pa.array(texts, pa.string())


def columns_to_hold(package: Package) -> Mapping[str, frozenset[str]]:
    """For each table of the package, the columns that rules about all its records name."""
    needed: dict[str, set[str]] = {each.name: set() for each in package.resources}
    for resource in package.resources:
        schema = resource.schema
        if schema is None:
            continue
        own = needed[resource.name]
        own.update(schema.primary_key)
        own.update(name for key in schema.unique_keys for name in key)
        own.update(each.name for each in schema.fields if each.constraints.unique)
        for key in schema.foreign_keys:
            own.update(key.fields)
            needed.setdefault(key.resource or resource.name, set()).update(key.reference_fields)
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
