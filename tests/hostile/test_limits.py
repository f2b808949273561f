"""Each limit: what is at it passes, what is past it is refused, and it can be raised."""

from __future__ import annotations

import gzip
import io
import json
import re
import sqlite3
from dataclasses import fields
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rekodiq_data import ReadLimits, build, validate
from rekodiq_data.cli import run
from rekodiq_data.errors import InvalidData

ROOT = Path(__file__).parent.parent.parent


def package(folder, *resources, schema=True, **files):
    """A package of these resources (each a path, or an object), with these files."""
    listed = []
    for index, each in enumerate(resources):
        own = {"path": each} if isinstance(each, str) else dict(each)
        own.setdefault("name", f"t{index}")
        listed.append(own)
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name.replace("__", ".")).write_bytes(data)
    (folder / "datapackage.json").write_text(json.dumps({"resources": listed}))
    return folder


def field(folder):
    return package(folder, "t.csv", t__csv="a,b\n1," + "x" * 50 + "\n")


def field_of_a_quoted_cell(folder):
    return package(folder, "t.csv", t__csv='a,b\n1,"' + "x\n" * 25 + '"\n')


def field_of_odd_text(folder):
    dialect = {"delimiter": "::"}
    text = "a::b\n1::" + "x" * 50 + "\n"
    return package(folder, {"path": "t.csv", "dialect": dialect}, t__csv=text)


def line(folder):
    return package(folder, "t.csv", t__csv="a,b\n" + "x" * 24 + "," + "y" * 24 + "\n2,2\n")


def line_of_odd_text(folder):
    dialect = {"delimiter": "::"}
    text = "a::b\n" + "x" * 24 + "::" + "y" * 23 + "\n"
    return package(folder, {"path": "t.csv", "dialect": dialect}, t__csv=text)


def line_of_a_record_in_quotes(folder):
    text = 'a,b\n"' + "x\n" * 11 + '","' + "y\n" * 11 + '"\n'
    return package(folder, "t.csv", t__csv=text)


def line_of_ndjson(folder):
    return package(folder, "t.ndjson", t__ndjson='{"a": "' + "x" * 40 + '"}\n')


def columns(folder):
    return package(folder, "t.csv", t__csv=",".join(f"c{at}" for at in range(50)) + "\n")


def columns_of_json(folder):
    resource = {"path": "t.json", "type": "table"}
    return package(folder, resource, t__json=json.dumps([{f"c{at}": 1 for at in range(50)}]))


def columns_of_parquet(folder):
    out = io.BytesIO()
    pq.write_table(pa.table({f"c{at}": [1] for at in range(50)}), out)
    return package(folder, "t.parquet", t__parquet=out.getvalue())


def columns_of_a_sheet(folder):
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append([f"c{at}" for at in range(50)])
    book.save(out)
    return package(folder, "t.xlsx", t__xlsx=out.getvalue())


def columns_of_a_database(folder):
    connection = sqlite3.connect(":memory:")
    connection.execute(f"create table t({', '.join(f'c{at}' for at in range(50))})")
    resource = {"path": "t.db", "dialect": {"table": "t"}}
    return package(folder, resource, t__db=bytes(connection.serialize()))


def columns_of_a_schema(folder):
    names = [{"name": f"c{at}", "type": "string"} for at in range(50)]
    resource = {"path": "t.csv", "schema": {"fields": names}}
    return package(folder, resource, t__csv=",".join(f"c{at}" for at in range(50)) + "\n")


def resources(folder):
    return package(folder, *["t.csv"] * 50, t__csv="a,b\n1,2\n")


def resources_as_parts(folder):
    return package(folder, {"path": ["t.csv"] * 50}, t__csv="a,b\n1,2\n")


def descriptor(folder):
    package(folder, "t.csv", t__csv="a,b\n1,2\n")
    path = folder / "datapackage.json"
    path.write_text(path.read_text().ljust(500))
    return folder


