"""What is done with one piece of a table, in any thread: cells to types, types to verdicts."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data import lexical, parquet
from rekodiq_data.compiled.chunk import Texts, TypedChunk
from rekodiq_data.formats.base import Wishes
from rekodiq_data.formats.blank import without_blank_rows
from rekodiq_data.kernel import PlainCells
from rekodiq_data.progress import Stopwatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from rekodiq_data.checks.base import Outcome
    from rekodiq_data.compiled.columns import Failure
    from rekodiq_data.compiled.table import CompiledTable
    from rekodiq_data.descriptor.model import Field, NamedCheck, Resource, Schema
    from rekodiq_data.formats.base import Chunk, Piece
    from rekodiq_data.judge.compiler import MissingCells
    from rekodiq_data.judge.keyed import KeyCells, Keyed
    from rekodiq_data.judge.lookups import Lookups

_FEW = 4  # one distinct text for so many cells
_ENCODED_TYPES = frozenset({"string", "any", "date", "datetime", "time", "boolean", "year"})


@dataclass(frozen=True, slots=True)
class Judged:
    """One piece with all that could be found out about it alone; rows are counted from 0."""

    chunk: Chunk
    typed: TypedChunk
    failures: list[Failure]
    outcomes: list[tuple[NamedCheck, Outcome]]
    keys: KeyCells
    prepared: Any


class Work:
    """The pure part of judging one table.

    Args:
        resource: the table.
        columns: which column of the file holds each field.
        typed: whether the file's columns have types of their own.
        compiled: gives the table's constraints and row checks, None where it has none; called
            when the first cells are typed.
        lookups: gives the text that a check looks up in another table.
        keyed: prepares what is kept of key columns.
        prepare: the sink's share, None without a sink.
        watch: told where the time goes.
    """

    def __init__(
        self,
        resource: Resource,
        columns: tuple[int | None, ...],
        *,
        typed: bool,
        compiled: Callable[[], CompiledTable | MissingCells | None],
        lookups: Lookups,
        keyed: Keyed,
        prepare: Callable[[pa.Table], Any] | None,
        watch: Stopwatch,
    ) -> None:
        if resource.schema is None:
            raise AssertionError("a table without a schema is not judged")
        self._resource = resource
        self._schema: Schema = resource.schema
        self._columns = columns
        self._typed = typed
        self._compiled = compiled
        self._lookups = lookups
        self._keyed = keyed
        self._prepare = prepare
        self._watch = watch
        self._arrow = lexical.arrow_schema(self._schema)
        lists = {self._missing_of(field) for field in self._schema.fields}
        self._missing = next(iter(lists)) if len(lists) == 1 else None
        self._plain = {
            at: kind
            for field, at in zip(self._schema.fields, columns, strict=True)
            if at is not None
            and (kind := lexical.plain_kind(field)) is not None
            # What is missing has to be known before the rest is read as values.
            and self._missing is not None
        }
        self._wishes: Wishes | None = None
        self._lock = threading.Lock()

    def __call__(self, piece: Piece) -> Judged:
        """Read and judge one piece."""
        with self._watch.measure("cells"):
            read = piece.read(self._wishes or Wishes(frozenset(), self._missing, self._plain))
            chunk = read if self._typed else without_blank_rows(read, self._missing_at(read))
        with self._watch.measure("types"):
            typed = self._type(chunk)
            self._choose(chunk)
        compiled = self._compiled()
        with self._watch.measure("rules"):
            failures, outcomes = compiled.judge(typed) if compiled is not None else ([], [])
        with self._watch.measure("keys"):
            cells = self._keyed.prepare(typed)
        prepared = None
        if self._prepare is not None and not self._is_faulty(chunk, typed, failures):
            with self._watch.measure("write"):
                prepared = self._prepare(
                    pa.table(
                        [parsed.values for parsed in typed.parsed], names=self._arrow.names
                    )
                )
        return Judged(chunk, typed, failures, outcomes, cells, prepared)

    def _missing_of(self, field: Field) -> tuple[str, ...]:
        """Texts that mean "missing" in a column of text: the schema's and the dialect's."""
        null = self._resource.dialect.null_sequence
        missing = self._schema.missing_values_of(field)
        return missing if null is None else (*missing, null)

    def _missing_at(self, chunk: Chunk) -> list[tuple[str, ...]]:
        """Texts that mean "missing" in each column of the file."""
        found = [self._schema.missing_values] * len(chunk.columns)
        for field, at in zip(self._schema.fields, self._columns, strict=True):
            if at is not None:
                found[at] = self._missing_of(field)
        return found

    def _choose(self, chunk: Chunk) -> None:
        """See from the first chunk which columns are better dictionary-encoded."""
        if self._wishes is not None or self._typed or not chunk.count:
            return
        few = set()
        for field, at in zip(self._schema.fields, self._columns, strict=True):
            if at is None or field.type not in _ENCODED_TYPES:
                continue
            cells = chunk.columns[at]
            if isinstance(cells, PlainCells) or pa.types.is_struct(cells.type):
                continue
            if pc.count_distinct(cells).as_py() * _FEW <= chunk.count:
                few.add(at)
        with self._lock:
            self._wishes = self._wishes or Wishes(frozenset(few), self._missing, self._plain)

    def _type(self, chunk: Chunk) -> TypedChunk:
        texts: list[pa.Array | PlainCells] = []
        parsed: list[lexical.Parsed] = []
        absent: dict[int, NDArray[np.bool_]] = {}
        for position, field in enumerate(self._schema.fields):
            column = self._columns[position]
            if column is None:
                cells = pa.nulls(chunk.count, pa.string())
                absent[position] = np.ones(chunk.count, bool)
            else:
                cells = chunk.columns[column]
                if (
                    not isinstance(cells, PlainCells)
                    and cells.null_count
                    and not self._typed
                    and chunk.missing is None
                ):
                    absent[position] = np.asarray(
                        cells.is_null().to_numpy(zero_copy_only=False)
                    )
            if self._typed and column is not None:
                cells = parquet.without_types(cells)
            text: pa.Array | PlainCells
            if isinstance(cells, PlainCells):
                text, value = cells, lexical.parse(cells, field)
            elif self._typed and not parquet.is_plain(cells):
                value = parquet.adopt(cells, field)
                text = lexical.canonical(value.values, field)
                if value.bad.any():
                    text = pc.coalesce(text, parquet.shown(cells, value.bad))
            elif pa.types.is_struct(cells.type):
                missing = self._schema.missing_values_of(field)
                text, value = lexical.adopt_native(cells, field, missing)
            else:
                missing = self._missing_of(field)
                text = cells
                if chunk.missing != missing:
                    text = lexical.parse_missing(cells, missing)
                value = lexical.parse(text, field)
            texts.append(text)
            parsed.append(value)
        chunk_of = TypedChunk(chunk.count, Texts(texts), tuple(parsed), absent)
        return self._lookups.add_to(self._resource, chunk_of)

    @staticmethod
    def _is_faulty(chunk: Chunk, typed: TypedChunk, failures: list[Failure]) -> bool:
        """Whether some record may not be written: then nothing of this build will be."""
        return bool(
            failures
            or chunk.faults
            or any(parsed.wide or parsed.bad.any() for parsed in typed.parsed)
        )
