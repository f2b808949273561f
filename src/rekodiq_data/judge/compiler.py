"""Schemas compiled for Pandera, each once, while the first cells are already being read."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from rekodiq_data.judge.book import RuleKey

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rekodiq_data.compiled.table import CompiledTable
    from rekodiq_data.descriptor.model import Resource
    from rekodiq_data.judge.table import TablePass


class Compiler:
    """Compiles the tables of one package.

    Importing Pandera takes longer than reading a small table, so that it begins at once, in a
    thread of its own, if any of `resources` has something for it to judge.
    """

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._compiled: dict[str, CompiledTable] = {}
        self._lock = threading.Lock()
        self._importer = threading.Thread(target=_import, daemon=True)
        if any(each.schema is not None and each.schema.is_ruled for each in resources):
            self._importer.start()

    def of(self, resource: Resource) -> CompiledTable | None:
        """The rules of a table; None where it has none beside types and keys."""
        schema = resource.schema
        if schema is None or not schema.is_ruled:
            return None
        with self._lock:
            if resource.name not in self._compiled:
                from rekodiq_data.compiled.table import CompiledTable

                self._compiled[resource.name] = CompiledTable(resource.name, schema)
            return self._compiled[resource.name]

    def report_faults(self, table: TablePass) -> None:
        """Put bounds and members that are no values of their field's type into the book."""
        compiled = self.of(table.resource)
        for fault in compiled.faults if compiled else ():
            key = RuleKey(
                "field-error", f"constraint.{fault.constraint}.bound", None, fault.field
            )
            table.book.add_one(key, f"{fault.constraint}: {fault.words}")


def _import() -> None:
    """Import what judges. A failure shows where the rules are asked for."""
    import contextlib

    with contextlib.suppress(Exception):
        from rekodiq_data.compiled.columns import warm_up

        warm_up()
