r"""Regular expressions of XML Schema, in the words of RE2 or of Python's `re`.

What XML Schema has of its own is translated: `\i` and `\c` (the characters of XML names), `\d`
and `\w` of all scripts, `\p{L}`, `\p{IsGreek}` (blocks), classes that take others away
(`[a-z-[aeiou]]`), a dot that matches no line end. What it does not have and other engines do
(anchors, groups with `?`, lazy repeats) stands as it is: people write it, and their engine
takes it. An expression is matched on the whole value, so that anchors around it change nothing.

`\w` is XML Schema's (all but punctuation, separators and controls) and the underscore, which
is a character of words everywhere else.
"""

from __future__ import annotations

import sys
import unicodedata
from functools import lru_cache

from rekodiq_data.lexical.blocks import BLOCKS

Ranges = tuple[tuple[int, int], ...]

_LONGEST = 1_000_000  # of an expression, its classes written out
_TOP = sys.maxunicode
_SURROGATES = (0xD800, 0xDFFF)
_CATEGORIES = frozenset(
    {
        *("L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No"),
        *("P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Z", "Zs", "Zl", "Zp"),
        *("S", "Sm", "Sc", "Sk", "So", "C", "Cc", "Cf", "Co", "Cn"),
    }
)
_UNKNOWN_TO_RE2 = frozenset({"Cn"})
# XML 1.0, fifth edition: NameStartChar and NameChar.
_INITIAL = (
    ":-:A-Z_-_a-zÀ-ÖØ-öø-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_REST = "--.0-9\u00b7-\u00b7\u0300-\u036f\u203f-\u2040"
_WORDS = ("L", "M", "N", "S")
# What each escape is inside a class, for RE2.
_RE2 = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "s": " \\t\\n\\r",
    "S": r"\S\x0c",
    "w": r"\p{L}\p{M}\p{N}\p{S}_",
    "W": r"\p{Pd}\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Po}\p{Z}\p{C}\x{203F}\x{2040}\x{2054}"
    r"\x{FE33}\x{FE34}\x{FE4D}-\x{FE4F}\x{FF3F}",
}
_SINGLE = {"n": 0x0A, "r": 0x0D, "t": 0x09}
_HEX = {"x": 2, "u": 4}


def translated(pattern: str, *, for_re2: bool = True) -> str:
    r"""The expression as RE2 (or Python's `re`) reads it.

    Raises:
        ValueError: a class is not closed, or names a category or block that there is not; or
            the expression is absurdly long.

    >>> translated("[a-c-[b]]x|^y$"), translated(r"\d.")
    ('[ac]x|^y$', '[\\p{Nd}][^\\n\\r]')
    """
    found: list[str] = []
    position = size = 0
    while position < len(pattern):
        char = pattern[position]
        if char == "\\":
            piece, position = _outside(pattern, position + 1, for_re2=for_re2)
        elif char == "[":
            piece, position = _class(pattern, position + 1, for_re2=for_re2)
        else:
            piece, position = ("[^\\n\\r]" if char == "." else char), position + 1
        found.append(piece)
        size += len(piece)
        if size > _LONGEST:
            raise ValueError(f"it is longer than {_LONGEST:,} characters when written out")
    return "".join(found)


# --- what stands in an expression ------------------------------------------------------------


def _outside(pattern: str, position: int, *, for_re2: bool) -> tuple[str, int]:
    """An escape outside of a class, from the character after the backslash."""
    content, end = _content(pattern, position, for_re2=for_re2)
    if content is not None:
        return f"[{content}]", end
    return pattern[position - 1 : end], end


def _content(pattern: str, position: int, *, for_re2: bool) -> tuple[str | None, int]:
    """What an escape adds to a class; None where the engine reads it as it is."""
    char = pattern[position : position + 1]
    if for_re2 and char in _RE2:
        return _RE2[char], position + 1
    if char in ("p", "P"):
        name, end = _named(pattern, position)
        if for_re2 and name in _CATEGORIES - _UNKNOWN_TO_RE2:
            return f"\\{char}{{{name}}}", end
    ranges, end = _escape(pattern, position)
    if ranges is None or char not in "pPicICdDwWsSu":
        return None, end
    return _written(ranges), end


def _class(pattern: str, position: int, *, for_re2: bool) -> tuple[str, int]:
    """A class, from the character after its bracket: as written but for what is translated."""
    start = position
    negated = pattern.startswith("^", position)
    position += negated
    found: list[str] = []
    first = True
    while True:
        char = pattern[position : position + 1]
        if not char:
            raise ValueError("a class is not closed: a ] is missing")
        if char == "]" and not first:
            return f"[{'^' * negated}{''.join(found)}]", position + 1
        if pattern.startswith("-[", position) and not first:
            ranges, end = _set(pattern, start)
            return _whole(ranges), end
        if char == "\\":
            content, end = _content(pattern, position + 1, for_re2=for_re2)
            found.append(pattern[position:end] if content is None else content)
            position = end
        else:
            # RE2 reads "[[:" as the start of a POSIX class, Python warns of any bracket.
            found.append(
                "\\[" if char == "[" and not pattern.startswith("[:", position) else char
            )
            position += 1
        first = False


# --- sets of characters ----------------------------------------------------------------------


