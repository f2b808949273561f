"""One 64-bit number per record, equal where keys are equal; those that occur twice.

Different keys may share a number: what is found here are candidates, and the values decide.
"""

from __future__ import annotations

import hashlib
import tempfile
from typing import IO, TYPE_CHECKING

import numpy as np
import pyarrow as pa

from rekodiq_data.kernel import hashes_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]
    Ints = NDArray[np.int64]

BUDGET = 8 * 1024 * 1024  # bytes of hashes that stay in memory
_RUN = 4 * 1024 * 1024  # bytes read back at once
_SHARES = 256  # by the first bits of a hash
_SHARE_SHIFT = np.uint64(56)
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
    offsets = offsets[texts.offset : texts.offset + len(texts) + 1]
    quick = hashes_of(texts.buffers()[2], offsets, _LONG)
    if quick is not None:
        return quick
    offsets = offsets.astype(np.int64)
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


def _joined(parts: list[Hashes]) -> Hashes:
    """All parts, one after the other; each is let go of when it is copied."""
    joined = np.empty(sum(map(len, parts)), np.uint64)
    end = len(joined)
    while parts:
        part = parts.pop()
        joined[end - len(part) : end] = part
        end -= len(part)
    return joined


def _mixed(hashes: Hashes) -> Hashes:
    """Spread every bit over all: a bijection, so that it makes nothing equal."""
    mixed = hashes * _ODD
    mixed ^= mixed >> np.uint64(29)
    mixed *= _OTHER
    mixed ^= mixed >> np.uint64(32)
    return mixed


class RowHashes:
    """The hashes of all records of a table, in files once they are over `budget` bytes.

    One file has them in the order of their records. Another has each batch of them sorted, so
    that later all hashes of one share can be read, without looking at the others.
    """

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._held: list[Hashes] = []
        self._bytes = 0
        self._file: IO[bytes] | None = None
        self._sorted: IO[bytes] | None = None
        self._edges: list[Ints] = []  # of each batch: where each share begins in that file

    def add(self, hashes: Hashes) -> None:
        """Take the hashes of some more records."""
        self._held.append(hashes)
        self._bytes += hashes.nbytes
        if self._bytes > self._budget:
            self._spill()

    def _spill(self) -> None:
        """Write what is held to the files."""
        if self._file is None or self._sorted is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
            self._sorted = tempfile.TemporaryFile()  # noqa: SIM115
        start = int(self._edges[-1][-1]) if self._edges else 0
        batch = _joined(self._held)
        self._bytes = 0
        self._file.write(batch.data)
        batch.sort()
        inner = np.searchsorted(batch, np.arange(1, _SHARES, dtype=np.uint64) << _SHARE_SHIFT)
        self._edges.append(start + np.concatenate([[0], inner, [len(batch)]]))
        self._sorted.write(batch.data)

    def repeated(self) -> Ints:
        """Positions, in order, of all records whose hash occurs more than once."""
        twice = [np.zeros(0, np.uint64)]
        for share in self._shares():
            share.sort()
            twice.append(np.unique(share[1:][share[1:] == share[:-1]]))
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
        """Let go of the files."""
        for each in (self._file, self._sorted):
            if each is not None:
                each.close()

    def _shares(self) -> Iterator[Hashes]:
        """All hashes in parts of about the budget; equal ones are in the same part."""
        if self._sorted is None:
            yield _joined(list(self._held))
            return
        self._spill()
        edges = np.array(self._edges)
        until = np.cumsum(np.diff(edges).sum(axis=0))
        first = 0
        while first < _SHARES:
            before = int(until[first - 1]) if first else 0
            most = before + self._budget // _WORD
            end = max(first + 1, int(np.searchsorted(until, most, side="right")))
            parts = []
            for start, stop in edges[:, (first, end)].tolist():
                self._sorted.seek(_WORD * start)
                data = self._sorted.read(_WORD * (stop - start))
                parts.append(np.frombuffer(data, np.uint64))
            yield _joined(parts)
            first = end

    def _runs(self) -> Iterator[Hashes]:
        """The hashes in the order of their records, some at a time."""
        if self._file is not None:
            self._file.seek(0)
            while block := self._file.read(_RUN):
                yield np.frombuffer(block, np.uint64)
        yield from self._held
