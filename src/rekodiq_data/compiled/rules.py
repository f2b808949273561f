"""Constraints of one field as Pandera checks, each with the words for what it asks.

The common types are judged by Pandera's own checks on typed columns. Types whose typed column
still holds text (durations, lists, JSON) and the few values that fit no Arrow type are judged
value by value, through the same predicate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa

from rekodiq_data import lexical
from rekodiq_data.compiled.patterns import matcher

if TYPE_CHECKING:
    from rekodiq_data.descriptor.model import Field

Predicate = Callable[[Any], bool]

# Types whose typed column compares as it stands; all others go value by value.
_DIRECT = frozenset(
    {"string", "integer", "number", "boolean", "date", "datetime", "time", "year", "any"}
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One constraint of one field.

    `name` identifies it within the table; `code` is what reports call it; `asks` ends the
    sentence "<value> ..." in words. `check` judges a typed column, `each` one exact value.
    """

    name: str
    code: str
    position: int
    asks: str
    check: pandera.Check
    each: Predicate
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BoundFault:
    """A bound or member that is no value of its field's type."""

    field: str
    constraint: str
    words: str


def rules_of(position: int, field: Field) -> tuple[list[Rule], list[BoundFault]]:
    """Rules of the field at `position`, and the constraints that can't be one.

    `required` and `unique` are not among them: the first is Pandera's `nullable`, the second
    belongs to `keys`.
    """
    rules: list[Rule] = []
    faults: list[BoundFault] = []
    for name, make in _MAKERS.items():
        stated = _stated(field, name)
        if stated is None:
            continue
        try:
            rules.append(make(position, field, name, stated))
        except ValueError as error:
            faults.append(BoundFault(field.name, name, str(error)))
    return rules, faults


def _stated(field: Field, name: str) -> Any:
    if name == "categories":
        return field.categories
    return getattr(field.constraints, _ATTRIBUTES[name])


def _bound_rule(position: int, field: Field, name: str, stated: Any) -> Rule:
    bound = lexical.bound(field, stated)
    words, builtin, compare = _BOUNDS[name]

    def holds(value: Any) -> bool:
        # Decimal against float would compare with the float's binary expansion: 0.1 is not 1/10.
        left, right = (_decimal(value), _decimal(bound)) if _numeric(bound) else (value, bound)
        if (
            isinstance(left, Decimal)
            and isinstance(right, Decimal)
            and (left.is_nan() or right.is_nan())
        ):
            return False
        return compare(left, right)

    direct = getattr(pandera.Check, builtin) if field.type in _DIRECT else None
    return _rule(
        position,
        field,
        name,
        f"is {words} {stated}",
        holds,
        direct and direct(bound, n_failure_cases=1),
    )


def _length_rule(position: int, field: Field, name: str, stated: int) -> Rule:
    at_least = name == "minLength"
    unit = "characters" if field.type in {"string", "any"} else "items"
    words = f"has {'fewer' if at_least else 'more'} than {stated} {unit}"

    def holds(value: Any) -> bool:
        return len(value) >= stated if at_least else len(value) <= stated

    direct = None
    if field.type in {"string", "any"}:
        bounds = {"min_value": stated} if at_least else {"max_value": stated}
        direct = pandera.Check.str_length(**bounds, n_failure_cases=1)
    return _rule(position, field, name, words, holds, direct)


def _pattern_rule(position: int, field: Field, name: str, stated: str) -> Rule:
    match = matcher(stated)

    def column(series: pd.Series[str]) -> pd.Series[bool]:
        return pd.Series(match(pa.array(series, pa.string())), index=series.index)

    def holds(value: Any) -> bool:
        return bool(match(pa.array([str(value)]))[0])

    return _rule(
        position,
        field,
        name,
        f'does not match the pattern "{stated}"',
        holds,
        _column_check(column),
    )


def _member_rule(position: int, field: Field, name: str, stated: tuple[Any, ...]) -> Rule:
    members = [lexical.bound(field, each) for each in stated]
    choices = tuple(str(each) for each in stated)
    listed = ", ".join(choices[:12]) + (", ..." if len(choices) > 12 else "")
    words = f"is not one of: {listed}"
    exact = (
        [_decimal(each) for each in members] if members and _numeric(members[0]) else members
    )

    def holds(value: Any) -> bool:
        return (_decimal(value) if _numeric(value) else value) in exact

    direct = pandera.Check.isin(members, n_failure_cases=1) if field.type in _DIRECT else None
    return _rule(position, field, name, words, holds, direct, choices)


def _json_schema_rule(position: int, field: Field, name: str, stated: Any) -> Rule:
    import jsonschema

    try:
        jsonschema.Draft202012Validator.check_schema(stated)
    except jsonschema.SchemaError as error:
        raise ValueError(f"it is not a JSON Schema: {error.message}") from None
    validator = jsonschema.Draft202012Validator(stated)
    return _rule(
        position,
        field,
        name,
        "does not follow the field's JSON Schema",
        validator.is_valid,
        None,
    )


def _rule(
    position: int,
    field: Field,
    name: str,
    words: str,
    holds: Predicate,
    check: pandera.Check | None,
    choices: tuple[str, ...] = (),
) -> Rule:
    key = f"{position}:{name}"
    if check is None:
        check = _column_check(_by_value(field, holds))
    check.name = key
    code = "constraint.categories" if name == "categories" else f"constraint.{name}"
    return Rule(key, code, position, words, check, holds, choices)


def _column_check(column: Callable[[pd.Series[Any]], pd.Series[bool]]) -> pandera.Check:
    return pandera.Check(column, n_failure_cases=1)


def _by_value(field: Field, holds: Predicate) -> Callable[[pd.Series[Any]], pd.Series[bool]]:
    """A column function that asks `holds` once per distinct value."""

    def column(series: pd.Series[Any]) -> pd.Series[bool]:
        codes, distinct = pd.factorize(series)
        verdicts = np.array([holds(lexical.bound(field, text)) for text in distinct], bool)
        return pd.Series(verdicts[codes], index=series.index)

    return column


def exact_check(rule: Rule) -> pandera.Check:
    """The rule for a column of exact Python values, judged one by one."""

    def column(series: pd.Series[Any]) -> pd.Series[bool]:
        return pd.Series([rule.each(value) for value in series], index=series.index, dtype=bool)

    check = _column_check(column)
    check.name = rule.name
    return check


def _numeric(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _decimal(value: Any) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(repr(value))


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

_BOUNDS: dict[str, tuple[str, str, Callable[[Any, Any], bool]]] = {
    "minimum": ("below the minimum", "ge", lambda value, bound: value >= bound),
    "maximum": ("above the maximum", "le", lambda value, bound: value <= bound),
    "exclusiveMinimum": (
        "not above the exclusive minimum",
        "gt",
        lambda value, bound: value > bound,
    ),
    "exclusiveMaximum": (
        "not below the exclusive maximum",
        "lt",
        lambda value, bound: value < bound,
    ),
}

_MAKERS: dict[str, Callable[[int, Field, str, Any], Rule]] = {
    **dict.fromkeys(_BOUNDS, _bound_rule),
    "minLength": _length_rule,
    "maxLength": _length_rule,
    "pattern": _pattern_rule,
    "enum": _member_rule,
    "categories": _member_rule,
    "jsonSchema": _json_schema_rule,
}
