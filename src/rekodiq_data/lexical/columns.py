"""Whole columns: parsing, Arrow types, canonical texts, and what constraints need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data.kernel import PlainCells
from rekodiq_data.lexical.families import family_of
from rekodiq_data.lexical.parsed import none_bad, spread
from rekodiq_data.lexical.plain_kinds import parse_plain
from rekodiq_data.lexical.structures import items_of, load_json, normal_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from rekodiq_data.descriptor.model import Field, Schema
    from rekodiq_data.lexical.parsed import Parsed


def parse(text: pa.StringArray | pa.DictionaryArray | PlainCells, field: Field) -> Parsed:
    """Read a column of cells.

    Args:
        text: cells as written; null where missing (the caller has applied `missingValues`).
            Of a dictionary-encoded column each distinct text is read once, and texts that are
            their own values stay encoded. Plain values are of `plain_kind(field)`, and taken
            over.
        field: says type, format and lexical properties.

    Raises:
        KeyError: the field's type (or a list's item type) is unknown.
    """
    if isinstance(text, PlainCells):
        return parse_plain(text, field) or family_of(field).parse(text.text, field)
    if not isinstance(text, pa.DictionaryArray):
        return family_of(field).parse(text, field)
    distinct = family_of(field).parse(text.dictionary, field)
    if distinct.values is text.dictionary:
        return none_bad(text)
    return spread(distinct, text.indices)


def parse_missing(
    text: pa.StringArray | pa.DictionaryArray, missing: tuple[str, ...]
) -> pa.StringArray | pa.DictionaryArray:
    """The cells with null where the whole text is one of `missing`."""
    encoded = isinstance(text, pa.DictionaryArray)
    found = pc.is_in(text.dictionary if encoded else text, pa.array(missing, pa.string()))
    if not pc.any(found).as_py():
        return text
    if not encoded:
        return pc.if_else(found, None, text)
    # No cell may point to a missing text any longer; the dictionary itself is kept whole.
    gone = found.take(text.indices)
    return pa.DictionaryArray.from_arrays(pc.if_else(gone, None, text.indices), text.dictionary)


def arrow_type(field: Field) -> pa.DataType:
    """The Arrow type of a field's values. Raises KeyError where the field's type is unknown."""
    return family_of(field).arrow


def arrow_schema(schema: Schema) -> pa.Schema:
    """The Arrow schema of a table; `title`, `description`, `unit` as metadata of each field."""
    return pa.schema([_arrow_field(field) for field in schema.fields])


def _arrow_field(field: Field) -> pa.Field:
    words = {
        "title": field.title,
        "description": field.description,
        "unit": field.unit,
    }
    kept = {key.encode(): value.encode() for key, value in words.items() if value}
    return pa.field(field.name, arrow_type(field), metadata=kept or None)


def canonical(values: pa.Array, field: Field) -> pa.StringArray:
    """Canonical texts of values typed as `arrow_type(field)`.

    The shortest form that reads back equal under `canonical_field(field)`; text is unchanged;
    null stays null.
    """
    return family_of(field).canonical(values, field)


def expected(field: Field) -> str:
    """What a cell of this field must look like, in plain words."""
    return family_of(field).expected(field)


def lengths(values: pa.Array, field: Field) -> pa.Int64Array:
    """What `minLength` and `maxLength` count, null where missing.

    Characters (code points) of a string, items of an array or a list, names of an object (or of
    GeoJSON, which is one).

    Raises:
        ValueError: values of this type have no length.
    """
    if field.type in ("string", "any"):
        return pc.utf8_length(values).cast(pa.int64())
    if field.type in ("array", "object", "geojson"):
        return _by_distinct(values, lambda text: len(load_json(text)), pa.int64())
    if field.type == "list":
        return _by_distinct(values, lambda text: len(items_of(field, text)), pa.int64())
    raise ValueError(f"a {field.type} has no length")


def logical(values: pa.Array, field: Field) -> pa.Array:
    """Values that are equal where their meanings are: what `unique`, `enum` and keys compare.

    The values themselves, save for JSON, which is stored as written: {"a":1.0} is {"a": 1}.
    """
    if field.type not in ("array", "object", "geojson"):
        return values
    return _by_distinct(values, lambda text: normal_json(load_json(text)), pa.string())


def _by_distinct(
    values: pa.StringArray, function: Callable[[str], Any], arrow: pa.DataType
) -> pa.Array:
    encoded = values.dictionary_encode()
    found = [function(each) for each in encoded.dictionary.to_pylist()]
    return pa.array(found, arrow).take(encoded.indices)
