"""The check `borrowed_grade`: metal beside a tonnage fits the grade of another statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from rekodiq_data.checks.base import Kind, Outcome, Parameter, Scope, Verdict
from rekodiq_data.checks.interval import agreement, product
from rekodiq_data.checks.operands import PRINTED, Figures
from rekodiq_data.checks.records import own_texts
from rekodiq_data.checks.spans import span_of
from rekodiq_data.checks.terms import known_groups, term_columns, term_faults, terms_of
from rekodiq_data.checks.words import comparison, figure, unread
from rekodiq_data.report import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rekodiq_data.checks.base import Scene
    from rekodiq_data.checks.terms import Term
    from rekodiq_data.descriptor.model import NamedCheck

_COLUMNS = ("contained", "tonnage", "grade")
# The statement that speaks best for a record decides: it is enough that one of them fits.
_RANK = {Verdict.HELD: 0, Verdict.UNDECIDED: 1, Verdict.FAILED: 2}


@dataclass(frozen=True, slots=True)
class _Loan:
    """A grade taken from the record `lender`, and what came of it."""

    term: Term
    lender: int
    verdict: Verdict


class _Lending:
    """Records that have a tonnage and metal but no grade, and those that can lend them one."""

    def __init__(self, scene: Scene, parameters: Mapping[str, Any]) -> None:
        self.figures = Figures(scene.own, parameters, scene.looked_up)
        self._groups = known_groups(scene, parameters["group"])
        self._statements = own_texts(scene, parameters["statement"])
        self._days = [_first_day(text) for text in own_texts(scene, parameters["date"])]
        self._years: int = parameters["years"]

    def loans(self, term: Term) -> dict[int, _Loan]:
        """The best loan for each record of a term that needs one and gets one."""
        borrowers: list[int] = []
        lenders: dict[int, list[int]] = {}
        for record in term.records(self._groups):
            if self._statements[record] is None or self._days[record] is None:
                continue
            if self.figures.has(record, term.grade):
                lenders.setdefault(int(self._groups[record]), []).append(record)
            elif all(self.figures.has(record, name) for name in (term.contained, term.tonnage)):
                borrowers.append(record)
        found = {}
        for record in borrowers:
            near = [
                each
                for each in lenders.get(int(self._groups[record]), [])
                if self._statements[each] != self._statements[record]
                and self._within_years(record, each)
            ]
            loans = [
                self._loan(term, record, each) for each in self._preferred(term, record, near)
            ]
            if loans:
                found[record] = min(loans, key=lambda loan: _RANK[loan.verdict])
        return found

    def _preferred(self, term: Term, record: int, lenders: Sequence[int]) -> list[int]:
        """The lenders, nearest in time first.

        Statements that print the same tonnage speak of the same ore: where there are any, the
        others are not asked.
        """
        mine = self.figures.figure(record, term.tonnage)
        same = []
        for each in lenders:
            theirs = self.figures.figure(each, term.tonnage)
            if mine is not None and theirs is not None and mine.wide.overlaps(theirs.wide):
                same.append(each)
        day = _ordinal(self._days[record])
        return sorted(same or lenders, key=lambda each: abs(_ordinal(self._days[each]) - day))

    def _loan(self, term: Term, record: int, lender: int) -> _Loan:
        tonnage = self.figures.figure(record, term.tonnage)
        grade = self.figures.figure(lender, term.grade)
        computed = product((tonnage, grade), term.scale) if tonnage and grade else None
        verdict = agreement(self.figures.figure(record, term.contained), computed)
        return _Loan(term, lender, verdict)

    def _within_years(self, one: int, other: int) -> bool:
        first, last = sorted(day for day in (self._days[one], self._days[other]) if day)
        # The same day so many years later may not exist (29 February), but can be compared.
        bound = (first.year + self._years, first.month, first.day)
        return (last.year, last.month, last.day) <= bound


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0


def _first_day(text: str | None) -> date | None:
    """The first day that a partial date can stand for."""
    days = None if text is None else span_of(text)
    return None if days is None else date.fromordinal(days.first)


def _judge(scene: Scene, check: NamedCheck) -> Outcome:
    parameters = check.parameters
    lending = _Lending(scene, parameters)
    loans: dict[int, _Loan] = {}
    for term in terms_of(scene, parameters):
        loans.update(lending.loans(term))
    verdicts = np.full(scene.own.count, Verdict.NOT_APPLICABLE, np.int8)
    for record, loan in loans.items():
        verdicts[record] = loan.verdict
    sources = own_texts(scene, parameters.get("source", parameters["statement"]))

    def explain(record: int) -> str:
        if record not in loans:
            return "no grade is to be borrowed here, or no other statement lends one"
        loan = loans[record]
        term = loan.term
        tonnage = lending.figures.figure(record, term.tonnage)
        grade = lending.figures.figure(loan.lender, term.grade)
        contained = lending.figures.figure(record, term.contained)
        if tonnage is None or grade is None or contained is None:
            triples = zip(_COLUMNS, (contained, tonnage, grade), strict=True)
            return unread([getattr(term, name) for name, each in triples if each is None])
        return comparison(
            f"{figure(tonnage, term.tonnage)} x {figure(grade, term.grade)} "
            f"(the grade of {sources[loan.lender]})",
            product((tonnage, grade), term.scale),
            contained,
            term.contained,
            says=f"{sources[record]} says",
        )

    def about(record: int) -> str:
        loan = loans.get(record)
        return loan.term.contained if loan else str(parameters["terms"][0]["contained"])

    return Outcome(verdicts, explain, about)


def _reads(check: NamedCheck) -> dict[str, frozenset[str]]:
    parameters = check.parameters
    names = [parameters[name] for name in ("statement", "date", "source") if name in parameters]
    own = term_columns(parameters, _COLUMNS).union(parameters["group"], names)
    return {"": own}


def _faults(parameters: Mapping[str, Any]) -> list[str]:
    found = term_faults(parameters, _COLUMNS)
    return [*found, "`years` must not be negative"] if parameters["years"] < 0 else found


BORROWED_GRADE = Kind(
    name="borrowed_grade",
    scope=Scope.TABLE,
    summary="Metal beside a tonnage fits the grade that another statement gives.",
    parameters=(
        Parameter(
            "group",
            "columns",
            "the columns that are equal where grades can be compared: deposit, kind, ...",
            required=True,
        ),
        Parameter("statement", "column", "what tells statements apart", required=True),
        Parameter(
            "date", "column", "the date of the statement, possibly partial", required=True
        ),
        Parameter("years", "integer", "how far apart the dates may be", required=True),
        Parameter(
            "terms",
            "list",
            "for each commodity {where, contained, tonnage, grade, scale}; "
            "contained = scale x tonnage x grade",
            required=True,
        ),
        Parameter("source", "column", "who says it, for the words; the statement if not given"),
        *PRINTED,
    ),
    reads=_reads,
    judge=_judge,
    severity=Severity.WARNING,
    faults=_faults,
    takes_lookup=True,
)
