"""Close matches: "did you mean"."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def closest(word: str, choices: Iterable[str], *, least: float = 70.0) -> str | None:
    """The choice most like `word`, or None where none is like it.

    Args:
        word: what was written.
        choices: what could have been meant.
        least: similarity from 0 to 100 below which nothing is suggested.

    >>> closest("probabel", ["proved", "probable", "total"])
    'probable'
    >>> closest("zinc", ["copper", "gold"]) is None
    True
    """
    from rapidfuzz import fuzz, process, utils

    options = [choice for choice in choices if choice != word]
    # Short words differ by one letter and are other words: ask for more likeness.
    cutoff = least if len(word) > 3 else 80.0
    found = process.extractOne(
        word, options, scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=cutoff
    )
    return found[0] if found else None


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """A phrase to append to a message: ` Did you mean "x"?`, or nothing."""
    match = closest(word, choices)
    return f' Did you mean "{match}"?' if match else ""
