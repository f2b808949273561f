"""On whose word a record stands: the field that names its source, and the sources' titles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rekodiq_data.diff.tables import texts_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from rekodiq_data.descriptor.model import Schema
    from rekodiq_data.diff.model import TableChanges
    from rekodiq_data.diff.tables import Table

SOURCE_FIELD = "source_id"
SOURCE_TABLE = "sources"
_TITLE = "title"


def source_field(schema: Schema, key: Collection[str]) -> str | None:
    """The field that names a record's source, or None.

    It is called `source_id`, or is the first one that refers to the table `sources`. A part of
    the key is none: it can't change in a record.
    """
    if SOURCE_FIELD in schema.names and SOURCE_FIELD not in key:
        return SOURCE_FIELD
    for foreign in schema.foreign_keys:
        if foreign.resource == SOURCE_TABLE and len(foreign.fields) == 1:
            (name,) = foreign.fields
            if name in schema.names and name not in key:
                return name
    return None


def named_sources(tables: Iterable[TableChanges]) -> set[str]:
    """Every source that a kept record names."""
    found: set[str | None] = set()
    for table in tables:
        found.update(each.source for each in (*table.added, *table.removed))
        for changed in table.changed:
            found.update((changed.old_source, changed.new_source))
    return {each for each in found if each is not None}


def titles_of(
    wanted: Collection[str], packages: Sequence[Mapping[str, Table]]
) -> dict[str, str]:
    """Title of each wanted source, from the table `sources`; the first package that has it.

    A source without a title, and a package without such a table, add nothing.
    """
    found: dict[str, str] = {}
    for tables in packages:
        table = tables.get(SOURCE_TABLE)
        if not wanted or table is None or _TITLE not in table.schema.names:
            continue
        if len(table.schema.primary_key) != 1:
            continue
        (key,) = table.schema.primary_key
        for records in table.records((key, _TITLE) if key != _TITLE else (key,)):
            keys = texts_of(records[key], table, key).to_pylist()
            titles = texts_of(records[_TITLE], table, _TITLE).to_pylist()
            for name, title in zip(keys, titles, strict=True):
                if name in wanted and title:
                    found.setdefault(name, title)
    return {name: found[name] for name in sorted(found)}
