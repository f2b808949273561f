"""Canonical CSV: one text for one table, whatever wrote it.

UTF-8, LF, comma, quotes only around cells that hold a comma, a quote, CR or LF (and around an
empty cell that is its whole line, which would otherwise be no record at all); numbers in the
shortest form that reads back equal, ISO dates, `true` and `false`, no group marks.

A missing value is an empty cell. Only where an empty cell is a value of its own (in a field of
text, or of lists, that does not list `""` among its missing values) is it the first text that
the field does list.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data import lexical
from rekodiq_data.descriptor.restated import restated
from rekodiq_data.kernel import lines_of

if TYPE_CHECKING:
    from rekodiq_data.descriptor.model import Field, Schema

# Types of which an empty text is a value: the empty one, the list without items.
EMPTY_IS_A_VALUE = frozenset({"string", "any", "list"})
_SPECIAL = '[",\r\n]'


def csv_header(schema: Schema) -> bytes:
    r"""The header line of a table.

    >>> from rekodiq_data.descriptor.model import Field, Schema
    >>> csv_header(Schema(fields=(Field("id"), Field('a "b", c'))))
    b'id,"a ""b"", c"\n'
    """
    return _joined([_quoted(pa.array([name])) for name in schema.names])


def csv_lines(records: pa.Table, schema: Schema) -> bytes:
    """Lines of some records, typed as `lexical.arrow_schema(schema)`, in their order."""
    if not records.num_rows:
        return b""
    columns = [
        lexical.canonical(_whole(records.column(index)), field)
        for index, field in enumerate(schema.fields)
    ]
    missing = [_quoted_one(missing_text(schema, field)) for field in schema.fields]
    lines = lines_of(columns, missing)
    if lines is not None:
        return lines
    filled = [
        _quoted(column).fill_null(text) for column, text in zip(columns, missing, strict=True)
    ]
    return _joined(filled)


def missing_text(schema: Schema, field: Field) -> str:
    """What stands for a missing value of `field` in canonical CSV."""
    listed = schema.missing_values_of(field)
    if "" in listed or field.type not in EMPTY_IS_A_VALUE or not listed:
        return ""
    return listed[0]


def canonical_schema(schema: Schema) -> dict[str, Any]:
    """The Table Schema of the canonical CSV: lexical properties reset, all rules kept."""
    raw = restated(schema)
    fields = []
    for field, own in zip(schema.fields, raw["fields"], strict=True):
        each = lexical.canonical_field(replace(field, raw=own))
        each.pop("missingValues", None)
        missing = missing_text(schema, field)
        if missing:
            each["missingValues"] = [missing]
        elif field.type in EMPTY_IS_A_VALUE and "" not in schema.missing_values_of(field):
            each["missingValues"] = []
        fields.append(each)
    raw["fields"] = fields
    raw["missingValues"] = [""]
    return raw


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _quoted(text: pa.Array) -> pa.Array:
    special = pc.match_substring_regex(text, _SPECIAL)
    if not pc.any(special).as_py():
        return text
    doubled = pc.replace_substring(text, '"', '""')
    return pc.if_else(special, pc.binary_join_element_wise('"', doubled, '"', ""), text)


def _quoted_one(text: str) -> str:
    return str(_quoted(pa.array([text]))[0])


def _joined(columns: list[pa.Array]) -> bytes:
    lines = columns[0]
    if len(columns) > 1:
        lines = pc.binary_join_element_wise(*columns, ",")
    else:
        lines = pc.if_else(pc.equal(lines, ""), '""', lines)
    ended = pc.binary_join_element_wise(lines, pa.scalar("\n"), "")
    # The text buffer of the array is exactly the lines one after the other.
    return b"".join(chunk.buffers()[2].to_pybytes() for chunk in [ended] if len(chunk))
