"""Checks of ownership: `shares_sum`, and (in `funding`) `funding_base`."""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rekodiq_data.checks.base import Kind, Outcome, Parameter, Scope, Verdict
from rekodiq_data.checks.funding import FUNDING_BASE
from rekodiq_data.checks.gravity import GRAVITY
from rekodiq_data.checks.interval import INFINITY, Interval, total
from rekodiq_data.checks.operands import PRINTED, Figures, number_parameter, printed_columns
from rekodiq_data.checks.records import own_texts
from rekodiq_data.checks.terms import known_groups
from rekodiq_data.checks.validity import Instant, Validity, validities
from rekodiq_data.checks.words import figure, listed, number, span, unit_of, unread, with_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rekodiq_data.checks.base import Scene
    from rekodiq_data.checks.interval import End, Figure
    from rekodiq_data.descriptor.model import NamedCheck


class _Holding(NamedTuple):
    """One share: the record it stands in, how large, and when it is held."""

    record: int
    figure: Figure | None
    held: Validity


class _Tally:
    """Shares that are held together: their sum, kept up to date while they come and go.

    Open ends and unreadable figures are counted, not added, so that they can be taken away.
    """

    def __init__(self) -> None:
        self.count = self.unread = 0
        self._open = [0, 0]
        self._sums = [Fraction(0)] * 4

    def add(self, figure: Figure | None, times: int = 1) -> None:
        """Let a share come (or, with `times` -1, go)."""
        self.count += times
        if figure is None:
            self.unread += times
            return
        for index, end in enumerate((*figure.narrow, *figure.wide)):
            if isinstance(end, Fraction):
                self._sums[index] += times * end
            elif index < 2:  # narrow and wide are open on the same sides
                self._open[index] += times

    def verdict(self, whole: Fraction) -> Verdict:
        """Whether the shares can add up to the whole."""
        if self.count == 0:
            return Verdict.NOT_APPLICABLE
        if self.unread:
            return Verdict.UNDECIDED
        low, high = (-INFINITY if self._open[0] else None, INFINITY if self._open[1] else None)
        ends: list[End] = [
            each if opened is None else opened
            for each, opened in zip(self._sums, (low, high, low, high), strict=True)
        ]
        if not ends[2] <= whole <= ends[3]:
            return Verdict.FAILED
        return Verdict.HELD if ends[0] <= whole <= ends[1] else Verdict.UNDECIDED


class _Boundary:
    """Starts (or ends) of the holdings of one subject, passed in the order of time."""

    def __init__(self, entries: Iterable[tuple[int, int, str, Figure | None]]) -> None:
        """Each entry: first and last possible day, date as written, the share."""
        rows = list(entries)
        self._possible = sorted(first for first, _last, _text, _figure in rows)
        self._rows = sorted(rows, key=lambda row: row[1])
        self._passed = 0
        self._same: dict[str, list[tuple[int, Figure | None]]] = {}
        for _first, last, text, share in rows:
            if text:
                self._same.setdefault(text, []).append((last, share))

    def pass_to(self, instant: Instant) -> tuple[list[Figure | None], list[Figure | None], int]:
        """Go on to a later instant.

        Returns:
            The shares passed since the last one; those whose date is written as this instant
            is, though it is no single day; and how many others may have been passed or not.
        """
        newly: list[Figure | None] = []
        while self._passed < len(self._rows):
            _first, last, _text, share = self._rows[self._passed]
            if last > instant.days.first:
                break
            newly.append(share)
            self._passed += 1
        same = [
            share
            for last, share in self._same.get(instant.text, ())
            if last > instant.days.first
        ]
        possible = bisect_right(self._possible, instant.days.last)
        return newly, same, possible - self._passed - len(same)


def _verdicts(
    holdings: Sequence[_Holding], instants: Iterable[Instant], whole: Fraction
) -> dict[str, Verdict]:
    """The verdict on the shares of one subject at each instant, by its text."""
    starts, ends = _Boundary(_starts(holdings)), _Boundary(_ends(holdings))
    tally = _Tally()
    found: dict[str, Verdict] = {}
    for instant in sorted(instants, key=lambda each: each.days.first):
        came, coming, maybe_came = starts.pass_to(instant)
        went, going, maybe_went = ends.pass_to(instant)
        for share in came:
            tally.add(share)
        for share in went:
            tally.add(share, -1)
        if maybe_came or maybe_went:
            found[instant.text] = Verdict.UNDECIDED
            continue
        for share, times in [(each, 1) for each in coming] + [(each, -1) for each in going]:
            tally.add(share, times)
        found[instant.text] = tally.verdict(whole)
        for share, times in [(each, -1) for each in coming] + [(each, 1) for each in going]:
            tally.add(share, times)
    return found


