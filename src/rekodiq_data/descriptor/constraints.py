"""Reading the constraints of a field.

A faulty constraint is noted and dropped; the field is judged by the others. Whether bounds and
members of an enum are values of the field's type is not asked here: that takes the lexical
grammar of the type, and is asked when the schema is compiled.
"""

from __future__ import annotations

import re
import warnings
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from rekodiq_data.descriptor.faults import name_of, quoted
from rekodiq_data.descriptor.model import Constraints
from rekodiq_data.descriptor.vocabulary import (
    CONSTRAINT_KEYS,
    CONSTRAINT_TYPES,
    SINCE_V2,
    TYPES,
    Version,
)
from rekodiq_data.suggest import closest

if TYPE_CHECKING:
    from rekodiq_data.descriptor.faults import Part

_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_NUMERIC = frozenset({"integer", "number", "year"})
_DATED = frozenset({"date", "datetime", "time", "yearmonth"})
# Parts of XML Schema's expressions that Python's have not; whoever runs the pattern translates.
_XSD_ONLY = re.compile(r"\\[icICpP]|-\[")


def read_constraints(part: Part, type_: str, format_: str) -> Constraints:
    """The constraints that `part`, the object under `constraints`, sets on a field."""
    for key in part.value.keys() - CONSTRAINT_KEYS:
        if ":" not in key:  # a custom property has a namespace
            part.fault(
                "descriptor.unknown-constraint",
                f'{part.words}: "{key}" is no constraint of Table Schema',
                key=key,
                suggestion=closest(key, sorted(CONSTRAINT_KEYS)),
            )
    usable = {key for key in part.value if key in CONSTRAINT_KEYS and _fits(part, key, type_)}
    bounds = {key: _bound(part, key) for key in _BOUNDS if key in usable}
    sizes: dict[str, int | None] = {
        key: part.integer(key) for key in ("minLength", "maxLength") if key in usable
    }
    _compare(part, bounds, sizes, type_, format_)
    schema = part.object("jsonSchema") if "jsonSchema" in usable else None
    return Constraints(
        required=part.flag("required"),
        unique=part.flag("unique"),
        minimum=bounds.get("minimum"),
        maximum=bounds.get("maximum"),
        exclusive_minimum=bounds.get("exclusiveMinimum"),
        exclusive_maximum=bounds.get("exclusiveMaximum"),
        min_length=sizes.get("minLength"),
        max_length=sizes.get("maxLength"),
        pattern=_pattern(part) if "pattern" in usable else None,
        enum=_enum(part) if "enum" in usable else None,
        json_schema=None if schema is None else schema.value,
    )


def _fits(part: Part, key: str, type_: str) -> bool:
    """Whether constraint `key` has a meaning for the type; where not, a fault is noted."""
    if type_ not in CONSTRAINT_TYPES[key]:
        others = quoted(each for each in TYPES if each in CONSTRAINT_TYPES[key])
        part.fault(
            "descriptor.constraint-type",
            f'{part.words}: "{key}" has no meaning for the type "{type_}"',
            key=key,
            note=f"it is for {others}",
        )
        return False
    since_v2 = key in SINCE_V2 or (type_ == "duration" and key in _BOUNDS)
    if since_v2 and part.source.version is Version.V1:
        what = f'"{key}" of durations' if key not in SINCE_V2 else f'"{key}"'
        part.fault(
            "descriptor.needs-v2",
            f"{part.words}: {what} is part of version 2 of the specification",
            key=key,
            note='the package declares no "$schema" of version 2, so version 1 holds',
        )
        return False
    return True


def _bound(part: Part, key: str) -> Any:
    """A bound as written: a number or a text; None (with a fault) for anything else."""
    value = part.value[key]
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return value
    part.wrong(key, "a number or a text")
    return None


def _pattern(part: Part) -> str | None:
    """The pattern, if it is a regular expression."""
    pattern = part.value["pattern"]
    if not isinstance(pattern, str):
        part.wrong("pattern", "text")
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        if _XSD_ONLY.search(pattern):
            return pattern
        part.fault(
            "descriptor.pattern",
            f"{part.words}: the pattern is no regular expression: {error}",
            key="pattern",
        )
        return None
    return pattern


def _enum(part: Part) -> tuple[Any, ...] | None:
    """The members of the enum, if it is a list that holds any."""
    members = part.value["enum"]
    if not isinstance(members, list):
        part.wrong("enum", "a list")
        return None
    if not members:
        part.fault(
            "descriptor.enum-empty",
            f'{part.words}: "enum" is empty, so no value would be valid',
            key="enum",
        )
        return None
    return tuple(members)


def _compare(
    part: Part, bounds: dict[str, Any], sizes: dict[str, int | None], type_: str, format_: str
) -> None:
    """Warn where a lower limit is above the upper one: no value can be valid."""
    pairs = (
        ("minimum", "maximum", True),
        ("minimum", "exclusiveMaximum", False),
        ("exclusiveMinimum", "maximum", False),
        ("exclusiveMinimum", "exclusiveMaximum", False),
    )
    limits = {key: _comparable(value, type_, format_) for key, value in bounds.items()}
    for low, high, may_touch in pairs:
        if _crossed(limits.get(low), limits.get(high), may_touch=may_touch):
            _warn_crossed(part, low, bounds[low], high, bounds[high])
    low_size, high_size = sizes.get("minLength"), sizes.get("maxLength")
    if low_size is not None and high_size is not None and low_size > high_size:
        _warn_crossed(part, "minLength", low_size, "maxLength", high_size)


def _comparable(value: Any, type_: str, format_: str) -> Decimal | str | None:
    """`value` as something that can be ordered; None where only the type's grammar could."""
    if type_ in _NUMERIC:
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            return None
        return number if number.is_finite() else None
    return (
        value if type_ in _DATED and format_ == "default" and isinstance(value, str) else None
    )


def _crossed(low: Decimal | str | None, high: Decimal | str | None, *, may_touch: bool) -> bool:
    """Whether `low` and `high` leave no room. Dates of unlike form are not compared."""
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        return low > high or (low == high and not may_touch)
    if isinstance(low, str) and isinstance(high, str) and len(low) == len(high):
        return low > high or (low == high and not may_touch)
    return False


def _warn_crossed(part: Part, low: str, low_value: Any, high: str, high_value: Any) -> None:
    """Warn that no value can be valid."""
    part.warn(
        "descriptor.bounds",
        f'{part.words}: no value fits between "{low}" ({name_of(low_value)}) and "{high}" '
        f"({name_of(high_value)})",
        key=low,
    )
