"""Damage of a built package is noticed before anything parses it, and named."""

from __future__ import annotations

import json
import os
import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import rekodiq_data.digest.content
import rekodiq_data.verify.contents
from rekodiq_data.errors import NothingFound, NotReadable, NotVerified
from rekodiq_data.parquet import SCHEMA_KEY
from rekodiq_data.signing import sign
from rekodiq_data.verify import prove, verify
from tests.published import (
    built,
    copied,
    flipped,
    one_bit_of_each_byte,
    ordinary_user,
    reseal,
)
from tests.signing.keygen import key

SEALED = ["build.json", "csv/estimates.csv", "data/estimates.parquet", "datapackage.json"]


@pytest.fixture
def package(tmp_path):
    return copied(built(), tmp_path / "package")


@pytest.fixture
def unparsed(monkeypatch):
    """Fails the test if anything is parsed."""

    def parse(*_args, **_kwargs):
        raise AssertionError("a file was parsed before all bytes were found right")

    monkeypatch.setattr(rekodiq_data.verify.folders, "check_content", parse)


def found(path):
    """Type and relative path of every error."""
    report = verify(path)
    assert report.valid == (not report.all_issues())
    return sorted((each.type, os.path.relpath(each.path, path)) for each in report.all_issues())


def notes(path):
    return [each.message for each in verify(path).all_issues()]


def test_what_was_built_verifies_with_its_counts(package):
    report = verify(package)
    assert report.valid
    (task,) = report.tasks
    files = [
        path for path in package.rglob("*") if path.is_file() and path.name != "SHA256SUMS"
    ]
    assert (task.name, task.type, task.rows) == ("package", "package", 5)
    assert task.files == len(files) == 7
    assert task.bytes == sum(path.stat().st_size for path in files)
    assert task.to_dict()["stats"]["files"] == 7


def test_a_flipped_bit_in_any_byte_of_any_file_is_noticed(package, unparsed):
    for path in [path for path in sorted(package.rglob("*")) if path.is_file()]:
        for bit in flipped(path, one_bit_of_each_byte(path)):
            issues = verify(package).all_issues()
            assert issues, f"bit {bit} of {path}"
            if path.name != "SHA256SUMS":
                assert [(each.type, each.path) for each in issues] == [
                    ("changed-file", str(path))
                ]
    # The same folder is fine again: what was noticed was the flips.
    assert prove(package, with_content=False).valid


@pytest.mark.slow
def test_every_flipped_bit_of_every_file_is_noticed(package, unparsed):
    for path in [path for path in sorted(package.rglob("*")) if path.is_file()]:
        for bit in flipped(path, range(8 * path.stat().st_size)):
            assert not verify(package).valid, f"bit {bit} of {path}"


@pytest.mark.parametrize("name", [*SEALED, "csv/datapackage.json"])
def test_a_removed_file_is_named(package, unparsed, name):
    (package / name).unlink()
    assert found(package) == [("missing-file", name)]


def test_without_its_list_nothing_is_verified(package, unparsed):
    (package / "SHA256SUMS").unlink()
    assert found(package) == [("missing-file", "SHA256SUMS")]


@pytest.mark.parametrize("name", ["more.txt", "data/more.parquet", ".hidden", "new/deep/file"])
def test_an_added_file_is_named(package, unparsed, name):
    (package / name).parent.mkdir(parents=True, exist_ok=True)
    (package / name).write_bytes(b"")
    assert found(package) == [("extra-file", name)]


@pytest.mark.parametrize("name", SEALED)
@pytest.mark.parametrize("keep", [0, 1, -1])
def test_a_truncated_file_is_named(package, unparsed, name, keep):
    path = package / name
    path.write_bytes(path.read_bytes()[:keep])
    assert found(package) == [("changed-file", name)]


def test_a_lengthened_file_is_named(package, unparsed):
    path = package / "build.json"
    path.write_bytes(path.read_bytes() + b"\n")
    assert found(package) == [("changed-file", "build.json")]


