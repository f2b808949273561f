"""The check `implied_tonnage`: two commodities of one statement lie in the same ore."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from rekodiq_data.checks.base import Kind, Outcome, Parameter, Scope, Verdict
from rekodiq_data.checks.interval import agreement, quotient
from rekodiq_data.checks.operands import PRINTED, Figures
from rekodiq_data.checks.terms import known_groups, term_columns, term_faults, terms_of
from rekodiq_data.checks.words import figure, number, span, unread

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rekodiq_data.checks.base import Scene
    from rekodiq_data.checks.interval import Extent
    from rekodiq_data.checks.terms import Term
    from rekodiq_data.descriptor.model import NamedCheck

_COLUMNS = ("contained", "grade")
_NONE, _SEVERAL = -1, -2


def _judge(scene: Scene, check: NamedCheck) -> Outcome:
    earlier, later = terms_of(scene, check.parameters)
    figures = Figures(scene.own, check.parameters, scene.looked_up)
    groups = known_groups(scene, check.parameters["group"])
    first: dict[int, int] = {}
    for record in earlier.records(groups):
        group = int(groups[record])
        first[group] = _SEVERAL if group in first else record
    partners: dict[int, int] = {}
    verdicts = np.full(scene.own.count, Verdict.NOT_APPLICABLE, np.int8)
    for record in later.records(groups):
        partner = partners[record] = first.get(int(groups[record]), _NONE)
        if partner == _SEVERAL:
            verdicts[record] = Verdict.UNDECIDED
        elif partner != _NONE:
            one = _implied(figures, earlier, partner)
            verdicts[record] = agreement(one, _implied(figures, later, record))

    def explain(record: int) -> str:
        partner = partners.get(record, _NONE)
        if partner < 0:
            how_many = "several records" if partner == _SEVERAL else "no record"
            return f"{how_many} of this statement can give the other tonnage"
        sides = [_Side(figures, earlier, partner), _Side(figures, later, record)]
        return _in_words(sides)

    return Outcome(verdicts, explain, lambda _record: later.contained)


def _implied(figures: Figures, term: Term, record: int) -> Extent | None:
    """The tonnage that a record's metal and grade imply."""
    contained, grade = (
        figures.figure(record, term.contained),
        figures.figure(record, term.grade),
    )
    return (
        None if contained is None or grade is None else quotient(contained, grade, term.scale)
    )


class _Side:
    """One of the two tonnages, in words; `missing` names what can't be read for it."""

    def __init__(self, figures: Figures, term: Term, record: int) -> None:
        contained = figures.figure(record, term.contained)
        grade = figures.figure(record, term.grade)
        pairs = ((contained, term.contained), (grade, term.grade))
        self.missing = [column for each, column in pairs if each is None]
        self.metal = " at ".join(figure(each, column) for each, column in pairs if each)
        self.tonnage = _implied(figures, term, record)


def _in_words(sides: list[_Side]) -> str:
    one, other = (side.tonnage for side in sides)
    if one is None or other is None:
        return unread([column for side in sides for column in side.missing])
    words = (
        f"{sides[0].metal} makes {span(one.wide)} of ore, "
        f"{sides[1].metal} makes {span(other.wide)}"
    )
    if one.wide.overlaps(other.wide):
        return words
    lower, upper = sorted((one.wide, other.wide))
    assert isinstance(lower.high, Fraction), "an open end would overlap"
    assert isinstance(upper.low, Fraction), "an open end would overlap"
    return f"{words}: {number(upper.low - lower.high)} apart"


def _faults(parameters: Mapping[str, Any]) -> list[str]:
    count = len(parameters["terms"])
    if count != 2:
        return [f"`terms` must be two, one for each commodity; there are {count}"]
    return term_faults(parameters, _COLUMNS)


def _reads(check: NamedCheck) -> dict[str, frozenset[str]]:
    group = frozenset(check.parameters["group"])
    return {"": term_columns(check.parameters, _COLUMNS) | group}


IMPLIED_TONNAGE = Kind(
    name="implied_tonnage",
    scope=Scope.TABLE,
    summary="Metal over grade gives one tonnage for both commodities of a statement.",
    parameters=(
        Parameter(
            "group",
            "columns",
            "the columns that are equal within one statement and category",
            required=True,
        ),
        Parameter(
            "terms",
            "list",
            "two of {where, contained, grade, scale}; tonnage = scale x contained / grade",
            required=True,
        ),
        *PRINTED,
    ),
    reads=_reads,
    judge=_judge,
    faults=_faults,
    takes_lookup=True,
)
