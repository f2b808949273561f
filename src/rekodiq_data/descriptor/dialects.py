"""Reading a Table Dialect (version 2) or a CSV Dialect (version 1), which is a part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rekodiq_data.descriptor.model import Dialect
from rekodiq_data.descriptor.vocabulary import DIALECT_KEYS

if TYPE_CHECKING:
    from rekodiq_data.descriptor.faults import Part

_DEFAULT = Dialect()
TAB_SEPARATED = Dialect(delimiter="\t")


def default_dialect(format_: str) -> Dialect:
    """The dialect of a table that states none: commas, or tabs where the format is `tsv`."""
    return TAB_SEPARATED if format_ == "tsv" else _DEFAULT


def read_dialect(part: Part, format_: str) -> Dialect:
    """The dialect that `part` describes. Its `raw` holds the keys that other formats use."""
    part.check_keys(DIALECT_KEYS)
    _check_other_formats(part)
    quote = _character(part, "quoteChar", _DEFAULT.quote_char)
    escape = _character(part, "escapeChar", None)
    return Dialect(
        header=part.flag("header", default=_DEFAULT.header),
        delimiter=_sequence(part, "delimiter") or default_dialect(format_).delimiter,
        line_terminator=_sequence(part, "lineTerminator"),
        quote_char=quote,
        double_quote=part.flag("doubleQuote", default=_DEFAULT.double_quote),
        escape_char=escape,
        null_sequence=_text(part, "nullSequence"),
        skip_initial_space=part.flag("skipInitialSpace", default=_DEFAULT.skip_initial_space),
        comment_char=_sequence(part, "commentChar"),
        raw=part.value,
    )


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


def _check_other_formats(part: Part) -> None:
    """Note wrong shapes of the keys that `Dialect` has no place for; they stay in `raw`."""
    for key in ("headerRows", "commentRows"):
        odd = [row for row in part.items(key) if type(row) is not int or row < 1]
        if odd:
            part.wrong_item(key, "row numbers from 1 on", odd[0])
    for key in ("headerJoin", "property", "sheetName", "table"):
        part.text(key)
    part.texts("itemKeys")
    part.integer("sheetNumber", least=1)
    if part.value.get("itemType", "array") not in ("array", "object"):
        part.wrong("itemType", '"array" or "object"')
