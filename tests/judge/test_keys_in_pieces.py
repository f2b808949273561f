"""Keys and places over several pieces and files: what single blocks can't tell."""

from __future__ import annotations

import json

import pytest

from rekodiq_data.api import validate
from rekodiq_data.formats import csv as csv_format
from rekodiq_data.judge import whole


@pytest.fixture(
    params=[(1 << 20, 1 << 20), (24, 1 << 20), (24, 100)],
    ids=["one block", "many blocks", "many shares of keys"],
)
def cut(request, monkeypatch):
    block, share = request.param
    options = {**csv_format.CsvReader.__init__.__kwdefaults__, "block_bytes": block}
    monkeypatch.setattr(csv_format.CsvReader.__init__, "__kwdefaults__", options)
    monkeypatch.setattr(whole, "_SHARE", share)


def findings(folder, schemas, files, paths=None):
    for name, text in files.items():
        (folder / name).write_text(text)
    resources = [
        {
            "name": name,
            "type": "table",
            "path": (paths or {}).get(name, f"{name}.csv"),
            "schema": schema,
        }
        for name, schema in schemas.items()
    ]
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "p",
        "resources": resources,
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    report = validate(folder, limit=0, jobs=2)
    return [
        (issue.row_number, issue.line, issue.column, issue.code, issue.note)
        for issue in report.all_issues()
    ]


def fields(*names, kind="string", **constraints):
    return [{"name": name, "type": kind, "constraints": constraints} for name in names]


def test_a_key_of_two_fields_must_occur_together(cut, tmp_path):
    schemas = {
        "drill": {
            "fields": fields("hole", "depth"),
            "foreignKeys": [
                {
                    "fields": ["hole", "depth"],
                    "reference": {"resource": "assay", "fields": ["hole", "depth"]},
                }
            ],
        },
        "assay": {"fields": fields("hole", "depth")},
    }
    files = {
        "drill.csv": "hole,depth\na,10\na,20\nb,10\n,\n",
        "assay.csv": "hole,depth\na,10\nb,20\nb,10\n",
    }
    assert findings(tmp_path, schemas, files) == [
        (
            3,
            3,
            3,
            "key.foreign",
            'hole = "a", depth = "20" is not found in "hole", "depth" of "assay"',
        ),
        (5, 5, None, "row.blank-row", "the row is empty; remove it"),
    ]


def test_values_that_fit_no_double_are_keys_too(cut, tmp_path):
    schemas = {"t": {"fields": fields("n", "m", kind="number", unique=True)}}
    files = {"t.csv": "n,m\n1e400,1\n1.0,2\n10e399,3\n0.1000000000000000055,4\n1,5\n0.1,6\n"}
    assert findings(tmp_path, schemas, files) == [
        (4, 4, 1, "constraint.unique", '"10e399" is the same as in row 2'),
        (6, 6, 1, "constraint.unique", '"1" is the same as in row 3'),
    ]


def test_a_value_that_fits_no_double_may_be_referred_to(cut, tmp_path):
    schemas = {
        "t": {
            "fields": fields("n", "m", kind="number"),
            "foreignKeys": [
                {"fields": "n", "reference": {"resource": "", "fields": "m"}},
            ],
        }
    }
    files = {"t.csv": "n,m\n1e400,5\n5,10e399\nx,7\n8,9\n"}
    assert [each[:4] for each in findings(tmp_path, schemas, files)] == [
        (4, 4, 1, "type.number"),
        (5, 5, 1, "key.foreign"),
    ]


