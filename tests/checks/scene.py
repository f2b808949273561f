"""Scenes for check functions, from rows of text, without files or a judge."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from rekodiq_data.checks.base import Columns, Scene, Verdict
from rekodiq_data.descriptor.model import NamedCheck

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rekodiq_data.checks.base import Kind

_READ = {
    "string": str,
    "integer": int,
    "number": lambda text: float(Decimal(text)),
    "boolean": lambda text: text == "true",
}
_ARROW = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
}


def columns(
    rows: Sequence[Mapping[str, str]], types: Mapping[str, str], table: str = "own"
) -> Columns:
    """Columns of `rows` (an empty text is missing), each typed as `types` says."""
    texts = {name: [row.get(name) or None for row in rows] for name in types}
    return Columns(
        table=table,
        count=len(rows),
        values={
            name: pa.array(
                [None if text is None else _READ[types[name]](text) for text in column],
                _ARROW[types[name]],
            )
            for name, column in texts.items()
        },
        text={name: pa.array(column, pa.string()) for name, column in texts.items()},
    )


def scene(
    own: Columns,
    *,
    selected: Sequence[bool] | None = None,
    looked_up: Sequence[str | None] | None = None,
    others: Sequence[Columns] = (),
    failures: Mapping[str, Sequence[bool]] | None = None,
) -> Scene:
    """A scene around `own`; everything is selected unless said otherwise."""
    return Scene(
        own=own,
        selected=np.ones(own.count, bool) if selected is None else np.array(selected, bool),
        looked_up=None if looked_up is None else pa.array(looked_up, pa.string()),
        others={each.table: each for each in (own, *others)},
        failures={name: np.array(mask, bool) for name, mask in (failures or {}).items()},
    )


def use(kind: Kind, **parameters: Any) -> NamedCheck:
    """A use of `kind` with `parameters`."""
    return NamedCheck(check=kind.name, name=kind.name, parameters=parameters)


def verdicts(kind: Kind, around: Scene, **parameters: Any) -> list[Verdict]:
    """The verdicts of `kind` on every record of `around`."""
    outcome = kind.judge(around, use(kind, **parameters))
    return [Verdict(int(code)) for code in outcome.verdicts]
