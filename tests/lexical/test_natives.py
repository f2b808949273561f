"""Cells that come with types: each kind in each type of field."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from rekodiq_data import lexical
from rekodiq_data.descriptor.model import Field

ONE_OF_EACH = {
    "null": None,
    "string": "a",
    "integer": 5,
    "number": 1.5,
    "boolean": True,
    "object": {"a": Decimal("1.5")},
    "array": [1, "b"],
    "date": datetime(2024, 1, 26),
    "datetime": datetime(2024, 1, 26, 10, 30),
    "time": time(10, 30),
    "duration": timedelta(hours=-1.5),
    "bytes": b"\x00\xff",
}


def adopted(field, *values, missing=("",)):
    return lexical.adopt_native(lexical.native_column(values), field, missing)


@pytest.mark.parametrize(
    ("field", "taken"),
    [
        (Field("x", "string"), {"string"}),
        (Field("x", "integer"), {"integer"}),
        (Field("x", "number"), {"integer", "number"}),
        (Field("x", "boolean"), {"boolean"}),
        (Field("x", "object"), {"object"}),
        (Field("x", "array"), {"array"}),
        (Field("x", "list"), {"string", "array"}),
        (Field("x", "date"), {"date"}),
        (Field("x", "datetime"), {"date", "datetime"}),
        (Field("x", "time"), {"time"}),
        (Field("x", "year"), {"integer"}),
        (Field("x", "yearmonth"), set()),
        (Field("x", "duration"), {"duration"}),
        (Field("x", "geopoint"), set()),
        (Field("x", "any"), set(ONE_OF_EACH) - {"null"}),
    ],
    ids=lambda value: value.type if isinstance(value, Field) else "",
)
def test_each_type_takes_the_kinds_that_are_its_own_and_no_other(field, taken):
    _texts, parsed = adopted(field, *ONE_OF_EACH.values())
    right = dict(zip(ONE_OF_EACH, ~parsed.bad, strict=True))
    assert {kind for kind, good in right.items() if good} == taken | {"null"}
    assert parsed.values[0].as_py() is None


def test_values_have_the_meaning_that_they_had():
    assert adopted(Field("x", "datetime"), datetime(2024, 1, 26))[1].values.to_pylist() == [
        datetime(2024, 1, 26)
    ]
    assert adopted(Field("x", "date"), date(2024, 1, 26))[1].values.to_pylist() == [
        date(2024, 1, 26)
    ]
    assert adopted(Field("x", "year"), 79, -44)[1].values.to_pylist() == [79, -44]
    assert adopted(Field("x", "duration"), timedelta(days=1, seconds=1.5))[0].to_pylist() == [
        "PT86401.5S"
    ]
    assert adopted(Field("x", "any"), b"\x00\xff", 2.0)[0].to_pylist() == ["00ff", "2"]


def test_lexical_properties_are_about_text_only():
    field = Field("x", "number", decimal_char=",", group_char=".")
    _texts, parsed = adopted(field, 1.5, "1.000,5", "1,5")
    assert parsed.values.to_pylist() == [1.5, 1000.5, 1.5]
    _texts, parsed = adopted(
        Field("x", "date", format="%d/%m/%Y"), datetime(2024, 1, 2), "2/1/2024"
    )
    assert parsed.values.to_pylist() == [date(2024, 1, 2)] * 2


def test_missing_values_are_texts():
    texts, parsed = adopted(Field("x", "integer"), -99, "-99", missing=("-99",))
    assert parsed.values.to_pylist() == [-99, None]
    assert texts.to_pylist() == ["-99", None]


def test_a_list_may_be_an_array():
    _texts, parsed = adopted(
        Field("x", "list", item_type="integer", delimiter=";"), [1, 2], ["a"]
    )
    assert parsed.values.to_pylist() == ["1;2", None]
    assert parsed.bad.tolist() == [False, True]


def test_numbers_keep_every_digit():
    values = (2**70, Decimal("0.1000"), Decimal("1E+500"), float("inf"))
    texts, parsed = adopted(Field("x", "number"), *values)
    assert texts.to_pylist() == [str(2**70), "0.1000", "1E+500", "Infinity"]
    assert parsed.bad.tolist() == [False, False, False, True]
    assert parsed.wide[2] == Decimal("1E+500")


def test_an_absent_cell_is_null_and_a_null_one_is_not():
    column = lexical.native_column([lexical.ABSENT, None])
    assert column.is_null().to_pylist() == [True, False]
    assert lexical.texts_of(column).to_pylist() == [None, None]
    assert lexical.texts_of(pa.array(["a"])).to_pylist() == ["a"]
    assert not np.any(lexical.adopt_native(column, Field("x", "integer"), ())[1].bad)


def test_numbers_inside_an_object_stay_numbers():
    texts, _parsed = adopted(Field("x", "object"), {"a": Decimal("2.0"), "b": [Decimal("0.5")]})
    assert texts.to_pylist() == ['{"a": 2, "b": [0.5]}']
