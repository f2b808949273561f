"""Collecting what `verify` finds, as issues of a report."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rekodiq_data.errors import NotVerified
from rekodiq_data.report import Issue, Report, RuleCount, Severity, Task

if TYPE_CHECKING:
    from pathlib import Path


def damaged(
    place: Path | str, path: str, kind: str, note: str, *, hint: str | None = None
) -> NotVerified:
    """The exception for one file of a folder (or below an address) that was not released so."""
    findings = Findings(place)
    findings.add(kind, path, note)
    name = str(place).rstrip("/").rpartition("/")[2]
    report = Report(tasks=(findings.task(name, "version"),), subject=str(place))
    return NotVerified(
        f'"{_inside(place, path)}" can\'t be used: {note}',
        report,
        hint=hint or "take it from where it came once more",
    )


def _inside(place: Path | str, path: str) -> str:
    """How the file `path` of a folder, or below an address, is called."""
    return f"{place.rstrip('/')}/{path}" if isinstance(place, str) else str(place / path)


class Findings:
    """What was found in one folder. Every finding is kept: damaged files are few."""

    def __init__(self, folder: Path | str) -> None:
        self._folder = folder
        self._issues: list[Issue] = []

    @property
    def issues(self) -> tuple[Issue, ...]:
        """All findings, by file, then in the order in which they were made."""
        return tuple(sorted(self._issues, key=lambda each: (each.path or "", each.line or 0)))

    @property
    def are_fine(self) -> bool:
        """Whether no error is among them."""
        return all(each.severity is not Severity.ERROR for each in self._issues)

    def names(self, path: str) -> bool:
        """Whether one of them is about the file `path` of the folder."""
        return any(each.path == _inside(self._folder, path) for each in self._issues)

    def add(self, kind: str, path: str, note: str, *, line: int | None = None) -> None:
        """Note an error of this kind about the file `path` of the folder."""
        self._issues.append(self._issue(kind, path, note, Severity.ERROR, line))

    def warn(self, kind: str, path: str, note: str) -> None:
        """Note something that is not wrong, and not as it should stay."""
        self._issues.append(self._issue(kind, path, note, Severity.WARNING, None))

    def task(
        self,
        name: str,
        kind: str,
        *,
        files: int | None = None,
        size: int | None = None,
        rows: int | None = None,
        signature: str | None = None,
    ) -> Task:
        """These findings as a task: `files` of `size` bytes were hashed, `rows` were read."""
        counts = Counter((each.code, each.severity) for each in self._issues)
        return Task(
            name=name,
            path=str(self._folder),
            type=kind,
            rows=rows,
            bytes=size,
            files=files,
            issues=self.issues,
            signature=signature,
            rules=tuple(
                RuleCount(code, None, severity, total, total)
                for (code, severity), total in sorted(counts.items())
            ),
        )

    def _issue(
        self, kind: str, path: str, note: str, severity: Severity, line: int | None
    ) -> Issue:
        place = f"{path}:{line}" if line else path
        return Issue(
            type=kind,
            code=f"verify.{kind}",
            message=f"{place}: {note}",
            note=note,
            severity=severity,
            path=_inside(self._folder, path),
            line=line,
        )
