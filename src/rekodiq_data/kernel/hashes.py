"""Numbers for texts that are equal where the texts are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rekodiq_data.kernel.library import library

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray


def hashes_of(
    data: pa.Buffer | None, offsets: NDArray[np.int32], longest: int
) -> NDArray[np.uint64] | None:
    """A number for each text between two of `offsets`, as `keys.hash_rows` makes it.

    None where there is no kernel, or a text has more than `longest` bytes.
    """
    code = library()
    if code is None or data is None:
        return None
    found = np.empty(len(offsets) - 1, np.uint64)
    left = code.rk_hashes(
        data.address, offsets.ctypes.data, len(found), longest, found.ctypes.data
    )
    return None if left else found
