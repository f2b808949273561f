"""Every hostile or broken package comes to an acceptable end, in the process of the test."""

from __future__ import annotations

import math
import time

import pyarrow.parquet as pq
import pytest

from rekodiq_data import build
from rekodiq_data.cli import run
from rekodiq_data.errors import InvalidData
from tests.hostile.suite import (
    CASES,
    SECONDS,
    require_acceptable,
    require_harmless,
)

SMALL = [case for case in CASES if not case.flood]
KEPT = [case for case in SMALL if case.values is not None]


@pytest.mark.parametrize("case", SMALL, ids=lambda case: case.name)
def test_it_ends_acceptably(case, tmp_path, capfd):
    path = case.write(tmp_path)
    started = time.process_time()
    code = run(["validate", str(path), "--format", "json"])
    assert time.process_time() - started < SECONDS
    out, err = capfd.readouterr()
    report = require_acceptable(case, code, out, err)
    for form in ("full", "concise"):
        assert run(["validate", str(path), "--format", form]) == code
        require_harmless("".join(capfd.readouterr()))
    assert not list(tmp_path.rglob("made*"))
    if report and report["valid"]:
        # What is accepted has to come out as it is: the case says how that is.
        assert case.values is not None or case.outcomes != "accepted"


@pytest.mark.parametrize("case", KEPT, ids=lambda case: case.name)
def test_what_is_accepted_is_built_unchanged(case, tmp_path):
    path = case.write(tmp_path)
    try:
        build(path, tmp_path / "out")
    except InvalidData as refusal:
        # Valid, and no column could hold it without a change: `build` says so, too.
        errors = [each for each in refusal.report.all_issues() if each.severity == "error"]
        stored = "unstorable" not in str(case.values) and case.outcomes == "accepted"
        assert not stored, errors
        return
    made = pq.read_table(tmp_path / "out" / "data" / "t.parquet").to_pydict()
    assert made.keys() == case.values.keys()
    for name, wanted in case.values.items():
        assert len(made[name]) == len(wanted)
        for found, value in zip(made[name], wanted, strict=True):
            assert value in ("any", "same") or _same(found, value), (name, found, value)


def _same(found, value):
    if value == "nan":
        return isinstance(found, float) and math.isnan(found)
    if isinstance(value, float):
        return found == value and math.copysign(1, found) == math.copysign(1, value)
    return found == value and type(found) is type(value)


def test_there_are_enough_of_them_and_each_is_named_once():
    names = [case.name for case in CASES]
    assert len(names) == len(set(names)) >= 200
