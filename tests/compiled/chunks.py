"""Columns of texts, typed and judged chunk by chunk as the engine does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from rekodiq_data import lexical
from rekodiq_data.compiled.chunk import Texts, TypedChunk
from rekodiq_data.compiled.table import CompiledTable
from rekodiq_data.descriptor.model import Constraints, Field, Schema

Cells = Sequence[str | None]

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
    return Field(
        name,
        type_,
        constraints=Constraints(**made),
        categories=None if categories is None else tuple(categories),
    )


def chunk_of(
    fields: Sequence[Field], columns: Sequence[Cells], *, encoded: bool = False
) -> TypedChunk:
    """A chunk of these columns; None is a missing cell. Text is `encoded` as a dictionary."""
    texts = tuple(pa.array(column, pa.string()) for column in columns)
    parsed = [lexical.parse(text, field) for text, field in zip(texts, fields, strict=True)]
    for at, each in enumerate(parsed):
        if encoded and pa.types.is_string(each.values.type):
            parsed[at] = replace(each, values=each.values.dictionary_encode())
    return TypedChunk(len(columns[0]), Texts(texts), tuple(parsed))


def broken(
    field: Field, cells: Cells, cuts: Sequence[int] = (), *, encoded: bool = False
) -> dict[str, list[int]]:
    """The positions of cells that break each rule of a field: `{"minimum": [0, 3]}`.

    The column is judged in chunks that are cut at `cuts`, one after the other.
    """
    table = CompiledTable("t", Schema((field,)))
    assert not table.faults
    found: dict[str, list[int]] = {}
    edges = [0, *sorted(cuts), len(cells)]
    for start, end in pairwise(edges):
        chunk = chunk_of([field], [cells[start:end]], encoded=encoded)
        failures, _outcomes = table.judge(chunk)
        codes = ["required" if f.rule is None else f.rule.code.split(".")[1] for f in failures]
        assert len(set(codes)) == len(codes), "one failure for each rule"
        for code, failure in zip(codes, failures, strict=True):
            assert np.all(np.diff(failure.rows) > 0), "in the order of the records"
            found.setdefault(code, []).extend((failure.rows + start).tolist())
    return found
