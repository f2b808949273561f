"""`indicator_identity`: indicators that are made of each other agree.

Sexes add up, rural and urban add up, density is population over area. A shifted label or a
column read one off passes every range and fails here.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from rekodiq_data.checks import words
from rekodiq_data.checks.base import Kind, Outcome, Parameter, Scope, Verdict
from rekodiq_data.checks.interval import agreement, quotient, total
from rekodiq_data.checks.operands import (
    PRINTED,
    Figures,
    exact_parameter,
    number_parameter,
    printed_columns,
)
from rekodiq_data.checks.records import BADNESS, group_numbers, members, own_texts
from rekodiq_data.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rekodiq_data.checks.base import Scene
    from rekodiq_data.checks.interval import Extent, Spread
    from rekodiq_data.descriptor.model import NamedCheck


@dataclass(frozen=True, slots=True)
class _Identity:
    """`result` is the sum of `terms`, or `scale` times the first over the second."""

    result: str
    terms: tuple[str, ...]
    optional: frozenset[str] = frozenset()
    scale: Fraction | None = None

    @property
    def joint(self) -> str:
        """What stands between the terms, in words."""
        return " + " if self.scale is None else " / "

    def computed(self, extents: Sequence[Spread]) -> Extent:
        """What the terms give."""
        if self.scale is None:
            return total(extents)
        return quotient(extents[0], extents[1], self.scale)


@dataclass(frozen=True, slots=True)
class _Finding:
    """One identity at one record: its verdict, the record of each term, and what they give.

    `doubled` are terms that more than one record of the group holds; `computed` is None where
    a term that must be there is missing, doubled or unreadable.
    """

    identity: _Identity
    verdict: Verdict
    records: Mapping[str, int]
    doubled: tuple[str, ...] = ()
    computed: Extent | None = None


def _identity(given: Mapping[str, Any]) -> _Identity:
    if "ratio" in given:
        return _Identity(
            given["result"], tuple(given["ratio"]), scale=number_parameter(given, "scale")
        )
    return _Identity(given["result"], tuple(given["sum"]), frozenset(given.get("optional", ())))


def _judge(scene: Scene, use: NamedCheck) -> Outcome:
    parameters = use.parameters
    column: str = parameters["value"]
    indicators = own_texts(scene, parameters["indicator"])
    printed = Figures(scene.own, parameters, scene.looked_up)
    by_result: dict[str, list[_Identity]] = {}
    for given in parameters["identities"]:
        by_result.setdefault(given["result"], []).append(_identity(given))
    verdicts = np.full(scene.own.count, Verdict.NOT_APPLICABLE, np.int8)
    findings: dict[int, _Finding] = {}

    def find(record: int, identity: _Identity, of: Mapping[str, Sequence[int]]) -> _Finding:
        records = {term: of[term][0] for term in identity.terms if len(of.get(term, ())) == 1}
        doubled = tuple(term for term in identity.terms if len(of.get(term, ())) > 1)
        if not records and not doubled:
            return _Finding(identity, Verdict.NOT_APPLICABLE, records)
        missing = set(identity.terms) - set(records)
        figures = [printed.figure(each, column) for each in records.values()]
        extents = [figure for figure in figures if figure is not None]
        if len(extents) < len(figures) or missing - identity.optional or doubled:
            return _Finding(identity, Verdict.UNDECIDED, records, doubled)
        computed = identity.computed(extents)
        own = printed.figure(record, column)
        verdict = agreement(own, computed)
        # A term that may be left out is a count: it adds something or nothing.
        if (
            verdict == Verdict.FAILED
            and missing
            and own is not None
            and computed.wide.low <= own.wide.high
        ):
            verdict = Verdict.UNDECIDED
        return _Finding(identity, verdict, records, computed=computed)

    for group in members(*group_numbers(scene.own, parameters["group"], scene.selected)):
        of: dict[str, list[int]] = {}
        for record in group.tolist():
            if indicators[record] is not None and printed.has(record, column):
                of.setdefault(indicators[record] or "", []).append(record)
        for record in group.tolist():
            for identity in by_result.get(indicators[record] or "", ()):
                finding = find(record, identity, of)
                if (
                    record not in findings
                    or BADNESS[finding.verdict] > BADNESS[verdicts[record]]
                ):
                    findings[record] = finding
                    verdicts[record] = finding.verdict

    def explain(record: int) -> str:
        finding, name = findings.get(record), indicators[record] or "the record"
        if finding is None:
            return f"{name} is the result of no identity"
        identity = finding.identity
        if finding.verdict == Verdict.NOT_APPLICABLE:
            return f"{name} stands without {', '.join(identity.terms)}"
        if finding.doubled:
            return f"{finding.doubled[0]} has more than one figure beside {name}"
        beside = {name: record, **finding.records}
        figures = {term: printed.figure(at, column) for term, at in beside.items()}
        unread = [term for term, figure in figures.items() if figure is None]
        if unread:
            return words.unread(unread)
        said = identity.joint.join(
            f"{term} {words.figure(figure, column)}" if figure else f"no {term}"
            for term, figure in ((term, figures.get(term)) for term in identity.terms)
        )
        own = figures[name]
        if finding.computed is None or own is None:
            return f"{said} is not enough to tell {name}"
        if identity.scale is not None and identity.scale != 1:
            said = f"{words.number(identity.scale)} x {said}"
        says = f"{name} is"
        return words.comparison(said, finding.computed, own, column, says=says)

    return Outcome(verdicts, explain, lambda _record: column)


def _faults(parameters: Mapping[str, Any]) -> list[str]:
    return [
        f"identity {number}: {fault}"
        for number, given in enumerate(parameters["identities"], start=1)
        for fault in _faults_of(given)
    ]


_KEYS = ("result", "sum", "optional", "ratio", "scale")


def _faults_of(given: Mapping[str, Any]) -> list[str]:
    faults = [
        f"there is no `{key}`.{did_you_mean(str(key), _KEYS)}"
        for key in given
        if key not in _KEYS
    ]
    if not isinstance(given.get("result"), str):
        faults.append("`result` must name an indicator")
    if ("sum" in given) == ("ratio" in given):
        return [*faults, "give either `sum` or `ratio`"]
    terms = given["sum"] if "sum" in given else given["ratio"]
    if not _are_texts(terms) or len(set(terms)) < len(terms):
        return [*faults, "`sum` and `ratio` must be lists of different indicators"]
    if given.get("result") in terms:
        faults.append("`result` can't be made of itself")
    if "ratio" in given:
        if len(terms) != 2:
            faults.append("`ratio` must be two indicators: above and below")
        if exact_parameter(given.get("scale", "1")) is None:
            faults.append('`scale` must be a number, written as text ("100")')
        if "optional" in given:
            faults.append("`optional` belongs to a `sum`")
        return faults
    if "scale" in given:
        faults.append("`scale` belongs to a `ratio`")
    optional = given.get("optional", terms[:0])
    if not isinstance(optional, list | tuple) or not set(optional) <= set(terms):
        faults.append("`optional` must list indicators of the `sum`")
    return faults


def _are_texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)


KINDS: tuple[Kind, ...] = (
    Kind(
        name="indicator_identity",
        scope=Scope.TABLE,
        summary="Indicators that are made of each other agree: sexes add up, and so on.",
        parameters=(
            Parameter("indicator", "column", "which indicator a record holds", required=True),
            Parameter("value", "column", "the figure", required=True),
            Parameter(
                "group",
                "columns",
                "what the indicators have in common: place, year, source, ...",
                required=True,
            ),
            Parameter(
                "identities",
                "list",
                "`result` with `sum` (indicators, some of them `optional`) or with `ratio` "
                "(two indicators) and `scale`",
                required=True,
            ),
            *PRINTED,
        ),
        reads=lambda use: {
            "": printed_columns(use.parameters, [use.parameters["value"]])
            | {use.parameters["indicator"], *use.parameters["group"]}
        },
        judge=_judge,
        faults=_faults,
        takes_lookup=True,
    ),
)
