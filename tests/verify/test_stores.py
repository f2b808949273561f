"""A store verifies as a whole: versions, catalog, pointer, chain."""

from __future__ import annotations

import json
import os
import shutil

import pytest

from rekodiq_data.catalog import Catalog, ReleaseRecord
from rekodiq_data.release import release
from rekodiq_data.verify import verify
from tests.published import built, copied, flipped, one_bit_of_each_byte, reseal, store

NEWEST = "v2.0.0-rc.1"


@pytest.fixture
def shelf(tmp_path):
    return copied(store(), tmp_path / "store")


def found(path):
    """Type and relative path of every finding; warnings have a "?" before them."""
    return [
        ("?" * (each.severity == "warning") + each.type, os.path.relpath(each.path, path))
        for each in verify(path).all_issues()
    ]


def notes(path):
    return [each.note for each in verify(path).all_issues()]


def test_a_store_verifies_with_a_task_per_version_the_newest_first(shelf):
    report = verify(shelf)
    assert report.valid
    assert [task.name for task in report.tasks] == ["2.0.0-rc.1", "1.1.0", "1.0.0"]
    assert {(task.type, task.rows) for task in report.tasks} == {("version", 5)}
    assert [task.files for task in report.tasks] == [10, 10, 10]
    catalog = Catalog.parse((shelf / "catalog.json").read_bytes())
    assert [task.bytes for task in report.tasks] == [each.size for each in catalog.entries]


def test_one_version_verifies_alone_and_under_another_name(shelf, tmp_path):
    shutil.move(shelf / "v1.1.0", tmp_path / "downloaded")
    report = verify(tmp_path / "downloaded")
    assert report.valid
    assert [(task.name, task.type) for task in report.tasks] == [("downloaded", "version")]


@pytest.mark.parametrize("name", ["catalog.json", "latest"])
def test_a_flipped_bit_in_any_byte_of_the_stores_own_files_is_noticed(tmp_path, name):
    release(built(), tmp_path)
    (tmp_path / name).chmod(0o644)
    for bit in flipped(tmp_path / name, one_bit_of_each_byte(tmp_path / name)):
        assert not verify(tmp_path).valid, f"bit {bit}"
    assert verify(tmp_path).valid


@pytest.mark.parametrize("name", ["catalog.json", "latest"])
def test_a_missing_file_of_the_store_is_named(shelf, name):
    (shelf / name).unlink()
    assert found(shelf) == [("missing-file", name)]


def test_a_store_without_both_its_files_is_still_a_store(shelf):
    (shelf / "catalog.json").unlink()
    (shelf / "latest").unlink()
    assert found(shelf) == [("missing-file", "catalog.json")]


@pytest.mark.parametrize("name", ["catalog.json", "latest"])
def test_a_link_for_a_file_of_the_store_is_refused(shelf, tmp_path, name):
    (shelf / name).rename(tmp_path / "outside")
    (shelf / name).symlink_to(tmp_path / "outside")
    kinds = {kind for kind, path in found(shelf) if path == name}
    assert "odd-file" in kinds


def test_damage_in_one_version_is_named_there_and_the_others_hold(shelf):
    path = shelf / "v1.0.0" / "data" / "estimates.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    report = verify(shelf)
    assert [task.valid for task in report.tasks] == [True, True, False]
    assert found(shelf) == [("changed-file", "v1.0.0/data/estimates.parquet")]


def test_a_version_that_is_gone_is_missed_and_the_chain_is_whole(shelf):
    shutil.rmtree(shelf / "v1.1.0")
    assert found(shelf) == [("missing-file", "v1.1.0")]


def test_a_version_taken_out_of_catalog_and_store_breaks_the_chain(shelf):
    shutil.rmtree(shelf / "v1.1.0")
    path = shelf / "catalog.json"
    catalog = Catalog.parse(path.read_bytes())
    rest = Catalog(catalog.name, (catalog.entries[0], catalog.entries[2]))
    path.write_bytes(rest.to_bytes())
    (shelf / "latest").write_bytes(rest.newest.pointer())
    assert found(shelf) == [("broken-chain", f"{NEWEST}/release.json")]
    assert notes(shelf) == [
        "it follows 1.1.0 as that was when it was released, and comes after 1.0.0 as this is "
        "here: a version was changed, added or removed since"
    ]


