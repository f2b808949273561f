"""Two tables of one name: a finding of the descriptor, and the same report each time."""

from __future__ import annotations

import json

import pytest

from rekodiq_data.descriptor import open_package
from rekodiq_data.judge import judge


@pytest.mark.parametrize("jobs", [1, 3])
def test_of_two_tables_of_one_name_the_later_one_is_shown(tmp_path, jobs):
    (tmp_path / "large.csv").write_text("a,b\n" + "1,x\n" * 50_000)
    (tmp_path / "small.csv").write_text("a,b\n1,2\n")
    fields = [{"name": name, "type": "integer"} for name in ("a", "b")]
    resources = [
        {"name": "t", "type": "table", "path": path, "schema": {"fields": fields}}
        for path in ("large.csv", "small.csv")
    ]
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "resources": resources,
    }
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor))
    for _again in range(3):
        report = judge(open_package(tmp_path), jobs=jobs)
        assert [task.rows for task in report.tasks] == [1, 1]
        assert not report.valid
