"""What versions tell: the history of one record, and what became of a changelog's entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rekodiq_data.cli.render.summary import shown_path
from rekodiq_data.cli.render.text import json_text, visible, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rekodiq_data.compare import Written
    from rekodiq_data.history import History, Moment

_EVENTS = {
    "absent": "not there yet",
    "added": "added",
    "changed": "changed",
    "same": "unchanged",
    "removed": "removed",
}


def history(found: History, form: str) -> str:
    """A record through all versions, as `text` or `json`."""
    if form == "json":
        return json_text(found.to_dict())
    title = visible(f"{found.table} {' '.join(found.key)}", keep_newlines=False)
    lines = [click.style(title, bold=True)]
    for moment in found.moments:
        lines.extend(_moment(moment, found.table))
    return "\n".join(lines)


def changelog(written: Written) -> str:
    """What became of the entry, and what to do next."""
    place = shown_path(str(written.path))
    since = (
        f" (least honest step since {written.previous}: {written.step.size.word})"
        if (written.step)
        else " (no version is published yet)"
    )
    words = {
        "added": f"Wrote the entry of {written.version} into {place}{since}",
        "replaced": f"Brought the entry of {written.version} in {place} up to date{since}",
        "same": f"The entry of {written.version} in {place} is up to date{since}",
        "edited": f"The entry of {written.version} in {place} was written or edited by hand, "
        "and is left as it is",
        "nothing": f"Nothing has changed since {written.previous}; {place} is left as it is",
    }[written.outcome]
    hints = []
    if written.outcome in {"added", "replaced"}:
        hints.append("Next: edit it in your own words, then rekodiq-data release")
    if written.outcome != "nothing" and written.stated != written.version:
        hints.append(
            f"The project states {written.stated or 'no version'}: set version: "
            f"{written.version} in package.yaml, too"
        )
    return "\n".join(wrapped(each, first="", rest="  ") for each in (words, *hints))


def _moment(moment: Moment, table: str) -> Iterator[str]:
    word = _EVENTS[moment.event]
    called = f" (table {moment.table})" if moment.table not in {None, table} else ""
    source = f"  source: {moment.source}" if moment.source else ""
    line = visible(f"{moment.version}  {word}{called}{source}", keep_newlines=False)
    yield wrapped(line, first="  ", rest="      ")
    if moment.source_title and moment.event in {"added", "changed"}:
        yield wrapped(_plain(moment.source_title), first="      ", rest="      ")
    if moment.event == "removed":
        return
    for cell in moment.cells:
        now = "(missing)" if cell.new is None else cell.new
        was = "(missing)" if cell.old is None else cell.old
        change = now if moment.event == "added" else f"{was} -> {now}"
        yield wrapped(_plain(f"{cell.field}: {change}"), first="      ", rest="        ")


def _plain(text: str) -> str:
    return visible(text, keep_newlines=False)