def _starts(holdings: Sequence[_Holding]) -> Iterable[tuple[int, int, str, Figure | None]]:
    for _record, share, held in holdings:
        # What has ended has started, however vague its start.
        last = min(held.start.days.last, held.end.days.last)
        yield held.start.days.first, last, held.start.text, share


def _ends(holdings: Sequence[_Holding]) -> Iterable[tuple[int, int, str, Figure | None]]:
    for _record, share, held in holdings:
        first = max(held.end.days.first, held.start.days.first)
        yield first, held.end.days.last, held.end.text, share


def _instants(holdings: Sequence[_Holding]) -> dict[str, tuple[Instant, int]]:
    """The days on which a subject's shares change, each with the record it is judged at.

    That is the first record (in the order of the table) that starts then, or that ends then.
    """
    found: dict[str, tuple[Instant, int]] = {}
    for boundary in ("start", "end"):
        for record, _share, held in holdings:
            instant: Instant = getattr(held, boundary)
            if instant.text:
                found.setdefault(instant.text, (instant, record))
    return found


def _judge(scene: Scene, check: NamedCheck) -> Outcome:
    parameters = check.parameters
    column: str = parameters["share"]
    whole = number_parameter(parameters, "total", "100")
    figures = Figures(scene.own, parameters, scene.looked_up)
    groups = known_groups(scene, (parameters["subject"],))
    held = validities(scene.own.text[parameters["from"]], scene.own.text[parameters["to"]])
    subjects: dict[int, list[_Holding]] = {}
    for record in np.flatnonzero(groups >= 0).tolist():
        if not held[record].is_empty:
            holding = _Holding(record, figures.figure(record, column), held[record])
            subjects.setdefault(int(groups[record]), []).append(holding)
    verdicts = np.full(scene.own.count, Verdict.NOT_APPLICABLE, np.int8)
    judged: dict[int, Instant] = {}
    for holdings in subjects.values():
        instants = _instants(holdings)
        found = _verdicts(holdings, [instant for instant, _record in instants.values()], whole)
        for instant, record in instants.values():
            verdict = found[instant.text]
            # A record may stand for its start and its end: the graver verdict is told.
            if (
                record not in judged
                or GRAVITY[verdict] > GRAVITY[Verdict(int(verdicts[record]))]
            ):
                verdicts[record], judged[record] = verdict, instant
    names = own_texts(scene, parameters["subject"])

    def explain(record: int) -> str:
        if record not in judged:
            return "these shares are summed at another record of the same day"
        holdings = subjects[int(groups[record])]
        return _in_words(holdings, judged[record], str(names[record]), column, whole)

    return Outcome(verdicts, explain, lambda _record: column)


def _in_words(
    holdings: Sequence[_Holding], instant: Instant, subject: str, column: str, whole: Fraction
) -> str:
    states = [(each.figure, each.held.at(instant)) for each in holdings]
    opening = f"from {instant.text} on"
    if any(state is None for _share, state in states):
        return f"{opening}, the dates do not tell which shares in {subject} are held"
    active = [share for share, state in states if state]
    shares = [share for share in active if share is not None]
    if len(shares) < len(active):
        return f"{opening}, {unread([column])} for a share in {subject}"
    if not shares:
        return f"{opening}, no share in {subject} is held"
    unit = unit_of(column)
    summed = total(shares).wide
    words = (
        f"{opening}, the shares in {subject} are "
        f"{listed([figure(each, column) for each in shares], ' + ', most=8)}, "
        f"{span(summed, unit)} in all"
    )
    off = _off(summed, whole)
    if off == 0:
        return words
    side = "above" if off > 0 else "below"
    return (
        f"{words}, {with_unit(number(off if off > 0 else -off), unit)} {side} {number(whole)}"
    )


def _off(summed: Interval, whole: Fraction) -> End:
    """How far the sum is above the whole, or (negative) below it; 0 where it can be equal."""
    if summed.low > whole:
        return summed.low - whole
    return summed.high - whole if summed.high < whole else 0


def _reads(check: NamedCheck) -> dict[str, frozenset[str]]:
    parameters: Mapping[str, str] = check.parameters
    names = [parameters[name] for name in ("subject", "from", "to")]
    return {"": printed_columns(parameters, [parameters["share"]]).union(names)}


SHARES_SUM = Kind(
    name="shares_sum",
    scope=Scope.TABLE,
    summary="Shares in one thing add up to the whole whenever one of them starts or ends.",
    parameters=(
        Parameter("subject", "column", "what the shares are in", required=True),
        Parameter("share", "column", "the share", required=True),
        Parameter("from", "column", "the first day, possibly a partial date", required=True),
        Parameter(
            "to", "column", "the first day not held any more; missing: held on", required=True
        ),
        Parameter("total", "number", "what the shares add up to, 100 if not given"),
        *PRINTED,
    ),
    reads=_reads,
    judge=_judge,
    takes_lookup=True,
)

KINDS = (SHARES_SUM, FUNDING_BASE)
