"""Bounds, members and order: what constraints compare."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekodiq_data import lexical
from rekodiq_data.descriptor.model import Field

from .strategies import columns

_EUROPEAN = Field("x", "number", decimal_char=",", group_char=".")


@pytest.mark.parametrize(
    ("field", "stated", "wanted"),
    [
        (Field("x", "integer"), 5, 5),
        (Field("x", "integer"), "5", 5),
        (Field("x", "integer"), 5.0, 5),
        (Field("x", "integer"), 10**30, 10**30),
        (Field("x", "integer", group_char=","), "1,000", 1000),
        (Field("x", "number"), 1.5, 1.5),
        (Field("x", "number"), 2, 2.0),
        (Field("x", "number"), "1.5", 1.5),
        (Field("x", "number"), Decimal("1.50"), 1.5),
        (Field("x", "number"), "0.12345678901234567890", Decimal("0.12345678901234567890")),
        (Field("x", "number"), "INF", math.inf),
        (Field("x", "number"), math.inf, math.inf),
        (_EUROPEAN, "1.234,5", 1234.5),
        (_EUROPEAN, 1234.5, 1234.5),
        (_EUROPEAN, 1e-7, 1e-7),
        (Field("x", "boolean"), True, True),
        (Field("x", "boolean"), "FALSE", False),
        (Field("x", "boolean", true_values=("yes",), false_values=("no",)), True, True),
        (Field("x", "boolean", true_values=("yes",), false_values=("no",)), "no", False),
        (Field("x", "date"), "2024-01-26", date(2024, 1, 26)),
        (Field("x", "date", format="%d/%m/%Y"), "26/01/2024", date(2024, 1, 26)),
        (Field("x", "datetime"), "2024-01-26T15:00:00", datetime(2024, 1, 26, 15)),
        (Field("x", "datetime"), "2024-01-26T15:00:00Z", datetime(2024, 1, 26, 15, tzinfo=UTC)),
        (Field("x", "time"), "15:00:00", time(15)),
        (Field("x", "year"), 2024, 2024),
        (Field("x", "year"), 44, 44),
        (Field("x", "year"), -44, -44),
        (Field("x", "year"), "2024", 2024),
        (Field("x", "yearmonth"), "2024-01", "2024-01"),
        (Field("x", "duration"), "P12M", "P1Y"),
        (Field("x", "string"), "a", "a"),
        (Field("x"), "a", "a"),
        (Field("x", "list", item_type="integer", delimiter=";"), "1;02", "1;2"),
        (Field("x", "list", item_type="integer", delimiter=";"), [1, 2], "1;2"),
        (Field("x", "list", item_type="boolean"), [True, False], "true,false"),
        (Field("x", "list"), ["a", "b"], "a,b"),
        (Field("x", "geopoint"), "90.50, 45", "90.5,45"),
        (Field("x", "geopoint", format="array"), [90.5, 45], "[90.5,45]"),
        (Field("x", "geopoint", format="object"), {"lat": 1, "lon": 2.0}, '{"lon":2,"lat":1}'),
        (Field("x", "object"), {"b": 1.0, "a": [None, True]}, '{"a":[null,true],"b":1}'),
        (Field("x", "object"), '{"b": 1.0, "a": [null, true]}', '{"a":[null,true],"b":1}'),
        (Field("x", "array"), [1, "é"], '[1,"\\u00e9"]'),
        (
            Field("x", "geojson"),
            {"type": "Point", "coordinates": [1, 2]},
            '{"coordinates":[1,2],"type":"Point"}',
        ),
    ],
)
def test_a_bound_is_read_as_json_or_in_the_fields_own_form(field: Field, stated, wanted):
    found = lexical.bound(field, stated)
    assert found == wanted
    assert type(found) is type(wanted)


@pytest.mark.parametrize(
    ("field", "stated", "words"),
    [
        (
            Field("x", "integer"),
            "abc",
            '"abc" is not an integer, digits only, such as 12 or -3',
        ),
        (Field("x", "integer"), 1.5, "1.5 is not an integer"),
        (Field("x", "integer"), True, "true is not an integer"),
        (Field("x", "integer"), None, "null is not an integer"),
        (Field("x", "integer"), math.inf, "Infinity is not an integer"),
        (Field("x", "integer"), [1], "[1] is not an integer"),
        (Field("x", "number"), False, "false is not a number"),
        (_EUROPEAN, "1.5,5.5", '"1.5,5.5" is not a number'),
        (Field("x", "year"), 2024.5, "2024.5 is not a year"),
        (Field("x", "date"), "26/01/2024", '"26/01/2024" is not a date written yyyy-mm-dd'),
        (Field("x", "date"), 2024, "2024 is not a date"),
        (Field("x", "string"), 5, "5 is not text"),
        (Field("x", "boolean"), 1, "1 is not true (written true, True, TRUE, 1)"),
        (Field("x", "boolean", true_values=(), false_values=()), True, "true is not true"),
        (Field("x", "object"), [1], "[1] is not a JSON object"),
        (Field("x", "list", item_type="integer"), ["a"], '["a"] is not a list'),
    ],
)
def test_a_bound_of_another_type_is_refused_in_words(field: Field, stated, words):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        lexical.bound(field, stated)
    assert words in str(caught.value)


_UTC = UTC
_FIVE = timezone(timedelta(hours=5))


def _far(text: str) -> Any:
    return lexical.bound(Field("x", "datetime"), text)


@pytest.mark.parametrize(
    ("type_", "left", "right", "wanted"),
    [
        ("integer", 1, 2, -1),
        ("integer", 10**30, 2, 1),
        ("integer", Decimal("9" * 5000), 2, 1),
        ("number", 1.5, 1.5, 0),
        ("number", Decimal("0.1000000000000000000001"), 0.1, 1),
        ("number", 0.1, Decimal("0.1"), 0),
        ("number", math.inf, Decimal("1E400"), 1),
        ("number", -math.inf, 0.0, -1),
        ("number", math.nan, 1.0, None),
        ("number", 1.0, math.nan, None),
        ("date", date(2024, 1, 1), date(2023, 1, 1), 1),
        ("datetime", datetime(2024, 1, 1), datetime(2024, 1, 1), 0),
        (
            "datetime",
            datetime(2024, 1, 1, 5, tzinfo=_FIVE),
            datetime(2024, 1, 1, tzinfo=_UTC),
            0,
        ),
        ("datetime", datetime(2024, 1, 1, tzinfo=_UTC), datetime(2024, 1, 1, 13), None),
        ("datetime", datetime(2024, 1, 1, tzinfo=_UTC), datetime(2024, 1, 1, 15), -1),
        ("datetime", datetime(2024, 1, 2, tzinfo=_UTC), datetime(2024, 1, 1), 1),
        ("datetime", datetime(9999, 12, 31), _far("12024-01-01T00:00:00"), -1),
        ("datetime", _far("-0001-12-31T24:00:00"), datetime(1, 1, 1), 0),
        ("datetime", _far("-0044-03-15T00:00:00Z"), _far("-0044-03-15T00:00:00"), None),
        ("datetime", _far("2024-01-01T00:00:00.0000001"), datetime(2024, 1, 1), 1),
        ("time", time(1), time(2), -1),
        ("time", time(1, tzinfo=_UTC), time(2), None),
        ("time", time(6, tzinfo=_FIVE), time(1, tzinfo=_UTC), 0),
        ("year", 2024, 2023, 1),
        ("yearmonth", "2024-01", "2023-12", 1),
        ("yearmonth", "-0044-03", "0044-01", -1),
        ("yearmonth", "12024-01", "2024-01", 1),
        ("yearmonth", "2024-01", "2024-01", 0),
        ("yearmonth", "2024-01", "2024-01Z", None),
        ("duration", "P1D", "PT1H", 1),
        ("duration", "PT59M", "PT1H", -1),
        ("duration", "P1M", "P30D", None),
        ("duration", "P1M", "P27D", 1),
        ("duration", "P1M", "P32D", -1),
        ("duration", "P1Y", "P364D", 1),
        ("duration", "P1Y", "P366D", None),
        ("duration", "-P1D", "PT0S", -1),
        ("duration", "PT0.1S", "PT0.2S", -1),
        ("duration", "P1Y", "P1Y", 0),
        ("duration", "P" + "9" * 5000 + "D", "P1D", None),
    ],
)
def test_order_is_that_of_the_values(type_, left, right, wanted):
    field = Field("x", type_)
    assert lexical.comparable(field)
    assert lexical.order(field, left, right) == wanted
    opposite = None if wanted is None else -wanted
    assert lexical.order(field, right, left) == opposite


@pytest.mark.parametrize("type_", ["string", "any", "boolean", "object", "list", "geopoint"])
def test_types_without_an_order_say_so(type_):
    field = Field("x", type_)
    assert not lexical.comparable(field)
    with pytest.raises(ValueError, match=f"values of the type {type_} have no order"):
        lexical.order(field, "a", "b")
    with pytest.raises(ValueError, match=f"values of the type {type_} have no order"):
        lexical.compare(pa.array(["a"]), field, "b")


@given(columns(), st.data())
def test_comparing_a_column_is_comparing_each_of_its_values(column, data):
    field, texts = column
    if not lexical.comparable(field):
        return
    parsed = lexical.parse(pa.array(texts, pa.string()), field)
    known = [each for each in parsed.values.to_pylist() if each is not None]
    limits = known + list(parsed.wide.values())
    if not limits:
        return
    limit = data.draw(st.sampled_from(limits))
    signs = lexical.compare(parsed.values, field, limit).to_pylist()
    for value, sign in zip(parsed.values.to_pylist(), signs, strict=True):
        assert sign == (None if value is None else lexical.order(field, value, limit))


def test_a_nan_in_a_typed_column_compares_with_nothing():
    values = pa.array([1.0, math.nan, None, 3.0])
    assert lexical.compare(values, Field("x", "number"), 2.0).to_pylist() == [-1, None, None, 1]


def test_a_limit_that_no_double_holds_is_compared_exactly():
    field = Field("x", "number")
    limit = lexical.bound(field, "0.1000000000000000000001")
    assert lexical.compare(pa.array([0.1, 0.2]), field, limit).to_pylist() == [-1, 1]


@pytest.mark.parametrize(
    ("field", "texts", "wanted"),
    [
        (Field("x", "string"), ["", "é", "👍🏽", None], [0, 1, 2, None]),
        (Field("x"), ["abc"], [3]),
        (Field("x", "array"), ["[]", "[1, [2, 3]]", None], [0, 2, None]),
        (Field("x", "object"), ["{}", '{"a": 1, "b": 2}', None], [0, 2, None]),
        (Field("x", "list"), ["a", "a,b", "", None], [1, 2, 1, None]),
        (Field("x", "list", delimiter=""), ["a,b"], [1]),
    ],
)
def test_lengths_count_characters_items_and_names(field, texts, wanted):
    found = lexical.lengths(pa.array(texts, pa.string()), field)
    assert found.type == pa.int64()
    assert found.to_pylist() == wanted


def test_a_number_has_no_length():
    with pytest.raises(ValueError, match="a number has no length"):
        lexical.lengths(pa.array([1.0]), Field("x", "number"))


def test_json_is_the_same_however_it_is_written():
    field = Field("x", "object")
    texts = ['{"a": 1, "b": [1.50]}', '{"b":[1.5],"a":1.0}', '{"a": true}', '{"a": 1}', None]
    found = lexical.logical(pa.array(texts), field).to_pylist()
    assert found[0] == found[1]
    assert len(set(found)) == 4
    values = pa.array([1, 2])
    assert lexical.logical(values, Field("x", "integer")) is values


def test_datetimes_that_python_has_no_place_for_are_instants():
    field = Field("x", "datetime")
    texts = [
        "-0044-03-15T00:00:00",
        "12024-01-01T00:00:00+05:00",
        "2024-01-01T00:00:00.1234567",
    ]
    texts += ["9999-12-31T24:00:00", "2024-01-01T00:00:00." + "1" * 5000]
    parsed = lexical.parse(pa.array(texts), field)
    assert [parsed.wide[at].text for at in range(5)] == texts
    assert [parsed.wide[at].zoned for at in range(5)] == [False, True, False, False, False]
    signs = [
        lexical.order(
            field, parsed.wide[at], datetime(2024, 1, 1, tzinfo=_UTC if at == 1 else None)
        )
        for at in range(5)
    ]
    assert signs == [-1, 1, 1, 1, 1]
    leap = lexical.parse(pa.array(["-0001-02-29T00:00:00", "-0005-02-29T00:00:00"]), field)
    assert not leap.bad.any(), "the year before 1 is a leap year"
