"""What descriptors and cells are made of: known words, and values that are as odd as can be."""

from __future__ import annotations

from hypothesis import strategies as st

# Every property of the specifications, with values that mean something or nearly do.
KEYS: dict[str, list] = {
    "$schema": [
        "https://datapackage.org/profiles/2.0/datapackage.json",
        "https://datapackage.org/profiles/1.0/datapackage.json",
        "https://datapackage.org/profiles/2.0/tableschema.json",
    ],
    "profile": ["tabular-data-package", "data-package", "tabular-data-resource", "x"],
    "name": ["t", "u", "../t", "T t", "é", ".", "nul", "a" * 300],
    "path": ["t.csv", "u.csv", ["t.csv", "u.csv"], "../t.csv", "/etc/passwd", "t.csv.gz", "."],
    "data": [[["x"], [1]], [{"x": 1}], {"x": 1}, "x\n1\n", [[]], []],
    "format": ["csv", "tsv", "json", "ndjson", "xlsx", "parquet", "sqlite", "ods", "x"],
    "mediatype": ["text/csv", "application/json"],
    "encoding": ["utf-8", "latin-1", "cp1252", "utf-16", "utf-16-le", "utf-7", "idna", "rot13"],
    "compression": ["gz", "zip", "bz2", "x"],
    "innerpath": ["t.csv", "../t.csv"],
    "bytes": [0, 1, 10**9],
    "hash": ["sha256:00", "md5:", "shake_128:00", "0" * 32, "x:y"],
    "schema": ["s.json", {"fields": []}, {"fields": [{"name": "x"}]}, "t.csv"],
    "dialect": ["d.json", {}, {"delimiter": ";"}, {"header": False}],
    "delimiter": [",", ";", "\t", "||", "", "\n", '"', "\0", "é"],
    "lineTerminator": ["\n", "\r\n", "\r", ";", "", "ab", "\0"],
    "quoteChar": ['"', "'", "", ",", "\n", "é"],
    "doubleQuote": [True, False],
    "escapeChar": ["\\", '"', ",", "\n", ""],
    "nullSequence": ["NA", "", "\\N"],
    "skipInitialSpace": [True, False],
    "header": [True, False],
    "headerRows": [[1], [2], [1, 2], [1, 10**6], [0], [3, 1]],
    "headerJoin": [" ", "-", ""],
    "commentRows": [[1], [2], [2, 3]],
    "commentChar": ["#", "//", ""],
    "caseSensitiveHeader": [True, False],
    "property": ["rows", ""],
    "itemType": ["array", "object", "string", "integer", "date"],
    "itemKeys": [["x"], []],
    "sheetNumber": [1, 2, 0, 10**9],
    "sheetName": ["Sheet", "x"],
    "table": ["t", 'x"; drop table t'],
    "fields": [[], [{"name": "x"}], [{"name": "x"}, {"name": "x"}]],
    "fieldsMatch": ["exact", "equal", "subset", "superset", "partial", ["equal"]],
    "type": [
        *("string", "integer", "number", "boolean", "date", "datetime", "time", "year"),
        *("yearmonth", "duration", "geopoint", "geojson", "object", "array", "list", "any"),
    ],
    "decimalChar": [",", ".", "", "٫", "ab", "-"],
    "groupChar": [",", ".", " ", "", "ab", "'"],
    "bareNumber": [True, False],
    "trueValues": [["yes"], [], ["1"], ["é", ""]],
    "falseValues": [["no"], [], ["1"]],
    "constraints": [{}, {"required": True}, {"unique": True}],
    "required": [True, False],
    "unique": [True, False],
    "minimum": [0, "2020-01-01", "P1D", 1e308, 2**70, "", "INF", [1], {"x": 1}],
    "maximum": [0, "2020-01-01", "P1D", -1e308, -(2**70), "NaN"],
    "exclusiveMinimum": [0, "0"],
    "exclusiveMaximum": [0, "0"],
    "minLength": [0, 1, 10**30, -1, 1.5],
    "maxLength": [0, 1, 10**30],
    "pattern": [
        "a|b",
        "^a.*$",
        "[",
        "(a+)+b",
        "\\d+",
        "\\p{L}",
        "\\i\\c*",
        "(?=a)",
        "",
        "(?i)a",
    ],
    "enum": [["a", "b"], [1, "1"], [], [None], [[1]], ["2020-01-01"]],
    "jsonSchema": [
        {},
        {"type": "object"},
        {"$ref": "#"},
        {"$ref": "http://x"},
        {"type": 1},
        True,
    ],
    "categories": [["a", "b"], [{"value": 1, "label": "x"}], [1, 2]],
    "categoriesOrdered": [True],
    "missingValues": [[""], [], ["", "NA"], ["a", "b"], [{"value": "-9", "label": "x"}], [1]],
    "primaryKey": ["x", ["x"], ["x", "y"], [], ["nothing"], [1]],
    "uniqueKeys": [[["x"]], [["x", "y"]], [], "x"],
    "foreignKeys": [
        [{"fields": ["x"], "reference": {"resource": "", "fields": ["x"]}}],
        [{"fields": "x", "reference": {"resource": "u", "fields": "x"}}],
        [{"fields": ["x"], "reference": {"fields": ["x", "y"]}}],
        [{}],
    ],
    "resources": [[], [{"name": "t", "path": "t.csv"}]],
    "licenses": [[{"name": "CC0-1.0"}], [{}], "CC0"],
    "sources": [[{"title": "x"}], [{}]],
    "contributors": [[{"title": "x", "roles": ["author"]}], [{"title": "x", "role": "x"}]],
    "version": ["1.0.0", 1, "x"],
    "created": ["2020-01-01T00:00:00Z", "2020"],
    "rekodiq:checks": [[{"check": "sum", "name": "x"}], {}],
    "rekodiq:reading": [{}, "x"],
}
FORMATS = [
    *("default", "any", "%d/%m/%Y", "%Y%m%d", "%H:%M", "%s", "%", "%Q", "%c %x %X", "%Z"),
    *("email", "uri", "binary", "uuid", "array", "object", "topojson", "fmt:%Y", "x", ""),
]

