"""What the judge needs around a check: which records it is about, and what it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from rekodiq_data.checks.base import Columns, Mask
    from rekodiq_data.descriptor.model import NamedCheck


def selected(columns: Columns, check: NamedCheck) -> Mask:
    """Records inside the check's `where`: every named column holds one of the texts given.

    A missing cell is in no list of texts, so that such a record is never inside.
    """
    mask = np.ones(columns.count, bool)
    for name, texts in check.where.items():
        found = pc.is_in(columns.text[name], value_set=pa.array(texts, pa.string()))
        mask &= np.asarray(found.to_numpy(zero_copy_only=False), bool)
    return mask


def columns_read(check: NamedCheck, reads: frozenset[str]) -> frozenset[str]:
    """Columns of its own table that a use of a check needs, `where` and `lookup` included."""
    via = [check.lookup["via"]] if check.lookup else []
    return reads | check.where.keys() | set(via)
