"""Checks of dates that may be partial: `partial_date`, `date_order`, `no_overlap`.

A partial date stands for a whole span of days (`spans`), so a comparison of two may be certain
or only possible. Only what is certain fails.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rekodiq_data.checks.base import Kind, Outcome, Parameter, Scope, Verdict
from rekodiq_data.checks.records import and_, by_text, group_numbers, members, own_texts
from rekodiq_data.checks.spans import Span, fault_of, span_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from rekodiq_data.checks.base import Scene
    from rekodiq_data.descriptor.model import NamedCheck

# Days before and after every date that Python knows: "since ever" and "without end".
_EVER, _NEVER = 0, 4_000_000


def _judge_partial_date(scene: Scene, use: NamedCheck) -> Outcome:
    fields: Sequence[str] = use.parameters["fields"]
    faults = [by_text(scene.own.text[field], fault_of) for field in fields]
    verdicts = np.full(scene.own.count, Verdict.NOT_APPLICABLE, np.int8)
    # The first faulty field, else the first that holds a date.
    about = np.zeros(scene.own.count, np.int64)
    for number in range(len(fields) - 1, -1, -1):
        held = np.array([fault == "" for fault in faults[number]], bool) & scene.selected
        first = held & (verdicts != Verdict.FAILED)
        verdicts[first], about[first] = Verdict.HELD, number
        failed = np.array([bool(fault) for fault in faults[number]], bool) & scene.selected
        verdicts[failed], about[failed] = Verdict.FAILED, number

    def explain(record: int) -> str:
        field = fields[about[record]]
        text = scene.own.text[field][record].as_py()
        if verdicts[record] == Verdict.NOT_APPLICABLE:
            return "no date here"
        return faults[about[record]][record] or f'{field} "{text}" is a partial date'

    return Outcome(verdicts, explain, lambda record: fields[about[record]])


def order_of(before: str, after: str) -> Verdict:
    """Whether `before` is not after `after`: two partial dates, as written.

    Held when the last day of `before` is earlier than the first of `after`, or when the texts
    are equal; failed the other way round; undecided when their days overlap, or when one of
    them is no partial date.
    """
    first, second = span_of(before), span_of(after)
    if first is None or second is None:
        return Verdict.UNDECIDED
    if before == after or first.last < second.first:
        return Verdict.HELD
    return Verdict.FAILED if second.last < first.first else Verdict.UNDECIDED


def _judge_date_order(scene: Scene, use: NamedCheck) -> Outcome:
    before, after = use.parameters["before"], use.parameters["after"]
    pairs = list(zip(own_texts(scene, before), own_texts(scene, after), strict=True))
    known: dict[tuple[str, str], Verdict] = {}
    verdicts = np.full(scene.own.count, Verdict.NOT_APPLICABLE, np.int8)
    for record in np.flatnonzero(scene.selected):
        first, second = pairs[record]
        if first is None or second is None:
            continue
        if (first, second) not in known:
            known[first, second] = order_of(first, second)
        verdicts[record] = known[first, second]

    def explain(record: int) -> str:
        first, second = pairs[record]
        match verdicts[record]:
            case Verdict.HELD if first == second:
                return f'{before} and {after} are both "{first}"'
            case Verdict.HELD:
                return f'{before} "{first}" ends before {after} "{second}" begins'
            case Verdict.FAILED:
                return f'{after} "{second}" ends before {before} "{first}" begins'
            case Verdict.UNDECIDED:
                return (
                    fault_of(first or "")
                    or fault_of(second or "")
                    or f'{before} "{first}" and {after} "{second}" share days, '
                    "so their order is not certain"
                )
        return f"{before} or {after} is missing"

    return Outcome(verdicts, explain, lambda _record: after)


@dataclass(frozen=True, slots=True)
class _Validity:
    """What is known of a half-open time [start, end): the least and the most of both ends."""

    least_start: int
    most_start: int
    least_end: int
    most_end: int


def _validity(start: Span | None, end: Span | None) -> _Validity | None:
    """The validity between two dates; None where no end can come after the start.

    A missing start lies at an unknown day before the end; a missing end has not come yet. No
    validity is empty, which tightens both: a share held from 2006 to 2006 was held on some day
    of 2006, so it started before the year's last day.
    """
    least_start, most_start = (start.first, start.last) if start else (_EVER, _NEVER)
    least_end, most_end = (end.first, end.last) if end else (_NEVER, _NEVER)
    if least_start >= most_end:
        return None
    return _Validity(
        least_start, min(most_start, most_end - 1), max(least_end, least_start + 1), most_end
    )


def _judge_no_overlap(scene: Scene, use: NamedCheck) -> Outcome:
    key: Sequence[str] = use.parameters["key"]
    columns = (use.parameters["from"], use.parameters["to"])
    written = [own_texts(scene, column) for column in columns]
    starts, ends = (by_text(scene.own.text[column], span_of) for column in columns)
    groups, count = group_numbers(scene.own, key, scene.selected)
    verdicts = np.full(scene.own.count, Verdict.NOT_APPLICABLE, np.int8)
    partner = np.full(scene.own.count, -1, np.int64)

    for group in members(groups, count):
        if len(group) < 2:
            continue
        valid: list[tuple[_Validity, int]] = []
        for record in group.tolist():
            readable = all(
                span is not None or text[record] is None
                for span, text in zip((starts[record], ends[record]), written, strict=True)
            )
            validity = _validity(starts[record], ends[record]) if readable else None
            if validity is None:
                verdicts[record] = Verdict.UNDECIDED
            else:
                valid.append((validity, record))
        valid.sort(key=lambda each: (each[0].most_start, each[1]))
        _sweep(valid, verdicts, partner)

    def explain(record: int) -> str:
        dates = _time(written, record)
        match verdicts[record]:
            case Verdict.NOT_APPLICABLE:
                return f"{dates} has no earlier time of the same {and_(key)} beside it"
            case Verdict.UNDECIDED if partner[record] < 0:
                faults = [fault_of(text) for text in _dates(written, record)]
                return next(filter(None, faults), f"{dates} holds no day at all")
        other = partner[record]
        sentence = {
            Verdict.HELD: "does not overlap",
            Verdict.FAILED: "overlaps",
            Verdict.UNDECIDED: "may overlap",
        }[Verdict(int(verdicts[record]))]
        same = and_([f'{name} "{scene.own.text[name][record].as_py() or ""}"' for name in key])
        return f"{dates} {sentence} {_time(written, int(other))} of the same {same}"

    return Outcome(verdicts, explain, lambda _record: columns[0])


def _sweep(
    valid: Sequence[tuple[_Validity, int]],
    verdicts: NDArray[np.int8],
    partner: NDArray[np.int64],
) -> None:
    """Judge times of one key, sorted by `most_start`, each against all before it.

    For each record, the best opponents are found among a prefix of the order, so that the work
    is n log n however many records share a key.
    """
    most_starts = [validity.most_start for validity, _ in valid]
    # Up to each place: the record that surely ends latest, and the one that may end latest.
    surely: list[int] = []
    perhaps: list[int] = []
    for place, (validity, record) in enumerate(valid):
        if place:
            verdicts[record] = Verdict.HELD
            partner[record] = valid[perhaps[place - 1]][1]
            if valid[perhaps[place - 1]][0].most_end > validity.least_start:
                verdicts[record] = Verdict.UNDECIDED
            # An opponent that starts, at the latest, before this one can end.
            reach = min(place, bisect_left(most_starts, validity.least_end))
            if reach and valid[surely[reach - 1]][0].least_end > validity.most_start:
                verdicts[record] = Verdict.FAILED
                partner[record] = valid[surely[reach - 1]][1]
        last = place - 1
        surely.append(
            place
            if not place or validity.least_end > valid[surely[last]][0].least_end
            else surely[last]
        )
        perhaps.append(
            place
            if not place or validity.most_end > valid[perhaps[last]][0].most_end
            else perhaps[last]
        )


def _dates(written: Sequence[Sequence[str | None]], record: int) -> list[str]:
    return [text[record] or "" for text in written if text[record] is not None]


def _time(written: Sequence[Sequence[str | None]], record: int) -> str:
    start, end = (text[record] for text in written)
    return f"{start or 'an unknown day'} to {end or 'now'}"


def _reads(*parameters: str) -> Mapping[str, frozenset[str]]:
    return {"": frozenset(parameters)}


KINDS: tuple[Kind, ...] = (
    Kind(
        name="partial_date",
        scope=Scope.ROW,
        summary="Every date is a day, a month, a year or an interval: EDTF level 0.",
        parameters=(Parameter("fields", "columns", "the columns of dates", required=True),),
        reads=lambda use: _reads(*use.parameters["fields"]),
        judge=_judge_partial_date,
    ),
    Kind(
        name="date_order",
        scope=Scope.ROW,
        summary="One partial date does not come after another.",
        parameters=(
            Parameter("before", "column", "the date that comes first", required=True),
            Parameter("after", "column", "the date that comes last", required=True),
        ),
        reads=lambda use: _reads(use.parameters["before"], use.parameters["after"]),
        judge=_judge_date_order,
    ),
    Kind(
        name="no_overlap",
        scope=Scope.TABLE,
        summary="Records of one key are valid at different times.",
        parameters=(
            Parameter("key", "columns", "what has one valid record at a time", required=True),
            Parameter("from", "column", "the first day of validity", required=True),
            Parameter("to", "column", "the first day of no validity any more", required=True),
        ),
        reads=lambda use: _reads(
            *use.parameters["key"], use.parameters["from"], use.parameters["to"]
        ),
        judge=_judge_no_overlap,
    ),
)
