# ruff: noqa: E501 - one package a line
"""Encodings, and characters of Unicode that mislead."""

from __future__ import annotations

from tests.hostile.cases import Case, cell, descriptor, file, resource, table

ONE = {"a": ["1"], "b": ["2"]}
BOM = b"\xef\xbb\xbf"


def _text(name: str, outcomes: str, text: str, value: str | None = None) -> Case:
    """A cell of text, which has to come out as it is."""
    return cell(f"text-{name}", outcomes, text, "string", text if value is None else value)


ENCODINGS = [
    table("encoding-latin-1-undeclared", "encoding-error 2", "a,b\né,2\n".encode("latin-1")),
    table(
        "encoding-cp1252-in-utf-8", "encoding-error 3", "a,b\né,1\n".encode() + b"\x93x\x94,2\n"
    ),
    table(
        "encoding-latin-1-declared",
        "accepted",
        "a,b\né,2\n".encode("latin-1"),
        values={"a": ["é"], "b": ["2"]},
        encoding="latin-1",
    ),
    table("encoding-declared-ascii", "encoding-error 2", "a,b\né,2\n", encoding="ascii"),
    table(
        "encoding-declared-utf-16-and-is-not",
        "encoding-error | source-error",
        "a,b\n1,2\n",
        encoding="utf-16",
    ),
    table("encoding-utf-16-undeclared", "encoding-error 1", "a,b\n1,2\n".encode("utf-16")),
    table(
        "encoding-utf-16-with-mark",
        "accepted",
        "a,b\n1,2\n".encode("utf-16"),
        encoding="utf-16",
        values=ONE,
    ),
    table(
        "encoding-utf-16-le-without-mark",
        "accepted",
        "a,b\n1,2\n".encode("utf-16-le"),
        encoding="utf-16-le",
        values=ONE,
    ),
    table(
        "encoding-utf-16-odd-bytes",
        "encoding-error",
        "a,b\n1,2\n".encode("utf-16") + b"\0",
        encoding="utf-16",
    ),
    table(
        "encoding-utf-16-half-pair",
        "encoding-error",
        "a,b\n1,".encode("utf-16") + b"\x00\xd8",
        encoding="utf-16",
    ),
    table(
        "encoding-utf-32",
        "accepted",
        "a,b\n1,2\n".encode("utf-32"),
        encoding="utf-32",
        values=ONE,
    ),
    table(
        "encoding-utf-32-beyond-unicode",
        "encoding-error",
        "a,b\n".encode("utf-32") + b"\xff\xff\xff\x7f",
        encoding="utf-32",
    ),
    table("encoding-utf-8-bom", "accepted", BOM + b"a,b\n1,2\n", values=ONE),
    table("encoding-two-boms", "incorrect-label", BOM + BOM + b"a,b\n1,2\n"),
    table("encoding-bom-before-a-quote", "accepted", BOM + b'"a",b\n1,2\n', values=ONE),
    table("encoding-overlong", "encoding-error 2", b"a,b\n\xc0\xaf,2\n"),
    table("encoding-surrogate", "encoding-error 2", b"a,b\n\xed\xa0\x80,2\n"),
    table("encoding-truncated-character", "encoding-error 2", b"a,b\n1,\xe2\x82"),
    table("encoding-bad-byte-in-the-header", "encoding-error 1", b"a,\xff\n1,2\n"),
    table(
        "encoding-bad-byte-far-down",
        "encoding-error 50002",
        b"a,b\n" + b"1,2\n" * 50_000 + b"\xff,2\n",
    ),
    table("encoding-unknown", "resource-error", "a,b\n1,2\n", encoding="klingon"),
    table("encoding-no-text-codec", "resource-error", "a,b\n1,2\n", encoding="base64"),
    table(
        "encoding-idna",
        "resource-error | encoding-error | accepted",
        "a,b\n1,2\n",
        encoding="idna",
    ),
    table(
        "encoding-unicode-escape",
        "accepted | resource-error | encoding-error",
        "a,b\n\\x41,2\n",
        encoding="unicode_escape",
        values={"a": ["A"], "b": ["2"]},
    ),
    table(
        "encoding-utf-7",
        "accepted",
        "a,b\n+2AHcAQ-,2\n",
        encoding="utf-7",
        values={"a": ["\U00010401"], "b": ["2"]},
    ),
    table("encoding-mbcs-name", "resource-error", "a,b\n1,2\n", encoding="mbcs"),
    table(
        "encoding-undefined",
        "resource-error | encoding-error",
        "a,b\n1,2\n",
        encoding="undefined",
    ),
    table(
        "encoding-punycode",
        "resource-error | encoding-error | accepted | missing-label | incorrect-label | missing-cell",
        "a,b\n1,2\n",
        encoding="punycode",
    ),
    table("encoding-with-escapes", "resource-error", "a,b\n1,2\n", encoding="utf-8\x1b[31m"),
    table(
        "encoding-shift-jis",
        "accepted",
        "a,b\n表,2\n".encode("shift_jis"),
        encoding="shift_jis",
        values={"a": ["表"], "b": ["2"]},
    ),
    table(
        "encoding-iso-2022-jp",
        "accepted",
        "a,b\n日,2\n".encode("iso2022_jp"),
        encoding="iso2022_jp",
        values={"a": ["日"], "b": ["2"]},
    ),
    table(
        "encoding-nul-bytes",
        "accepted | source-error",
        b"a,b\n\0\0,2\n",
        values={"a": ["\0\0"], "b": ["2"]},
    ),
    table("encoding-nul-file", "incorrect-label | missing-label | source-error", b"\0" * 4096),
    table(
        "encoding-binary",
        "encoding-error | source-error | incorrect-label | missing-label",
        bytes(range(256)) * 4,
    ),
]

