"""What a PATH means, as a user types it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rekodiq_data.descriptor import Kind, open_package, open_table
from rekodiq_data.errors import NothingFound, NotReadable, WrongCall

PACKAGE = {"resources": [{"name": "a", "path": "a.csv", "schema": {"fields": [{"name": "a"}]}}]}
SCHEMA = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
missingValues: [""]
fields:
  - {name: a, type: integer}
"""


def project(root: Path) -> Path:
    """A sound project in the folder `root`."""
    (root / "datapackage" / "raw").mkdir(parents=True)
    (root / "schemas").mkdir()
    (root / "datapackage" / "package.yaml").write_text(
        "name: demo\nversion: 1.2.3\nresources:\n"
        "  - {name: a, theme: one, usage_notes: [first], title: The a}\n"
        "  - {name: b, raw: raw/other.tsv}\n"
    )
    (root / "schemas" / "a.yaml").write_text(SCHEMA)
    (root / "schemas" / "b.yaml").write_text(SCHEMA + "title: B\ndescription: about b\n")
    return root


def test_a_sound_package_in_json_needs_no_slow_library(tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").write_text(json.dumps(PACKAGE))
    code = (
        "import sys; from pathlib import Path;"
        "from rekodiq_data.descriptor import open_package;"
        "open_package(Path(sys.argv[1]));"
        "print(*sorted({'yaml', 'rapidfuzz', 'pandas', 'pyarrow'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "\n"


@pytest.mark.parametrize("name", ["datapackage.json", "datapackage.yaml", "datapackage.yml"])
def test_a_folder_with_a_descriptor_is_a_package(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(json.dumps(PACKAGE))
    found = open_package(tmp_path)
    assert (found.kind, found.descriptor, found.faults) == (Kind.PACKAGE, tmp_path / name, ())


def test_a_descriptor_may_have_any_name(tmp_path: Path) -> None:
    (tmp_path / "mine.JSON").write_text(json.dumps(PACKAGE))
    assert open_package(tmp_path / "mine.JSON").resource("a").paths == ("a.csv",)


def test_paths_start_from_where_a_linked_descriptor_really_is(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "datapackage.json").write_text(json.dumps(PACKAGE))
    (tmp_path / "link.json").symlink_to("real/datapackage.json")
    found = open_package(tmp_path / "link.json")
    assert found.base == (tmp_path / "real").resolve()
    assert found.descriptor == tmp_path / "link.json"


def test_a_link_in_a_folder_is_not_its_descriptor(tmp_path: Path) -> None:
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "datapackage.json").symlink_to("nowhere.json")
    with pytest.raises(NotReadable, match="it is a link, not a regular file"):
        open_package(tmp_path / "package")


def test_a_project_is_found_at_or_above(tmp_path: Path) -> None:
    root = project(tmp_path / "mine")
    for path in (root, root / "schemas", root / "datapackage" / "raw"):
        found = open_package(path)
        assert (found.kind, found.faults) == (Kind.PROJECT, ())
        assert found.base.resolve() == root / "datapackage"
    found = open_package(root / "datapackage" / "package.yaml")
    assert (found.kind, found.faults) == (Kind.PROJECT, ())


def test_a_project_is_named_as_it_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(tmp_path)
    monkeypatch.chdir(tmp_path)
    found = open_package(Path())
    assert (found.base, found.descriptor) == (
        Path("datapackage"),
        Path("datapackage/package.yaml"),
    )


def test_a_project_becomes_the_same_values_as_a_package(tmp_path: Path) -> None:
    found = open_package(project(tmp_path))
    assert (found.name, found.version) == ("demo", "1.2.3")
    assert found.metadata == {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "demo",
        "version": "1.2.3",
    }
    first, second = found.resources
    assert (first.paths, first.format, first.theme) == (("raw/a.csv",), "csv", "one")
    assert (first.title, first.usage_notes, first.is_sound) == ("The a", ("first",), True)
    assert (second.paths, second.format) == (("raw/other.tsv",), "tsv")
    assert (second.title, second.description) == ("B", "about b")
    assert second.dialect.delimiter == "\t"
    assert first.schema is not None
    assert first.schema.names == ("a",)
    schema = "https://datapackage.org/profiles/2.0/tableschema.json"
    assert first.raw == {
        "name": "a",
        "type": "table",
        "path": "raw/a.csv",
        "title": "The a",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "rekodiq:theme": "one",
        "rekodiq:usage_notes": ["first"],
        "schema": {
            "$schema": schema,
            "missingValues": [""],
            "fields": [{"name": "a", "type": "integer"}],
        },
    }


def test_the_published_form_of_a_project_is_a_sound_package(tmp_path: Path) -> None:
    found = open_package(project(tmp_path / "project"))
    descriptor = {**found.metadata, "resources": [each.raw for each in found.resources]}
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor))
    published = open_package(tmp_path)
    assert published.faults == ()
    assert published.resources == found.resources


