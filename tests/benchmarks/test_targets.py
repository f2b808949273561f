"""The figures that are asked for, and the page that sets them beside what was measured."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from benchmarks.measure import Figures, Run
from benchmarks.report import document
from benchmarks.targets import Sizes, Target, Targets, made, one_bad_date

from benchmarks import targets
from rekodiq_data.descriptor import open_package
from rekodiq_data.judge import judge

ROOT = Path(__file__).parent.parent.parent


def figures(wall, peak=100.0):
    return Figures(wall, wall, peak, (Run(wall, wall, peak, 0),))


def test_one_date_is_unreadable_and_nothing_else(tmp_path):
    package = made(tmp_path, 200, 0.0)
    report = judge(open_package(one_bad_date(package, tmp_path / "dated")))
    assert [(issue.code, issue.field_name) for issue in report.all_issues()] == [
        ("type.date", "modelled_on")
    ]


def test_a_package_is_made_once(tmp_path):
    package = made(tmp_path, 20, 0.0)
    (package / "blocks.csv").write_text("kept")
    assert made(tmp_path, 20, 0.0) == package
    assert (package / "blocks.csv").read_text() == "kept"


@pytest.mark.parametrize(("wall", "held"), [(1.95, True), (1.96, False)])
def test_a_figure_at_its_bound_is_held(wall, held):
    measured = {"validate": figures(wall), "stream": figures(1.0), "convert": figures(1.0)}
    measured |= {"build": figures(1.0), "build with CSV": figures(3.0)}
    found = list(targets._limits(5, measured))
    assert [each.held for each in found] == [held, True, None]
    assert found[2].measured == "2.00 s, 2.00 cpu s"


def test_the_page_says_plainly_what_is_not_held(tmp_path):
    aims = [
        Target("a", "1 s", "at most 2 s", held=True),
        Target("b", "3 s", "at most 2 s", held=False),
        Target("c", "4 s", "stated", held=None),
    ]
    assert targets.read(targets.written(aims)) == aims
    page = document(aims, {}, "a machine", "libraries")
    assert "| a | 1 s | at most 2 s | held |" in page
    assert "| b | 3 s | at most 2 s | not held |" in page
    assert "| c | 4 s | stated |  |" in page
    assert "What it has to reach" not in document([], {}, "a machine", "libraries")


@pytest.mark.slow
def test_small_models_are_measured_by_real_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{ROOT / 'src'}")
    monkeypatch.setattr(targets, "FOREIGN_ROWS", 100)
    pythons = {"rekodiq": sys.executable, "frictionless": sys.executable}
    found = Targets(tmp_path, pythons, 1, Sizes(300, 400, 500)).measure()
    assert len(found) == 13
    assert all(each.held is not None for each in found if each.asked != "stated")
    assert not (tmp_path / "polars.csv").exists()
