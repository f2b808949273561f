"""What differs between two packages as one page that asks nothing of the outside."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2

from rekodiq_data.cli.render.changes import counts_of, heading_of, title_of, value_words
from rekodiq_data.cli.render.text import visible
from rekodiq_data.diff import Change
from rekodiq_data.diff.step import schema_words

if TYPE_CHECKING:
    from rekodiq_data.diff import Changes

_HERE = Path(__file__).parent


def page(changes: Changes) -> str:
    """The page: every kept change, old source beside new source.

    Values stand in text nodes alone, escaped by the template engine; characters that would move
    or hide what stands around them are shown as escapes, as on a terminal. The policy of the
    page forbids everything but its own style, which is named by its digest.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["visible"] = lambda value: visible(value_words(value))
    style = (_HERE / "page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return environment.get_template("page.html.jinja").render(
        title=title_of(changes),
        changes=changes,
        tables=[each for each in changes.tables if each.change is not Change.SAME],
        style=style,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'",
        counts_of=counts_of,
        heading_of=heading_of,
        schema_words=schema_words,
    )
