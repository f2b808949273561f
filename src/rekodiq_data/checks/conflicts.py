"""Figures that should be one: do records of a group contradict each other?

`unexplained_conflict` compares all reports of one quantity, `across_vintages` a place's figure
in different editions of one count. Both share the comparison.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from rekodiq_data.checks import words
from rekodiq_data.checks.base import Kind, Outcome, Parameter, Scope, Verdict
from rekodiq_data.checks.operands import PRINTED, Figures, printed_columns
from rekodiq_data.checks.records import (
    BADNESS,
    DISAGREEMENTS,
    and_,
    disagreement_faults,
    disagreement_reads,
    disagreements,
    group_numbers,
    members,
    own_texts,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from rekodiq_data.checks.base import Mask, Scene
    from rekodiq_data.checks.interval import End, Spread
    from rekodiq_data.descriptor.model import NamedCheck


@dataclass(slots=True)
class _Least:
    """The least value pushed so far, and the least one of any other class than its own.

    Two are enough to answer "the least of another class than this" at any time, so that a
    record need not be compared with each record before it.
    """

    first: tuple[End, int, int] | None = None
    second: tuple[End, int, int] | None = None

    def push(self, value: End, of_class: int, record: int) -> None:
        """Take note of one record's value."""
        entry = (value, of_class, record)
        if self.first is None or of_class == self.first[1]:
            if self.first is None or value < self.first[0]:
                self.first = entry
        elif value < self.first[0]:
            self.first, self.second = entry, self.first
        elif self.second is None or value < self.second[0]:
            self.second = entry

    def beside(self, of_class: int) -> tuple[End, int] | None:
        """The least value of another class, and its record; None where there is none."""
        entry = self.second if self.first and self.first[1] == of_class else self.first
        return None if entry is None else (entry[0], entry[2])


