"""Guesses are made only when asked for, only about what is left open, and always said."""

from __future__ import annotations

import csv
import json

import pytest

from rekodiq_data import cli
from rekodiq_data.detect import delimiter_of, encoding_of

SCHEMA = {"fields": [{"name": "a", "type": "integer"}, {"name": "b", "type": "string"}]}


@pytest.fixture
def validate(tmp_path, capsys):
    """Validate the package of one resource that the test describes: the report as JSON."""

    def call(*options, **resource):
        descriptor = {"name": "p", "resources": [{"name": "t", "path": "t.csv", **resource}]}
        path = tmp_path / "datapackage.json"
        path.write_text(json.dumps(descriptor))
        cli.run(["validate", str(path), "--format", "json", *options])
        return json.loads(capsys.readouterr().out)

    return call


def notes(report):
    return [each["note"] for each in report["warnings"]]


def test_what_is_found_is_said_and_used(tmp_path, validate):
    (tmp_path / "t.csv").write_bytes("a;b\n1;é\n".encode("windows-1252"))
    assert not validate(schema=SCHEMA)["valid"]
    report = validate("--detect", schema=SCHEMA)
    assert report["valid"]
    assert [note.split(";")[0] for note in notes(report)] == [
        "the text looks like windows-1252",
        'cells look separated by "',
    ]


def test_what_is_stated_is_not_guessed(tmp_path, validate):
    (tmp_path / "t.csv").write_bytes(b"a;b\n1;2\n")
    stated = {"encoding": "utf-8", "dialect": {"delimiter": ","}}
    assert notes(validate("--detect", schema=SCHEMA, **stated)) == []


def test_what_cant_be_guessed_is_left_to_the_judge(tmp_path, validate):
    assert validate("--detect", schema=SCHEMA)["tasks"][0]["errors"][0]["type"] == (
        "scheme-error"
    )
    report = validate("--detect", schema=SCHEMA, path="t.json")
    assert notes(report) == []
    (tmp_path / "t.csv").write_bytes(b"a\tb\n1\t2\n")
    assert "\\t" in notes(validate("--detect", schema=SCHEMA))[0]
    (tmp_path / "t.csv").write_bytes(b"a,b\n1,2\n")
    assert notes(validate("--detect", schema=SCHEMA)) == []


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"a", "utf-8"),
        ("é".encode()[:1], "utf-8"),
        ("é".encode("latin-1") + b"a", "windows-1252"),
        ("a".encode("utf-16"), "utf-16"),
        ("a".encode("utf-32"), "utf-32"),
    ],
)
def test_the_encoding_is_that_of_the_mark_or_the_bytes(content, encoding):
    assert encoding_of(content) == encoding


@pytest.mark.parametrize(
    ("text", "quote", "delimiter"),
    [
        ("a,b\n1,2\n", '"', ","),
        ('a;b\n"1;2";3\n', '"', ";"),
        ("a|b|c;d\n1|2|3;4\n5|", '"', "|"),
        ("a;'b\n1;2\n", None, ";"),
        ("a,b\n1\n", '"', None),
    ],
)
def test_the_delimiter_cuts_all_lines_alike(text, quote, delimiter):
    assert delimiter_of(text, quote) == delimiter


def test_a_cell_too_long_for_a_delimiter_rules_it_out():
    usual = csv.field_size_limit(10)
    try:
        assert delimiter_of("x,y;" + "z" * 9 + "\n") == ";"
    finally:
        csv.field_size_limit(usual)


def test_one_table_with_its_schema_and_a_descriptor_alone(tmp_path, capsys):
    (tmp_path / "s.json").write_text(json.dumps(SCHEMA))
    (tmp_path / "t.csv").write_text("a,b\nx,y\n")
    call = ["validate", str(tmp_path / "t.csv"), "--schema", str(tmp_path / "s.json")]
    assert cli.run([*call, "--format", "concise"]) == 1
    assert "t.csv:2:1: error type.integer" in capsys.readouterr().out
    assert cli.run([*call, "--metadata-only"]) == 0
