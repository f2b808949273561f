"""The next release completes what a killed one left, and refuses a store that is damaged."""

from __future__ import annotations

import json
import shutil

import pytest

from rekodiq_data.catalog import Catalog
from rekodiq_data.errors import NotVerified, ReleaseRefused
from rekodiq_data.release import release
from rekodiq_data.verify import verify
from tests.published import built, copied, reseal, snapshot, store

NEXT = ("2.0.0", "12.8")


@pytest.fixture
def shelf(tmp_path):
    return copied(store(), tmp_path / "store")


@pytest.fixture
def expected(tmp_path):
    """The store as it is after an undisturbed release of 2.0.0."""
    copied(store(), tmp_path / "expected")
    release(built(*NEXT), tmp_path / "expected")
    return snapshot(tmp_path / "expected")


def _unlist(shelf, count):
    """The store as it was before its newest versions were listed."""
    path = shelf / "catalog.json"
    catalog = Catalog.parse(path.read_bytes())
    older = Catalog(catalog.name, catalog.entries[count:])
    path.write_bytes(older.to_bytes())
    if older.newest:
        (shelf / "latest").write_bytes(older.newest.pointer())


def test_staging_and_half_written_files_are_cleared(shelf, expected):
    (shelf / ".staging" / "v2.0.0" / "data").mkdir(parents=True)
    (shelf / ".staging" / "v2.0.0" / "data" / ".estimates.parquet.part").write_bytes(b"PAR1")
    (shelf / ".catalog.json.part").write_text("{")
    (shelf / ".latest.part").write_text("")
    release(built(*NEXT), shelf)
    assert snapshot(shelf) == expected


def test_a_version_that_waits_is_listed_first(shelf, expected):
    _unlist(shelf, 1)
    release(built(*NEXT), shelf)
    assert snapshot(shelf) == expected


def test_a_pointer_that_was_not_moved_is_moved(shelf):
    catalog = Catalog.parse((shelf / "catalog.json").read_bytes())
    (shelf / "latest").write_bytes(catalog.entries[2].pointer())
    assert not release(built("1.0.0"), shelf).is_new
    assert snapshot(shelf) == snapshot(store())


def test_a_missing_pointer_and_a_missing_catalog_are_made_from_the_folders(shelf, expected):
    (shelf / "latest").unlink()
    (shelf / "catalog.json").unlink()
    release(built(*NEXT), shelf)
    assert snapshot(shelf) == expected


def test_a_release_of_the_version_that_waits_is_complete_and_not_new(shelf):
    _unlist(shelf, 1)
    assert not release(built("2.0.0-rc.1", "12.7"), shelf).is_new
    assert snapshot(shelf) == snapshot(store())


def test_a_dry_run_sees_the_version_that_waits_and_leaves_it_waiting(shelf):
    _unlist(shelf, 1)
    before = snapshot(shelf)
    assert release(built(*NEXT), shelf, dry_run=True).previous == "2.0.0-rc.1"
    assert snapshot(shelf) == before


# --- damage is not repaired, and nothing is built on it --------------------------------------


def _refused(shelf, match, error=ReleaseRefused):
    before = snapshot(shelf)
    with pytest.raises(error, match=match):
        release(built(*NEXT), shelf)
    assert snapshot(shelf) == before
    assert not verify(shelf).valid


def test_a_version_that_waits_and_is_damaged_is_not_listed(shelf):
    _unlist(shelf, 1)
    (shelf / "v2.0.0-rc.1" / "build.json").write_text("{}")
    _refused(shelf, "is not what was built or released", NotVerified)


def test_a_listed_version_that_is_missing_stops_a_release(shelf):
    shutil.rmtree(shelf / "v1.0.0")
    _refused(shelf, r"the store is damaged: 1\.0\.0 is listed and can't be read")


def test_a_listed_version_that_was_changed_stops_a_release(shelf):
    (shelf / "v1.0.0" / "build.json").unlink()
    reseal(shelf / "v1.0.0")
    _refused(shelf, r"the store is damaged: 1\.0\.0 was changed since it was published")


@pytest.mark.parametrize("text", ["{", "[]", '{"name": "small"}'])
def test_a_damaged_catalog_stops_a_release(shelf, text):
    (shelf / "catalog.json").write_text(text)
    _refused(shelf, r"its catalog\.json is damaged")


def test_a_catalog_with_more_than_we_write_stops_a_release(shelf):
    path = shelf / "catalog.json"
    catalog = json.loads(path.read_text())
    catalog["versions"][0]["more"] = 1
    path.write_text(json.dumps(catalog, indent=2) + "\n")
    _refused(shelf, r"its catalog\.json is not in the form in which it is written")


def test_a_folder_of_another_version_is_not_listed(shelf):
    shutil.copytree(shelf / "v1.1.0", shelf / "v3.0.0")
    _refused(shelf, r"the folder v3\.0\.0 does not hold version 3\.0\.0")


def test_a_package_that_was_never_released_is_not_listed(shelf):
    copied(built("3.0.0", "12.9"), shelf / "v3.0.0")
    _refused(shelf, r"the folder v3\.0\.0 does not hold version 3\.0\.0")


def test_a_version_of_another_history_is_not_listed(shelf, tmp_path):
    release(built("3.0.0", "12.9"), tmp_path / "other")
    shutil.copytree(tmp_path / "other" / "v3.0.0", shelf / "v3.0.0")
    _refused(shelf, r"the folder v3\.0\.0 does not follow the newest version here")


def test_an_old_version_that_is_not_listed_is_not_put_between(shelf):
    path = shelf / "catalog.json"
    catalog = Catalog.parse(path.read_bytes())
    path.write_bytes(Catalog(catalog.name, catalog.entries[:2]).to_bytes())
    _refused(shelf, r"the folder v1\.0\.0 does not follow the newest version here")
