"""Checks of the registers beside the figures: `row_exists`, `marked_readings`.

And `unexplained_conflict`, whose comparison stands in `conflicts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rekodiq_data.checks.base import Kind, Outcome, Parameter, Scope, Verdict
from rekodiq_data.checks.conflicts import UNEXPLAINED_CONFLICT
from rekodiq_data.checks.records import (
    DISAGREEMENTS,
    disagreement_faults,
    disagreement_reads,
    disagreements,
    own_texts,
    text_columns,
)
from rekodiq_data.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rekodiq_data.checks.base import Scene
    from rekodiq_data.descriptor.model import NamedCheck

# -- row_exists -------------------------------------------------------------------------------


def _judge_row_exists(scene: Scene, use: NamedCheck) -> Outcome:
    named = own_texts(scene, use.parameters["table"])
    ids = own_texts(scene, use.parameters["id"])
    tables: Mapping[str, str] = use.parameters["tables"]
    rows: dict[str, set[str | None] | None] = {}
    for name, column in tables.items():
        cells = text_columns(scene.others.get(name), column)
        rows[name] = None if cells is None else set(cells[0])

    def look_up(table: str | None, row: str | None) -> Verdict:
        if table is None or row is None:
            return Verdict.NOT_APPLICABLE
        if table not in rows:
            return Verdict.FAILED
        known = rows[table]
        if known is None:
            return Verdict.UNDECIDED
        return Verdict.HELD if row in known else Verdict.FAILED

    verdicts = np.full(scene.own.count, Verdict.NOT_APPLICABLE, np.int8)
    for record in np.flatnonzero(scene.selected).tolist():
        verdicts[record] = look_up(named[record], ids[record])

    def explain(record: int) -> str:
        table, row = named[record], ids[record]
        if table is None or row is None:
            return "the name of a table or of a row is missing"
        if table not in rows:
            hint = did_you_mean(table, rows)
            return f'there is no table "{table}"{"." + hint if hint else ""}'
        known = rows[table]
        if known is None:
            return f"the table {table} could not be read"
        if row in known:
            return f'"{row}" is a row of {table}'
        hint = did_you_mean(row, (each for each in known if each is not None))
        return f'{table} has no row "{row}"{"." + hint if hint else ""}'

    def about(record: int) -> str:
        return str(use.parameters["id" if named[record] in rows else "table"])

    return Outcome(verdicts, explain, about)


def _tables_faults(parameters: Mapping[str, Any]) -> list[str]:
    tables: Mapping[str, Any] = parameters["tables"]
    if not tables:
        return ["`tables` must name a table with its id column"]
    return [
        f"`tables.{table}` must be the name of a column"
        for table, column in tables.items()
        if not isinstance(column, str) or not column
    ]


# -- marked_readings --------------------------------------------------------------------------

_FREE = ("as_printed", "reprint")


def _judge_marked_readings(scene: Scene, use: NamedCheck) -> Outcome:
    parameters = use.parameters
    ids = own_texts(scene, parameters["id"])
    marks = own_texts(scene, parameters["reading"])
    must_fail: Sequence[str] = parameters["must_fail"]
    free: Sequence[str] = parameters.get("free", _FREE)
    named = disagreements(scene, parameters["disagreements"])
    failing = scene.failures.get(scene.own.table, np.zeros(scene.own.count, bool))
    verdicts = np.full(scene.own.count, Verdict.NOT_APPLICABLE, np.int8)
    for record in np.flatnonzero(scene.selected).tolist():
        mark = marks[record]
        if mark is None or (mark in free and mark not in must_fail):
            continue
        if mark in must_fail and not failing[record]:
            verdicts[record] = Verdict.FAILED
        elif mark in free:
            verdicts[record] = Verdict.HELD
        elif named is None:
            verdicts[record] = Verdict.UNDECIDED
        else:
            verdicts[record] = Verdict.HELD if ids[record] in named else Verdict.FAILED

    def explain(record: int) -> str:
        mark = f'"{marks[record]}"'
        table = parameters["disagreements"]["table"]
        match verdicts[record]:
            case Verdict.NOT_APPLICABLE:
                return f"{mark if marks[record] else 'no mark'} asks for nothing"
            case Verdict.UNDECIDED:
                return f"{mark} can't be looked up: the table {table} could not be read"
            case Verdict.HELD:
                return f"{mark} stands as it should"
        wrong = []
        if marks[record] in must_fail and not failing[record]:
            wrong.append("no check fails here that it would explain")
        if marks[record] not in free and named is not None and ids[record] not in named:
            wrong.append(f"{table} does not name this record")
        return f"{mark}: {' and '.join(wrong)}"

    return Outcome(verdicts, explain, lambda _record: str(parameters["reading"]))


def _marks_reads(use: NamedCheck) -> Mapping[str, frozenset[str]]:
    own = frozenset({use.parameters["id"], use.parameters["reading"]})
    return {"": own, **disagreement_reads(use)}


KINDS: tuple[Kind, ...] = (
    Kind(
        name="row_exists",
        scope=Scope.PACKAGE,
        summary="The name of a table and an id name a real row of that table.",
        parameters=(
            Parameter("table", "column", "the column that names a table", required=True),
            Parameter("id", "column", "the column that names a row of it", required=True),
            Parameter(
                "tables", "map", "the tables meant, each with its id column", required=True
            ),
        ),
        reads=lambda use: {
            "": frozenset({use.parameters["table"], use.parameters["id"]}),
            **{name: frozenset({column}) for name, column in use.parameters["tables"].items()},
        },
        judge=_judge_row_exists,
        faults=_tables_faults,
    ),
    Kind(
        name="marked_readings",
        scope=Scope.PACKAGE,
        summary="A mark on a record is told in a disagreement, and explains a real failure.",
        parameters=(
            Parameter("id", "column", "what names a record", required=True),
            Parameter("reading", "column", "the column of marks", required=True),
            Parameter(
                "must_fail",
                "texts",
                "marks that need a failing check to explain",
                required=True,
            ),
            Parameter(
                "free",
                "texts",
                "marks that need no disagreement; as_printed and reprint if not given",
            ),
            DISAGREEMENTS,
        ),
        reads=_marks_reads,
        judge=_judge_marked_readings,
        faults=disagreement_faults,
    ),
    UNEXPLAINED_CONFLICT,
)
