"""Arrow schemas, canonical fields, and the words for what is expected."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone

import pyarrow as pa
import pytest

from rekodiq_data import lexical
from rekodiq_data.descriptor.model import Field, Schema

from .cases import CASES
from .strategies import field_of


def test_an_arrow_schema_describes_each_field():
    schema = Schema(
        fields=(
            Field("tonnage_mt", "number", title="Tonnage", description="Of ore.", unit="Mt"),
            Field("year", "year"),
            Field("year", "datetime", unit="a"),
        )
    )
    found = lexical.arrow_schema(schema)
    assert found.names == ["tonnage_mt", "year", "year"]
    assert found.types == [pa.float64(), pa.int64(), pa.timestamp("us")]
    assert found.field(0).metadata == {
        b"title": b"Tonnage",
        b"description": b"Of ore.",
        b"unit": b"Mt",
    }
    assert found.field(1).metadata is None
    assert found.field(2).metadata == {b"unit": b"a"}


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (
            {
                "name": "x",
                "type": "number",
                "title": "X",
                "decimalChar": ",",
                "groupChar": ".",
                "bareNumber": False,
                "constraints": {"minimum": "1.000,50", "maximum": 2000, "enum": ["1,5", 2.5]},
                "example": "€ 1,50",
            },
            {
                "name": "x",
                "type": "number",
                "title": "X",
                "constraints": {"minimum": "1000.5", "maximum": 2000, "enum": ["1.5", 2.5]},
                "example": "1.5",
            },
        ),
        (
            {
                "name": "x",
                "type": "date",
                "format": "%d/%m/%Y",
                "constraints": {"required": True, "exclusiveMaximum": "31/12/2024"},
                "example": "2024-01-01",
            },
            {
                "name": "x",
                "type": "date",
                "constraints": {"required": True, "exclusiveMaximum": "2024-12-31"},
            },
        ),
        (
            {"name": "x", "type": "time", "format": "%H:%M", "constraints": {"enum": ["7:30"]}},
            {"name": "x", "type": "time", "constraints": {"enum": ["07:30:00"]}},
        ),
        (
            {"name": "x", "type": "time", "format": "%H:%M:%S.%f"},
            {"name": "x", "type": "time", "format": "%H:%M:%S.%f"},
        ),
        (
            {
                "name": "x",
                "type": "boolean",
                "trueValues": ["yes"],
                "falseValues": ["no"],
                "constraints": {"enum": ["yes", False]},
            },
            {"name": "x", "type": "boolean", "constraints": {"enum": ["true", False]}},
        ),
        (
            {
                "name": "x",
                "type": "integer",
                "groupChar": ",",
                "categories": [{"value": "1,000", "label": "many"}, {"value": 2}],
            },
            {
                "name": "x",
                "type": "integer",
                "categories": [{"value": "1000", "label": "many"}, {"value": 2}],
            },
        ),
        (
            {"name": "x", "type": "string", "categories": ["a", "b"], "example": 5},
            {"name": "x", "type": "string", "categories": ["a", "b"], "example": 5},
        ),
        (
            {"name": "x", "type": "object", "constraints": {"enum": ['{"a": 1}', {"b": 2}]}},
            {"name": "x", "type": "object", "constraints": {"enum": ['{"a": 1}', {"b": 2}]}},
        ),
        ({"name": "x"}, {"name": "x"}),
    ],
)
def test_a_canonical_field_describes_canonical_text(raw, wanted):
    constraints = raw.get("constraints", {})
    plain = {
        key: raw[key] for key in raw if key not in ("constraints", "categories", "example")
    }
    field = field_of(plain)
    field = Field(
        **{name: getattr(field, name) for name in field.__dataclass_fields__ if name != "raw"},
        raw=raw,
    )
    assert lexical.canonical_field(field) == wanted
    assert raw.get("constraints", {}) == constraints, "the field's own JSON is left as it was"


def test_a_field_without_json_gets_its_name():
    assert lexical.canonical_field(Field("x", "integer")) == {"name": "x"}


def test_a_bound_that_is_no_value_stops_the_canonical_field():
    field = Field("x", "integer", raw={"name": "x", "constraints": {"minimum": "abc"}})
    with pytest.raises(ValueError, match='"abc" is not an integer'):
        lexical.canonical_field(field)


@pytest.mark.parametrize(
    ("field", "value", "wanted"),
    [
        (Field("x", "datetime"), datetime(2024, 1, 26, 15, tzinfo=UTC), "2024-01-26T15:00:00Z"),
        (
            Field("x", "datetime", format="any"),
            datetime(2024, 1, 26, 15, tzinfo=timezone(timedelta(hours=-15))),
            "2024-01-27T06:00:00Z",
        ),
        (
            Field("x", "datetime", format="%Y%z"),
            datetime(2024, 1, 1, tzinfo=timezone(timedelta(hours=1, seconds=30))),
            "2023-12-31T22:59:30Z",
        ),
        (Field("x", "time", format="%H%z"), time(15, tzinfo=UTC), "15:00:00Z"),
        (
            Field("x", "time", format="%H%z"),
            time(15, tzinfo=timezone(timedelta(hours=5, minutes=30))),
            "15:00:00+05:30",
        ),
        (Field("x", "boolean"), False, "false"),
        (Field("x", "year"), lexical.bound(Field("x", "year"), "0044+05:00"), "0044+05:00"),
        (Field("x", "integer"), lexical.bound(Field("x", "integer"), "9" * 5000), "9" * 5000),
    ],
)
def test_one_exact_value_has_a_canonical_text(field, value, wanted):
    assert lexical.canonical_value(field, value) == wanted


def test_a_fraction_that_parquet_brought_into_a_plain_time_is_not_lost():
    values = pa.array([1_500_000, 2_000_000], pa.time64("us"))
    assert lexical.canonical(values, Field("x", "time")).to_pylist() == [
        "00:00:01.500000",
        "00:00:02",
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_expected_fits_into_a_sentence(case):
    words = lexical.expected(case.field)
    assert words
    assert words == words.strip()
    assert "\n" not in words


@pytest.mark.parametrize(
    ("field", "words"),
    [
        (Field("x", "integer"), "an integer, digits only, such as 12 or -3"),
        (
            Field("x", "integer", group_char=","),
            'an integer, which may group its digits with ",", such as 12,345',
        ),
        (
            Field("x", "integer", bare_number=False),
            "an integer, digits only, such as 12 or -3, with or without other signs around it "
            "(95%, EUR 95)",
        ),
        (Field("x", "number"), "a number, digits only, such as 12, -3.5 or 1.2E6"),
        (
            Field("x", "number", decimal_char=","),
            'a number with "," as its decimal mark, such as 12 or -3,5',
        ),
        (
            Field("x", "number", decimal_char=",", group_char=".", bare_number=False),
            'a number, which may group its digits with ".", such as 1.234,5, with or without '
            "other signs around it (95%, EUR 95)",
        ),
        (Field("x", "date"), "a date written yyyy-mm-dd, such as 2024-01-26"),
        (Field("x", "date", format="%d/%m/%Y"), "a date written %d/%m/%Y, such as 26/01/2024"),
        (Field("x", "date", format="any"), "a date with its year, such as 26 Jan 2024"),
        (
            Field("x", "date", format="yyyy-mm-dd"),
            'a date by the pattern "yyyy-mm-dd", which no date fits: it has no %',
        ),
        (Field("x", "geojson", format="topojson"), "a TopoJSON object"),
        (
            Field("x", "list", item_type="date", delimiter=";"),
            'a list separated by ";", each item a date written yyyy-mm-dd, such as 2024-01-26',
        ),
    ],
)
def test_what_is_expected_is_said_in_plain_words(field, words):
    assert lexical.expected(field) == words
