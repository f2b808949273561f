"""Content digests are what docs/format.md says, and see content, not files."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekodiq_data.digest import content_digests
from rekodiq_data.digest.content import schema_digest
from rekodiq_data.errors import NotReadable
from tests.published import built, copied

FORMAT = (Path(__file__).parents[2] / "docs" / "format.md").read_text(encoding="utf-8")
VECTORS = FORMAT.split("### Test vectors")[1]


# --- an implementation of its own, from the words of docs/format.md alone --------------------


def sha256(*texts):
    return "sha256:" + hashlib.sha256("".join(texts).encode()).hexdigest()


def plain(value):
    """Canonical JSON of values without fractions."""
    whole = json.loads(json.dumps(value), parse_float=lambda text: int(Decimal(text)))
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def without(value, *keys):
    return {
        key: value[key] for key in value if key not in {"$schema", "version", "created", *keys}
    }


def cell(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}".removesuffix(".0")
    return "" if value is None else str(value)


def independent(folder):
    """Digests of schemas, tables and package in `folder`."""
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    schemas, tables, resources = {}, {}, []
    for resource in sorted(package["resources"], key=lambda each: each["name"]):
        name, schema = resource["name"], plain(without(resource["schema"]))
        rows = pq.read_table(folder / resource["path"]).to_pylist()
        key = resource["schema"].get("primaryKey", [])
        rows.sort(key=lambda row: [row[each] for each in key])
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(each["name"] for each in resource["schema"]["fields"])
        writer.writerows([cell(value) for value in row.values()] for row in rows)
        schemas[name] = sha256("rekodiq-data schema 1\n", schema, "\n")
        tables[name] = sha256("rekodiq-data table 1\n", schema, "\n", text.getvalue())
        kept = without(
            resource,
            *[
                "path",
                "url",
                "data",
                "profile",
                "type",
                "format",
                "mediatype",
                "encoding",
                "dialect",
            ],
            *["bytes", "hash", "schema"],
        )
        resources.append({**kept, "content_digest": tables[name]})
    meta = plain({**without(package), "resources": resources})
    return schemas, tables, sha256("rekodiq-data package 1\n", meta, "\n")


def ours(folder):
    found = content_digests(folder)
    return (
        {name: each.schema for name, each in found.contents.items()},
        found.tables,
        found.package,
    )


# --- vectors -------------------------------------------------------------------------------


def _block(language, number=0):
    return re.findall(rf"```{language}\n(.*?)```", VECTORS, re.DOTALL)[number]


def _stated(row):
    return re.search(rf"\| {row} \| `(.+?)` \|", VECTORS)[1]


@pytest.fixture
def example(tmp_path):
    """The package of the test vectors, its table written by plain pyarrow, in another order."""
    (tmp_path / "data").mkdir()
    descriptor = json.loads(_block("json"))
    descriptor["resources"][0]["format"] = "parquet"
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    from datetime import date

    table = pa.table(
        {
            "id": pa.array(["é", "b", "a,1"]),
            "grade_cu_pct": pa.array([100.0, None, 0.41]),
            "measured_date": pa.array([date(1, 1, 1), None, date(2024, 2, 29)]),
            "is_final": pa.array([False, None, True]),
        }
    )
    pq.write_table(table, tmp_path / "data" / "grades.parquet", compression="none")
    return tmp_path


def test_the_vectors_are_the_digests_of_their_texts():
    table = _block("text")
    assert table.endswith(_block("csv"))
    assert sha256(table) == _stated("table")
    assert sha256("rekodiq-data schema 1\n", table.splitlines()[1], "\n") == _stated("schema")
    assert sha256(_block("text", 1)) == _stated("package")


def test_the_vectors_come_out(example):
    stated = ({"grades": _stated("schema")}, {"grades": _stated("table")}, _stated("package"))
    assert ours(example) == stated
    assert independent(example) == stated


def test_an_independent_implementation_agrees_on_a_real_build():
    assert ours(built()) == independent(built())


def test_the_csv_package_is_what_is_digested():
    for name, content in content_digests(built()).contents.items():
        data = (built() / "csv" / f"{name}.csv").read_bytes()
        assert content.csv_sha256 == hashlib.sha256(data).hexdigest()
        assert content.rows == {"estimates": 3, "sources": 2}[name]


# --- what is content, and what is not --------------------------------------------------------


def _rewritten(tmp_path, change):
    folder = copied(built(), tmp_path / "package")
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    change(descriptor)
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    return content_digests(folder).package


@pytest.mark.parametrize(
    "change",
    [
        lambda package: package.update(version="9.9.9"),
        lambda package: package.update(created="2026-01-01T00:00:00Z"),
        lambda package: package.pop("$schema"),
        lambda package: package["resources"].reverse(),
        lambda package: package["resources"][0].pop("hash"),
        lambda package: package["resources"][0].update(bytes=1),
        lambda package: package["resources"][0]["schema"].pop("$schema"),
        lambda package: package["resources"][0]["schema"].update(version="2"),
    ],
)
def test_versions_dates_and_file_facts_are_not_content(tmp_path, change):
    assert _rewritten(tmp_path, change) == content_digests(built()).package


@pytest.mark.parametrize(
    "change",
    [
        lambda package: package.update(title="Another"),
        lambda package: package["licenses"].pop(),
        lambda package: package.update({"rekodiq:own": 1}),
        lambda package: package["resources"][0].update({"rekodiq:theme": "other"}),
        lambda package: package["resources"][0]["schema"]["fields"][1].update(unit="kt"),
        lambda package: package["resources"][0]["schema"].update({"rekodiq:own": 1}),
        lambda package: package["resources"].pop(),
    ],
)
def test_metadata_rules_and_units_are_content(tmp_path, change):
    assert _rewritten(tmp_path, change) != content_digests(built()).package


def test_one_cell_changes_its_table_and_the_package_and_nothing_else():
    one, other = content_digests(built()), content_digests(built(tonnage="12.6"))
    assert one.package != other.package
    assert one.tables["estimates"] != other.tables["estimates"]
    assert one.tables["sources"] == other.tables["sources"]
    assert one.contents["estimates"].schema == other.contents["estimates"].schema


def test_another_writer_another_version_and_another_build_give_equal_digests(tmp_path):
    folder = copied(built(version="2.0.0"), tmp_path / "package")
    for path in (folder / "data").iterdir():
        table = pq.read_table(path)
        pq.write_table(
            table, path, compression="snappy", use_dictionary=False, row_group_size=1
        )
    assert content_digests(folder) == content_digests(built())


def test_schema_digests_leave_out_versions_only():
    assert schema_digest({"fields": [], "version": "1"}) == schema_digest({"fields": []})
    assert schema_digest({"fields": [], "title": "x"}) != schema_digest({"fields": []})


def test_rows_are_told_as_they_are_read():
    told = []
    content_digests(built(), told.append)
    assert sorted(told) == [2, 3]


# --- key order -------------------------------------------------------------------------------


def _two_keys(folder, rows, *, group=3):
    schema = {
        "fields": [{"name": "a", "type": "string"}, {"name": "b", "type": "integer"}],
        "primaryKey": ["a", "b"],
    }
    resource = {"name": "t", "path": "t.parquet", "format": "parquet", "schema": schema}
    descriptor = {"name": "p", "resources": [resource]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    names = pa.schema([("a", pa.string()), ("b", pa.int64())])
    table = pa.Table.from_pylist([{"a": a, "b": b} for a, b in rows], names)
    pq.write_table(table, folder / "t.parquet", row_group_size=group)
    return content_digests(folder).tables["t"]


@settings(max_examples=40)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["", "B", "a", "b", "é", "\uffff", "\U0001f600"]),
            st.integers(-3, 3),
        ),
        unique=True,
        max_size=9,
    ),
    group=st.integers(1, 9),
)
def test_the_order_in_the_file_does_not_matter_where_there_is_a_key(
    rows, group, tmp_path_factory
):
    folder = tmp_path_factory.mktemp("order")
    expected = _two_keys(folder, sorted(rows))
    assert _two_keys(folder, rows, group=group) == expected
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("a", "b"), *sorted(rows)])
    schema = json.loads((folder / "datapackage.json").read_text())["resources"][0]["schema"]
    assert expected == sha256("rekodiq-data table 1\n", plain(schema), "\n", text.getvalue())


def test_a_missing_key_comes_last(tmp_path):
    assert _two_keys(tmp_path, [("a", None), ("a", 1)]) == _two_keys(
        tmp_path, [("a", 1), ("a", None)]
    )


def test_without_a_key_the_order_of_the_file_counts(example):
    path = example / "datapackage.json"
    path.write_text(path.read_text().replace('"primaryKey": ["id"]', '"x": 1'))
    before = content_digests(example).package
    file = example / "data" / "grades.parquet"
    table = pq.read_table(file)
    pq.write_table(table.take([2, 1, 0]), file)
    assert content_digests(example).package != before


# --- what can't be digested ------------------------------------------------------------------


def test_other_types_than_the_schema_says_are_refused(example):
    file = example / "data" / "grades.parquet"
    table = pq.read_table(file)
    at = table.column_names.index("grade_cu_pct")
    column = table["grade_cu_pct"].cast(pa.float32())
    pq.write_table(table.set_column(at, "grade_cu_pct", column), file)
    with pytest.raises(NotReadable, match=r'the column "grade_cu_pct" is float, not double'):
        content_digests(example)


def test_other_columns_than_the_schema_says_are_refused(example):
    file = example / "data" / "grades.parquet"
    pq.write_table(pq.read_table(file).drop_columns(["id"]), file)
    with pytest.raises(
        NotReadable, match="its columns are grade_cu_pct, measured_date, is_final"
    ):
        content_digests(example)


def test_a_file_that_is_not_parquet_is_refused(example):
    (example / "data" / "grades.parquet").write_bytes(b"PAR1 is not enough")
    with pytest.raises(NotReadable, match="is not readable as Parquet"):
        content_digests(example)


def test_damage_behind_a_good_footer_is_refused(tmp_path):
    folder = copied(built(), tmp_path / "package")
    file = folder / "data" / "estimates.parquet"
    data = bytearray(file.read_bytes())
    data[4:60] = bytes(56)
    file.write_bytes(data)
    with pytest.raises(NotReadable, match="is not readable as Parquet"):
        content_digests(folder)


def test_a_faulty_descriptor_is_refused(example):
    path = example / "datapackage.json"
    path.write_text(path.read_text().replace('"date"', '"dote"'))
    with pytest.raises(NotReadable, match=r'"datapackage.json" has a fault: '):
        content_digests(example)


def test_a_warning_about_the_descriptor_is_no_reason_to_refuse(example):
    path = example / "datapackage.json"
    before = content_digests(example).package
    path.write_text(path.read_text().replace('"version"', '"versoin"'))
    assert content_digests(example).package != before


def test_a_package_of_csv_has_no_content_digest():
    with pytest.raises(NotReadable, match="is not one Parquet file with a schema"):
        content_digests(built() / "csv")


# --- memory ----------------------------------------------------------------------------------

_MEASURE = """
import resource, sys
from pathlib import Path
from rekodiq_data.digest import content_digests
content_digests(Path(sys.argv[1]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def _peak(folder, groups):
    """MiB that a process takes at most to digest a table of so many row groups of 1.5 MB."""
    schema = {"fields": [{"name": "a", "type": "string"}], "primaryKey": ["a"]}
    resource = {"name": "t", "path": "t.parquet", "format": "parquet", "schema": schema}
    descriptor = {"name": "p", "resources": [resource]}
    folder.mkdir()
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    names = pa.schema([("a", pa.string())])
    with pq.ParquetWriter(folder / "t.parquet", names) as writer:
        for group in range(groups):
            rows = [f"{group:06d}{row:06d}{os.urandom(60).hex()}" for row in range(20_000)]
            writer.write_table(pa.table({"a": rows}))
    command = [sys.executable, "-c", _MEASURE, folder]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_table(tmp_path):
    assert _peak(tmp_path / "large", 80) - _peak(tmp_path / "small", 10) < 25
