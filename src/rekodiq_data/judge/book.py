"""The book of one table's findings: every one is counted, a stated number is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rekodiq_data.report import Issue, RuleCount, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from rekodiq_data.formats.base import RecordPlace

Words = Callable[[int], str | None]

HEADER = 1
_FIELDS = 100  # fields of which all findings are kept that may be
_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class RuleKey:
    """One rule in one field of the table: what totals are counted by.

    `position` is the field's place from 0, None for a rule about whole records or the table.
    """

    type: str
    code: str
    position: int | None = None
    field_name: str | None = None
    severity: Severity = Severity.ERROR


class Book:
    """Findings of one table.

    Args:
        resource: the table's name.
        path: its file, as people know it.
        limit: how many findings are kept per rule and field, and a hundred times as many in
            all; 0 keeps all. Totals are always true.
    """

    def __init__(self, resource: str, path: str | None, limit: int) -> None:
        self._resource = resource
        self._path = path
        self._limit = limit
        self._totals: dict[RuleKey, int] = {}
        self._kept: dict[RuleKey, list[Issue]] = {}
        self._count = 0

    @property
    def errors(self) -> int:
        """True number of errors so far."""
        return sum(
            total for key, total in self._totals.items() if key.severity is Severity.ERROR
        )

    def room(self, key: RuleKey, count: int) -> int:
        """How many of `count` further findings of a rule would be kept."""
        return count if self._limit == 0 else min(count, self._left(key))

    def _left(self, key: RuleKey) -> int:
        of_key = self._limit - len(self._kept.get(key, ()))
        return max(0, min(of_key, _FIELDS * self._limit - self._count))

    def add(
        self,
        key: RuleKey,
        row_numbers: Sequence[int] | NDArray[np.int64],
        *,
        note: Words,
        cell: Words = lambda _index: None,
        suggestion: Words = lambda _index: None,
    ) -> None:
        """Count one finding per row number, in ascending order; put the kept ones into words.

        `note`, `cell` and `suggestion` are asked by position within `row_numbers`, and only
        for findings that are kept.
        """
        count = len(row_numbers)
        if not count:
            return
        self._totals[key] = self._totals.get(key, 0) + count
        kept = self._kept.setdefault(key, [])
        room = self.room(key, count)
        self._count += room
        for index, number in enumerate(row_numbers[:room]):
            kept.append(
                self._issue(key, int(number), note(index), cell(index), suggestion(index))
            )

    def add_one(
        self,
        key: RuleKey,
        note: str,
        *,
        line: int | None = None,
        column: int | None = None,
        cell: str | None = None,
        suggestion: str | None = None,
    ) -> None:
        """Count and keep one finding about the table, its header or its file."""
        self._totals[key] = self._totals.get(key, 0) + 1
        issue = self._issue(key, None, note, cell, suggestion)
        self._kept.setdefault(key, []).append(replace(issue, line=line, column=column))

    def rows_to_locate(self) -> list[int]:
        """Row numbers of the kept findings."""
        found = {
            HEADER if _is_about_label(issue) else issue.row_number
            for issues in self._kept.values()
            for issue in issues
        }
        return sorted(number for number in found if number is not None)

    def issues(self, places: Mapping[int, RecordPlace]) -> tuple[Issue, ...]:
        """The kept findings with their lines and columns, in file order."""
        placed = [_placed(issue, places) for issues in self._kept.values() for issue in issues]
        return tuple(sorted(placed, key=_file_order))

    def rules(self) -> tuple[RuleCount, ...]:
        """True total and kept number of each rule, by field and code."""
        keys = sorted(
            self._totals,
            key=lambda key: (
                -1 if key.position is None else key.position,
                key.code,
                key.severity,
            ),
        )
        return tuple(
            RuleCount(
                code=key.code,
                field_name=key.field_name,
                severity=key.severity,
                total=self._totals[key],
                kept=len(self._kept.get(key, ())),
            )
            for key in keys
        )

    def _issue(
        self,
        key: RuleKey,
        row_number: int | None,
        note: str | None,
        cell: str | None,
        suggestion: str | None,
    ) -> Issue:
        note, cell = _cut(note or ""), cell and _cut(cell)
        return Issue(
            type=key.type,
            code=key.code,
            message=_message(row_number, key.field_name, note),
            note=note,
            severity=key.severity,
            resource=self._resource,
            path=self._path,
            row_number=row_number,
            field_number=None if key.position is None else key.position + 1,
            field_name=key.field_name,
            cell=cell,
            suggestion=suggestion,
        )


def _cut(text: str) -> str:
    """`text` as far as people read it: a cell may be as long as a book."""
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST]}... ({len(text):,} characters)"


def _message(row_number: int | None, field_name: str | None, note: str) -> str:
    """One sentence that stands alone: where, and what is wrong."""
    where = [
        *([f"row {row_number}"] if row_number is not None else []),
        *([f'field "{field_name}"'] if field_name else []),
    ]
    place = ", ".join(where)
    return f"{place[0].upper()}{place[1:]}: {note}" if place else note


def _is_about_label(issue: Issue) -> bool:
    """Whether a finding is about one cell of the header."""
    return issue.line == 1 and issue.row_number is None and issue.field_number is not None


def _placed(issue: Issue, places: Mapping[int, RecordPlace]) -> Issue:
    number = HEADER if _is_about_label(issue) else issue.row_number
    place = None if number is None else places.get(number)
    if place is None:
        return issue
    line, column = place.line, None
    if issue.field_number is not None:
        if issue.field_number <= len(place.cells):
            line, column = place.cells[issue.field_number - 1]
        else:  # a short record: the missing cell would stand at its end
            line = max(place.lines)
            column = len(place.lines[line]) + 1
    source = place.lines.get(line, "")[: (column or 1) + _LONGEST]
    return replace(issue, line=line, column=column, source_line=source or None)


def _file_order(issue: Issue) -> tuple[int, int, int, int, str]:
    return (
        issue.line or 0,
        issue.column or 0,
        issue.row_number or 0,
        issue.field_number or 0,
        issue.code,
    )


def words(texts: pa.Array, rows: NDArray[np.int64], form: str) -> Words:
    """Notes on cells of a chunk: `form` with the cell in place of `{}`."""
    return lambda index: form.format(texts[int(rows[index])].as_py())


def cells(texts: pa.Array, rows: NDArray[np.int64]) -> Words:
    """The cells themselves."""
    return lambda index: texts[int(rows[index])].as_py()
