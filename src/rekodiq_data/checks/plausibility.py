"""Checks that can only wonder: `band` and `digits_suspicious`, warnings both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.compute as pc

from rekodiq_data.checks.base import Kind, Outcome, Parameter, Scope, Verdict
from rekodiq_data.checks.operands import exact_number, number_parameter
from rekodiq_data.checks.tolerance import operand
from rekodiq_data.checks.words import grouped, number, unit_of, with_unit
from rekodiq_data.report import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from rekodiq_data.checks.base import Mask, Scene
    from rekodiq_data.descriptor.model import NamedCheck

# Nine digits or more that end like this were hardly ever counted or agreed.
_SUSPICIOUS = r"^[1-9][0-9]{4,}(?:9999|0001)$"
_SAFE_DIGITS = 15


def _judge_band(scene: Scene, check: NamedCheck) -> Outcome:
    column: str = check.parameters["field"]
    values, text = scene.own.values[column], scene.own.text[column]

    def exact(record: int) -> Fraction | None:
        return exact_number(text[record].as_py(), values[record].as_py())

    cells = operand(values, lambda: text, exact)
    outside = np.zeros(scene.own.count, bool)
    bounds = {
        name: number_parameter(check.parameters, name)
        for name in ("minimum", "maximum")
        if name in check.parameters
    }
    for name, bound in bounds.items():
        limit = float(bound)
        sign = 1 if name == "maximum" else -1
        beyond = sign * (cells.floats - limit)
        outside |= beyond > 0
        # A cell with the very float of the bound, and more digits than a float tells apart.
        same = (cells.floats == limit) & (cells.lengths > _SAFE_DIGITS)
        for record in np.flatnonzero(same & scene.selected).tolist():
            found = exact(record)
            outside[record] |= found is not None and sign * (found - bound) > 0
    verdicts = np.where(outside, Verdict.FAILED, Verdict.HELD).astype(np.int8)
    verdicts[~np.isfinite(cells.floats) | ~scene.selected] = Verdict.NOT_APPLICABLE
    unit = unit_of(column)

    def explain(record: int) -> str:
        shown = with_unit(grouped(str(text[record].as_py())), unit)
        least, most = bounds.get("minimum"), bounds.get("maximum")
        if verdicts[record] == Verdict.NOT_APPLICABLE:
            return f"{column} holds no number here"
        value = exact(record)
        assert value is not None, "a finite number is a number"
        if least is not None and value < least:
            return f"{shown} is less than is plausible ({with_unit(number(least), unit)})"
        if most is not None and value > most:
            return f"{shown} is more than is plausible ({with_unit(number(most), unit)})"
        return f"{shown} is plausible"

    return Outcome(verdicts, explain, lambda _record: column)


def _judge_digits(scene: Scene, check: NamedCheck) -> Outcome:
    fields: list[str] = list(check.parameters["fields"])
    written = np.zeros(scene.own.count, bool)
    suspicious: dict[str, Mask] = {}
    for field in fields:
        text = scene.own.text[field]
        digits = pc.replace_substring_regex(text, r"^[+-]?[0., ]*|[., ]", "")
        found = pc.match_substring_regex(digits, _SUSPICIOUS).fill_null(False)
        suspicious[field] = np.asarray(found)
        written |= np.asarray(text.is_valid())
    failed = np.logical_or.reduce(list(suspicious.values()))
    verdicts = np.where(failed, Verdict.FAILED, Verdict.HELD).astype(np.int8)
    verdicts[~written | ~scene.selected] = Verdict.NOT_APPLICABLE

    def about(record: int) -> str:
        return next((field for field in fields if suspicious[field][record]), fields[0])

    def explain(record: int) -> str:
        if not failed[record]:
            return "no digits here look like an accident of arithmetic"
        text = scene.own.text[about(record)][record].as_py()
        return f"{text} ends in {text[-4:]}, as numbers do that were computed with floats"

    return Outcome(verdicts, explain, about)


def _band_faults(parameters: Mapping[str, Any]) -> list[str]:
    if not {"minimum", "maximum"} & parameters.keys():
        return ["`minimum` or `maximum` must be given"]
    if {"minimum", "maximum"} <= parameters.keys():
        least, most = (number_parameter(parameters, name) for name in ("minimum", "maximum"))
        if least > most:
            return ["`minimum` is greater than `maximum`"]
    return []


BAND = Kind(
    name="band",
    scope=Scope.ROW,
    summary="A number lies between plausible bounds.",
    parameters=(
        Parameter("field", "column", "the column of numbers", required=True),
        Parameter("minimum", "number", "the least plausible number"),
        Parameter("maximum", "number", "the greatest plausible number"),
    ),
    reads=lambda check: {"": frozenset({check.parameters["field"]})},
    judge=_judge_band,
    severity=Severity.WARNING,
    faults=_band_faults,
)
DIGITS_SUSPICIOUS = Kind(
    name="digits_suspicious",
    scope=Scope.ROW,
    summary="A long number doesn't end in 9999 or 0001, as accidents of floats do.",
    parameters=(Parameter("fields", "columns", "the columns of numbers", required=True),),
    reads=lambda check: {"": frozenset(check.parameters["fields"])},
    judge=_judge_digits,
    severity=Severity.WARNING,
)

KINDS = (BAND, DIGITS_SUSPICIOUS)
