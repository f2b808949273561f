"""A release is whole, immutable, and depends on nothing but the data."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from importlib import import_module

import pytest

from rekodiq_data.build import build
from rekodiq_data.catalog import Catalog, ReleaseRecord
from rekodiq_data.digest import content_digests
from rekodiq_data.errors import (
    InvalidData,
    NothingFound,
    NotVerified,
    ReleaseRefused,
    WrongCall,
)
from rekodiq_data.files import durable
from rekodiq_data.release import Released, release
from rekodiq_data.release.conditions import Origin
from rekodiq_data.verify import verify
from tests.published import (
    built,
    commit,
    copied,
    ordinary_user,
    reseal,
    snapshot,
    store,
    write_project,
)


@pytest.fixture
def shelf(tmp_path):
    """A store with 1.0.0."""
    release(built(), tmp_path / "store")
    return tmp_path / "store"


def _pointer(shelf):
    return json.loads((shelf / "latest").read_text())["version"]


# --- what a release is -----------------------------------------------------------------------


def test_a_package_is_published_with_record_catalog_and_pointer(tmp_path):
    result = release(built(), tmp_path / "deep" / "store")
    digests = content_digests(built())
    assert result == Released(
        version="1.0.0",
        folder=tmp_path / "deep" / "store" / "v1.0.0",
        content_digest=digests.package,
        tables=digests.tables,
        previous=None,
        is_new=True,
        dry_run=False,
        origin=Origin.of(built()),
    )
    assert result.origin.is_a_commit
    assert verify(tmp_path / "deep" / "store").valid
    assert _pointer(tmp_path / "deep" / "store") == "1.0.0"
    before, after = snapshot(built()), snapshot(result.folder)
    record = ReleaseRecord.parse(after.pop("release.json"))
    assert before.pop("SHA256SUMS") != after.pop("SHA256SUMS")
    changelog, changes = after.pop("CHANGELOG.md"), after.pop("diff.json")
    assert changelog.startswith(b"# History of the data\n\n## 1.0.0\n\nThe first")
    assert after == before
    assert {name: table.rows for name, table in record.tables.items()} == {
        "estimates": 3,
        "sources": 2,
    }
    assert record.raw == json.loads(before["build.json"])["raw"]
    assert {path: size for path, (size, _) in record.files.items()} == {
        path: len(data)
        for path, data in {
            **before,
            "CHANGELOG.md": changelog,
            "diff.json": changes,
        }.items()
    }


def test_versions_form_a_chain():
    records = {
        name: ReleaseRecord.parse((store() / name / "release.json").read_bytes())
        for name in ("v1.0.0", "v1.1.0", "v2.0.0-rc.1")
    }
    assert records["v1.0.0"].previous is None
    for name, before in (("v1.1.0", "v1.0.0"), ("v2.0.0-rc.1", "v1.1.0")):
        catalog = Catalog.parse((store() / "catalog.json").read_bytes())
        version = records[before].version
        assert records[name].previous == catalog.entry(version).link


def test_the_pointer_passes_over_a_prerelease():
    assert _pointer(store()) == "1.1.0"


def test_a_project_is_judged_and_built_first(tmp_path):
    project = write_project(tmp_path / "project")
    commit(project)
    result = release(project, tmp_path / "store")
    assert result.content_digest == content_digests(built()).package
    assert verify(tmp_path / "store").valid
    names = sorted(path.name for path in (tmp_path / "store").iterdir())
    assert names == ["catalog.json", "latest", "v1.0.0", "verify.py"]


def test_the_number_of_a_project_can_be_set_and_its_csv_left_out(tmp_path):
    project = write_project(tmp_path / "project")
    result = release(project, tmp_path / "store", "3.0.0", csv=False, allow_dirty=True)
    assert result.version == "3.0.0"
    assert not (result.folder / "csv").exists()
    assert json.loads((result.folder / "datapackage.json").read_text())["version"] == "3.0.0"


def test_files_are_read_only_and_folders_open_whatever_the_umask(tmp_path):
    old = os.umask(0o077)
    try:
        release(built(), tmp_path / "store")
    finally:
        os.umask(old)
    for path in (tmp_path / "store").rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o755 if path.is_dir() else 0o444), path


def test_an_ordinary_user_can_release_again_and_again():
    release(built(), "ignored", dry_run=True)
    with ordinary_user() as home:
        for version, tonnage in (("1.0.0", "12.5"), ("1.1.0", "12.6")):
            release(built(version, tonnage), home / "store")
        assert not release(built("1.1.0", "12.6"), home / "store").is_new
        assert verify(home / "store").valid


def test_sha256sum_agrees_with_a_version(shelf):
    command = ["sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS"]
    subprocess.run(command, cwd=shelf / "v1.0.0", check=True)


def test_no_clock_host_or_path_is_in_any_byte(tmp_path):
    """The same project in two places, under other zones, locales, seeds and masks."""
    stores = []
    for number, (zone, locale, seed, mask) in enumerate(
        [("UTC", "C", "0", 0o022), ("Pacific/Chatham", "C.UTF-8", "77", 0o077)]
    ):
        home = tmp_path / ("a" * (1 + number * 20))
        commit(write_project(home / "project"))
        environment = {**os.environ, "TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": seed}
        subprocess.run(
            [sys.executable, "-m", "tests.release.driver", home / "project", home / "store"],
            env=environment,
            check=True,
            umask=mask,
        )
        stores.append(snapshot(home / "store"))
    assert stores[0] == stores[1]


# --- the same again --------------------------------------------------------------------------


def test_the_same_content_again_changes_nothing(shelf):
    before = snapshot(shelf)
    result = release(built(), shelf, "1.0.0")
    assert not result.is_new
    assert result.folder == shelf / "v1.0.0"
    assert snapshot(shelf) == before


def test_the_same_content_in_other_bytes_changes_nothing(shelf, tmp_path):
    package = copied(built(), tmp_path / "package")
    shutil.rmtree(package / "csv")
    (package / "build.json").write_text('{"raw": {}}')
    reseal(package)
    before = snapshot(shelf)
    assert not release(package, shelf).is_new
    assert snapshot(shelf) == before


def test_an_old_version_again_is_no_step_back(shelf):
    release(built("1.1.0", "12.6"), shelf)
    result = release(built(), shelf)
    assert (result.is_new, result.previous) == (False, None)
    assert _pointer(shelf) == "1.1.0"


def test_a_version_of_another_store_can_be_released(shelf, tmp_path):
    result = release(store() / "v1.1.0", shelf)
    assert result.previous == "1.0.0"
    assert verify(shelf).valid
    # Here it follows another 1.0.0, so its record is another one; the rest is the same.
    one, other = snapshot(store() / "v1.1.0"), snapshot(result.folder)
    assert {path for path in one if one[path] != other[path]} <= {"release.json", "SHA256SUMS"}


# --- refused ---------------------------------------------------------------------------------


def _refused(error, path, shelf, *arguments, match, **options):
    before = snapshot(shelf)
    with pytest.raises(error, match=match) as caught:
        release(path, shelf, *arguments, **options)
    assert snapshot(shelf) == before
    assert not (shelf / ".staging").exists()
    return caught.value


def test_other_content_under_a_used_number_is_refused_with_both_digests(shelf):
    error = _refused(
        ReleaseRefused,
        built(tonnage="12.6"),
        shelf,
        match=r"1\.0\.0 is published with other content, and versions never change",
    )
    assert content_digests(built()).package in error.message
    assert content_digests(built(tonnage="12.6")).package in error.message
    assert error.hint == "release under a higher number"


def test_a_number_below_the_newest_is_refused(shelf):
    message = r"0\.9\.0 is below the newest version, 1\.0\.0"
    _refused(ReleaseRefused, built("0.9.0", "12.6"), shelf, match=message)
    message = r"1\.0\.0-rc\.1 is below the newest version, 1\.0\.0"
    _refused(ReleaseRefused, built("1.0.0-rc.1", "12.6"), shelf, match=message)


def test_another_package_is_refused(shelf):
    message = 'the store holds the package "small", not "other"'
    _refused(ReleaseRefused, built("2.0.0", name="other"), shelf, match=message)


def test_a_number_that_is_not_the_packages_own_is_a_wrong_call(shelf):
    message = r"the package is version 1\.1\.0, not 1\.2\.0"
    _refused(WrongCall, built("1.1.0"), shelf, "1.2.0", match=message)


@pytest.mark.parametrize("number", ["1.2", "v1.2.0", "../x", "1.2.0+b"])
def test_a_malformed_number_is_a_wrong_call(shelf, number):
    _refused(WrongCall, built("1.1.0"), shelf, number, match="is not a version; write three")


def test_a_package_without_a_version_or_with_a_malformed_one_is_a_wrong_call(shelf, tmp_path):
    package = copied(built(), tmp_path / "package")
    path = package / "datapackage.json"
    descriptor = json.loads(path.read_text())
    descriptor["version"] = "one"
    path.write_text(json.dumps(descriptor))
    reseal(package)
    _refused(WrongCall, package, shelf, match='"one" is not a version')
    del descriptor["version"]
    path.write_text(json.dumps(descriptor))
    reseal(package)
    _refused(WrongCall, package, shelf, match="does not state its version")


def test_invalid_data_is_refused_with_its_report(shelf, tmp_path):
    project = write_project(tmp_path / "project", version="1.1.0", tonnage="many")
    error = _refused(InvalidData, project, shelf, match="the data is invalid")
    assert error.report.errors == 1


@pytest.mark.parametrize("name", ["SHA256SUMS", "data/estimates.parquet", "csv/sources.csv"])
def test_a_damaged_package_is_refused(shelf, tmp_path, name):
    package = copied(built("1.1.0", "12.6"), tmp_path / "package")
    (package / name).unlink()
    error = _refused(NotVerified, package, shelf, match="is not what was built or released")
    assert [each.type for each in error.report.all_issues()] == ["missing-file"]


def test_a_package_that_changes_while_it_is_copied_is_not_published(
    shelf, tmp_path, monkeypatch
):
    package = copied(built("1.1.0", "12.6"), tmp_path / "package")
    publish = import_module("rekodiq_data.staging.folder")
    real = publish.open_inside

    def changing(folder, path):
        if path == "csv/sources.csv":
            (folder / path).write_text("changed")
        return real(folder, path)

    monkeypatch.setattr(publish, "open_inside", changing)
    _refused(NotVerified, package, shelf, match="it changed while it was copied")


def test_what_the_disk_did_not_keep_is_not_published(shelf, monkeypatch):
    """A write that lies: the staged copy is read back and compared before it is published."""
    real = durable.write_file

    def lying(path, content, mode):
        real(path, content, mode)
        if path.name == "sources.csv":
            path.chmod(0o644)
            path.write_bytes(path.read_bytes()[:-1])

    monkeypatch.setattr(durable, "write_file", lying)
    message = "is not what was built or released"
    _refused(NotVerified, built("1.1.0", "12.6"), shelf, match=message)


def test_a_path_that_is_not_there_is_said(shelf, tmp_path):
    _refused(NothingFound, tmp_path / "absent", shelf, match="does not exist")


@pytest.mark.parametrize("name", ["datapackage", "schemas", "SHA256SUMS", "datapackage.json"])
def test_a_folder_that_is_something_else_is_no_store(tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(WrongCall, match=f'is not a store: it holds "{name}"'):
        release(built(), tmp_path)


def test_a_file_is_no_store(tmp_path):
    (tmp_path / "store").write_text("")
    with pytest.raises(WrongCall, match="is not a folder"):
        release(built(), tmp_path / "store")


def test_a_store_inside_the_package_is_a_wrong_call(tmp_path):
    package = copied(built(), tmp_path / "package")
    with pytest.raises(WrongCall, match="is inside the package"):
        release(package, package / "releases")
    assert verify(package).valid


# --- dry runs --------------------------------------------------------------------------------


def test_a_dry_run_writes_nothing_and_says_what_would_be(shelf):
    before = snapshot(shelf)
    result = release(built("1.1.0", "12.6"), shelf, dry_run=True)
    assert (result.version, result.previous) == ("1.1.0", "1.0.0")
    assert (result.is_new, result.dry_run) == (True, True)
    assert snapshot(shelf) == before
    assert not release(built(), shelf, dry_run=True).is_new


def test_a_dry_run_makes_no_store_and_builds_a_project_elsewhere(tmp_path):
    project = write_project(tmp_path / "project")
    commit(project)
    result = release(project, tmp_path / "store", dry_run=True)
    assert result.content_digest == content_digests(built()).package
    assert [path.name for path in tmp_path.iterdir()] == ["project"]


def test_a_dry_run_refuses_what_a_release_would(shelf):
    _refused(ReleaseRefused, built(tonnage="1"), shelf, match="other content", dry_run=True)


def test_a_real_build_can_be_released_from_where_it_was_made(tmp_path):
    commit(write_project(tmp_path / "project"))
    build(tmp_path / "project", tmp_path / "dist")
    assert release(tmp_path / "dist", tmp_path / "store").is_new
