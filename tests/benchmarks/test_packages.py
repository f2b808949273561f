"""The comparison over a folder of packages."""

from __future__ import annotations

import sys

import pytest
from benchmarks.measure import Run, figures

from benchmarks import packages
from tests.fuzz.folders import TESTS


def test_packages_are_found_in_a_folder_and_alone():
    many = packages.descriptors(TESTS / "packages")
    assert TESTS / "packages" / "valid" / "datapackage.json" in many
    assert packages.descriptors(TESTS / "packages" / "valid") == [
        TESTS / "packages" / "valid" / "datapackage.json"
    ]


def test_both_tools_run_and_say_the_same():
    pythons = {"rekodiq": sys.executable, "frictionless": sys.executable}
    found = packages.compared(pythons, TESTS / "packages" / "valid" / "datapackage.json", 1)
    assert [[run.code for run in each.runs] for each in found.values()] == [[0], [0]]


def test_the_ratio_is_that_of_the_sums_in_each_turn():
    def runs(*walls):
        return figures([Run(wall, wall, 0, 0) for wall in walls])

    found = [
        {"rekodiq": runs(1, 2, 3), "frictionless": runs(2, 2, 2)},
        {"rekodiq": runs(1, 2, 3), "frictionless": runs(2, 2, 1)},
    ]
    assert packages.total_ratio(found) == pytest.approx(1.0)
