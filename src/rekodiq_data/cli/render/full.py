"""The report for a person who mends the tables: file, line, column, the line itself, a hint."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import click

from rekodiq_data.cli.render.summary import closing, shown_path
from rekodiq_data.cli.render.text import WIDTH, columns_of, visible, wrapped
from rekodiq_data.report import Severity

if TYPE_CHECKING:
    from rekodiq_data.report import Issue, Report

_CONTEXT = 24


def render(
    report: Report,
    *,
    explained: bool = False,
    counts: bool = False,
    seconds: float | None = None,
) -> str:
    """The whole report: findings by file, then what was checked."""
    blocks = [
        _file(path, list(issues))
        for path, issues in groupby(report.all_issues(), key=lambda issue: issue.path)
    ]
    if explained:
        blocks.extend(
            _file(task.path, list(task.explained), heading="explained by their reading marks")
            for task in report.tasks
            if task.explained
        )
    return "\n\n".join([*blocks, closing(report, counts=counts, seconds=seconds)])


def _file(path: str | None, issues: list[Issue], heading: str = "") -> str:
    title = click.style(shown_path(path) if path else "package", bold=True)
    lines = [f"{title} ({heading})" if heading else title]
    lines.extend(_finding(issue) for issue in issues)
    return "\n".join(lines)


def _finding(issue: Issue) -> str:
    place = f"{issue.line}:{issue.column or 1}" if issue.line else "-"
    colour = "red" if issue.severity is Severity.ERROR else "yellow"
    word = "" if issue.severity is Severity.ERROR else "warning: "
    note = visible(issue.note or issue.message, keep_newlines=False)
    field = f"{visible(issue.field_name)}: " if issue.field_name else ""
    head = f"  {place}  {issue.code}"
    text = wrapped(f"{word}{field}{note}", first="      ", rest="      ")
    parts = [click.style(head, fg=colour), text]
    parts.extend(_excerpt(issue))
    return "\n".join(parts)


def _excerpt(issue: Issue) -> list[str]:
    """The physical line with a caret under the cell, cut to the terminal around it."""
    hint = f"did you mean {visible(issue.suggestion)!r}?" if issue.suggestion else ""
    hint = hint.replace("'", '"') if hint else ""
    if issue.source_line is None or issue.line is None or issue.column is None:
        return [f"      {hint}"] if hint else []
    start = issue.column - 1
    length = _length(issue)
    gutter = f"      {issue.line} | "
    room = WIDTH - len(gutter)
    line = issue.source_line
    first = max(0, min(start - _CONTEXT, len(line) - room + 1))
    before = visible(line[first:start], keep_newlines=False)
    cell = visible(line[start : start + length], keep_newlines=False)
    after = visible(line[start + length :], keep_newlines=False)
    before = f"\u2026{before[1:]}" if first and before else before
    left = room - columns_of(before) - columns_of(cell)
    if columns_of(after) > left:
        after = after[: max(0, left - 1)] + "\u2026"
    caret = " " * columns_of(before) + "^" * max(1, columns_of(cell))
    blank = " " * (len(gutter) - 2) + "| "
    return [
        f"{gutter}{before}{cell}{after}",
        click.style(f"{blank}{caret}", fg="cyan") + (f" {hint}" if hint else ""),
    ]


def _length(issue: Issue) -> int:
    """Characters that the cell takes on its first line, quotes included."""
    cell = (issue.cell or "").split("\n")[0]
    rest = (issue.source_line or "")[(issue.column or 1) - 1 :]
    if rest.startswith(cell):
        return max(1, len(cell))
    quoted = '"' + cell.replace('"', '""')
    if rest.startswith(quoted):
        return len(quoted) + rest[len(quoted) :].startswith('"')
    return 1
