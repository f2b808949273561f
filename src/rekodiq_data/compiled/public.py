"""The compiled schema for people: real column names, keys included, frames of their own."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pandera.pandas as pandera

from rekodiq_data import lexical
from rekodiq_data.checks import KINDS, run
from rekodiq_data.checks.base import Scene, Scope, Verdict
from rekodiq_data.compiled.chunk import Texts, TypedChunk
from rekodiq_data.compiled.rules import rules_of
from rekodiq_data.frames import dtype_of, to_array
from rekodiq_data.report import Severity

if TYPE_CHECKING:
    import pyarrow as pa

    from rekodiq_data.descriptor.model import Field, NamedCheck, Schema


def public_schema(table: str, schema: Schema) -> pandera.DataFrameSchema:
    """The rules of `schema` that one frame can be judged by.

    A check that looks something up in another table finds nothing there, as if the other table
    were silent. Failures that the frame's own reading marks explain are none, and what is a
    warning to `validate` warns here too.
    """
    columns = {
        field.name: pandera.Column(
            dtype_of(lexical.arrow_type(field)),
            _rules(position, field),
            nullable=not (field.constraints.required or field.name in schema.primary_key),
            title=field.title or None,
            description=field.description or None,
        )
        for position, field in enumerate(schema.fields)
    }
    checks = [
        _check(table, schema, check)
        for check in schema.checks
        if KINDS[check.check].scope is Scope.ROW
    ]
    keys = [list(key) for key in (schema.primary_key, *schema.unique_keys) if key]
    checks.extend(_unique(key) for key in keys)
    return pandera.DataFrameSchema(
        columns,
        checks=checks,
        name=table,
        title=schema.title or None,
        description=schema.description or None,
        strict=True,
        ordered=True,
        coerce=False,
    )


def _rules(position: int, field: Field) -> list[pandera.Check]:
    """The constraints of one field, each naming all that breaks it."""
    checks = []
    for rule in rules_of(position, field)[0]:
        check = copy(rule.check)
        check.name, check.n_failure_cases = rule.code.removeprefix("constraint."), None
        checks.append(check)
    if field.constraints.unique:
        # Pandera's own `unique` counts two nulls as the same; a check is given none of them.
        checks.append(pandera.Check(lambda values: ~values.duplicated(), name="unique"))
    return checks


def _unique(key: list[str]) -> pandera.Check:
    """No key occurs twice; rows with an empty part are left out, as the specification asks."""

    def judge(frame: pd.DataFrame) -> pd.Series[bool]:
        part = frame[key]
        repeated = part.duplicated(keep="first") & part.notna().all(axis=1)
        return ~repeated.astype(bool)

    return pandera.Check(judge, name=f"unique: {', '.join(key)}", ignore_na=False)


def _check(table: str, schema: Schema, check: NamedCheck) -> pandera.Check:
    kind = KINDS[check.check]

    def marks_of(texts: list[pa.Array]) -> pa.Array | None:
        return texts[schema.position(schema.reading.field)] if schema.reading else None

    def judge(frame: pd.DataFrame) -> pd.Series[bool]:
        values = [
            to_array(frame[field.name], lexical.arrow_type(field)) for field in schema.fields
        ]
        texts = [
            lexical.canonical(column, field)
            for column, field in zip(values, schema.fields, strict=True)
        ]
        none_bad = np.zeros(len(frame), bool)
        chunk = TypedChunk(
            len(frame),
            Texts(texts),
            tuple(lexical.Parsed(column, none_bad, {}) for column in values),
        )
        names = kind.reads(check)[""] | check.where.keys()
        own = chunk.columns(table, schema, frozenset(names))
        outcome = kind.judge(Scene(own=own, selected=run.selected(own, check)), check)
        failed = outcome.verdicts == Verdict.FAILED
        excused = run.explained(schema.reading, check, marks_of(texts))
        if excused is not None:
            failed &= ~excused
        return pd.Series(~failed, index=frame.index)

    is_warning = (check.severity or kind.severity) is Severity.WARNING
    return pandera.Check(judge, name=check.name, ignore_na=False, raise_warning=is_warning)
