"""Two packages, table by table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rekodiq_data.diff.bags import changes_as_wholes
from rekodiq_data.diff.merge import UnusableKey
from rekodiq_data.diff.model import Changes, Rows, Side, TableChanges
from rekodiq_data.diff.pairing import keys_of, pair_fields, pair_tables
from rekodiq_data.diff.rows import changes_by_key, records_of
from rekodiq_data.diff.schemas import (
    field_names,
    fields_of,
    package_changes,
    schema_changes,
    table_changes,
)
from rekodiq_data.diff.sources import named_sources, titles_of
from rekodiq_data.diff.tables import open_tables
from rekodiq_data.progress import Progress, silent

if TYPE_CHECKING:
    from rekodiq_data.descriptor.model import Package
    from rekodiq_data.diff.model import SchemaChange
    from rekodiq_data.diff.pairing import Pair
    from rekodiq_data.diff.rows import RowChanges
    from rekodiq_data.diff.tables import Table

DEFAULT_LIMIT = 100


def diff(
    old: Path | str,
    new: Path | str,
    *,
    limit: int = DEFAULT_LIMIT,
    progress: Progress = silent,
) -> Changes:
    """All that differs between two packages.

    Args:
        old: the folder (or descriptor) of a built package, or of any Data Package of Parquet or
            CSV tables.
        new: the other one.
        limit: how many added records, removed records and changed cells (per field) are kept
            for each table; 0 keeps all. Totals are true.
        progress: told the rows read so far.

    Returns:
        The changes; `Changes.step` is the least honest version step.

    Raises:
        NothingFound: there is no package at one of the paths.
        WrongCall: one of them is a project, which has to be built first.
        NotReadable: a descriptor has a fault, a table can't be read, holds what is no value of
            its field, or its primary key is missing somewhere or stands twice.
    """
    done = 0

    def tell(rows: int) -> None:
        nonlocal done
        done += rows
        progress(done, None, "rows")

    old_package, old_tables = open_tables(Path(old), tell)
    new_package, new_tables = open_tables(Path(new), tell)
    found = pair_tables(old_tables, new_tables)
    pairs = [pair_fields(was, now) for was, now in found.both]
    renamed = {pair.old.name: pair.new.name for pair in pairs}
    fields = {pair.old.name: pair.renames for pair in pairs}
    tables = [
        *(_both(pair, schema_changes(pair, renamed, fields), limit) for pair in pairs),
        *(_removed(table, limit) for table in found.removed),
        *(_added(table, limit) for table in found.added),
    ]
    tables.sort(key=lambda table: table.name)
    titles = titles_of(named_sources(tables), (new_tables, old_tables))
    return Changes(
        old=_side(old_package),
        new=_side(new_package),
        metadata=package_changes(old_package, new_package),
        tables=tuple(tables),
        sources=titles,
    )


def first_changes(new: Path | str) -> Changes:
    """What a first version brings: every table is added. Its records are counted, not listed.

    Args:
        new: as for `diff`.

    Raises:
        NothingFound, WrongCall, NotReadable: as `diff` does.
    """
    package, found = open_tables(Path(new))
    # One record is the least that can be asked for; the version itself lists them all.
    tables = [replace(_added(table, 1), added=()) for table in found.values()]
    tables.sort(key=lambda table: table.name)
    return Changes(old=None, new=_side(package), tables=tuple(tables))


def _both(pair: Pair, schema: tuple[SchemaChange, ...], limit: int) -> TableChanges:
    """A table of both packages."""
    found = _row_changes(pair, limit)
    return TableChanges(
        old_name=pair.old.name,
        new_name=pair.new.name,
        title=_title(pair.new),
        fields=field_names(pair),
        metadata=table_changes(pair.old.resource, pair.new.resource),
        schema=schema,
        key=found.key,
        rows=found.rows,
        cells=found.cells,
        added=found.added,
        removed=found.removed,
        changed=found.changed,
        filled=found.filled,
        emptied=found.emptied,
    )


def _row_changes(pair: Pair, limit: int) -> RowChanges:
    """By the first key that tells the records of both apart; as wholes, where none does."""
    for key in keys_of(pair):
        try:
            return changes_by_key(pair, key, limit)
        except UnusableKey as error:
            at = 0 if error.table is pair.old else 1
            if {names[at] for names in key} == set(error.table.schema.primary_key):
                # A table that breaks its own key has no records that one could speak of.
                raise error.table.refusal(error.words) from error
    return changes_as_wholes(pair, limit)


def _added(table: Table, limit: int) -> TableChanges:
    """A table that only the new package has: all its records are new."""
    count, records = records_of(table, limit)
    return TableChanges(
        old_name=None,
        new_name=table.name,
        title=_title(table),
        fields=tuple(fields_of(table.schema, table.schema.names, is_old=False)),
        key=table.schema.primary_key,
        rows=Rows(new=count, added=count),
        added=records,
    )


def _removed(table: Table, limit: int) -> TableChanges:
    """A table that only the old package has: all its records are gone."""
    count, records = records_of(table, limit)
    return TableChanges(
        old_name=table.name,
        new_name=None,
        title=_title(table),
        fields=tuple(fields_of(table.schema, table.schema.names, is_old=True)),
        key=table.schema.primary_key,
        rows=Rows(old=count, removed=count),
        removed=records,
    )


def _title(table: Table) -> str:
    return table.resource.title or table.schema.title


def _side(package: Package) -> Side:
    return Side(package.name, package.version)
