"""JSON Schemas of fields judge as jsonschema does, open nothing, and end in time."""

from __future__ import annotations

import socket
import threading
import time

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekodiq_data.compiled.json_schemas import judge_of

SCHEMAS = [
    {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}},
    {"properties": {"a": {"pattern": "^x+$"}}, "additionalProperties": False},
    {"patternProperties": {"^a": {"type": "integer"}, "b$": {"minimum": 2}}},
    {"patternProperties": {"^a": {}}, "additionalProperties": {"type": "string"}},
    {"patternProperties": {"^a": {}}, "properties": {"b": {}}, "additionalProperties": False},
    {"items": {"$ref": "#/$defs/n"}, "$defs": {"n": {"type": "number"}}},
    {"propertyNames": {"pattern": "b"}, "unevaluatedProperties": False},
    {"type": "array", "contains": {"const": 1}, "maxItems": 2},
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["x", "xx", "y", "ab"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "ab", "ba", "c"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.sampled_from(SCHEMAS), VALUES)
def test_verdicts_are_those_of_jsonschema(schema, value):
    import json

    wanted = jsonschema.Draft202012Validator(schema).is_valid(value)
    assert judge_of(schema)(json.dumps(value)) == wanted


@pytest.mark.parametrize("key", ["$ref", "$dynamicRef"])
def test_no_address_is_opened(key):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        asked = []

        def wait():
            try:
                asked.append(server.accept())
            except TimeoutError:
                return

        waiting = threading.Thread(target=wait)
        waiting.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/schema.json"
        with pytest.raises(ValueError, match="nothing outside of it is read"):
            judge_of({"properties": {"a": {key: address}}})
        # Behind another base a reference is an address, too, though it does not look like one.
        assert not judge_of({"$id": address, "properties": {"a": {"$ref": "#/x"}}})('{"a": 1}')
        waiting.join()
    assert asked == []


def test_a_pattern_can_not_run_away():
    started = time.process_time()
    judge = judge_of({"pattern": "^(a+)+$", "patternProperties": {"^(a+)+$": False}})
    assert not judge('"' + "a" * 40 + '!"')
    assert judge('{"' + "a" * 40 + '!": 1}')
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "nothing"}, "not a JSON Schema"),
        ({"pattern": "(?=a)b"}, "none that RE2 takes"),
        ({"patternProperties": {"a": {}}, "unevaluatedProperties": False}, "both"),
    ],
)
def test_what_is_not_taken_is_said(schema, words):
    with pytest.raises(ValueError, match=words):
        judge_of(schema)


def test_what_has_no_end_is_not_followed():
    assert not judge_of({"$ref": "#"})("{}")
    assert not judge_of({"$ref": "#/nothing"})("{}")
    assert not judge_of({"multipleOf": 1e-300})("1e300")