def test_history_that_was_rewritten_shows_even_where_every_list_was_written_anew(shelf):
    """Other content for 1.0.0, with SHA256SUMS, catalog and pointer made to agree."""
    record = ReleaseRecord.parse((shelf / "v1.0.0" / "release.json").read_bytes())
    (shelf / "v1.0.0" / "release.json").write_bytes(
        record.to_bytes().replace(b"\n", b"\n\n", 1)
    )
    reseal(shelf / "v1.0.0")
    path = shelf / "catalog.json"
    catalog = Catalog.parse(path.read_bytes())
    from rekodiq_data.verify import prove

    entries = (*catalog.entries[:2], prove(shelf / "v1.0.0").entry)
    path.write_bytes(Catalog(catalog.name, entries).to_bytes())
    assert found(shelf) == [("broken-chain", "v1.1.0/release.json")]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sha256_of_SHA256SUMS", "0" * 64),
        ("content_digest", "sha256:" + "0" * 64),
        ("files", 9),
        ("bytes", 1),
    ],
)
def test_an_entry_that_is_not_its_version_is_named(shelf, key, value):
    path = shelf / "catalog.json"
    catalog = json.loads(path.read_text())
    catalog["versions"][0][key] = value
    path.write_text(json.dumps(catalog, indent=2) + "\n")
    assert ("catalog-mismatch", "catalog.json") in found(shelf)
    assert any(f"as {value}, found" in note for note in notes(shelf))


def test_a_catalog_of_another_package_is_named(shelf):
    path = shelf / "catalog.json"
    path.write_text(path.read_text().replace('"small"', '"other"'))
    assert found(shelf) == [("catalog-mismatch", "catalog.json")] * 3


def test_a_catalog_in_another_form_is_named(shelf):
    path = shelf / "catalog.json"
    path.write_text(json.dumps(json.loads(path.read_text())))
    assert found(shelf) == [("not-canonical", "catalog.json")]


@pytest.mark.parametrize("text", ["[]", "{}", "{", '{"name": 1, "versions": []}'])
def test_a_catalog_of_another_shape_is_named(shelf, text):
    (shelf / "catalog.json").write_text(text)
    assert found(shelf) == [("not-canonical", "catalog.json")]


def test_an_empty_catalog_is_an_empty_store(tmp_path):
    (tmp_path / "catalog.json").write_bytes(Catalog("").to_bytes())
    assert verify(tmp_path).valid


@pytest.mark.parametrize(
    ("pointer", "kind"),
    [
        (b"1.1.0\n", "not-canonical"),
        (b"{}", "not-canonical"),
        (b'{"version": "9.9.9", "sha256_of_SHA256SUMS": "x"}', "pointer-mismatch"),
        (b'{"version": "1.1.0", "sha256_of_SHA256SUMS": "x"}', "pointer-mismatch"),
    ],
)
def test_a_pointer_that_names_nothing_is_found(shelf, pointer, kind):
    (shelf / "latest").write_bytes(pointer)
    assert found(shelf) == [(kind, "latest")]


def test_a_pointer_to_another_version_is_an_error_unless_a_release_was_interrupted(shelf):
    catalog = Catalog.parse((shelf / "catalog.json").read_bytes())
    (shelf / "latest").write_bytes(catalog.entries[2].pointer())
    # 1.0.0 comes just before 1.1.0, the newest that is no pre-release.
    assert found(shelf) == [("?unfinished-release", "latest")]
    assert verify(shelf).valid
    (shelf / "latest").write_bytes(catalog.entries[0].pointer())
    assert found(shelf) == [("pointer-mismatch", "latest")]
    assert notes(shelf) == ["it names 2.0.0-rc.1; the newest is 1.1.0"]


def test_a_pointer_is_an_error_where_the_newest_version_is_damaged(shelf):
    catalog = Catalog.parse((shelf / "catalog.json").read_bytes())
    (shelf / "latest").write_bytes(catalog.entries[2].pointer())
    (shelf / "v1.1.0" / "build.json").unlink()
    assert ("pointer-mismatch", "latest") in found(shelf)


def test_traces_of_a_release_that_was_stopped_are_warnings(shelf):
    (shelf / ".staging").mkdir()
    (shelf / ".staging" / "file").write_text("")
    (shelf / ".latest.part").write_text("")
    (shelf / ".catalog.json.part").write_text("")
    names = [".catalog.json.part", ".latest.part", ".staging"]
    assert found(shelf) == [("?unfinished-release", name) for name in names]
    assert verify(shelf).valid


def test_a_version_that_waits_to_be_listed_is_a_warning(shelf):
    path = shelf / "catalog.json"
    catalog = Catalog.parse(path.read_bytes())
    path.write_bytes(Catalog(catalog.name, catalog.entries[1:]).to_bytes())
    assert found(shelf) == [("?unfinished-release", NEWEST)]


