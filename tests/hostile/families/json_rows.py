"""JSON and NDJSON that are damaged, or made to hurt, and formats that are not read."""

from __future__ import annotations

from tests.hostile.cases import Case, Content, descriptor, fields_of, file

TEXT = "a,b\n1,2\n"
ONE = {"a": ["1"], "b": ["2"]}


def _json(name: str, outcomes: str, content: Content, fields: object = "a b", **own) -> Case:
    return file(f"json-{name}", outcomes, "t.json", content, fields, **own)


def _lines(name: str, outcomes: str, content: Content, fields: object = "a b", **own) -> Case:
    return file(f"ndjson-{name}", outcomes, "t.ndjson", content, fields, **own)


CASES = [
    _json("good", "accepted", '[{"a": "1", "b": "2"}]', values=ONE),
    _json("empty-file", "source-error", ""),
    _json("not-json", "source-error 1", "a,b\n1,2\n"),
    _json("object", "source-error", '{"a": "1"}'),
    _json("number", "source-error", "5"),
    _json("rows-of-numbers", "source-error", "[1, 2]"),
    _json("rows-mixed", "source-error", '[{"a": "1", "b": "2"}, ["1", "2"]]'),
    _json("rows-null", "source-error", "[null]"),
    _json("deep", "source-error", "[" * 200_000),
    _json(
        "deep-and-closed",
        "source-error | type-error",
        '[{"a": ' + "[" * 900 + "]" * 900 + ', "b": "2"}]',
    ),
    _json("deep-objects", "source-error", '[{"a": ' + '{"x":' * 100_000),
    _json("duplicate-keys", "source-error", '[{"a": "1", "a": "x", "b": "2"}]'),
    _json("nan", "source-error", '[{"a": NaN, "b": "2"}]', "a:number b"),
    _json("infinity", "source-error", '[{"a": -Infinity, "b": "2"}]', "a:number b"),
    _json(
        "1e400",
        "accepted | source-error | type-error",
        '[{"a": 1e400, "b": "2"}]',
        "a:number b",
        values={"a": ["unstorable"], "b": ["2"]},
    ),
    _json("1e999999999", "source-error", '[{"a": 1e999999999, "b": "2"}]', "a:number b"),
    _json(
        "integer-of-5000-digits",
        "source-error | accepted",
        '[{"a": ' + "9" * 5_000 + ', "b": "2"}]',
        "a:integer b",
        values={"a": ["unstorable"], "b": ["2"]},
    ),
    _json(
        "integer-of-2-to-63",
        "accepted | type-error",
        '[{"a": 9223372036854775808, "b": "2"}]',
        "a:integer b",
        values={"a": ["unstorable"], "b": ["2"]},
    ),
    _json(
        "integer-of-2-to-53-and-1",
        "accepted",
        '[{"a": 9007199254740993, "b": "2"}]',
        "a:integer b",
        values={"a": [9007199254740993], "b": ["2"]},
    ),
    _json(
        "number-of-many-digits",
        "accepted",
        '[{"a": 0.1234567890123456789, "b": "2"}]',
        "a:number b",
        values={"a": ["unstorable"], "b": ["2"]},
    ),
    _json("trailing-garbage", "source-error", '[{"a": "1", "b": "2"}] x'),
    _json("truncated", "source-error", '[{"a": "1", "b": "2"}'),
    _json("lone-surrogate", "source-error", '[{"a": "\\ud800", "b": "2"}]'),
    _json(
        "lone-surrogate-in-a-key",
        "source-error | extra-label | incorrect-label",
        '[{"\\ud800": "1", "b": "2"}]',
    ),
    _json("bad-bytes", "encoding-error 1", b'[{"a": "\xff", "b": "2"}]'),
    _json("bom", "accepted", "\ufeff" + '[{"a": "1", "b": "2"}]', values=ONE),
    _json(
        "utf-16-undeclared", "encoding-error | source-error", '[{"a": "1"}]'.encode("utf-16")
    ),
    _json("key-with-escapes", "extra-label", '[{"a": "1", "b": "2", "\\u001b[31m": "3"}]'),
    _json(
        "escapes-in-a-text",
        "accepted",
        '[{"a": "\\u001b[31m", "b": "\\u0000"}]',
        values={"a": ["\x1b[31m"], "b": ["\0"]},
    ),
    _json("types-mixed", "type-error", '[{"a": 1, "b": true}, {"a": [], "b": {}}]'),
    _json("number-for-text", "type-error", '[{"a": 1, "b": "2"}]'),
    _json("true-for-integer", "type-error", '[{"a": true, "b": "2"}]', "a:integer b"),
    _json("property-missing", "source-error", '{"rows": []}', dialect={"property": "nope"}),
    _json(
        "property-of-dots", "source-error", '{"rows": []}', dialect={"property": "." * 50_000}
    ),
    _json(
        "item-keys-many",
        "missing-label | extra-label | incorrect-label | source-error | dialect-error",
        '[{"a": "1", "b": "2"}]',
        dialect={"itemKeys": [f"k{at}" for at in range(50_000)]},
    ),
    _json(
        "lists-ragged",
        "missing-cell 0 | extra-cell 0 | source-error",
        '[["a", "b"], ["1"], ["1", "2", "3"]]',
    ),
    _json(
        "list-of-lists-empty", "blank-row | source-error | missing-label", '[["a", "b"], []]'
    ),
    _json("list-of-nothing", "accepted", "[]", values={"a": [], "b": []}),
    _json("million-numbers", "source-error", "[" + "1," * 1_000_000 + "1]", flood=True),
    _json(
        "million-empty-lists",
        "blank-row | source-error | missing-label",
        "[" + "[]," * 500_000 + "[]]",
        flood=True,
    ),
    _json(
        "many-keys",
        "source-error",
        "[{" + ",".join(f'"k{at}": 1' for at in range(100_000)) + "}]",
        flood=True,
    ),
    _json(
        "keys-all-different",
        "source-error",
        "[" + ",".join(f'{{"k{at}": 1}}' for at in range(50_000)) + "]",
        flood=True,
    ),
    _lines("good", "accepted", '{"a": "1", "b": "2"}\n', values=ONE),
    _lines("second-line-broken", "source-error 2", '{"a": "1", "b": "2"}\n{"a": \n'),
    _lines(
        "two-values-on-a-line", "source-error 1", '{"a": "1", "b": "2"} {"a": "1", "b": "2"}\n'
    ),
    _lines("blank-lines", "accepted", '\n\n{"a": "1", "b": "2"}\n\n', values=ONE),
    _lines("not-objects", "source-error", '"a"\n1\n'),
    _lines("deep", "source-error", "[" * 100_000 + "\n"),
    _lines("bad-bytes", "encoding-error 2", b'{"a": "1", "b": "2"}\n\xff\n'),
    _lines(
        "line-past-the-limit",
        "source-error",
        '{"a": "' + "x" * (9 * 1024**2) + '"}',
        flood=True,
    ),
    _lines("truncated", "source-error 2", '{"a": "1", "b": "2"}\n{"a": "1", "b"'),
    _lines(
        "wide-and-sparse",
        "source-error | extra-label",
        "".join(f'{{"k{at % 4_000}": 1}}\n' for at in range(8_000)),
        fields_of("k0:integer"),
        flood=True,
    ),
    Case(
        "inline-rows",
        "accepted",
        {
            "datapackage.json": descriptor(
                {
                    "name": "t",
                    "data": [{"a": "1", "b": "2"}],
                    "schema": {"fields": fields_of("a b")},
                }
            )
        },
        values=ONE,
    ),
    Case(
        "inline-rows-of-numbers",
        "source-error",
        {
            "datapackage.json": descriptor(
                {"name": "t", "data": [1, 2], "schema": {"fields": fields_of("a b")}}
            )
        },
    ),
    Case(
        "inline-object",
        "source-error",
        {
            "datapackage.json": descriptor(
                {"name": "t", "data": {"a": 1}, "schema": {"fields": fields_of("a b")}}
            )
        },
    ),
    Case(
        "inline-csv-with-escapes",
        "type-error 2",
        {
            "datapackage.json": descriptor(
                {
                    "name": "t",
                    "data": "a\n\x1b[31m\n",
                    "format": "csv",
                    "schema": {"fields": fields_of("a:integer")},
                }
            )
        },
    ),
    Case(
        "inline-csv-of-another-encoding",
        "accepted",
        {
            "datapackage.json": descriptor(
                {
                    "name": "t",
                    "data": "a\né\n",
                    "format": "csv",
                    "encoding": "ascii",
                    "schema": {"fields": fields_of("a")},
                }
            )
        },
        values={"a": ["é"]},
    ),
    Case(
        "format-unknown",
        "format-error | warned file.not-a-table",
        {
            "datapackage.json": descriptor(
                {"name": "t", "path": "t.xyz", "schema": {"fields": fields_of("a b")}}
            ),
            "t.xyz": TEXT,
        },
    ),
    Case(
        "format-pickle",
        "format-error | warned file.not-a-table",
        {
            "datapackage.json": descriptor(
                {"name": "t", "path": "t.pickle", "schema": {"fields": fields_of("a b")}}
            ),
            "t.pickle": b"cos\nsystem\n(S'touch made'\ntR.",
        },
    ),
    Case(
        "format-feather",
        "format-error | warned file.not-a-table",
        {
            "datapackage.json": descriptor(
                {"name": "t", "path": "t.feather", "schema": {"fields": fields_of("a b")}}
            ),
            "t.feather": b"ARROW1",
        },
    ),
]
