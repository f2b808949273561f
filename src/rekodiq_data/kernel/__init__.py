"""Cells of regular CSV and plain values, cut and read by a compiled kernel where there is one.

A quick form of what `formats` and `lexical` say in Python, equal to it on any bytes: it takes
what leaves no doubt, and hands back all else. Nothing depends on it but time.
"""

from rekodiq_data.kernel.cells import ARROW, Cut, Cutter, Kind, PlainCells
from rekodiq_data.kernel.hashes import hashes_of
from rekodiq_data.kernel.library import library
from rekodiq_data.kernel.places import count_of, places_of
from rekodiq_data.kernel.texts import lines_of, number_texts

__all__ = [
    "ARROW",
    "Cut",
    "Cutter",
    "Kind",
    "PlainCells",
    "count_of",
    "hashes_of",
    "library",
    "lines_of",
    "number_texts",
    "places_of",
]
