"""One table's rules as a Pandera schema, and its verdicts on a chunk as plain positions.

Pandera judges typed columns only (`coerce=False`) and is asked for masks (`check_output`),
never for failure cases: those cost one Python object per column and failing row. Columns are
called f0, f1, ... inside, because names in foreign packages may repeat.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data import lexical
from rekodiq_data.checks import KINDS
from rekodiq_data.checks.base import Outcome, Scene, Scope, Verdict
from rekodiq_data.checks.run import selected
from rekodiq_data.compiled.rules import BoundFault, Rule, exact_check, rules_of
from rekodiq_data.frames import dtype_of, to_frame

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from rekodiq_data.compiled.chunk import TypedChunk
    from rekodiq_data.descriptor.model import Field, NamedCheck, Schema

    Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Failure:
    """Records of a chunk that break one constraint of one field."""

    rule: Rule | None
    position: int
    rows: Positions


_SCENES: ContextVar[Callable[[NamedCheck], Scene]] = ContextVar("_SCENES")
_OUTCOMES: ContextVar[dict[str, Outcome]] = ContextVar("_OUTCOMES")


class CompiledTable:
    """The rules of one schema, ready to judge chunk after chunk.

    Args:
        name: the table's name, for checks that speak of it.
        schema: its rules; all its named checks are sound.

    Attributes:
        faults: bounds and members that are no values of their field's type.
    """

    def __init__(self, name: str, schema: Schema) -> None:
        self._name = name
        self._schema = schema
        self.faults: list[BoundFault] = []
        self._rules: dict[str, Rule] = {}
        columns: dict[str, pandera.Column] = {}
        self._exact: dict[int, pandera.Column] = {}
        for position, each in enumerate(schema.fields):
            rules, faults = rules_of(position, each)
            self.faults.extend(faults)
            self._rules.update({rule.name: rule for rule in rules})
            nullable = not each.constraints.required
            columns[f"f{position}"] = _column(each, [rule.check for rule in rules], nullable)
            self._exact[position] = pandera.Column(
                None, [exact_check(rule) for rule in rules], nullable=nullable, coerce=False
            )
        self.row_checks = [
            check for check in schema.checks if KINDS[check.check].scope is Scope.ROW
        ]
        self._pandera = pandera.DataFrameSchema(
            columns, checks=[_frame_check(check) for check in self.row_checks], coerce=False
        )
        self.has_rules = bool(
            self._rules
            or self.row_checks
            or any(each.constraints.required for each in schema.fields)
        )

    def judge(
        self, chunk: TypedChunk
    ) -> tuple[list[Failure], list[tuple[NamedCheck, Outcome]]]:
        """Broken constraints of a chunk, by field and rule, and each row check's outcome."""
        if not self.has_rules or not chunk.count:
            return [], []
        frame = to_frame(
            pa.table(
                [parsed.values for parsed in chunk.parsed],
                names=[f"f{position}" for position in range(len(chunk.parsed))],
            )
        )
        schema = self._pandera
        wide = {at: parsed.wide for at, parsed in enumerate(chunk.parsed) if parsed.wide}
        if wide:
            for position, values in wide.items():
                frame[f"f{position}"] = _as_objects(chunk.parsed[position].values, values)
            schema = self._pandera.update_columns({}).add_columns(
                {f"f{position}": self._exact[position] for position in wide}
            )
        outcomes: dict[str, Outcome] = {}
        scenes = _SCENES.set(lambda check: self._scene(chunk, check))
        recorder = _OUTCOMES.set(outcomes)
        try:
            schema.validate(frame, lazy=True)
            failures: list[Failure] = []
        except pandera.errors.SchemaErrors as errors:
            failures = [
                failure
                for error in errors.schema_errors
                if (failure := self._failure(error, chunk)) is not None
            ]
        finally:
            _SCENES.reset(scenes)
            _OUTCOMES.reset(recorder)
        return failures, [(check, outcomes[check.name]) for check in self.row_checks]

    def _scene(self, chunk: TypedChunk, check: NamedCheck) -> Scene:
        names = KINDS[check.check].reads(check)[""] | check.where.keys()
        own = chunk.columns(self._name, self._schema, frozenset(names))
        return Scene(
            own=own, selected=selected(own, check), looked_up=chunk.looked_up.get(check.name)
        )

    def _failure(self, error: Any, chunk: TypedChunk) -> Failure | None:
        """One Pandera error as positions; None for a named check, whose outcome is kept."""
        name = error.schema.name
        if name is None:
            if not isinstance(error.check, pandera.Check) or error.check_output is None:
                raise error  # a check crashed: our fault, never the data's
            return None
        position = int(name[1:])
        if error.check == "not_nullable":
            missing = np.asarray(
                pc.is_null(chunk.text[position]).to_numpy(zero_copy_only=False)
            )
            absent = chunk.absent.get(position)
            return Failure(
                None, position, np.flatnonzero(missing if absent is None else missing & ~absent)
            )
        if not isinstance(error.check, pandera.Check) or error.check_output is None:
            raise error
        # Nulls are left out of check_output: its index, not its order, says which record.
        output = error.check_output
        rows = output.index[~output.to_numpy(dtype=bool, na_value=True)]
        return Failure(self._rules[error.check.name], position, rows.to_numpy(np.int64))


def _column(each: Field, checks: list[pandera.Check], nullable: bool) -> pandera.Column:
    return pandera.Column(
        dtype_of(lexical.arrow_type(each)), checks, nullable=nullable, coerce=False
    )


def _as_objects(column: pa.Array, wide: Mapping[int, Any]) -> pd.Series[Any]:
    """The column as Python values, with the values that fit no Arrow type in their places.

    Each stands in a tuple of its own: pandas would take a bare NaN for a missing cell.
    """
    values = [None if value is None else (value,) for value in column.to_pylist()]
    for index, value in wide.items():
        values[index] = (value,)
    return pd.Series(values, dtype=object)


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

    return pandera.Check(judge, name=check.name, ignore_na=False, n_failure_cases=1)
