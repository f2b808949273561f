"""Changes of a schema, and of what a package and its tables say of themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rekodiq_data import lexical
from rekodiq_data.diff.model import Change, FieldName, Part, PropertyChange, SchemaChange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from rekodiq_data.descriptor.model import Field, Package, Resource, Schema
    from rekodiq_data.diff.pairing import Pair
    from rekodiq_data.diff.tables import Table

    Renames = Mapping[str, Mapping[str, str]]

_CHECKS = "rekodiq:checks"
# The format's version, the data's version and dates: versions of their own, or none.
_VERSIONS = frozenset({"$schema", "version", "created", "profile", "resources"})
# What a resource says of its file, and what is compared elsewhere.
_OF_THE_FILE = frozenset(
    {
        *("name", "path", "url", "data", "profile", "type", "format", "mediatype", "encoding"),
        *("dialect", "bytes", "hash", "schema", "$schema"),
    }
)
_OF_THE_SCHEMA = frozenset(
    {
        *("$schema", "fields", "missingValues", "primaryKey", "uniqueKeys", "foreignKeys"),
        _CHECKS,
    }
)


def package_changes(old: Package, new: Package) -> tuple[PropertyChange, ...]:
    """Changed properties of a package, in alphabetical order."""
    return _properties(old.metadata, new.metadata, _VERSIONS)


def table_changes(old: Resource, new: Resource) -> tuple[PropertyChange, ...]:
    """Changed properties of a table, in alphabetical order."""
    return _properties(old.raw, new.raw, _OF_THE_FILE)


def schema_changes(
    pair: Pair, tables: Mapping[str, str], fields: Renames
) -> tuple[SchemaChange, ...]:
    """All changes of a table's schema.

    Args:
        pair: the table of both versions.
        tables: new name of each table that both versions have, by old name.
        fields: for each of them, by old name, the new names of its fields.
    """
    old, new = pair.old.schema, pair.new.schema
    return (
        *_of_fields(pair),
        *_of_keys(pair, tables, fields),
        *_of_checks(old, new),
        *(
            SchemaChange(Part.SCHEMA, Change.CHANGED, None, None, *each)
            for each in _differences(
                _schema_words(pair.old, pair), _schema_words(pair.new, pair)
            )
        ),
    )


def field_names(pair: Pair) -> tuple[FieldName, ...]:
    """All fields of both versions, the new ones in their order first."""
    before = {new: old for old, new in pair.fields}
    return (
        *(
            FieldName(before.get(each.name), each.name, each.title, each.unit)
            for each in pair.new.schema.fields
        ),
        *fields_of(pair.old.schema, pair.removed, is_old=True),
    )


def fields_of(schema: Schema, names: tuple[str, ...], *, is_old: bool) -> Iterator[FieldName]:
    """Some fields of a schema that only one version has."""
    for name in names:
        field = schema.field(name)
        old_name, new_name = (name, None) if is_old else (None, name)
        yield FieldName(old_name, new_name, field.title, field.unit)


def _properties(
    old: Mapping[str, Any], new: Mapping[str, Any], apart: frozenset[str]
) -> tuple[PropertyChange, ...]:
    was = {key: value for key, value in old.items() if key not in apart}
    now = {key: value for key, value in new.items() if key not in apart}
    return tuple(PropertyChange(*each) for each in _differences(was, now))


def _differences(
    old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[tuple[str, Any, Any]]:
    """Properties whose values differ, with both values, in alphabetical order."""
    for key in sorted(old.keys() | new.keys()):
        if old.get(key) != new.get(key):
            yield key, old.get(key), new.get(key)


def _of_fields(pair: Pair) -> Iterator[SchemaChange]:
    old, new = pair.old.schema, pair.new.schema
    for name in pair.removed:
        field = old.field(name)
        yield SchemaChange(
            Part.FIELD, Change.REMOVED, name, None, "", dict(field.raw), None, field.type
        )
    for name in pair.added:
        field = new.field(name)
        yield SchemaChange(
            Part.FIELD, Change.ADDED, None, name, "", None, dict(field.raw), field.type
        )
    for old_name, new_name in pair.fields:
        one, other = old.field(old_name), new.field(new_name)
        if old_name != new_name:
            yield SchemaChange(Part.FIELD, Change.RENAMED, old_name, new_name, type=other.type)
        form = _field_form(pair)
        for each in _differences(form(pair.old, one), form(pair.new, other)):
            yield SchemaChange(
                Part.FIELD, Change.CHANGED, old_name, new_name, *each, type=other.type
            )
    was = [pair.renames[name] for name in old.names if name in pair.renames]
    now = [name for _, name in pair.fields]
    if was != now:
        yield SchemaChange(Part.FIELD, Change.REORDERED, old=was, new=now)


def _field_form(pair: Pair) -> Callable[[Table, Field], dict[str, Any]]:
    """How fields of the two tables are compared, as flat properties.

    Where one is typed and the other text, what says how texts are read can't be compared: the
    canonical form of the field leaves it out.
    """
    if pair.old.is_typed != pair.new.is_typed:
        return lambda _table, field: _flat(
            {**lexical.canonical_field(field), "missingValues": None}
        )
    return lambda table, field: _flat(_stated(table, field))


def _stated(table: Table, field: Field) -> dict[str, Any]:
    """A field as its schema states it.

    A Parquet file's schema lists "nan" as a missing value of some fields, for the sake of other
    readers only (see `build.descriptors.parquet_schema`); that is no statement.
    """
    raw = dict(field.raw)
    if table.is_typed and raw.get("missingValues") == [*table.schema.missing_values, "nan"]:
        del raw["missingValues"]
    return raw


def _flat(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a field, each constraint being one of its own, its name left out."""
    flat = {key: value for key, value in raw.items() if key not in {"name", "constraints"}}
    constraints = raw.get("constraints") or {}
    return {**flat, **{f"constraints.{key}": constraints[key] for key in constraints}}


