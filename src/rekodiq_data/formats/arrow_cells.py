"""Cells of one block by pyarrow, where they are provably those of the csv module."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from rekodiq_data.formats.blocks import CR, LF

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rekodiq_data.descriptor.model import Dialect
    from rekodiq_data.formats.base import Wishes
    from rekodiq_data.formats.blocks import Block

_TEXT = pa.string()
_ENCODED = pa.dictionary(pa.int32(), pa.string())


def cells(
    block: Block, width: int, dialect: Dialect, wishes: Wishes
) -> tuple[pa.Array, ...] | None:
    """The block's columns, or None where the csv module has to decide.

    It has to where a line is blank, a carriage return stands alone, a record has another width,
    a byte is no UTF-8, or a cell could be longer than the limit.
    """
    is_simple = block.is_proven and b"\r" not in block.data and _are_cells_short(block)
    if not is_simple and record_count(block) is None:
        return None
    names = [str(index) for index in range(width)]
    types = {name: _ENCODED if at in wishes.encode else _TEXT for at, name in enumerate(names)}
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(block.data),
            read_options=arrow_csv.ReadOptions(
                column_names=names, use_threads=False, block_size=len(block.data) + 1
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char=dialect.quote_char if block.quotes is not None else False,
                double_quote=True,
                newlines_in_values=block.quotes is not None,
                ignore_empty_lines=False,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=types,
                null_values=list(wishes.missing or ()),
                strings_can_be_null=bool(wishes.missing),
                quoted_strings_can_be_null=True,
                # To look at the bytes once as a whole is quicker than at every cell.
                check_utf8=not block.data.isascii(),
            ),
        )
    except pa.ArrowInvalid:
        return None
    if is_simple and _may_have_blank(table, block, wishes) and record_count(block) is None:
        return None
    return tuple(
        column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
        for column in table.columns
    )


def _are_cells_short(block: Block) -> bool:
    """Whether no cell or record can be longer than the limit, by what is quick to see."""
    if block.quotes is not None:
        opening, closing = block.quotes[0::2], block.quotes[1::2]
        # A doubled quote ends one pair and begins the next: the cell goes on.
        apart = opening[1:] - closing[:-1] > 1
        first = opening[np.append(True, apart)]
        last = closing[np.append(apart, True)]
        if (last - first).max() > block.limits.field:
            return False
    if len(block.data) > block.limits.line:
        return False
    step = max(1, block.limits.field // 2)
    # With a line end in every half of the limit, what is not quoted is shorter than it.
    return all(
        block.data.find(b"\n", start, start + step) >= 0
        for start in range(0, len(block.data) - step, step)
    )


def _may_have_blank(table: pa.Table, block: Block, wishes: Wishes) -> bool:
    """Whether some line may be blank: to pyarrow that is a record of empty cells."""
    if "" in (wishes.missing or ()) and any(not each.null_count for each in table.columns):
        return False
    ends = np.frombuffer(block.data, np.uint8) == LF
    return bool(ends[:1].any() or (ends[1:] & ends[:-1]).any())


def record_count(block: Block) -> int | None:
    """How many records the block has; None where it is not regular."""
    if not block.is_proven:
        return None
    view = np.frombuffer(block.data, np.uint8)
    ends = record_ends(block)
    if b"\r" in block.data and not _are_line_ends(view, block):
        return None
    starts = np.concatenate([np.zeros(1, np.int64), ends])
    if starts[-1] == len(view):
        starts = starts[:-1]
    first = view[starts]
    longest = max(np.diff(starts).max(initial=0), len(view) - starts[-1])
    if ((first == LF) | (first == CR)).any() or longest > block.surely_short:
        return None
    return len(starts)


def record_ends(block: Block) -> NDArray[np.int64]:
    """Just after each line end that ends a record."""
    ends = np.flatnonzero(np.frombuffer(block.data, np.uint8) == LF)
    if block.quotes is not None:
        ends = ends[np.searchsorted(block.quotes, ends) % 2 == 0]
    return ends + 1


def _are_line_ends(view: NDArray[np.uint8], block: Block) -> bool:
    """Whether every carriage return outside of quotes precedes a line feed."""
    returns = np.flatnonzero(view == CR)
    if block.quotes is not None:
        returns = returns[np.searchsorted(block.quotes, returns) % 2 == 0]
    return bool((view[np.minimum(returns + 1, len(view) - 1)] == LF).all())
