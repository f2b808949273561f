"""Building: valid data becomes two packages and nothing else; invalid data becomes nothing."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rekodiq_data import build, open_package, validate
from rekodiq_data.build import build as build_
from rekodiq_data.errors import InvalidData, NotVerified, WrongCall
from rekodiq_data.parquet import PACKAGE_KEY, SCHEMA_KEY


def package(folder: Path, text: str, schema: dict, name: str = "t", **metadata) -> Path:
    folder.mkdir(exist_ok=True)
    resource = {"name": name, "path": "t.csv", "schema": schema}
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "p",
        **metadata,
        "resources": [resource],
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    (folder / "t.csv").write_text(text, encoding="utf-8")
    return folder


def json_package(folder: Path, text: str, schema: dict) -> Path:
    """The same with its rows in JSON, which has a null of its own."""
    package(folder, "", schema)
    (folder / "t.json").write_text(text)
    path = folder / "datapackage.json"
    path.write_text(path.read_text().replace("t.csv", "t.json"))
    return folder


KEYED = {
    "fields": [
        {"name": "id", "type": "integer", "title": "Id", "description": "Which one."},
        {"name": "grade", "type": "number", "unit": "%", "description": "How rich."},
        {"name": "note", "type": "string"},
    ],
    "primaryKey": ["id"],
}


def test_the_name_build_is_the_room_that_is_called_like_its_function():
    assert build.build is build_
    assert callable(build)


def test_a_build_is_two_packages_a_record_of_making_and_sums(tmp_path):
    source = package(tmp_path / "in", "id,grade,note\n1,0.30,a\n2,,\n", KEYED, version="1.2.0")
    built = build(source, tmp_path / "out")
    files = sorted(
        str(path.relative_to(tmp_path / "out"))
        for path in (tmp_path / "out").rglob("*")
        if path.is_file()
    )
    assert files == [
        "SHA256SUMS",
        "build.json",
        "csv/datapackage.json",
        "csv/t.csv",
        "data/t.parquet",
        "datapackage.json",
    ]
    assert built.version == "1.2.0"
    assert validate(tmp_path / "out").valid
    assert validate(tmp_path / "out" / "csv").valid


def test_the_csv_is_canonical_and_reads_without_any_option(tmp_path):
    schema = {
        "fields": [
            {"name": "d", "type": "date", "format": "%d/%m/%Y"},
            {"name": "n", "type": "number", "groupChar": ".", "decimalChar": ","},
            {"name": "b", "type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]},
            {"name": "s", "type": "string", "missingValues": ["-"]},
        ],
        "missingValues": ["n/a", ""],
    }
    text = 'd,n,b,s\n31/12/2024,"1.234,50",yes,\nn/a,"0,1",no,-\n,,,"a ""b"", c"\n'
    build(package(tmp_path / "in", text, schema), tmp_path / "out")
    content = (tmp_path / "out/csv/t.csv").read_bytes()
    assert content == (b'd,n,b,s\n2024-12-31,1234.5,true,\n,0.1,false,-\n,,,"a ""b"", c"\n')
    stated = json.loads((tmp_path / "out/csv/datapackage.json").read_text())
    assert stated["resources"][0]["schema"] == {
        "fields": [
            {"name": "d", "type": "date"},
            {"name": "n", "type": "number"},
            {"name": "b", "type": "boolean"},
            {"name": "s", "type": "string", "missingValues": ["-"]},
        ],
        "missingValues": [""],
    }


def test_the_parquet_describes_itself(tmp_path):
    source = package(tmp_path / "in", "id,grade,note\n1,0.5,a\n", KEYED, title="A title")
    build(source, tmp_path / "out")
    schema = pq.read_schema(tmp_path / "out/data/t.parquet")
    assert schema.field("id").type == pa.int64()
    assert schema.field("grade").metadata == {b"description": b"How rich.", b"unit": b"%"}
    assert schema.field("id").metadata == {b"title": b"Id", b"description": b"Which one."}
    assert json.loads(schema.metadata[SCHEMA_KEY])["primaryKey"] == ["id"]
    assert json.loads(schema.metadata[PACKAGE_KEY]) == {"name": "p", "title": "A title"}


def test_descriptors_state_the_hash_of_each_file_and_no_bytes_of_parquet(tmp_path):
    build(package(tmp_path / "in", "id,grade,note\n1,0.5,a\n", KEYED), tmp_path / "out")
    stated = json.loads((tmp_path / "out/datapackage.json").read_text())["resources"][0]
    content = (tmp_path / "out/data/t.parquet").read_bytes()
    assert stated["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert "bytes" not in stated


def test_a_missing_number_is_listed_as_nan_for_frictionless_alone(tmp_path):
    build(
        package(tmp_path / "in", "id,grade,note\n1,,a\n", KEYED),
        tmp_path / "out",
        second_judge=True,
    )
    fields = json.loads((tmp_path / "out/datapackage.json").read_text())["resources"][0][
        "schema"
    ]["fields"]
    assert [field.get("missingValues") for field in fields] == [
        ["", "nan"],
        ["", "nan"],
        None,
    ]


def test_rows_are_sorted_by_key_in_both_packages(tmp_path):
    text = "id,grade,note\n10,1,a\n9,2,b\n-1,3,c\n"
    build(package(tmp_path / "in", text, KEYED), tmp_path / "out")
    assert pq.read_table(tmp_path / "out/data/t.parquet")["id"].to_pylist() == [-1, 9, 10]
    assert (tmp_path / "out/csv/t.csv").read_text().splitlines()[1:] == [
        "-1,3,c",
        "9,2,b",
        "10,1,a",
    ]
    ordered = "id,grade,note\n-1,3,c\n9,2,b\n10,1,a\n"
    build(package(tmp_path / "other", ordered, KEYED), tmp_path / "again")
    for name in ("data/t.parquet", "csv/t.csv", "datapackage.json"):
        assert (tmp_path / "out" / name).read_bytes() == (
            tmp_path / "again" / name
        ).read_bytes()


def test_rows_are_sorted_by_all_parts_of_the_key(tmp_path):
    schema = {
        "fields": [{"name": "a", "type": "string"}, {"name": "b", "type": "integer"}],
        "primaryKey": ["a", "b"],
    }
    build(package(tmp_path / "in", "a,b\nx,2\nx,1\nA,9\n", schema), tmp_path / "out")
    rows = pq.read_table(tmp_path / "out/data/t.parquet").to_pylist()
    assert [(row["a"], row["b"]) for row in rows] == [("A", 9), ("x", 1), ("x", 2)]


def test_without_a_key_rows_keep_their_order(tmp_path):
    schema = {"fields": [{"name": "a", "type": "integer"}]}
    build(package(tmp_path / "in", "a\n3\n1\n2\n", schema), tmp_path / "out")
    assert pq.read_table(tmp_path / "out/data/t.parquet")["a"].to_pylist() == [3, 1, 2]


def test_a_table_without_rows_is_built(tmp_path):
    build(package(tmp_path / "in", "id,grade,note\n", KEYED), tmp_path / "out")
    assert pq.read_table(tmp_path / "out/data/t.parquet").num_rows == 0
    assert (tmp_path / "out/csv/t.csv").read_bytes() == b"id,grade,note\n"
    assert validate(tmp_path / "out").valid


def test_without_csv_there_is_one_package(tmp_path):
    build(package(tmp_path / "in", "id,grade,note\n1,,\n", KEYED), tmp_path / "out", csv=False)
    assert not (tmp_path / "out/csv").exists()
    assert validate(tmp_path / "out").valid


def test_invalid_data_is_not_built_and_leaves_nothing(tmp_path):
    source = package(tmp_path / "in", "id,grade,note\n1,x,a\n2,,\n", KEYED)
    with pytest.raises(InvalidData) as refused:
        build(source, tmp_path / "out")
    assert [issue.code for issue in refused.value.report.all_issues()] == ["type.number"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in"]


def test_invalid_data_leaves_an_earlier_build_as_it_was(tmp_path):
    build(package(tmp_path / "in", "id,grade,note\n1,,\n", KEYED), tmp_path / "out")
    before = (tmp_path / "out/SHA256SUMS").read_bytes()
    with pytest.raises(InvalidData):
        build(package(tmp_path / "in", "id,grade,note\nx,,\n", KEYED), tmp_path / "out")
    assert (tmp_path / "out/SHA256SUMS").read_bytes() == before


def test_an_earlier_build_is_replaced(tmp_path):
    build(package(tmp_path / "in", "id,grade,note\n1,,\n", KEYED), tmp_path / "out")
    build(package(tmp_path / "in", "id,grade,note\n7,,\n", KEYED), tmp_path / "out", csv=False)
    assert pq.read_table(tmp_path / "out/data/t.parquet")["id"].to_pylist() == [7]
    assert not (tmp_path / "out/csv").exists()


def test_a_folder_with_other_files_is_never_replaced(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/thesis.txt").write_text("years of work")
    with pytest.raises(WrongCall, match="holds other files"):
        build(package(tmp_path / "in", "id,grade,note\n1,,\n", KEYED), tmp_path / "out")
    assert (tmp_path / "out/thesis.txt").read_text() == "years of work"


def test_a_file_is_never_replaced_by_a_folder(tmp_path):
    (tmp_path / "out").write_text("x")
    with pytest.raises(WrongCall, match="is not a folder"):
        build(package(tmp_path / "in", "id,grade,note\n1,,\n", KEYED), tmp_path / "out")


def test_a_value_that_fits_no_column_is_not_built(tmp_path):
    text = "id,grade,note\n9223372036854775808,0.12345678901234567890,a\n"
    source = package(tmp_path / "in", text, KEYED)
    assert validate(source).valid  # right by the specification
    with pytest.raises(InvalidData) as refused:
        build(source, tmp_path / "out")
    assert [issue.code for issue in refused.value.report.all_issues()] == [
        "type.storable",
        "type.storable",
    ]


def test_a_missing_value_that_no_text_stands_for_is_not_built(tmp_path):
    schema = {"fields": [{"name": "a"}, {"name": "b"}], "missingValues": []}
    source = json_package(
        tmp_path / "in", '[{"a": "", "b": "x"}, {"a": null, "b": "y"}]', schema
    )
    assert validate(source).valid
    with pytest.raises(InvalidData) as refused:
        build(source, tmp_path / "out", csv=False)
    [issue] = refused.value.report.all_issues()
    assert (issue.code, issue.row_number, issue.field_name) == ("type.storable", 3, "a")
    assert 'list a text for it under "missingValues"' in issue.note


def test_a_source_that_says_nothing_is_left_out(tmp_path):
    schema = {"fields": [{"name": "a"}]}
    source = package(tmp_path / "in", "a\nx\n", schema)
    descriptor = json.loads((source / "datapackage.json").read_text())
    del descriptor["$schema"]  # version 1, which allows it
    descriptor |= {"sources": [{}], "contributors": [{}, {"title": "A"}]}
    (source / "datapackage.json").write_text(json.dumps(descriptor))
    build(source, tmp_path / "out")
    built = json.loads((tmp_path / "out/datapackage.json").read_text())
    assert "sources" not in built
    assert built["contributors"] == [{"title": "A"}]
    assert validate(tmp_path / "out").valid


def test_a_name_that_can_be_no_file_is_refused(tmp_path):
    source = package(tmp_path / "in", "id,grade,note\n1,,\n", KEYED, name="../evil")
    with pytest.raises(WrongCall, match="can't be a file name"):
        build(source, tmp_path / "out")


def test_names_of_fields_that_repeat_are_not_built(tmp_path):
    schema = {"fields": [{"name": "a"}, {"name": "a"}]}
    source = package(tmp_path / "in", "a,a\n1,2\n", schema)
    assert validate(source).valid
    with pytest.raises(WrongCall, match='two fields called "a"'):
        build(source, tmp_path / "out")


def test_a_record_without_a_value_is_not_built(tmp_path):
    schema = {"fields": [{"name": "a", "type": "integer"}, {"name": "b"}]}
    source = json_package(
        tmp_path / "in", '[{"a": 1, "b": "x"}, {"a": null, "b": null}]', schema
    )
    assert validate(source).valid
    with pytest.raises(InvalidData) as refused:
        build(source, tmp_path / "out")
    assert [(issue.code, issue.row_number) for issue in refused.value.report.all_issues()] == [
        ("row.storable", 3)
    ]


def test_a_file_without_a_schema_is_refused(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    descriptor = {"name": "p", "resources": [{"name": "readme", "path": "readme.txt"}]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    (folder / "readme.txt").write_text("hello")
    with pytest.raises(WrongCall, match="has no schema"):
        build(folder, tmp_path / "out")


def test_a_version_for_the_build_replaces_the_stated_one(tmp_path):
    source = package(tmp_path / "in", "id,grade,note\n1,,\n", KEYED, version="1.0.0")
    assert build(source, tmp_path / "out", version="2.0.0").version == "2.0.0"


def test_a_second_judge_that_does_not_agree_stops_the_build(tmp_path):
    # Frictionless refuses a duration as a bound's type: a known deviation of it.
    schema = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": [{"name": "y", "type": "year"}],
    }
    source = package(tmp_path / "in", "y\n12024\n", schema)
    with pytest.raises(NotVerified) as refused:
        build(source, tmp_path / "out", second_judge=True)
    assert not refused.value.report.valid
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in"]


def test_the_built_package_opens_like_any_other(tmp_path):
    build(package(tmp_path / "in", "id,grade,note\n1,,\n", KEYED), tmp_path / "out")
    assert [each.name for each in open_package(tmp_path / "out").resources] == ["t"]


@pytest.fixture
def project(tmp_path):
    """A small project under version control, committed."""
    (tmp_path / "datapackage/raw").mkdir(parents=True)
    (tmp_path / "schemas").mkdir()
    (tmp_path / "datapackage/package.yaml").write_text(
        "name: small\nversion: 1.0.0\nresources:\n  - name: t\n"
    )
    (tmp_path / "datapackage/raw/t.csv").write_text("id\n1\n")
    (tmp_path / "schemas/t.yaml").write_text(
        "$schema: https://datapackage.org/profiles/2.0/tableschema.json\n"
        'title: A table\ndescription: Of one column.\nmissingValues: [""]\n'
        "fields:\n  - name: id\n    type: integer\n    description: Which one.\n"
        "primaryKey: [id]\n"
    )
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b.c"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "Begin"]):
        subprocess.run([*git, *words], check=True)
    return tmp_path


def made(project, tmp_path) -> dict:
    build(project, tmp_path / "dist")
    return json.loads((tmp_path / "dist/build.json").read_text())


def test_a_build_says_which_commit_it_was_made_from(project, tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    stated = made(project, out)
    assert len(stated["commit"]) == 40
    assert stated["dirty"] is False
    assert stated["raw"] == {"raw/t.csv": hashlib.sha256(b"id\n1\n").hexdigest()}


def test_only_what_a_build_reads_makes_it_a_changed_one(project, tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    (project / "datapackage/releases").mkdir()
    (project / "datapackage/releases/catalog.json").write_text("{}")
    (project / "README.md").write_text("words")
    assert made(project, out)["dirty"] is False
    (project / "datapackage/raw/t.csv").write_text("id\n2\n")
    assert made(project, out)["dirty"] is True
