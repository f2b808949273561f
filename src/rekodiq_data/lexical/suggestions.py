"""What a bad cell was likely meant to be.

A suggestion is only made when it is itself a value of the field's type, and when one reading
stands out: no guess between the 3rd of April and the 4th of March.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from rekodiq_data.lexical.families import family_of
from rekodiq_data.lexical.parsed import BAD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rekodiq_data.descriptor.model import Field

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−﹣－"), "-")


def suggestion(field: Field, cell: str) -> str | None:
    """The text that a bad cell was likely meant to be, or None.

    >>> from rekodiq_data.descriptor.model import Field
    >>> suggestion(Field("x", "integer"), " ۵ ")
    '5'
    """
    read = family_of(field).reader(field)
    for text in _readings(cell):
        if text != cell and read(text) is not BAD:
            return text
    return None


def _readings(cell: str) -> Iterator[str]:
    yield plain(cell)


def plain(cell: str) -> str:
    """The text without blanks around it, with ASCII digits and hyphens."""
    digits = "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else char for char in cell
    )
    return " ".join(digits.translate(_DASHES).split())