_ODD_TEXT = st.text(max_size=12) | st.sampled_from(
    ["\0", "\x1b[2J", "\u202eabc", "\ud800", "e\u0301", "\ufeff", "٣", "=1+1", "a\nb", "\x85"]
)
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.sampled_from([0, 1, -1, 2**31, 2**63, 10**30])
    | st.floats(allow_nan=False, allow_infinity=False)
    | _ODD_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_ODD_TEXT, inner, max_size=3),
    max_leaves=6,
)

CELLS = [
    *("", " ", "0", "-0", "+1", "1", "01", "1_000", "1,000", "1.000,5", "1e5", "1E400", "NaN"),
    *("INF", "-INF", "inf", "0x1F", "9223372036854775808", "9007199254740993", "9" * 5000),
    *("true", "False", "yes", "2020-02-30", "0001-01-01", "9999-12-31", "-0044-03-15"),
    *("2020-01-01T00:00:00", "2020-01-01T24:00:00Z", "2020-01-01T00:00:00+14:00", "23:59:60"),
    *("12:00:00", "2020", "12020", "2020-01", "2020-13", "P1Y2M3DT4H5M6.7S", "PT", "-P1M"),
    *(
        "P99999999999999999999D",
        "90,45",
        "[1,2]",
        '{"lon":1,"lat":2}',
        "{}",
        "[[[[]]]]",
        "null",
    ),
    *('{"type":"Point","coordinates":[1,2]}', "a,b", "a;b", '"', '""', "'", "\\", "#x", "NA"),
    *(
        "\0",
        "\x1b[31m",
        "\u202e",
        "\u200b",
        "٣",
        "−5",
        "e\u0301",
        "\U0001f600",
        "\r",
        "\n",
        "\x0b",
    ),
    *(
        "<<<<<<< HEAD",
        "=cmd()",
        "a" * 2000,
        "[" * 300,
        "a@b.cd",
        "http://[::1",
        "AAAA",
        "\ufeff",
    ),
]
