"""Texts of numbers and lines of CSV by the kernel are those that are made without it."""

from __future__ import annotations

import math

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rekodiq_data import lexical
from rekodiq_data.descriptor.model import Field, Schema
from rekodiq_data.formats.canonical import csv_lines
from rekodiq_data.kernel import lines_of, number_texts
from rekodiq_data.kernel.places import count_in
from rekodiq_data.lexical.numbers import number_text
from tests.kernel.ways import needs_kernel, without_kernel

pytestmark = needs_kernel

DECIMALS = st.builds(
    lambda digits, places, sign: sign * float(f"{digits}e-{places}"),
    st.integers(0, 10**17),
    st.integers(0, 22),
    st.sampled_from([1, -1]),
)
EDGES = [
    *(0.0, -0.0, 1e15, 999999999999999.0, 999999999999999.9, 1e-6, 9.9e-7, 0.1 + 0.2, 1 / 3),
    *(5e-324, 1.7976931348623157e308, 2.0**53, math.inf, -math.inf, math.nan),
]
NUMBERS = st.one_of(st.floats(), DECIMALS, st.sampled_from(EDGES), st.none())


@settings(max_examples=400)
@given(st.lists(NUMBERS, max_size=40), st.integers(0, 3))
@example(EDGES, 0)
def test_numbers_have_the_same_texts_either_way(numbers, skipped):
    column = pa.array([None, 1.5, 2.0, *numbers], pa.float64())[skipped:]
    texts = lexical.canonical(column, Field("f", "number"))
    assert texts.to_pylist() == [
        None if number is None else number_text(number) for number in column.to_pylist()
    ]
    with without_kernel():
        assert lexical.canonical(column, Field("f", "number")).equals(texts)


def test_only_what_has_no_plain_text_of_fifteen_digits_is_left():
    column = pa.array([0.1, 1 / 3, None, 1e15, 9.9e-7, 123456789.012345, -0.5])
    texts, odd = number_texts(column)
    assert odd.tolist() == [1, 3, 4]
    assert texts.to_pylist() == ["0.1", "", "", "", "", "123456789.012345", "-0.5"]


CELLS = st.one_of(st.none(), st.text(st.sampled_from('ab1é😀",\n\r '), max_size=8))
SCHEMAS = [
    (Schema(fields=(Field("a"),)), [CELLS]),
    (Schema(fields=(Field("a"), Field("b", "number"))), [CELLS, st.one_of(NUMBERS)]),
    (
        Schema(fields=(Field("a"), Field("b"), Field("c", "integer")), missing_values=('n"a',)),
        [CELLS, CELLS, st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1))],
    ),
]


@settings(max_examples=300)
@given(st.data(), st.sampled_from(SCHEMAS), st.integers(0, 2), st.booleans())
def test_lines_are_the_same_either_way(data, table, skipped, in_parts):
    schema, cells = table
    rows = data.draw(st.lists(st.tuples(*cells), max_size=12))
    arrow = lexical.arrow_schema(schema)
    columns = zip(*rows, strict=True) if rows else [[] for _field in schema.fields]
    records = pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, arrow, strict=True)],
        schema=arrow,
    )[skipped:]
    if in_parts:
        records = pa.concat_tables([records[:3], records[3:]])
    lines = csv_lines(records, schema)
    with without_kernel():
        assert csv_lines(records, schema) == lines
    assert isinstance(lines, bytes)


def test_room_is_made_for_missing_texts_only_where_cells_are_missing(monkeypatch):
    asked: list[int] = []
    real = pa.allocate_buffer

    def counted(size: int) -> pa.Buffer:
        asked.append(size)
        return real(size)

    monkeypatch.setattr(pa, "allocate_buffer", counted)
    lines = lines_of([pa.array(["a", None, *["b"] * 1000])], ["x" * 10_000])
    assert lines == b"a\n" + b"x" * 10_000 + b"\n" + b"b\n" * 1000
    assert sum(asked) < 20_000


def test_without_records_or_a_kernel_there_are_no_lines():
    column = pa.array(["a"])
    assert lines_of([column[:0]], [""]) is None
    assert lines_of([column], [""]) == b"a\n"
    assert number_texts(pa.array([], pa.float64())) is None
    with without_kernel():
        assert lines_of([column], [""]) is None
        assert number_texts(pa.array([1.0])) is None
        with pytest.raises(AssertionError, match="kernel"):
            count_in(column.buffers()[2], 97)
