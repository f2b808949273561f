"""What differs between two packages, as frozen values with true totals.

Values of cells and keys are texts in canonical form (as in canonical CSV), None where missing.
`to_dict` gives the content of a release's `diff.json`, described in docs/format-diff.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from rekodiq_data.diff.step import Step, least_step

FORMAT = 1

Values = Mapping[str, str | None]


class Change(StrEnum):
    """What became of a table, a property or a rule."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    CHANGED = "changed"
    REORDERED = "reordered"


class Part(StrEnum):
    """What of a schema changed."""

    SCHEMA = "schema"
    FIELD = "field"
    PRIMARY_KEY = "primary_key"
    UNIQUE_KEY = "unique_key"
    FOREIGN_KEY = "foreign_key"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two packages."""

    name: str
    version: str | None

    def to_dict(self) -> dict[str, Any]:
        """JSON object of this package."""
        return {"name": self.name, "version": self.version}


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """A property (`aspect`) of a package or a table; None where it is not stated."""

    aspect: str
    old: Any
    new: Any

    def to_dict(self) -> dict[str, Any]:
        """JSON object of this change."""
        return {"property": self.aspect, "old": self.old, "new": self.new}


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One change of a schema.

    Attributes:
        part: what changed.
        change: what became of it.
        old_name: name of the field or check in the old schema, None where there is none.
        new_name: the same in the new schema.
        aspect: which property of it changed, such as `unit` or `constraints.maximum`; empty
            where the whole was added, removed, renamed or reordered.
        old: the property (or the whole part) as it was, as JSON.
        new: the same as it is.
        type: the field's type in the new schema (the old one, where it was removed); empty
            where no field is meant.
    """

    part: Part
    change: Change
    old_name: str | None = None
    new_name: str | None = None
    aspect: str = ""
    old: Any = None
    new: Any = None
    type: str = ""

    @property
    def name(self) -> str:
        """Its name now; the old one where it was removed."""
        return self.new_name or self.old_name or ""

    def to_dict(self) -> dict[str, Any]:
        """JSON object of this change."""
        return {
            "part": str(self.part),
            "change": str(self.change),
            "old_name": self.old_name,
            "new_name": self.new_name,
            "property": self.aspect or None,
            "old": self.old,
            "new": self.new,
        }


@dataclass(frozen=True, slots=True)
class FieldName:
    """A field of either version: its names (None where it is not), title and unit."""

    old_name: str | None
    new_name: str | None
    title: str = ""
    unit: str | None = None

    @property
    def name(self) -> str:
        """Its name now; the old one where it was removed."""
        return self.new_name or self.old_name or ""

    def to_dict(self) -> dict[str, Any]:
        """JSON object of this field."""
        return {
            "name": self.name,
            "old_name": self.old_name,
            "new_name": self.new_name,
            "title": self.title,
            "unit": self.unit,
        }


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell. `field` is the field's name now."""

    field: str
    old: str | None
    new: str | None

    def to_dict(self) -> dict[str, Any]:
        """JSON object of this cell."""
        return {"field": self.field, "old": self.old, "new": self.new}


@dataclass(frozen=True, slots=True)
class Record:
    """A record that only one version has.

    `values` holds its cells by field, those that are not missing; `source` its source, where
    the table has one; `count` how often it occurs more (1 wherever a key tells records apart).
    """

    key: tuple[str, ...]
    values: Values
    source: str | None = None
    count: int = 1

    def to_dict(self) -> dict[str, Any]:
        """JSON object of this record."""
        return {
            "key": list(self.key),
            "values": dict(self.values),
            "source": self.source,
            "count": self.count,
        }


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A record that both versions have, with those of its changed cells that were kept."""

    key: tuple[str, ...]
    cells: tuple[CellChange, ...]
    old_source: str | None = None
    new_source: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON object of this change."""
        return {
            "key": list(self.key),
            "cells": [cell.to_dict() for cell in self.cells],
            "old_source": self.old_source,
            "new_source": self.new_source,
        }


