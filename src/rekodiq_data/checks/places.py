"""Checks of figures of places: `place_sum` (parts add up to the whole), `across_vintages`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from rekodiq_data.checks import words
from rekodiq_data.checks.base import Kind, Outcome, Parameter, Scope, Verdict
from rekodiq_data.checks.conflicts import ACROSS_VINTAGES
from rekodiq_data.checks.interval import agreement, total
from rekodiq_data.checks.operands import PRINTED, Figures, printed_columns
from rekodiq_data.checks.records import (
    group_numbers,
    map_faults,
    members,
    own_texts,
    text_columns,
)
from rekodiq_data.checks.spans import Span, span_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rekodiq_data.checks.base import Scene
    from rekodiq_data.checks.interval import Extent
    from rekodiq_data.descriptor.model import NamedCheck

_PLACE_KEYS = ("table", "id", "parent")
_TIME_KEYS = ("from", "to")


@dataclass(frozen=True, slots=True)
class _Tree:
    """Places: what lies below and above each, and when it is valid (as far as is known)."""

    below: Mapping[str, Sequence[str]]
    above: Mapping[str, str]
    times: Mapping[str, tuple[Span | None, Span | None]]

    def covered(self, places: Iterable[str]) -> set[str]:
        """All places that lie above one of `places`."""
        found: set[str] = set()
        for place in places:
            above = self.above.get(place)
            while above is not None and above not in found:
                found.add(above)
                above = self.above.get(above)
        return found

    def may_be_valid(self, place: str, when: Span | None) -> bool:
        """Whether a place may have been valid at some time of `when`; its end is exclusive."""
        start, end = self.times[place]
        if when is None:
            return True
        began = start is None or start.first <= when.last
        return began and (end is None or end.last > when.first)


def _tree(scene: Scene, where: Mapping[str, str]) -> _Tree | None:
    """The places of the table that `where` names; None where it could not be read."""
    table = scene.others.get(where["table"])
    timed = [key for key in _TIME_KEYS if key in where]
    columns = text_columns(table, *(where[key] for key in ("id", "parent", *timed)))
    if columns is None:
        return None
    below: dict[str, list[str]] = {}
    above: dict[str, str] = {}
    times: dict[str, tuple[Span | None, Span | None]] = {}
    for place, parent, *cells in zip(*columns, strict=True):
        if place is None or place in times:  # a second row of a place is the key's to report
            continue
        read = {
            key: span_of(cell) if cell else None for key, cell in zip(timed, cells, strict=True)
        }
        times[place] = (read.get("from"), read.get("to"))
        if parent is not None:
            above[place] = parent
            below.setdefault(parent, []).append(place)
    return _Tree(below, above, times)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The figures that stand for what lies below a place: their records, and what is missing.

    `doubled` are places with more than one figure.
    """

    records: list[int]
    missing: list[str]
    doubled: list[str]


def _parts(
    place: str,
    tree: _Tree,
    figures: Mapping[str, Sequence[int]],
    covered: set[str],
    when: Span | None,
) -> _Parts:
    """What stands for the places below `place`: their own figures, else those further down."""
    parts = _Parts([], [], [])
    seen = {place}
    waiting = list(reversed(tree.below.get(place, ())))
    while waiting:
        child = waiting.pop()
        if child in seen:  # a place above itself
            continue
        seen.add(child)
        records = figures.get(child, ())
        if len(records) > 1:
            parts.doubled.append(child)
        elif records:
            parts.records.append(records[0])
        elif child in covered:
            waiting.extend(reversed(tree.below[child]))
        elif tree.may_be_valid(child, when):
            parts.missing.append(child)
    return parts


def _sum(parts: _Parts, printed: Figures, column: str) -> Extent | None:
    """The sum of the parts; None where one can't be read or is told twice."""
    figures = [printed.figure(record, column) for record in parts.records]
    read = [figure for figure in figures if figure is not None]
    return total(read) if len(read) == len(figures) and not parts.doubled else None


