"""Commands inside a project know its own store; nobody has to name it."""

from __future__ import annotations

import pytest

from rekodiq_data import cli
from tests.published import commit, write_project


@pytest.fixture
def run(capsys):
    def call(*words: str):
        code = cli.run(["--color", "never", *words])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project; we stand in a folder of it."""
    monkeypatch.delenv("REKODIQ_DATA_STORE", raising=False)
    folder = commit(write_project(tmp_path / "project"))
    monkeypatch.chdir(folder / "datapackage")
    return folder


def test_the_whole_way_without_naming_a_store(run, project):
    assert run("release")[0] == 0
    assert (project / "datapackage/releases/v1.0.0/release.json").is_file()
    assert run("verify")[0] == 0
    assert run("versions")[1].startswith("1.0.0  sha256:")
    assert run("diff", "1.0.0", ".", "--exit-code")[0] == 0
    assert run("diff", "newest", "1.0.0", "--exit-code")[0] == 0
    assert "12.5" in run("history", "estimates", "a-1")[1]
    assert run("reproduce", "1.0.0")[0] == 0
    assert run("withdraw", "1.0.0", "--reason", "a slip")[0] == 0
    assert "a slip" in run("versions")[1]


def test_a_project_elsewhere_has_its_own_store(run, project, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("release", "project")[0] == 0
    assert (project / "datapackage/releases/catalog.json").is_file()
    assert run("changelog", "project")[0] == 0


@pytest.mark.parametrize(
    "words",
    [
        ("verify",),
        ("versions",),
        ("changelog",),
        ("release",),
        ("history", "estimates", "a-1"),
        ("reproduce", "1.0.0"),
        ("withdraw", "1.0.0", "--reason", "a slip"),
    ],
)
def test_outside_of_any_project_a_store_has_to_be_named(run, tmp_path, monkeypatch, words):
    monkeypatch.delenv("REKODIQ_DATA_STORE", raising=False)
    monkeypatch.chdir(tmp_path)
    code, _, err = run(*words)
    assert code == 2
    assert f'no project is at or above "{tmp_path}": name a store with --store' in err
