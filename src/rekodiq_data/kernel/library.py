"""The compiled kernel, where there is one: `kernel.c` beside this file, as a shared library.

It is compiled when the package is installed (`hatch_build.py`) and there is a C compiler.
Without it everything works, and slower: who asks for it gets None, and goes another way.
"""

from __future__ import annotations

import ctypes
import functools
import hashlib
from pathlib import Path

SOURCE = Path(__file__).with_name("kernel.c")
LIBRARY = Path(__file__).with_name("kernel.so")

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
    """The library; None where there is none, or it is not that of the source beside it."""
    return loaded(LIBRARY, SOURCE)


def loaded(path: Path, source: Path) -> ctypes.CDLL | None:
    """The library at `path`; None where there is none, or it is not that of `source`."""
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    try:
        found = ctypes.CDLL(str(path))
        found.rk_source.restype = ctypes.c_char_p
        if found.rk_source().decode() != digest:
            return None
    except (OSError, AttributeError):
        return None
    found.rk_count.argtypes = (ctypes.c_char_p, _INT, ctypes.c_uint8)
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
    found.rk_hashes.argtypes = (_ADDRESS, _ADDRESS, _INT, _INT, _ADDRESS)
    found.rk_hashes.restype = _INT
    return found
