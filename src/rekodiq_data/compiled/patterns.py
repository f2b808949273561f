"""Patterns of the specification: XML Schema regular expressions, matched on the whole value."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data import lexical
from rekodiq_data.compiled.limited import PatternTime

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Matcher = Callable[[pa.Array], NDArray[np.bool_]]


def matcher(
    pattern: str,
    *,
    time: PatternTime | None = None,
    on_slow: Callable[[str], None] = lambda _words: None,
) -> Matcher:
    """A function from texts (no nulls) to whether each matches `pattern` as a whole.

    Google's RE2 inside Arrow takes most patterns, in time linear in the text. What it refuses
    (look-around, back references) is matched by Python on distinct values, in a process of its
    own that may be stopped.

    Args:
        pattern: an XML Schema expression, as `lexical.translated` reads it.
        time: what Python may take; patterns of one package share it.
        on_slow: told, in words, that time ran out. What was not reached is not said to fail.

    Raises:
        ValueError: the pattern is no regular expression.

    >>> matcher("a|b")(pa.array(["a", "abc", "b"])).tolist()
    [True, False, True]
    """
    whole = f"^(?:{lexical.translated(pattern)})$"
    try:
        pc.match_substring_regex(pa.array(["probe"]), whole)
    except pa.ArrowInvalid:
        return _python_matcher(pattern, time or PatternTime(), on_slow)

    def match(texts: pa.Array) -> NDArray[np.bool_]:
        found = pc.match_substring_regex(texts, whole)
        return np.asarray(found.to_numpy(zero_copy_only=False), bool)

    return match


def _python_matcher(pattern: str, time: PatternTime, on_slow: Callable[[str], None]) -> Matcher:
    expression = _for_python(pattern)

    def match(texts: pa.Array) -> NDArray[np.bool_]:
        encoded = pc.dictionary_encode(texts)
        distinct = encoded.dictionary.to_pylist()
        held = time.matches(expression, distinct)
        if len(held) < len(distinct):
            words = "the pattern takes too long on some text, and was not applied to all"
            on_slow(time.limits.past("pattern_seconds", words))
            held += [True] * (len(distinct) - len(held))
        return np.asarray(np.array(held, bool)[encoded.indices.to_numpy()])

    return match


def _for_python(pattern: str) -> str:
    """The pattern itself where Python takes it, else what it means in Python's words."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for each in (pattern, lexical.translated(pattern, for_re2=False)):
            try:
                re.compile(each)
            except (re.error, OverflowError, RecursionError) as error:
                words = str(error)
            else:
                return each
    raise ValueError(f'"{pattern}" is not a regular expression: {words}')
