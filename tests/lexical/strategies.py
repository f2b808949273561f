"""Random fields, and random cells for them: right ones, slightly wrong ones, and anything."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from hypothesis import strategies as st

from rekodiq_data.descriptor.model import Field

from .cases import CASES

_NAMES = {
    "groupChar": "group_char",
    "decimalChar": "decimal_char",
    "bareNumber": "bare_number",
    "itemType": "item_type",
    "trueValues": "true_values",
    "falseValues": "false_values",
}
_PATTERNS = {
    "date": ["default", "any", "%d/%m/%Y", "%Y%m%d", "%d %b %Y", "fmt:%m/%d/%Y", "yyyy-mm-dd"],
    "datetime": [
        "default",
        "any",
        "%d/%m/%Y %H:%M",
        "%Y-%m-%d %H:%M:%S.%f",
        "%Y-%m-%dT%H:%M%z",
    ],
    "time": ["default", "any", "%H:%M", "%H:%M:%S.%f", "%I %p"],
}
_MARKS = [(".", None), (".", ","), (".", " "), (",", "."), (",", None), (",", " ")]
_ITEMS = ["string", "integer", "boolean", "number", "datetime", "date", "time"]

# What people, spreadsheets and other alphabets put into cells.
_ODD = list("0123456789+-.,:;/TZeE%_ \t\n\"'[]{}()") + list("٣３²½−–€\u00a0\u200b\ufefféınf")


def field_of(raw: dict[str, Any]) -> Field:
    """A field from its JSON."""
    values = {_NAMES.get(key, key): value for key, value in raw.items()}
    for key in ("true_values", "false_values"):
        if key in values:
            values[key] = tuple(values[key])
    return Field(**values, raw=raw)


def _descriptors() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        *(
            {"type": type_}
            for type_ in ("any", "object", "array", "year", "yearmonth", "duration")
        ),
        *(
            {"type": type_, "format": form}
            for type_, forms in _PATTERNS.items()
            for form in forms
        ),
        *(
            {"type": "string", "format": form}
            for form in ("default", "email", "uri", "uuid", "binary")
        ),
        {"type": "boolean"},
        {"type": "boolean", "trueValues": ["yes", "Y"], "falseValues": ["no"]},
        *({"type": "list", "itemType": item, "delimiter": ";"} for item in _ITEMS),
        {"type": "list"},
        *({"type": "geopoint", "format": form} for form in ("default", "array", "object")),
        *({"type": "geojson", "format": form} for form in ("default", "topojson")),
    ]
    for decimal, group in _MARKS:
        for bare in (True, False):
            marks = {"decimalChar": decimal} | ({"groupChar": group} if group else {})
            found.append({"type": "number", "bareNumber": bare} | marks)
            if decimal == ".":
                grouped = {"groupChar": group} if group else {}
                found.append({"type": "integer", "bareNumber": bare} | grouped)
    found += [{"type": "integer"}, {"type": "number"}]
    return [{"name": "x"} | each for each in found]


DESCRIPTORS = _descriptors()
fields = st.sampled_from(DESCRIPTORS).map(field_of)

_years = st.integers(1000, 9999)
_dates = st.dates(date(1000, 1, 1))
_moments = st.datetimes(datetime(1000, 1, 1))
_zones = st.sampled_from(["", "", "Z", "+05:00", "-03:30", "+14:00", "+0500", "+15:00"])
_floats = st.floats(allow_nan=False, allow_infinity=False)


def _numbers(field: Field) -> st.SearchStrategy[str]:
    numbers = st.integers(-(10**20), 10**20) | st.integers(-9999, 9999)
    if field.type == "number":
        numbers = numbers | _floats | st.decimals(-(10**9), 10**9, places=3)
    group, mark = field.group_char or "", field.decimal_char

    def written(number: Any) -> str:
        text = f"{number:,}" if group else str(number)
        return text.translate({ord(","): group, ord("."): mark})

    texts = numbers.map(written) | st.sampled_from(
        ["NaN", "INF", "-INF", "+1", "007", "1E5", ".5"]
    )
    if field.bare_number:
        return texts
    around = st.sampled_from(["", "€", "EUR ", "%", " t", "Rs.", "-", "m2 "])
    return st.tuples(around, texts, around).map("".join)


def _moment(field: Field) -> st.SearchStrategy[str]:
    form = field.format.removeprefix("fmt:")
    if form in ("default", "any"):
        return {
            "date": _dates.map(date.isoformat),
            "datetime": st.tuples(_moments.map(datetime.isoformat), _zones).map("".join),
            "time": _moments.map(lambda moment: moment.strftime("%H:%M:%S")),
        }[field.type]
    return _moments.map(lambda moment: moment.strftime(form.replace("%z", "+0530")))


def _right(field: Field) -> st.SearchStrategy[str]:
    if field.type in ("integer", "number"):
        return _numbers(field)
    if field.type in ("date", "datetime", "time"):
        return _moment(field)
    if field.type == "boolean":
        return st.sampled_from(field.true_values + field.false_values)
    if field.type == "year":
        return _years.map(str)
    if field.type == "yearmonth":
        return _dates.map(lambda day: f"{day:%Y-%m}")
    if field.type == "duration":
        parts = st.tuples(*[st.integers(0, 99)] * 6)
        return parts.map(lambda part: "P{}Y{}M{}DT{}H{}M{}S".format(*part)) | st.tuples(
            st.integers(0, 999), st.sampled_from("YMD")
        ).map(lambda part: f"P{part[0]}{part[1]}")
    if field.type == "list":
        item = Field("x", field.item_type)
        return st.lists(_right(item), min_size=1, max_size=3).map(field.delimiter.join)
    if field.type == "geopoint":
        pair = st.tuples(st.integers(-200, 200), st.floats(-100, 100))
        return pair.map(
            lambda point: {
                "array": json.dumps(point),
                "object": json.dumps({"lon": point[0], "lat": point[1]}),
            }.get(field.format, f"{point[0]}, {point[1]}")
        )
    known = [text for case in CASES if case.field.type == field.type for text in case.accepted]
    return st.sampled_from([text for text in known if len(text) < 300] or [""])


@st.composite
def _edited(draw: st.DrawFn, field: Field) -> str:
    """A right text with one or two characters put in, taken out or exchanged."""
    text = draw(_right(field))
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, len(text)))
        taken = draw(st.integers(0, 1))
        put = draw(st.sampled_from(["", *_ODD]))
        text = text[:at] + put + text[at + taken :]
    return text


def _known(field: Field) -> st.SearchStrategy[str]:
    texts = [
        text
        for case in CASES
        if case.field.type == field.type
        for text in (*case.accepted, *case.refused)
        if len(text) < 300
    ]
    return st.sampled_from(texts or [""])


def cells(field: Field) -> st.SearchStrategy[str]:
    """Cells for a field; about half of them faulty, for most types."""
    other = fields.flatmap(_right)
    anything = st.text(max_size=12) | st.text(st.sampled_from(_ODD), max_size=8)
    return st.one_of(
        _right(field), _right(field), _edited(field), _known(field), other, anything
    )


@st.composite
def columns(draw: st.DrawFn, *, gaps: bool = True) -> tuple[Field, list[str | None]]:
    """A field with a column of cells for it."""
    field = draw(fields)
    cell: st.SearchStrategy[Any] = cells(field)
    return field, draw(st.lists(cell | st.none() if gaps else cell, min_size=1, max_size=12))
