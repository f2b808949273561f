"""Checks of totals and shares of totals: `parts` and `attributable`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from rekodiq_data.checks.base import Kind, Outcome, Parameter, Scope, Verdict
from rekodiq_data.checks.gravity import GRAVITY
from rekodiq_data.checks.interval import agreement, product, total
from rekodiq_data.checks.operands import PRINTED, Figures, printed_columns
from rekodiq_data.checks.records import own_texts
from rekodiq_data.checks.terms import known_groups
from rekodiq_data.checks.words import comparison, figure, listed, number, unread

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rekodiq_data.checks.base import Scene
    from rekodiq_data.descriptor.model import NamedCheck

_PERCENT = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class _Finding:
    """The verdict on one figure of a record, and the other records that it rests on."""

    column: str
    verdict: Verdict
    others: Sequence[int]


def _gravest(findings: Sequence[_Finding]) -> _Finding:
    return max(findings, key=lambda each: GRAVITY[each.verdict])


def _judge_parts(scene: Scene, check: NamedCheck) -> Outcome:
    parameters = check.parameters
    columns: list[str] = list(parameters["values"])
    figures = Figures(scene.own, parameters, scene.looked_up)
    is_complete: bool = parameters.get("complete", False)
    ids, totals = own_texts(scene, parameters["id"]), own_texts(scene, parameters["part_of"])
    parts: dict[str, list[int]] = {}
    for record in np.flatnonzero(scene.selected).tolist():
        name = totals[record]
        if name is not None:
            parts.setdefault(name, []).append(record)
    findings: dict[int, _Finding] = {}
    for record in np.flatnonzero(scene.selected).tolist():
        name = ids[record]
        if name is None or name not in parts:
            continue
        compared = [
            _parts_finding(figures, record, parts[name], column, is_complete=is_complete)
            for column in columns
        ]
        gravest = _gravest(compared)
        if gravest.verdict == Verdict.NOT_APPLICABLE:
            gravest = replace(gravest, verdict=Verdict.UNDECIDED)
        findings[record] = gravest

    def explain(record: int) -> str:
        if record not in findings:
            return "no record names this one as its total"
        return _parts_in_words(figures, record, findings[record])

    return _outcome(scene, findings, explain, columns[0])


def _parts_finding(
    figures: Figures, record: int, parts: Sequence[int], column: str, *, is_complete: bool
) -> _Finding:
    """Whether a total agrees with the sum of its parts in one column."""
    given = [part for part in parts if figures.has(part, column)]
    if not given or not figures.has(record, column):
        # Total and parts do not both state it: in this column there is nothing to compare.
        return _Finding(column, Verdict.NOT_APPLICABLE, given)
    stated = figures.figure(record, column)
    read = [each for part in given if (each := figures.figure(part, column)) is not None]
    if stated is None or len(read) < len(given):
        return _Finding(column, Verdict.UNDECIDED, given)
    summed = total(read)
    verdict = agreement(stated, summed)
    if not is_complete:
        # A part that is not in the table can add to the sum, and never take from it.
        is_above = summed.wide.low > stated.wide.high and all(each.low >= 0 for each in read)
        lacking = len(given) < len(parts)
        if (verdict == Verdict.FAILED and not is_above) or (
            verdict == Verdict.HELD and lacking
        ):
            verdict = Verdict.UNDECIDED
    return _Finding(column, verdict, given)


def _parts_in_words(figures: Figures, record: int, finding: _Finding) -> str:
    column = finding.column
    if not figures.has(record, column) or not finding.others:
        return f"total and parts do not both state {column}"
    stated = figures.figure(record, column)
    read = [figures.figure(part, column) for part in finding.others]
    sound = [each for each in read if each is not None]
    if stated is None or len(sound) < len(read):
        return f"{unread([column])} in the total or in a part"
    left = listed([figure(each, column) for each in sound], " + ")
    return comparison(left, total(sound), stated, column, says="the total says")


def _judge_attributable(scene: Scene, check: NamedCheck) -> Outcome:
    parameters = check.parameters
    columns: list[str] = list(parameters["values"])
    figures = Figures(scene.own, parameters, scene.looked_up)
    share: str = parameters["share"]
    groups = known_groups(scene, parameters["match"])
    bases = own_texts(scene, parameters["basis"])
    attributable: str = parameters.get("attributable", "attributable")
    whole: str = parameters.get("whole", "whole_project")
    wholes: dict[int, list[int]] = {}
    members = np.flatnonzero(groups >= 0).tolist()
    for record in members:
        if bases[record] == whole:
            wholes.setdefault(int(groups[record]), []).append(record)
    findings: dict[int, _Finding] = {}
    for record in members:
        if bases[record] == attributable:
            others = wholes.get(int(groups[record]), [])
            findings[record] = _gravest(
                [_share_finding(figures, record, share, others, column) for column in columns]
            )

    def explain(record: int) -> str:
        if record not in findings or not findings[record].others:
            return "no attributable figure with a whole-project one beside it"
        return _share_in_words(figures, record, share, findings[record])

    return _outcome(scene, findings, explain, columns[0])


def _share_finding(
    figures: Figures, record: int, share: str, wholes: Sequence[int], column: str
) -> _Finding:
    """Whether a figure is its share of one of the whole-project figures in one column."""
    best = _Finding(column, Verdict.NOT_APPLICABLE, ())
    if not figures.has(record, column):
        return best
    stated, percent = figures.figure(record, column), figures.share(record, share)
    for other in wholes:
        if not figures.has(other, column):
            continue
        whole = figures.figure(other, column)
        computed = product((percent, whole), _PERCENT) if percent and whole else None
        found = _Finding(column, agreement(stated, computed), (other,))
        # Sources that disagree about the whole all stand in the table: one that fits will do.
        if not best.others or GRAVITY[found.verdict] < GRAVITY[best.verdict]:
            best = found
    return best


def _share_in_words(figures: Figures, record: int, share: str, finding: _Finding) -> str:
    column = finding.column
    stated, percent = figures.figure(record, column), figures.share(record, share)
    whole = figures.figure(finding.others[0], column)
    if stated is None or percent is None or whole is None:
        pairs = ((stated and whole, column), (percent, share))
        return unread([name for each, name in pairs if each is None])
    left = f"{number(percent.low)} % x {figure(whole, column)}"
    return comparison(left, product((percent, whole), _PERCENT), stated, column)


def _outcome(
    scene: Scene, findings: Mapping[int, _Finding], explain: Callable[[int], str], column: str
) -> Outcome:
    """The outcome of the findings by record; `column` is what all other records are about."""
    verdicts = np.full(scene.own.count, Verdict.NOT_APPLICABLE, np.int8)
    for record, finding in findings.items():
        verdicts[record] = finding.verdict

    def about(record: int) -> str:
        return findings[record].column if record in findings else column

    return Outcome(verdicts, explain, about)


def _reads_parts(check: NamedCheck) -> dict[str, frozenset[str]]:
    parameters = check.parameters
    names = (parameters["id"], parameters["part_of"])
    return {"": printed_columns(parameters, parameters["values"]).union(names)}


def _reads_attributable(check: NamedCheck) -> dict[str, frozenset[str]]:
    parameters = check.parameters
    figures = printed_columns(parameters, (*parameters["values"], parameters["share"]))
    return {"": figures.union(parameters["match"], (parameters["basis"],))}


PARTS = Kind(
    name="parts",
    scope=Scope.TABLE,
    summary="A total is the sum of the records that name it as their total.",
    parameters=(
        Parameter("id", "column", "what names a record", required=True),
        Parameter(
            "part_of", "column", "the id of the total that a record is part of", required=True
        ),
        Parameter("values", "columns", "the columns that add up", required=True),
        Parameter(
            "complete",
            "flag",
            "whether the table holds every part, so that a sum below its total fails too",
        ),
        *PRINTED,
    ),
    reads=_reads_parts,
    judge=_judge_parts,
    takes_lookup=True,
)
ATTRIBUTABLE = Kind(
    name="attributable",
    scope=Scope.TABLE,
    summary="An attributable figure is its share of the whole-project figure.",
    parameters=(
        Parameter(
            "basis", "column", "whether a figure is attributable or whole", required=True
        ),
        Parameter(
            "share", "column", "the share of an attributable figure in percent", required=True
        ),
        Parameter(
            "match",
            "columns",
            "the columns in which both records are equal: deposit, kind, commodity, date",
            required=True,
        ),
        Parameter("values", "columns", "the columns that are compared", required=True),
        Parameter("attributable", "text", '"attributable" in `basis`, if written otherwise'),
        Parameter("whole", "text", '"whole_project" in `basis`, if written otherwise'),
        *PRINTED,
    ),
    reads=_reads_attributable,
    judge=_judge_attributable,
    takes_lookup=True,
)

KINDS = (PARTS, ATTRIBUTABLE)
