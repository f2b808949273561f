"""Faults as a text that people can read and a test can compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rekodiq_data.report import Issue


def words_of(issue: Issue) -> str:
    """Everything that an issue says, on two to four lines."""
    place = ":".join(
        str(each) for each in (issue.path, issue.line, issue.column) if each is not None
    )
    lines = [
        f"{place} {issue.severity} {issue.type} {issue.code} ({issue.resource or 'package'})"
    ]
    lines.append(f"  {issue.message}")
    if issue.note:
        lines.append(f"  note: {issue.note}")
    if issue.suggestion:
        lines.append(f"  did you mean {issue.suggestion}?")
    return "\n".join(lines)


def words_of_all(issues: tuple[Issue, ...]) -> str:
    """Every issue, in order."""
    return "".join(f"{words_of(issue)}\n" for issue in issues)
