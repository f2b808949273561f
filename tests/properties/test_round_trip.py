"""What is built is the same bytes however it is built, and the same values whoever reads it."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from datetime import date, datetime, time
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rekodiq_data import lexical
from rekodiq_data.build import build
from rekodiq_data.descriptor import open_package
from rekodiq_data.descriptor.model import Field
from rekodiq_data.formats import csv as csv_format
from rekodiq_data.formats import records
from rekodiq_data.limits import DEFAULT_LIMITS

from .conftest import PROJECT, files_of

TABLES = sorted(path.stem for path in (PROJECT / "schemas").glob("*.yaml"))
# Says how it was made: which commit, from which files. Not part of sameness.
RECORD = "build.json"


def tables_of(folder: Path) -> dict[str, bytes]:
    """The tables of a built package, both ways: what a build of another source must equal."""
    kept = (".parquet", ".csv")
    return {name: data for name, data in files_of(folder).items() if name.endswith(kept)}


def csv_of(folder: Path) -> bytes:
    """The one canonical CSV table."""
    return (folder / "csv" / "t.csv").read_bytes()


# --- the real data ---------------------------------------------------------------------------


def test_two_builds_are_byte_identical(project, built, tmp_path):
    build(project, tmp_path / "again")
    assert files_of(tmp_path / "again") == files_of(built)


def test_a_build_does_not_depend_on_jobs(project, built, tmp_path):
    build(project, tmp_path / "three", jobs=3)
    assert files_of(tmp_path / "three") == files_of(built)


def test_a_build_does_not_depend_on_how_rows_were_cut(project, built, tmp_path, monkeypatch):
    monkeypatch.setattr(csv_format.CsvReader.__init__, "__kwdefaults__", {"block_bytes": 5_003})
    monkeypatch.setattr(records.gathered, "__defaults__", (7, DEFAULT_LIMITS))
    build(project, tmp_path / "cut")
    assert files_of(tmp_path / "cut") == files_of(built)


def test_the_built_csv_is_built_into_itself(built, tmp_path):
    """CSV to Parquet to CSV is the identity on canonical packages."""
    build(built / "csv", tmp_path / "again")
    assert tables_of(tmp_path / "again") == tables_of(built)


def test_the_built_parquet_is_built_into_the_same_tables(built, tmp_path):
    build(built, tmp_path / "again")
    assert files_of(tmp_path / "again/csv") == files_of(built / "csv")
    for path in (built / "data").iterdir():
        assert pq.read_table(tmp_path / "again/data" / path.name).equals(pq.read_table(path))
    build(tmp_path / "again", tmp_path / "once_more")
    first, second = (files_of(tmp_path / name) for name in ("again", "once_more"))
    varying = {RECORD, "SHA256SUMS"}
    assert {name: first[name] for name in first.keys() - varying} == {
        name: second[name] for name in second.keys() - varying
    }


@pytest.mark.parametrize("name", TABLES)
def test_text_columns_are_the_raw_ones(project, built, name):
    """Raw tables of ours are canonical already: their diff is the diff of the release."""
    raw = (project / "datapackage" / "raw" / f"{name}.csv").read_bytes()
    schema = open_package(project).resource(name).schema
    assert schema is not None
    with (built / "csv" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        made = list(csv.DictReader(stream))
    given_ = list(csv.DictReader(raw.decode().splitlines(keepends=True)))
    assert len(made) == len(given_)
    for field in schema.fields:
        if field.type == "string":
            assert [row[field.name] for row in made] == [row[field.name] for row in given_]


def values(column) -> list:
    """Plain Python values of a column, None for a missing one."""
    return [None if each is pd.NA or each is pd.NaT else each for each in column]


def expected(project: Path, name: str) -> tuple[list[Field], list[list]]:
    """Fields and values of a raw table, read cell by cell with the csv module."""
    schema = open_package(project).resource(name).schema
    assert schema is not None
    path = project / "datapackage" / "raw" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    read = {
        "string": str,
        "integer": int,
        "number": float,
        "boolean": {"true": True, "false": False}.__getitem__,
    }
    columns = [
        [read[field.type](row[field.name]) if row[field.name] else None for row in rows]
        for field in schema.fields
    ]
    return list(schema.fields), columns


def same(found: list, wanted: list, field: Field) -> bool:
    """Whether values are equal and of the field's Python type."""
    kind = {"string": str, "integer": int, "number": float, "boolean": bool}[field.type]
    return found == wanted and all(each is None or type(each) is kind for each in found)


@pytest.mark.parametrize("name", TABLES)
def test_polars_duckdb_and_pandas_read_equal_values_and_types(project, built, name):
    path = built / "data" / f"{name}.parquet"
    fields, wanted = expected(project, name)
    names = [field.name for field in fields]

    arrow = pq.read_table(path)
    assert arrow.schema.names == names
    assert [arrow.field(each.name).type for each in fields] == [
        lexical.arrow_type(each) for each in fields
    ]
    polars = pl.read_parquet(path)
    assert polars.columns == names
    assert polars.dtypes == [
        {"string": pl.String, "integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean}[
            each.type
        ]
        for each in fields
    ]
    relation = duckdb.read_parquet(str(path))
    assert relation.columns == names
    assert [str(each) for each in relation.types] == [
        {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN"}[
            each.type
        ]
        for each in fields
    ]
    rows = relation.fetchall()
    pandas = pd.read_parquet(path, dtype_backend="numpy_nullable")
    assert list(pandas.columns) == names
    assert [str(each) for each in pandas.dtypes] == [
        {"string": "string", "integer": "Int64", "number": "Float64", "boolean": "boolean"}[
            each.type
        ]
        for each in fields
    ]
    for number, (field, column) in enumerate(zip(fields, wanted, strict=True)):
        readers = {
            "pyarrow": arrow.column(field.name).to_pylist(),
            "polars": polars[field.name].to_list(),
            "duckdb": [row[number] for row in rows],
            "pandas": values(pandas[field.name].astype(object)),
        }
        wrong = [reader for reader, found in readers.items() if not same(found, column, field)]
        assert not wrong, f"{field.name}: {wrong}"


