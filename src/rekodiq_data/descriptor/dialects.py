"""Reading a Table Dialect (version 2) or a CSV Dialect (version 1), which is a part of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rekodiq_data.descriptor.model import Dialect
from rekodiq_data.descriptor.vocabulary import DIALECT_KEYS, Version

if TYPE_CHECKING:
    from rekodiq_data.descriptor.faults import Part

_DEFAULT = Dialect()
TAB_SEPARATED = Dialect(delimiter="\t")

# Frictionless writes the properties of each format under that format's name. They are no part
# of the specification, but stand in many packages; what they are called there, and here.
_CONTROLS: dict[str, dict[str, str]] = {
    "csv": {
        key: key
        for key in (
            *("delimiter", "lineTerminator", "quoteChar", "doubleQuote", "escapeChar"),
            *("nullSequence", "skipInitialSpace"),
        )
    },
    "json": {"property": "property", "keys": "itemKeys"},
    "excel": {"sheet": "sheetName"},
    "sql": {"table": "table"},
}


def default_dialect(format_: str) -> Dialect:
    """The dialect of a table that states none: commas, or tabs where the format is `tsv`."""
    return TAB_SEPARATED if format_ == "tsv" else _DEFAULT


def read_dialect(part: Part, format_: str) -> Dialect:
    """The dialect that `part` describes."""
    part.check_keys(DIALECT_KEYS)
    raw = part.value
    part = replace(part, value=_flat(raw))
    quote = _character(part, "quoteChar", _DEFAULT.quote_char)
    escape = _character(part, "escapeChar", None)
    delimiter = _sequence(part, "delimiter") or default_dialect(format_).delimiter
    _check_marks(part, {"delimiter": delimiter, "quoteChar": quote, "escapeChar": escape})
    return Dialect(
        header=part.flag("header", default=_DEFAULT.header),
        header_rows=_rows(part, "headerRows") or _DEFAULT.header_rows,
        header_join=part.text("headerJoin", _DEFAULT.header_join),
        comment_rows=_rows(part, "commentRows"),
        delimiter=delimiter,
        line_terminator=_sequence(part, "lineTerminator"),
        quote_char=quote,
        double_quote=part.flag("doubleQuote", default=_DEFAULT.double_quote),
        escape_char=escape,
        null_sequence=_text(part, "nullSequence"),
        skip_initial_space=part.flag("skipInitialSpace", default=_DEFAULT.skip_initial_space),
        comment_char=_sequence(part, "commentChar"),
        property=_text(part, "property"),
        item_type=_item_type(part),
        item_keys=part.texts("itemKeys") or (),
        sheet_number=part.integer("sheetNumber", least=1) or _DEFAULT.sheet_number,
        sheet_name=_text(part, "sheetName"),
        table=_text(part, "table"),
        skip_blank_rows=part.flag("skipBlankRows"),
        case_matters=_case_matters(part),
        raw=raw,
    )


def _check_marks(part: Part, marks: Mapping[str, str | None]) -> None:
    """Note a delimiter that ends lines, or that quotes or escapes as well."""
    delimiter = str(marks["delimiter"])
    for key, mark in marks.items():
        if mark and ("\n" in mark or "\r" in mark):
            part.fault("descriptor.dialect", f'{part.words}: "{key}" holds a line end', key=key)
        elif key != "delimiter" and mark == delimiter:
            part.fault(
                "descriptor.dialect",
                f'{part.words}: "{key}" and "delimiter" are the same',
                key=key,
            )


def _case_matters(part: Part) -> bool:
    """Whether `ID` and `id` are different labels.

    `caseSensitiveHeader` belongs to version 1 alone, `headerCase` is Frictionless's. The first
    has the default false; nobody reads it so, and a name that differs is said.
    """
    matters = part.flag("headerCase", default=True)
    if part.source.version is not Version.V2:
        matters = matters and part.flag("caseSensitiveHeader", default=True)
    return matters


def _flat(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The properties with those that Frictionless keeps under a format's name among them."""
    found: dict[str, Any] = {}
    for control, names in _CONTROLS.items():
        inner = raw.get(control)
        if isinstance(inner, Mapping):
            found.update({names[key]: inner[key] for key in inner if key in names})
    if isinstance(found.get("sheetName"), int):
        found["sheetNumber"] = found.pop("sheetName")
    return {**found, **raw}


def _text(part: Part, key: str) -> str | None:
    """The text under `key`, or None."""
    return part.text(key) if key in part.value else None


def _sequence(part: Part, key: str) -> str | None:
    """The text of at least one character under `key`, or None."""
    if key not in part.value:
        return None
    text = part.text(key)
    if text == "" and part.value[key] == "":
        part.fault("descriptor.empty", f'{part.words}: "{key}" must not be empty', key=key)
    return text or None


def _character(part: Part, key: str, default: str | None) -> str | None:
    """The one character under `key`, or the default. Null turns quoting (or escaping) off."""
    value = part.value.get(key, default)
    # CSV Dialect of version 1 lets both be null: nothing quotes, nothing escapes.
    if value is None or (isinstance(value, str) and len(value) == 1):
        return value
    part.wrong(key, "one character")
    return default


def _rows(part: Part, key: str) -> tuple[int, ...]:
    """The row numbers under `key`, in ascending order."""
    rows = part.items(key)
    odd = [row for row in rows if type(row) is not int or row < 1]
    if odd:
        part.wrong_item(key, "row numbers from 1 on", odd[0])
        return ()
    return tuple(sorted(set(rows)))


def _item_type(part: Part) -> str | None:
    """Whether the rows of JSON are lists (`array`) or objects; None where it is not said."""
    value = part.value.get("itemType")
    if value is None or value in ("array", "object"):
        return value
    part.wrong("itemType", '"array" or "object"')
    return None
