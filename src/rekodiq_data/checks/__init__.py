"""Named checks: rules beyond Table Schema, one module per family, each a pure function.

`KINDS` lists every kind by the name that a schema writes under `check:`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rekodiq_data.checks import (
    codes,
    dates,
    indicators,
    ladder,
    order,
    places,
    plausibility,
    products,
    registers,
    shares,
    texts,
    totals,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rekodiq_data.checks.base import Kind

_FAMILIES = (
    products,
    totals,
    shares,
    texts,
    plausibility,
    dates,
    codes,
    places,
    indicators,
    ladder,
    registers,
    order,
)

KINDS: Mapping[str, Kind] = {kind.name: kind for family in _FAMILIES for kind in family.KINDS}
