"""Micro-packages of the specification: for each feature a good one and a bad twin.

Every case names the sentence it rests on. Both twins go through `validate`; of the bad one all
errors are named, so that nothing else may be found either.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from rekodiq_data import validate
from tests.conformance.packages import write_package

CASES = Path(__file__).parent / "cases"


def _twins():
    for path in sorted(CASES.glob("*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            assert case["says"]
            for kind in ("good", "bad"):
                yield pytest.param(case, kind, id=f"{path.stem}-{case['feature']}-{kind}")


TWINS = list(_twins())


@pytest.mark.parametrize(("case", "kind"), TWINS)
def test_the_specification_decides(case, kind, tmp_path):
    folder, errors = write_package(tmp_path, case, kind)
    report = validate(folder, limit=0)
    found = [
        f"{issue.type} {issue.row_number or '-'} {issue.field_number or '-'}"
        for issue in report.all_issues()
        if issue.severity == "error"
    ]
    assert sorted(found) == sorted(errors)
    assert report.valid == (not errors)


def test_there_are_enough_of_them_and_each_is_named_once():
    names = [each.id for each in TWINS]
    assert len(names) == len(set(names)) >= 150
