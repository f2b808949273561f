"""Properties of whole columns, over random fields and cells."""

from __future__ import annotations

import math
import re
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekodiq_data import lexical
from rekodiq_data.descriptor.model import Field
from rekodiq_data.lexical.families import FAMILIES, family_of
from rekodiq_data.lexical.parsed import BAD

from .strategies import columns, field_of, fields


def _column(texts: list[str | None]) -> pa.Array:
    return pa.array(texts, pa.string())


def _values(parsed: lexical.Parsed) -> list[Any]:
    return [parsed.wide.get(at, each) for at, each in enumerate(parsed.values.to_pylist())]


def _is_same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and math.isnan(one):
        return isinstance(other, float) and math.isnan(other)
    return bool(one == other)


@given(columns())
def test_a_column_reads_as_the_exact_reader_reads_each_cell(column):
    field, texts = column
    parsed = lexical.parse(_column(texts), field)
    read = family_of(field).reader(field)
    for at, text in enumerate(texts):
        value = None if text is None else read(text)
        assert parsed.bad[at] == (value is BAD), text
        if value is not BAD:
            found = _values(parsed)[at]
            if isinstance(value, Decimal) and isinstance(found, float):
                assert Decimal(repr(found)) == value
            else:
                assert _is_same(found, value), text


@given(columns())
def test_canonical_text_reads_back_equal_and_is_its_own_canonical_text(column):
    field, texts = column
    parsed = lexical.parse(_column(texts), field)
    written = lexical.canonical(parsed.values, field)
    canonical_field = field_of(lexical.canonical_field(field))
    again = lexical.parse(written, canonical_field)
    assert not again.bad.any()
    assert not again.wide
    assert again.values.equals(parsed.values)
    assert lexical.canonical(again.values, canonical_field).equals(written)


@given(columns())
def test_one_canonical_value_is_written_as_its_column_is(column):
    field, texts = column
    parsed = lexical.parse(_column(texts), field)
    written = lexical.canonical(parsed.values, field).to_pylist()
    for value, text in zip(parsed.values.to_pylist(), written, strict=True):
        assert text == (None if value is None else lexical.canonical_value(field, value))


@given(columns(gaps=False))
def test_the_canonical_text_of_a_wide_value_reads_back_equal(column):
    field, texts = column
    for value in lexical.parse(_column(texts), field).wide.values():
        text = lexical.canonical_value(field, value)
        again = lexical.parse(_column([text]), field_of(lexical.canonical_field(field)))
        if field.type != "time":  # the default form of a time has no zone
            assert _is_same(_values(again)[0], value)


@given(fields, st.text())
def test_no_text_makes_a_reader_fall_over(field, text):
    parsed = lexical.parse(_column([text, None]), field)
    assert not parsed.bad[1]
    found = lexical.suggestion(field, text)
    if found is not None:
        assert found != text
        assert not lexical.parse(_column([found]), field).bad[0]


@given(fields, st.text(st.characters(exclude_categories=()), max_size=20))
def test_half_a_character_is_a_text_too(field, text):
    lexical.suggestion(field, text)


@given(
    st.lists(st.text(st.sampled_from("0123456789+-."), max_size=20) | st.none(), max_size=20)
)
def test_plain_numbers_are_what_a_naive_reading_finds(texts):
    whole = lexical.parse(_column(texts), Field("x", "integer"))
    parts = lexical.parse(_column(texts), Field("x", "number"))
    for at, text in enumerate(texts):
        is_integer = text is not None and re.fullmatch(r"[+-]?\d+", text) is not None
        assert bool(whole.bad[at]) == (text is not None and not is_integer)
        if is_integer:
            assert _values(whole)[at] == int(text)
        is_number = (
            text is not None and re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", text) is not None
        )
        assert bool(parts.bad[at]) == (text is not None and not is_number)
        if is_number:
            kept = Decimal(repr(float(text))) == Decimal(text)
            assert (at not in parts.wide) == kept
            assert _values(parts)[at] == (float(text) if kept else Decimal(text))


@given(
    st.lists(
        st.tuples(st.integers(0, 10000), st.integers(0, 14), st.integers(0, 33)), max_size=30
    )
)
def test_default_dates_are_what_the_calendar_says(parts):
    texts = [f"{year:04}-{month:02}-{day:02}" for year, month, day in parts]
    parsed = lexical.parse(_column(texts), Field("x", "date"))
    for at, (year, month, day) in enumerate(parts):
        try:
            wanted = date(year, month, day)
        except ValueError:
            assert parsed.bad[at]
        else:
            assert parsed.values[at].as_py() == wanted


@given(st.lists(st.floats(), max_size=20))
def test_every_double_is_written_in_its_shortest_form(numbers):
    field = Field("x", "number")
    written = lexical.canonical(pa.array(numbers, pa.float64()), field).to_pylist()
    for number, text in zip(numbers, written, strict=True):
        assert text == lexical.canonical_value(field, number)
        assert _is_same(float(text.replace("INF", "inf")), number)
        if math.isfinite(number) and number:
            digits = re.sub("E.*|[-.]", "", text).strip("0")
            assert digits == re.sub("e.*|[-.]", "", repr(number)).strip("0")
            assert ("E" in text) == (not 1e-6 <= abs(number) < 1e15)


@settings(max_examples=20)
@given(st.sampled_from(sorted(FAMILIES)), st.integers(0, 3))
def test_a_column_of_gaps_alone_is_fine(type_, count):
    field = Field("x", type_)
    parsed = lexical.parse(pa.nulls(count, pa.string()), field)
    assert parsed.values.null_count == count
    assert np.array_equal(parsed.bad, np.zeros(count, bool))
    assert lexical.canonical(parsed.values, field).null_count == count


# --- bytes under a missing cell --------------------------------------------------------------


@given(columns(gaps=False), st.data())
def test_what_stands_under_a_missing_cell_changes_nothing(column, data):
    field, texts = column
    kept = data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)))
    # Arrow hides a cell in this way: its bytes stay where they are.
    hidden = pc.if_else(pa.array(kept, pa.bool_()), pa.array(texts, pa.string()), None)
    clean = pa.array(
        [text if keep else None for text, keep in zip(texts, kept, strict=True)], pa.string()
    )
    found, expected = lexical.parse(hidden, field), lexical.parse(clean, field)
    assert found.values.equals(expected.values)
    assert found.bad.tolist() == expected.bad.tolist()
    assert repr(found.wide) == repr(expected.wide)


@pytest.mark.parametrize(
    "strange", ["inf", "nan", "0x1F", " 5", "1E400", "1.000000000000000001"]
)
def test_digits_under_a_missing_cell_hide_no_strange_number(strange):
    hidden = pc.if_else(pa.array([True, False]), pa.array([strange, "-999"]), None)
    found = lexical.parse(hidden, Field("x", "number"))
    assert found.values.to_pylist() == [None, None]
    assert found.bad[0] or 0 in found.wide
