"""Checks of multiplication: `product`, `product_in_statement`, and (in `statements`) two more.

Tonnage times grade is contained metal: as exact decimals within a tolerance, or as printed
figures whose intervals must meet.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from rekodiq_data.checks.base import Kind, Outcome, Parameter, Scope, Verdict
from rekodiq_data.checks.borrowed import BORROWED_GRADE
from rekodiq_data.checks.implied import IMPLIED_TONNAGE
from rekodiq_data.checks.interval import Figure, agreement, certain, product
from rekodiq_data.checks.operands import (
    PRINTED,
    Figures,
    exact_number,
    number_parameter,
    printed_columns,
)
from rekodiq_data.checks.terms import known_groups
from rekodiq_data.checks.tolerance import Bound, Operand, judge_products, operand
from rekodiq_data.checks.words import comparison, figure, number, unit_of, unread, with_unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from rekodiq_data.checks.base import Mask, Scene, Verdicts
    from rekodiq_data.descriptor.model import NamedCheck

    Sources = Mapping[str, NDArray[np.int64]]

_WAYS = ("tolerance", "relative_tolerance", "precision")

_PARAMETERS = (
    Parameter("result", "column", "the column of the product", required=True),
    Parameter("factors", "columns", "the columns that are multiplied", required=True),
    Parameter("scale", "number", "a constant factor, 1 if not given"),
    Parameter("tolerance", "number", "how far result and product may be apart"),
    Parameter("relative_tolerance", "number", "the same as a share of the product"),
    Parameter("precision", "text", "`printed`: as far as the printed figures go"),
    *PRINTED,
)


class _Equations:
    """`result = scale x product(factors)` for each record, in exact decimals or in intervals.

    Args:
        scene: what the check sees.
        check: the use of the check.
        sources: for each column, the record that each record's operand stands in, -1 for none;
            None where every record has its own.
    """

    def __init__(self, scene: Scene, check: NamedCheck, sources: Sources | None = None) -> None:
        parameters = check.parameters
        self._columns = scene.own
        self._sources = sources
        self._result: str = parameters["result"]
        self._factors: list[str] = list(parameters["factors"])
        self._scale = number_parameter(parameters, "scale")
        self._bound: Bound | None = None
        for way in ("tolerance", "relative_tolerance"):
            if way in parameters:
                size = number_parameter(parameters, way)
                self._bound = Bound(size, is_relative=way == "relative_tolerance")
        self._figures = Figures(scene.own, parameters, scene.looked_up)

    def verdicts(self, selected: Mask) -> Verdicts:
        """The verdict for each record that is selected; the others are not applicable."""
        if self._bound is not None:
            result = self._operand(self._result)
            factors = [self._operand(column) for column in self._factors]
            return judge_products(result, factors, self._scale, self._bound, selected)
        verdicts = np.full(self._columns.count, Verdict.NOT_APPLICABLE, np.int8)
        for record in np.flatnonzero(selected).tolist():
            printed = [self._figure(column, record) for column in self._factors]
            found = [each for each in printed if each is not None]
            computed = product(found, self._scale) if len(found) == len(printed) else None
            verdicts[record] = agreement(self._figure(self._result, record), computed)
        return verdicts

    def explain(self, record: int) -> str:
        """What was multiplied for a record, and what stands there."""
        read = self._figure if self._bound is None else self._decimal
        columns = (self._result, *self._factors)
        figures = {column: read(column, record) for column in columns}
        sound = {column: each for column, each in figures.items() if each is not None}
        if len(sound) < len(figures):
            return unread([column for column in figures if column not in sound])
        left = " x ".join(
            figure(sound[column], column) + self._elsewhere(column, record)
            for column in self._factors
        )
        # Where all units are known, the scale is what lies between them.
        if self._scale != 1 and not all(unit_of(column) for column in columns):
            left += f" x {number(self._scale)}"
        computed = product([sound[column] for column in self._factors], self._scale)
        stated = sound[self._result]
        sentence = comparison(left, computed, stated, self._result)
        if self._bound is None or stated.wide.overlaps(computed.wide):
            return sentence
        exactly = computed.wide.low
        assert isinstance(exactly, Fraction), "a product of decimals"
        allowed = number(self._bound.allowed(exactly))
        return f"{sentence} ({with_unit(allowed, unit_of(self._result))} allowed)"

    def _source(self, column: str, record: int) -> int:
        return record if self._sources is None else int(self._sources[column][record])

    def _elsewhere(self, column: str, record: int) -> str:
        return "" if self._source(column, record) == record else " (in another record)"

    def _operand(self, column: str) -> Operand:
        values = self._columns.values[column]
        if self._sources is None:
            text = partial(self._columns.text.__getitem__, column)
        else:
            sources = self._sources[column]
            taken = pa.array(sources, mask=sources < 0)
            values = values.take(taken)
            text = partial(self._columns.text[column].take, taken)
        return operand(values, text, partial(self._number, column))

    def _number(self, column: str, record: int) -> Fraction | None:
        """The exact decimal of an operand."""
        source = self._source(column, record)
        if source < 0:
            return None
        text, value = self._columns.text[column][source], self._columns.values[column][source]
        return exact_number(text.as_py(), value.as_py())

    def _decimal(self, column: str, record: int) -> Figure | None:
        """The exact decimal of an operand, as a figure without width."""
        value = self._number(column, record)
        return None if value is None else Figure(*certain(value), value, value)

    def _figure(self, column: str, record: int) -> Figure | None:
        """The printed figure of an operand."""
        source = self._source(column, record)
        return None if source < 0 else self._figures.figure(source, column)


def _judge_product(scene: Scene, check: NamedCheck) -> Outcome:
    equations = _Equations(scene, check)
    result: str = check.parameters["result"]
    return Outcome(
        equations.verdicts(scene.selected), equations.explain, lambda _record: result
    )


def _judge_product_in_statement(scene: Scene, check: NamedCheck) -> Outcome:
    columns = _columns(check.parameters)
    groups = known_groups(scene, check.parameters["group"])
    written = {
        column: np.asarray(scene.own.text[column].is_valid()) & scene.selected
        for column in columns
    }
    sources = {column: _one_of_group(groups, written[column]) for column in columns}
    result: str = check.parameters["result"]
    complete = np.logical_and.reduce(list(written.values()))
    applies = written[result] & ~complete
    equations = _Equations(scene, check, sources)

    def explain(record: int) -> str:
        if applies[record]:
            return equations.explain(record)
        return f"this record holds no {result} that lacks its factors"

    return Outcome(equations.verdicts(applies), explain, lambda _record: result)


def _one_of_group(groups: NDArray[np.int64], written: Mask) -> NDArray[np.int64]:
    """For each record, itself where it is written; else the only one of its group that is."""
    count = len(groups)
    holders = np.flatnonzero(written & (groups >= 0))
    size = int(groups.max(initial=-1)) + 1
    how_many = np.bincount(groups[holders], minlength=size)
    holder = np.full(size, -1, np.int64)
    holder[groups[holders]] = holders
    holder[how_many != 1] = -1
    # Records without a group come out with -1.
    borrowed = np.append(holder, -1)[groups]
    return np.where(written, np.arange(count), borrowed)


def _columns(parameters: Mapping[str, Any]) -> tuple[str, ...]:
    return (parameters["result"], *parameters["factors"])


def _reads(check: NamedCheck) -> dict[str, frozenset[str]]:
    group = frozenset(check.parameters.get("group", ()))
    return {"": printed_columns(check.parameters, _columns(check.parameters)) | group}


def _faults(parameters: Mapping[str, Any]) -> list[str]:
    given = [way for way in _WAYS if way in parameters]
    if len(given) != 1:
        found = " and ".join(f"`{way}`" for way in given) or "none"
        ways = "exactly one of `tolerance`, `relative_tolerance` and `precision: printed`"
        return [f"{ways} must be given; it is {found}"]
    if given == ["precision"]:
        right = parameters["precision"] == "printed"
        return [] if right else ["`precision` can only be `printed`"]
    size = number_parameter(parameters, given[0])
    return [f"`{given[0]}` must not be negative"] if size < 0 else []


PRODUCT = Kind(
    name="product",
    scope=Scope.ROW,
    summary="A column is the product of others: contained metal = tonnage x grade.",
    parameters=_PARAMETERS,
    reads=_reads,
    judge=_judge_product,
    faults=_faults,
    takes_lookup=True,
)
PRODUCT_IN_STATEMENT = Kind(
    name="product_in_statement",
    scope=Scope.TABLE,
    summary="The same, where the factors stand in other records of the same statement.",
    parameters=(
        Parameter(
            "group", "columns", "the columns that are equal within a statement", required=True
        ),
        *_PARAMETERS,
    ),
    reads=_reads,
    judge=_judge_product_in_statement,
    faults=_faults,
    takes_lookup=True,
)

KINDS = (PRODUCT, PRODUCT_IN_STATEMENT, IMPLIED_TONNAGE, BORROWED_GRADE)
