"""The engine's verdicts: the same at any block size and number of threads, and Pandera's own.

Four ways to the same findings: the engine on blocks, with the compiled kernel and without;
the engine on a file that only the csv module may cut (a comment character that never occurs),
in one piece; and, for constraints, Pandera on the whole typed table, through the schema that
the package gives to people.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from rekodiq_data import lexical
from rekodiq_data.compiled.public import public_schema
from rekodiq_data.descriptor import open_package
from rekodiq_data.formats import csv as csv_format
from rekodiq_data.judge import judge
from tests.kernel.ways import without_kernel

HARD = ['x, "y"', "two\nlines", 'a""b', "", " ", "Δ😀", "cr\r\nlf", '"', "long " * 20]
TEXTS = st.one_of(st.sampled_from(["a", "b", "c", *HARD]), st.text('ab,"\n ', max_size=4))
NUMBERS = st.sampled_from(
    [
        "0",
        "1",
        "2.5",
        "-3",
        "7",
        "99",
        "1e2",
        "+4",
        "0x1F",
        "nan",
        " 5",
        "",
        "1-2",
        "1.2.3",
        "-0",
        "007",
        ".5",
        "5.",
        "0.1000000000000000055",
        "12345678901234567",
        "1e400",
        "x",
    ]
)
INTEGERS = st.sampled_from(
    ["0", "1", "2", "-3", "7", "+4", "0x1F", "", "12.5", "--1", "9" * 18, "9" * 25, "007", " 5"]
)
DATES = st.sampled_from(
    ["2024-01-01", "2024-02-30", "2020-05-17", "", "2024-1-5", " 2024-02-03", "1900-01-01"]
)
BOOLEANS = st.sampled_from(["true", "false", "1", "0", "TRUE", "yes", ""])
CELLS = {
    "string": TEXTS,
    "number": NUMBERS,
    "integer": INTEGERS,
    "date": DATES,
    "boolean": BOOLEANS,
}
# The lowest and the highest that a bound may be, so that some value fits between any two.
BOUNDS = {
    "number": (["-3", "0"], ["2.5", "99"]),
    "integer": ([-3, 0], [2, 7]),
    "date": (["1900-01-01", "2020-05-17"], ["2024-01-01", "2030-01-01"]),
}


@st.composite
def fields(draw, name):
    kind = draw(st.sampled_from(sorted(CELLS)))
    constraints = {}
    if draw(st.booleans()):
        constraints["required"] = True
    if draw(st.booleans()):
        constraints["unique"] = True
    if kind in BOUNDS:
        for side, (key, exclusive) in enumerate(
            (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum"))
        ):
            which = draw(st.sampled_from([None, key, exclusive]))
            if which:
                constraints[which] = draw(st.sampled_from(BOUNDS[kind][side]))
    if kind == "string" and draw(st.booleans()):
        constraints.update(
            draw(st.sampled_from([{"pattern": "[ab ]*"}, {"minLength": 2}, {"maxLength": 3}]))
        )
    if kind == "string" and draw(st.booleans()):
        constraints["enum"] = ["a", "b", 'x, "y"', "two\nlines"]
    return {"name": name, "type": kind, "constraints": constraints}


@st.composite
def tables(draw):
    """A schema, a file's bytes, and its records' cells."""
    stated = [draw(fields(name)) for name in ("f", "g", "h")[: draw(st.integers(2, 3))]]
    rows = draw(st.lists(st.tuples(*(CELLS[each["type"]] for each in stated)), max_size=12))
    out = io.StringIO()
    ending = draw(st.sampled_from(["\n", "\r\n"]))
    writer = csv.writer(out, lineterminator=ending)
    writer.writerow([each["name"] for each in stated])
    # A record of one empty cell would be a blank row; with two cells or more, none is.
    writer.writerows(rows)
    text = out.getvalue()
    if draw(st.booleans()):
        text = text.removesuffix(ending)
    # What the csv module writes unquoted with a bare quote inside is as hard as it gets.
    if draw(st.booleans()) and rows:
        text = text.rstrip("\r\n") + ending + ",".join(['5" pipe', *["1"] * (len(stated) - 1)])
        rows = [*rows, ('5" pipe', *["1"] * (len(stated) - 1))]
    return stated, text.encode(), rows


def findings(report) -> set:
    return {
        (issue.row_number, issue.field_name, issue.code, issue.cell, issue.line, issue.column)
        for issue in report.all_issues()
    }


def judged(folder: Path, stated, content: bytes, *, jobs=1, dialect=None):
    folder.mkdir(exist_ok=True)
    (folder / "t.csv").write_bytes(content)
    resource = {
        "name": "t",
        "path": "t.csv",
        "type": "table",
        "schema": {
            "fields": stated,
            "primaryKey": [stated[0]["name"]],
            "uniqueKeys": [[each["name"] for each in stated]],
            "foreignKeys": [
                {
                    "fields": stated[0]["name"],
                    "reference": {"resource": "", "fields": stated[1]["name"]},
                }
            ],
        },
    }
    if dialect:
        resource["dialect"] = dialect
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "p",
        "resources": [resource],
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    package = open_package(folder)
    assert package.faults == ()
    return package, judge(package, limit=0, jobs=jobs)


def typed(schema, rows):
    """Each field with its cells, null where missing, and what they are read as."""
    columns = zip(*rows, strict=True) if rows else [()] * len(schema.fields)
    for field, cells in zip(schema.fields, columns, strict=True):
        missing = schema.missing_values_of(field)
        text = lexical.parse_missing(pa.array(cells, pa.string()), missing)
        yield field, text, lexical.parse(text, field)


def by_pandera(schema, rows) -> set:
    """(row, field, code) of each constraint that Pandera finds broken on the whole table."""
    whole = public_schema("t", schema)
    found = set()
    for field, text, parsed in typed(schema, rows):
        column = whole.columns[field.name]
        frame = pd.DataFrame({"x": pd.Series(parsed.values, dtype=column.dtype.type)})
        for check in column.checks:
            if check.name == "unique":  # told by keys, and held against a naive way elsewhere
                continue
            alone = pandera.DataFrameSchema({"x": pandera.Column(checks=check, nullable=True)})
            try:
                alone.validate(frame, lazy=True)
            except pandera.errors.SchemaErrors as errors:
                (error,) = errors.schema_errors
                output = error.check_output
                code = f"constraint.{check.name}"
                rows_of = output.index[~output.to_numpy(dtype=bool, na_value=True)]
                found.update((int(row) + 2, field.name, code) for row in rows_of)
        if field.constraints.required:
            nulls = np.flatnonzero(text.is_null().to_numpy(zero_copy_only=False))
            found.update((int(row) + 2, field.name, "constraint.required") for row in nulls)
    return found


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(tables(), st.sampled_from([1, 16, 64, 1 << 20]), st.sampled_from([1, 2, 3]))
def test_any_block_size_and_number_of_threads_find_what_pandera_finds(
    tmp_path, table, block, jobs
):
    stated, content, rows = table
    assume(all(any(row) for row in rows))  # a record of empty cells alone is a blank row
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_format.CsvReader.__init__, "__kwdefaults__", {"block_bytes": block})
        package, report = judged(tmp_path, stated, content, jobs=jobs)
        with without_kernel():
            _, plain = judged(tmp_path, stated, content, jobs=jobs)
    _, slow = judged(tmp_path, stated, content, dialect={"commentChar": "\x01"})
    assert findings(report) == findings(plain) == findings(slow)
    assert report.errors == plain.errors == slow.errors
    assert report.tasks[0].rows == len(rows) == slow.tasks[0].rows
    schema = package.resources[0].schema
    # Values that fit no Arrow type are in no frame: those are judged one by one.
    wide = {
        (row + 2, field.name)
        for field, _text, parsed in typed(schema, rows)
        for row in parsed.wide
    }
    ours = {
        (issue.row_number, issue.field_name, issue.code)
        for issue in report.all_issues()
        if issue.code.startswith("constraint.") and issue.code != "constraint.unique"
    }
    assert {each for each in ours if each[:2] not in wide} == by_pandera(schema, rows)
