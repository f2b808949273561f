"""Where a byte stands, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rekodiq_data.kernel.library import library

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

_WINDOW = 1 << 16  # bytes that numpy looks at together


def count_of(data: bytes, byte: int) -> int:
    """How often a byte stands in `data`."""
    code = library()
    if code is not None:
        return int(code.rk_count(data, len(data), byte))
    view = np.frombuffer(data, np.uint8)
    return sum(
        int(np.count_nonzero(view[start : start + _WINDOW] == byte))
        for start in range(0, len(view), _WINDOW)
    )


def count_in(data: pa.Buffer, byte: int) -> int:
    """How often a byte stands in a buffer, where there is a kernel."""
    code = library()
    if code is None:
        raise AssertionError("asked only with a kernel")
    return int(code.rk_count(data.address, data.size, byte))


def places_of(data: bytes, end: int, byte: int) -> NDArray[np.int64]:
    """Where a byte stands among the first `end` of `data`.

    Looked at in windows where numpy has to: for an array as large as a block, the system would
    map and clear memory each time, which takes longer than the search.
    """
    code = library()
    if code is not None:
        found = np.empty(code.rk_count(data, end, byte), np.int64)
        code.rk_places(data, end, byte, found.ctypes.data)
        return found
    view = np.frombuffer(data, np.uint8)[:end]
    parts = []
    for start in range(0, len(view), _WINDOW):
        places = np.flatnonzero(view[start : start + _WINDOW] == byte)
        places += start
        parts.append(places)
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)
