"""One copy of the project for all planted faults of a test process."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from rekodiq_data.api import validate
from rekodiq_data.descriptor import open_package
from rekodiq_data.descriptor.model import Package
from rekodiq_data.judge import judge
from rekodiq_data.report import Issue

from .oracle import Finding, expected
from .raw import Changes, RawTable, read_tables
from .readers import may_read, reading_tables

PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Bench:
    """A copy of the project, in which one table at a time is changed and judged."""

    project: Path
    package: Package
    tables: dict[str, RawTable]

    def complaints(
        self, name: str, changes: Changes, must: Iterable[Finding], *, whole: bool = False
    ) -> list[str]:
        """What is wrong with the judge's findings after changing some cells of a table.

        The package is opened once, and only tables that the changes can reach are judged;
        `whole` opens and judges all of the project.

        Args:
            name: the table.
            changes: its new cells.
            must: issues that have to be there, of checks too.
            whole: whether all tables are judged.
        """
        table = self.tables[name]
        path = self.project / "datapackage" / "raw" / f"{name}.csv"
        original = path.read_bytes()
        try:
            table.write(path, changes)
            fields = {field for _row, field in changes}
            near = {name} | reading_tables(self.package, name, fields)
            report = (
                validate(self.project, limit=0)
                if whole
                else judge(self.package, tables=sorted(near), limit=0)
            )
        finally:
            path.write_bytes(original)
        if report.issues:
            return [f"issues of the package itself: {report.issues}"]
        found = report.all_issues()
        rules = [issue for issue in found if issue.type != "check-error"]
        checks = [issue for issue in found if issue.type == "check-error"]
        wanted = expected(self.tables, name, changes)
        got = [_finding(issue) for issue in rules]
        planted = set(must) - {_finding(issue) for issue in found}
        return [
            *(f"planted, and not found: {each}" for each in sorted(planted)),
            *(f"not found: {each}" for each in sorted(wanted - set(got))),
            *(f"found, and should not be: {each}" for each in sorted(set(got) - wanted)),
            *(f"found twice: {each}" for each in sorted(set(got)) if got.count(each) > 1),
            *self._misplaced([*rules, *checks], name, changes),
            *self._unread(checks, name, changes),
        ]

    def _misplaced(self, found: list[Issue], name: str, changes: Changes) -> list[str]:
        """Issues in the changed table with a wrong line, column, field number or raw cell."""
        table = self.tables[name]
        wrong = []
        for issue in found:
            if issue.resource != name or issue.row_number is None:
                continue
            field = str(issue.field_name)
            row = issue.row_number - 2
            cell = changes.get((row, field), table.at(row, field))
            place = table.place(row, field, changes)
            if (issue.line, issue.column) != place:
                wrong.append(f"should stand at {place}: {issue}")
            if issue.field_number != table.names.index(field) + 1 or issue.cell != cell:
                wrong.append(f"should be about {cell!r}: {issue}")
        return wrong

    def _unread(self, found: list[Issue], name: str, changes: Changes) -> list[str]:
        """Issues of checks at records whose verdict does not read any of the changes."""
        read = may_read(self.package, self.tables, name, changes)
        wrong = []
        for issue in found:
            check = issue.code.removeprefix("check.").removesuffix(".undecided")
            rows = read.get((str(issue.resource), check))
            # A check that has come to decide nothing says so once for the table.
            alone = issue.row_number is None and bool(rows)
            if not alone and (issue.row_number or 0) - 2 not in (rows or ()):
                wrong.append(f"reads no changed cell: {issue}")
        return wrong


def _finding(issue: Issue) -> Finding:
    row = (issue.row_number or 0) - 2
    return Finding(str(issue.resource), row, str(issue.field_name), issue.code)


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """The project as it is, without any issue."""
    project = tmp_path_factory.mktemp("planted")
    shutil.copytree(PROJECT / "schemas", project / "schemas")
    shutil.copytree(
        PROJECT / "datapackage",
        project / "datapackage",
        ignore=shutil.ignore_patterns("releases"),
    )
    report = validate(project)
    assert not report.all_issues(), "the project has issues of its own"
    return Bench(project, open_package(project), read_tables(project))
