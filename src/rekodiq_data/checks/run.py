"""What the judge needs around a check: which records it is about, and what it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from rekodiq_data.checks.base import Columns, Mask
    from rekodiq_data.descriptor.model import NamedCheck, Reading


def selected(columns: Columns, check: NamedCheck) -> Mask:
    """Records inside the check's `where`: every named column holds one of the texts given.

    A missing cell is in no list of texts, so that such a record is never inside.
    """
    mask = np.ones(columns.count, bool)
    for name, texts in check.where.items():
        found = pc.is_in(columns.text[name], value_set=pa.array(texts, pa.string()))
        mask &= np.asarray(found.to_numpy(zero_copy_only=False), bool)
    return mask


def explained(
    reading: Reading | None, check: NamedCheck, marks: pa.Array | None
) -> Mask | None:
    """Records whose reading mark explains a failure of this kind of check.

    Args:
        reading: the schema's `rekodiq:reading`, where it has one.
        check: the check that may have failed.
        marks: the text of the reading column, null where missing.

    Returns:
        None where no mark explains this kind at all.
    """
    if reading is None or marks is None:
        return None
    explaining = [mark for mark, kinds in reading.explains.items() if check.check in kinds]
    if not explaining:
        return None
    found = pc.is_in(marks, value_set=pa.array(explaining, pa.string()))
    return np.asarray(found.to_numpy(zero_copy_only=False), bool)


def columns_read(check: NamedCheck, reads: frozenset[str]) -> frozenset[str]:
    """Columns of its own table that a use of a check needs, `where` and `lookup` included."""
    via = [check.lookup["via"]] if check.lookup else []
    return reads | check.where.keys() | set(via)
