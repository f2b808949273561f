"""A version that proves wrong is marked, and never deleted."""

from __future__ import annotations

import json

import pytest

import rekodiq_data
from rekodiq_data import cli
from rekodiq_data.errors import NothingFound, WrongCall
from rekodiq_data.release import release
from rekodiq_data.release.withdrawal import withdraw
from rekodiq_data.verify import verify
from tests.published import built, snapshot

REASON = "grades of 2010 are wrong: use 1.1.0"


@pytest.fixture
def shelf(tmp_path):
    for version, tonnage in (("1.0.0", "12.5"), ("1.1.0", "12.6")):
        release(built(version, tonnage), tmp_path / "store")
    return tmp_path / "store"


def test_only_the_catalog_changes_and_the_store_still_verifies(shelf, capsys):
    before = snapshot(shelf)
    words = ["withdraw", "1.0.0", "--store", str(shelf), "--reason", REASON]
    assert cli.run(words) == 0
    assert capsys.readouterr().out.startswith("Withdrew 1.0.0. Its files are untouched")
    after = snapshot(shelf)
    assert {path for path in before if before[path] != after[path]} == {"catalog.json"}
    versions = json.loads(after["catalog.json"])["versions"]
    assert [each.get("withdrawn") for each in versions] == [None, {"reason": REASON}]
    assert verify(shelf).all_issues() == ()


def test_the_listing_and_load_say_so(shelf, capsys):
    withdraw("1.0.0", shelf, REASON)
    assert cli.run(["versions", "--store", str(shelf)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line[:7].strip() for line in lines] == ["1.1.0", "1.0.0", "wit"]
    assert lines[2] == f"    withdrawn: {REASON}"
    with pytest.warns(UserWarning, match=rf"version 1\.0\.0 is withdrawn: {REASON}"):
        frame = rekodiq_data.load("sources", store=shelf, version="1.0.0")
    assert frame.attrs["withdrawn"] == REASON
    assert "withdrawn" not in rekodiq_data.load("sources", store=shelf).attrs


def test_a_later_release_keeps_the_mark_and_a_new_reason_replaces_it(shelf, capsys):
    withdraw("1.1.0", shelf, "first")
    words = ["withdraw", "1.1.0", "--store", str(shelf), "--reason", REASON]
    assert cli.run(words) == 0
    assert "still the newest" in capsys.readouterr().out
    release(built("1.2.0", "12.7"), shelf)
    versions = json.loads((shelf / "catalog.json").read_text())["versions"]
    assert [each.get("withdrawn") for each in versions] == [None, {"reason": REASON}, None]
    assert verify(shelf).all_issues() == ()


def test_what_cannot_be_withdrawn_says_so(shelf, tmp_path):
    before = snapshot(shelf)
    with pytest.raises(WrongCall, match=r"there is no version 1\.0\.1. Did you mean"):
        withdraw("1.0.1", shelf, REASON)
    for reason in ("", " ", "two\nlines", "x" * 1001):
        with pytest.raises(WrongCall, match="a reason is one line"):
            withdraw("1.0.0", shelf, reason)
    with pytest.raises(NothingFound, match="there is no store"):
        withdraw("1.0.0", tmp_path / "absent", REASON)
    assert snapshot(shelf) == before


def test_the_programme_beside_the_data_tells_it_too(shelf):
    import subprocess
    import sys

    withdraw("1.0.0", shelf, REASON)
    command = [sys.executable, shelf / "verify.py", shelf]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert f"note: 1.0.0 is withdrawn: {REASON}" in done.stdout
