"""A version that proves wrong is marked, and never deleted."""

from __future__ import annotations

import json
import time

import pytest

import rekodiq_data
from rekodiq_data import cli
from rekodiq_data.errors import NothingFound, WrongCall
from rekodiq_data.faces.citation import cite
from rekodiq_data.release import release
from rekodiq_data.release.withdrawal import withdraw
from rekodiq_data.store import fetch, open_release
from rekodiq_data.verify import verify
from tests.published import built, snapshot
from tests.store.servers import serving

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


def test_a_version_that_is_in_the_cache_is_told_to_be_withdrawn_since(shelf, tmp_path):
    """Its files need no network; that it was withdrawn is asked for where there is one."""
    with serving(shelf) as stage:
        place = {"store": stage.url, "cache": tmp_path / "cache"}
        pin = open_release("1.0.0", **place).pin
        for version in ("1.0.0", pin):
            assert (
                "withdrawn" not in rekodiq_data.load("sources", version=version, **place).attrs
            )
        withdraw("1.0.0", shelf, REASON)
        for version in ("1.0.0", pin):
            with pytest.warns(UserWarning, match="is withdrawn"):
                frame = rekodiq_data.load("sources", version=version, **place)
            assert frame.attrs["withdrawn"] == REASON
        fetched = fetch("1.0.0", output=tmp_path / "out", **place)
        assert fetched.withdrawn == REASON
        assert f"Withdrawn: {REASON}." in cite(version="1.0.0", **place)
        assert open_release("1.1.0", **place).withdrawn is None
    # Nobody answers any more, and it is known still.
    with pytest.warns(UserWarning, match="is withdrawn"):
        rekodiq_data.load("sources", version="1.0.0", **place)


def test_a_store_that_lies_about_a_version_that_is_here_does_not_hold_it_up(shelf, tmp_path):
    with serving(shelf) as stage:
        place = {"store": stage.url, "cache": tmp_path / "cache"}
        rekodiq_data.load("sources", version="1.0.0", **place)
        (shelf / "catalog.json").write_text("[]")
        assert len(rekodiq_data.load("sources", version="1.0.0", **place)) == 2
        stage.acts["catalog.json"] = lambda *_: time.sleep(4)
        began = time.monotonic()
        assert len(rekodiq_data.load("sources", version="1.0.0", **place)) == 2
        assert time.monotonic() - began < 30


def test_a_version_of_a_folder_that_is_named_by_its_digest_is_told_to_be_withdrawn(shelf):
    pin = open_release("1.0.0", store=shelf).pin
    withdraw("1.0.0", shelf, REASON)
    with pytest.warns(UserWarning, match="is withdrawn"):
        rekodiq_data.load("sources", version=pin, store=shelf)
    assert cite(form="csl", version=pin, store=shelf).count(REASON) == 1
    assert cite(form="bibtex", version=pin, store=shelf).count("Withdrawn: grades") == 1
    (shelf / "catalog.json").unlink()
    assert open_release(pin, store=shelf).withdrawn is None


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
