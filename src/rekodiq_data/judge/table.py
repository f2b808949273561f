"""One table's pass: cells to types, types to verdicts, chunk by chunk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from rekodiq_data import lexical
from rekodiq_data.compiled.chunk import decoded
from rekodiq_data.formats.base import BrokenTable, within_misfits
from rekodiq_data.judge.book import Book, RuleKey, Words, cells, words
from rekodiq_data.judge.header import match
from rekodiq_data.judge.held import Held
from rekodiq_data.judge.keyed import Keyed
from rekodiq_data.judge.storable import add_unstorable
from rekodiq_data.judge.tally import Tally
from rekodiq_data.judge.threads import in_order
from rekodiq_data.judge.work import Judged, Work
from rekodiq_data.limits import DEFAULT_LIMITS, ReadLimits
from rekodiq_data.progress import Stopwatch
from rekodiq_data.suggest import closest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from concurrent.futures import Executor

    import pyarrow as pa
    from numpy.typing import NDArray

    from rekodiq_data.compiled.chunk import TypedChunk
    from rekodiq_data.compiled.columns import Failure
    from rekodiq_data.compiled.table import CompiledTable
    from rekodiq_data.descriptor.model import Field, Resource, Schema
    from rekodiq_data.formats.base import Chunk, Piece, RecordPlace, RowFault, TableReader
    from rekodiq_data.judge.compiler import MissingCells
    from rekodiq_data.judge.lookups import Lookups


class Sink(Protocol):
    """Takes the typed records of one table while they are judged."""

    def prepare(self, records: pa.Table) -> Any:
        """What `write` needs of some records. Pure, and called in any thread.

        They have the schema's names and Arrow types; text may be dictionary-encoded.
        """

    def write(self, prepared: Any) -> None:
        """Take what was prepared of some records, in file order."""

    def finish(self) -> None:
        """No more will come, though rules about all records are still to be judged."""


class TablePass:
    """One table while it is judged, and what has to be remembered of it afterwards.

    Args:
        resource: the table; its schema is sound.
        path: its file, as people know it.
        reader: gives its cells.
        compiled: gives its constraints and row checks, None where it has none.
        hold: columns that checks of the whole table will need.
        keyed: columns that keys name.
        lookups: gives the text that a check looks up in another table.
        limit: findings kept per rule and field.
        limits: for what the table may ask of the machine.
        stores: whether values that fit no Arrow type are findings.
        sink: takes typed records.
        watch: told where the time goes.
    """

    def __init__(
        self,
        resource: Resource,
        path: str,
        reader: TableReader,
        *,
        compiled: Callable[[], CompiledTable | MissingCells | None],
        hold: frozenset[str],
        keyed: frozenset[str],
        lookups: Lookups,
        limit: int,
        stores: bool,
        limits: ReadLimits = DEFAULT_LIMITS,
        sink: Sink | None = None,
        watch: Stopwatch | None = None,
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
        self.keyed = Keyed(self.schema, keyed)
        self.labels: tuple[str, ...] = ()
        self.rows = 0
        self.columns: tuple[int | None, ...] = (None,) * len(self.schema.fields)
        self.broken = False
        self._explained_rows: list[NDArray[np.bool_]] = []
        self._reader = reader
        self._compiled = compiled
        self._lookups = lookups
        self._stores = stores
        self._limits = limits
        self._misfits = 0
        self._sink = sink
        self._watch = watch or Stopwatch()

    @property
    def explained_rows(self) -> NDArray[np.bool_]:
        """Records of which some failed row check is explained by their reading mark."""
        if self.schema.reading is None:
            return np.zeros(self.rows, bool)
        return np.concatenate([np.zeros(0, bool), *self._explained_rows])

    def run(
        self, on_rows: Callable[[int, int], None], pool: Executor | None = None, ahead: int = 1
    ) -> None:
        """Read and judge the whole table.

        Args:
            on_rows: told how many records and bytes each piece had.
            pool: where pieces are worked on; without one, here.
            ahead: how many pieces are begun before their turn.
        """
        try:
            self.labels = self._reader.labels
            self._judge_header()
            work = Work(
                self.resource,
                self.columns,
                typed=self._reader.typed,
                compiled=self._compiled,
                lookups=self._lookups,
                keyed=self.keyed,
                prepare=self._sink.prepare if self._sink else None,
                watch=self._watch,
            )
            row = self._reader.first_row
            pieces = self._reader.pieces()

            def sized(piece: Piece) -> tuple[Judged, int]:
                return work(piece), piece.size

            for judged, size in in_order(pool, sized, pieces, ahead):
                self._take(judged, row)
                row += judged.chunk.records
                on_rows(judged.chunk.count, size)
                if judged.chunk.broken is not None:
                    raise judged.chunk.broken
            if self._sink is not None and not self.book.errors:
                self._sink.finish()
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
            header = match(
                self.labels,
                self.schema,
                case_matters=self.resource.dialect.case_matters,
            )
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

    def _take(self, judged: Judged, row: int) -> None:
        """Put what was found in one piece into the books; its first record is number `row`."""
        chunk, typed = judged.chunk.at(row), judged.typed
        self.rows += chunk.count
        self._judge_shapes(chunk)
        self._judge_types(chunk, typed)
        for failure in judged.failures:
            self._add_failure(chunk, typed, failure)
        if judged.outcomes:
            self._tally(judged, chunk)
        elif self.schema.reading is not None:
            self._explained_rows.append(np.zeros(chunk.count, bool))
        self.held.take(chunk.row_numbers, typed)
        self.keyed.add(judged.keys)
        if self._sink is not None and judged.prepared is not None and not self.book.errors:
            with self._watch.measure("write"):
                self._sink.write(judged.prepared)

    def _tally(self, judged: Judged, chunk: Chunk) -> None:
        marks = self._marks(judged.typed)
        explained = np.zeros(chunk.count, bool)
        names = self.schema.names
        texts = judged.typed.text.named(dict(zip(names, range(len(names)), strict=True)))
        for check, outcome in judged.outcomes:
            explained |= self.tally.take(check, outcome, chunk.row_numbers, marks, texts)
        if self.schema.reading is not None:
            self._explained_rows.append(explained)

    def _judge_shapes(self, chunk: Chunk) -> None:
        by_rule: dict[tuple[str, int | None], list[RowFault]] = {}
        for fault in chunk.faults:
            by_rule.setdefault((fault.type, fault.column), []).append(fault)
        names = {
            at: field.name
            for field, at in zip(self.schema.fields, self.columns, strict=True)
            if at is not None
        }
        for (type_, column), faults in by_rule.items():
            if type_ == "blank-row" and self.resource.dialect.skip_blank_rows:
                continue
            name = None if column is None else names.get(column)
            notes = {
                "blank-row": "the row is empty; remove it",
                "missing-cell": f'the row ends before its cell "{name}"',
                "extra-cell": f"the row goes on after its {len(self.labels)} columns;"
                " is a comma not quoted?",
                "cell-error": "the cell holds a formula without its value; open the workbook in"
                " a program that calculates, and save it",
            }
            code = "cell.formula" if type_ == "cell-error" else f"row.{type_}"
            self.book.add(
                RuleKey(type_, code, column, name),
                [fault.row_number for fault in faults],
                note=lambda _index, note=notes[type_]: note,  # type: ignore[misc]
                cell=lambda index, faults=faults: faults[index].cell,  # type: ignore[misc]
            )
            self._misfits += len(faults) if type_ != "cell-error" else 0
        within_misfits(self._misfits, self._limits)

    def _judge_types(self, chunk: Chunk, typed: TypedChunk) -> None:
        for position, field in enumerate(self.schema.fields):
            parsed = typed.parsed[position]
            bad = np.flatnonzero(parsed.bad)
            if len(bad):
                wanted = lexical.expected(field)
                self.book.add(
                    self.key_of("type-error", f"type.{field.type}", field.name),
                    chunk.row_numbers[bad],
                    note=words(typed.text[position], bad, f'"{{}}" is not {_escaped(wanted)}'),
                    cell=cells(typed.text[position], bad),
                    suggestion=_type_suggestion(field, typed.text[position], bad),
                )
        if self._stores:
            add_unstorable(self.book, self.key_of, self.schema, self.columns, chunk, typed)

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
            note=words(texts, failure.rows, f'"{{}}" {_escaped(rule.asks)}'),
            cell=cells(texts, failure.rows),
            suggestion=_choice_suggestion(rule.choices, texts, failure.rows),
        )

    def _marks(self, typed: TypedChunk) -> pa.Array | None:
        reading = self.schema.reading
        return decoded(typed.text[self.schema.position(reading.field)]) if reading else None


def _escaped(words: str) -> str:
    return words.replace("{", "{{").replace("}", "}}")


def _type_suggestion(field: Field, texts: pa.Array, rows: NDArray[np.int64]) -> Words:
    return lambda index: lexical.suggestion(field, texts[int(rows[index])].as_py())


def _choice_suggestion(
    choices: Iterable[str], texts: pa.Array, rows: NDArray[np.int64]
) -> Words:
    return lambda index: closest(texts[int(rows[index])].as_py(), choices) if choices else None
