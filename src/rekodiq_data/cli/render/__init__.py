"""One module per output format."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rekodiq_data.cli.render import concise, full, proof

if TYPE_CHECKING:
    from rekodiq_data.report import Report


def render_proof(report: Report, form: str) -> str:
    """The outcome of `verify`, as `full`, `concise` or `json`."""
    if form == "json":
        return json.dumps(report.to_dict(), ensure_ascii=False, indent=2)
    return proof.render(report, form)


def render(
    report: Report,
    form: str,
    *,
    explained: bool = False,
    counts: bool = False,
    seconds: float | None = None,
) -> str:
    """`report` as `full`, `concise` or `json`."""
    if form == "json":
        # Nothing in it depends on the clock: equal data gives equal bytes.
        return json.dumps(report.to_dict(explained=explained), ensure_ascii=False, indent=2)
    if form == "concise":
        return concise.render(report, explained=explained, seconds=seconds)
    return full.render(report, explained=explained, counts=counts, seconds=seconds)