@pytest.mark.parametrize("descriptor", ["datapackage.json", "csv/datapackage.json"])
def test_both_built_packages_pass_frictionless_as_a_researcher_runs_it(built, descriptor):
    done = subprocess.run(
        [sys.executable, "-m", "frictionless", "validate", descriptor, "--json"],
        cwd=built,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    report = json.loads(done.stdout)
    assert report["valid"]
    assert [task["name"] for task in report["tasks"]] == [
        each.name for each in open_package(built).resources
    ]
    rows = {task["name"]: task["stats"]["rows"] for task in report["tasks"]}
    assert rows == {
        name: pq.read_metadata(built / "data" / f"{name}.parquet").num_rows for name in rows
    }


# --- any data --------------------------------------------------------------------------------

_TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=8
)
_TYPES = {
    "string": _TEXT,
    "any": _TEXT,
    "integer": st.integers(-(2**63), 2**63 - 1).map(str) | st.sampled_from(["+5", "007", "-0"]),
    "number": st.floats(allow_nan=False, allow_infinity=False).map(str)
    | st.sampled_from(["1.50", "+2", "1E3", ".5", "5.", "-0"]),
    "boolean": st.sampled_from(["true", "False", "1", "0"]),
    "date": st.dates().map(date.isoformat),
    "datetime": st.datetimes().map(datetime.isoformat),
    "time": st.times().map(lambda value: value.replace(microsecond=0)).map(time.isoformat),
    "year": st.integers(1, 9999).map(lambda value: f"{value:04d}"),
    "yearmonth": st.dates().map(lambda value: f"{value:%Y-%m}".zfill(7)),
    "duration": st.sampled_from(["P1Y", "P12M", "PT36H", "P1DT12H", "P0D", "-P1D"]),
    "geopoint": st.sampled_from(["62.1, 29.1", "62.10,29.10", "-180,90"]),
    "object": st.dictionaries(_TEXT, st.integers(0, 9), max_size=2).map(json.dumps),
    "array": st.lists(st.integers(0, 9) | _TEXT, max_size=3).map(json.dumps),
    "list": st.lists(st.sampled_from(["a", "b c", "d"]), min_size=1, max_size=3).map(",".join),
}


@st.composite
def packages(draw: st.DrawFn) -> tuple[dict, str]:
    """Schema and CSV of a table with some columns of any type, and gaps."""
    types = draw(st.lists(st.sampled_from(sorted(_TYPES)), min_size=1, max_size=5))
    missing = draw(st.sampled_from([[""], ["-", ""], ["NA"]]))
    fields = [{"name": f"c{at}", "type": type_} for at, type_ in enumerate(types)]
    count = draw(st.integers(0, 6))
    columns = []
    for type_ in types:
        cell = _TYPES[type_].filter(lambda text: text not in missing)
        columns.append(
            draw(st.lists(cell | st.sampled_from(missing), min_size=count, max_size=count))
        )
    lines = [[field["name"] for field in fields], *map(list, zip(*columns, strict=True))]
    if draw(st.booleans()):  # a key, and with it another order
        fields.insert(0, {"name": "id", "type": "integer"})
        order = draw(st.permutations(range(count)))
        lines = [
            ["id", *lines[0]],
            *([str(at), *row] for at, row in zip(order, lines[1:], strict=True)),
        ]
        schema = {"fields": fields, "missingValues": missing, "primaryKey": ["id"]}
    else:
        schema = {"fields": fields, "missingValues": missing}
        # A record of missing cells alone is a blank row, and no data.
        lines = [line for line in lines if len(line) == 1 or not set(line) <= set(missing)]
    text = "".join(
        ",".join('"' + cell.replace('"', '""') + '"' for cell in line) + "\n" for line in lines
    )
    return schema, text


def written(folder: Path, schema: dict, text: str) -> Path:
    """A package of one table."""
    folder.mkdir()
    (folder / "t.csv").write_text(text, "utf-8", newline="")
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "p",
        "resources": [{"name": "t", "type": "table", "path": "t.csv", "schema": schema}],
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    return folder


@pytest.mark.parametrize("examples", [60, pytest.param(1000, marks=pytest.mark.slow)])
def test_canonical_csv_to_parquet_to_csv_is_the_identity(tmp_path_factory, examples):
    @settings(max_examples=examples, suppress_health_check=[HealthCheck.too_slow])
    @given(packages(), st.integers(20, 200), st.integers(1, 3))
    def check(package, block, jobs):
        folder = tmp_path_factory.mktemp("any")
        build(written(folder / "in", *package), folder / "first")
        build(folder / "first" / "csv", folder / "second")
        # The first schema may call other texts missing; from then on it is canonical.
        assert csv_of(folder / "second") == csv_of(folder / "first")
        build(folder / "second" / "csv", folder / "third")
        assert tables_of(folder / "third") == tables_of(folder / "second")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                csv_format.CsvReader.__init__, "__kwdefaults__", {"block_bytes": block}
            )
            patch.setattr(records.gathered, "__defaults__", (1, DEFAULT_LIMITS))
            build(folder / "in", folder / "cut", jobs=jobs)
        assert files_of(folder / "cut") == files_of(folder / "first")

    check()
