"""The check `funding_base`: who pays for a project pays by its shares, free carry aside."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from rekodiq_data.checks.base import Kind, Outcome, Parameter, Scope, Verdict
from rekodiq_data.checks.gravity import GRAVITY
from rekodiq_data.checks.interval import Interval, agreement, quotient, total
from rekodiq_data.checks.operands import Figures, number_parameter
from rekodiq_data.checks.records import own_texts
from rekodiq_data.checks.terms import is_where, known_groups, matching
from rekodiq_data.checks.validity import Instant, instant_of, validities
from rekodiq_data.checks.words import comparison, number, span, unit_of, unread, with_unit
from rekodiq_data.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rekodiq_data.checks.base import Columns, Scene
    from rekodiq_data.checks.interval import Extent
    from rekodiq_data.descriptor.model import NamedCheck

_HUNDRED = Fraction(100)
_COLUMNS = ("share", "share_kind", "from", "to")


@dataclass(frozen=True, slots=True)
class _Stake:
    """What a party holds at a time, of what base; both without the free carry.

    `share` and `base` are None where a figure or a date leaves them open.
    """

    share: Extent | None
    base: Extent | None


class _Stakes:
    """The table of stakes: who holds which paying share, and when."""

    def __init__(self, columns: Columns, parameters: Mapping[str, Any]) -> None:
        names = parameters["stakes"]
        kinds = columns.text[names["share_kind"]].to_pylist()
        free = set(parameters["free_kinds"])
        selected = matching(columns, names.get("where", {}))
        self._paying = [
            record for record in np.flatnonzero(selected).tolist() if kinds[record] not in free
        ]
        self._held = validities(columns.text[names["from"]], columns.text[names["to"]])
        figures = Figures(columns, {})
        self._shares = {each: figures.share(each, names["share"]) for each in self._paying}
        subject = names.get("subject")
        self._subjects = (
            [""] * columns.count if subject is None else columns.text[subject].to_pylist()
        )
        self._of_party: dict[str, list[int]] = {}
        texts = [columns.text[name].to_pylist() for name in names["parties"]]
        for record in self._paying:
            for party in {column[record] for column in texts} - {None}:
                self._of_party.setdefault(party, []).append(record)

    def of(self, party: str, day: Instant) -> _Stake | None:
        """The stake of a party on a day, or the first one after it; None where there is none.

        What is decided shortly before the shares begin is decided for those shares.
        """
        rows = self._of_party.get(party, [])
        held = [(each, self._held[each].at(day)) for each in rows]
        if not any(state is not False for _each, state in held):
            starts = [self._held[each].start for each in rows]
            later = [start for start in starts if start.days.first > day.days.last]
            if not later:
                return None
            day = min(later, key=lambda start: start.days.first)
            held = [(each, self._held[each].at(day)) for each in rows]
        subjects = {self._subjects[each] for each, state in held if state is not False}
        base = [
            (each, self._held[each].at(day))
            for each in self._paying
            if self._subjects[each] in subjects
        ]
        return _Stake(self._sum(held), self._sum(base))

    def _sum(self, rows: Sequence[tuple[int, bool | None]]) -> Extent | None:
        if any(state is None for _each, state in rows):
            return None
        shares = [self._shares[each] for each, state in rows if state]
        sound = [each for each in shares if each is not None]
        return total(sound) if len(sound) == len(shares) else None


class _Contributions:
    """What each record says that a party pays, beside what the party holds."""

    def __init__(self, scene: Scene, check: NamedCheck) -> None:
        parameters = check.parameters
        self.amount: str = parameters["amount"]
        self.percent: str | None = parameters.get("percent")
        self.tolerance = number_parameter(parameters, "relative_tolerance")
        self.figures = Figures(scene.own, {})
        self.parties = own_texts(scene, parameters["party"])
        self.stakes: dict[int, _Stake] = {}
        table = _Stakes(scene.others[parameters["stakes"]["table"]], parameters)
        dates = own_texts(scene, parameters["date"])
        for record in np.flatnonzero(scene.selected).tolist():
            party, day = self.parties[record], instant_of(dates[record])
            stake = table.of(party, day) if party is not None and day is not None else None
            if stake is not None:
                self.stakes[record] = stake
        self.references: dict[int, int] = {}
        groups = known_groups(scene, parameters["group"])
        members: dict[int, list[int]] = {}
        for record in self.stakes:
            if groups[record] >= 0 and self.figures.has(record, self.amount):
                members.setdefault(int(groups[record]), []).append(record)
        for together in members.values():
            reference = self._reference(together)
            self.references.update(
                (record, reference) for record in together if record != reference
            )

    def _reference(self, members: Sequence[int]) -> int:
        """The record that the others are held against.

        Of two the first; of more the one with the middle amount per share, so that one wrong
        amount among right ones is the one that is accused.
        """
        ratios = [(ratio, each) for each in members if (ratio := self._ratio(each)) is not None]
        if len(ratios) < 3:
            return ratios[0][1] if ratios else members[0]
        return sorted(ratios)[len(ratios) // 2][1]

    def _ratio(self, record: int) -> Fraction | None:
        share = self.stakes[record].share
        amount = self.figures.value(record, self.amount)
        low = None if share is None else share.narrow.low
        return (
            amount / low if amount is not None and isinstance(low, Fraction) and low else None
        )

    def expected(self, record: int) -> tuple[Fraction, Fraction] | None:
        """The least and the greatest amount that fits the reference; None where unknown."""
        reference = self.references[record]
        paid = self.figures.value(reference, self.amount)
        mine, theirs = self.stakes[record].share, self.stakes[reference].share
        if paid is None or mine is None or theirs is None:
            return None
        share = quotient(mine, theirs).wide
        if not isinstance(share.low, Fraction) or not isinstance(share.high, Fraction):
            return None
        low, high = sorted((paid * share.low, paid * share.high))
        return low, high

    def amount_verdict(self, record: int) -> Verdict:
        """Whether the amount follows the shares."""
        if record not in self.references:
            return Verdict.NOT_APPLICABLE
        paid, expected = self.figures.value(record, self.amount), self.expected(record)
        if paid is None or expected is None:
            return Verdict.UNDECIDED
        low, high = expected
        spare = self.tolerance * max(abs(low), abs(high))
        return Verdict.HELD if low - spare <= paid <= high + spare else Verdict.FAILED

    def percent_verdict(self, record: int) -> Verdict:
        """Whether the printed share of the funding base is share over base."""
        if self.percent is None or record not in self.stakes:
            return Verdict.NOT_APPLICABLE
        if not self.figures.has(record, self.percent):
            return Verdict.NOT_APPLICABLE
        return agreement(self.figures.figure(record, self.percent), self.computed(record))

    def computed(self, record: int) -> Extent | None:
        """Share over base in percent."""
        stake = self.stakes[record]
        if stake.share is None or stake.base is None:
            return None
        return quotient(stake.share, stake.base, _HUNDRED)


def _judge(scene: Scene, check: NamedCheck) -> Outcome:
    contributions = _Contributions(scene, check)
    verdicts = np.full(scene.own.count, Verdict.NOT_APPLICABLE, np.int8)
    for record in contributions.stakes:
        found = (contributions.amount_verdict(record), contributions.percent_verdict(record))
        verdicts[record] = max(found, key=lambda verdict: GRAVITY[verdict])

    def is_about_percent(record: int) -> bool:
        if record not in contributions.stakes:
            return False
        percent, amount = (
            contributions.percent_verdict(record),
            contributions.amount_verdict(record),
        )
        return GRAVITY[percent] > GRAVITY[amount]

    def explain(record: int) -> str:
        if record not in contributions.stakes:
            return "no paying share of this party is known"
        if is_about_percent(record):
            return _percent_in_words(contributions, record)
        return _amount_in_words(contributions, record)

    def about(record: int) -> str:
        percent = contributions.percent
        return percent if percent and is_about_percent(record) else contributions.amount

    return Outcome(verdicts, explain, about)


def _amount_in_words(contributions: _Contributions, record: int) -> str:
    if record not in contributions.references:
        return "the other contributions are held against this one, or there is no other"
    reference = contributions.references[record]
    paid = contributions.figures.value(record, contributions.amount)
    base = contributions.figures.value(reference, contributions.amount)
    expected = contributions.expected(record)
    mine, theirs = contributions.stakes[record].share, contributions.stakes[reference].share
    if paid is None or base is None or expected is None or mine is None or theirs is None:
        return "the shares on this day, or the amounts, can't be read"
    unit = unit_of(contributions.amount)
    words = (
        f"{contributions.parties[record]} pays {with_unit(number(paid), unit)} for "
        f"{_middle(mine)} % where {contributions.parties[reference]} pays "
        f"{with_unit(number(base), unit)} for {_middle(theirs)} %; "
        f"by these shares it is {span(Interval(*expected), unit)}"
    )
    if contributions.amount_verdict(record) != Verdict.FAILED:
        return words
    low, high = expected
    off, side = (paid - high, "high") if paid > high else (low - paid, "low")
    allowed = number(contributions.tolerance * 100)
    return f"{words}, {with_unit(number(off), unit)} too {side} ({allowed} % allowed)"


def _percent_in_words(contributions: _Contributions, record: int) -> str:
    assert contributions.percent is not None
    printed = contributions.figures.figure(record, contributions.percent)
    computed, stake = contributions.computed(record), contributions.stakes[record]
    if printed is None:
        return unread([contributions.percent])
    if computed is None or stake.share is None or stake.base is None:
        return "the shares on this day can't be read"
    left = f"{_middle(stake.share)} of a funding base of {_middle(stake.base)}"
    return comparison(left, computed, printed, contributions.percent, gives="makes")


def _middle(share: Extent) -> str:
    low, high = share.narrow
    assert isinstance(low, Fraction), "shares have no open ends"
    assert isinstance(high, Fraction), "shares have no open ends"
    return number((low + high) / 2)


_STAKES_KEYS = ("table", *_COLUMNS, "parties")
_STAKES_MORE = ("subject", "where")


def _faults(parameters: Mapping[str, Any]) -> list[str]:
    stakes = parameters["stakes"]
    found = [f"`stakes` lacks `{key}`" for key in _STAKES_KEYS if key not in stakes]
    for key, value in stakes.items():
        if key not in (*_STAKES_KEYS, *_STAKES_MORE):
            hint = did_you_mean(key, (*_STAKES_KEYS, *_STAKES_MORE))
            found.append(f"`stakes` knows no `{key}`.{hint}")
        elif key == "parties":
            if not isinstance(value, list | tuple) or not all(
                isinstance(v, str) for v in value
            ):
                found.append("`stakes.parties` must be a list of names of columns")
        elif key == "where":
            if not is_where(value):
                found.append("`stakes.where` must give a text or texts for each column")
        elif not isinstance(value, str):
            found.append(f"`stakes.{key}` must be a text")
    if number_parameter(parameters, "relative_tolerance") < 0:
        found.append("`relative_tolerance` must not be negative")
    return found


def _reads(check: NamedCheck) -> dict[str, frozenset[str]]:
    parameters = check.parameters
    stakes = parameters["stakes"]
    names = ("party", "amount", "date", "percent")
    own = {parameters[name] for name in names if name in parameters}.union(parameters["group"])
    others = {stakes[name] for name in (*_COLUMNS, "subject") if name in stakes}
    return {
        "": frozenset(own),
        stakes["table"]: frozenset(others.union(stakes["parties"], stakes.get("where", {}))),
    }


FUNDING_BASE = Kind(
    name="funding_base",
    scope=Scope.PACKAGE,
    summary="Parties pay by their shares, on a base without the free carry.",
    parameters=(
        Parameter(
            "group",
            "columns",
            "the columns that are equal for the contributions to one thing",
            required=True,
        ),
        Parameter("party", "column", "who pays", required=True),
        Parameter("amount", "column", "how much", required=True),
        Parameter(
            "date", "column", "when it was decided, possibly a partial date", required=True
        ),
        Parameter(
            "relative_tolerance",
            "number",
            "how far an amount may be from the one that the shares give, as a part of it",
            required=True,
        ),
        Parameter(
            "stakes",
            "map",
            "the table of stakes: `table`, its columns `share`, `share_kind`, `from`, `to` and "
            "`parties` (all columns that may name the one who pays); if need be also `subject` "
            "(the column of what the share is in) and `where`",
            required=True,
        ),
        Parameter("free_kinds", "texts", "the share kinds that pay nothing", required=True),
        Parameter("percent", "column", "a printed share of the funding base in percent"),
    ),
    reads=_reads,
    judge=_judge,
    faults=_faults,
)
