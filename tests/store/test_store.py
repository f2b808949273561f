"""A store names its versions, and gives bytes only after they were found right."""

from __future__ import annotations

import pytest

from rekodiq_data.catalog import Catalog
from rekodiq_data.errors import NothingFound, NotVerified, WrongCall
from rekodiq_data.store import open_store
from tests.published import copied, store


@pytest.fixture
def shelf(tmp_path):
    return copied(store(), tmp_path / "store")


def _kinds(caught):
    return [each.type for each in caught.value.report.all_issues()]


def test_versions_stand_the_newest_first(shelf):
    opened = open_store(str(shelf))
    assert [str(each.version) for each in opened.versions] == ["2.0.0-rc.1", "1.1.0", "1.0.0"]
    assert opened.catalog["newest"] == "1.1.0"
    assert opened.catalog["versions"][0]["version"] == "2.0.0-rc.1"


def test_a_name_becomes_a_verified_folder(shelf):
    opened = open_store(shelf)
    assert opened.resolve() == shelf / "v1.1.0"
    assert opened.resolve("2.0.0-rc.1") == shelf / "v2.0.0-rc.1"
    assert opened.resolve(opened.versions[2].version) == shelf / "v1.0.0"


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("1.2.0", 'there is no version 1.2.0. Did you mean "1.1.0"?'),
        (
            "v1.1.0",
            '"v1.1.0" is not a version; write three numbers, such as 1.2.0 or 1.2.0-rc.1',
        ),
        ("../v1.1.0", '"../v1.1.0" is not a version; write three numbers'),
    ],
)
def test_a_version_that_is_not_there_is_a_wrong_call(shelf, version, message):
    with pytest.raises(WrongCall) as caught:
        open_store(shelf).resolve(version)
    assert caught.value.message.startswith(message)


def test_the_hint_lists_the_versions(shelf):
    with pytest.raises(WrongCall) as caught:
        open_store(shelf).resolve("9.0.0")
    assert caught.value.hint == "versions are 2.0.0-rc.1, 1.1.0, 1.0.0"


def test_an_empty_store_has_no_newest_version(tmp_path):
    (tmp_path / "catalog.json").write_bytes(Catalog("").to_bytes())
    with pytest.raises(WrongCall, match="no version is published in"):
        open_store(tmp_path).resolve()


def test_a_folder_that_is_no_store_is_said(tmp_path):
    with pytest.raises(NothingFound, match="there is no store at"):
        open_store(tmp_path / "absent")
    with pytest.raises(NothingFound, match=r"it has no catalog\.json"):
        open_store(tmp_path)


def test_a_damaged_catalog_is_not_taken(shelf):
    (shelf / "catalog.json").write_text("{}")
    with pytest.raises(NotVerified, match="it lacks 'versions'") as caught:
        open_store(shelf)
    assert _kinds(caught) == ["not-canonical"]


# --- a version that is not what the catalog names --------------------------------------------


def _release(shelf):
    return open_store(shelf).release("1.0.0")


def test_damage_is_noticed_before_a_folder_is_given(shelf):
    (shelf / "v1.0.0" / "csv" / "estimates.csv").write_text("")
    with pytest.raises(NotVerified) as caught:
        open_store(shelf).resolve("1.0.0")
    assert _kinds(caught) == ["changed-file"]
    assert open_store(shelf).resolve("1.1.0")


def test_a_list_that_the_catalog_does_not_name_is_refused(shelf):
    path = shelf / "v1.0.0" / "SHA256SUMS"
    path.write_bytes((shelf / "v1.1.0" / "SHA256SUMS").read_bytes())
    with pytest.raises(
        NotVerified, match=r"the catalog names sha256 [0-9a-f]{64}, found"
    ) as caught:
        _release(shelf).verified()
    assert _kinds(caught) == ["changed-file"]


def test_a_list_that_is_missing_is_named(shelf):
    (shelf / "v1.0.0" / "SHA256SUMS").unlink()
    with pytest.raises(NotVerified) as caught:
        _release(shelf).verified()
    assert _kinds(caught) == ["missing-file"]


def test_a_list_in_another_form_is_refused_even_where_the_catalog_names_it(shelf):
    import hashlib

    path = shelf / "v1.0.0" / "SHA256SUMS"
    old = hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_bytes(path.read_bytes()[:-1])
    new = hashlib.sha256(path.read_bytes()).hexdigest()
    catalog = shelf / "catalog.json"
    catalog.write_text(catalog.read_text().replace(old, new))
    with pytest.raises(NotVerified, match="line 10: the last line has no line end") as caught:
        _release(shelf).sums()
    assert _kinds(caught) == ["not-canonical"]


def test_single_files_are_read_and_compared(shelf):
    release = _release(shelf)
    sums = release.sums()
    path = "csv/sources.csv"
    good = (shelf / "v1.0.0" / path).read_bytes()
    assert release.read(path, sums, len(good)) == good
    cases = {
        "changed-file": lambda file: file.write_bytes(good.replace(b"s1", b"s3")),
        "missing-file": lambda file: file.unlink(),
        "unreadable-file": lambda file: file.symlink_to("estimates.csv"),
    }
    for kind, damage in cases.items():
        damage(shelf / "v1.0.0" / path)
        with pytest.raises(NotVerified) as caught:
            release.read(path, sums, len(good))
        assert _kinds(caught) == [kind]


def test_a_file_that_is_not_listed_or_too_large_is_not_read(shelf):
    release = _release(shelf)
    with pytest.raises(NotVerified, match="it is not listed in SHA256SUMS"):
        release.read("more", release.sums(), 10)
    with pytest.raises(NotVerified, match="it is larger than 10 bytes"):
        release.read("csv/sources.csv", release.sums(), 10)
