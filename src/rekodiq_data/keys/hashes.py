"""One 64-bit number per record, equal where keys are equal; those that occur twice.

Different keys may share a number: what is found here are candidates, and the values decide.
"""

from __future__ import annotations

import hashlib
import tempfile
from typing import IO, TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]
    Ints = NDArray[np.int64]

BUDGET = 32 * 1024 * 1024  # bytes of hashes that stay in memory
_RUN = 4 * 1024 * 1024  # bytes read back at once
_WORD = 8
_LONG = 256  # bytes from which a text is hashed by itself
_ODD = np.uint64(0x9E3779B97F4A7C15)
_OTHER = np.uint64(0xC2B2AE3D27D4EB4F)
_FIRST_BITS = 16
_SHIFT = np.uint64(64 - _FIRST_BITS)
_KEPT = np.array([(1 << (8 * count)) - 1 for count in range(_WORD + 1)], np.uint64)


def hash_rows(columns: Sequence[pa.Array]) -> Hashes:
    """A number per record from the values of all columns; any number where one is null.

    >>> one, two = hash_rows([pa.array(["a", "b"])]), hash_rows([pa.array(["b"])])
    >>> bool(one[1] == two[0]), bool(one[0] == one[1])
    (True, False)
    """
    found = np.zeros(len(columns[0]), np.uint64)
    for column in columns:
        found = _mixed(found ^ _hashes(column))
    return found


def _hashes(column: pa.Array) -> Hashes:
    if isinstance(column, pa.DictionaryArray):
        places = column.indices.fill_null(0).to_numpy(zero_copy_only=False)
        distinct = _hashes(column.dictionary)
        return distinct[places] if len(distinct) else np.zeros(len(column), np.uint64)
    if pa.types.is_string(column.type):
        return _text_hashes(column)
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    numbers = column.fill_null(0) if pa.types.is_primitive(column.type) else column
    width = column.type.bit_width
    bits = np.frombuffer(numbers.buffers()[1], f"u{width // 8}")
    bits = bits[numbers.offset : numbers.offset + len(numbers)]
    return _mixed(bits.astype(np.uint64))


def _text_hashes(texts: pa.StringArray) -> Hashes:
    """Eight bytes of every text at a time."""
    offsets = np.frombuffer(texts.buffers()[1] or bytes(4), np.int32)
    offsets = offsets[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    view = np.frombuffer(texts.buffers()[2] or b"", np.uint8)[offsets[0] : offsets[-1]]
    data = np.concatenate([view, np.zeros(_WORD, np.uint8)])
    # Every place of the data as the start of a word: an overlapping view, no copy.
    words = np.ndarray(len(data) - _WORD + 1, "<u8", data, strides=(1,))
    starts = offsets[:-1] - offsets[0]
    lengths = np.diff(offsets)
    found = _mixed(lengths.astype(np.uint64))
    cells = np.flatnonzero((lengths > 0) & (lengths <= _LONG))
    done = 0
    while len(cells):
        left = lengths[cells] - done
        word = words[starts[cells] + done] & _KEPT[np.minimum(left, _WORD)]
        found[cells] = _mixed(found[cells] ^ word)
        done += _WORD
        cells = cells[left > _WORD]
    for cell in np.flatnonzero(lengths > _LONG).tolist():
        start = int(starts[cell])
        text = data[start : start + int(lengths[cell])].tobytes()
        digest = hashlib.blake2b(text, digest_size=_WORD).digest()
        found[cell] = int.from_bytes(digest, "little")
    return found


def _mixed(hashes: Hashes) -> Hashes:
    """Spread every bit over all: a bijection, so that it makes nothing equal."""
    mixed = hashes * _ODD
    mixed ^= mixed >> np.uint64(29)
    mixed *= _OTHER
    mixed ^= mixed >> np.uint64(32)
    return mixed


class RowHashes:
    """The hashes of all records of a table, in a file once they are over `budget` bytes."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._held: list[Hashes] = []
        self._bytes = 0
        self._spilled = 0
        self._file: IO[bytes] | None = None

    def add(self, hashes: Hashes) -> None:
        """Take the hashes of some more records."""
        self._held.append(hashes)
        self._bytes += hashes.nbytes
        if self._bytes > self._budget:
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
            for each in self._held:
                self._file.write(each.data)
            self._spilled += self._bytes
            self._held, self._bytes = [], 0

    def repeated(self) -> Ints:
        """Positions, in order, of all records whose hash occurs more than once."""
        shares = np.uint64(1 + (self._spilled + self._bytes) // self._budget)
        twice = []
        for share in range(int(shares)):
            parts = [
                each if shares == 1 else each[(each >> np.uint64(40)) % shares == share]
                for each in self._runs()
            ]
            ranked = np.concatenate([np.zeros(0, np.uint64), *parts])
            del parts
            ranked.sort()
            twice.append(np.unique(ranked[1:][ranked[1:] == ranked[:-1]]))
        several = np.concatenate(twice)
        if not len(several):
            return np.zeros(0, np.int64)
        several.sort()
        # Most hashes differ from all of these in their first bits: a search is for the rest.
        begins = np.zeros(1 << _FIRST_BITS, bool)
        begins[several >> _SHIFT] = True
        found = []
        base = 0
        for each in self._runs():
            maybe = np.flatnonzero(begins[each >> _SHIFT])
            some = each[maybe]
            near = np.minimum(np.searchsorted(several, some), len(several) - 1)
            found.append(base + maybe[several[near] == some])
            base += len(each)
        return np.concatenate(found)

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()

    def _runs(self) -> Iterator[Hashes]:
        """The hashes in the order of their records, some at a time."""
        if self._file is not None:
            self._file.seek(0)
            while block := self._file.read(_RUN):
                yield np.frombuffer(block, np.uint64)
        yield from self._held
