"""One table's pass: cells to types, types to verdicts, chunk by chunk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data import lexical, parquet
from rekodiq_data.compiled.chunk import TypedChunk
from rekodiq_data.formats.base import BrokenTable
from rekodiq_data.formats.blank import without_blank_rows
from rekodiq_data.judge.book import Book, RuleKey, Words
from rekodiq_data.judge.header import match
from rekodiq_data.judge.held import Held
from rekodiq_data.judge.tally import Tally
from rekodiq_data.suggest import closest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    from rekodiq_data.compiled.table import CompiledTable, Failure
    from rekodiq_data.descriptor.model import Field, Resource, Schema
    from rekodiq_data.formats.base import Chunk, RecordPlace, TableReader
    from rekodiq_data.judge.lookups import Lookups


class Sink(Protocol):
    """Takes the typed records of one table while they are judged."""

    def write(self, records: pa.Table) -> None:
        """Take some records, in file order, with the schema's names and Arrow types."""


class TablePass:
    """One table while it is judged, and what has to be remembered of it afterwards.

    Args:
        resource: the table; its schema is sound.
        path: its file, as people know it.
        reader: gives its cells.
        compiled: its constraints and row checks, None where it has none.
        hold: columns that rules about the whole table will need.
        lookups: gives the text that a check looks up in another table.
        limit: findings kept per rule and field.
        sink: takes typed records; values that fit no Arrow type are then findings.
    """

    def __init__(
        self,
        resource: Resource,
        path: str,
        reader: TableReader,
        *,
        compiled: CompiledTable | None,
        hold: frozenset[str],
        lookups: Lookups,
        limit: int,
        stores: bool,
        sink: Sink | None = None,
    ) -> None:
        if resource.schema is None:
            raise AssertionError("a table without a schema is not judged")
        self.resource = resource
        self.path = path
        self.schema: Schema = resource.schema
        self.book = Book(resource.name, path, limit)
        self.explained = Book(resource.name, path, limit)
        self.tally = Tally(self.schema, self.book, self.explained)
        self.held = Held(resource.name, self.schema, hold)
        self.labels: tuple[str, ...] = ()
        self.rows = 0
        self.columns: tuple[int | None, ...] = (None,) * len(self.schema.fields)
        self.broken = False
        self._explained_rows: list[NDArray[np.bool_]] = []
        self._reader = reader
        self._compiled = compiled
        self._lookups = lookups
        self._stores = stores
        self._sink = sink

    @property
    def explained_rows(self) -> NDArray[np.bool_]:
        """Records of which some failed row check is explained by their reading mark."""
        return np.concatenate([np.zeros(0, bool), *self._explained_rows])

    def run(self, on_rows: Callable[[int], None]) -> None:
        """Read and judge the whole table; tell `on_rows` how many records each chunk had."""
        try:
            self.labels = self._reader.labels
            self._judge_header()
            for chunk in self._reader.chunks():
                self._judge_chunk(without_blank_rows(chunk))
                on_rows(chunk.count)
        except BrokenTable as error:
            self.broken = True
            self.book.add_one(
                RuleKey(error.type, f"file.{error.type.removesuffix('-error')}"),
                error.note,
                line=error.line,
                column=error.column,
            )

    def position_in_file(self, name: str) -> int | None:
        """Column of a field in the file, from 0."""
        return self.columns[self.schema.position(name)]

    def key_of(self, type_: str, code: str, name: str) -> RuleKey:
        """The key under which findings of one rule in one field are counted."""
        return RuleKey(type_, code, self.position_in_file(name), name)

    def locate(self) -> Mapping[int, RecordPlace]:
        """Places of all records that kept findings are about."""
        rows = {*self.book.rows_to_locate(), *self.explained.rows_to_locate()}
        return self._reader.locate(sorted(rows)) if rows else {}

    def _judge_header(self) -> None:
        if self.resource.dialect.header:
            header = match(self.labels, self.schema)
            self.columns = header.columns
            for fault in header.faults:
                key = RuleKey(
                    fault.type,
                    f"header.{fault.type.removesuffix('-label').removesuffix('-header')}",
                    fault.column,
                    fault.label or None,
                    fault.severity,
                )
                self.book.add_one(key, fault.note, line=1, cell=fault.label)
        else:
            count = len(self.schema.fields)
            self.columns = tuple(at if at < len(self.labels) else None for at in range(count))

    def _judge_chunk(self, chunk: Chunk) -> None:
        self.rows += chunk.count
        self._judge_shapes(chunk)
        typed = self._typed(chunk)
        self._judge_types(chunk, typed)
        if self._compiled is not None:
            failures, outcomes = self._compiled.judge(typed)
            for failure in failures:
                self._add_failure(chunk, typed, failure)
            marks = self._marks(typed)
            explained = np.zeros(chunk.count, bool)
            texts = dict(zip(self.schema.names, typed.text, strict=True))
            for check, outcome in outcomes:
                explained |= self.tally.take(check, outcome, chunk.row_numbers, marks, texts)
            self._explained_rows.append(explained)
        else:
            self._explained_rows.append(np.zeros(chunk.count, bool))
        self.held.take(chunk.row_numbers, typed.text, typed.parsed)
        if self._sink is not None and not self.book.errors:
            self._sink.write(
                pa.table(
                    [parsed.values for parsed in typed.parsed],
                    schema=lexical.arrow_schema(self.schema),
                )
            )

    def _judge_shapes(self, chunk: Chunk) -> None:
        for fault in chunk.faults:
            if fault.type == "blank-row" and self.resource.dialect.skip_blank_rows:
                continue
            name = self._name_at(fault.column)
            notes = {
                "blank-row": "the row is empty; remove it",
                "missing-cell": f'the row ends before its cell "{name}"',
                "extra-cell": f"the row goes on after its {len(self.labels)} columns;"
                " is a comma not quoted?",
            }
            key = RuleKey(fault.type, f"row.{fault.type}", fault.column, name)
            cell = fault.cell
            self.book.add(
                key,
                [fault.row_number],
                note=lambda _index, note=notes[fault.type]: note,  # type: ignore[misc]
                cell=lambda _index, cell=cell: cell,  # type: ignore[misc]
            )

    def _name_at(self, column: int | None) -> str | None:
        for field, at in zip(self.schema.fields, self.columns, strict=True):
            if column is not None and at == column:
                return field.name
        return None

    def _typed(self, chunk: Chunk) -> TypedChunk:
        texts: list[pa.Array] = []
        parsed: list[lexical.Parsed] = []
        absent: dict[int, NDArray[np.bool_]] = {}
        null = [each for each in [self.resource.dialect.null_sequence] if each is not None]
        for position, field in enumerate(self.schema.fields):
            column = self.columns[position]
            if column is None:
                cells = pa.nulls(chunk.count, pa.string())
                absent[position] = np.ones(chunk.count, bool)
            else:
                cells = chunk.columns[column]
                if cells.null_count and not self._reader.typed:
                    absent[position] = np.asarray(
                        cells.is_null().to_numpy(zero_copy_only=False)
                    )
            if self._reader.typed and column is not None:
                value = parquet.adopt(cells, field)
                text = lexical.canonical(value.values, field)
                if value.bad.any():
                    text = pc.coalesce(text, parquet.shown(cells, value.bad))
            elif pa.types.is_struct(cells.type):
                missing = self.schema.missing_values_of(field)
                text, value = lexical.adopt_native(cells, field, missing)
            else:
                text = lexical.parse_missing(
                    cells, (*self.schema.missing_values_of(field), *null)
                )
                value = lexical.parse(text, field)
            texts.append(text)
            parsed.append(value)
        chunk_of = TypedChunk(chunk.count, tuple(texts), tuple(parsed), absent)
        return self._lookups.add_to(self.resource, chunk_of)

    def _judge_types(self, chunk: Chunk, typed: TypedChunk) -> None:
        for position, field in enumerate(self.schema.fields):
            parsed = typed.parsed[position]
            bad = np.flatnonzero(parsed.bad)
            if len(bad):
                wanted = lexical.expected(field)
                self.book.add(
                    self.key_of("type-error", f"type.{field.type}", field.name),
                    chunk.row_numbers[bad],
                    note=_words(typed.text[position], bad, f'"{{}}" is not {_escaped(wanted)}'),
                    cell=_cells(typed.text[position], bad),
                    suggestion=_type_suggestion(field, typed.text[position], bad),
                )
            if self._stores and parsed.wide:
                wide = np.array(sorted(parsed.wide), np.int64)
                kind = lexical.arrow_type(field)
                self.book.add(
                    self.key_of("type-error", "type.storable", field.name),
                    chunk.row_numbers[wide],
                    note=_words(
                        typed.text[position],
                        wide,
                        f"{{}} can't be stored as {kind} without a change; shorten it, or make"
                        " the field a string",
                    ),
                    cell=_cells(typed.text[position], wide),
                )

    def _add_failure(self, chunk: Chunk, typed: TypedChunk, failure: Failure) -> None:
        field = self.schema.fields[failure.position]
        texts = typed.text[failure.position]
        if failure.rule is None:
            self.book.add(
                self.key_of("constraint-error", "constraint.required", field.name),
                chunk.row_numbers[failure.rows],
                note=lambda _index: "the cell is empty, and the field is required",
                cell=lambda _index: "",
            )
            return
        rule = failure.rule
        self.book.add(
            self.key_of("constraint-error", rule.code, field.name),
            chunk.row_numbers[failure.rows],
            note=_words(texts, failure.rows, f'"{{}}" {_escaped(rule.asks)}'),
            cell=_cells(texts, failure.rows),
            suggestion=_choice_suggestion(rule.choices, texts, failure.rows),
        )

    def _marks(self, typed: TypedChunk) -> pa.Array | None:
        reading = self.schema.reading
        return typed.text[self.schema.position(reading.field)] if reading else None


def _escaped(words: str) -> str:
    return words.replace("{", "{{").replace("}", "}}")


def _words(texts: pa.Array, rows: NDArray[np.int64], form: str) -> Words:
    return lambda index: form.format(texts[int(rows[index])].as_py())


def _cells(texts: pa.Array, rows: NDArray[np.int64]) -> Words:
    return lambda index: texts[int(rows[index])].as_py()


def _type_suggestion(field: Field, texts: pa.Array, rows: NDArray[np.int64]) -> Words:
    return lambda index: lexical.suggestion(field, texts[int(rows[index])].as_py())


def _choice_suggestion(
    choices: Iterable[str], texts: pa.Array, rows: NDArray[np.int64]
) -> Words:
    return lambda index: closest(texts[int(rows[index])].as_py(), choices) if choices else None