def _set(pattern: str, position: int) -> tuple[Ranges, int]:
    """The characters of a class that takes others away, and the place after it."""
    negated = pattern.startswith("^", position)
    position += negated
    spans: list[tuple[int, int]] = []
    while True:
        char = pattern[position : position + 1]
        if not char:
            raise ValueError("a class is not closed: a ] is missing")
        if char == "]" or pattern.startswith("-[", position):
            break
        low, position = _item(pattern, position)
        is_range = (
            len(low) == 1
            and low[0][0] == low[0][1]
            and pattern.startswith("-", position)
            and pattern[position + 1 : position + 2] not in ("[", "]", "")
        )
        if is_range:
            high, position = _item(pattern, position + 1)
            low = ((low[0][0], high[0][1]),)
        spans.extend(low)
    own = _joined(spans)
    own = _complement(own) if negated else own
    if pattern[position] == "]":
        return own, position + 1
    taken, position = _set(pattern, position + 2)
    if not pattern.startswith("]", position):
        raise ValueError("a class that takes another away must end after it")
    return _complement(_joined((*_complement(own), *taken))), position + 1


def _item(pattern: str, position: int) -> tuple[Ranges, int]:
    char = pattern[position]
    if char != "\\":
        return ((ord(char), ord(char)),), position + 1
    ranges, end = _escape(pattern, position + 1)
    if ranges is None:
        raise ValueError(f'"{pattern[position:end]}" has no meaning in a class')
    return ranges, end


def _escape(pattern: str, position: int) -> tuple[Ranges | None, int]:
    """The characters that an escape stands for; None where it is no set of them."""
    char = pattern[position : position + 1]
    end = position + 1
    if char in ("p", "P"):
        name, end = _named(pattern, position)
        found = _of_name(name)
        return (_complement(found) if char == "P" else found), end
    if char.lower() in ("i", "c", "d", "w", "s") and char:
        found = _shorthand(char.lower())
        return (_complement(found) if char.isupper() else found), end
    if char in _SINGLE:
        return ((_SINGLE[char], _SINGLE[char]),), end
    digits = pattern[end : end + _HEX.get(char, 0)]
    if digits and len(digits) == _HEX[char] and set(digits) <= set("0123456789abcdefABCDEF"):
        return ((int(digits, 16), int(digits, 16)),), end + len(digits)
    if char and not char.isalnum():
        return ((ord(char), ord(char)),), end
    return None, end


def _named(pattern: str, position: int) -> tuple[str, int]:
    """The name in `p{name}`, and the place after it."""
    close = pattern.find("}", position)
    name = pattern[position + 2 : close]
    if close < 0 or pattern[position + 1 : position + 2] != "{":
        raise ValueError(
            f'"\\{pattern[position : position + 1]}" must be followed by a name in {{}}'
        )
    if name not in _CATEGORIES and name.removeprefix("Is") not in BLOCKS:
        raise ValueError(f'there is no category or block "{name}" of characters')
    return name, close + 1


@lru_cache(64)
def _of_name(name: str) -> Ranges:
    if name not in _CATEGORIES:
        return (BLOCKS[name.removeprefix("Is")],)
    tables = _by_category()
    return _joined(
        [span for key, spans in tables.items() if key.startswith(name) for span in spans]
    )


@lru_cache(8)
def _shorthand(char: str) -> Ranges:
    if char == "d":
        return _of_name("Nd")
    if char == "w":
        words = [span for name in _WORDS for span in _of_name(name)]
        return _joined([*words, (ord("_"), ord("_"))])
    if char == "s":
        return ((0x09, 0x0A), (0x0D, 0x0D), (0x20, 0x20))
    text = _INITIAL if char == "i" else _INITIAL + _REST
    return _joined([(ord(text[at]), ord(text[at + 2])) for at in range(0, len(text), 3)])


@lru_cache(1)
def _by_category() -> dict[str, list[tuple[int, int]]]:
    """Spans of each category of characters. A third of a second, and so only when asked for."""
    found: dict[str, list[tuple[int, int]]] = {}
    start, current = 0, unicodedata.category("\0")
    for code in range(1, _TOP + 2):
        category = unicodedata.category(chr(code)) if code <= _TOP else ""
        if category != current:
            found.setdefault(current, []).append((start, code - 1))
            start, current = code, category
    return found


def _joined(spans: list[tuple[int, int]] | Ranges) -> Ranges:
    """Spans in order, those that touch made one."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return tuple(found)


def _complement(ranges: Ranges) -> Ranges:
    found: list[tuple[int, int]] = []
    start = 0
    for low, high in ranges:
        if low > start:
            found.append((start, low - 1))
        start = high + 1
    if start <= _TOP:
        found.append((start, _TOP))
    return tuple(found)


def _written(ranges: Ranges) -> str:
    """Spans as the content of a class."""
    # Half of a surrogate pair is no character: RE2 takes none, and no text holds one.
    spans = _complement(_joined((*_complement(ranges), _SURROGATES)))
    return "".join(
        _char(low)
        if low == high
        else f"{_char(low)}{'-' if high > low + 1 else ''}{_char(high)}"
        for low, high in spans
    )


def _whole(ranges: Ranges) -> str:
    """Spans as a class; the empty one matches nothing."""
    return f"[{_written(ranges)}]" if ranges else r"[^\s\S]"


def _char(code: int) -> str:
    char = chr(code)
    return f"\\x{code:02x}" if char.isascii() and not char.isalnum() else char
