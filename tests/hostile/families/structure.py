"""CSV whose structure is broken, or made to hurt."""

from __future__ import annotations

from tests.hostile.cases import table

ONE = {"a": ["1"], "b": ["2"]}

CASES = [
    table("csv-short-record", "missing-cell 3", "a,b\n1,2\n3\n"),
    table("csv-long-record", "extra-cell 3", "a,b\n1,2\n3,4,5\n"),
    table("csv-unclosed-quote", "source-error 3", 'a,b\n1,2\n"3,4\n5,6\n'),
    table("csv-unclosed-quote-in-the-header", "source-error 1", '"a,b\n1,2\n'),
    table("csv-one-quote", "source-error 1", '"'),
    table(
        "csv-quote-in-the-middle",
        "accepted",
        'a,b\n5" pipe,2\n',
        values={"a": ['5" pipe'], "b": ["2"]},
    ),
    table("csv-text-after-a-quote", "source-error 2", 'a,b\n"x"y,2\n'),
    table("csv-truncated-in-a-cell", "missing-cell 3", "a,b\n1,2\n3"),
    table(
        "csv-conflict-markers",
        "missing-cell 2",
        "a,b\n<<<<<<< ours\n1,2\n=======\n1,3\n>>>>>>> theirs\n",
    ),
    table("csv-swapped-columns", "incorrect-label 1", "b,a\n2,1\n"),
    table("csv-duplicate-headers", "duplicate-label | incorrect-label", "a,a\n1,2\n"),
    table("csv-empty-header", "blank-label", "a,\n1,2\n"),
    table("csv-empty-headers", "blank-label | missing-label", ",,,\n1,2,3,4\n"),
    table("csv-header-only", "accepted", "a,b\n", values={"a": [], "b": []}),
    table("csv-empty-file", "source-error", ""),
    table("csv-only-a-line-end", "source-error | blank-label | missing-label", "\n"),
    table(
        "csv-only-line-ends",
        "source-error | blank-label | missing-label | blank-row",
        "\n" * 10,
    ),
    table("csv-blank-rows", "blank-row 3", "a,b\n1,2\n\n3,4\n"),
    table("csv-blank-row-at-the-end", "blank-row", "a,b\n1,2\n\n"),
    table("csv-row-of-delimiters", "blank-row", "a,b\n,\n1,2\n"),
    table(
        "csv-mixed-line-ends",
        "accepted",
        "a,b\r\n1,2\n3,4\r\n",
        values={"a": ["1", "3"], "b": ["2", "4"]},
    ),
    table("csv-lone-carriage-return", "source-error", "a,b\n1,2\r3,4\n"),
    table(
        "csv-cr-only", "accepted", "a,b\r1,2\r3,4\r", values={"a": ["1", "3"], "b": ["2", "4"]}
    ),
    table("csv-cr-cr-lf", "accepted", "a,b\r\r\n1,2\r\r\n", values=ONE),
    table("csv-no-line-end-at-the-end", "accepted", "a,b\n1,2", values=ONE),
    table(
        "csv-form-feed-lines", "missing-label | incorrect-label | extra-label", "a,b\x0c1,2\x0c"
    ),
    table("csv-unicode-line-ends", "extra-label | incorrect-label", "a,b\u20281,2\u2028"),
    table(
        "csv-other-delimiter", "missing-label | incorrect-label | missing-cell", "a;b\n1;2\n"
    ),
    table("csv-tab-in-a-csv", "missing-label | incorrect-label | missing-cell", "a\tb\n1\t2\n"),
    table("csv-sep-line", "blank-label | incorrect-label", "sep=,\na,b\n1,2\n"),
    table(
        "csv-comment-that-is-none",
        "missing-label | incorrect-label | extra-cell",
        "# made by x\na,b\n1,2\n",
    ),
    table("csv-backslash-escape", "source-error 2 | extra-cell 2", 'a,b\n"x\\"y",2\n'),
    table(
        "csv-html",
        "incorrect-label | missing-label | missing-cell",
        "<!DOCTYPE html><html>\n<body>404</body></html>\n",
    ),
    table(
        "csv-git-lfs-pointer",
        "incorrect-label | missing-label | missing-cell",
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n",
    ),
    table(
        "csv-json-inside",
        "incorrect-label | source-error | missing-label | extra-label | missing-cell",
        '{"a": 1, "b": 2}\n',
    ),
    table(
        "csv-dialect-of-one-sign",
        "dialect-error",
        "a,b\n1,2\n",
        dialect={"delimiter": ",", "quoteChar": ","},
    ),
    table(
        "csv-dialect-empty-delimiter", "dialect-error", "a,b\n1,2\n", dialect={"delimiter": ""}
    ),
    table(
        "csv-dialect-line-end-delimiter",
        "dialect-error",
        "a,b\n1,2\n",
        dialect={"delimiter": "\n"},
    ),
    table(
        "csv-dialect-nul-delimiter",
        "dialect-error | source-error | missing-label | incorrect-label",
        "a,b\n1,2\n",
        dialect={"delimiter": "\0"},
    ),
    table("csv-dialect-long-quote", "dialect-error", "a,b\n1,2\n", dialect={"quoteChar": '""'}),
    table(
        "csv-dialect-header-rows-huge",
        "source-error | dialect-error",
        "a,b\n1,2\n",
        dialect={"headerRows": [10**15]},
    ),
    table(
        "csv-dialect-header-rows-negative",
        "dialect-error",
        "a,b\n1,2\n",
        dialect={"headerRows": [-1]},
    ),
    table(
        "csv-dialect-header-rows-many",
        "source-error | dialect-error",
        "a,b\n1,2\n",
        dialect={"headerRows": list(range(1, 50_000))},
    ),
    table(
        "csv-dialect-comment-rows-all",
        "accepted | source-error | dialect-error",
        "a,b\n1,2\n",
        dialect={"commentRows": [2]},
        values={"a": [], "b": []},
    ),
    table(
        "csv-dialect-surrogate",
        "dialect-error | missing-label | incorrect-label | missing-cell",
        "a,b\n1,2\n",
        dialect={"delimiter": "\U0001f600"},
    ),
    table(
        "csv-dialect-long-line-end",
        "missing-label | extra-label | incorrect-label | source-error",
        "a,b\n1,2\n",
        dialect={"lineTerminator": "x" * 10_000},
    ),
    table("csv-field-past-the-limit", "source-error 2", "a,b\n" + "x" * (1024**2 + 1) + ",2\n"),
    table(
        "csv-field-at-the-limit",
        "accepted",
        "a,b\n" + "x" * 1024**2 + ",2\n",
        values={"a": ["x" * 1024**2], "b": ["2"]},
    ),
    table(
        "csv-quoted-field-past-the-limit",
        "source-error 2",
        'a,b\n"' + "x\n" * 600_000 + '",2\n',
    ),
    table(
        "csv-line-past-the-limit",
        "source-error",
        lambda: "a,b\n" + "x," * (5 * 1024**2) + "\n",
        flood=True,
    ),
    table("csv-line-without-end", "source-error", lambda: "x" * (20 * 1024**2), flood=True),
    table("csv-columns-past-the-limit", "source-error", "," * 4_096 + "\n"),
    table(
        "csv-columns-by-the-million", "source-error", lambda: "," * 4_000_000 + "\n", flood=True
    ),
    table(
        "csv-record-of-a-million-cells",
        "source-error 3",
        lambda: "a,b\n1,2\n" + "," * 1_000_000 + "\n",
        flood=True,
    ),
    table(
        "csv-million-empty-lines",
        "blank-row 3 | source-error",
        lambda: "a,b\n1,2\n" + "\n" * 1_000_000,
        flood=True,
    ),
    table("csv-file-of-quotes", "source-error", lambda: '"' * 5_000_001, flood=True),
    table(
        "csv-quotes-and-lines", "source-error", lambda: 'a,b\n"' + "x\n" * 5_000_000, flood=True
    ),
    table(
        "csv-million-short-records",
        "source-error | missing-cell",
        lambda: "a,b,c\n" + "1\n" * 1_000_000,
        "a b c",
        flood=True,
    ),
    table(
        "csv-wide-and-short",
        "source-error | missing-cell",
        ",".join(f"f{at}" for at in range(4_096)) + "\n" + "1\n" * 200_000,
        " ".join(f"f{at}" for at in range(4_096)),
        flood=True,
    ),
    table(
        "csv-million-wrong-cells",
        "type-error 2",
        lambda: "a,b\n" + "x,y\n" * 500_000,
        "a:integer b:date",
        flood=True,
    ),
    table(
        "csv-wrong-cells-all-different",
        "type-error 2",
        lambda: "a,b\n" + "".join(f"x{at},y{at}\n" for at in range(200_000)),
        "a:integer b:date",
        flood=True,
    ),
    table(
        "csv-dozens-of-thousands-of-columns-wrong",
        "type-error 2",
        ",".join(f"f{at}" for at in range(4_000)) + "\n" + ",".join("x" * 4_000) + "\n",
        " ".join(f"f{at}:integer" for at in range(4_000)),
        flood=True,
    ),
    table(
        "csv-broken-quote-on-every-line",
        "source-error 50002",
        "a,b\n" + 'x"y",2\n' * 50_000 + '"z,2\n',
    ),
]
