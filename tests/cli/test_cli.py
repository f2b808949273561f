"""The command line as people and scripts meet it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rekodiq_data import cli

PACKAGES = Path(__file__).parent.parent / "packages"


@pytest.fixture
def run(capsys):
    """Run a command in this process: exit code, output, errors."""

    def call(*words: str):
        code = cli.run([str(word) for word in words])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def test_a_valid_package_exits_with_0_and_says_little(run):
    code, out, err = run("validate", PACKAGES / "valid")
    assert (code, err) == (0, "")
    assert "  ok   t      2 rows" in out
    assert "0 errors, 0 warnings" in out


def test_findings_exit_with_1(run):
    code, out, _ = run("validate", PACKAGES / "two_faults_in_one_row")
    assert code == 1
    assert "2 errors" in out


def test_full_shows_the_line_a_caret_and_a_hint(run, monkeypatch):
    monkeypatch.chdir(PACKAGES / "two_faults_in_one_row")
    _, out, _ = run("--color", "never", "validate")
    assert out.splitlines()[:5] == [
        "t.csv",
        "  3:3  constraint.enum",
        '      kind: "probabel" is not one of: proved, probable',
        "      3 | 2,probabel,150",
        '        |   ^^^^^^^^ did you mean "probable"?',
    ]


def test_json_is_one_object_in_the_shape_of_a_report(run):
    code, out, _ = run("validate", PACKAGES / "two_faults_in_one_row", "--format", "json")
    report = json.loads(out)
    assert code == 1
    assert report["valid"] is False
    assert report["stats"] == {"tasks": 1, "errors": 2, "warnings": 0, "kept": 2}
    first = report["tasks"][0]["errors"][0]
    assert first["type"] == "constraint-error"
    assert (first["line"], first["column"]) == (3, 3)
    assert (first["rowNumber"], first["fieldNumber"], first["fieldName"]) == (3, 2, "kind")
    assert (first["cell"], first["suggestion"]) == ("probabel", "probable")


def test_output_goes_to_a_file_without_colours(run, tmp_path):
    target = tmp_path / "report.txt"
    code, out, _ = run("--color", "always", "validate", PACKAGES / "valid", "--output", target)
    assert (code, out) == (0, "")
    text = target.read_text(encoding="utf-8")
    assert "0 errors" in text
    assert "\x1b" not in text


def test_limit_keeps_some_and_counts_all(run):
    package = PACKAGES / "two_kinds_of_fault_in_one_column"
    _, out, _ = run("validate", package, "--limit", "1", "--format", "json")
    limited = json.loads(out)["stats"]
    _, out, _ = run("validate", package, "--limit", "0", "--format", "json")
    assert limited["errors"] == json.loads(out)["stats"]["errors"] == 4


def test_what_is_hidden_is_said(run, tmp_path):
    shutil.copytree(PACKAGES / "every_cell_is_wrong", tmp_path / "p")
    _, out, _ = run("validate", tmp_path / "p", "--limit", "1")
    assert "2 more findings not shown; --limit 0 shows all" in out


def test_one_table_is_judged_with_the_tables_it_refers_to(run):
    package = PACKAGES / "orphan_refers_to_nothing"
    code, out, _ = run("validate", package, "--table", "people", "--format", "json")
    tasks = json.loads(out)["tasks"]
    assert code == 1
    assert [task["name"] for task in tasks] == ["people"]
    assert tasks[0]["errors"][0]["type"] == "foreign-key"
    code, _, _ = run("validate", package, "--table", "cities")
    assert code == 0


def test_a_wrong_table_name_is_a_wrong_call_with_a_hint(run):
    code, out, err = run("validate", PACKAGES / "orphan_refers_to_nothing", "--table", "peple")
    assert (code, out) == (2, "")
    assert (
        err
        == 'there is no table "peple". Did you mean "people"?\n  tables are people, cities\n'
    )


def test_strict_makes_warnings_count(run, tmp_path):
    (tmp_path / "datapackage.json").write_text(
        json.dumps(
            {
                "resources": [
                    {
                        "name": "t",
                        "path": "t.csv",
                        "schema": {
                            "fields": [{"name": "v", "type": "number"}],
                            "rekodiq:checks": [{"check": "band", "field": "v", "maximum": 5}],
                        },
                    }
                ]
            }
        )
    )
    (tmp_path / "t.csv").write_text("v\n1\n9\n")
    code, out, _ = run("validate", tmp_path)
    assert code == 0
    assert "warning: v:" in out
    code, _, _ = run("validate", tmp_path, "--strict")
    assert code == 1


def test_explained_failures_are_listed_on_request(run):
    package = PACKAGES / "check_reads_three_columns"
    _, out, _ = run("validate", package)
    assert "explained by known misprints (--explained lists them)" in out
    assert "90" not in out
    _, out, _ = run("validate", package, "--explained")
    assert "the table says 90" in out
    _, out, _ = run("validate", package, "--explained", "--format", "json")
    assert json.loads(out)["tasks"][0]["explained"][0]["cell"] == "90"


def test_counts_lists_every_check(run):
    _, out, _ = run("validate", PACKAGES / "check_reads_three_columns", "--counts")
    assert "2 held, 1 failed, 1 explained, 1 undecided" in out


def test_where_there_is_nothing_it_could_not_run(run, tmp_path):
    code, out, err = run("validate", tmp_path / "nowhere")
    assert (code, out) == (3, "")
    assert "nowhere" in err


@pytest.mark.parametrize("words", [["valdate"], ["validate", "--formt", "json"], ["build"]])
def test_a_wrong_call_exits_with_2(run, words):
    code, _, err = run(*words)
    assert code == 2
    assert "Usage:" in err


def test_a_misspelt_command_is_answered_with_the_right_one(run):
    _, _, err = run("valdate")
    assert 'Did you mean "validate"?' in err


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_has_help_with_an_example(run, name):
    code, out, _ = run(name, "--help")
    assert code == 0
    assert f"  rekodiq-data {name}" in out
    assert all(len(line) <= 80 for line in out.splitlines())


def test_version_names_the_libraries_that_judge_and_write(run):
    code, out, _ = run("--version")
    assert code == 0
    assert all(name in out for name in ("pandera", "frictionless", "pandas", "pyarrow"))


def test_no_raw_control_bytes_reach_the_terminal(run):
    for form in ("full", "concise"):
        _, out, _ = run(
            "--color", "never", "validate", PACKAGES / "text_tries_to_move_the_cursor",
            "--format", form,
        )  # fmt: skip
        assert "\x1b" not in out
        assert "\u202e" not in out
        assert "\\x1b[31m5" in out


def test_lines_of_the_full_report_fit_80_columns(run, monkeypatch):
    for folder in sorted(PACKAGES.iterdir()):
        monkeypatch.chdir(folder)
        _, out, _ = run("--color", "never", "validate")
        assert all(len(line) <= 80 or " " not in line.strip() for line in out.splitlines())


def test_an_internal_error_is_a_plain_line_without_a_traceback(run, monkeypatch):
    def fail(*_args, **_options):
        raise RuntimeError("boom")

    monkeypatch.setattr("rekodiq_data.judge.judge", fail)
    code, _, err = run("validate", PACKAGES / "valid")
    assert code == 3
    assert err.startswith("internal error: RuntimeError: boom\n")
    assert "Traceback" not in err
    with pytest.raises(RuntimeError, match="boom"):
        cli.run(["--debug", "validate", str(PACKAGES / "valid")])


def test_the_command_and_the_module_are_one_program():
    words = [sys.executable, "-m", "rekodiq_data", "validate", str(PACKAGES / "valid")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_that_goes_away_is_no_error():
    program = f'"{sys.executable}" -m rekodiq_data validate'
    words = f'{program} "{PACKAGES}/every_cell_is_wrong" | head -1'
    done = subprocess.run(words, shell=True, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
