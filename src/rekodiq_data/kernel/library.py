"""The compiled kernel, where there is one: the C files beside this one, as a shared library.

It is compiled when the package is installed (`hatch_build.py`) and there is a C compiler.
Without it everything works, and slower: who asks for it gets None, and goes another way.
"""

from __future__ import annotations

import ctypes
import functools
import hashlib
from pathlib import Path

SOURCES = Path(__file__).parent
LIBRARY = SOURCES / "kernel.so"

_ADDRESS, _INT = ctypes.c_void_p, ctypes.c_int64


class Form(ctypes.Structure):
    """How the kernel cuts text; the C type of the same name."""

    _fields_ = (
        ("delimiter", ctypes.c_uint8),
        ("quote", ctypes.c_uint8),
        ("missing", ctypes.c_int64),
        ("missing_texts", ctypes.c_char_p),
        ("missing_ends", ctypes.c_void_p),
    )


@functools.cache
def library() -> ctypes.CDLL | None:
    """The library; None where there is none, or it is not that of the sources beside it."""
    return loaded(LIBRARY, SOURCES)


def loaded(path: Path, sources: Path) -> ctypes.CDLL | None:
    """The library at `path`; None where there is none, or it is not that of `sources`."""
    digest = hashlib.sha256()
    for each in sorted(sources.glob("*.[ch]")):
        digest.update(each.read_bytes())
    try:
        found = ctypes.CDLL(str(path))
        found.rk_source.restype = ctypes.c_char_p
        if found.rk_source().decode() != digest.hexdigest():
            return None
    except (OSError, AttributeError):
        return None
    found.rk_count.argtypes = (_ADDRESS, _INT, ctypes.c_uint8)
    found.rk_count.restype = _INT
    found.rk_places.argtypes = (ctypes.c_char_p, _INT, ctypes.c_uint8, _ADDRESS)
    found.rk_places.restype = _INT
    found.rk_cut.argtypes = (
        ctypes.c_char_p,
        _INT,
        ctypes.POINTER(Form),
        *(_INT,) * 3,
        *(_ADDRESS,) * 3,
    )
    found.rk_cut.restype = _INT
    found.rk_fill.argtypes = (
        ctypes.c_char_p,
        _INT,
        ctypes.c_uint8,
        _ADDRESS,
        _ADDRESS,
        _INT,
        _INT,
        _ADDRESS,
        _INT,
    )
    found.rk_fill.restype = None
    found.rk_number_texts.argtypes = (_ADDRESS, _ADDRESS, _INT, _INT, *(_ADDRESS,) * 3)
    found.rk_number_texts.restype = _INT
    found.rk_lines.argtypes = (_ADDRESS, _INT, _INT, _ADDRESS, _ADDRESS)
    found.rk_lines.restype = _INT
    found.rk_hashes.argtypes = (_ADDRESS, _ADDRESS, _INT, _INT, _ADDRESS)
    found.rk_hashes.restype = _INT
    return found
