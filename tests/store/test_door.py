"""Who names no store gets the right one, and is told where there is none."""

from __future__ import annotations

import shutil

import hatch_build
import pytest

from rekodiq_data.errors import NothingFound, NotVerified, WrongCall
from rekodiq_data.load import load
from rekodiq_data.store import door, open_release, open_store
from tests.published import copied, store, write_project


@pytest.fixture(autouse=True)
def _nowhere(tmp_path, monkeypatch):
    """A working directory outside of any project, and no settings."""
    (tmp_path / "nowhere").mkdir()
    monkeypatch.chdir(tmp_path / "nowhere")
    monkeypatch.delenv("REKODIQ_DATA_STORE", raising=False)
    monkeypatch.setattr(door, "PACKAGED", tmp_path / "installed" / "_data")


@pytest.fixture
def installed(tmp_path):
    """An installation that came with the newest version."""
    folder = tmp_path / "installed"
    for source, target in hatch_build.packaged_files(store()).items():
        path = folder / "_data" / target.removeprefix(f"{hatch_build.TARGET}/")
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, path)
        path.chmod(0o644)
    return folder / "_data"


def test_the_version_that_came_with_the_installation_is_the_last_choice(installed):
    assert load("estimates").equals(load("estimates", store=store()))
    release = open_release()
    assert (str(release.version), release.folder) == ("1.1.0", installed)
    assert release.pin == open_store(store()).release().pin
    assert release.entry == open_store(store()).release().entry
    assert open_release("1.1.0").pin == open_release(release.pin).pin == release.pin
    assert release.signer is None


def test_another_version_than_the_one_that_came_is_a_wrong_call(installed):
    with pytest.raises(WrongCall, match=r"came with version 1\.1\.0, not 1\.0\.0"):
        load("estimates", version="1.0.0")
    with pytest.raises(NotVerified, match="was asked for, and it has"):
        load("estimates", version="1.1.0@sha256:" + "0" * 64)


@pytest.mark.parametrize(
    "name", ["SHA256SUMS", "release.json", "datapackage.json", "data/estimates.parquet"]
)
@pytest.mark.parametrize("way", ["changed", "missing"])
def test_a_damaged_installation_is_noticed(installed, name, way):
    (installed / name).unlink()
    if way == "changed":
        (installed / name).write_bytes(b"damaged")
    with pytest.raises(NotVerified):
        load("estimates")


def test_a_record_of_another_list_is_noticed(installed):
    path = installed / "release.json"
    path.write_bytes(path.read_bytes().replace(b"\n}", b" \n}"))
    with pytest.raises(NotVerified, match="it is not the one that SHA256SUMS lists"):
        load("estimates")


def test_without_any_data_the_error_says_what_to_name():
    with pytest.raises(NothingFound, match="no data came with this installation") as caught:
        load("estimates")
    assert caught.value.hint == "name a store, such as path/to/releases or https://..."


def test_the_project_comes_before_the_installation(installed, tmp_path, monkeypatch):
    project = write_project(tmp_path / "project")
    monkeypatch.chdir(project / "schemas")
    with pytest.raises(NothingFound, match="there is no store at"):
        load("estimates")
    copied(store(), project / "datapackage" / "releases")
    assert load("estimates", version="1.0.0").attrs["version"] == "1.0.0"
    monkeypatch.chdir(tmp_path)
    assert open_release("1.0.0", project=project).folder.is_relative_to(project)


def test_the_environment_comes_before_the_project_where_one_stands(
    installed, tmp_path, monkeypatch
):
    monkeypatch.setenv("REKODIQ_DATA_STORE", str(store()))
    project = write_project(tmp_path / "project")
    monkeypatch.chdir(project)
    assert open_release("1.0.0").folder == store() / "v1.0.0"
    # A project that was named comes first.
    with pytest.raises(NothingFound):
        open_release("1.0.0", project=project)


def test_a_folder_that_is_no_project_has_no_store(tmp_path):
    with pytest.raises(NothingFound, match="no project is at or above"):
        open_release(project=tmp_path)
    with pytest.raises(WrongCall, match="a store and a project were named"):
        open_release(project=tmp_path, store=store())


def test_a_pin_is_looked_for_in_its_folder_alone(tmp_path):
    pin = open_store(store()).release("1.0.0").pin
    shutil.copytree(store() / "v1.0.0", tmp_path / "v1.0.0")
    release = open_release(pin, store=tmp_path)
    assert release.verified() == tmp_path / "v1.0.0"
    shutil.move(tmp_path / "v1.0.0", tmp_path / "v1.1.0")
    with pytest.raises(NotVerified, match="SHA256SUMS"):
        open_release(pin, store=tmp_path)
    other = "1.1.0@" + pin.partition("@")[2]
    with pytest.raises(NotVerified, match=r"it is of version 1\.0\.0, not 1\.1\.0"):
        open_release(other, store=tmp_path)
