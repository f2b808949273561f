"""Report > Task > Issue: everything that a judge has to say, as frozen values.

The shape and the names in JSON follow Frictionless's report (`valid`, `stats`,
`tasks[].errors[]`, `type`, `rowNumber`, `fieldNumber`, `fieldName`, `cell`, `note`, `message`),
so that its consumers work, and add `line`, `column`, `code`, `severity`, `suggestion`.

Counting: `line` and `column` are 1-based and physical (the column counts code points up to the
cell's first character); `row_number` counts records with the header as 1. A record that holds
a quoted line break has one row number and several lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """An error makes data invalid; a warning does not, unless the caller is strict."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding: one rule broken at one place.

    `type` is Frictionless's name of the kind (`type-error`, `primary-key`, ...); `code` is the
    rule that was broken (`type.integer`, `constraint.minimum`, `check.product`). `source_line`
    is the physical line that `line` and `column` point into, for people to see.
    """

    type: str
    code: str
    message: str
    note: str = ""
    severity: Severity = Severity.ERROR
    resource: str | None = None
    path: str | None = None
    line: int | None = None
    column: int | None = None
    row_number: int | None = None
    field_number: int | None = None
    field_name: str | None = None
    cell: str | None = None
    suggestion: str | None = None
    source_line: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON object of this issue; keys without a value are left out."""
        pairs = {
            "type": self.type,
            "code": self.code,
            "severity": str(self.severity),
            "message": self.message,
            "note": self.note or None,
            "resource": self.resource,
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "rowNumber": self.row_number,
            "fieldNumber": self.field_number,
            "fieldName": self.field_name,
            "cell": self.cell,
            "suggestion": self.suggestion,
        }
        return {key: value for key, value in pairs.items() if value is not None}


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often one rule was broken in one field: the true total, and how many were kept."""

    code: str
    field_name: str | None
    severity: Severity
    total: int
    kept: int

    def to_dict(self) -> dict[str, Any]:
        """JSON object of this count."""
        return {
            "code": self.code,
            "fieldName": self.field_name,
            "severity": str(self.severity),
            "total": self.total,
            "kept": self.kept,
        }


@dataclass(frozen=True, slots=True)
class CheckCount:
    """What one named check said of the records of a table. `failed` leaves out `explained`."""

    check: str
    name: str
    severity: Severity
    held: int = 0
    failed: int = 0
    undecided: int = 0
    explained: int = 0
    not_applicable: int = 0

    @property
    def decided(self) -> int:
        """Records on which the check came to a verdict."""
        return self.held + self.failed + self.explained

    def to_dict(self) -> dict[str, Any]:
        """JSON object of this count."""
        return {
            "check": self.check,
            "name": self.name,
            "severity": str(self.severity),
            "held": self.held,
            "failed": self.failed,
            "undecided": self.undecided,
            "explained": self.explained,
            "notApplicable": self.not_applicable,
        }


@dataclass(frozen=True, slots=True)
class Task:
    """What was found in one table (or, for `verify`, one folder of files).

    `signature` says in words who signed the folder, or that it is unsigned.
    """

    name: str
    path: str | None = None
    type: str = "table"
    labels: tuple[str, ...] = ()
    rows: int | None = None
    bytes: int | None = None
    files: int | None = None
    issues: tuple[Issue, ...] = ()
    explained: tuple[Issue, ...] = ()
    rules: tuple[RuleCount, ...] = ()
    checks: tuple[CheckCount, ...] = ()
    signature: str | None = None

    @property
    def errors(self) -> int:
        """True number of errors, kept or not."""
        return sum(rule.total for rule in self.rules if rule.severity is Severity.ERROR)

    @property
    def warnings(self) -> int:
        """True number of warnings, kept or not."""
        return sum(rule.total for rule in self.rules if rule.severity is Severity.WARNING)

    @property
    def valid(self) -> bool:
        """Whether no error was found."""
        return self.errors == 0

    def to_dict(self, *, explained: bool = False) -> dict[str, Any]:
        """JSON object of this task; `explained` adds the failures that the data explains."""
        stats: dict[str, Any] = {
            "errors": self.errors,
            "warnings": self.warnings,
            "kept": len(self.issues),
            "rows": self.rows,
            "fields": len(self.labels) or None,
            "bytes": self.bytes,
            "files": self.files,
            "rules": [rule.to_dict() for rule in self.rules],
            "checks": [check.to_dict() for check in self.checks],
        }
        result: dict[str, Any] = {
            "name": self.name,
            "type": self.type,
            "valid": self.valid,
            "place": self.path,
            "labels": list(self.labels),
            "stats": {key: value for key, value in stats.items() if value is not None},
            **_by_severity(self.issues),
        }
        if self.signature is not None:
            result["signature"] = self.signature
        if explained:
            result["explained"] = [issue.to_dict() for issue in self.explained]
        return result


@dataclass(frozen=True, slots=True)
class Report:
    """The whole verdict: issues of the package itself, and a task per table."""

    tasks: tuple[Task, ...] = ()
    issues: tuple[Issue, ...] = ()
    subject: str = ""
    notes: tuple[str, ...] = field(default=())

    @property
    def errors(self) -> int:
        """True number of errors in the package and all its tables."""
        own = sum(issue.severity is Severity.ERROR for issue in self.issues)
        return own + sum(task.errors for task in self.tasks)

    @property
    def warnings(self) -> int:
        """True number of warnings in the package and all its tables."""
        own = sum(issue.severity is Severity.WARNING for issue in self.issues)
        return own + sum(task.warnings for task in self.tasks)

    @property
    def valid(self) -> bool:
        """Whether no error was found anywhere."""
        return self.errors == 0

    def all_issues(self) -> tuple[Issue, ...]:
        """Every kept issue: the package's first, then table by table in file order."""
        return self.issues + tuple(issue for task in self.tasks for issue in task.issues)

    def to_dict(self, *, explained: bool = False) -> dict[str, Any]:
        """JSON object of the report, in Frictionless's shape."""
        return {
            "valid": self.valid,
            "stats": {
                "tasks": len(self.tasks),
                "errors": self.errors,
                "warnings": self.warnings,
                "kept": len(self.all_issues()),
            },
            **_by_severity(self.issues),
            "tasks": [task.to_dict(explained=explained) for task in self.tasks],
        }


def _by_severity(issues: tuple[Issue, ...]) -> dict[str, Any]:
    """`errors` and `warnings` of a list of issues."""
    return {
        "errors": [issue.to_dict() for issue in issues if issue.severity is Severity.ERROR],
        "warnings": [issue.to_dict() for issue in issues if issue.severity is Severity.WARNING],
    }
