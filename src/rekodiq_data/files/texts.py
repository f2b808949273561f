"""Strict JSON and strict YAML, as plain values with the line of every key.

JSON is RFC 8259 in UTF-8, without duplicate keys, NaN, Infinity or numbers that a float can't
hold. YAML is a small part of YAML 1.2 that means one thing only: collections and
scalars, without anchors, aliases, tags, duplicate keys or several documents. A plain scalar is
null (`null`, `~`, nothing), true or false, an integer or a decimal number; all else is text:
`no`, `on`, `2024-03-31`, `1e3`, `007`, `0o7`, `1_000`, `.inf`. (YAML 1.2's core schema reads
1e3, 007 and 0o7 as numbers. Here they stay as written, so that a code never becomes a number.)
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from rekodiq_data.errors import BadText, NotReadable, TooLarge
from rekodiq_data.files.gate import read_bytes, read_given
from rekodiq_data.files.json_places import LONGEST_NUMBER, find_places
from rekodiq_data.limits import DEFAULT_LIMITS, ReadLimits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

DESCRIPTOR_CAP = DEFAULT_LIMITS.descriptor
YAML_ENDINGS = (".yaml", ".yml")
JSON_ENDINGS = (".json",)

KeyPath = tuple[str | int, ...]


class Lines:
    """Where each key of a text stands: key path to (line, column), both from 1.

    A key path names keys and list positions from the top: `("fields", 0, "type")`. A path that
    the text does not hold has the place of the nearest thing above it that the text holds.
    """

    def __init__(self, find: Callable[[], Mapping[KeyPath, tuple[int, int]]]) -> None:
        self._find = find
        self._places: Mapping[KeyPath, tuple[int, int]] | None = None

    def place(self, path: KeyPath) -> tuple[int, int] | None:
        """Line and column of the key (or list item) at `path`; None in an empty text."""
        if self._places is None:
            # Nobody asks where a text holds no fault: JSON is scanned again only here.
            self._places = self._find()
        for length in range(len(path), -1, -1):
            if path[:length] in self._places:
                return self._places[path[:length]]
        return None

    def line(self, path: KeyPath) -> int | None:
        """Line of the key (or list item) at `path`."""
        place = self.place(path)
        return None if place is None else place[0]


@dataclass(frozen=True, slots=True)
class Text:
    """A JSON or YAML text: its value (dict, list, str, int, float, bool or None), its lines."""

    value: Any
    lines: Lines


def read_text(base: Path, relative: str, limits: ReadLimits = DEFAULT_LIMITS) -> Text:
    """The JSON or YAML file `relative` below `base`, by its ending.

    Raises:
        NotReadable: the gate refuses the file, or its ending is none of .json, .yaml, .yml.
        BadText: its bytes are not strict JSON or YAML, or too many.
    """
    parse = _parser(relative)
    with _within(limits, relative):
        data = read_bytes(base, relative, limits.descriptor)
    return parse(data, relative, limits)


def read_given_text(path: Path, limits: ReadLimits = DEFAULT_LIMITS) -> Text:
    """The JSON or YAML file that the user typed. Raises as `read_text` does."""
    parse = _parser(path.name)
    with _within(limits, path):
        data = read_given(path, limits.descriptor)
    return parse(data, path, limits)


def parse_json(data: bytes, shown: Path | str, limits: ReadLimits = DEFAULT_LIMITS) -> Text:
    """Value and lines of a strict JSON text. `shown` is the file's name in messages.

    Raises:
        BadText: with line and column of the first thing that is wrong.
    """
    text = _decode(data, shown)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_unique_pairs,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_short_integer,
        )
        _check_value(value, limits)
    except json.JSONDecodeError as error:
        raise BadText(
            shown, f"not JSON: {_lower_first(error.msg)}", line=error.lineno, column=error.colno
        ) from error
    except (ValueError, RecursionError) as error:
        # The quick parser does not say where: find it again, slowly.
        find_places(text, shown, limits)
        raise BadText(shown, f"not strict JSON: {error}") from error
    return Text(value, Lines(lambda: find_places(text, shown, limits)))


def parse_yaml(data: bytes, shown: Path | str, limits: ReadLimits = DEFAULT_LIMITS) -> Text:
    """Value and lines of a strict YAML text. `shown` is the file's name in messages.

    Raises:
        BadText: with line and column of the first thing that is wrong.
    """
    # Late: most packages are described in JSON, and PyYAML is slow to import.
    from rekodiq_data.files.yaml_core import compose

    value, places = compose(_decode(data, shown), shown, limits)
    return Text(value, Lines(lambda: places))


@contextmanager
def _within(limits: ReadLimits, shown: Path | str) -> Iterator[None]:
    """Turn the gate's refusal of a file that is too large into one of its text."""
    try:
        yield
    except TooLarge as error:
        words = limits.past("descriptor", f'"{shown}" is larger than a descriptor may be')
        raise BadText(shown, words) from error


def _parser(name: str) -> Callable[[bytes, Path | str, ReadLimits], Text]:
    """The parser for a file's ending."""
    if name.lower().endswith(JSON_ENDINGS):
        return parse_json
    if name.lower().endswith(YAML_ENDINGS):
        return parse_yaml
    raise NotReadable(
        name, f'"{name}" is neither JSON nor YAML', hint="its name must end in .json or .yaml"
    )


def _decode(data: bytes, shown: Path | str) -> str:
    """`data` as text. A byte order mark is dropped."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig")
        raise BadText(
            shown,
            f"not UTF-8: byte 0x{data[error.start]:02x} is no character",
            line=before.count("\n") + 1,
            column=len(before) - (before.rfind("\n") + 1) + 1,
            hint="save the file as UTF-8",
        ) from error


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; ValueError where a key occurs twice."""
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key occurs twice")
    return result


def _refuse_constant(name: str) -> NoReturn:
    """Refuse NaN, Infinity, -Infinity: Python's reader takes them, JSON has none of them."""
    raise ValueError(f"{name} is no JSON number")


def _finite(word: str) -> float:
    """A float; ValueError where the number is too large to be one, or absurdly long."""
    value = float(word)
    if len(word) > LONGEST_NUMBER or abs(value) == float("inf"):
        raise ValueError("a number is too large")
    return value


def _short_integer(word: str) -> int:
    """An integer; ValueError where it is absurdly long."""
    if len(word) > LONGEST_NUMBER:
        raise ValueError("a number is too large")
    return int(word)


def _check_value(value: Any, limits: ReadLimits) -> None:
    """ValueError where `value` is nested too deeply or holds text that is not Unicode."""
    level = [value]
    depth = 0
    while level:
        depth += 1
        inner: list[Any] = []
        for each in level:
            if isinstance(each, str):
                # An escaped half of a surrogate pair: UnicodeEncodeError is a ValueError.
                each.encode()
            elif isinstance(each, dict | list) and depth > limits.depth:
                raise ValueError(limits.past("depth", "it is nested too deeply"))
            elif isinstance(each, dict):
                inner.extend(each)
                inner.extend(each.values())
            elif isinstance(each, list):
                inner.extend(each)
        level = inner


def _lower_first(words: str) -> str:
    """`words` with a small first letter, to stand inside a sentence."""
    return words[:1].lower() + words[1:]
