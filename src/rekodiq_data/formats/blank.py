"""Rows of missing cells only, such as spreadsheets leave at the end of a CSV file: blank rows.

The specification does not speak of them. As in Frictionless such a row is one finding, and has
no others: its cells are not looked at. In a table of one column a record may well have nothing
but a missing value, and only an empty line is blank (readers leave that out themselves). Where
an empty cell is a value of its own, a row of them is a record like any other.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data.formats.base import Chunk, RowFault
from rekodiq_data.kernel import PlainCells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def without_blank_rows(chunk: Chunk, missing: Sequence[tuple[str, ...]]) -> Chunk:
    """The chunk of text cells without its blank rows, each of which becomes a fault.

    Args:
        chunk: as the reader gives it.
        missing: the texts that mean "missing", for each of its columns.
    """
    if len(chunk.columns) < 2 or any(map(_is_native, chunk.columns)):
        return chunk
    blank = np.ones(chunk.count, bool)
    for column, texts in zip(chunk.columns, missing, strict=True):
        blank &= _is_missing(column, texts, nulled=chunk.missing == texts)
        if not blank.any():
            return chunk
    kept = pa.array(~blank)
    faults = [RowFault("blank-row", int(number)) for number in chunk.row_numbers[blank]]
    return replace(
        chunk,
        row_numbers=chunk.row_numbers[~blank],
        columns=tuple(chunk.array(at).filter(kept) for at in range(len(chunk.columns))),
        faults=(*chunk.faults, *faults),
    )


def _is_native(column: pa.Array | PlainCells) -> bool:
    return not isinstance(column, PlainCells) and bool(pa.types.is_struct(column.type))


def _is_missing(
    column: pa.Array | PlainCells, texts: tuple[str, ...], *, nulled: bool
) -> NDArray[np.bool_]:
    """Cells that are there and missing; the reader may have `nulled` them already."""
    if isinstance(column, PlainCells):
        return column.is_missing
    if nulled:
        found = column.is_null()
    else:
        decoded = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
        found = (
            pc.equal(pc.binary_length(decoded), 0)
            if texts == ("",)
            else pc.is_in(decoded, value_set=pa.array(texts, pa.string()))
        )
        found = pc.fill_null(found, False)
    return np.asarray(found.to_numpy(zero_copy_only=False), bool)
