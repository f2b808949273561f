"""Anyone with the repository can make a published version once more, to the byte."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from rekodiq_data import cli
from rekodiq_data.build import build
from rekodiq_data.errors import NotReadable, WrongCall
from rekodiq_data.release import release
from rekodiq_data.reproduce import reproduce
from tests.published import commit, snapshot, write_project


def _edit(project, old, new):
    """Change the project, and commit."""
    for path in project.rglob("*"):
        if path.is_file() and ".git" not in path.parts and "releases" not in path.parts:
            path.write_text(path.read_text().replace(old, new))
    words = ["-c", "user.name=ann", "-c", "user.email=ann@example.org"]
    subprocess.run(["git", "-C", project, *words, "commit", "-qam", "more"], check=True)


@pytest.fixture
def project(tmp_path):
    """A project in a folder of its repository, of which 1.0.0 and 1.1.0 are published.

    The first is released as a project, the second as a built package.
    """
    home = tmp_path / "repository"
    project = write_project(home / "inner" / "project")
    (project / "datapackage/CHANGELOG.md").write_text("# History\n\nIn words.\n")
    commit(home)
    release(project, tmp_path / "store")
    _edit(project, "12.5", "12.6")
    _edit(project, "version: 1.0.0", "version: 1.1.0")
    build(project, tmp_path / "package")
    release(tmp_path / "package", tmp_path / "store")
    _edit(project, "12.6", "99")
    return project


def test_every_byte_comes_out_again_and_the_repository_stays_as_it_is(project, tmp_path):
    before, store = snapshot(project.parent), snapshot(tmp_path / "store")
    for version in ("1.0.0", "1.1.0"):
        done = reproduce(version, tmp_path / "store", project)
        assert (done.different, done.files, done.holds) == ((), 10, True)
    assert snapshot(project.parent) == before
    assert snapshot(tmp_path / "store") == store


def test_the_command_says_so(project, tmp_path, capsys):
    words = ["reproduce", "1.1.0", "--store", str(tmp_path / "store")]
    assert cli.run([*words, "--project", str(project)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Rebuilt 1.1.0 from commit ")
    assert out.endswith(": every byte of 10 files is equal.\n")


def test_another_library_is_named_and_the_content_still_compared(
    project, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr("rekodiq_data.build.library_versions", lambda: {"pyarrow": "24.0.0"})
    shutil.rmtree(tmp_path / "store")
    _edit(project, "99", "98")
    release(project, tmp_path / "store")
    monkeypatch.undo()
    done = reproduce("1.1.0", tmp_path / "store", project)
    assert done.different == ("build.json", "release.json")
    assert done.makers["pyarrow"][0] == "24.0.0"
    assert (done.content_is_equal, done.holds) == (True, True)
    words = ["reproduce", "1.1.0", "--store", str(tmp_path / "store")]
    assert cli.run([*words, "--project", str(project)]) == 0
    out = capsys.readouterr().out
    assert "8 of 10 files equal byte for byte.\n  differs: build.json\n" in out
    assert "  made by: pyarrow 24.0.0 then, " in out
    assert "The content digests are equal" in out


def test_content_that_is_not_that_of_the_commit_is_found_out(project, tmp_path, capsys):
    """Somebody publishes other figures than the commit that they name holds."""
    forged = tmp_path / "forged"
    raw = project / "datapackage/raw/estimates.csv"
    raw.write_text(raw.read_text().replace("99", "100"))
    package = project / "datapackage/package.yaml"
    package.write_text(package.read_text().replace("1.1.0", "1.2.0"))
    build(project, forged)
    made = json.loads((forged / "build.json").read_text())
    (forged / "build.json").write_text(json.dumps({**made, "dirty": False}))
    from tests.published import reseal

    reseal(forged)
    release(forged, tmp_path / "store")
    words = ["reproduce", "1.2.0", "--store", str(tmp_path / "store")]
    assert cli.run([*words, "--project", str(project)]) == 1
    out = capsys.readouterr().out
    assert "  differs: data/estimates.parquet\n" in out
    assert "The content digests differ: this is not what was published." in out


def test_bytes_that_differ_without_a_reason_are_a_finding(project, tmp_path, capsys):
    package = tmp_path / "package"
    shutil.rmtree(tmp_path / "store")
    made = json.loads((package / "build.json").read_text())
    (package / "build.json").write_text(json.dumps(made))
    from tests.published import reseal

    reseal(package)
    release(package, tmp_path / "store")
    words = ["reproduce", "1.1.0", "--store", str(tmp_path / "store")]
    assert cli.run([*words, "--project", str(project)]) == 1
    assert "nothing explains why the bytes differ" in capsys.readouterr().out


def test_a_version_without_csv_is_built_without_it(tmp_path):
    project = commit(write_project(tmp_path / "project"))
    release(project, tmp_path / "store", csv=False)
    assert reproduce("1.0.0", tmp_path / "store", project).different == ()


def test_what_cannot_be_rebuilt_says_so(project, tmp_path):
    with pytest.raises(WrongCall, match=r"there is no version 1\.0\.1"):
        reproduce("1.0.1", tmp_path / "store", project)
    with pytest.raises(NotReadable, match="is in no git repository"):
        reproduce("1.0.0", tmp_path / "store", tmp_path)
    other = commit(write_project(tmp_path / "other", tonnage="1"))
    with pytest.raises(NotReadable, match="has no commit"):
        reproduce("1.0.0", tmp_path / "store", other)
    raw = other / "datapackage/raw/sources.csv"
    raw.write_text(raw.read_text() + "s3,\n")
    release(other, tmp_path / "dirty", allow_dirty=True)
    with pytest.raises(NotReadable, match="not built from a commit alone"):
        reproduce("1.0.0", tmp_path / "dirty", other)
