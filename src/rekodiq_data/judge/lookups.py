"""Texts that checks look up in other tables: `lookup: {via: source_id, field: rounding}`.

The table that `via` refers to is read once, two columns of it, before the first chunk of the
table that asks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data import lexical
from rekodiq_data.checks import KINDS
from rekodiq_data.checks.base import Scope
from rekodiq_data.formats.base import BrokenTable, chunks_of
from rekodiq_data.judge.header import match

if TYPE_CHECKING:
    from collections.abc import Callable

    from rekodiq_data.compiled.chunk import TypedChunk
    from rekodiq_data.descriptor.model import NamedCheck, Package, Resource, Schema
    from rekodiq_data.formats.base import TableReader

    Route = tuple[str, str, str]


class Lookups:
    """Finds the text that a check looks up, for each record of a table."""

    def __init__(self, package: Package, reader_of: Callable[[Resource], TableReader]) -> None:
        self._package = package
        self._reader_of = reader_of
        self._tables: dict[Route, tuple[pa.Array, pa.Array]] = {}

    def add_to(self, resource: Resource, chunk: TypedChunk) -> TypedChunk:
        """`chunk` with the texts that its row checks look up."""
        schema = resource.schema
        found = {
            check.name: self.find(
                resource, check, _key_text(chunk, schema, check.lookup["via"])
            )
            for check in (schema.checks if schema else ())
            if schema and check.lookup and KINDS[check.check].scope is Scope.ROW
        }
        return replace(chunk, looked_up=found) if found else chunk

    def find(self, resource: Resource, check: NamedCheck, keys: pa.Array) -> pa.Array:
        """The looked-up text for each of `keys` (canonical texts); null where there is none."""
        route = self._route(resource, check)
        if route is None:
            return pa.nulls(len(keys), pa.string())
        if route not in self._tables:
            self._tables[route] = self._read(route)
        known, texts = self._tables[route]
        return texts.take(pc.index_in(keys, value_set=known))

    def _route(self, resource: Resource, check: NamedCheck) -> Route | None:
        """Table, key field and text field that the lookup leads to, through a foreign key."""
        if resource.schema is None or check.lookup is None:
            return None
        for key in resource.schema.foreign_keys:
            if key.fields == (check.lookup["via"],):
                table = key.resource or resource.name
                return table, key.reference_fields[0], check.lookup["field"]
        return None

    def _read(self, route: Route) -> tuple[pa.Array, pa.Array]:
        table, key_name, text_name = route
        resource = self._package.resource(table)
        if resource.schema is None:
            return pa.nulls(0, pa.string()), pa.nulls(0, pa.string())
        keys: list[pa.Array] = []
        texts: list[pa.Array] = []
        try:
            reader = self._reader_of(resource)
            columns = match(
                reader.labels, resource.schema, case_matters=resource.dialect.case_matters
            ).columns
            for chunk in chunks_of(reader):
                for name, into in ((key_name, keys), (text_name, texts)):
                    position = resource.schema.position(name)
                    at = columns[position]
                    field = resource.schema.fields[position]
                    missing = resource.schema.missing_values_of(field)
                    cells = (
                        pa.nulls(chunk.count, pa.string())
                        if at is None
                        else lexical.parse_missing(
                            lexical.texts_of(chunk.array(at)).cast(pa.string()), missing
                        )
                    )
                    into.append(
                        lexical.canonical(lexical.parse(cells, field).values, field)
                        if into is keys
                        else cells
                    )
        except BrokenTable:
            pass  # that table's own pass reports it; what was read so far is what is known
        return (
            pa.chunked_array(keys, pa.string()).combine_chunks(),
            pa.chunked_array(texts, pa.string()).combine_chunks(),
        )


def _key_text(chunk: TypedChunk, schema: Schema, via: str) -> pa.Array:
    position = schema.position(via)
    return lexical.canonical(chunk.parsed[position].values, schema.fields[position])
