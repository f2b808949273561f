"""pyarrow without pandas, as long as nothing needs pandas."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType


class _NoPandas(MetaPathFinder):
    """Says that pandas is not installed."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname)


def leave_pandas_out() -> None:
    """Keep pyarrow from importing pandas for its own ends.

    With the first array that it makes of a Python list it does so, to see whether the list is a
    series: 0.15 seconds (measured), more than judging a small package takes. It asks once, and
    is told here that there is none. Whoever does need pandas imports `frames`, where it looks
    again.
    """
    if "pandas" in sys.modules:
        return
    nothing = _NoPandas()
    sys.meta_path.insert(0, nothing)
    try:
        pa.array([])
    finally:
        sys.meta_path.remove(nothing)
