"""Computed entries in a changelog, which people may edit.

What was computed is marked with its own digest, so that a later run can tell its own words,
which it may replace, from words that people edited, which it never touches.
"""

from __future__ import annotations

import hashlib
import re
from enum import StrEnum

_TITLE = "# History of the data\n"
_MARK = re.compile(r"\n*<!-- computed from the data, ([0-9a-f]{16})[^\n]*-->\n*")
_HEADING = re.compile(r"^## +v?(\S+)", re.MULTILINE)


class Outcome(StrEnum):
    """What became of an entry."""

    ADDED = "added"
    REPLACED = "replaced"
    SAME = "same"
    EDITED = "edited"
    NOTHING = "nothing"


def with_entry(text: str, version: str, entry: str) -> tuple[str, Outcome]:
    """A changelog with the computed entry of a version in it, and what became of the entry.

    Args:
        text: the changelog, newest version first; may be empty.
        version: the number.
        entry: as `changelog_entry` gives it.
    """
    marked = _marked(entry)
    headings = list(_HEADING.finditer(text))
    for at, heading in enumerate(headings):
        if heading[1] != version:
            continue
        end = headings[at + 1].start() if at + 1 < len(headings) else len(text)
        section = text[heading.start() : end]
        if section.strip() == marked.strip():
            return text, Outcome.SAME
        mark = _MARK.search(section)
        rest = section[mark.end() :] if mark else ""
        if mark is None or rest.strip() or _digest(section[: mark.start()]) != mark[1]:
            return text, Outcome.EDITED
        tail = "\n" if end < len(text) else ""
        return text[: heading.start()] + marked + tail + text[end:], Outcome.REPLACED
    if not headings:
        return f"{(text or _TITLE).rstrip()}\n\n{marked}", Outcome.ADDED
    start = headings[0].start()
    return f"{text[:start]}{marked}\n{text[start:]}", Outcome.ADDED


def _marked(entry: str) -> str:
    return (
        f"{entry.rstrip()}\n\n<!-- computed from the data, {_digest(entry)}; "
        "once a word above is edited, it stays as it is -->\n"
    )


def _digest(entry: str) -> str:
    return hashlib.sha256(entry.strip().encode()).hexdigest()[:16]
