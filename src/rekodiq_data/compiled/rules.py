"""Constraints of one field as Pandera checks, each with the words for what it asks.

The common types are judged by Pandera's own checks on typed columns; types whose typed column
still holds text (durations, lists, JSON) by checks that ask the lexical room. The few values
that fit no Arrow type are judged one by one (`Rule.each`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from datetime import time as clock_time
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data import lexical
from rekodiq_data.compiled.json_schemas import judge_of
from rekodiq_data.compiled.patterns import matcher
from rekodiq_data.frames import to_array

if TYPE_CHECKING:
    from rekodiq_data.compiled.limited import PatternTime
    from rekodiq_data.descriptor.model import Field

Predicate = Callable[[Any], bool]
Maker = Callable[[int, "Field", str, Any], "Rule"]

# Types whose typed column compares as it stands; all others go value by value.
_DIRECT = frozenset(
    {"string", "integer", "number", "boolean", "date", "datetime", "time", "year", "any"}
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One constraint of one field.

    `name` identifies it within the table; `code` is what reports call it; `asks` ends the
    sentence "<value> ..." in words. `check` judges a typed column, `each` one exact value.
    `is_bound`: if it holds for two values, it holds for all between them.
    """

    name: str
    code: str
    position: int
    asks: str
    check: pandera.Check
    each: Predicate
    choices: tuple[str, ...] = ()
    is_bound: bool = False


@dataclass(frozen=True, slots=True)
class BoundFault:
    """A bound or member that is no value of its field's type."""

    field: str
    constraint: str
    words: str


def rules_of(
    position: int, field: Field, time: PatternTime | None = None
) -> tuple[list[Rule], list[BoundFault]]:
    """Rules of the field at `position`, and the constraints that can't be one.

    A pattern that takes too much `time` is added to the second while it is applied.
    `required` and `unique` are not among them: the first is Pandera's `nullable`, the second
    belongs to `keys`.
    """
    rules: list[Rule] = []
    faults: list[BoundFault] = []

    def slow(words: str) -> None:
        fault = BoundFault(field.name, "pattern", words)
        if fault not in faults:
            faults.append(fault)

    makers: dict[str, Maker] = {
        **_MAKERS,
        "pattern": partial(_pattern_rule, time=time, on_slow=slow),
    }
    for name, make in makers.items():
        stated = _stated(field, name)
        if stated is None:
            continue
        if name in _MEMBERS:
            stated, odd = _members_of(field, stated)
            faults.extend(BoundFault(field.name, name, words) for words in odd)
        try:
            rules.append(make(position, field, name, stated))
        except ValueError as error:
            faults.append(BoundFault(field.name, name, str(error)))
    return rules, faults


def _members_of(field: Field, stated: tuple[Any, ...]) -> tuple[tuple[Any, ...], list[str]]:
    """Members that are values of the field, and what is wrong with the others.

    A missing value passes any list, so that a member which is one (null, or an empty text where
    no empty text is a value) says nothing, and is no fault.
    """
    members, faults = [], []
    for each in stated:
        if each is None:
            continue
        try:
            lexical.bound(field, each)
        except ValueError as error:
            if each != "":
                faults.append(str(error))
        else:
            members.append(each)
    return tuple(members), faults


def _stated(field: Field, name: str) -> Any:
    if name == "categories":
        return field.categories
    return getattr(field.constraints, _ATTRIBUTES[name])


def _bound_rule(position: int, field: Field, name: str, stated: Any) -> Rule:
    limit = lexical.bound(field, stated)
    words, builtin, signs = _BOUNDS[name]

    def holds(value: Any) -> bool:
        # What can't be compared (NaN, P1M with P30D) is not shown to be within the bound.
        return lexical.order(field, value, limit) in signs

    def column(series: pd.Series[Any]) -> pd.Series[bool]:
        found = lexical.compare(_arrow(series, field), field, limit)
        held = pc.is_in(found, value_set=pa.array(signs, pa.int8()))
        return pd.Series(np.asarray(held, bool), index=series.index)

    direct = field.type in _DIRECT and _is_plain(limit)
    check = getattr(pandera.Check, builtin)(limit) if direct else _column_check(column)
    rule = _rule(position, name, f"is {words} {stated}", holds, check)
    return replace(rule, is_bound=direct and lexical.comparable(field))


def _length_rule(position: int, field: Field, name: str, stated: int) -> Rule:
    at_least = name == "minLength"
    unit = "characters" if field.type in {"string", "any"} else "items"
    words = f"has {'fewer' if at_least else 'more'} than {stated} {unit}"

    limit = min(stated, 2**62)  # nothing is as long, and Arrow takes no larger number

    def column(series: pd.Series[Any]) -> pd.Series[bool]:
        lengths = lexical.lengths(_arrow(series, field), field)
        held = (pc.greater_equal if at_least else pc.less_equal)(lengths, limit)
        return pd.Series(np.asarray(held, bool), index=series.index)

    # Values that fit no Arrow type are numbers and times: they have no length.
    return _rule(position, name, words, lambda _value: True, _column_check(column))


