"""Strict JSON and strict YAML: what they mean, what they refuse, and where things stand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekodiq_data.errors import BadText, NotReadable
from rekodiq_data.files import json_places
from rekodiq_data.files.texts import (
    Text,
    parse_json,
    parse_yaml,
    read_given_text,
    read_text,
)
from rekodiq_data.limits import ReadLimits

TOO_DEEP = "it is nested too deeply; the limit is 64 (--max depth=128 raises it)"


def values(numbers: st.SearchStrategy[float]) -> st.SearchStrategy[Any]:
    """Any JSON values, with decimal numbers out of `numbers`."""
    return st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | numbers,
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
        ),
        max_leaves=20,
    )


PLAIN = values(st.floats(allow_nan=False, allow_infinity=False))


def outcome(parse: Any, data: bytes) -> Text | BadText:
    """What `parse` gives, or the one exception that it may raise."""
    try:
        text = parse(data, "file")
    except BadText as error:
        return error
    assert isinstance(text, Text)
    return text


def bad(parse: Any, data: bytes) -> BadText:
    """The exception that `parse` raises for `data`."""
    with pytest.raises(BadText) as caught:
        parse(data, "file")
    return caught.value


def said(parse: Any, data: bytes) -> tuple[str, int | None, int | None]:
    """Message, line and column of what `parse` says of `data`."""
    error = bad(parse, data)
    return error.message, error.line, error.column


def test_json_is_read_with_the_place_of_every_key() -> None:
    text = parse_json(b'{"a": {"b":\n [1, {"c": null}]},\n  "d": "\\"x"}', "file")
    assert text.value == {"a": {"b": [1, {"c": None}]}, "d": '"x'}
    assert text.lines.place(()) == (1, 1)
    assert text.lines.place(("a",)) == (1, 2)
    assert text.lines.place(("a", "b")) == (1, 8)
    assert text.lines.place(("a", "b", 0)) == (2, 3)
    assert text.lines.place(("a", "b", 1, "c")) == (2, 7)
    assert text.lines.line(("d",)) == 3


def test_a_key_that_is_not_there_has_the_place_of_what_is_above_it() -> None:
    text = parse_json(b'{\n"a": {\n"b": 1}}', "file")
    assert text.lines.place(("a", "x", 3, "y")) == (2, 1)
    assert text.lines.place(("x",)) == (1, 1)


def test_a_byte_order_mark_is_dropped() -> None:
    assert parse_json(b'\xef\xbb\xbf{"a": 1}', "file").value == {"a": 1}
    assert parse_yaml(b"\xef\xbb\xbfa: 1", "file").value == {"a": 1}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ("not JSON: expecting value", 1, 1)),
        (b'{"a": 1,}', ("not JSON: expecting property name enclosed in double quotes", 1, 9)),
        (b'{"a"\n 1}', ("not JSON: expecting ':' delimiter", 2, 2)),
        (b'{"a": 1} x', ("not JSON: extra data", 1, 10)),
        (b'{"a": 1,\n "b": {"a": 2, "a": 3}}', ('the key "a" occurs twice', 2, 16)),
        ('{"ü": 1, "\\u00fc": 2}'.encode(), ('the key "ü" occurs twice', 1, 10)),
        (b'{"a": [NaN]}', ("NaN is no JSON number", 1, 8)),
        (b'{"a": -Infinity}', ("-Infinity is no JSON number", 1, 7)),
        (b"[1e400]", ("the number 1e400... is too large", 1, 2)),
        (b"[" + b"9" * 301 + b"]", ("the number 99999999999999999999... is too large", 1, 2)),
        (b"[0." + b"1" * 301 + b"]", ("the number 0.111111111111111111... is too large", 1, 2)),
        (b"[" * 65 + b"]" * 65, (TOO_DEEP, 1, 65)),
        (b"[" * 100_000, (TOO_DEEP, 1, 65)),
        (
            b'["\\ud83d\\ude00",\n"\\ud800"]',
            ("a text holds half of a surrogate pair, which is no character", 2, 1),
        ),
        (
            b'{"\\ud800": 1}',
            ("a text holds half of a surrogate pair, which is no character", 1, 2),
        ),
        (b'{"a": "\xe9"}', ("not UTF-8: byte 0xe9 is no character", 1, 8)),
        (b'{"a":\n\xc3\xa9\xff', ("not UTF-8: byte 0xff is no character", 2, 2)),
    ],
)
def test_what_is_no_strict_json_is_refused_where_it_stands(
    data: bytes, expected: tuple[str, int, int]
) -> None:
    assert said(parse_json, data) == expected


def test_json_is_refused_even_if_the_place_is_not_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(json_places, "LONGEST_NUMBER", 1000)
    assert said(parse_json, b"9" * 301) == (
        "not strict JSON: a number is too large",
        None,
        None,
    )


def test_json_may_be_64_levels_deep() -> None:
    assert json.dumps(parse_json(b"[" * 64 + b"]" * 64, "file").value) == "[" * 64 + "]" * 64


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        ("no", "no"),
        ("Yes", "Yes"),
        ("on", "on"),
        ("off", "off"),
        ("1e3", "1e3"),
        ("1.5e3", "1.5e3"),
        ("0o7", "0o7"),
        ("0x1F", "0x1F"),
        ("007", "007"),
        ("1_000", "1_000"),
        ("1,000", "1,000"),
        ("2024-03-31", "2024-03-31"),
        ("2024-03-31T12:00:00Z", "2024-03-31T12:00:00Z"),
        ("12:30", "12:30"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        (".5", ".5"),
        ("5.", "5."),
        ("=", "="),
        ("'5'", "5"),
        ('"true"', "true"),
        ("|\n  null", "null"),
        ("null", None),
        ("~", None),
        ("", None),
        ("NULL", None),
        ("true", True),
        ("True", True),
        ("FALSE", False),
        ("tRUE", "tRUE"),
        ("0", 0),
        ("-0", 0),
        ("+5", 5),
        ("-12", -12),
        ("0.41", 0.41),
        ("12246.99399", 12246.99399),
        ("-0.5", -0.5),
    ],
)
def test_a_yaml_scalar_means_what_it_looks_like(scalar: str, value: Any) -> None:
    read = parse_yaml(f"a: {scalar}".encode(), "file").value["a"]
    assert (read, type(read)) == (value, type(value))


def test_yaml_is_read_with_the_place_of_every_key() -> None:
    text = parse_yaml(b"---\na:\n  - b: 1\n    c: [x, {d: 2}]\n'e': |\n  no\n", "file")
    assert text.value == {"a": [{"b": 1, "c": ["x", {"d": 2}]}], "e": "no\n"}
    assert text.lines.place(("a",)) == (2, 1)
    assert text.lines.place(("a", 0)) == (3, 5)
    assert text.lines.place(("a", 0, "c")) == (4, 5)
    assert text.lines.place(("a", 0, "c", 1, "d")) == (4, 13)
    assert text.lines.place(("e",)) == (5, 1)


def test_an_empty_yaml_text_is_nothing_and_nowhere() -> None:
    text = parse_yaml(b"# only a comment\n", "file")
    assert text.value is None
    assert text.lines.place(("a",)) is None
    assert text.lines.line(("a",)) is None


def test_yaml_keys_are_text() -> None:
    assert parse_yaml(b"1: a\ntrue: b\nno: c\n<<: d", "file").value == {
        "1": "a",
        "true": "b",
        "no": "c",
        "<<": "d",
    }


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a: &x 1", ("not strict YAML: it uses an anchor (&x)", 1, 4)),
        (b"a: &x {b: 1}", ("not strict YAML: it uses an anchor (&x)", 1, 4)),
        (b"a: *x", ("not strict YAML: it uses an alias (*x)", 1, 4)),
        (b"a: !!str 1", ("not strict YAML: it uses a tag (tag:yaml.org,2002:str)", 1, 4)),
        (b"a: !!python/object:os.system []", None),
        (b"a: ! x", ("not strict YAML: it uses a tag (!)", 1, 4)),
        (b"a: 1\nb:\n  c: 1\n  c: 2", ('not strict YAML: the key "c" occurs twice', 4, 3)),
        (b'a: 1\n"a": 2', ('not strict YAML: the key "a" occurs twice', 2, 1)),
        (b"a: 1\n---\nb: 2", ("not strict YAML: it holds several documents", 2, 1)),
        (
            b"? [a]\n: 1",
            ("not strict YAML: a key must be text, not a list or a mapping", 1, 3),
        ),
        (b"[" * 65, (f"not strict YAML: {TOO_DEEP}", 1, 65)),
        (
            b"a: " + b"9" * 301,
            ("not strict YAML: the number 99999999999999999999... is too long", 1, 4),
        ),
        (b"a: [1", None),
        (b"a: b: c", None),
        (b"a:\n\t- b", None),
        (b'a: "\\q"', None),
        (b'a: "\\ud800"', None),
        (b'a: "\\U00110000"', None),
        (b"a: \x00", None),
        (b"%YAML 9.0\n---\na: 1", None),
        (b"\xff\xfea\x00", None),
    ],
)
def test_what_is_no_strict_yaml_is_refused(
    data: bytes, expected: tuple[str, int, int] | None
) -> None:
    error = bad(parse_yaml, data)
    if expected is not None:
        assert (error.message, error.line, error.column) == expected


def test_a_thousand_laughs_are_not_expanded() -> None:
    lines = ["a0: &a0 [ha, ha]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    assert said(parse_yaml, "\n".join(lines).encode()) == (
        "not strict YAML: it uses an anchor (&a0)",
        1,
        5,
    )


def test_yaml_without_the_parser_in_c_means_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    from rekodiq_data.files import yaml_core

    monkeypatch.setattr(yaml_core, "_PARSER", yaml.SafeLoader)
    assert parse_yaml(b"a: [no, 1, {b: ~}]", "file").value == {"a": ["no", 1, {"b": None}]}
    assert said(parse_yaml, b"a: &x 1")[0] == "not strict YAML: it uses an anchor (&x)"
    # This parser takes an escaped half of a pair, and builds what is no character.
    assert said(parse_yaml, b'a: "\\ud800"')[0] == (
        "not strict YAML: a text holds half of a surrogate pair, which is no character"
    )
    assert bad(parse_yaml, b'a: "\\U00110000"').message.startswith("not YAML: ")
    assert bad(parse_yaml, b"a: [1").line == 1


def test_the_ending_of_a_file_says_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": 1}')
    (tmp_path / "a.yml").write_text("a: 1")
    (tmp_path / "a.txt").write_text("a: 1")
    assert read_text(tmp_path, "a.json").value == {"a": 1}
    assert read_text(tmp_path, "a.yml").value == {"a": 1}
    assert read_given_text(tmp_path / "a.json").value == {"a": 1}
    with pytest.raises(NotReadable) as caught:
        read_text(tmp_path, "a.txt")
    assert caught.value.message == '"a.txt" is neither JSON nor YAML'
    with pytest.raises(BadText, match=r"the limit is 3 \(--max descriptor=6 raises it\)"):
        read_text(tmp_path, "a.json", ReadLimits(descriptor=3))


@given(PLAIN)
def test_every_json_value_comes_back(value: Any) -> None:
    text = outcome(parse_json, json.dumps(value).encode())
    # Half of a surrogate pair and absurdly long integers are the only things not taken.
    assert isinstance(text, Text)
    assert text.value == value
    assert text.lines.place(()) == (1, 1)


@given(st.binary(max_size=200))
def test_any_bytes_are_json_or_bad_text(data: bytes) -> None:
    assert outcome(parse_json, data) is not None


@given(
    st.binary(max_size=200)
    | st.text(alphabet="ab:-[]{},&*!|>'\"#%@?\n\t 01.~\\", max_size=60).map(str.encode)
)
def test_any_bytes_are_yaml_or_bad_text(data: bytes) -> None:
    assert outcome(parse_yaml, data) is not None


@given(st.text(alphabet='{}[]:,"\\ \nuntfrale01-.eEd8', max_size=60))
def test_places_are_found_in_whatever_json_is_accepted(data: str) -> None:
    text = outcome(parse_json, data.encode())
    if isinstance(text, Text):
        assert text.lines.place(("a", 0)) is not None


@given(values(st.floats(-1e6, 1e6).filter(lambda number: "e" not in repr(number))))
def test_json_read_as_yaml_means_the_same(value: Any) -> None:
    text = outcome(parse_yaml, json.dumps(value).encode())
    # A character beyond U+FFFF is two escapes in JSON, and two halves to YAML.
    if isinstance(text, Text):
        assert text.value == value
