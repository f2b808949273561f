"""The check `reads_as`: number, unit and qualifier are what the printed text says."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from rekodiq_data.checks.base import Kind, Outcome, Parameter, Scope, Verdict
from rekodiq_data.checks.operands import exact_number, exact_parameter
from rekodiq_data.checks.printed import read_phrase
from rekodiq_data.checks.words import number, unit_of, with_unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rekodiq_data.checks.base import Scene
    from rekodiq_data.descriptor.model import NamedCheck


class _Record(NamedTuple):
    """The cells of one record that the check is about; None where missing."""

    text: str | None
    value: Fraction | None
    value_text: str | None
    high: Fraction | None
    high_text: str | None
    qualifier: str | None
    unit: str | None


class _Finding(NamedTuple):
    """The verdict on one record, the column it is about, and the words for it."""

    verdict: Verdict
    column: str
    words: str


class _Reader:
    """The parameters of one use of the check, and what they make of a record."""

    def __init__(self, scene: Scene, parameters: Mapping[str, Any]) -> None:
        self._text: str = parameters["text"]
        self._value: str = parameters["value"]
        self._high: str | None = parameters.get("high")
        self._qualifier: str | None = parameters.get("qualifier")
        self._unit: str | None = parameters.get("unit")
        self._factors: dict[str, Fraction] | None = None
        if "units" in parameters:
            factors = {
                unit: exact_parameter(text) for unit, text in parameters["units"].items()
            }
            self._factors = {unit: each for unit, each in factors.items() if each is not None}
        own = scene.own
        self._texts = {
            name: own.text[name].to_pylist()
            for name in (self._text, self._value, self._high, self._qualifier, self._unit)
            if name is not None
        }
        self._values = {
            name: own.values[name].to_pylist()
            for name in (self._value, self._high)
            if name is not None
        }

    def find(self, record: int) -> _Finding:
        """What is to be said of a record."""
        cells = self._cells(record)
        if cells.text is None:
            verdict = Verdict.UNDECIDED if cells.value_text else Verdict.NOT_APPLICABLE
            return _Finding(verdict, self._text, f"there is no printed text in {self._text}")
        phrase = read_phrase(cells.text)
        if phrase is None:
            words = f'"{cells.text}" can\'t be read as one figure'
            return _Finding(Verdict.UNDECIDED, self._text, words)
        says = f'the text says "{cells.text}"'
        if self._qualifier is not None and (cells.qualifier or "exact") != phrase.qualifier:
            words = f"{says} ({phrase.qualifier}), {self._qualifier} says {cells.qualifier}"
            if cells.qualifier is None:
                words = f"{says} ({phrase.qualifier}), {self._qualifier} is missing (exact)"
            return _Finding(Verdict.FAILED, self._qualifier, words)
        factor = self._factor(cells.unit, phrase.unit)
        if isinstance(factor, _Finding):
            return factor._replace(words=f"{says}, {factor.words}")
        last = phrase.high
        if last is None and self._high is not None and cells.high_text is not None:
            words = f"{says}, which has no high end; {self._high} is {cells.high_text}"
            return _Finding(Verdict.FAILED, self._high, words)
        ends = [(self._value, phrase.low.number, cells.value, cells.value_text)]
        if last is not None and self._high is not None:
            ends.append((self._high, last.number, cells.high, cells.high_text))
        for column, printed, value, text in ends:
            if value is None:
                return _Finding(Verdict.UNDECIDED, column, f"{says}, {column} is missing")
            if not _is_same(printed * factor, value, text):
                unit = unit_of(column)
                words = (
                    f"{says}, which is {with_unit(number(printed * factor), unit)}; "
                    f"{column} is {with_unit(number(value), unit)}"
                )
                return _Finding(Verdict.FAILED, column, words)
        return _Finding(Verdict.HELD, self._value, f"{says}, and so do its columns")

    def _cells(self, record: int) -> _Record:
        def text(name: str | None) -> str | None:
            return None if name is None else self._texts[name][record]

        def value(name: str | None) -> Fraction | None:
            return (
                None if name is None else exact_number(text(name), self._values[name][record])
            )

        return _Record(
            text(self._text),
            value(self._value),
            text(self._value),
            value(self._high),
            text(self._high),
            text(self._qualifier),
            text(self._unit),
        )

    def _factor(self, unit: str | None, printed_unit: str) -> Fraction | _Finding:
        """What the printed number is multiplied with, or why that can't be told."""
        if self._factors is None:
            return Fraction(1)
        column = self._unit or self._text
        named = unit or printed_unit
        factor = self._factors.get(named)
        if factor is None:
            words = f'the unit "{named}" is not in `units`' if named else "and no unit"
            return _Finding(Verdict.UNDECIDED, column, words)
        if self._factors.get(printed_unit, factor) != factor:
            return _Finding(Verdict.FAILED, column, f"{column} is {unit}")
        return factor


def _is_same(printed: Fraction, value: Fraction, text: str | None) -> bool:
    """Whether a value is the printed number; rounded to its own places where it never ends."""
    if printed == value:
        return True
    denominator = printed.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    phrase = None if text is None or denominator == 1 else read_phrase(text)
    return phrase is not None and abs(printed - value) * 2 <= phrase.low.unit


def _judge(scene: Scene, check: NamedCheck) -> Outcome:
    reader = _Reader(scene, check.parameters)
    verdicts = np.full(scene.own.count, Verdict.NOT_APPLICABLE, np.int8)
    for record in np.flatnonzero(scene.selected).tolist():
        verdicts[record] = reader.find(record).verdict
    return Outcome(
        verdicts,
        lambda record: reader.find(record).words,
        lambda record: reader.find(record).column,
    )


def _reads(check: NamedCheck) -> dict[str, frozenset[str]]:
    names = ("text", "value", "high", "qualifier", "unit")
    return {"": frozenset(check.parameters[name] for name in names if name in check.parameters)}


def _faults(parameters: Mapping[str, Any]) -> list[str]:
    found = [
        f'`units.{unit}` must be a number other than 0, written as text ("1000")'
        for unit, factor in parameters.get("units", {}).items()
        if not exact_parameter(factor)
    ]
    if "unit" in parameters and "units" not in parameters:
        found.append("`unit` needs `units`: what a figure in each unit is multiplied with")
    return found


READS_AS = Kind(
    name="reads_as",
    scope=Scope.ROW,
    summary="Number, unit and qualifier are what the printed text says.",
    parameters=(
        Parameter("text", "column", "the figure as printed", required=True),
        Parameter("value", "column", "the number parsed from it", required=True),
        Parameter("high", "column", "the high end of a range"),
        Parameter("qualifier", "column", "exact, about, at_least, up_to or range"),
        Parameter("unit", "column", "the unit as printed"),
        Parameter(
            "units",
            "map",
            "for each unit, the exact number that turns a figure into the unit of the value",
        ),
    ),
    reads=_reads,
    judge=_judge,
    faults=_faults,
)

KINDS = (READS_AS,)
