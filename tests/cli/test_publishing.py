"""Build, release, verify and list, as typed on a command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from rekodiq_data import cli

PACKAGES = Path(__file__).parent.parent / "packages"


@pytest.fixture
def run(capsys):
    """Run a command in this process: exit code, output, errors."""

    def call(*words: str):
        code = cli.run([str(word) for word in ("--color", "never", *words)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def source(tmp_path, monkeypatch):
    """A small valid package in the folder that we stand in."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(PACKAGES / "valid", tmp_path / "source")
    descriptor = tmp_path / "source/datapackage.json"
    stated = json.loads(descriptor.read_text())
    stated["version"] = "1.0.0"
    descriptor.write_text(json.dumps(stated))
    return "source"


def test_a_build_says_what_it_made_and_what_comes_next(run, source):
    code, out, err = run("build", source, "--output", "dist")
    assert (code, err) == (0, "")
    assert out == "Built valid 1.0.0: 1 table in dist\nNext: rekodiq-data verify dist\n"


def test_the_second_judge_is_mentioned_when_it_was_asked(run, source):
    _, out, _ = run("build", source, "--output", "dist", "--second-judge", "--no-csv")
    assert "Frictionless agrees: both packages are valid." in out
    assert not Path("dist/csv").exists()


def test_a_build_of_invalid_data_shows_the_report_and_writes_nothing(run, tmp_path):
    package = PACKAGES / "two_faults_in_one_row"
    code, out, err = run("build", package, "--output", tmp_path / "dist")
    assert code == 1
    assert 'did you mean "probable"?' in out
    assert err == "the data is invalid; nothing was written\n  see the report\n"
    assert not (tmp_path / "dist").exists()


def test_verify_counts_what_it_has_proved(run, source):
    run("build", source, "--output", "dist")
    code, out, _ = run("verify", "dist")
    assert code == 0
    assert out.startswith("  ok   dist  5 files, ")
    assert out.endswith("Every byte of 5 files is what was stated.\n")


def test_verify_names_the_file_that_was_changed(run, source):
    run("build", source, "--output", "dist")
    Path("dist/csv/t.csv").write_bytes(b"id,d,v\n1,2024-02-29,1234.6\n2,,\n")
    code, out, _ = run("verify", "dist")
    assert code == 1
    assert out.startswith("changed-file  dist/csv/t.csv\n")
    assert "1 error: do not trust this copy." in out
    code, out, _ = run("verify", "dist", "--format", "concise")
    assert out.startswith("dist/csv/t.csv: error changed-file ")
    code, out, _ = run("verify", "dist", "--format", "json")
    assert json.loads(out)["tasks"][0]["errors"][0]["type"] == "changed-file"


def test_verify_names_the_line_of_sums_that_are_not_canonical(run, source):
    run("build", source, "--output", "dist")
    sums = Path("dist/SHA256SUMS")
    sums.write_text(sums.read_text().upper())
    code, out, _ = run("verify", "dist")
    assert code == 1
    assert out.startswith("not-canonical  dist/SHA256SUMS:1\n")
    _, out, _ = run("verify", "dist", "--format", "concise")
    assert out.startswith("dist/SHA256SUMS:1: error not-canonical ")


def test_a_release_is_published_once_and_listed(run, source):
    run("build", source, "--output", "dist")
    code, out, _ = run("release", "dist", "--store", "store", "--dry-run", "--allow-dirty")
    assert code == 0
    assert out.startswith("Would publish 1.0.0 as store/v1.0.0 (content sha256:")
    assert not Path("store/v1.0.0").exists()
    code, _, err = run("release", "dist", "--store", "store")
    assert code == 1
    assert err.startswith("nobody could rebuild this version: it was built outside of any git")
    code, out, _ = run("release", "dist", "--store", "store", "--allow-dirty")
    assert code == 0
    assert out.startswith("Published 1.0.0: store/v1.0.0\nContent digest sha256:")
    assert "Not built from a commit alone" in out
    assert "\nUnsigned\n" in out
    code, out, _ = run("release", "dist", "--store", "store", "--allow-dirty")
    assert (code, out) == (
        0,
        "1.0.0 is published already, with the same content: store/v1.0.0\n",
    )
    code, again, _ = run("release", "dist", "--store", "store", "--allow-dirty", "--dry-run")
    assert (code, again) == (0, out)
    code, out, _ = run("versions", "--store", "store")
    assert out.startswith("1.0.0  sha256:")
    code, out, _ = run("versions", "--store", "store", "--format", "json")
    assert json.loads(out)["newest"] == "1.0.0"


def test_other_content_under_a_used_number_is_refused(run, source):
    run("build", source, "--output", "dist")
    run("release", "dist", "--store", "store", "--allow-dirty")
    Path("source/t.csv").write_text("id,d,v\n1,,\n")
    run("build", source, "--output", "dist")
    code, out, err = run("release", "dist", "--store", "store", "--allow-dirty")
    assert (code, out) == (1, "")
    assert "1.0.0" in err


def test_a_folder_that_is_no_store_says_so(run, tmp_path):
    (tmp_path / "store").mkdir()
    code, out, err = run("versions", "--store", tmp_path / "store")
    assert (code, out) == (3, "")
    assert "store" in err


def test_where_a_folder_may_not_be_read_it_could_not_run(run, source, monkeypatch):
    def refuse(*_args, **_options):
        raise PermissionError(13, "Permission denied", "source")

    monkeypatch.setattr("rekodiq_data.build.build", refuse)
    code, out, err = run("build", source, "--output", "dist")
    assert (code, out) == (3, "")
    assert "Permission denied" in err
    assert "Traceback" not in err


def test_an_interrupt_ends_quietly(run, source, monkeypatch):
    def stop(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("rekodiq_data.build.build", stop)
    code, out, err = run("build", source, "--output", "dist")
    assert (code, out, err) == (130, "", "\nstopped\n")


def test_damage_that_another_command_meets_is_told_as_verify_tells_it(run, source):
    run("build", source, "--output", "dist")
    run("release", "dist", "--store", "store", "--allow-dirty")
    Path("store/v1.0.0/csv/datapackage.json").chmod(0o644)
    Path("store/v1.0.0/csv/datapackage.json").write_text("{}")
    code, out, err = run("diff", "1.0.0", "dist", "--store", "store")
    assert code == 1
    assert out.startswith("changed-file  store/v1.0.0/csv/datapackage.json\n    its bytes are")
    assert "1 error: do not trust this copy.\n" in out
    assert "rows" not in out
    assert err.startswith('"store/v1.0.0" is not what was built or released\n')
