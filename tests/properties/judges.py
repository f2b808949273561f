"""Both judges' reports on one package in one shape: a set of verdicts on cells and records."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any, NamedTuple

import frictionless
from frictionless import system

from rekodiq_data.api import validate
from rekodiq_data.report import Severity


class Verdict(NamedTuple):
    """One thing found: table, record (the header is 1), field (0: the whole record), kind.

    Kinds are `type`, the names of constraints, `primary-key`, `foreign-key` (at the number of
    the key's last field), `unique-key`, and the shapes of records (`missing-cell`, ...).
    """

    table: str
    row: int
    field: int
    kind: str


def ours(path: Path) -> set[Verdict]:
    """What our judge finds."""
    report = validate(path, limit=0)
    errors = [each for each in report.issues if each.severity is Severity.ERROR]
    assert not errors, errors
    found = set()
    for issue in (each for task in report.tasks for each in task.issues):
        kind = issue.code.removeprefix("constraint.")
        if issue.type == "primary-key":
            kind = "primary-key"
        elif issue.type == "foreign-key":
            kind = "foreign-key"
        elif issue.code == "key.unique":
            kind = "unique-key"
        elif issue.type in {"type-error", "missing-cell", "extra-cell", "blank-row"}:
            kind = issue.type.removesuffix("-error")
        field = 0 if kind in {"primary-key", "blank-row"} else issue.field_number
        assert issue.resource is not None, issue
        assert issue.row_number is not None, issue
        assert field is not None, issue
        found.add(Verdict(issue.resource, issue.row_number, field, kind))
    return found


def theirs(path: Path) -> set[Verdict]:
    """What Frictionless finds."""
    with system.use_context(trusted=True), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = frictionless.validate(str(path), limit_errors=1_000_000)
    assert not report.errors, report.errors
    found = set()
    for task in report.tasks:
        for error in task.errors:
            found.add(_verdict(task, error))
    return found


def _verdict(task: Any, error: Any) -> Verdict:
    kind = error.type.removesuffix("-error")
    if kind == "constraint":
        match = re.match('constraint "([A-Za-z]+)" is ', error.note)
        assert match, error.note
        kind = match[1]
    field = getattr(error, "field_number", 0)
    if kind == "foreign-key":
        field = task.labels.index(error.field_names[-1]) + 1
    return Verdict(task.name, error.row_number, field, kind)
