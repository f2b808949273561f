"""One line per finding: `path:line:column: code message`, for editors and for grep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rekodiq_data.cli.render.summary import one_line, shown_path
from rekodiq_data.cli.render.text import visible

if TYPE_CHECKING:
    from rekodiq_data.report import Issue, Report


def render(report: Report, *, explained: bool = False, seconds: float | None = None) -> str:
    """All kept findings, and one line about the whole."""
    issues = list(report.all_issues())
    if explained:
        issues.extend(issue for task in report.tasks for issue in task.explained)
    return "\n".join([*(_line(issue) for issue in issues), one_line(report, seconds=seconds)])


def _line(issue: Issue) -> str:
    place = ":".join(
        str(part)
        for part in (shown_path(issue.path or "package"), issue.line, issue.column)
        if part
    )
    hint = f" (did you mean {issue.suggestion}?)" if issue.suggestion else ""
    text = f"{place}: {issue.severity} {issue.code} {issue.message}{hint}"
    return visible(text, keep_newlines=False)