def test_an_old_version_that_is_not_listed_is_an_error(shelf):
    path = shelf / "catalog.json"
    catalog = Catalog.parse(path.read_bytes())
    path.write_bytes(Catalog(catalog.name, catalog.entries[:2]).to_bytes())
    assert found(shelf) == [("catalog-mismatch", "v1.0.0")]


def test_a_version_under_another_number_is_named(shelf):
    (shelf / NEWEST).rename(shelf / "v3.0.0")
    assert found(shelf) == [("missing-file", NEWEST), ("catalog-mismatch", "v3.0.0")]


def test_a_package_that_was_never_released_is_no_version(shelf):
    copied(built("1.2.0"), shelf / "v1.2.0")
    assert found(shelf)[0] == ("missing-file", "v1.2.0/release.json")


@pytest.mark.parametrize("name", ["V9.0.0", "v9", "9.0.0", "v9.0.0+more"])
def test_a_folder_of_a_version_under_no_versions_name_is_named(shelf, name):
    shutil.copytree(shelf / "v1.0.0", shelf / name)
    assert found(shelf) == [("extra-file", name)]


def test_a_link_to_a_version_is_refused(shelf, tmp_path):
    shutil.move(shelf / "v1.0.0", tmp_path / "outside")
    (shelf / "v1.0.0").symlink_to(tmp_path / "outside")
    assert found(shelf) == [("odd-file", "v1.0.0"), ("missing-file", "v1.0.0")]


def test_a_link_inside_a_version_is_told_once(shelf):
    (shelf / "v1.0.0" / "more").symlink_to("build.json")
    assert found(shelf) == [("odd-file", "v1.0.0/more")]


def test_other_plain_files_are_not_ours_to_judge(shelf):
    (shelf / "index.html").write_text("<p>hello")
    (shelf / "page").mkdir()
    (shelf / "page" / "style.css").write_text("")
    assert found(shelf) == []


# --- a version whose bytes hold and whose record does not ------------------------------------


def _with_record(shelf, change):
    """Findings in the newest version after its record was changed and its list resealed."""
    folder = shelf / NEWEST
    record = json.loads((folder / "release.json").read_text())
    change(record)
    (folder / "release.json").write_text(json.dumps(record, indent=2) + "\n")
    reseal(folder)
    return [(each.type, each.message) for each in verify(folder).all_issues()]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda record: record.update(version="9.0.0"),
            "it states the version 9.0.0, found 2.0.0-rc.1",
        ),
        (
            lambda record: record.update(content_digest="x"),
            "it states the content digest x, found sha256:",
        ),
        (
            lambda record: record["tables"].pop("sources"),
            "it states the tables ['estimates'], found",
        ),
        (
            lambda record: record["tables"]["sources"].update(rows=3),
            'it states for "sources" the number of rows 3, found 2',
        ),
        (
            lambda record: record["tables"]["sources"].update(content_digest="x"),
            'it states for "sources" the content digest x, found sha256:',
        ),
        (
            lambda record: record["tables"]["sources"].update(schema_digest="x"),
            'it states for "sources" the schema digest x, found sha256:',
        ),
        (lambda record: record["raw"].clear(), "it states other raw files than build.json"),
        (
            lambda record: record["files"]["build.json"].update(bytes=1),
            'it does not state bytes and sha256 of "build.json"',
        ),
        (
            lambda record: record["files"].update({"more": {"bytes": 1, "sha256": "x"}}),
            'it does not state bytes and sha256 of "more"',
        ),
        (
            lambda record: record["files"].pop("build.json"),
            'it does not state bytes and sha256 of "build.json"',
        ),
    ],
)
def test_a_record_that_disagrees_with_its_version_is_named(shelf, change, message):
    ((kind, found_message),) = _with_record(shelf, change)
    assert kind == "content-mismatch"
    assert found_message.startswith(f"release.json: {message}")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda record: record.pop("previous"), "it lacks 'previous'"),
        (lambda record: record.update(version="one"), '"one" is not a version; write three'),
        (lambda record: record.update(version=1), "a value in it is of the wrong kind"),
        (lambda record: record.update(tables=[]), "a value in it is of the wrong kind"),
        (lambda record: record.update(previous="1.0.0"), "a value in it is of the wrong kind"),
        (
            lambda record: record["tables"]["sources"].update(rows=True),
            "a value in it is of the wrong kind",
        ),
    ],
)
def test_a_record_of_another_shape_is_named(shelf, change, message):
    ((kind, found_message),) = _with_record(shelf, change)
    assert kind == "unreadable-file"
    assert found_message.startswith(f"release.json: {message}")


def test_a_record_may_say_more_than_we_know(shelf):
    assert _with_record(shelf, lambda record: record.update(more=1)) == []
