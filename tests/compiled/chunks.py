"""Chunks of one or more columns of texts, typed and judged as the engine does it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from rekodiq_data import lexical
from rekodiq_data.compiled.chunk import TypedChunk
from rekodiq_data.compiled.table import CompiledTable
from rekodiq_data.descriptor.model import Constraints, Field, Schema

_ATTRIBUTES = {
    "exclusiveMinimum": "exclusive_minimum",
    "exclusiveMaximum": "exclusive_maximum",
    "minLength": "min_length",
    "maxLength": "max_length",
    "jsonSchema": "json_schema",
}


def ruled(type_: str, name: str = "x", categories: Any = None, **constraints: Any) -> Field:
    """A field with constraints, named as in JSON."""
    made = {_ATTRIBUTES.get(key, key): value for key, value in constraints.items()}
    if "enum" in made:
        made["enum"] = tuple(made["enum"])
    return Field(name, type_, constraints=Constraints(**made), categories=categories)


def chunk_of(fields: Sequence[Field], columns: Sequence[Sequence[str | None]]) -> TypedChunk:
    """A chunk of these columns; None is a missing cell."""
    texts = tuple(pa.array(column, pa.string()) for column in columns)
    parsed = tuple(
        lexical.parse(text, field) for text, field in zip(texts, fields, strict=True)
    )
    return TypedChunk(len(columns[0]), texts, parsed)


def broken(field: Field, cells: Sequence[str | None]) -> dict[str, list[int]]:
    """The positions of cells that break each rule of a field: `{"minimum": [0, 3]}`."""
    return broken_by([field], [cells])[0]


def broken_by(
    fields: Sequence[Field], columns: Sequence[Sequence[str | None]]
) -> list[dict[str, list[int]]]:
    """The same for several fields at once, in their order."""
    table = CompiledTable("t", Schema(tuple(fields)))
    assert not table.faults
    failures, _outcomes = table.judge(chunk_of(fields, columns))
    found: list[dict[str, list[int]]] = [{} for _ in fields]
    for failure in failures:
        code = "required" if failure.rule is None else failure.rule.code.split(".")[1]
        assert code not in found[failure.position], "one failure for each rule"
        assert np.all(np.diff(failure.rows) > 0), "in the order of the records"
        found[failure.position][code] = failure.rows.tolist()
    return found
