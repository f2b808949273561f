"""What is right by the specification, and has no place in the files that a build writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rekodiq_data import lexical
from rekodiq_data.compiled.chunk import decoded, is_native
from rekodiq_data.formats.canonical import EMPTY_IS_A_VALUE
from rekodiq_data.judge.book import RuleKey, cells, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from rekodiq_data.compiled.chunk import TypedChunk
    from rekodiq_data.descriptor.model import Schema
    from rekodiq_data.formats.base import Chunk
    from rekodiq_data.judge.book import Book


def add_unstorable(
    book: Book,
    key_of: Callable[[str, str, str], RuleKey],
    schema: Schema,
    columns: tuple[int | None, ...],
    chunk: Chunk,
    typed: TypedChunk,
) -> None:
    """Note each value of a chunk that typed Parquet or canonical CSV would change."""
    for position, field in enumerate(schema.fields):
        key = key_of("type-error", "type.storable", field.name)
        if wide := sorted(typed.parsed[position].wide):
            rows = np.array(wide, np.int64)
            text = typed.text[position]
            kind = lexical.arrow_type(field)
            form = (
                f"{{}} can't be stored as {kind} without a change; shorten it, or make the"
                " field a string"
            )
            book.add(
                key,
                chunk.row_numbers[rows],
                note=words(text, rows, form),
                cell=cells(text, rows),
            )
        missing = schema.missing_values_of(field)
        at = columns[position]
        if field.type == "any" and at is not None and is_native(chunk.columns[at]):
            # A number that is written as a missing value is, in a field of any type.
            plain = decoded(typed.text[position])
            alike = [i for i, each in enumerate(plain.to_pylist()) if each in missing]
            if alike:
                rows = np.array(alike, np.int64)
                form = "{} can't be stored: as text it is one of the field's missing values"
                notes = words(plain, rows, form)
                book.add(key, chunk.row_numbers[rows], note=notes, cell=cells(plain, rows))
        if not missing and field.type in EMPTY_IS_A_VALUE and typed.text.has_missing(position):
            # Formats with a null of their own, and `nullSequence`, need no such text.
            rows = np.flatnonzero(typed.text.missing(position))
            book.add(
                key,
                chunk.row_numbers[rows],
                note=lambda _index: (
                    "the missing value can't be stored: as text it would be an empty one; list"
                    ' a text for it under "missingValues"'
                ),
                cell=lambda _index: "",
            )
    _add_empty_records(book, chunk, typed)


def _add_empty_records(book: Book, chunk: Chunk, typed: TypedChunk) -> None:
    """Note records without any value, which are no line of CSV."""
    columns = range(len(typed.text))
    if len(columns) < 2 or not all(map(typed.text.has_missing, columns)):
        return
    empty = np.ones(chunk.count, bool)
    for column in columns:
        empty &= typed.text.missing(column)
    if rows := np.flatnonzero(empty).tolist():
        book.add(
            RuleKey("blank-row", "row.storable"),
            chunk.row_numbers[rows],
            note=lambda _index: "the record has no value, and can't be stored; remove it",
        )
