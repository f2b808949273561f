"""Some tables of a package judged alone: the same findings, and no work for the others."""

from __future__ import annotations

import pytest

from rekodiq_data.api import validate
from rekodiq_data.compiled import table as compiled_table

SCHEMA = """\
fields:
  - {name: id, type: integer, constraints: {required: true, minimum: 1}}
  - {name: parent, type: integer}
primaryKey: [id]
foreignKeys:
  - {fields: [parent], reference: {resource: parents, fields: [id]}}
"""


@pytest.fixture
def project(tmp_path):
    """Children that refer to parents; both tables have faults."""
    raw = tmp_path / "datapackage" / "raw"
    raw.mkdir(parents=True)
    (tmp_path / "schemas").mkdir()
    (raw.parent / "package.yaml").write_text(
        "name: small\nversion: 1.0.0\nresources: [{name: children}, {name: parents}]\n"
    )
    (tmp_path / "schemas" / "children.yaml").write_text(SCHEMA)
    (tmp_path / "schemas" / "parents.yaml").write_text(SCHEMA)
    (raw / "children.csv").write_text("id,parent\n0,7\n5,8\n")
    (raw / "parents.csv").write_text("id,parent\n-7,7\n7,\n")
    return tmp_path


def test_a_table_judged_alone_has_the_findings_it_has_in_the_whole(project):
    whole = {task.name: task for task in validate(project).tasks}
    assert [task.errors for task in whole.values()] == [2, 1]
    for name, task in whole.items():
        assert validate(project, tables=[name]).tasks == (task,)


def test_tables_that_are_only_referred_to_are_not_judged(project, monkeypatch):
    judged = []
    judge = compiled_table.CompiledTable.judge

    def note(self, chunk):
        judged.append(self._name)
        return judge(self, chunk)

    monkeypatch.setattr(compiled_table.CompiledTable, "judge", note)
    validate(project, tables=["children"])
    assert judged == ["children"]
