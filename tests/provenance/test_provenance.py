"""The commit of a folder is found, and its absence is no failure."""

from __future__ import annotations

import subprocess

import pytest

from rekodiq_data.provenance import source_of

NONE = {"commit": None, "dirty": None}


def _git(folder, *arguments):
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(
        ["git", "-C", folder, *identity, *arguments], check=True, capture_output=True
    )


@pytest.fixture
def repository(tmp_path):
    _git(tmp_path, "init", "-q")
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "table.csv").write_text("a\n1\n")
    (tmp_path / "other.txt").write_text("1\n")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "-q", "-m", "first")
    return tmp_path


def test_a_clean_repository_has_a_commit_and_is_not_dirty(repository):
    found = source_of(repository)
    assert len(found["commit"]) == 40
    assert found["dirty"] is False
    assert source_of(repository / "raw") == found


@pytest.mark.parametrize(
    ("path", "text"),
    [("raw/table.csv", "a\n2\n"), ("raw/new.csv", "a\n"), ("other.txt", "2\n")],
)
def test_a_changed_or_new_file_makes_it_dirty(repository, path, text):
    (repository / path).write_text(text)
    assert source_of(repository)["dirty"] is True


def test_only_the_named_paths_count(repository):
    (repository / "other.txt").write_text("2\n")
    assert source_of(repository, ("raw",))["dirty"] is False
    assert source_of(repository, ("raw", "other.txt"))["dirty"] is True


def test_no_repository_no_commit_no_folder_and_no_git_are_none(tmp_path, monkeypatch):
    assert source_of(tmp_path) == NONE
    _git(tmp_path, "init", "-q")
    assert source_of(tmp_path) == NONE
    assert source_of(tmp_path / "absent") == NONE
    monkeypatch.setenv("PATH", "")
    assert source_of(tmp_path) == NONE


def test_a_state_that_git_can_not_tell_is_none(repository):
    (repository / ".git" / "index").write_bytes(b"damaged")
    found = source_of(repository)
    assert found["commit"] is not None
    assert found["dirty"] is None


def test_another_repository_in_the_environment_is_not_asked(
    repository, tmp_path_factory, monkeypatch
):
    other = tmp_path_factory.mktemp("other")
    _git(other, "init", "-q")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    assert source_of(repository)["commit"] is not None


def test_a_program_that_the_repository_names_is_not_run(repository):
    marker = repository.parent / f"{repository.name}-marker"
    hook = repository / ".git" / "monitor"
    hook.write_text(f"#!/bin/sh\ntouch {marker}\n")
    hook.chmod(0o755)
    _git(repository, "config", "core.fsmonitor", str(hook))
    assert source_of(repository)["commit"] is not None
    assert not marker.exists()