def _pattern_rule(
    position: int,
    field: Field,
    name: str,
    stated: str,
    *,
    time: PatternTime | None,
    on_slow: Callable[[str], None],
) -> Rule:
    match = matcher(stated, time=time, on_slow=on_slow)

    def column(series: pd.Series[Any]) -> pd.Series[bool]:
        texts = lexical.canonical(_arrow(series, field), field)
        return pd.Series(match(texts), index=series.index)

    def holds(value: Any) -> bool:
        return bool(match(pa.array([str(value)]))[0])

    words = f'does not match the pattern "{stated}"'
    return _rule(position, name, words, holds, _column_check(column))


def _member_rule(position: int, field: Field, name: str, stated: tuple[Any, ...]) -> Rule:
    members = [lexical.bound(field, each) for each in stated]
    choices = tuple(str(each) for each in stated)
    listed = ", ".join(choices[:12]) + (", ..." if len(choices) > 12 else "")
    comparable = lexical.comparable(field)

    def holds(value: Any) -> bool:
        if comparable:
            return any(lexical.order(field, value, member) == 0 for member in members)
        return value in members

    def column(series: pd.Series[Any]) -> pd.Series[bool]:
        values = lexical.logical(_arrow(series, field), field)
        return pd.Series(
            [holds(each) for each in values.to_pylist()], index=series.index, dtype=bool
        )

    direct = field.type in _DIRECT and all(_is_plain(member) for member in members)
    check = pandera.Check.isin(members) if direct else _column_check(column)
    return _rule(position, name, f"is not one of: {listed}", holds, check, choices)


def _json_schema_rule(position: int, _field: Field, name: str, stated: Any) -> Rule:
    follows = judge_of(stated)

    def column(series: pd.Series[Any]) -> pd.Series[bool]:
        codes, distinct = pd.factorize(series)
        held = np.array([follows(text) for text in distinct], bool)
        return pd.Series(held[codes], index=series.index)

    words = "does not follow the field's JSON Schema"
    return _rule(position, name, words, lambda _value: True, _column_check(column))


def _rule(
    position: int,
    name: str,
    words: str,
    holds: Predicate,
    check: pandera.Check,
    choices: tuple[str, ...] = (),
) -> Rule:
    check.name = f"{position}:{name}"
    return Rule(check.name, f"constraint.{name}", position, words, check, holds, choices)


def _column_check(column: Callable[[pd.Series[Any]], pd.Series[bool]]) -> pandera.Check:
    return pandera.Check(column)


def _arrow(series: pd.Series[Any], field: Field) -> pa.Array:
    return to_array(series, lexical.arrow_type(field))


def _is_plain(value: Any) -> bool:
    """Whether pandas compares a typed column with `value` exactly."""
    if isinstance(value, bool | str):
        return True
    if isinstance(value, int):
        return -(2**63) <= value < 2**63
    if isinstance(value, float):
        return math.isfinite(value)
    # A datetime is a date too; with a zone, or as any exact stand-in, it goes the other way.
    return isinstance(value, date | clock_time) and getattr(value, "tzinfo", None) is None


def exact_check(rule: Rule) -> pandera.Check:
    """The rule for a column of exact Python values, each in a tuple, judged one by one."""

    def column(series: pd.Series[Any]) -> pd.Series[bool]:
        return pd.Series(
            [rule.each(value) for (value,) in series], index=series.index, dtype=bool
        )

    check = _column_check(column)
    check.name = rule.name
    return check


_MEMBERS = ("enum", "categories")
_ATTRIBUTES = {
    "minimum": "minimum",
    "maximum": "maximum",
    "exclusiveMinimum": "exclusive_minimum",
    "exclusiveMaximum": "exclusive_maximum",
    "minLength": "min_length",
    "maxLength": "max_length",
    "pattern": "pattern",
    "enum": "enum",
    "jsonSchema": "json_schema",
}

# In words, as Pandera's check, and as the signs of value minus bound that are fine.
_BOUNDS: dict[str, tuple[str, str, tuple[int, ...]]] = {
    "minimum": ("below the minimum", "ge", (0, 1)),
    "maximum": ("above the maximum", "le", (-1, 0)),
    "exclusiveMinimum": ("not above the exclusive minimum", "gt", (1,)),
    "exclusiveMaximum": ("not below the exclusive maximum", "lt", (-1,)),
}

_MAKERS: dict[str, Maker] = {
    **dict.fromkeys(_BOUNDS, _bound_rule),
    "minLength": _length_rule,
    "maxLength": _length_rule,
    "enum": _member_rule,
    "categories": _member_rule,
    "jsonSchema": _json_schema_rule,
}