def test_keys_of_many_values_are_compared_with_all_of_the_other_table(cut, tmp_path):
    schemas = {
        "t": {
            "fields": [*fields("n", kind="number"), *fields("s")],
            "foreignKeys": [
                {"fields": "n", "reference": {"resource": "u", "fields": "n"}},
                {"fields": "s", "reference": {"resource": "u", "fields": "s"}},
                {"fields": ["n", "s"], "reference": {"resource": "u", "fields": ["n", "s"]}},
            ],
        },
        "u": {"fields": [*fields("n", kind="number"), *fields("s")]},
    }
    known = [(f"{at % 11}.5" if at % 7 else "1e400", f"x{at % 5}") for at in range(40)]
    known += [("", "x9"), ("3.5", "")]
    asked = [*known, ("12.5", "x0"), ("0.5", "x7"), ("10e399", "x1"), ("", "x8"), ("7", "x3")]
    asked += [("0.50", "x9"), ("", ""), ("y", "x0")]
    files = {
        "t.csv": "n,s\n" + "".join(f"{n},{s}\n" for n, s in asked),
        "u.csv": "n,s\n" + "".join(f"{n},{s}\n" for n, s in known),
    }

    def value(text):
        return float("inf") if "e" in text else (float(text) if text else None)

    pairs = {(value(n), s or None) for n, s in known}
    expected = []
    for row, (n, s) in enumerate(asked, 2):
        if n == "y" or not (n or s):
            continue
        if n and value(n) not in {each for each, _ in pairs}:
            expected.append((row, f'"{n}" is not found in "n" of "u"'))
        if s and s not in {each for _, each in pairs}:
            expected.append((row, f'"{s}" is not found in "s" of "u"'))
        if (value(n), s or None) not in pairs:
            words = f'n = "{n}", s = "{s}" is not found in "n", "s" of "u"'
            expected.append((row, words))
    found = findings(tmp_path, schemas, files)
    assert sorted((row, note) for row, _, _, code, note in found if code == "key.foreign") == (
        sorted(expected)
    )


def test_where_too_many_values_are_known_none_is_looked_for(tmp_path, monkeypatch):
    schemas = {
        "t": {
            "fields": fields("a", "b"),
            "foreignKeys": [{"fields": "a", "reference": {"resource": "", "fields": "b"}}],
        }
    }
    (tmp_path / "t.csv").write_text("a,b\nsurveyx,survey\nsurvey,other\n")
    findings(tmp_path, schemas, {})
    suggested = [issue.suggestion for issue in validate(tmp_path).all_issues()]
    monkeypatch.setattr(whole, "_CHOICES", 1)
    assert suggested == ["survey"]
    assert [issue.suggestion for issue in validate(tmp_path).all_issues()] == [None]


def test_a_record_of_a_later_file_is_located_through_the_earlier_ones(cut, tmp_path):
    schemas = {"t": {"fields": fields("a", "b", kind="integer")}}
    files = {"one.csv": 'a,b\n1,"2"\n3,4\n', "two.csv": "5,6\n7,x\n"}
    found = findings(tmp_path, schemas, files, {"t": ["one.csv", "two.csv"]})
    assert [each[:4] for each in found] == [(5, 5, 3, "type.integer")]


def test_records_of_a_block_with_odd_ones_are_located(cut, tmp_path):
    schemas = {"t": {"fields": fields("a", "b", kind="integer")}}
    files = {"t.csv": 'a,b\n1,2\n\n3\n4,"\nx"\n5,y\n'}
    assert [each[:4] for each in findings(tmp_path, schemas, files)] == [
        (3, 3, None, "row.blank-row"),
        (4, 4, 2, "row.missing-cell"),
        (5, 5, 3, "type.integer"),
        (6, 7, 3, "type.integer"),
    ]


def test_a_quote_inside_a_cell_does_not_move_the_records_after_it(cut, tmp_path):
    schemas = {"t": {"fields": [*fields("a"), *fields("b", kind="integer")]}}
    files = {"t.csv": 'a,b\n5" pipe,1\n"x\ny",2\n7" pipe,z\nw,3\n'}
    assert [each[:4] for each in findings(tmp_path, schemas, files)] == [
        (4, 5, 9, "type.integer")
    ]