def _judge_place_sum(scene: Scene, use: NamedCheck) -> Outcome:
    parameters = use.parameters
    column: str = parameters["value"]
    where: Mapping[str, str] = parameters["places"]
    places = own_texts(scene, parameters["place"])
    dates = own_texts(scene, parameters["date"]) if "date" in parameters else None
    complete = bool(parameters.get("complete", False))
    printed = Figures(scene.own, parameters, scene.looked_up)
    tree = _tree(scene, where)
    verdicts = np.full(scene.own.count, Verdict.NOT_APPLICABLE, np.int8)
    parts_of: dict[int, _Parts] = {}

    for group in members(*group_numbers(scene.own, parameters["group"], scene.selected)):
        figures: dict[str, list[int]] = {}
        for record in group.tolist():
            place = places[record]
            if place is not None and printed.has(record, column):
                figures.setdefault(place, []).append(record)
        covered = tree.covered(figures) if tree is not None else set()
        for record in group.tolist():
            place = places[record]
            if tree is None:
                verdicts[record] = Verdict.UNDECIDED
            elif place is not None and place in covered:
                when = span_of(dates[record] or "") if dates is not None else None
                parts = _parts(place, tree, figures, covered, when)
                if not parts.records and not parts.doubled:  # above nothing but itself
                    continue
                parts_of[record] = parts
                own = printed.figure(record, column)
                verdict = agreement(own, _sum(parts, printed, column))
                if verdict == Verdict.FAILED and parts.missing and not complete:
                    verdict = Verdict.UNDECIDED
                verdicts[record] = verdict

    def explain(record: int) -> str:
        place = f'"{places[record]}"'
        if tree is None:
            return f"the table {where['table']} could not be read"
        if record not in parts_of:
            return f"no place below {place} has a figure"
        parts = parts_of[record]
        if parts.doubled:
            return f'"{parts.doubled[0]}" below {place} has more than one figure'
        added = _sum(parts, printed, column)
        own = printed.figure(record, column)
        if added is None or own is None:
            return f"{words.unread([column])} for {place} or for a place below it"
        said = f"the {len(parts.records)} figures below {place}"
        if parts.missing:
            said += f', without "{parts.missing[0]}"'
            said += f" and {len(parts.missing) - 1} more," if len(parts.missing) > 1 else ","
        return words.comparison(said, added, own, column, gives="add up to")

    return Outcome(verdicts, explain, lambda _record: column)


def _faults(parameters: Mapping[str, Any]) -> list[str]:
    return map_faults(parameters.get("places"), "places", _PLACE_KEYS, _TIME_KEYS)


def _reads(use: NamedCheck) -> Mapping[str, frozenset[str]]:
    parameters, places = use.parameters, use.parameters["places"]
    own = {parameters["place"], *parameters["group"]}
    if "date" in parameters:
        own.add(parameters["date"])
    return {
        "": printed_columns(parameters, [parameters["value"]]) | own,
        places["table"]: frozenset(
            places[key] for key in ("id", "parent", *_TIME_KEYS) if key in places
        ),
    }


KINDS: tuple[Kind, ...] = (
    Kind(
        name="place_sum",
        scope=Scope.PACKAGE,
        summary="The figures of the places that make up a place add up to its own.",
        parameters=(
            Parameter("value", "column", "the figure", required=True),
            Parameter("place", "column", "the place that it is about", required=True),
            Parameter(
                "group",
                "columns",
                "what parts and whole have in common: indicator, year, source, ...",
                required=True,
            ),
            Parameter(
                "places",
                "map",
                "the table of places: `table`, and its columns `id`, `parent`, `from`, `to`",
                required=True,
            ),
            Parameter(
                "date",
                "column",
                "the year or date that a figure is about: places not valid then are not missed",
            ),
            Parameter(
                "complete", "flag", "the places that have a figure are all that there are"
            ),
            *PRINTED,
        ),
        reads=_reads,
        judge=_judge_place_sum,
        faults=_faults,
        takes_lookup=True,
    ),
    ACROSS_VINTAGES,
)