def test_two_swapped_files_are_named(package, unparsed):
    one, other = package / "csv/estimates.csv", package / "csv/sources.csv"
    data = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(data)
    assert found(package) == [
        ("changed-file", "csv/estimates.csv"),
        ("changed-file", "csv/sources.csv"),
    ]


def test_a_file_renamed_by_case_is_missing_and_extra(package, unparsed):
    (package / "build.json").rename(package / "Build.json")
    assert found(package) == [("extra-file", "Build.json"), ("missing-file", "build.json")]


def test_a_truncated_list_is_refused(package, unparsed):
    path = package / "SHA256SUMS"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))
    assert found(package) == [("extra-file", lines[-1].decode().split()[1])]
    path.write_bytes(b"".join(lines)[:-1])
    assert notes(package) == [
        "SHA256SUMS:7: not in canonical form: the last line has no line end"
    ]


@pytest.mark.parametrize("name", ["build.json", "SHA256SUMS", "data/estimates.parquet"])
def test_a_link_is_refused_even_to_the_same_bytes(package, tmp_path, unparsed, name):
    (package / name).rename(tmp_path / "outside")
    (package / name).symlink_to(tmp_path / "outside")
    assert found(package) == [("odd-file", name)]
    assert notes(package) == [f"{name}: it is a link, not a regular file"]


def test_a_linked_folder_is_refused(package, tmp_path, unparsed):
    (package / "data").rename(tmp_path / "outside")
    (package / "data").symlink_to(tmp_path / "outside")
    names = ["data/estimates.parquet", "data/sources.parquet"]
    assert found(package) == [*(("missing-file", name) for name in names), ("odd-file", "data")]


@pytest.mark.parametrize("name", ["build.json", "more"])
def test_a_pipe_is_refused_and_does_not_hang(package, unparsed, name):
    (package / name).unlink(missing_ok=True)
    os.mkfifo(package / name)
    assert found(package) == [("odd-file", name)]


def test_a_file_that_vanishes_while_it_is_verified_is_named(package, monkeypatch, unparsed):
    real = rekodiq_data.verify.folders.list_files

    def vanishing(folder):
        listing = real(folder)
        (folder / "build.json").unlink()
        return listing

    monkeypatch.setattr(rekodiq_data.verify.folders, "list_files", vanishing)
    assert found(package) == [("unreadable-file", "build.json")]


def test_a_list_larger_than_any_is_refused(package, monkeypatch, unparsed):
    monkeypatch.setattr(rekodiq_data.digest.sums, "SUMS_CAP", 10)
    assert found(package) == [("unreadable-file", "SHA256SUMS")]


def test_a_signature_is_not_listed_and_not_extra(package):
    signature = sign(key(), (package / "SHA256SUMS").read_bytes())
    (package / "SHA256SUMS.sig").write_bytes(signature)
    assert found(package) == []


# --- bytes that hold, parts that disagree ----------------------------------------------------


def test_a_csv_table_that_says_something_else_is_named(package):
    path = package / "csv/estimates.csv"
    path.write_bytes(path.read_bytes().replace(b"12.5", b"12.6"))
    reseal(package)
    assert notes(package) == [
        'csv/estimates.csv: it does not hold the same as the table "estimates"'
    ]


def test_a_package_without_csv_is_whole(package):
    shutil.rmtree(package / "csv")
    reseal(package)
    assert found(package) == []


def test_a_false_hash_in_the_descriptor_is_named(package):
    path = package / "datapackage.json"
    descriptor = json.loads(path.read_text())
    descriptor["resources"][0]["hash"] = "sha256:" + "0" * 64
    path.write_text(json.dumps(descriptor))
    reseal(package)
    (note,) = notes(package)
    assert note.startswith("datapackage.json: it states the hash sha256:0000")


def test_a_hash_of_another_kind_is_not_ours_to_judge(package):
    path = package / "datapackage.json"
    descriptor = json.loads(path.read_text())
    descriptor["resources"][0]["hash"] = "0" * 32
    path.write_text(json.dumps(descriptor))
    reseal(package)
    assert found(package) == []


