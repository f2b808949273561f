"""Descriptors that are no strict JSON or YAML, or say what they may not."""

from __future__ import annotations

import json

from tests.hostile.cases import Case, described, descriptor, fields_of, resource

GOOD = descriptor(resource())
BOM = b"\xef\xbb\xbf"
SMALL = '{"resources": [{"name": "t", "path": "t.csv"}]'
ANY = "package-error | resource-error | schema-error | field-error | dialect-error"
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + at)}: &{chr(98 + at)} [{', '.join([f'*{chr(97 + at)}'] * 10)}]\n"
    for at in range(9)
)


def _wrong(key: str, value: object) -> Case:
    kind = json.dumps(value)[:8].replace('"', "").replace(" ", "") or "text"
    return described(f"descriptor-{key}-is-{kind}", ANY, descriptor(resource() | {key: value}))


def _schema(name: str, outcomes: str, **own: object) -> Case:
    schema = {"fields": fields_of("a b"), **own}
    text = descriptor(resource(fields=None, schema=schema))
    return described(f"schema-{name}", outcomes, text)


def _many(count: int) -> str:
    return descriptor(*[resource() | {"name": f"t{at}"} for at in range(count)])


CASES = [
    described("descriptor-duplicate-key", "package-error 1", SMALL + ', "name": 1, "name": 2}'),
    described(
        "descriptor-duplicate-key-by-escape",
        "package-error 1",
        SMALL + ', "name": "p", "n\\u0061me": "q"}',
    ),
    described(
        "descriptor-duplicate-resources", "package-error 1", SMALL + ', "resources": []}'
    ),
    described("descriptor-nan", "package-error 1", SMALL + ', "x": NaN}'),
    described("descriptor-infinity", "package-error 1", SMALL + ', "x": -Infinity}'),
    described("descriptor-1e400", "package-error 1", SMALL + ', "x": 1e400}'),
    described("descriptor-400-digits", "package-error 1", SMALL + ', "x": ' + "9" * 400 + "}"),
    described(
        "descriptor-ten-thousand-digits",
        "package-error 1",
        SMALL + ', "x": ' + "9" * 10_000 + "}",
    ),
    described("descriptor-bytes-of-2-to-64", "byte-count", descriptor(resource(bytes=2**64))),
    described("descriptor-bytes-negative", ANY, descriptor(resource(bytes=-1))),
    described("descriptor-bytes-fraction", ANY, descriptor(resource(bytes=8.5))),
    described("descriptor-bytes-lie", "byte-count", descriptor(resource(bytes=9))),
    described(
        "descriptor-hash-lie", "hash-count", descriptor(resource(hash="md5:" + "0" * 32))
    ),
    described(
        "descriptor-hash-of-no-algorithm",
        "hash-count",
        descriptor(resource(hash="rot13:" + "0" * 32)),
    ),
    described("descriptor-hash-garbage", ANY, descriptor(resource(hash="\x1b[31mred"))),
    described(
        "descriptor-shake-of-a-million",
        "hash-count",
        descriptor(resource(hash="shake_128:" + "0" * 1_000_000)),
    ),
    described("descriptor-empty", "package-error", ""),
    described("descriptor-blank", "package-error", " \n\n"),
    described("descriptor-truncated", "package-error 1", GOOD[:-20]),
    described("descriptor-trailing-garbage", "package-error 1", GOOD + "x"),
    described("descriptor-trailing-nul", "package-error 1", GOOD + "\0"),
    described("descriptor-comment", "package-error 1", GOOD + " // fine"),
    described("descriptor-trailing-comma", "package-error 1", GOOD[:-1] + ",}"),
    described("descriptor-single-quotes", "package-error 1", GOOD.replace('"', "'")),
    described("descriptor-array", "package-error", f"[{GOOD}]"),
    described("descriptor-number", "package-error", "5"),
    described("descriptor-null", "package-error", "null"),
    described(
        "descriptor-bom", "accepted", BOM + GOOD.encode(), values={"a": ["1"], "b": ["2"]}
    ),
    described("descriptor-two-boms", "package-error 1", BOM + BOM + GOOD.encode()),
    described("descriptor-utf-16", "package-error 1", GOOD.encode("utf-16")),
    described("descriptor-utf-16-without-mark", "package-error 1", GOOD.encode("utf-16-le")),
    described("descriptor-utf-32", "package-error 1", GOOD.encode("utf-32")),
    described(
        "descriptor-latin-1", "package-error 1", GOOD.replace('"p"', '"é"').encode("latin-1")
    ),
    described("descriptor-lone-surrogate", "package-error 1", SMALL + ', "x": "\\ud800"}'),
    described("descriptor-lone-surrogate-key", "package-error 1", SMALL + ', "\\udfff": 1}'),
    described(
        "descriptor-encoded-surrogate",
        "package-error 1",
        GOOD.encode().replace(b'"p"', b'"\xed\xa0\x80"'),
    ),
    described(
        "descriptor-overlong-utf-8",
        "package-error 1",
        GOOD.encode().replace(b'"p"', b'"\xc0\xae"'),
    ),
    described("descriptor-raw-control", "package-error 1", SMALL + ', "x": "\x01"}'),
    described(
        "descriptor-escaped-controls",
        f"{ANY} | accepted",
        descriptor(
            resource() | {"name": "\x1b[2J\x07\x9b31m"}, title="\x1b]0;t\x07", x="\u202e"
        ),
    ),
    described(
        "descriptor-deep", "package-error 1", SMALL + ', "x": ' + "[" * 80 + "]" * 80 + "}"
    ),
    described("descriptor-very-deep", "package-error 1", SMALL + ', "x": ' + "[" * 200_000),
    described(
        "descriptor-deep-objects",
        "package-error 1",
        SMALL + ', "x": ' + '{"a":' * 9_000 + "1" + "}" * 9_000 + "}",
    ),
    described("descriptor-large", "package-error", GOOD.ljust(4 * 1024**2 + 1), flood=True),
    described(
        "descriptor-just-not-too-large",
        "accepted",
        GOOD.ljust(4 * 1024**2),
        flood=True,
        values={"a": ["1"], "b": ["2"]},
    ),
    described(
        "descriptor-hundred-thousand-keys",
        "accepted",
        GOOD[:-1] + "".join(f', "k{at}": 1' for at in range(100_000)) + "}",
        flood=True,
        values={"a": ["1"], "b": ["2"]},
    ),
    described(
        "descriptor-of-colliding-numbers",
        "accepted",
        GOOD[:-1] + ', "x": [' + ",".join(str(at * (2**61 - 1)) for at in range(50_000)) + "]}",
        flood=True,
        values={"a": ["1"], "b": ["2"]},
    ),
    described("descriptor-without-resources", "package-error", '{"name": "p"}'),
    described("descriptor-empty-resources", "package-error", '{"resources": []}'),
    described("descriptor-resources-object", "package-error", '{"resources": {}}'),
    described(
        "descriptor-resources-of-numbers",
        "package-error | resource-error",
        '{"resources": [1, null, "t", []]}',
    ),
    described("descriptor-names-twice", ANY, descriptor(resource(), resource())),
    described(
        "descriptor-name-leaves",
        ANY + " | accepted | warned descriptor.name",
        descriptor(resource() | {"name": "../../evil"}),
    ),
    described("descriptor-no-name", ANY, descriptor({"path": "t.csv"})),
    described("descriptor-path-and-data", ANY, descriptor(resource(data=[["a", "b"]]))),
    described("descriptor-neither", ANY, descriptor({"name": "t"})),
    described("descriptor-null-name", ANY, descriptor(resource() | {"name": None})),
    *[
        _wrong(key, value)
        for key, values in {
            "name": (5, [], {}),
            "path": (True, {}),
            "schema": (5, [], True),
            "dialect": (5, [], False),
            "encoding": (
                5,
                [],
                "no-such-encoding",
                "rot13",
                "idna",
                "unicode_escape",
                "zip",
                "utf-8\0",
                "",
            ),
            "format": (5, []),
            "compression": (5, []),
            "hash": (5, []),
            "bytes": ("8", [], True),
            "innerpath": (5,),
        }.items()
        for value in values
        if value != ""
    ],
    described(
        "descriptor-data-number",
        ANY,
        descriptor({"name": "t", "data": 5, "schema": {"fields": fields_of("a")}}),
    ),
    described(
        "descriptor-data-text-without-format", ANY, descriptor({"name": "t", "data": "a\n1"})
    ),
    _schema("without-fields", "schema-error", fields=[]),
    _schema("fields-object", "schema-error", fields={"a": 1}),
    _schema("fields-of-numbers", "field-error | schema-error", fields=[1, None]),
    _schema("field-without-name", "field-error", fields=[{"type": "string"}, {"name": "b"}]),
    _schema(
        "type-unknown", "field-error", fields=[{"name": "a", "type": "strnig"}, {"name": "b"}]
    ),
    _schema("type-number", "field-error", fields=[{"name": "a", "type": 5}, {"name": "b"}]),
    _schema(
        "format-number",
        "field-error",
        fields=[{"name": "a", "type": "date", "format": 5}, {"name": "b"}],
    ),
    _schema(
        "constraints-list",
        "field-error",
        fields=[{"name": "a", "type": "string", "constraints": []}, {"name": "b"}],
    ),
    _schema(
        "minimum-null",
        "field-error",
        fields=[
            {"name": "a", "type": "integer", "constraints": {"minimum": None}},
            {"name": "b"},
        ],
    ),
    _schema(
        "minimum-object",
        "field-error | type-error",
        fields=[
            {"name": "a", "type": "integer", "constraints": {"minimum": {}}},
            {"name": "b"},
        ],
    ),
    _schema(
        "enum-of-lists",
        "field-error | constraint-error",
        fields=[
            {"name": "a", "type": "integer", "constraints": {"enum": [[1], {}]}},
            {"name": "b"},
        ],
    ),
    _schema(
        "min-length-huge",
        "constraint-error",
        fields=[
            {"name": "a", "type": "string", "constraints": {"minLength": 10**200}},
            {"name": "b"},
        ],
    ),
    _schema(
        "min-length-negative",
        "field-error",
        fields=[
            {"name": "a", "type": "string", "constraints": {"minLength": -1}},
            {"name": "b"},
        ],
    ),
    _schema("missing-values-number", "schema-error", missingValues=[-99]),
    _schema("missing-values-text", "schema-error", missingValues="NA"),
    _schema("primary-key-unknown", "schema-error", primaryKey=["nope"]),
    _schema("primary-key-number", "schema-error", primaryKey=5),
    _schema(
        "primary-key-of-100000-unknown",
        "schema-error",
        primaryKey=[f"x{at}" for at in range(20_000)],
    ),
    _schema(
        "unique-keys-of-unknown",
        "schema-error",
        uniqueKeys=[[f"x{at}"] for at in range(20_000)],
    ),
    _schema(
        "foreign-key-to-nothing",
        "schema-error",
        foreignKeys=[{"fields": "a", "reference": {"resource": "nowhere", "fields": "a"}}],
    ),
    _schema(
        "foreign-keys-to-nothing-by-the-thousand",
        "schema-error",
        foreignKeys=[
            {"fields": "a", "reference": {"resource": f"no{at}", "fields": "a"}}
            for at in range(5_000)
        ],
    ),
    _schema(
        "foreign-key-to-itself",
        "foreign-key 2",
        foreignKeys=[{"fields": "a", "reference": {"resource": "", "fields": "b"}}],
    ),
    _schema(
        "foreign-key-of-numbers", "schema-error", foreignKeys=[{"fields": 5, "reference": 6}]
    ),
    _schema(
        "foreign-key-to-another-package",
        "schema-error",
        foreignKeys=[
            {
                "fields": "a",
                "reference": {"package": "http://127.0.0.1:9/", "resource": "t", "fields": "a"},
            }
        ],
    ),
    _schema(
        "json-schema-with-an-address",
        "type-error | accepted | field-error",
        fields=[
            {
                "name": "a",
                "type": "object",
                "constraints": {"jsonSchema": {"$ref": "http://127.0.0.1:9/s.json"}},
            },
            {"name": "b"},
        ],
    ),
    _schema(
        "json-schema-with-a-file",
        "type-error | accepted | field-error",
        fields=[
            {
                "name": "a",
                "type": "object",
                "constraints": {"jsonSchema": {"$ref": "file:///etc/passwd"}},
            },
            {"name": "b"},
        ],
    ),
    _schema("ref", "schema-error", fields=None, **{"$ref": "../s.json"}),
    described(
        "foreign-keys-in-a-circle",
        "foreign-key 2",
        descriptor(
            *[
                resource()
                | {
                    "name": f"t{at}",
                    "schema": {
                        "fields": fields_of("a b"),
                        "foreignKeys": [
                            {
                                "fields": "a",
                                "reference": {"resource": f"t{(at + 1) % 3}", "fields": "b"},
                            }
                        ],
                    },
                }
                for at in range(3)
            ]
        ),
    ),
    described("resources-up-to-the-limit", "accepted", _many(1_000), flood=True),
    described("resources-past-the-limit", "package-error", _many(1_001)),
    described(
        "resources-by-the-hundred-thousand",
        "package-error",
        '{"resources": [' + ",".join(["{}"] * 100_000) + "]}",
        flood=True,
    ),
    described(
        "fields-past-the-limit",
        "schema-error",
        descriptor(resource(fields=" ".join(f"f{at}" for at in range(4_097)))),
    ),
    described(
        "fields-up-to-the-limit",
        "missing-label | incorrect-label | missing-cell",
        descriptor(resource(fields=" ".join(f"f{at}" for at in range(4_096)))),
        flood=True,
    ),
    described(
        "fields-of-one-name",
        ANY + " | missing-label | incorrect-label",
        descriptor(resource(fields=" ".join(["f"] * 2_000))),
    ),
    described("yaml-laughs", "package-error 1", LAUGHS, "yaml"),
    described("yaml-anchor", "package-error 1", "resources: &x []", "yaml"),
    described("yaml-alias-to-itself", "package-error 1", "a: &a [*a]", "yaml"),
    described(
        "yaml-merge-key", "package-error", "a: {x: 1}\nresources: []\n<<: {y: 2}\n", "yaml"
    ),
    described(
        "yaml-python-tag",
        "package-error 1",
        "!!python/object/apply:os.system ['touch made']",
        "yaml",
    ),
    described("yaml-tag", "package-error 1", "resources: !!seq []", "yaml"),
    described("yaml-duplicate-key", "package-error 2", "name: p\nname: q\n", "yaml"),
    described("yaml-two-documents", "package-error 2", "name: p\n---\nname: q\n", "yaml"),
    described("yaml-tab", "package-error", "resources:\n\t- name: t\n", "yaml"),
    described("yaml-complex-key", "package-error 1", "? [a, b]\n: c\n", "yaml"),
    described("yaml-deep", "package-error 1", "[" * 5_000, "yaml"),
    described(
        "yaml-deep-by-indent",
        "package-error",
        "".join(" " * at + "a:\n" for at in range(300)),
        "yaml",
    ),
    described(
        "yaml-of-numbers-that-are-none",
        ANY,
        "name: 1_000\nresources:\n- {name: 007, path: t.csv, bytes: 0x8}\n",
        "yaml",
    ),
    described("yaml-control-character", "package-error", "name: a\x07b\n", "yaml"),
    described("yaml-unclosed", "package-error", "resources: [{name: t, path: t.csv", "yaml"),
    described("yaml-utf-16", "package-error", "name: p".encode("utf-16"), "yaml"),
    described("yaml-long-key", "package-error", "? " + "x" * 5_000 + "\n: y\n", "yaml"),
    described("yml-is-read-too", "accepted", GOOD, "yml", values={"a": ["1"], "b": ["2"]}),
]
