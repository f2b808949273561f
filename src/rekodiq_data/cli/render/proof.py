"""What `verify` found: which files are not what was stated, or that all of them are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rekodiq_data.cli.render.summary import shown_path
from rekodiq_data.cli.render.text import amount, visible, wrapped
from rekodiq_data.report import Severity

if TYPE_CHECKING:
    from rekodiq_data.report import Issue, Report, Task


def render(report: Report, form: str) -> str:
    """The report as `full` text, or with one line per finding (`concise`)."""
    if form == "concise":
        return "\n".join([*map(_line, report.all_issues()), _closing(report)])
    lines = [text for issue in report.all_issues() for text in _finding(issue)]
    tasks = [_task(task) for task in report.tasks]
    return "\n".join([*lines, *([""] if lines else []), *tasks, _closing(report)])


def _finding(issue: Issue) -> list[str]:
    colour = "red" if issue.severity is Severity.ERROR else "yellow"
    place = shown_path(issue.path) if issue.path else ""
    place += f":{issue.line}" if issue.line else ""
    return [
        f"{click.style(issue.type, fg=colour)}  {place}",
        wrapped(visible(issue.note or issue.message), first="    ", rest="    "),
    ]


def _line(issue: Issue) -> str:
    place = shown_path(issue.path) if issue.path else ""
    place += f":{issue.line}" if issue.line else ""
    return visible(f"{place}: {issue.severity} {issue.type} {issue.note}", keep_newlines=False)


def _task(task: Task) -> str:
    mark = click.style("ok ", fg="green") if task.valid else click.style("bad", fg="red")
    counted = []
    if task.files is not None:
        counted.append(amount(task.files, "file"))
    if task.bytes is not None:
        counted.append(amount(task.bytes, "byte"))
    place = shown_path(task.path) if task.path else task.name
    if task.signature == "unsigned":
        counted.append("unsigned")
    line = f"  {mark}  {place}  {', '.join(counted)}".rstrip()
    if task.signature is None or task.signature == "unsigned":
        return line
    return line + "\n" + wrapped(visible(task.signature), first="       ", rest="       ")


def _closing(report: Report) -> str:
    files = sum(task.files or 0 for task in report.tasks)
    if report.valid:
        words = f"Every byte of {amount(files, 'file')} is what was stated."
        return click.style(words, fg="green", bold=True)
    return click.style(f"{amount(report.errors, 'error')}: do not trust this copy.", fg="red")