def descriptor_of_a_schema(folder):
    text = json.dumps({"fields": [{"name": "a"}, {"name": "b"}]}).ljust(500)
    resource = {"path": "t.csv", "schema": "s.json"}
    return package(folder, resource, t__csv="a,b\n1,2\n", s__json=text)


def depth(folder):
    package(folder, "t.csv", t__csv="a,b\n1,2\n")
    path = folder / "datapackage.json"
    value = json.loads(path.read_text()) | {"x": json.loads("[" * 49 + "]" * 49)}
    path.write_text(json.dumps(value))
    return folder


def depth_of_yaml(folder):
    package(folder, "t.csv", t__csv="a,b\n1,2\n")
    text = (folder / "datapackage.json").read_text()
    (folder / "datapackage.json").unlink()
    (folder / "datapackage.yaml").write_text(text[:-1] + ', "x": ' + "[" * 49 + "]" * 49 + "}")
    return folder


def ratio(folder):
    content = b"a,b\n" + b"1,2\n" * 500_000
    packed = gzip.compress(content, mtime=0)
    packed += b"\0" * (len(content) // 50 - len(packed) + 1)
    return package(folder, "t.csv.gz", t__csv__gz=packed)


def unpacked(folder):
    content = gzip.compress(b"a,b\n1,2\n" + b"3,4\n" * 123, mtime=0)
    return package(folder, "t.csv.gz", t__csv__gz=content)


def whole(folder):
    resource = {"path": "t.json", "type": "table"}
    return package(folder, resource, t__json=json.dumps([["a"], ["b"]]).ljust(500))


def whole_of_a_database(folder):
    connection = sqlite3.connect(":memory:")
    connection.execute("create table t(a)")
    resource = {"path": "t.db", "dialect": {"table": "t"}}
    return package(folder, resource, t__db=bytes(connection.serialize()))


CASES = [
    (field, 50, "source-error"),
    (field_of_a_quoted_cell, 50, "source-error"),
    (field_of_odd_text, 50, "source-error"),
    (line, 50, "source-error"),
    (line_of_odd_text, 50, "source-error"),
    (line_of_a_record_in_quotes, 50, "source-error"),
    (line_of_ndjson, 50, "source-error"),
    (columns, 50, "source-error"),
    (columns_of_json, 50, "source-error"),
    (columns_of_parquet, 50, "source-error"),
    (columns_of_a_sheet, 50, "source-error"),
    (columns_of_a_database, 50, "source-error"),
    (columns_of_a_schema, 50, "schema-error"),
    (resources, 50, "package-error"),
    (resources_as_parts, 50, "resource-error"),
    (descriptor, 500, "package-error"),
    (descriptor_of_a_schema, 500, "schema-error"),
    (depth, 50, "package-error"),
    (depth_of_yaml, 50, "package-error"),
    (ratio, 50, "compression-error"),
    (unpacked, 500, "compression-error"),
    (whole, 500, "source-error"),
    (whole_of_a_database, 8192, "format-error"),
]


def _errors(report):
    return [issue for issue in report.all_issues() if issue.severity == "error"]


@pytest.mark.parametrize(
    ("make", "amount", "type_"), CASES, ids=lambda each: getattr(each, "__name__", str(each))
)
def test_a_limit_holds_exactly_and_can_be_raised(make, amount, type_, tmp_path, capsys):
    name = make.__name__.partition("_")[0]
    folder = make(tmp_path)
    # The names of the resources repeat here, which is none of this test's business.
    allowed = validate(folder, limits=ReadLimits(**{name: amount}))
    assert [each for each in _errors(allowed) if each.code != "descriptor.duplicate"] == []
    [error] = _errors(validate(folder, limits=ReadLimits(**{name: amount - 1})))
    assert error.type == type_
    wanted = re.search(rf"the limit is .+ \(--max ({name}=[\w]+) raises it\)", error.message)
    assert wanted, error.message
    capsys.readouterr()
    assert run(["validate", str(folder), "--max", f"{name}={amount - 1}"]) == 1
    # What the refusal says is what helps.
    assert run(["validate", str(folder), "--max", wanted[1]]) == 0
    capsys.readouterr()


def test_too_many_misfits_end_a_table_and_can_be_allowed(tmp_path):
    folder = package(tmp_path, "t.csv", t__csv="a,b,c\n" + "1\n" * 25)
    allowed = validate(folder, limits=ReadLimits(misfits=50), limit=0)
    assert [each.type for each in _errors(allowed)] == ["missing-cell"] * 50
    error, *others = _errors(validate(folder, limits=ReadLimits(misfits=49), limit=0))
    assert {each.type for each in others} == {"missing-cell"}
    assert error.type == "source-error"
    assert "--max misfits=98 raises it" in error.message


def test_the_time_of_patterns_is_limited_and_can_be_raised(tmp_path):
    rules = {"pattern": r"(x+x+)+y|\1"}
    resource = {
        "path": "t.csv",
        "schema": {"fields": [{"name": "a", "type": "string", "constraints": rules}]},
    }
    folder = package(tmp_path, resource, t__csv="a\n" + "x" * 28 + "\n")
    found = _errors(validate(folder, limits=ReadLimits(pattern_seconds=0.001)))
    assert [each.code for each in found] == ["constraint.pattern.bound"]
    assert "--max pattern-seconds=0.002 raises it" in found[0].message
    found = _errors(validate(folder, limits=ReadLimits(pattern_seconds=500)))
    assert [each.code for each in found] == ["constraint.pattern"]


def test_building_has_the_same_limits(tmp_path, capsys):
    source = tmp_path / "source"
    source.mkdir()
    schema = {"fields": [{"name": "a", "type": "string"}, {"name": "b", "type": "string"}]}
    package(source, {"path": "t.csv", "schema": schema}, t__csv="a,b\n1," + "x" * 50 + "\n")
    path = source / "datapackage.json"
    value = json.loads(path.read_text()) | {"name": "p"}
    path.write_text(json.dumps(value))
    with pytest.raises(InvalidData):
        build(source, tmp_path / "out", limits=ReadLimits(field=49))
    assert build(source, tmp_path / "out", limits=ReadLimits(field=50)).name == "p"
    out = str(tmp_path / "cli")
    assert run(["build", str(source), "--output", out, "--max", "field=49"]) == 1
    assert run(["build", str(source), "--output", out, "--max", "field=50"]) == 0
    capsys.readouterr()


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ("colums=5", 'there is no limit "colums"'),
        ("field", '"" is no amount, as in field=4MiB'),
        ("field=-1", '"-1" is no amount'),
        ("field=4 miles", '"4 miles" is no amount'),
        ("columns=4MiB", '"4MiB" is no amount, as in columns=100'),
        ("line=0", "the limit line can't be 0"),
        ("depth=501", "the limit depth can't be more than 500"),
        ("pattern-seconds=long", '"long" is no number of seconds'),
        ("field=٤", '"٤" is no amount'),
    ],
)
def test_what_is_no_limit_is_a_wrong_call(stated, words, capsys):
    assert run(["validate", ".", "--max", stated]) == 2
    assert words in " ".join(capsys.readouterr().err.split())


def test_the_limits_in_the_documentation_are_those_of_the_code():
    text = (ROOT / "docs" / "hostile-input.md").read_text(encoding="utf-8")
    stated = dict(re.findall(r"^\| `([\w-]+)` \| ([^|]+?) \|", text, re.MULTILINE))
    defaults = ReadLimits()
    assert set(stated) == {each.name.replace("_", "-") for each in fields(ReadLimits)}
    for name, shown in stated.items():
        amount = shown.replace(" ", "").replace(",", "").removesuffix("s")
        assert ReadLimits().with_stated([f"{name}={amount}"]) == defaults, name
