"""Named checks: rules beyond Table Schema, one module per family, each a pure function.

`KINDS` lists every kind by the name that a schema writes under `check:`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rekodiq_data.checks.base import Kind

_FAMILIES = (
    "products",
    "totals",
    "shares",
    "texts",
    "plausibility",
    "dates",
    "codes",
    "places",
    "indicators",
    "ladder",
    "registers",
    "order",
)


class _Kinds(Mapping[str, "Kind"]):
    """All kinds by name. The families are imported when somebody first asks for a kind.

    Most packages have no named checks, and these imports take longer than judging a small one.
    """

    @cached_property
    def _by_name(self) -> dict[str, Kind]:
        families = [import_module(f"{__name__}.{family}") for family in _FAMILIES]
        return {kind.name: kind for family in families for kind in family.KINDS}

    def __getitem__(self, name: str) -> Kind:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)


KINDS: Mapping[str, Kind] = _Kinds()
