"""Where each key of a JSON text stands.

Python's JSON reader is quick and keeps no places. This scanner is slower and runs only when a
place is asked for: when the text holds something that strict JSON forbids, or a descriptor has
a fault to report.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from rekodiq_data.errors import BadText

if TYPE_CHECKING:
    from pathlib import Path

    from rekodiq_data.limits import ReadLimits

_WORD = re.compile(r'[ \t\r\n]*([{}\[\],:]|"(?:[^"\\]|\\.)*"|[^\s{}\[\],:"]+)', re.DOTALL)
LONGEST_NUMBER = 300
_HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F]")


class _Container:
    """An open object or list: the path to it, and what its next value stands under."""

    def __init__(self, path: tuple[str | int, ...], *, is_object: bool) -> None:
        self.path = path
        self.is_object = is_object
        self.keys: set[str] = set()
        self.key: str | None = None
        self.index = 0


def find_places(
    text: str, shown: Path | str, limits: ReadLimits
) -> dict[tuple[str | int, ...], tuple[int, int]]:
    """Line and column (from 1) of every key and list item, by key path; `()` is the top.

    `text` has the grammar of JSON, as Python's reader takes it.

    Raises:
        BadText: a key occurs twice in one object, the text is nested too deeply, holds NaN,
            Infinity, a number too large for a float, or half of a surrogate pair.
    """
    places: dict[tuple[str | int, ...], tuple[int, int]] = {}
    stack: list[_Container] = []
    line, line_start, counted = 1, 0, 0
    for match in _WORD.finditer(text):
        word, start = match[1], match.start(1)
        line += text.count("\n", counted, start)
        line_start = max(line_start, text.rfind("\n", counted, start) + 1)
        counted = start
        place = (line, start - line_start + 1)
        if word in "]}":
            stack.pop()
            continue
        if word in ",:":
            continue
        if word.startswith('"'):
            _refuse_half_pair(word, shown, place)
        path: tuple[str | int, ...] = ()
        if stack:
            inside = stack[-1]
            if inside.is_object and inside.key is None:
                key = json.loads(word)
                if key in inside.keys:
                    raise BadText(
                        shown, f'the key "{key}" occurs twice', line=place[0], column=place[1]
                    )
                inside.keys.add(key)
                inside.key = key
                places[(*inside.path, key)] = place
                continue
            path = (*inside.path, inside.index if inside.key is None else inside.key)
            inside.key = None
            inside.index += 1
        # A value under a key has the place of its key.
        places.setdefault(path, place)
        if word in "[{":
            stack.append(_Container(path, is_object=word == "{"))
            if len(stack) > limits.depth:
                raise BadText(
                    shown,
                    limits.past("depth", "it is nested too deeply"),
                    line=place[0],
                    column=place[1],
                )
        elif not word.startswith('"'):
            _refuse_number(word, shown, place)
    return places


def _refuse_half_pair(word: str, shown: Path | str, place: tuple[int, int]) -> None:
    """Raise BadText where a JSON string holds half of a surrogate pair."""
    if _HALF_PAIR.search(word):
        try:
            json.loads(word).encode()
        except UnicodeEncodeError as error:
            raise BadText(
                shown,
                "a text holds half of a surrogate pair, which is no character",
                line=place[0],
                column=place[1],
            ) from error


def _refuse_number(word: str, shown: Path | str, place: tuple[int, int]) -> None:
    """Raise BadText where a word is a number that Python reads and JSON or a float has not."""
    if word in ("true", "false", "null"):
        return
    if word in ("NaN", "Infinity", "-Infinity"):
        raise BadText(shown, f"{word} is no JSON number", line=place[0], column=place[1])
    if len(word) > LONGEST_NUMBER or abs(float(word)) == float("inf"):
        raise BadText(
            shown, f"the number {word[:20]}... is too large", line=place[0], column=place[1]
        )
