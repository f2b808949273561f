"""Tables without a key: whole records, and how often each occurs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from rekodiq_data import lexical
from rekodiq_data.diff.model import Record, Rows
from rekodiq_data.diff.rows import RowChanges, source_texts, values_of
from rekodiq_data.keys import shared_codes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from rekodiq_data.diff.pairing import Pair
    from rekodiq_data.diff.tables import Table

    Ints = NDArray[np.int64]


def changes_as_wholes(pair: Pair, limit: int) -> RowChanges:
    """What differs in a table that has no key: records that occur more often in one version.

    A field that one version lacks is missing in all of its records. Both tables are held.

    Args:
        pair: the tables.
        limit: how many different records are kept, added and removed; 0 is all.

    Raises:
        NotReadable: a table can't be read.
    """
    old, new = pair.old.whole(), pair.new.whole()
    old_codes, new_codes = shared_codes(*_columns(pair, old, new))
    size = int(max(old_codes.max(initial=0), new_codes.max(initial=0))) + 1
    was = np.bincount(old_codes, minlength=size)
    now = np.bincount(new_codes, minlength=size)
    came, went = np.maximum(now - was, 0), np.maximum(was - now, 0)
    return RowChanges(
        rows=Rows(
            old=old.num_rows,
            new=new.num_rows,
            same=int(np.minimum(was, now).sum()),
            added=int(came.sum()),
            removed=int(went.sum()),
        ),
        added=_records(pair.new, new, new_codes, came, {}, limit),
        removed=_records(pair.old, old, old_codes, went, pair.renames, limit),
    )


def _columns(pair: Pair, old: pa.Table, new: pa.Table) -> tuple[list[pa.Array], list[pa.Array]]:
    """The columns of both, as they are compared: of one type, and null where there is none."""
    was, now = [], []
    for old_name, new_name in pair.fields:
        old_field = pair.old.schema.field(old_name)
        new_field = pair.new.schema.field(new_name)
        one, other = old[old_name].combine_chunks(), new[new_name].combine_chunks()
        if one.type != other.type:
            one, other = lexical.canonical(one, old_field), lexical.canonical(other, new_field)
        elif old_field.type == new_field.type:
            one, other = lexical.logical(one, old_field), lexical.logical(other, new_field)
        was.append(one)
        now.append(other)
    for name in pair.removed:
        was.append(lexical.logical(old[name].combine_chunks(), pair.old.schema.field(name)))
        now.append(pa.nulls(new.num_rows, was[-1].type))
    for name in pair.added:
        now.append(lexical.logical(new[name].combine_chunks(), pair.new.schema.field(name)))
        was.append(pa.nulls(old.num_rows, now[-1].type))
    return was, now


def _records(
    table: Table,
    whole: pa.Table,
    codes: Ints,
    more: Ints,
    shown: Mapping[str, str],
    limit: int,
) -> tuple[Record, ...]:
    """The records that occur more often here, each where it stands first, in file order."""
    found, first = np.unique(codes, return_index=True)
    places = np.sort(first[more[found] > 0])
    places = places[:limit] if limit else places
    chosen = whole.take(pa.array(places))
    counts = more[codes[places]].tolist()
    values = values_of(chosen, table, shown)
    sources = source_texts(chosen, table, ())
    return tuple(
        Record((), record, source, count)
        for record, source, count in zip(values, sources, counts, strict=True)
    )