def _with_footer(package, metadata):
    path = package / "data/sources.parquet"
    table = pq.read_table(path).replace_schema_metadata(metadata)
    pq.write_table(table, path)
    descriptor = json.loads((package / "datapackage.json").read_text())
    for resource in descriptor["resources"]:
        resource.pop("hash")
    (package / "datapackage.json").write_text(json.dumps(descriptor))
    reseal(package)
    return notes(package)


def test_a_schema_in_a_table_that_is_not_its_schema_is_named(package):
    assert _with_footer(package, {SCHEMA_KEY: b'{"fields": []}'}) == [
        "data/sources.parquet: the schema in it is not the one that datapackage.json states"
    ]


def test_a_schema_in_a_table_that_is_not_json_is_named(package):
    (note,) = _with_footer(package, {SCHEMA_KEY: b"{"})
    assert note.startswith("data/sources.parquet: the schema in it can't be read: not JSON")


def test_a_table_need_not_state_its_schema(package):
    assert _with_footer(package, None) == []


def test_a_table_of_other_types_is_named(package):
    path = package / "data/sources.parquet"
    pq.write_table(pa.table({"source_id": [1]}), path)
    reseal(package)
    (note,) = notes(package)
    assert note == (
        'datapackage.json: "data/sources.parquet" is not of the types that its schema says: '
        "its columns are source_id"
    )


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("{", "build.json:1: not JSON: "),
        ("[]", 'build.json: it does not state "raw" files'),
        ('{"raw": 1}', 'build.json: it does not state "raw" files'),
        ("{}", 'build.json: it does not state "raw" files'),
    ],
)
def test_a_build_file_that_says_nothing_is_named(package, text, note):
    (package / "build.json").write_text(text)
    reseal(package)
    (message,) = notes(package)
    assert message.startswith(note)


def test_a_package_needs_no_build_file(package):
    (package / "build.json").unlink()
    reseal(package)
    assert found(package) == []


# --- where there is nothing to verify --------------------------------------------------------


def test_a_path_that_holds_nothing_known_is_said(tmp_path):
    with pytest.raises(NothingFound, match="does not exist"):
        verify(tmp_path / "absent")
    (tmp_path / "file").write_text("")
    with pytest.raises(NothingFound, match="is not a folder"):
        verify(str(tmp_path / "file"))
    with pytest.raises(NothingFound, match="holds nothing that can be verified") as caught:
        verify(tmp_path)
    assert caught.value.hint == (
        "looked for SHA256SUMS (package or version) and catalog.json (store)"
    )


def test_progress_is_told_in_bytes(package):
    told = []
    verify(package, progress=lambda done, total, unit: told.append((done, total, unit)))
    (task,) = verify(package).tasks
    assert told[-1] == (task.bytes, None, "bytes")
    assert told == sorted(told)


def test_a_proof_that_is_required_raises_with_its_report(package):
    assert prove(package).require().folder == package
    (package / "build.json").unlink()
    with pytest.raises(NotVerified, match="is not what was built or released") as caught:
        prove(package).require()
    assert [each.type for each in caught.value.report.all_issues()] == ["missing-file"]


def test_only_a_proven_version_can_be_listed(package):
    with pytest.raises(AssertionError, match="only a proven version"):
        assert prove(package).entry
    assert prove(package).record is None


def test_a_folder_that_is_closed_to_us_stops_us():
    prove(built())
    with ordinary_user() as home:
        package = copied(built(), home / "package")
        (package / "data").chmod(0)
        with pytest.raises(NotReadable, match="permission denied"):
            verify(package)
        (package / "data").chmod(0o755)


def test_a_file_that_is_closed_to_us_is_named():
    prove(built())
    with ordinary_user() as home:
        package = copied(built(), home / "package")
        (package / "build.json").chmod(0)
        assert found(package) == [("unreadable-file", "build.json")]
