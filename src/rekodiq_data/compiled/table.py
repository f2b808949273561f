"""One table's rules as Pandera checks, and their verdicts on a chunk as plain positions.

Pandera judges typed columns only and is asked for masks (`check_output`), never for failure
cases: those cost one Python object per column and failing row. Constraints
are judged column by column (`columns`), named checks on the whole chunk.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING

import pandas as pd
import pandera.pandas as pandera

from rekodiq_data.checks import KINDS
from rekodiq_data.checks.base import Outcome, Scene, Scope, Verdict
from rekodiq_data.checks.run import selected
from rekodiq_data.compiled.columns import ColumnJudge, Failure
from rekodiq_data.compiled.rules import BoundFault, rules_of

if TYPE_CHECKING:
    from rekodiq_data.compiled.chunk import TypedChunk
    from rekodiq_data.compiled.limited import PatternTime
    from rekodiq_data.descriptor.model import NamedCheck, Schema

_SCENES: ContextVar[Callable[[NamedCheck], Scene]] = ContextVar("_SCENES")
_OUTCOMES: ContextVar[dict[str, Outcome]] = ContextVar("_OUTCOMES")


class CompiledTable:
    """The rules of one schema, ready to judge chunk after chunk.

    Args:
        name: the table's name, for checks that speak of it.
        schema: its rules; all its named checks are sound.
        time: what its patterns may take, together with those of other tables.
    """

    def __init__(self, name: str, schema: Schema, time: PatternTime | None = None) -> None:
        self._name = name
        self._schema = schema
        self._faults: list[list[BoundFault]] = []
        self._columns: list[ColumnJudge] = []
        for position, each in enumerate(schema.fields):
            rules, faults = rules_of(position, each, time)
            self._faults.append(faults)
            column = ColumnJudge(position, each, rules)
            if column.has_rules:
                self._columns.append(column)
        self.row_checks = [
            check for check in schema.checks if KINDS[check.check].scope is Scope.ROW
        ]
        self._frame_checks = [_frame_check(check) for check in self.row_checks]

    @property
    def faults(self) -> list[BoundFault]:
        """Bounds and members that are no values of their field's type; patterns too slow."""
        return [fault for faults in self._faults for fault in faults]

    def judge(
        self, chunk: TypedChunk
    ) -> tuple[list[Failure], list[tuple[NamedCheck, Outcome]]]:
        """Broken constraints of a chunk, by field and rule, and each row check's outcome.

        May be called from several threads at a time.
        """
        if not chunk.count:
            return [], []
        failures = [failure for column in self._columns for failure in column.judge(chunk)]
        return failures, self._judge_rows(chunk) if self.row_checks else []

    def _judge_rows(self, chunk: TypedChunk) -> list[tuple[NamedCheck, Outcome]]:
        outcomes: dict[str, Outcome] = {}
        scenes = _SCENES.set(lambda check: self._scene(chunk, check))
        recorder = _OUTCOMES.set(outcomes)
        try:
            # The checks read typed columns through their scenes; of the frame, they need only
            # its index.
            frame = pd.DataFrame(index=range(chunk.count))
            for check in self._frame_checks:
                check(frame)
        finally:
            _SCENES.reset(scenes)
            _OUTCOMES.reset(recorder)
        return [(check, outcomes[check.name]) for check in self.row_checks]

    def _scene(self, chunk: TypedChunk, check: NamedCheck) -> Scene:
        names = KINDS[check.check].reads(check)[""] | check.where.keys()
        own = chunk.columns(self._name, self._schema, frozenset(names))
        return Scene(
            own=own, selected=selected(own, check), looked_up=chunk.looked_up.get(check.name)
        )


def _frame_check(check: NamedCheck) -> pandera.Check:
    """A named check as a Pandera check on whole frames.

    It must return a Series of numpy booleans on the frame's own index: a bare array, or any NA,
    ends in a CHECK_ERROR without a row (measured on Pandera 0.35).
    """
    kind = KINDS[check.check]

    def judge(frame: pd.DataFrame) -> pd.Series[bool]:
        outcome = kind.judge(_SCENES.get()(check), check)
        _OUTCOMES.get()[check.name] = outcome
        return pd.Series(outcome.verdicts != Verdict.FAILED, index=frame.index)

    return pandera.Check(judge, name=check.name, ignore_na=False)
