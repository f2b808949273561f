"""`status_ladder`: nobody has signed or paid out before the financing closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from rekodiq_data.checks.base import Kind, Outcome, Parameter, Scope, Verdict
from rekodiq_data.checks.dates import order_of
from rekodiq_data.checks.records import map_faults, own_texts, text_columns
from rekodiq_data.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rekodiq_data.checks.base import Scene
    from rekodiq_data.descriptor.model import NamedCheck

_EVENT_KEYS = ("table", "id", "kind", "date", "close", "denial")
_DENIED = "denied"


@dataclass(frozen=True, slots=True)
class _Events:
    """Events by id: the dates of those that close (None where not dated), and all kinds."""

    closes: Mapping[str, str | None]
    kinds: Mapping[str, str | None]


def _events(scene: Scene, where: Mapping[str, str]) -> _Events | None:
    """The events of the table that `where` names; None where it could not be read."""
    columns = text_columns(
        scene.others.get(where["table"]), where["id"], where["kind"], where["date"]
    )
    if columns is None:
        return None
    rows = [(name, kind, day) for name, kind, day in zip(*columns, strict=True) if name]
    return _Events(
        closes={name: day for name, kind, day in rows if kind == where["close"]},
        kinds={name: kind for name, kind, _ in rows},
    )


def _judge_ladder(scene: Scene, use: NamedCheck) -> Outcome:
    parameters = use.parameters
    where: Mapping[str, str] = parameters["events"]
    late: Sequence[str] = parameters["late"]
    denied = parameters.get("denied", _DENIED)
    denied_by: str | None = parameters.get("denied_by")
    statuses = own_texts(scene, parameters["status"])
    dates = own_texts(scene, parameters["date"])
    denials = own_texts(scene, denied_by) if denied_by else [None] * scene.own.count
    events = _events(scene, where)
    verdicts = np.full(scene.own.count, Verdict.NOT_APPLICABLE, np.int8)
    for record in np.flatnonzero(scene.selected).tolist():
        status = statuses[record]
        if status in late:
            verdicts[record] = _after_close(dates[record], events)
        elif status == denied and denied_by:
            verdicts[record] = _is_denied(denials[record], events, where["denial"])

    def explain(record: int) -> str:
        status = f'"{statuses[record]}"'
        if verdicts[record] == Verdict.NOT_APPLICABLE:
            return f"{status} needs no event"
        if statuses[record] == denied:
            return f"{status}: {_words_of_denial(denials[record], events, where)}"
        day = f"on {dates[record]}" if dates[record] else "on an unknown day"
        return f"{status} {day}: {_words_of_close(verdicts[record], events, where)}"

    def about(record: int) -> str:
        return denied_by if denied_by and statuses[record] == denied else parameters["status"]

    return Outcome(verdicts, explain, about)


def _after_close(day: str | None, events: _Events | None) -> Verdict:
    """Held where some close surely came first, failed where none can have."""
    if events is None:
        return Verdict.UNDECIDED
    orders = {
        order_of(close, day) if close and day else Verdict.UNDECIDED
        for close in events.closes.values()
    }
    for verdict in (Verdict.HELD, Verdict.UNDECIDED):
        if verdict in orders:
            return verdict
    return Verdict.FAILED


def _is_denied(event: str | None, events: _Events | None, denial: str) -> Verdict:
    if event is None:
        return Verdict.FAILED
    if events is None:
        return Verdict.UNDECIDED
    return Verdict.HELD if events.kinds.get(event) == denial else Verdict.FAILED


def _words_of_close(verdict: int, events: _Events | None, where: Mapping[str, str]) -> str:
    if events is None:
        return f"the table {where['table']} could not be read"
    if not events.closes:
        return f'no event of the kind "{where["close"]}" is known'
    listed = ", ".join(f"{name} ({day or 'no date'})" for name, day in events.closes.items())
    return {
        Verdict.HELD: f'after the "{where["close"]}" {listed}',
        Verdict.FAILED: f'before the "{where["close"]}" {listed}',
        Verdict.UNDECIDED: f'the order with the "{where["close"]}" {listed} is not certain',
    }[Verdict(verdict)]


def _words_of_denial(
    event: str | None, events: _Events | None, where: Mapping[str, str]
) -> str:
    if event is None:
        return f'no event of the kind "{where["denial"]}" is named'
    if events is None:
        return f"the table {where['table']} could not be read"
    if event not in events.kinds:
        hint = did_you_mean(event, events.kinds)
        return f'the table {where["table"]} has no event "{event}"{"." + hint if hint else ""}'
    if events.kinds[event] == where["denial"]:
        return f'"{event}" denies it'
    return f'"{event}" is of the kind "{events.kinds[event]}", not "{where["denial"]}"'


def _faults(parameters: Mapping[str, Any]) -> list[str]:
    faults = map_faults(parameters.get("events"), "events", _EVENT_KEYS)
    if parameters.get("denied", _DENIED) in parameters.get("late", ()):
        faults.append("one status can't be both late and denied")
    return faults


def _reads(use: NamedCheck) -> Mapping[str, frozenset[str]]:
    parameters, events = use.parameters, use.parameters["events"]
    own = {parameters["status"], parameters["date"]}
    if "denied_by" in parameters:
        own.add(parameters["denied_by"])
    return {
        "": frozenset(own),
        events["table"]: frozenset({events["id"], events["kind"], events["date"]}),
    }


KINDS: tuple[Kind, ...] = (
    Kind(
        name="status_ladder",
        scope=Scope.PACKAGE,
        summary="No late status before the financing closed; no denied report without denial.",
        parameters=(
            Parameter("status", "column", "how far a commitment has come", required=True),
            Parameter("late", "texts", "statuses that need a close first", required=True),
            Parameter("date", "column", "when the status was reached", required=True),
            Parameter(
                "events",
                "map",
                "the table of events: `table`, its columns `id`, `kind` and `date`, "
                "and the kinds `close` and `denial`",
                required=True,
            ),
            Parameter("denied", "text", 'the status of a denied report, "denied" if not given'),
            Parameter("denied_by", "column", "the id of the event that denies it"),
        ),
        reads=_reads,
        judge=_judge_ladder,
        faults=_faults,
    ),
)
