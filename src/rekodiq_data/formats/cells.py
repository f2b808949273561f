"""Where the cells of one CSV record start: line and column, for people to find them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rekodiq_data.formats.base import RecordPlace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rekodiq_data.descriptor.model import Dialect


def cell_places(lines: Sequence[str], first_line: int, dialect: Dialect) -> RecordPlace:
    r"""Places of the cells of a record that is made of `lines`, the first being `first_line`.

    The record is known to be well formed: the csv module has read it.

    >>> from rekodiq_data.descriptor.model import Dialect
    >>> cell_places(['a,"b\n', 'c",d\n'], 7, Dialect()).cells
    ((7, 1), (7, 3), (8, 4))
    """
    text = "".join(lines)
    # Comments before the record were taken together with it.
    skip = 0
    while dialect.comment_char and lines[skip].startswith(dialect.comment_char):
        skip += 1
    start = sum(len(line) for line in lines[:skip])
    starts = [start, *_delimiter_ends(text, start, dialect)]
    line_starts = [0]
    for line in lines:
        line_starts.append(line_starts[-1] + len(line))
    cells = []
    number = skip
    for position in starts:
        while number + 1 < len(lines) and position >= line_starts[number + 1]:
            number += 1
        cells.append((first_line + number, position - line_starts[number] + 1))
    return RecordPlace(
        line=first_line + skip,
        cells=tuple(cells),
        lines={first_line + index: line.rstrip("\r\n") for index, line in enumerate(lines)},
    )


def _delimiter_ends(text: str, start: int, dialect: Dialect) -> list[int]:
    """Positions just after each delimiter that separates cells."""
    quote, escape, delimiter = dialect.quote_char, dialect.escape_char, dialect.delimiter
    ends: list[int] = []
    if not escape and not (quote and quote in text):
        at = text.find(delimiter, start)
        while at >= 0:
            ends.append(at + len(delimiter))
            at = text.find(delimiter, ends[-1])
        return ends
    position = start
    at_start = True
    inside = False
    while position < len(text):
        character = text[position]
        if escape and character == escape:
            position += 1
        elif inside:
            if character == quote:
                doubled = dialect.double_quote and text[position + 1 : position + 2] == quote
                inside = doubled
                position += doubled
        elif quote and character == quote and at_start:
            inside = True
        elif text.startswith(delimiter, position):
            ends.append(position + len(delimiter))
            at_start = True
            position += len(delimiter)
            continue
        at_start = at_start and dialect.skip_initial_space and character == " "
        position += 1
    return ends