@dataclass(slots=True)
class _Extremes:
    """What is to be known of records that stand in the same disagreements."""

    wide_high: _Least = field(default_factory=_Least)
    wide_low: _Least = field(
        default_factory=_Least
    )  # negated, so that the least is the highest
    narrow_high: _Least = field(default_factory=_Least)
    narrow_low: _Least = field(default_factory=_Least)  # negated
    digits: _Least = field(default_factory=_Least)

    def push(self, extent: Spread | None, of_class: int, record: int) -> None:
        """Take note of a record's figure; None is one that can't be read."""
        self.digits.push(Fraction(0 if extent is None else extent.digits), of_class, record)
        if extent is not None:
            self.wide_high.push(extent.wide.high, of_class, record)
            self.wide_low.push(-extent.wide.low, of_class, record)
            self.narrow_high.push(extent.narrow.high, of_class, record)
            self.narrow_low.push(-extent.narrow.low, of_class, record)

    def against(self, extent: Spread | None, of_class: int) -> tuple[Verdict, int] | None:
        """The worst verdict of "equals" over records of other classes, and the opponent."""
        weakest = self.digits.beside(of_class)
        if weakest is None:
            return None
        if extent is None:
            return Verdict.UNDECIDED, weakest[1]
        for high, low, interval, verdict in (
            (self.wide_high, self.wide_low, extent.wide, Verdict.FAILED),
            (self.narrow_high, self.narrow_low, extent.narrow, Verdict.UNDECIDED),
        ):
            least_high, least_low = high.beside(of_class), low.beside(of_class)
            if least_high is not None and least_high[0] < interval.low:
                return verdict, least_high[1]
            if least_low is not None and -least_low[0] > interval.high:
                return verdict, least_low[1]
        if weakest[0] < 2 or extent.digits < 2:
            return Verdict.UNDECIDED, weakest[1]
        return Verdict.HELD, weakest[1]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A verdict per record, the earlier record that it rests on (-1: none), what explains it.

    `explained` marks records whose only contradiction stands in a disagreement.
    """

    verdicts: NDArray[np.int8]
    opponents: NDArray[np.int64]
    explained: Mask


def compare_with_earlier(
    extents: Sequence[Spread | None],
    present: Mask,
    groups: tuple[NDArray[np.int64], int],
    classes: NDArray[np.int64],
    named: Sequence[frozenset[str]] | None,
) -> Comparison:
    """Compare each record with those before it, in its group, that are of another class.

    Failed where some earlier wide interval is disjoint and no disagreement names both records;
    else undecided where a pair of figures decides nothing; else held. Records without an
    earlier one of another class are not applicable, as are those that hold no figure. Work
    grows with the records of a group times its distinct sets of disagreements, which are few.

    Args:
        extents: what each record's figure can stand for; None where it can't be read.
        present: whether there is any figure to read.
        groups: each record's group (-1: none), and how many groups there are.
        classes: by record; records of one class are never compared.
        named: by record, the disagreements that name it; None where they are not known, which
            leaves contradictions undecided.
    """
    verdicts = np.full(len(extents), Verdict.NOT_APPLICABLE, np.int8)
    opponents = np.full(len(extents), -1, np.int64)
    explained = np.zeros(len(extents), bool)
    for group in members(*groups):
        kept: dict[frozenset[str], _Extremes] = {}
        for record in group[present[group]].tolist():
            extent, of_class = extents[record], int(classes[record])
            mine = named[record] if named is not None else frozenset()
            for theirs, extremes in kept.items():
                found = extremes.against(extent, of_class)
                if found is None:
                    continue
                verdict, opponent = found
                shared = verdict != Verdict.HELD and bool(mine & theirs)
                if shared:
                    verdict = Verdict.HELD
                elif verdict == Verdict.FAILED and named is None:
                    verdict = Verdict.UNDECIDED
                if BADNESS[verdict] > BADNESS[verdicts[record]]:
                    verdicts[record], opponents[record] = verdict, opponent
                    explained[record] = shared
            kept.setdefault(mine, _Extremes()).push(extent, of_class, record)
    return Comparison(verdicts, opponents, explained)


def judge_conflicts(scene: Scene, use: NamedCheck, vintage: Sequence[str] = ()) -> Outcome:
    """Compare records that are equal in `match` and, where `vintage` is given, differ there."""
    parameters = use.parameters
    column: str = parameters["value"]
    match: Sequence[str] = parameters["match"]
    where: Mapping[str, str] = parameters["disagreements"]
    printed = Figures(scene.own, parameters, scene.looked_up)
    present = scene.selected & np.asarray(scene.own.text[column].is_valid())
    # Figures that nothing is compared with need not be read.
    groups = group_numbers(scene.own, match, present)
    extents: list[Spread | None] = [None] * scene.own.count
    for group in members(*groups):
        for record in group.tolist() if len(group) > 1 else ():
            extents[record] = printed.figure(record, column)
    if vintage:
        classes = group_numbers(scene.own, vintage, present)[0]
    else:
        classes = np.arange(scene.own.count)
    by_id = disagreements(scene, where)
    ids = own_texts(scene, parameters["id"])
    named = None
    if by_id is not None:
        named = [by_id.get(name or "", frozenset()) for name in ids]
    found = compare_with_earlier(extents, present, groups, classes, named)

    def explain(record: int) -> str:
        same = f"with the same {and_(match)}"
        if vintage:
            same += f" and another {' or '.join(vintage)}"
        verdict, opponent = found.verdicts[record], int(found.opponents[record])
        if verdict == Verdict.NOT_APPLICABLE:
            return f"there is no figure before it {same}"
        own, other = (printed.figure(each, column) for each in (record, opponent))
        beside = f'"{ids[opponent]}" {same}'
        if own is None or other is None:
            return f"{words.unread([column])} here or in {beside}"
        mine, theirs = (words.figure(figure, column) for figure in (own, other))
        if own.wide.overlaps(other.wide):
            sentence = "agrees" if verdict == Verdict.HELD else "may agree"
            return f"{mine} {sentence} with {theirs} of {beside}"
        if named is None:
            why = f"the table {where['table']} could not be read"
        else:
            why = f"{'a' if found.explained[record] else 'no'} disagreement names both"
        return f"{mine} contradicts {theirs} of {beside}, and {why}"

    return Outcome(found.verdicts, explain, lambda _record: column)


def conflict_reads(use: NamedCheck) -> Mapping[str, frozenset[str]]:
    """The columns that both kinds need."""
    parameters = use.parameters
    own = printed_columns(parameters, [parameters["value"]])
    columns = {parameters["id"], *parameters["match"], *parameters.get("vintage", ())}
    return {"": own | columns, **disagreement_reads(use)}


UNEXPLAINED_CONFLICT = Kind(
    name="unexplained_conflict",
    scope=Scope.PACKAGE,
    summary="Reports of one quantity agree, or a disagreement says why not.",
    parameters=(
        Parameter("id", "column", "what names a record", required=True),
        Parameter("match", "columns", "what makes two records one quantity", required=True),
        Parameter("value", "column", "the figure", required=True),
        DISAGREEMENTS,
        *PRINTED,
    ),
    reads=conflict_reads,
    judge=judge_conflicts,
    faults=disagreement_faults,
    takes_lookup=True,
)
ACROSS_VINTAGES = Kind(
    name="across_vintages",
    scope=Scope.PACKAGE,
    summary="A figure stays what it is between editions, or a disagreement says why not.",
    parameters=(
        Parameter("id", "column", "what names a record", required=True),
        Parameter("match", "columns", "what makes two records one quantity", required=True),
        Parameter("vintage", "columns", "what tells editions apart", required=True),
        Parameter("value", "column", "the figure", required=True),
        DISAGREEMENTS,
        *PRINTED,
    ),
    reads=conflict_reads,
    judge=lambda scene, use: judge_conflicts(scene, use, use.parameters["vintage"]),
    faults=disagreement_faults,
    takes_lookup=True,
)