def test_a_project_without_tables_yet_is_sound(tmp_path: Path) -> None:
    root = project(tmp_path)
    (root / "datapackage" / "raw").rmdir()
    assert open_package(root).faults == ()


def test_a_folder_that_holds_nothing_is_told_what_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(NothingFound) as caught:
        open_package(tmp_path)
    assert caught.value.message == f'"{tmp_path}" holds no data package and is in no project'
    assert caught.value.hint == (
        "looked for datapackage.json, datapackage.yaml, datapackage.yml there, and for a "
        "folder with datapackage/package.yaml and schemas/ there and above"
    )


def test_a_path_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NothingFound, match="does not exist"):
        open_package(tmp_path / "none")


def test_a_table_asks_for_a_schema(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a\n1\n")
    with pytest.raises(WrongCall) as caught:
        open_package(tmp_path / "a.csv")
    assert caught.value.hint == "name its schema too, or the data package that it belongs to"


def test_a_file_called_package_yaml_outside_a_project_is_a_descriptor(tmp_path: Path) -> None:
    (tmp_path / "package.yaml").write_text(json.dumps(PACKAGE))
    assert open_package(tmp_path / "package.yaml").kind is Kind.PACKAGE


def test_one_table_with_one_schema(tmp_path: Path) -> None:
    (tmp_path / "towns.tsv").write_text("a\n1\n")
    (tmp_path / "schema.yaml").write_text(
        SCHEMA + "primaryKey: a\nforeignKeys: [{fields: a, reference: {fields: a}}]\n"
    )
    found = open_table(tmp_path / "towns.tsv", tmp_path / "schema.yaml")
    assert (found.kind, found.base, found.faults) == (Kind.TABLE, tmp_path, ())
    (table,) = found.resources
    assert (table.name, table.paths, table.format) == ("towns", ("towns.tsv",), "tsv")
    assert table.dialect.delimiter == "\t"
    assert table.schema is not None
    assert table.schema.primary_key == ("a",)


def test_a_linked_table_is_read_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "towns.csv").write_text("a\n1\n")
    (tmp_path / "link.csv").symlink_to("real/towns.csv")
    (tmp_path / "schema.yaml").write_text(SCHEMA)
    found = open_table(tmp_path / "link.csv", tmp_path / "schema.yaml")
    assert found.base == (tmp_path / "real").resolve()
    assert found.resource("link").paths == ("towns.csv",)


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ("fields: [", "not YAML: did not find expected node content"),
        ("- a", "the schema must be an object, not a list"),
        (
            "fields: [{name: a}]\n"
            "foreignKeys: [{fields: a, reference: {resource: b, fields: a}}]",
            'foreign key 1 refers to "b", which is no resource of the package',
        ),
        ("fields: [{name: a, type: b}]", 'field "a": "b" is no type of Table Schema'),
    ],
)
def test_a_faulty_schema_of_one_table_is_a_finding(
    tmp_path: Path, schema: str, message: str
) -> None:
    (tmp_path / "a.csv").write_text("a\n1\n")
    (tmp_path / "schema.yaml").write_text(schema)
    (fault,) = open_table(tmp_path / "a.csv", tmp_path / "schema.yaml").faults
    assert (fault.message, fault.path) == (message, str(tmp_path / "schema.yaml"))


def test_a_table_and_its_schema_must_be_files(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a\n1\n")
    with pytest.raises(WrongCall, match="one table goes with one schema file"):
        open_table(tmp_path / "a.csv", tmp_path)
    with pytest.raises(NothingFound):
        open_table(tmp_path / "a.csv", tmp_path / "none.yaml")
