"""Which table became which, and which field: by name, and by content where a name is new.

A name that went and a name that came are one thing renamed where they hold nearly the same
values. Columns are compared as bags of values, so that no key is needed to know a field again.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import numpy as np

from rekodiq_data.keys import shared_codes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pyarrow as pa

    from rekodiq_data.descriptor.model import Field, Schema
    from rekodiq_data.diff.tables import Table

    T = TypeVar("T", Field, Table)

Key: TypeAlias = tuple[tuple[str, str], ...]

# Shares of equal values from which on a field, and a table, is taken to be renamed.
SAME_FIELD = 0.9
SAME_TABLE = 0.6
SAME_KEYS = 0.5


@dataclass(frozen=True, slots=True)
class Pair:
    """A table of both versions.

    Attributes:
        fields: old and new name of each field that both have, in the new order.
        added: new fields, in their order.
        removed: fields that are gone, in their order.
    """

    old: Table
    new: Table
    fields: tuple[tuple[str, str], ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def renames(self) -> dict[str, str]:
        """New name of each field of the old schema that both versions have."""
        return dict(self.fields)


@dataclass(frozen=True, slots=True)
class TablePairs:
    """The tables of two packages: those of both, those that are gone, those that are new."""

    both: tuple[tuple[Table, Table], ...]
    removed: tuple[Table, ...]
    added: tuple[Table, ...]


def pair_tables(old: Mapping[str, Table], new: Mapping[str, Table]) -> TablePairs:
    """The tables of two packages, matched."""
    gone = [old[name] for name in sorted(old.keys() - new.keys())]
    come = [new[name] for name in sorted(new.keys() - old.keys())]
    renamed = _best(gone, come, _table_likeness)
    was = {one.name for one, _ in renamed}
    now = {other.name for _, other in renamed}
    named = [(old[name], new[name]) for name in sorted(old.keys() & new.keys())]
    return TablePairs(
        (*named, *renamed),
        tuple(each for each in gone if each.name not in was),
        tuple(each for each in come if each.name not in now),
    )


def pair_fields(old: Table, new: Table) -> Pair:
    """The fields of a table of both versions, matched."""
    gone = [each for each in old.schema.fields if each.name not in new.schema.names]
    come = [each for each in new.schema.fields if each.name not in old.schema.names]
    renamed: dict[str, str] = {}
    if gone and come:
        was = old.whole([each.name for each in gone])
        now = new.whole([each.name for each in come])
        found = _best(
            gone,
            come,
            lambda one, other: _field_likeness(one, other, was[one.name], now[other.name]),
        )
        renamed = {other.name: one.name for one, other in found}
    before = {name: renamed.get(name, name) for name in new.schema.names}
    both = tuple((one, name) for name, one in before.items() if one in old.schema.names)
    kept = {one for one, _ in both}
    return Pair(
        old,
        new,
        both,
        tuple(name for name, one in before.items() if one not in kept),
        tuple(name for name in old.schema.names if name not in kept),
    )


def keys_of(pair: Pair) -> list[Key]:
    """Keys by which both versions may be compared: each version's own, where the other can.

    Without a primary key, what is required and unique tells records apart as well. The shorter
    key comes first, so that the choice does not depend on which version is called old. Keys of
    the same fields in another order are one key.
    """
    now, before = pair.renames, {new: old for old, new in pair.fields}
    found: list[Key] = [
        *(
            tuple((name, now[name]) for name in key)
            for key in _keys(pair.old.schema)
            if all(name in now for name in key)
        ),
        *(
            tuple((before[name], name) for name in key)
            for key in _keys(pair.new.schema)
            if all(name in before for name in key)
        ),
    ]
    found.sort(key=lambda key: (len(key), [sorted(names) for names in key]))
    return [
        key
        for at, key in enumerate(found)
        if set(key) not in [set(each) for each in found[:at]]
    ]


def _keys(schema: Schema) -> list[tuple[str, ...]]:
    """The primary key; without one, every field or unique key that no record may lack."""
    if schema.primary_key:
        return [schema.primary_key]
    required = {each.name for each in schema.fields if each.constraints.required}
    unique = [(each.name,) for each in schema.fields if each.constraints.unique]
    return [key for key in (*unique, *schema.unique_keys) if key and required.issuperset(key)]


def _best(
    gone: Sequence[T], come: Sequence[T], likeness: Callable[[T, T], tuple[float, bool]]
) -> list[tuple[T, T]]:
    """Pairs of one that went and one that came, the most alike first; each is used once."""
    scored = []
    for one, other in product(gone, come):
        share, same_words = likeness(one, other)
        if share:
            names = sorted((one.name, other.name))
            scored.append((-share, not same_words, names, one, other))
    pairs: list[tuple[T, T]] = []
    used: set[tuple[bool, str]] = set()
    for *_, one, other in sorted(scored, key=lambda each: each[:3]):
        if not used & {(True, one.name), (False, other.name)}:
            used |= {(True, one.name), (False, other.name)}
            pairs.append((one, other))
    return pairs


def _field_likeness(
    old: Field, new: Field, was: pa.ChunkedArray, now: pa.ChunkedArray
) -> tuple[float, bool]:
    """Share of equal values, 0 where they are two fields; and whether words are the same.

    Two columns of one value each are alike by chance: then the words have to be the same, too.
    """
    same_words = bool(old.title and old.title == new.title) or bool(
        old.description and old.description == new.description
    )
    if was.type != now.type:
        return 0.0, same_words
    was, now = was.drop_null(), now.drop_null()
    if not len(was) and not len(now):
        return float(same_words and old.unit == new.unit), same_words
    share, distinct = overlap([was], [now])
    is_same = share >= SAME_FIELD and (distinct > 1 or same_words)
    return (share if is_same else 0.0), same_words


def _table_likeness(old: Table, new: Table) -> tuple[float, bool]:
    """Share of equal values over all fields, 0 where they are two tables.

    A field that only one of them has counts as unlike, and a renamed one counts once.
    """
    same_words = bool(old.schema.title) and old.schema.title == new.schema.title
    common = [name for name in old.schema.names if name in new.schema.names]
    width = max(len(old.schema.names), len(new.schema.names))
    if len(common) * 2 < width:
        return 0.0, same_words
    was, now = old.whole(common), new.whole(common)
    if not was.num_rows and not now.num_rows:
        return float(len(common) == width), same_words
    key = old.schema.primary_key
    if key and key == new.schema.primary_key:
        share, _ = overlap([was[name] for name in key], [now[name] for name in key])
        if share < SAME_KEYS:
            return 0.0, same_words
    shares = [
        overlap([was[name]], [now[name]])[0]
        for name in common
        if was[name].type == now[name].type
    ]
    share = sum(shares) / width
    return (share if share >= SAME_TABLE else 0.0), same_words


def overlap(
    old: Sequence[pa.ChunkedArray], new: Sequence[pa.ChunkedArray]
) -> tuple[float, int]:
    """Share of the records of the longer side that the other has too, and of how many kinds.

    >>> import pyarrow as pa
    >>> overlap([pa.chunked_array([[1, 1, 2]])], [pa.chunked_array([[1, 2, 3, 4]])])
    (0.5, 2)
    """
    was, now = shared_codes(old, new)
    if not len(was) or not len(now):
        return 0.0, 0
    size = int(max(was.max(), now.max())) + 1
    common = np.minimum(np.bincount(was, minlength=size), np.bincount(now, minlength=size))
    return float(common.sum() / max(len(was), len(now))), int(np.count_nonzero(common))
