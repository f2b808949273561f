"""Closing words: what was checked, built, released, and what to do next."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from rekodiq_data.cli.render.bar import sized
from rekodiq_data.cli.render.text import amount, json_text, visible, wrapped

if TYPE_CHECKING:
    from pathlib import Path

    from rekodiq_data.descriptor.model import Package
    from rekodiq_data.release import Released
    from rekodiq_data.report import CheckCount, Report, Task
    from rekodiq_data.reproduce import Reproduced
    from rekodiq_data.store import Fetched, Store


def shown_path(path: str) -> str:
    """A path as short as it can be said from where the user stands."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return visible(path)
    return visible(path if relative.startswith("..") else relative)


def closing(report: Report, *, counts: bool = False, seconds: float | None = None) -> str:
    """The tables with their rows and verdicts, then one line about the whole."""
    width = max((len(visible(task.name)) for task in report.tasks), default=0)
    lines = []
    for task in report.tasks:
        lines.append(_table_line(task, width))
        if counts:
            lines.extend(_check_line(check, width) for check in task.checks)
    hidden = report.errors + report.warnings - len(report.all_issues())
    more = (
        [f"{amount(hidden, 'more finding')} not shown; --limit 0 shows all"] if hidden else []
    )
    return "\n".join([*lines, "", *more, one_line(report, seconds=seconds)])


def one_line(report: Report, *, seconds: float | None = None) -> str:
    """How much was checked, what was found, and how long it took."""
    rows = sum(task.rows or 0 for task in report.tasks)
    checks = [check for task in report.tasks for check in task.checks]
    what = f"Checked {amount(len(report.tasks), 'table')}, {amount(rows, 'row')}"
    what += f", {amount(len(checks), 'named check')}" if checks else ""
    what += f" in {seconds:.1f} s" if seconds is not None else ""
    explained = sum(check.explained for check in checks)
    found = f"{amount(report.errors, 'error')}, {amount(report.warnings, 'warning')}"
    if explained:
        found += f", {explained:,} explained by known misprints (--explained lists them)"
    colour = "red" if report.errors else "green"
    return f"{what}\n{click.style(found, fg=colour, bold=True)}"


def _table_line(task: Task, width: int) -> str:
    mark = click.style("ok ", fg="green") if task.valid else click.style("bad", fg="red")
    found = []
    if task.errors:
        found.append(amount(task.errors, "error"))
    if task.warnings:
        found.append(amount(task.warnings, "warning"))
    verdicts = _verdicts(task.checks)
    details = "; ".join([*found, *([verdicts] if verdicts else [])])
    rows = amount(task.rows, "row") if task.rows is not None else "not read"
    head = f"{visible(task.name):<{width}}  {rows:>10}  "
    # The mark's colour takes no room: "  ok   " does.
    indent = " " * (7 + len(head))
    text = wrapped(details, first=indent, rest=indent)[7 + len(head) :]
    return f"  {mark}  {head}{text}".rstrip()


def _verdicts(checks: tuple[CheckCount, ...]) -> str:
    """Sums of verdicts over the checks of one table."""
    sums = {
        "held": sum(check.held for check in checks),
        "failed": sum(check.failed for check in checks),
        "explained": sum(check.explained for check in checks),
        "undecided": sum(check.undecided for check in checks),
    }
    return ", ".join(f"{number:,} {name}" for name, number in sums.items() if number)


def _check_line(check: CheckCount, width: int) -> str:
    parts = [
        f"{number:,} {name}"
        for name, number in (
            ("held", check.held),
            ("failed", check.failed),
            ("explained", check.explained),
            ("undecided", check.undecided),
            ("not applicable", check.not_applicable),
        )
        if number
    ]
    return f"         {check.name:<{max(width, 26)}}  {', '.join(parts) or 'no record'}"


def built(package: Package, output: Path, *, second_judge: bool) -> str:
    """What a build made, and the next command."""
    tables = amount(len(package.resources), "table")
    version = f" {package.version}" if package.version else ""
    judged = "\nFrictionless agrees: both packages are valid." if second_judge else ""
    return (
        f"Built {package.name}{version}: {tables} in {shown_path(str(output))}{judged}\n"
        f"Next: rekodiq-data verify {shown_path(str(output))}"
    )


