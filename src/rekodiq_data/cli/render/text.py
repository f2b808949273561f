"""Text that is safe and readable on a terminal."""

from __future__ import annotations

import json
import re
import textwrap
import unicodedata
from functools import lru_cache
from typing import Any

WIDTH = 80

# Characters that move, hide or turn what stands around them never reach a terminal.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def json_text(value: Any) -> str:
    r"""`value` as JSON that is readable, and safe on a terminal: what `visible` escapes is.

    What holds no more than texts and numbers stands on one line: a finding, for one.

    >>> json_text("é \x9b31m \u202e")
    '"é \\u009b31m \\u202e"'
    """
    text = _laid_out(value, "")
    unsafe = {
        character
        for character in set(text)
        if character != "\n" and unicodedata.category(character) in _UNSAFE
    }
    if not unsafe:
        return text
    raw = re.compile(f"[{re.escape(''.join(sorted(unsafe)))}]")
    return raw.sub(lambda found: _in_json(found[0]), text)


def _in_json(character: str) -> str:
    """A character as JSON escapes it: one beyond the first plane as a pair."""
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _laid_out(value: Any, indent: str) -> str:
    # json's own indent is written in Python, and took most of the time of a long report.
    inner = indent + "  "
    if not isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    parts = list(value.values() if isinstance(value, dict) else value)
    if not any(isinstance(each, dict | list) and each for each in parts):
        return json.dumps(value, ensure_ascii=False)
    rows = [_laid_out(each, inner) for each in parts]
    if isinstance(value, dict):
        keys = [json.dumps(str(key), ensure_ascii=False) for key in value]
        rows = [f"{key}: {row}" for key, row in zip(keys, rows, strict=True)]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n{inner}" + f",\n{inner}".join(rows) + f"\n{indent}{closing}"


def visible(text: str, *, keep_newlines: bool = True) -> str:
    r"""`text` with control, bidi and other invisible characters as escapes.

    >>> visible("a\x1b[31mb", keep_newlines=False)
    'a\\x1b[31mb'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character
        if (character == "\n" and keep_newlines)
        or unicodedata.category(character) not in _UNSAFE
        else ascii(character)[1:-1]
        for character in text
    )


def columns_of(text: str) -> int:
    """How many terminal columns `text` takes: wide characters take two, marks none."""
    if text.isascii():
        return len(text)
    return sum(map(_columns_of_one, text))


@lru_cache(1_024)
def _columns_of_one(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 1 + (unicodedata.east_asian_width(character) in "WF")


def wrapped(text: str, *, first: str, rest: str, width: int = WIDTH) -> str:
    """`text` in lines of at most `width`, never breaking a word that one may search for."""
    return textwrap.fill(
        text,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def amount(number: int, noun: str, plural: str | None = None) -> str:
    """`1 row`, `2,400 rows`.

    >>> amount(1, "row"), amount(2400, "row"), amount(0, "entry", "entries")
    ('1 row', '2,400 rows', '0 entries')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