@dataclass(frozen=True, slots=True)
class FilledField:
    """The values that a field of only one version has in records that both versions have."""

    field: str
    total: int
    kept: tuple[tuple[tuple[str, ...], str], ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON object of these values."""
        values = [{"key": list(key), "value": value} for key, value in self.kept]
        return {"field": self.field, "total": self.total, "values": values}


@dataclass(frozen=True, slots=True)
class Rows:
    """How many records there were and are, and what became of them.

    `changed` counts records with a changed cell in a field that both versions have; `same` the
    other records of both.
    """

    old: int = 0
    new: int = 0
    same: int = 0
    added: int = 0
    removed: int = 0
    changed: int = 0

    def to_dict(self) -> dict[str, int]:
        """JSON object of these counts."""
        return {
            "old": self.old,
            "new": self.new,
            "same": self.same,
            "added": self.added,
            "removed": self.removed,
            "changed": self.changed,
        }


@dataclass(frozen=True, slots=True)
class TableChanges:
    """One table of either version.

    Attributes:
        old_name: its name in the old package, None where it was added.
        new_name: its name in the new package, None where it was removed.
        title: for people; the new one where there is one.
        fields: all fields of both versions, the new ones in their order first.
        metadata: changed properties of the table itself.
        schema: changes of its schema; none where the table was added or removed.
        key: fields that told records apart (their names now); empty where whole rows were
            compared, since the table has no key that both versions can be compared by.
        rows: true totals.
        cells: how many cells changed in each field, those that did.
        added, removed, changed: records, by key; at most as many as the limit allows.
        filled, emptied: values of added and of removed fields in records of both versions.
    """

    old_name: str | None
    new_name: str | None
    title: str = ""
    fields: tuple[FieldName, ...] = ()
    metadata: tuple[PropertyChange, ...] = ()
    schema: tuple[SchemaChange, ...] = ()
    key: tuple[str, ...] = ()
    rows: Rows = Rows()
    cells: Mapping[str, int] = field(default_factory=dict)
    added: tuple[Record, ...] = ()
    removed: tuple[Record, ...] = ()
    changed: tuple[RecordChange, ...] = ()
    filled: tuple[FilledField, ...] = ()
    emptied: tuple[FilledField, ...] = ()

    @property
    def name(self) -> str:
        """Its name now; the old one where it was removed."""
        return self.new_name or self.old_name or ""

    @property
    def change(self) -> Change:
        """What became of the table."""
        if self.old_name is None:
            return Change.ADDED
        if self.new_name is None:
            return Change.REMOVED
        if self.old_name != self.new_name:
            return Change.RENAMED
        return Change.CHANGED if self.differs else Change.SAME

    @property
    def differs(self) -> bool:
        """Whether anything in it differs, its name aside."""
        rows = self.rows
        return bool(self.metadata or self.schema or rows.added or rows.removed or rows.changed)

    @property
    def changed_cells(self) -> int:
        """How many cells changed."""
        return sum(self.cells.values())

    @property
    def hidden(self) -> int:
        """Records and cells that differ and were not kept."""
        kept_cells = sum(len(each.cells) for each in self.changed)
        filled = sum(each.total - len(each.kept) for each in (*self.filled, *self.emptied))
        return (
            (self.rows.added - sum(each.count for each in self.added))
            + (self.rows.removed - sum(each.count for each in self.removed))
            + (self.changed_cells - kept_cells)
            + filled
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON object of this table."""
        return {
            "name": self.name,
            "old_name": self.old_name,
            "new_name": self.new_name,
            "change": str(self.change),
            "title": self.title,
            "fields": [each.to_dict() for each in self.fields],
            "metadata": [each.to_dict() for each in self.metadata],
            "schema": [each.to_dict() for each in self.schema],
            "key": list(self.key),
            "rows": self.rows.to_dict(),
            "cells": dict(self.cells),
            "added": [each.to_dict() for each in self.added],
            "removed": [each.to_dict() for each in self.removed],
            "changed": [each.to_dict() for each in self.changed],
            "filled": [each.to_dict() for each in self.filled],
            "emptied": [each.to_dict() for each in self.emptied],
        }


@dataclass(frozen=True, slots=True)
class Changes:
    """All that differs between two packages.

    Attributes:
        old, new: the packages; no old one where `new` is the first version there is.
        metadata: changed properties of the package, its version and dates aside.
        tables: every table of either package, sorted by name, unchanged ones included.
        sources: title of each source that a kept record names.
    """

    old: Side | None
    new: Side
    metadata: tuple[PropertyChange, ...] = ()
    tables: tuple[TableChanges, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs but the version."""
        return not self.metadata and all(each.change is Change.SAME for each in self.tables)

    @property
    def step(self) -> Step:
        """The least honest version step, with its reasons."""
        return least_step(self)

    @property
    def hidden(self) -> int:
        """Records and cells that differ and were not kept."""
        return sum(each.hidden for each in self.tables)

    def table(self, name: str) -> TableChanges:
        """The table that is called `name` now (or was, if removed). Raises KeyError."""
        for each in self.tables:
            if each.name == name:
                return each
        raise KeyError(name)

    def to_dict(self) -> dict[str, Any]:
        """JSON object of all changes, the content of `diff.json`."""
        return {
            "format": FORMAT,
            "old": self.old.to_dict() if self.old else None,
            "new": self.new.to_dict(),
            "is_empty": self.is_empty,
            "step": self.step.to_dict() if self.old else None,
            "metadata": [each.to_dict() for each in self.metadata],
            "tables": [each.to_dict() for each in self.tables],
            "sources": dict(self.sources),
        }
