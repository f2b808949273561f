"""One module per output format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rekodiq_data.cli.render import concise, full, proof
from rekodiq_data.cli.render.text import json_text

if TYPE_CHECKING:
    from rekodiq_data.report import Report


def render_proof(report: Report, form: str) -> str:
    """The outcome of `verify`, as `full`, `concise` or `json`."""
    if form == "json":
        return json_text(report.to_dict())
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
        return json_text(report.to_dict(explained=explained))
    if form == "concise":
        return concise.render(report, explained=explained, seconds=seconds)
    return full.render(report, explained=explained, counts=counts, seconds=seconds)