def released(result: Released, *, sign: bool = False) -> str:
    """What a release did, or would do; `sign` tells whether it was to be signed."""
    place = shown_path(str(result.folder))
    if not result.is_new:
        line = f"{result.version} is published already, with the same content: {place}"
        # A signature is no part of what a version is, so it may come later.
        return "\n".join([line, *(_to_sign(place) if sign and not result.is_signed else [])])
    notes = []
    if result.step is not None:
        notes.append(f"Least honest step since {result.base}: {result.step.size.word}")
    if result.origin is not None and not result.origin.is_a_commit:
        notes.append("Not built from a commit alone: nobody can rebuild it from one")
    if result.dry_run:
        line = f"Would publish {result.version} as {place} (content {result.content_digest})"
        return "\n".join([line, *notes])
    signed = [f"Signed with {result.signed_with}"] if result.signed_with else ["Unsigned"]
    if result.follows_signed and not result.signed_with:
        signed = [f"Unsigned, and {result.previous} before it is signed", *_to_sign(place)[1:]]
    return "\n".join(
        [
            f"Published {result.version}: {place}",
            f"Content digest {result.content_digest}",
            *notes,
            *signed,
            f"Next: rekodiq-data verify {place}",
        ]
    )


def _to_sign(place: str) -> list[str]:
    return [
        "It was published unsigned, and stays as it is.",
        f"To sign it: ssh-keygen -Y sign -n rekodiq-data -f KEY {place}/SHA256SUMS",
    ]


def fetched(result: Fetched) -> str:
    """What a fetch brought, and how to prove and name it."""
    place = shown_path(str(result.folder))
    if result.signer:
        signed = f"Signed by {visible(result.signer)}"
    elif result.is_signed:
        signed = "Signed, and not checked by whom: --signers FILE does that"
    else:
        signed = "Unsigned"
    if result.withdrawn:
        words = visible(f"Withdrawn: {result.withdrawn}", keep_newlines=False)
        signed = f"{words}\n{signed}"
    head = f"Fetched {result.version}: {amount(result.files, 'file')}, {sized(result.size)}"
    if result.tables:
        tables = ", ".join(result.tables)
        proof = f"(cd {place} && sha256sum --strict --ignore-missing -c SHA256SUMS)"
        return f"{head} of {tables} in {place}\n{signed}\nCite {result.pin}\nNext: {proof}"
    return f"{head} in {place}\n{signed}\nCite {result.pin}\nNext: rekodiq-data verify {place}"


def reproduced(result: Reproduced) -> str:
    """How a version that was made once more compares with the published one."""
    head = f"Rebuilt {result.version} from commit {result.commit[:12]}: "
    if not result.different:
        return f"{head}every byte of {amount(result.files, 'file')} is equal."
    equal = result.files - len(result.different)
    lines = [f"{head}{equal} of {amount(result.files, 'file')} equal byte for byte."]
    lines += [f"  differs: {visible(path, keep_newlines=False)}" for path in result.different]
    lines += [
        f"  made by: {name} {then or 'none'} then, {now or 'none'} now"
        for name, (then, now) in result.makers.items()
    ]
    if not result.content_is_equal:
        lines.append("The content digests differ: this is not what was published.")
    elif result.makers:
        lines.append("The content digests are equal: both say the same, written by others.")
    else:
        lines.append("The content is equal, and nothing explains why the bytes differ.")
    return "\n".join(lines)


def versions(store: Store, form: str) -> str:
    """The versions of a store, the newest first."""
    if form == "json":
        return json_text(store.catalog)
    rows = []
    for each in store.versions:
        rows.append(f"{each.version}  {each.content_digest}")
        if each.withdrawn:
            words = visible(f"withdrawn: {each.withdrawn}", keep_newlines=False)
            rows.append(wrapped(words, first="    ", rest="    "))
    return "\n".join(rows)
