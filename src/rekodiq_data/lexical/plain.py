"""Plain numbers, read at the speed of Arrow's cast, where that is exact.

A cast takes more than the grammar does (`0x1F`, `nan`, ` 5`) and says nothing of digits that
a double loses. Both show in the bytes: a cell of digits, a point and minus signs only, and of
no more characters than always survive, is either read right or refused by the cast. All other
cells are left to the exact reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ZERO, _POINT, _MINUS = 48, 46, 45
_FEW = 8  # one cell in so many may be left to the exact reader


def cast_plain(
    text: pa.StringArray, kind: pa.DataType, longest: int
) -> tuple[pa.Array, NDArray[np.bool_] | None] | None:
    """Values and where they are settled, by a cast; None where another way is better.

    Of floats, 0.0 stands for -0.0.

    Settled None: everywhere, the missing cells apart.

    Args:
        text: cells; null is missing.
        kind: int64, or float64 (which takes a point).
        longest: characters that always survive.

    >>> values, settled = cast_plain(pa.array(["12", "0x1F", None, "-7"]), pa.int64(), 18)
    >>> values.to_pylist(), settled.tolist()
    ([12, None, None, -7], [True, False, False, True])
    """
    offsets = np.frombuffer(text.buffers()[1] or b"\0\0\0\0", np.int32)
    offsets = offsets[text.offset : text.offset + len(text) + 1]
    lengths = np.diff(offsets)
    odd = (lengths > longest) | (lengths == 0)
    first, last = int(offsets[0]), int(offsets[-1])
    view = np.frombuffer(text.buffers()[2] or b"", np.uint8)[first:last]
    unsigned = view != _MINUS
    others = (view - np.uint8(_ZERO) > 9) & unsigned
    if pa.types.is_floating(kind):
        others &= view != _POINT
    if others.any():
        cells = np.searchsorted(offsets[1:] - first, np.flatnonzero(others), side="right")
        odd[cells] = True
    valid = None
    if text.null_count:
        # A missing cell may stand over bytes, odd or not: neither is to be counted.
        valid = np.asarray(text.is_valid().to_numpy(zero_copy_only=False), bool)
        odd &= valid
    strange = int(np.count_nonzero(odd))
    if strange * _FEW > len(text) and strange > _FEW:
        return None
    known = text
    if strange:
        known = pc.if_else(pa.array(~odd), text, None)
    try:
        values = known.cast(kind)
    except pa.ArrowInvalid:
        return None  # such as 1-2: digits and signs in an order that is no number
    if pa.types.is_floating(kind) and not unsigned.all():
        values = pc.add(values, 0.0)  # -0.0 becomes 0.0
    if not strange:
        return values, None
    return values, ~odd if valid is None else ~odd & valid
