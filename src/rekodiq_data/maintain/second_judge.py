"""Frictionless as a second judge of a built package. Never on the hot path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rekodiq_data.errors import NotVerified
from rekodiq_data.report import Issue, Report, RuleCount, Severity, Task

if TYPE_CHECKING:
    from pathlib import Path

_DESCRIPTORS = ("datapackage.json", "csv/datapackage.json")


def require_agreement(folder: Path) -> None:
    """Raise NotVerified, with Frictionless's findings, unless it calls the package valid.

    Both packages in `folder` are judged: the Parquet one, and the CSV one where it is there.
    Our own judge has called the data valid before, so each finding means that one of the two
    judges has a fault; `docs/conformance.md` lists where Frictionless is known to differ.
    """
    tasks = [_judged(folder, name) for name in _DESCRIPTORS if (folder / name).is_file()]
    report = Report(tasks=tuple(tasks), subject=str(folder))
    if not report.valid:
        raise NotVerified(
            "the second judge, Frictionless, does not agree; nothing was written",
            report,
            hint="one of the two judges is wrong: the text of the specification decides",
        )


def _judged(folder: Path, name: str) -> Task:
    import frictionless
    from frictionless import system

    # Without the limit, a table with a thousand findings would be left half judged.
    with system.use_context(trusted=True):
        report = frictionless.validate(str(folder / name), limit_errors=1_000_000)
    issues = [
        Issue(
            type=error.type, code=f"frictionless.{error.type}", message=error.message, path=name
        )
        for error in report.errors
    ]
    issues.extend(
        Issue(
            type=error.type,
            code=f"frictionless.{error.type}",
            message=error.message,
            resource=task.name,
            path=name,
            row_number=getattr(error, "row_number", None),
            field_name=getattr(error, "field_name", None),
        )
        for task in report.tasks
        for error in task.errors
    )
    rule = RuleCount("frictionless", None, Severity.ERROR, len(issues), len(issues))
    return Task(name=name, path=name, issues=tuple(issues), rules=(rule,) if issues else ())
