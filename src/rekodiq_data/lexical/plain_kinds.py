"""Which fields have plain values that the compiled kernel reads, and what it leaves to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rekodiq_data.kernel import Kind
from rekodiq_data.lexical.dates import DEFAULTS
from rekodiq_data.lexical.moments import date_reader
from rekodiq_data.lexical.numbers import (
    integer_reader,
    number_reader,
    store_integer,
    store_number,
)
from rekodiq_data.lexical.parsed import format_of, settle_plain

if TYPE_CHECKING:
    from rekodiq_data.descriptor.model import Field
    from rekodiq_data.kernel import PlainCells
    from rekodiq_data.lexical.parsed import Parsed


def plain_kind(field: Field) -> Kind | None:
    """The kind of plain values whose texts mean themselves in this field; None where none do.

    A group mark or another decimal mark could stand in such a text and change it.
    """
    if field.type == "integer" and not field.group_char:
        return Kind.INTEGER
    if field.type == "number" and not field.group_char and field.decimal_char in {None, "."}:
        return Kind.NUMBER
    if field.type == "date" and format_of(field) in {"default", DEFAULTS["date"]}:
        return Kind.DATE
    return None


def parse_plain(cells: PlainCells, field: Field) -> Parsed | None:
    """A column of plain values, completed; None where most of its cells are not plain."""
    if field.type == "integer":
        return settle_plain(cells, integer_reader(field), store_integer)
    if field.type == "number":
        return settle_plain(cells, number_reader(field), store_number)
    return settle_plain(cells, date_reader(field))
