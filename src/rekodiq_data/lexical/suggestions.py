"""What a bad cell was likely meant to be.

A suggestion is only made when it is itself a value of the field's type, and when one reading
stands out: no guess between the 3rd of April and the 4th of March.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote
from uuid import UUID

from rekodiq_data.descriptor.model import Field
from rekodiq_data.lexical.families import family_of
from rekodiq_data.lexical.likely_dates import likely_moments, likely_months, likely_years
from rekodiq_data.lexical.likely_numbers import likely_numbers
from rekodiq_data.lexical.parsed import BAD, format_of
from rekodiq_data.lexical.structures import items_of, load_json

if TYPE_CHECKING:
    Likely: TypeAlias = Callable[[Field, str], Iterator[str]]

_LONGEST = 1000  # characters; a longer cell is no slip of the pen
_SIGNS = dict.fromkeys(map(ord, "‐‑‒–—−﹣－"), "-") | {ord("٫"): ".", ord("٬"): ","}
_TRUE = frozenset({"true", "yes", "y", "t", "on", "1"})
_FALSE = frozenset({"false", "no", "n", "f", "off", "0"})
_DOMAIN = re.compile(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?:[/?#:].*)?")
_SPAN = re.compile("([0-9]+) ?(year|month|week|day|hour|minute|second)s?", re.IGNORECASE)
_CLOCK = re.compile("([0-9]+):([0-5][0-9])(?::([0-5][0-9]))?")
_WEEKS = re.compile("P([0-9]{1,6})W")
_PAIR = re.compile(r"[\[(]?([^,; ()\[\]]+)[,; ]+([^,; ()\[\]]+)[\])]?")


def suggestion(field: Field, cell: str) -> str | None:
    """The text that a bad cell was likely meant to be, or None.

    Raises:
        KeyError: the field's type is unknown.

    >>> suggestion(Field("x", "integer"), " 1,213 "), suggestion(Field("x", "date"), "3/4/2024")
    ('1213', None)
    """
    read = family_of(field).reader(field)
    if len(cell) > _LONGEST:
        return None
    text = plain(cell)
    for likely in (text, *_LIKELY.get(field.type, _nothing)(field, text)):
        if likely != cell and read(likely) is not BAD:
            return likely
    return None


def plain(cell: str) -> str:
    """The text without blanks around it, with ASCII digits, hyphens and marks.

    >>> plain(" −۱۲٫۵ ")
    '-12.5'
    """
    digits = "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else char for char in cell
    )
    return " ".join(digits.translate(_SIGNS).split())


def _nothing(_field: Field, _text: str) -> Iterator[str]:
    yield from ()


def _booleans(field: Field, text: str) -> Iterator[str]:
    written = text.lower()
    yield from (
        each for each in field.true_values + field.false_values if each.lower() == written
    )
    if written in _TRUE:
        yield from field.true_values[:1]
    if written in _FALSE:
        yield from field.false_values[:1]


def _strings(field: Field, text: str) -> Iterator[str]:
    form = format_of(field)
    if form == "email":
        inner = text[text.rfind("<") + 1 :].removeprefix("mailto:").rstrip(">.,; ")
        yield inner
        yield re.sub(r" ?[\[(]at[\])] ?", "@", inner, flags=re.IGNORECASE)
    elif form == "uri":
        # "%" stays: what is already encoded is not encoded twice.
        encoded = quote(text, safe="%/:?#[]@!$&'()*+,;=~", errors="replace")
        yield encoded
        if _DOMAIN.fullmatch(encoded):
            yield f"https://{encoded}"
    elif form == "uuid":
        try:
            yield str(UUID(text))
        except ValueError:
            return
    elif form == "binary":
        packed = text.replace(" ", "").replace("-", "+").replace("_", "/").rstrip("=")
        yield packed + "=" * (-len(packed) % 4)


def _json(_field: Field, text: str) -> Iterator[str]:
    """Python's way of writing an object, and a list without its brackets."""
    if '"' not in text:
        names = re.sub(r"\b(?:NaN|None|nan)\b", "null", text)
        names = re.sub(r"\bTrue\b", "true", re.sub(r"\bFalse\b", "false", names))
        yield names.replace("'", '"')
    if not text.startswith(("[", "{")):
        yield f"[{text}]"


def _lists(field: Field, text: str) -> Iterator[str]:
    item = Field(field.name, field.item_type)
    read = family_of(item).reader(item)
    for other in ("", ";", "|", ","):
        swapped = text.replace(other, field.delimiter) if other and field.delimiter else text
        items = [
            each if read(each) is not BAD else suggestion(item, each)
            for each in items_of(field, swapped)
        ]
        yield field.delimiter.join(each or "" for each in items)


def _points(field: Field, text: str) -> Iterator[str]:
    value = load_json(text)
    if isinstance(value, dict) and value.keys() == {"lon", "lat"}:
        pair = str(value["lon"]), str(value["lat"])
    elif match := _PAIR.fullmatch(text.replace('"', "")):
        pair = match[1], match[2]
    else:
        return
    for lon, lat in (pair, pair[::-1]):
        yield {
            "array": f"[{lon}, {lat}]",
            "object": f'{{"lon": {lon}, "lat": {lat}}}',
        }.get(format_of(field), f"{lon}, {lat}")


def _durations(_field: Field, text: str) -> Iterator[str]:
    yield text.upper()
    if match := _WEEKS.fullmatch(text.upper()):
        yield f"P{int(match[1]) * 7}D"
    elif match := _SPAN.fullmatch(text):
        count, unit = match[1], match[2].lower()
        if unit == "week":
            yield f"P{int(count[:6]) * 7}D" if len(count) <= 6 else ""
        else:
            in_day = unit in ("hour", "minute", "second")
            yield f"P{'T' if in_day else ''}{count}{unit[0].upper()}"
    elif match := _CLOCK.fullmatch(text):
        seconds = f"{int(match[3])}S" if match[3] else ""
        yield f"PT{match[1]}H{int(match[2])}M{seconds}"


_LIKELY: Mapping[str, Likely] = {
    "string": _strings,
    "integer": likely_numbers,
    "number": likely_numbers,
    "boolean": _booleans,
    "date": likely_moments,
    "datetime": likely_moments,
    "time": likely_moments,
    "year": lambda _field, text: likely_years(text),
    "yearmonth": lambda _field, text: likely_months(text),
    "duration": _durations,
    "object": _json,
    "array": _json,
    "geojson": _json,
    "list": _lists,
    "geopoint": _points,
}
