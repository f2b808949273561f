"""Canonical JSON: one text for one value."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekodiq_data.digest.canonical_json import canonical_json

CASES = [
    (None, b"null"),
    ([True, False], b"[true,false]"),
    ({}, b"{}"),
    ([], b"[]"),
    ({"b": 1, "a": {"d": [], "c": "x"}}, b'{"a":{"c":"x","d":[]},"b":1}'),
    ({"\U0001f600": 1, "\uffff": 2}, '{"\uffff":2,"\U0001f600":1}'.encode()),
    (1.0, b"1"),
    (-0.0, b"0"),
    (-1.50, b"-1.5"),
    (1e21, b"1000000000000000000000"),
    (1e-7, b"0.0000001"),
    (100.0, b"100"),
    (2**63, b"9223372036854775808"),
    ("\u00e9\u2028\x7f/", b'"' + "\u00e9\u2028\x7f/".encode() + b'"'),
    ('"\\\n\t\b\f\r\x01', rb'"\"\\\n\t\b\f\r\u0001"'),
]

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc\u00e9"), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(("value", "text"), CASES)
def test_values_have_these_texts(value, text):
    assert canonical_json(value) == text


@given(values)
def test_the_text_reads_back_as_an_equal_value(value):
    text = canonical_json(value)
    # Whole numbers lose their point, not their value.
    assert json.loads(text, parse_int=float) == value
    assert canonical_json(json.loads(text)) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_has_no_exponent_and_no_blind_zero(value):
    text = canonical_json(value).decode()
    assert set(text) <= set("-.0123456789")
    assert "." not in text or text[-1] != "0"
    assert float(text) == value or math.isclose(value, 0)


@given(values)
def test_the_order_of_keys_does_not_matter(value):
    def turned(each):
        if isinstance(each, dict):
            return {key: turned(each[key]) for key in reversed(list(each))}
        return [turned(item) for item in each] if isinstance(each, list) else each

    assert canonical_json(turned(value)) == canonical_json(value)
