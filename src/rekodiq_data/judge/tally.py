"""Verdicts of named checks, counted; failures that a known misprint explains, set apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from rekodiq_data.checks import KINDS, run
from rekodiq_data.checks.base import Verdict
from rekodiq_data.judge.book import Book, RuleKey, Words
from rekodiq_data.report import CheckCount

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from rekodiq_data.checks.base import Mask, Outcome
    from rekodiq_data.descriptor.model import NamedCheck, Schema


@dataclass(slots=True)
class _Counts:
    held: int = 0
    failed: int = 0
    undecided: int = 0
    explained: int = 0
    not_applicable: int = 0


class Tally:
    """What the named checks of one table said, over all chunks.

    Failures go to `book`; those that the record's reading mark explains go to `explained`, are
    counted apart and are no findings.
    """

    def __init__(self, schema: Schema, book: Book, explained: Book) -> None:
        self._schema = schema
        self._book = book
        self._explained = explained
        self._counts = {check.name: _Counts() for check in schema.checks}

    def take(
        self,
        check: NamedCheck,
        outcome: Outcome,
        row_numbers: NDArray[np.int64],
        marks: pa.Array | None,
        texts: Mapping[str, pa.Array],
    ) -> Mask:
        """Count one outcome; put its failures into words.

        Args:
            check: the check.
            outcome: its verdicts on these records.
            row_numbers: of these records.
            marks: their reading marks, where the schema has such a column.
            texts: their cells as written, for columns that verdicts are about.

        Returns:
            The records whose failure their mark explains.
        """
        verdicts = outcome.verdicts
        failed = verdicts == Verdict.FAILED
        excused = run.explained(self._schema.reading, check, marks)
        explained = np.zeros(len(verdicts), bool) if excused is None else failed & excused
        failed &= ~explained
        counts = self._counts[check.name]
        counts.held += int(np.count_nonzero(verdicts == Verdict.HELD))
        counts.undecided += int(np.count_nonzero(verdicts == Verdict.UNDECIDED))
        counts.not_applicable += int(np.count_nonzero(verdicts == Verdict.NOT_APPLICABLE))
        counts.failed += int(np.count_nonzero(failed))
        counts.explained += int(np.count_nonzero(explained))
        self._add(self._book, check, outcome, np.flatnonzero(failed), row_numbers, texts)
        self._add(
            self._explained, check, outcome, np.flatnonzero(explained), row_numbers, texts
        )
        return np.asarray(explained)

    def counts(self) -> tuple[CheckCount, ...]:
        """The counts of each check, in the schema's order."""
        return tuple(
            CheckCount(
                check=check.check,
                name=check.name,
                severity=check.severity or KINDS[check.check].severity,
                held=(counts := self._counts[check.name]).held,
                failed=counts.failed,
                undecided=counts.undecided,
                explained=counts.explained,
                not_applicable=counts.not_applicable,
            )
            for check in self._schema.checks
        )

    def _add(
        self,
        book: Book,
        check: NamedCheck,
        outcome: Outcome,
        rows: NDArray[np.int64],
        row_numbers: NDArray[np.int64],
        texts: Mapping[str, pa.Array],
    ) -> None:
        about: dict[str, list[int]] = {}
        for row in rows.tolist():
            about.setdefault(outcome.about(row), []).append(row)
        severity = check.severity or KINDS[check.check].severity
        for name, failing in about.items():
            key = RuleKey(
                "check-error",
                f"check.{check.name}",
                self._schema.position(name),
                name,
                severity,
            )
            book.add(
                key,
                row_numbers[failing],
                note=_note(outcome, failing),
                cell=_cell(texts.get(name), failing),
            )


def _note(outcome: Outcome, rows: Sequence[int]) -> Words:
    return lambda index: outcome.explain(rows[index])


def _cell(texts: pa.Array | None, rows: Sequence[int]) -> Words:
    if texts is None:
        return lambda _index: None
    return lambda index: texts[rows[index]].as_py() or ""
