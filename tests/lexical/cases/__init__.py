"""Texts that each type and format accepts or refuses, from the specification.

`accepted` maps a text to its value: what `Parsed.values` or `Parsed.wide` holds.
"""

from .base import Case
from .moments import MOMENTS
from .numbers import NUMBERS
from .periods import PERIODS
from .shapes import SHAPES
from .structures import STRUCTURES
from .texts import TEXTS

CASES = (*NUMBERS, *TEXTS, *MOMENTS, *PERIODS, *STRUCTURES, *SHAPES)

__all__ = ["CASES", "Case"]
