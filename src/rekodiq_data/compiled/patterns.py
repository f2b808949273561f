"""Patterns of the specification: XML Schema regular expressions, matched on the whole value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Matcher = Callable[[pa.Array], NDArray[np.bool_]]


def matcher(pattern: str) -> Matcher:
    """A function from texts (no nulls) to whether each matches `pattern` as a whole.

    Google's RE2 inside Arrow takes most patterns, in time linear in the text. What it refuses
    (look-around, back references) is matched by Python, on distinct values.

    Raises:
        ValueError: the pattern is no regular expression.

    >>> matcher("a|b")(pa.array(["a", "abc", "b"])).tolist()
    [True, False, True]
    """
    whole = f"^(?:{pattern})$"
    try:
        pc.match_substring_regex(pa.array(["probe"]), whole)
    except pa.ArrowInvalid:
        return _python_matcher(pattern)

    def match(texts: pa.Array) -> NDArray[np.bool_]:
        found = pc.match_substring_regex(texts, whole)
        return np.asarray(found.to_numpy(zero_copy_only=False), bool)

    return match


def _python_matcher(pattern: str) -> Matcher:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise ValueError(f'"{pattern}" is not a regular expression: {error}') from None

    def match(texts: pa.Array) -> NDArray[np.bool_]:
        encoded = pc.dictionary_encode(texts)
        held = [bool(compiled.fullmatch(text)) for text in encoded.dictionary.to_pylist()]
        return np.asarray(np.array(held, bool)[encoded.indices.to_numpy()])

    return match
