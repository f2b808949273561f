"""`fetch`, `cite` and `versions` at the edge: what is printed, and the exit codes."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import pytest

from rekodiq_data.cli import run
from rekodiq_data.cli.render.bar import shown_progress, sized
from rekodiq_data.signing import sign
from rekodiq_data.store import Fetched, open_store
from tests.published import copied, snapshot, store, write_project
from tests.signing import keygen
from tests.store.servers import serving


@pytest.fixture(autouse=True)
def _quiet(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REKODIQ_DATA_STORE", raising=False)
    monkeypatch.setenv("REKODIQ_DATA_CACHE", str(tmp_path / "cache"))


def test_a_fetch_says_what_came_and_how_to_prove_it(tmp_path, capsys):
    with serving(store()) as stage:
        assert run(["fetch", "1.0.0", "--store", stage.url, "--output", "out"]) == 0
    release = open_store(store()).release("1.0.0")
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        f"Fetched 1.0.0: {release.entry.files} files, {sized(release.entry.size)} in out",
        "Unsigned",
        f"Cite {release.pin}",
        "Next: rekodiq-data verify out",
    ]
    assert err == ""
    assert snapshot(tmp_path / "out") == snapshot(store() / "v1.0.0")
    assert (tmp_path / "cache" / "objects").is_dir()
    assert run(["verify", "out"]) == 0


def test_a_part_of_a_version_is_proved_by_its_list(capsys):
    words = ["fetch", "--store", str(store()), "--output", "out", "--table", "sources"]
    assert run(words) == 0
    out = capsys.readouterr().out
    assert " of sources in out\n" in out
    assert "Next: (cd out && sha256sum --strict --ignore-missing -c SHA256SUMS)" in out


def test_a_signer_is_named():
    from rekodiq_data.cli.render import summary

    fetched = Fetched("1.0.0", "1.0.0@sha256:0", store(), 2, 900, (), "maintainer", True, None)
    text = summary.fetched(fetched)
    assert "2 files, 900 B in" in text
    assert "\nSigned by maintainer\n" in text
    unasked = summary.fetched(replace(fetched, signer=None, withdrawn="use 1.1.0"))
    assert "\nWithdrawn: use 1.1.0\nSigned, and not checked by whom: --signers" in unasked
    assert "\nUnsigned\n" in summary.fetched(replace(fetched, signer=None, is_signed=False))


def test_the_environment_names_a_store(monkeypatch, capsys):
    monkeypatch.setenv("REKODIQ_DATA_STORE", str(store()))
    assert run(["cite", "sources", "--version", "1.0.0"]) == 0
    assert "A small package: Sources, version 1.0.0" in capsys.readouterr().out
    assert run(["versions"]) == 0
    assert capsys.readouterr().out.startswith("2.0.0-rc.1  sha256:")


def test_the_store_of_the_project_is_listed_where_none_is_named(tmp_path, monkeypatch, capsys):
    project = write_project(tmp_path / "project")
    copied(store(), project / "datapackage" / "releases")
    monkeypatch.chdir(project / "schemas")
    assert run(["versions"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
    assert run(["history", "estimates", "a-1"]) == 0
    assert "1.1.0  changed" in capsys.readouterr().out


def test_versions_of_an_address_are_listed(tmp_path, capsys):
    with serving(store()) as stage:
        assert run(["versions", "--store", stage.url, "--cache", str(tmp_path / "own")]) == 0
        assert len(capsys.readouterr().out.splitlines()) == 3
        words = ["history", "estimates", "a-1", "--store", stage.url, "--format", "json"]
        assert run(words) == 0
        told = json.loads(capsys.readouterr().out)["versions"]
        assert [each["event"] for each in told] == ["added", "changed", "changed"]
        assert run(["diff", "1.0.0", "newest", "--store", stage.url]) == 0
        assert "tonnage_mt: 12.5 -> 12.6" in capsys.readouterr().out
        # Whoever writes, or builds, needs a folder.
        for command in ("reproduce", "withdraw"):
            assert run([command, "1.0.0", "--store", stage.url]) == 2
            assert "is an address; this takes a folder" in capsys.readouterr().err


def test_each_way_of_failing_has_its_exit_code(tmp_path, capsys):
    fetch = ["fetch", "--output", "out", "--store"]
    assert run([*fetch, "http://example.org/"]) == 2
    assert run([*fetch, "http://127.0.0.1:9/"]) == 3
    assert "can't be read: ConnectionRefusedError" in capsys.readouterr().err
    shelf = copied(store(), tmp_path / "store")
    (shelf / "v1.1.0" / "build.json").write_text("{}")
    with serving(shelf) as stage:
        assert run([*fetch, stage.url]) == 1
    assert "can't be used: it must have" in capsys.readouterr().err


def test_an_older_store_is_taken_when_it_is_allowed(tmp_path, capsys):
    import json

    shelf = copied(store(), tmp_path / "store")
    catalog = json.loads((shelf / "catalog.json").read_text())
    with serving(shelf) as stage:
        assert run(["cite", "--store", stage.url]) == 0
        catalog["versions"] = catalog["versions"][2:]
        (shelf / "catalog.json").write_text(json.dumps(catalog))
        words = ["fetch", "1.0.0", "--store", stage.url, "--output", "out"]
        (memory,) = (tmp_path / "cache").rglob("memory.json")
        kept = json.loads(memory.read_text())
        del kept["versions"]["1.0.0"]
        memory.write_text(json.dumps(kept))
        assert run(words) == 1
        assert run([*words, "--allow-older"]) == 0


def test_progress_is_shown_on_terminals_and_wiped(monkeypatch, capsys):
    with shown_progress() as progress:
        progress(1, 2, "bytes")
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with shown_progress() as progress:
        progress(500, 2_000_000, "bytes")
        progress(500, 2_000_000, "bytes")
        progress(1000, None, "bytes")
    shown = "500 B of 2.0 MB"
    assert capsys.readouterr().err == f"\r{shown}\r{'1.0 kB':<{len(shown)}}\r{'':<6}\r"


# --- signers ---------------------------------------------------------------------------------


@pytest.fixture
def signed(tmp_path):
    """A store whose 1.1.0 is signed, and a file of whom to trust."""
    shelf = copied(store(), tmp_path / "store")
    sums = (shelf / "v1.1.0" / "SHA256SUMS").read_bytes()
    (shelf / "v1.1.0" / "SHA256SUMS.sig").write_bytes(sign(keygen.key(), sums))
    line = f'maintainer namespaces="rekodiq-data" {keygen.public(keygen.key())}'
    return shelf, str(keygen.signers_file(tmp_path, line))


def test_who_signed_is_checked_and_said(signed, capsys):
    shelf, signers = signed
    with serving(shelf) as stage:
        words = ["--store", stage.url, "--signers", signers]
        assert run(["fetch", *words, "--output", "out"]) == 0
        assert "\nSigned by maintainer" in capsys.readouterr().out
        assert run(["cite", *words]) == 0
        assert run(["fetch", "1.0.0", *words, "--output", "more"]) == 1
        assert "this version is unsigned" in capsys.readouterr().err


def test_a_revoked_key_is_not_trusted(signed, tmp_path):
    shelf, signers = signed
    revoked = tmp_path / "revoked"
    revoked.write_text(keygen.public(keygen.key()) + "\n")
    words = ["fetch", "--store", str(shelf), "--output", "out", "--signers", signers]
    assert run([*words, "--revoked", str(revoked)]) != 0
    assert not (tmp_path / "out").exists()
    assert run([*words[:-2], "--revoked", str(revoked)]) == 2
