"""What fuzzing found stays mended, and fuzzing itself works."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.__main__ import OPTIONS
from tests.fuzz.examine import examine
from tests.fuzz.folders import DESCRIPTOR, corpus, read_folder
from tests.fuzz.shrink import smaller

FOUND = sorted((Path(__file__).parent / "found").iterdir())


@pytest.mark.parametrize("package", FOUND, ids=lambda path: path.name)
def test_what_was_found_stays_mended(package, tmp_path):
    shutil.copytree(package, tmp_path / "p")
    for options in OPTIONS:
        assert examine(tmp_path / "p", options).found == []


def test_control_characters_and_tracebacks_are_seen(tmp_path, monkeypatch):
    from rekodiq_data.cli import render

    shutil.copytree(FOUND[0], tmp_path / "p")
    monkeypatch.setattr(render, "render", lambda *_, **__: "\x1b[2J")
    assert [each.kind for each in examine(tmp_path / "p", []).found] == ["control"]
    monkeypatch.setattr(render, "render", lambda *_, **__: 1 // 0)
    [found] = examine(tmp_path / "p", []).found
    assert found.kind == "traceback"
    assert found.place.startswith("ZeroDivisionError")


def test_a_finding_shrinks_to_what_matters():
    package = {
        DESCRIPTOR: b'{"name": "p", "resources": [{"name": "t", "path": "t.csv"}]}',
        "t.csv": b"a,b\n1,2\n!,3\n",
        "u.csv": b"a\n",
    }
    found = smaller(package, lambda each: b"!" in each.get("t.csv", b""))
    assert found == {DESCRIPTOR: b"{}", "t.csv": b"!"}


def test_there_is_much_to_start_from():
    packages = corpus(generated=2)
    assert len(packages) > 400
    assert packages["packages/valid"] == read_folder(FOUND[0].parents[2] / "packages/valid")


@pytest.mark.slow
def test_a_minute_of_fuzzing_finds_nothing(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "--minutes", "1", "--keep", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=FOUND[0].parents[3],
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "exit codes: " in done.stdout
