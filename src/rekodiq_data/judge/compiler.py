"""Schemas compiled for Pandera, each once, while the first cells are already being read."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from rekodiq_data.descriptor.model import Constraints
from rekodiq_data.judge.book import RuleKey
from rekodiq_data.limits import DEFAULT_LIMITS, ReadLimits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rekodiq_data.checks.base import Outcome
    from rekodiq_data.compiled.chunk import TypedChunk
    from rekodiq_data.compiled.columns import Failure
    from rekodiq_data.compiled.limited import PatternTime
    from rekodiq_data.compiled.rules import BoundFault
    from rekodiq_data.compiled.table import CompiledTable
    from rekodiq_data.descriptor.model import NamedCheck, Resource, Schema
    from rekodiq_data.judge.table import TablePass

_AT_MOST_REQUIRED = tuple(
    Constraints(required=required, unique=unique)
    for required in (False, True)
    for unique in (False, True)
)


class MissingCells:
    """Rules of a table that say no more than `required`.

    Pandera is asked about them when the first such cell is missing, and not imported before.
    """

    def __init__(self, schema: Schema, compiled: Callable[[], CompiledTable]) -> None:
        self._compiled = compiled
        self._required = [
            position for position, each in enumerate(schema.fields) if each.constraints.required
        ]

    @property
    def faults(self) -> Sequence[BoundFault]:
        """None: there is no bound."""
        return ()

    def judge(
        self, chunk: TypedChunk
    ) -> tuple[list[Failure], list[tuple[NamedCheck, Outcome]]]:
        """Missing cells of a chunk, by field."""
        if not any(chunk.text.has_missing(position) for position in self._required):
            return [], []
        return self._compiled().judge(chunk)


class Compiler:
    """Compiles the tables of one package, whose patterns have `limits` together.

    Importing Pandera takes longer than reading a small table, so that it begins at once, in a
    thread of its own, if any of `resources` has something for it to judge.
    """

    def __init__(
        self, resources: Iterable[Resource], limits: ReadLimits = DEFAULT_LIMITS
    ) -> None:
        self._limits = limits
        self._time: PatternTime | None = None
        self._compiled: dict[str, CompiledTable] = {}
        self._lock = threading.Lock()
        self._importer = threading.Thread(target=_import, daemon=True)
        schemas = [each.schema for each in resources if each.schema is not None]
        if any(each.is_ruled and not _says_required_alone(each) for each in schemas):
            self._importer.start()

    def of(self, resource: Resource) -> CompiledTable | MissingCells | None:
        """The rules of a table; None where it has none beside types and keys."""
        schema = resource.schema
        if schema is None or not schema.is_ruled:
            return None
        if _says_required_alone(schema):
            return MissingCells(schema, lambda: self._compiled_of(resource.name, schema))
        return self._compiled_of(resource.name, schema)

    def _compiled_of(self, name: str, schema: Schema) -> CompiledTable:
        with self._lock:
            if name not in self._compiled:
                from rekodiq_data.compiled.limited import PatternTime
                from rekodiq_data.compiled.table import CompiledTable

                self._time = self._time or PatternTime(self._limits)
                compiled = CompiledTable(name, schema, self._time)
                self._compiled[name] = compiled
            return self._compiled[name]

    def report_faults(self, table: TablePass) -> None:
        """Put bounds that are no values of their field's type, and slow patterns, in the book.

        To be called when the table has been judged.
        """
        compiled = self.of(table.resource)
        for fault in compiled.faults if compiled else ():
            key = RuleKey(
                "field-error", f"constraint.{fault.constraint}.bound", None, fault.field
            )
            table.book.add_one(key, f"{fault.constraint}: {fault.words}")


def _says_required_alone(schema: Schema) -> bool:
    return not schema.checks and all(
        each.constraints in _AT_MOST_REQUIRED and not each.categories for each in schema.fields
    )


def _import() -> None:
    """Import what judges. A failure shows where the rules are asked for."""
    import contextlib

    with contextlib.suppress(Exception):
        from rekodiq_data.compiled.columns import warm_up

        warm_up()
