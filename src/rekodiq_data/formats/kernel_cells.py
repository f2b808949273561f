"""Cells of one block by the compiled kernel, where they are surely those of the csv module."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rekodiq_data.kernel import Cutter, Kind

if TYPE_CHECKING:
    import pyarrow as pa

    from rekodiq_data.descriptor.model import Dialect
    from rekodiq_data.formats.base import Wishes
    from rekodiq_data.formats.blocks import Block
    from rekodiq_data.kernel import PlainCells


def kernel_cells(
    block: Block, width: int, dialect: Dialect, wishes: Wishes
) -> tuple[pa.Array | PlainCells, ...] | None:
    """The block's columns; None where another way has to read it, or there is no kernel."""
    if not block.is_proven:
        return None
    cutter = Cutter(
        width=width,
        delimiter=dialect.delimiter,
        quote=dialect.quote_char or "" if block.quotes is not None else "",
        missing=wishes.missing or (),
        longest=block.surely_short,
    )
    cut = cutter.cut(block.data, block.lines)
    if cut is None:
        return None
    return cut.columns({**dict.fromkeys(wishes.encode, Kind.ENCODED), **wishes.plain})