def _of_keys(pair: Pair, tables: Mapping[str, str], fields: Renames) -> Iterator[SchemaChange]:
    """Changes of keys; an old key is one with the new names in it, where names are new."""
    old, new, names = pair.old.schema, pair.new.schema, pair.renames
    was = [names.get(name, name) for name in old.primary_key]
    now = list(new.primary_key)
    if was != now:
        change = Change.CHANGED if was and now else Change.ADDED if now else Change.REMOVED
        yield SchemaChange(
            Part.PRIMARY_KEY, change, old=list(old.primary_key) or None, new=now or None
        )
    yield from _key_changes(
        Part.UNIQUE_KEY,
        [[names.get(name, name) for name in key] for key in old.unique_keys],
        [list(key) for key in new.unique_keys],
    )
    was_foreign = []
    for key in old.foreign_keys:
        theirs = names if not key.resource else fields.get(key.resource, {})
        was_foreign.append(
            {
                "fields": [names.get(name, name) for name in key.fields],
                "resource": tables.get(key.resource, key.resource),
                "reference_fields": [theirs.get(name, name) for name in key.reference_fields],
            }
        )
    now_foreign = [
        {
            "fields": list(key.fields),
            "resource": key.resource,
            "reference_fields": list(key.reference_fields),
        }
        for key in new.foreign_keys
    ]
    yield from _key_changes(Part.FOREIGN_KEY, was_foreign, now_foreign)


def _key_changes(part: Part, old: list[Any], new: list[Any]) -> Iterator[SchemaChange]:
    for key in old:
        if key not in new:
            yield SchemaChange(part, Change.REMOVED, old=key)
    for key in new:
        if key not in old:
            yield SchemaChange(part, Change.ADDED, new=key)


def _of_checks(old: Schema, new: Schema) -> Iterator[SchemaChange]:
    was, now = _checks(old), _checks(new)
    for name in sorted(was.keys() | now.keys()):
        if name not in now:
            yield SchemaChange(Part.CHECK, Change.REMOVED, name, None, "", was[name])
        elif name not in was:
            yield SchemaChange(Part.CHECK, Change.ADDED, None, name, "", None, now[name])
        else:
            for each in _differences(was[name], now[name]):
                yield SchemaChange(Part.CHECK, Change.CHANGED, name, name, *each)


def _checks(schema: Schema) -> dict[str, dict[str, Any]]:
    """Named checks as stated, by name."""
    stated = schema.raw.get(_CHECKS) or []
    return {check.name: dict(raw) for check, raw in zip(schema.checks, stated, strict=True)}


def _schema_words(table: Table, pair: Pair) -> dict[str, Any]:
    """Other properties of a schema."""
    raw = table.schema.raw
    words = {key: value for key, value in raw.items() if key not in _OF_THE_SCHEMA}
    if pair.old.is_typed == pair.new.is_typed and "missingValues" in raw:
        words["missingValues"] = raw["missingValues"]
    return words
