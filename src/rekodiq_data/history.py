"""One record through all versions of a store: when did a figure change, and on whose word?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data.diff import CellChange
from rekodiq_data.diff.pairing import pair_fields, pair_tables
from rekodiq_data.diff.rows import source_texts, values_of
from rekodiq_data.diff.sources import titles_of
from rekodiq_data.diff.tables import open_tables, texts_of
from rekodiq_data.errors import WrongCall
from rekodiq_data.store import open_store
from rekodiq_data.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rekodiq_data.diff.tables import Table

__all__ = ["Event", "History", "Moment", "history"]

_ENOUGH_KEYS = 100_000


class Event(StrEnum):
    """What became of the record in a version."""

    ABSENT = "absent"
    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Moment:
    """The record in one version.

    Attributes:
        version: the number.
        event: what became of the record since the version before.
        table: name of the table in this version, None where there is none.
        cells: what changed, with the names that fields have in the newest version; for an added
            or removed record all its cells.
        source: on whose word it stands: the source of the record, None where it names none.
        source_title: title of that source.
    """

    version: str
    event: Event
    table: str | None = None
    cells: tuple[CellChange, ...] = ()
    source: str | None = None
    source_title: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON object of this version of the record."""
        return {
            "version": self.version,
            "event": str(self.event),
            "table": self.table,
            "cells": [cell.to_dict() for cell in self.cells],
            "source": self.source,
            "source_title": self.source_title,
        }


@dataclass(frozen=True, slots=True)
class History:
    """One record of a table, by its key, in every version, the oldest first."""

    table: str
    key: tuple[str, ...]
    moments: tuple[Moment, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON object of this history."""
        return {
            "table": self.table,
            "key": list(self.key),
            "versions": [moment.to_dict() for moment in self.moments],
        }


@dataclass(frozen=True, slots=True)
class _State:
    """The record as one version has it: no values where it has none."""

    version: str
    table: str | None = None
    values: Mapping[str, str | None] = field(default_factory=dict)
    source: str | None = None
    source_title: str | None = None


def history(
    table: str, *key: str, store: Path | str, cache: Path | str | None = None
) -> History:
    """One record through all versions.

    A table or field that was renamed is followed back, as `diff` recognises it.

    Args:
        table: the table's name, in the newest version that has it.
        key: the values of its primary key, as canonical CSV has them, one for each part.
        store: the folder of versions, or the address of a store, all of which is then brought.
        cache: as for `open_store`.

    Returns:
        What each version, the oldest first, says of the record.

    Raises:
        WrongCall: no version has such a table or record, or the key has other parts.
        NothingFound: there is no store.
        NotVerified: a version is not what was released.
        NotReadable: a table can't be read.
        Unreachable: the store at an address does not answer.
    """
    here_store = open_store(store, cache=cache)
    states: list[_State] = []
    known: set[str] = set()
    keys: list[str] = []
    name, shown = table, dict[str, str]()
    newer: Mapping[str, Table] = {}
    for entry in here_store.versions:
        version = str(entry.version)
        _, tables = open_tables(here_store.release(entry.version).verified())
        known.update(tables)
        name, shown = _before(tables, newer, name, shown)
        if name not in tables:
            states.append(_State(version))
            continue
        if not newer:
            _require_key(tables[name], key)
            keys = _some_keys(tables[name])
        newer = tables
        states.append(_state(version, tables, name, key, shown))
    if not newer:
        raise WrongCall(
            f'no version has a table "{table}".{did_you_mean(table, known)}',
            hint=f"tables are {', '.join(sorted(known))}",
        )
    if not any(state.values for state in states):
        words = " ".join(key)
        raise WrongCall(
            f'no version has a record "{words}" in "{table}".{did_you_mean(words, keys)}',
            hint="give the value of each field of the primary key, as the table has it",
        )
    return History(table, tuple(key), _moments(states[::-1]))


def _before(
    tables: Mapping[str, Table], newer: Mapping[str, Table], name: str, shown: dict[str, str]
) -> tuple[str, dict[str, str]]:
    """Name of the table in an older version, and the newest name of each of its fields."""
    for was, now in pair_tables(tables, newer).both:
        if now.name == name:
            pair = pair_fields(was, now)
            return was.name, {old: shown.get(new, new) for old, new in pair.fields}
    return name, shown


def _require_key(table: Table, key: Sequence[str]) -> None:
    names = table.schema.primary_key
    if len(key) != len(names) or not names:
        raise WrongCall(
            f'the key of "{table.name}" is {", ".join(names) or "not stated"}, and '
            f"{len(key)} values were given",
            hint="give one value for each field of the primary key",
        )


def _some_keys(table: Table) -> list[str]:
    """Keys to suggest from: those of a table that is not too large to look through."""
    if len(table.schema.primary_key) > 1:
        return []
    (name,) = table.schema.primary_key
    keys: list[str] = []
    for records in table.records((name,)):
        keys.extend(texts_of(records[name], table, name).to_pylist())
        if len(keys) > _ENOUGH_KEYS:
            return []
    return keys


def _state(
    version: str,
    tables: Mapping[str, Table],
    name: str,
    key: Sequence[str],
    shown: Mapping[str, str],
) -> _State:
    """The record in one version."""
    table = tables[name]
    record = _record(table, key)
    if record is None:
        return _State(version, name)
    (values,) = values_of(record, table, shown)
    (source,) = source_texts(record, table, table.schema.primary_key)
    titles = titles_of({source}, [tables]) if source else {}
    return _State(version, name, values, source, titles.get(source or ""))


def _record(table: Table, key: Sequence[str]) -> pa.Table | None:
    """The record of a key, None where the table has none."""
    names = table.schema.primary_key
    if len(names) != len(key):
        return None
    for records in table.records():
        mask = np.ones(records.num_rows, bool)
        for name, value in zip(names, key, strict=True):
            found = pc.equal(texts_of(records[name], table, name), value)
            mask &= np.asarray(pc.fill_null(found, False).to_numpy(zero_copy_only=False))
        if mask.any():
            return records.slice(int(np.flatnonzero(mask)[0]), 1)
    return None


def _moments(states: Sequence[_State]) -> tuple[Moment, ...]:
    """What became of the record from version to version."""
    moments: list[Moment] = []
    before: Mapping[str, str | None] = {}
    for state in states:
        now = state.values
        cells = tuple(
            CellChange(name, before.get(name), now.get(name))
            for name in dict.fromkeys([*now, *before])
            if before.get(name) != now.get(name)
        )
        moments.append(
            Moment(
                state.version,
                _event(before, now, has_changed=bool(cells)),
                state.table,
                cells,
                state.source,
                state.source_title,
            )
        )
        before = now
    return tuple(moments)


def _event(
    before: Mapping[str, str | None], now: Mapping[str, str | None], *, has_changed: bool
) -> Event:
    if not now:
        return Event.REMOVED if before else Event.ABSENT
    if not before:
        return Event.ADDED
    return Event.CHANGED if has_changed else Event.SAME
