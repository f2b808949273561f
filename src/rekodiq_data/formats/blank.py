"""Rows of empty cells only, such as spreadsheets leave at the end of a CSV file: blank rows.

The specification does not speak of them. As in Frictionless such a row is one finding, and has
no others: its cells are not looked at. In a table of one column an empty cell may well be a
missing value, and only an empty line is blank (readers leave that out themselves).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data.formats.base import Chunk, RowFault


def without_blank_rows(chunk: Chunk) -> Chunk:
    """The chunk of text cells without its blank rows, each of which becomes a fault."""
    if len(chunk.columns) < 2 or any(pa.types.is_struct(each.type) for each in chunk.columns):
        return chunk
    # Where a reader has made missing texts null, the empty one is among them.
    null_is_empty = chunk.missing is not None and "" in chunk.missing
    blank = np.ones(chunk.count, bool)
    for column in chunk.columns:
        texts = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
        empty = pc.fill_null(pc.equal(pc.binary_length(texts), 0), null_is_empty)
        blank &= empty.to_numpy(zero_copy_only=False)
        if not blank.any():
            return chunk
    kept = pa.array(~blank)
    faults = [RowFault("blank-row", int(number)) for number in chunk.row_numbers[blank]]
    return replace(
        chunk,
        row_numbers=chunk.row_numbers[~blank],
        columns=tuple(column.filter(kept) for column in chunk.columns),
        faults=(*chunk.faults, *faults),
    )
