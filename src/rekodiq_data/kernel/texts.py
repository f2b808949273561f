"""Texts of numbers, and lines of canonical CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from rekodiq_data.kernel.library import library
from rekodiq_data.kernel.places import count_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_LONGEST = 24  # bytes of a number of 15 digits, with its sign and point, and some to spare
_LARGEST = 2**31 - 1
_QUOTE = ord('"')

_TEXTS = np.dtype(
    [
        (name, np.int64)
        for name in ("offsets", "data", "valid", "first", "missing", "missing_size")
    ]
)


def number_texts(values: pa.Array) -> tuple[pa.StringArray, NDArray[np.int32]] | None:
    """The shortest decimal texts of a column of doubles, and the records that have none here.

    These (beyond 15 digits, too small or too large to be written plainly, or no numbers) come
    as empty texts. None without a kernel.
    """
    code = library()
    if code is None or not len(values) or len(values) * _LONGEST > _LARGEST:
        return None
    count = len(values)
    valid, data = values.buffers()
    offsets = pa.allocate_buffer(4 * (count + 1))
    texts = pa.allocate_buffer(_LONGEST * count)
    odd = np.empty(count, np.int32)
    left = code.rk_number_texts(
        data.address,
        valid.address if valid is not None else None,
        values.offset,
        count,
        offsets.address,
        texts.address,
        odd.ctypes.data,
    )
    used = int(np.frombuffer(offsets, np.int32)[-1])
    found = pa.Array.from_buffers(pa.string(), count, [None, offsets, texts.slice(0, used)], 0)
    return found, odd[:left]


def lines_of(columns: Sequence[pa.StringArray], missing: Sequence[str]) -> bytes | None:
    """The records of some columns of text as lines of canonical CSV; None without a kernel.

    Args:
        columns: of equal length.
        missing: what stands for a missing cell of each, quoted where it has to be.
    """
    code = library()
    records = len(columns[0])
    if code is None or not records:
        return None
    plan = np.zeros(len(columns), _TEXTS)
    instead = [each.encode() for each in missing]
    joined = np.frombuffer(b"".join(instead) + b" ", np.uint8)
    room = place = 0
    for each, column, text in zip(plan, columns, instead, strict=True):
        valid, offsets, data = column.buffers()
        at = np.frombuffer(offsets, np.int32)
        first, last = int(at[column.offset]), int(at[column.offset + records])
        each["offsets"] = offsets.address
        each["data"] = data.address if data is not None else joined.ctypes.data
        each["valid"] = valid.address if valid is not None else 0
        each["first"] = column.offset
        each["missing"] = joined.ctypes.data + place
        each["missing_size"] = len(text)
        place += len(text)
        quotes = count_in(data.slice(first, last - first), _QUOTE) if last > first else 0
        room += last - first + quotes + 3 * records + len(text) * column.null_count
    out = pa.allocate_buffer(room)
    special = np.empty(len(columns), np.uint8)
    used = code.rk_lines(
        plan.ctypes.data, len(columns), records, special.ctypes.data, out.address
    )
    return bytes(out.slice(0, used))