UNICODE = [
    _text("nul", "accepted | source-error", "a\0b"),
    _text("bidi-override", "accepted", "user\u202e\u2066admin"),
    _text("zero-width", "accepted", "pay\u200bpal"),
    _text("bom-in-the-middle", "accepted", "a\ufeffb"),
    _text("control-characters", "accepted", "\x01\x02\x1f\x7f\x80\x9f"),
    _text("ansi-colours", "accepted", "\x1b[31mred\x1b[0m"),
    _text("title-of-the-terminal", "accepted", "\x1b]0;owned\x07"),
    _text("clear-screen-by-c1", "accepted", "\x9b2J"),
    _text("line-separator", "accepted", "a\u2028b\u2029c\x85d"),
    _text("vertical-tab", "accepted", "a\x0bb\x0cc"),
    _text("noncharacter", "accepted", "\ufffe\uffff\U0010ffff"),
    _text("private-use", "accepted", "\ue000\U000f0000"),
    _text("many-marks", "accepted", "Z" + "\u0301" * 500),
    _text("widest", "accepted", "\ufdfd"),
    _text("formula", "accepted", '=cmd|"/c calc"!A1'),
    _text("script", "accepted", "<script>alert(1)</script>"),
    _text("template", "accepted", "{{ 7*7 }} ${7*7} %s %(x)s {0}"),
    _text("braces", "accepted", "{}{x.__class__}"),
    _text("na", "accepted", "NA"),
    _text("null", "accepted", "null"),
    _text("leading-zeros", "accepted", "007"),
    _text("exponent", "accepted", "3E5"),
    _text("trailing-zero", "accepted", "3.10"),
    _text("true", "accepted", "TRUE"),
    _text("date", "accepted", "Sept 2"),
    _text("blanks-around", "accepted", "  x\t "),
    _text("line-ends-inside", "accepted", "a\r\nb\nc\rd"),
    *[
        cell(f"bad-value-shown-{name}", "type-error 2", text, "integer")
        for name, text in {
            "escape": "\x1b[2J",
            "c1": "\x9b31m",
            "bidi": "\u202e1",
            "bell": "\x07",
            "carriage-return": "1\rok",
            "line-break": "1\nok: 0 errors",
            "delete": "\x7f",
            "backspace": "1\x08",
            "braces": "{}{0}{x}",
            "percent": "%s%n",
            "very-long": "x" * 100_000,
        }.items()
    ],
    table(
        "twins-nfc-nfd-in-a-key",
        "accepted",
        "a,b\ncafe\u0301,1\ncaf\u00e9,2\n",
        [
            {"name": "a", "type": "string", "constraints": {"unique": True}},
            {"name": "b", "type": "string"},
        ],
        values={"a": ["cafe\u0301", "caf\u00e9"], "b": ["1", "2"]},
    ),
    table("twins-nfc-nfd-in-a-header", "incorrect-label", "cafe\u0301,b\n1,2\n", "caf\u00e9 b"),
    table("twins-of-cyrillic-in-a-header", "incorrect-label", "\u0430,b\n1,2\n"),
    table("twins-of-case-in-a-header", "incorrect-label", "A,b\n1,2\n"),
    table("header-with-zero-width", "incorrect-label", "a\u200b,b\n1,2\n"),
    table("header-with-escapes", "incorrect-label", "\x1b[31ma\x9b,b\n1,2\n"),
    table(
        "header-with-no-break-space",
        "incorrect-label | warned header.incorrect",
        "a\u00a0,b\n1,2\n",
        values=ONE,
    ),
    table("header-with-line-break", "incorrect-label", '"a\nok: 0 errors",b\n1,2\n'),
    table(
        "field-name-with-escapes",
        "type-error 2",
        '"\x1b[31m\u202e"\nx\n',
        [{"name": "\x1b[31m\u202e", "type": "integer"}],
    ),
    table(
        "field-name-with-line-break",
        "type-error",
        '"a\nb"\nx\n',
        [{"name": "a\nb", "type": "integer"}],
    ),
    Case(
        "resource-name-with-escapes",
        "type-error 2 | resource-error",
        {
            "datapackage.json": descriptor(
                resource(fields="a:integer b") | {"name": "\x1b[31m\x9b\u202et\n\n"}
            ),
            "t.csv": "a,b\nx,2\n",
        },
    ),
    table(
        "enum-with-escapes",
        "constraint-error 2",
        "a\nx\n",
        [{"name": "a", "type": "string", "constraints": {"enum": ["\x1b[31mred", "\u202e"]}}],
    ),
    table(
        "pattern-with-escapes",
        "constraint-error 2",
        "a\nx\n",
        [{"name": "a", "type": "string", "constraints": {"pattern": "\x1b\\[31m\x9b"}}],
    ),
    table(
        "missing-value-with-escapes",
        "accepted",
        "a,b\n\x1b[31m,2\n",
        values={"a": ["\x1b[31m"], "b": ["2"]},
    ),
    file(
        "file-name-with-escapes",
        "type-error 2",
        "\x1b[31m\u202e.csv",
        "a,b\nx,2\n",
        "a:integer b",
    ),
]

CASES = [*ENCODINGS, *UNICODE]
