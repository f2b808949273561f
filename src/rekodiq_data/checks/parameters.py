"""Faults in the use of a named check: what is wrong with its parameters, in plain sentences.

A misspelt parameter or column must never make a rule vanish. A use is looked at in three steps,
each only where the one before found nothing: the declared shape of each parameter, what its
kind says of the parameters together, and whether every column that it would read is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rekodiq_data.checks import KINDS
from rekodiq_data.checks.interval import kept_digits
from rekodiq_data.checks.operands import COLUMN_MAPS, exact_parameter
from rekodiq_data.suggest import did_you_mean

if TYPE_CHECKING:
    from rekodiq_data.checks.base import Kind
    from rekodiq_data.descriptor.model import NamedCheck, Schema


def faults_of(
    schema: Schema, tables: Mapping[str, Schema], kinds: Mapping[str, Kind] = KINDS
) -> list[tuple[NamedCheck, str]]:
    """Every fault in the named checks of a schema, each with the check that has it.

    Args:
        schema: the schema that the checks stand in.
        tables: the schemas of all tables of the package, by name.
        kinds: the kinds of check that there are.
    """
    found: list[tuple[NamedCheck, str]] = []
    for check in schema.checks:
        kind = kinds.get(check.check)
        if kind is None:
            hint = did_you_mean(check.check, kinds)
            found.append((check, f'"{check.check}" is not a kind of named check.{hint}'))
        else:
            found.extend((check, words) for words in faults(check, kind, schema, tables))
    return found


def faults(
    check: NamedCheck, kind: Kind, schema: Schema, tables: Mapping[str, Schema]
) -> list[str]:
    """What is wrong with one use of `kind` in a table with `schema`, in plain sentences."""
    return (
        _shape_faults(check, kind)
        or list(kind.faults(check.parameters))
        or _column_faults(check, kind, schema, tables)
    )


def _shape_faults(check: NamedCheck, kind: Kind) -> list[str]:
    declared = {each.name: each for each in kind.parameters}
    found: list[str] = []
    for name, value in check.parameters.items():
        if name not in declared:
            hint = did_you_mean(name, (*declared, "where", "lookup", "severity"))
            found.append(f"`{name}` is not a parameter of {kind.name}.{hint}")
        elif not _SHAPES[declared[name].takes][1](value):
            found.append(f"`{name}` must be {_SHAPES[declared[name].takes][0]}")
        elif name in COLUMN_MAPS and not all(_is_text(each) for each in value.values()):
            found.append(f"`{name}` must name one column for each of its columns")
        elif name == "rounding" and value not in _ROUNDINGS and not kept_digits(value):
            found.append("`rounding` must be last_digit, significant:N or unknown")
    found.extend(
        f"`{each.name}` is missing: {kind.name} needs {_SHAPES[each.takes][0]} ({each.meaning})"
        for each in kind.parameters
        if each.required and each.name not in check.parameters
    )
    if check.lookup and not kind.takes_lookup:
        found.append(f"`lookup` has no meaning for {kind.name}")
    return found


_ROUNDINGS = ("last_digit", "unknown")


def _column_faults(
    check: NamedCheck, kind: Kind, schema: Schema, tables: Mapping[str, Schema]
) -> list[str]:
    found: list[str] = []
    for table, columns in kind.reads(check).items():
        read = tables.get(table) if table else schema
        if read is None:
            # The check's own table may stand alone, outside of any package.
            hint = did_you_mean(table, tables)
            found.append(
                f'{_place(check.parameters, table)} names the table "{table}", which the '
                f"package does not have.{hint}"
            )
            continue
        which = f'the table "{table}"' if table else "the table"
        for column in sorted(columns - set(read.names)):
            hint = did_you_mean(column, read.names)
            found.append(
                f'{_place(check.parameters, column)} names the column "{column}", which '
                f"{which} does not have.{hint}"
            )
    return found + _lookup_faults(check, schema, tables)


def _lookup_faults(
    check: NamedCheck, schema: Schema, tables: Mapping[str, Schema]
) -> list[str]:
    if not check.lookup:
        return []
    via, field = check.lookup["via"], check.lookup["field"]
    keys = [key for key in schema.foreign_keys if key.fields == (via,)]
    if not keys:
        return [f'`lookup` goes via "{via}", which is no foreign key of the table']
    referenced = tables.get(keys[0].resource) if keys[0].resource else schema
    # A foreign key to a table that isn't there is a fault of its own.
    if referenced is None or field in referenced.names:
        return []
    hint = did_you_mean(field, referenced.names)
    which = f'the table "{keys[0].resource}"' if keys[0].resource else "the table"
    return [f'`lookup` names the column "{field}", which {which} does not have.{hint}']


def _place(parameters: Mapping[str, Any], name: str) -> str:
    """The parameter that holds `name`, as `map.key` or `list 2.key`."""
    return next(
        (f"`{place}`" for place, text in _texts(parameters) if text == name), "the check"
    )


def _texts(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a parameter, with the way to it."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            below = f"{place}.{key}" if place else str(key)
            yield from _texts(inner, below)
        # Keys of maps from column to column are columns themselves.
        yield from ((place, str(key)) for key in value if place)
    elif isinstance(value, Sequence):
        is_objects = any(isinstance(each, Mapping) for each in value)
        for number, inner in enumerate(value, start=1):
            yield from _texts(inner, f"{place} {number}" if is_objects else place)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _are_texts(value: Any) -> bool:
    return _is_list(value) and all(_is_text(each) for each in value)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and bool(value)


_SHAPES = {
    "column": ("the name of a column", _is_text),
    "columns": ("a list of names of columns", _are_texts),
    "text": ("a text", _is_text),
    "texts": ("a list of texts", _are_texts),
    "number": (
        'a number, written as text so that it is exact ("0.01")',
        lambda value: exact_parameter(value) is not None,
    ),
    "integer": (
        "a whole number",
        lambda value: isinstance(value, int) and not isinstance(value, bool),
    ),
    "flag": ("true or false", lambda value: isinstance(value, bool)),
    "table": ("the name of a table", _is_text),
    "map": ("an object", lambda value: isinstance(value, Mapping)),
    "list": (
        "a list of objects",
        lambda value: _is_list(value) and all(isinstance(each, Mapping) for each in value),
    ),
}
