"""Blocks of CSV cut into cells, and columns of plain values, by the compiled kernel."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from rekodiq_data.kernel.library import Form, library

if TYPE_CHECKING:
    import ctypes

    from numpy.typing import NDArray

    Ints = NDArray[np.int32]

_LARGEST = 2**31 - 1  # bytes of a block: places in it are int32
_EPOCH = date(1970, 1, 1).toordinal()
_KNOWN = 24  # bytes that the kernel keeps of a distinct text
_SLACK = 16  # bytes that the kernel may write behind a text


class Kind(IntEnum):
    """What is wanted of a column; the C enum of `values.c`.

    TEXT, and ENCODED (dictionary-encoded text), are whatever stands in the cells. The others
    are plain values: an INTEGER of 18 digits at most; a NUMBER of 15 digits at most, which may
    have a point between them; a DATE yyyy-mm-dd. The first two may have a minus before them.
    """

    TEXT = 1
    ENCODED = 2
    INTEGER = 3
    NUMBER = 4
    DATE = 5


ARROW = {
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.DATE: pa.date32(),
}
_BYTES = {Kind.ENCODED: 4, Kind.INTEGER: 8, Kind.NUMBER: 8, Kind.DATE: 4}

_COLUMN = np.dtype(
    [
        (name, np.int64)
        for name in (
            *("kind", "values", "valid", "aside", "table", "room", "known"),
            *("low", "high", "nulls", "count"),
        )
    ]
)


@dataclass(frozen=True, slots=True)
class Cutter:
    """How to cut blocks of one table. `delimiter` and `quote` are single ASCII characters.

    Attributes:
        width: columns of the table.
        delimiter: between cells.
        quote: around cells, doubled inside of them; "" where nothing is quoted.
        missing: texts that become null, in every column.
        longest: bytes of a record that are surely within all limits.
    """

    width: int
    delimiter: str
    quote: str
    missing: tuple[str, ...]
    longest: int

    def cut(self, data: bytes, lines: int) -> Cut | None:
        """The cells of a block that holds so many lines.

        None where it is not regular: the csv module has to decide then.
        """
        if library() is None or not self._is_simple or len(data) > _LARGEST:
            return None
        if not data.isascii():
            try:
                data.decode()
            except UnicodeDecodeError:
                return None
        spans = self.spans(data, lines)
        return None if spans is None else Cut(self, data, lines, spans)

    def spans(self, data: bytes, lines: int) -> Spans | None:
        """Where cells stand, None where the block is not regular."""
        # A record takes as many bytes as it has cells, the last one perhaps one less.
        most = min(lines + 1, len(data) // self.width + 1)
        room = pa.allocate_buffer(8 * self.width * most)
        starts, lengths = np.frombuffer(room, np.int32).reshape(2, self.width, most)
        sizes = np.empty(self.width, np.int64)
        missing = [each.encode() for each in self.missing]
        ends = np.cumsum([len(each) for each in missing], dtype=np.int32)
        form = Form(
            ord(self.delimiter), self.mark, len(missing), b"".join(missing), ends.ctypes.data
        )
        records = _code().rk_cut(
            data,
            len(data),
            form,
            self.width,
            self.longest,
            most,
            starts.ctypes.data,
            lengths.ctypes.data,
            sizes.ctypes.data,
        )
        return None if records < 0 else Spans(records, starts, lengths, sizes)

    @property
    def mark(self) -> int:
        """The quote as a byte; the delimiter where nothing is quoted."""
        return ord(self.quote or self.delimiter)

    @property
    def _is_simple(self) -> bool:
        """Whether missing cells show in the bytes: in these, a quote would be doubled."""
        return not self.quote or not any(self.quote in each for each in self.missing)


@dataclass(frozen=True, slots=True)
class Spans:
    """Where the cells of a block stand: a row of `starts` and `lengths` for each column.

    A start is `~start` where quotes are doubled in the cell, a length -1 where it is missing;
    what lies beyond `records` is nothing. `sizes` are the bytes of each column's cells.
    """

    records: int
    starts: Ints
    lengths: Ints
    sizes: NDArray[np.int64]


class Cut:
    """A block that is cut into cells.

    Where they stand takes as much room as their values, and is seldom asked for later: then the
    block is cut once more.
    """

    def __init__(self, cutter: Cutter, data: bytes, lines: int, spans: Spans) -> None:
        self.records = spans.records
        self._cutter = cutter
        self._data = data
        self._lines = lines
        self._held: Spans | None = spans

    def columns(self, kinds: Mapping[int, Kind]) -> tuple[pa.Array | PlainCells, ...]:
        """All columns, each as its kind in `kinds` says, and as text where there is none.

        What has too many distinct texts to be encoded comes as text, too.
        """
        spans = self._spans
        made = [
            _Column(kinds.get(at, Kind.TEXT), self.records, int(size))
            for at, size in enumerate(spans.sizes)
        ]
        found: list[pa.Array | PlainCells] = []
        self._fill(made, spans.starts, spans.lengths)
        for at, column in enumerate(made):
            if column.kind is Kind.TEXT:
                found.append(column.text)
            elif column.kind is Kind.ENCODED:
                found.append(self._encoded(at, column))
            else:
                found.append(
                    PlainCells(self, at, column.values, column.aside, column.low_and_high)
                )
        if all(isinstance(each, pa.Array) or not len(each.odd) for each in found):
            self._held = None
        return tuple(found)

    def text(self, column: int, records: Ints | None = None) -> pa.StringArray:
        """The cells of a column as text, null where missing; those of some records alone."""
        spans = self._spans
        starts, lengths = spans.starts[column], spans.lengths[column]
        if records is None:
            made = _Column(Kind.TEXT, self.records, int(spans.sizes[column]))
        else:
            starts, lengths = starts[records], lengths[records]
            made = _Column(Kind.TEXT, len(records), int(np.maximum(lengths, 0).sum()))
        self._fill([made], starts, lengths)
        return made.text

    @property
    def _spans(self) -> Spans:
        spans = self._held or self._cutter.spans(self._data, self._lines)
        if spans is None:
            raise AssertionError("the same bytes are cut as before")
        self._held = spans
        return spans

    def _encoded(self, at: int, column: _Column) -> pa.Array:
        if column.count < 0:
            return self.text(at)
        distinct = self.text(at, column.aside)
        return pa.DictionaryArray.from_arrays(column.values, distinct, safe=False)

    def _fill(self, columns: Sequence[_Column], starts: Ints, lengths: Ints) -> None:
        plan = np.array([column.plan for column in columns], _COLUMN)
        _code().rk_fill(
            self._data,
            len(self._data),
            self._cutter.mark,
            starts.ctypes.data,
            lengths.ctypes.data,
            starts.shape[-1],
            columns[0].records,
            plan.ctypes.data,
            len(plan),
        )
        for column, found in zip(columns, plan, strict=True):
            column.take(found)


def _code() -> ctypes.CDLL:
    code = library()
    if code is None:
        raise AssertionError("without a kernel, nothing is cut")
    return code


class _Column:
    """Room for what the kernel makes of one column; `values.c` says how much it needs."""

    def __init__(self, kind: Kind, records: int, size: int) -> None:
        self.kind = kind
        self.records = records
        self.count = 0
        self._nulls = 0
        self._bounds: tuple[Any, Any] = (0, 0)
        self._values = pa.allocate_buffer(
            size + _SLACK if kind is Kind.TEXT else records * _BYTES[kind]
        )
        self._valid = pa.allocate_buffer((records + 7) // 8)
        self._aside = pa.allocate_buffer(4 * (records + 1))
        self._table = self._known = None
        if kind is Kind.ENCODED:
            self._table = np.zeros(1 << (records + 1).bit_length(), np.int32)
            self._known = np.empty((records, _KNOWN), np.uint8)

    @property
    def plan(self) -> tuple[int, ...]:
        """The C type Column."""
        table, room, known = 0, 0, 0
        if self._table is not None and self._known is not None:
            table, room = self._table.ctypes.data, len(self._table)
            known = self._known.ctypes.data
        places = (each.address for each in (self._values, self._valid, self._aside))
        return (int(self.kind), *places, table, room, known, 0, 0, 0, 0)

    def take(self, plan: np.void) -> None:
        """Take over what the kernel has found."""
        self._nulls, self.count = int(plan["nulls"]), int(plan["count"])
        low, high = int(plan["low"]), int(plan["high"])
        self._bounds = low, high
        if self.kind is Kind.NUMBER:
            self._bounds = struct.unpack("dd", struct.pack("qq", low, high))
        self._table = self._known = None

    @property
    def text(self) -> pa.StringArray:
        """Filled with text of `count` bytes."""
        buffers = [self._bits, self._aside, self._values.slice(0, self.count)]
        return pa.Array.from_buffers(pa.string(), self.records, buffers, self._nulls)

    @property
    def values(self) -> pa.Array:
        """Filled with values of its kind, or with the places of encoded texts."""
        kind = ARROW.get(self.kind, pa.int32())
        return pa.Array.from_buffers(
            kind, self.records, [self._bits, self._values], self._nulls
        )

    @property
    def aside(self) -> Ints:
        """The records that were put aside."""
        return np.frombuffer(self._aside, np.int32, self.count)

    @property
    def low_and_high(self) -> tuple[Any, Any] | None:
        """The least and the greatest value, None where there is no value."""
        low, high = self._bounds
        if self._nulls == self.records:
            return None
        if self.kind is Kind.DATE:
            return date.fromordinal(_EPOCH + low), date.fromordinal(_EPOCH + high)
        return low, high

    @property
    def _bits(self) -> pa.Buffer | None:
        return self._valid if self._nulls else None


class PlainCells(Sequence[pa.Scalar]):
    """A column whose plain values are read already; its text is there for who needs it.

    Attributes:
        values: null where a cell is missing or not plain.
        odd: the records whose cells are not plain, and have to be read as text.
        bounds: the least and the greatest of the values.
    """

    def __init__(
        self,
        cut: Cut,
        column: int,
        values: pa.Array,
        odd: Ints,
        bounds: tuple[Any, Any] | None,
    ) -> None:
        self.values = values
        self.odd = odd
        self.bounds = bounds
        self._cut = cut
        self._column = column

    def __len__(self) -> int:
        return self._cut.records

    def __getitem__(self, record: int) -> pa.StringScalar:  # type: ignore[override]
        return self.take(np.array([record], np.int32))[0]

    @cached_property
    def text(self) -> pa.StringArray:
        """All cells as text, null where missing."""
        return self._cut.text(self._column)

    def take(self, records: Ints) -> pa.StringArray:
        """The cells of some records as text."""
        return self._cut.text(self._column, records)

    @property
    def has_missing(self) -> bool:
        """Whether a cell is missing."""
        return bool(self.values.null_count > len(self.odd))

    @property
    def is_missing(self) -> NDArray[np.bool_]:
        """Which cells are missing."""
        found = np.array(self.values.is_null().to_numpy(zero_copy_only=False), bool)
        found[self.odd] = False
        return found
