"""Repeated keys and keys that refer to nothing, over whole columns, on logical values.

Columns become small integers (their distinct values numbered), a key becomes one integer per
record, and what is equal is found by sorting integers: no record is compared with another in
Python. `5`, `+5` and `05` are one value, because columns are typed before they come here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray

    Array: TypeAlias = pa.Array | pa.ChunkedArray
    Ints: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Records whose key occurred before: their positions, and the latest earlier ones."""

    later: Ints
    earlier: Ints


def duplicates(columns: Sequence[Array]) -> Duplicates:
    """Records that repeat the key of an earlier record; a null in any part never repeats.

    Args:
        columns: the parts of the key, typed, all of one length.

    >>> found = duplicates([pa.array([7, 8, 7, None, 7, None])])
    >>> found.later.tolist(), found.earlier.tolist()
    ([2, 4], [0, 2])
    """
    codes, complete = _codes(columns)
    positions = np.flatnonzero(complete)
    kept = codes[positions]
    order = np.argsort(kept, kind="stable")
    ranked = kept[order]
    repeats = np.flatnonzero(ranked[1:] == ranked[:-1]) + 1
    later = positions[order[repeats]]
    earlier = positions[order[repeats - 1]]
    by_record = np.argsort(later, kind="stable")
    return Duplicates(later[by_record], earlier[by_record])


def orphans(columns: Sequence[Array], referenced: Sequence[Array]) -> Ints:
    """Positions of records whose key occurs nowhere in `referenced`.

    A record whose key is null in every part refers to nothing and is fine; one that is null in
    some part is compared as it stands, null being equal to null (the specification is silent;
    Frictionless does the same).

    >>> orphans([pa.array(["a", "z", None])], [pa.array(["a", "b"])]).tolist()
    [1]
    """
    target = len(referenced[0])
    joined = [
        pa.chunked_array([*_chunks(theirs), *_chunks(ours)])
        for ours, theirs in zip(*_unified(columns, referenced), strict=True)
    ]
    codes, _complete = _codes(joined)
    empty = np.ones(len(columns[0]), bool)
    for column in columns:
        empty &= _nulls(column)
    known = np.isin(codes[target:], codes[:target])
    return np.flatnonzero(~known & ~empty)


def shared_codes(columns: Sequence[Array], others: Sequence[Array]) -> tuple[Ints, Ints]:
    """One integer per record of two tables, equal where all parts are; null equals null.

    Args:
        columns: some columns of the one table.
        others: the same columns, of equal types, of the other table.

    >>> shared_codes([pa.array(["a", None])], [pa.array([None, "b", "a"])])[1].tolist()
    [2, 1, 0]
    """
    count = len(columns[0])
    codes, _complete = _codes(
        [
            pa.chunked_array([*_chunks(ours), *_chunks(theirs)], ours.type)
            for ours, theirs in zip(columns, others, strict=True)
        ]
    )
    return codes[:count], codes[count:]


def distinct_of(column: pa.Array) -> pa.Array:
    """The distinct values of a column, in the order of their first record, null left out."""
    return pc.drop_null(pc.unique(column))


def _codes(columns: Sequence[Array]) -> tuple[Ints, NDArray[np.bool_]]:
    """One integer per record, equal where all parts are equal; and whether no part is null."""
    length = len(columns[0])
    codes = np.zeros(length, np.int64)
    complete = np.ones(length, bool)
    for column in columns:
        part, size = _numbered(column)
        complete &= ~_nulls(column)
        # Kept small by numbering anew after each part, so that no product can overflow.
        _, codes = np.unique(codes * size + part, return_inverse=True)
    return codes.astype(np.int64), complete


def _numbered(column: Array) -> tuple[Ints, int]:
    """Number of each record's value among the distinct ones; null has the number after them."""
    whole = pa.chunked_array(_chunks(column), column.type).combine_chunks()
    encoded = pc.dictionary_encode(whole)
    size = len(encoded.dictionary)
    return encoded.indices.fill_null(size).to_numpy().astype(np.int64), size + 1


def _nulls(column: Array) -> NDArray[np.bool_]:
    whole = pa.chunked_array(_chunks(column), column.type)
    return np.asarray(pc.is_null(whole).to_numpy(), bool)


def _chunks(column: Array) -> list[pa.Array]:
    return column.chunks if isinstance(column, pa.ChunkedArray) else [column]


def _unified(
    columns: Sequence[Array], referenced: Sequence[Array]
) -> tuple[list[Array], list[Array]]:
    """Both sides with equal types: numbers meet as numbers, all else as text."""
    left: list[Array] = []
    right: list[Array] = []
    for ours, theirs in zip(columns, referenced, strict=True):
        if ours.type == theirs.type:
            common = ours.type
        elif pa.types.is_primitive(ours.type) and pa.types.is_primitive(theirs.type):
            numbers = {ours.type, theirs.type} <= {pa.int64(), pa.float64()}
            common = pa.float64() if numbers else pa.string()
        else:
            common = pa.string()
        left.append(pc.cast(ours, common, safe=False))
        right.append(pc.cast(theirs, common, safe=False))
    return left, right
