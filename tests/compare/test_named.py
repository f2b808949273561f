"""Names that people type: folders, projects, stores, versions and revisions."""

from __future__ import annotations

import inspect
import json
import shutil
import subprocess
import sys

import pytest

import rekodiq_data
from rekodiq_data.cli import run
from rekodiq_data.compare import local_package, project_at
from rekodiq_data.descriptor import open_package
from rekodiq_data.errors import NothingFound, NotReadable, NotVerified, WrongCall
from rekodiq_data.release import release
from rekodiq_data.repository import export

from ..published import built, copied, snapshot, write_project
from ..store.servers import serving


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A store of two versions."""
    folder = tmp_path_factory.mktemp("named") / "store"
    release(built(), folder)
    release(built(version="1.1.0", tonnage="13"), folder)
    return folder


@pytest.fixture
def scratch(tmp_path):
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


@pytest.fixture
def project(tmp_path):
    """A project in a git repository, as it was and as it is."""
    repository = tmp_path / "repository"
    repository.mkdir()
    folder = write_project(repository / "project", tonnage="12.5")
    (folder / "datapackage" / "releases").mkdir()
    (folder / "datapackage" / "releases" / "old.txt").write_text("published")
    git(repository, "init", "-q")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "One")
    git(repository, "tag", "one")
    raw = folder / "datapackage/raw/estimates.csv"
    raw.write_text(raw.read_text().replace("12.5", "14"))
    git(repository, "commit", "-q", "-a", "-m", "Two")
    return folder


def git(folder, *words):
    subprocess.run(
        ["git", "-C", folder, "-c", "user.name=T", "-c", "user.email=t@example.org", *words],
        check=True,
        capture_output=True,
    )


def test_a_built_package_is_verified(scratch, tmp_path):
    assert local_package(str(built()), scratch) == built()
    damaged = copied(built(), tmp_path / "damaged")
    (damaged / "data" / "estimates.parquet").write_bytes(b"")
    with pytest.raises(NotVerified):
        local_package(str(damaged), scratch)


def test_a_package_of_other_people_is_taken_as_it_is(scratch):
    folder = built() / "csv"
    assert local_package(str(folder), scratch) == folder
    assert local_package(str(folder / "datapackage.json"), scratch).name == "datapackage.json"


def test_a_project_is_built(scratch, tmp_path):
    project = write_project(tmp_path / "project")
    package = open_package(local_package(str(project), scratch))
    assert (package.base.parent, package.version) == (scratch, "1.0.0")


@pytest.mark.parametrize(
    ("name", "beside", "version"),
    [
        ("{store}", False, "1.1.0"),
        ("{store}@1.0.0", False, "1.0.0"),
        ("{store}@newest", False, "1.1.0"),
        ("1.0.0", True, "1.0.0"),
        ("newest", True, "1.1.0"),
    ],
)
def test_versions_of_a_store(store, scratch, name, beside, version):
    folder = local_package(name.format(store=store), scratch, store=store if beside else None)
    assert folder == store / f"v{version}"


def test_a_path_comes_before_a_version(store, scratch, tmp_path, monkeypatch):
    shutil.copytree(built(), tmp_path / "1.0.0")
    monkeypatch.chdir(tmp_path)
    assert str(local_package("1.0.0", scratch, store=store)) == "1.0.0"


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("nowhere", NothingFound, "name a folder, STORE@1.2.0 or git:REVISION"),
        ("1.0.0", NothingFound, "say which store it is in: --store FOLDER or ADDRESS"),
        ("newest", NothingFound, "say which store it is in"),
        ("nowhere@1.0.0", NothingFound, "name a folder"),
        ("http://example.org/store", WrongCall, "use https://"),
        ("{store}@9.0.0", WrongCall, "versions are 1.1.0, 1.0.0"),
        ("{store}@x", WrongCall, None),
    ],
)
def test_a_name_that_means_nothing_is_said_to(store, scratch, name, error, words):
    with pytest.raises(error) as caught:
        local_package(name.format(store=store), scratch)
    assert caught.value.hint == words or words in caught.value.hint


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("{url}", "1.1.0"),
        ("{url}@newest", "1.1.0"),
        ("{url}@1.0.0", "1.0.0"),
        ("{pin}", "1.0.0"),
    ],
)
def test_versions_of_a_store_at_an_address(
    store, scratch, tmp_path, monkeypatch, name, version
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    pin = rekodiq_data.open_store(store).release("1.0.0").pin
    with serving(store) as stage:
        shown = name.format(url=stage.url, pin=f"{stage.url}@{pin}")
        folder = local_package(shown, scratch)
    assert snapshot(folder) == snapshot(store / f"v{version}")


@pytest.mark.parametrize("revision", ["HEAD~1", "one"])
def test_a_revision_of_the_project_is_written_out_and_built(project, scratch, revision):
    folder = local_package(f"git:{revision}", scratch, project=project)
    changes = rekodiq_data.diff(built(tonnage="12.5"), folder)
    assert changes.is_empty
    assert not (scratch / "revision/datapackage/releases").exists()


def test_the_command_compares_a_revision_with_the_project(project, monkeypatch, capsys):
    monkeypatch.chdir(project / "schemas")
    # A hook of git calls programs with such variables, which name another repository.
    monkeypatch.setenv("GIT_DIR", str(project / "nowhere"))
    assert run(["diff", "git:one", "..", "--format", "json", "--exit-code"]) == 1
    (changed,) = json.loads(capsys.readouterr().out)["tables"][0]["changed"]
    assert changed["cells"] == [{"field": "tonnage_mt", "old": "12.5", "new": "14"}]
    assert run(["diff", "git:HEAD", "..", "--exit-code"]) == 0


@pytest.mark.parametrize("revision", ["nothing", "", "--output=x", "HEAD:schemas"])
def test_what_is_no_revision_is_a_wrong_call(project, scratch, revision):
    with pytest.raises(WrongCall, match="is no revision of the repository"):
        local_package(f"git:{revision}", scratch, project=project)


def test_a_revision_without_the_project_is_a_wrong_call(project, scratch, tmp_path):
    moved = project.parent / "moved"
    shutil.copytree(project, moved)
    with pytest.raises(WrongCall, match="revision one holds none of datapackage, schemas"):
        export(moved, "one", ["datapackage", "schemas"], scratch)


def test_links_of_a_revision_are_not_followed(project, scratch):
    secret = project.parent / "secret"
    secret.write_text("secret")
    (project / "schemas" / "link.yaml").symlink_to(secret)
    git(project, "add", ".")
    git(project, "commit", "-q", "-m", "Link")
    export(project, "HEAD", ["schemas"], scratch)
    written = scratch / "schemas" / "link.yaml"
    assert not written.is_symlink()
    assert written.read_text() == str(secret)


def test_without_a_repository_there_are_no_revisions(scratch, tmp_path):
    project = write_project(tmp_path / "project")
    with pytest.raises(NotReadable, match="is in no git repository"):
        local_package("git:HEAD", scratch, project=project)


def test_without_git_there_are_no_revisions(project, scratch, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotReadable, match="is in no git repository that can be read"):
        local_package("git:HEAD", scratch, project=project)


def test_the_project_is_the_nearest_one_at_or_above(project, tmp_path, monkeypatch):
    assert project_at(project / "datapackage" / "raw") == project
    monkeypatch.chdir(project / "schemas")
    assert project_at() == project.resolve()
    with pytest.raises(NothingFound, match="no project is at or above"):
        project_at(tmp_path)


def test_the_command_writes_files_and_pages(store, tmp_path, capsys):
    target = tmp_path / "changes.html"
    words = [
        "diff",
        "1.0.0",
        "newest",
        "--store",
        store,
        "--format",
        "html",
        "--output",
        target,
    ]
    assert run(list(map(str, words))) == 0
    assert capsys.readouterr().out == ""
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_json_depends_on_the_packages_alone(store, tmp_path, capsys, monkeypatch):
    words = ["diff", f"{store}@1.0.0", f"{store}@1.1.0", "--format", "json"]
    assert run(words) == 0
    first = capsys.readouterr().out
    other = tmp_path / "moved"
    shutil.copytree(store, other)
    monkeypatch.chdir(other)
    assert run(["diff", "v1.0.0", "v1.1.0", "--format", "json"]) == 0
    assert capsys.readouterr().out == first


@pytest.mark.parametrize("name", ["build", "diff", "history", "load", "release", "verify"])
def test_rooms_called_like_their_function_are_called_like_it_in_any_order(name):
    words = (
        "import inspect, sys, rekodiq_data\n"
        "first = sys.argv[2:] and __import__('rekodiq_data.' + sys.argv[1])\n"
        "room = getattr(rekodiq_data, sys.argv[1])\n"
        "assert room is sys.modules['rekodiq_data.' + sys.argv[1]]\n"
        "function = getattr(room, sys.argv[1])\n"
        "assert inspect.signature(room) == inspect.signature(function)\n"
        "try:\n    room(nothing=1)\nexcept TypeError as error:\n"
        "    assert sys.argv[1] + '()' in str(error)\n"
        "else:\n    raise SystemExit(1)\n"
    )
    for order in ([], ["room first"]):
        command = [sys.executable, "-c", words, name, *order]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
    assert callable(getattr(rekodiq_data, name))
    assert rekodiq_data.diff(built(), str(built())).is_empty
    assert inspect.signature(rekodiq_data.diff) == inspect.signature(rekodiq_data.diff.diff)
