"""What parsing a column yields, and the slow exact path that every family of types shares.

A family reads a column in two steps: a quick form, in Arrow, for texts of the usual shape, and
a reader of one text (exact, plain Python) for all others. The reader runs once per distinct
text. So speed comes from the quick form, and truth from the reader: the quick form must never
take a text that the reader refuses, or read it differently (held by a property test).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data.kernel import PlainCells

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rekodiq_data.descriptor.model import Field


class Sentinel(Enum):
    """What a reader answers for a text that is no value of its field's type."""

    BAD = "bad"


_FEW_ODD = 8  # one cell in so many may be left to the exact reader

BAD: Final = Sentinel.BAD
Bad: TypeAlias = Literal[Sentinel.BAD]
Reader: TypeAlias = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Parsed:
    """One column, read.

    Attributes:
        values: typed as `arrow_type(field)`, as long as the text; null where the cell is
            missing, bad or wide.
        bad: True where the text is not a value of the field's type; never where it is missing.
        wide: index to exact Python value, for values that are right by the specification and
            that the Arrow type can't hold: integers beyond int64 (int; Decimal beyond 4,300
            digits), numbers whose decimal text does not survive `repr(float(text))` (Decimal),
            infinities and NaN (float), datetimes with a zone (datetime), datetimes finer than
            microseconds or outside the years 1 to 9999 (`Instant`), times with a zone (time),
            years with a zone or beyond int64 (int).
        bounds: the least and the greatest of the values, where they are known.
    """

    values: pa.Array
    bad: NDArray[np.bool_]
    wide: Mapping[int, Any]
    bounds: tuple[Any, Any] | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """How one Table Schema type is read and written.

    Attributes:
        arrow: the Arrow type of its values.
        parse: a whole column.
        reader: for a field, the exact reader of one text: its value, or BAD.
        write: for a field, the canonical text of one value that the reader gave.
        canonical: canonical texts of a column of values.
        expected: what a cell must look like, in plain words.
    """

    arrow: pa.DataType
    parse: Callable[[pa.StringArray, Field], Parsed]
    reader: Callable[[Field], Reader]
    write: Callable[[Field, Any], str]
    canonical: Callable[[pa.Array, Field], pa.StringArray]
    expected: Callable[[Field], str]


def format_of(field: Field) -> str:
    """The field's format, without the `fmt:` that version 0 of the standard put before it."""
    return field.format.removeprefix("fmt:")


def mask(flags: pa.BooleanArray) -> NDArray[np.bool_]:
    """Flags as numpy booleans; null counts as False."""
    found: NDArray[np.bool_] = pc.fill_null(flags, False).to_numpy(zero_copy_only=False)
    return found


def nulls(values: pa.Array) -> NDArray[np.bool_]:
    """True where a value is missing."""
    return mask(values.is_null())


def none_bad(values: pa.Array) -> Parsed:
    """A column without a bad cell."""
    return Parsed(values, np.zeros(len(values), np.bool_), {})


def spread(distinct: Parsed, indices: pa.Array) -> Parsed:
    """A column from its distinct texts, read, and the place of each cell's text among them."""
    values = distinct.values.take(indices)
    if not distinct.wide and not distinct.bad.any():
        return none_bad(values)
    count = len(distinct.bad)
    places = pc.fill_null(indices, count).to_numpy(zero_copy_only=False)
    found: dict[int, Any] = {}
    if distinct.wide:
        cells = np.flatnonzero(np.isin(places, list(distinct.wide)))
        found = {int(cell): distinct.wide[int(places[cell])] for cell in cells}
    return Parsed(values, np.append(distinct.bad, np.bool_(False))[places], found)


def read_distinct(
    text: pa.StringArray, read: Reader, store: Callable[[Any], Any], arrow: pa.DataType
) -> Parsed:
    """Read each distinct text once with the exact reader.

    Args:
        text: cells; null is missing.
        read: gives a text's value, or BAD.
        store: gives what Arrow stores for a value, or None where it does not fit.
        arrow: the Arrow type of the values.
    """
    encoded = text.dictionary_encode()
    stored: list[Any] = []
    bad: list[bool] = []
    wide: dict[int, Any] = {}
    for index, each in enumerate(encoded.dictionary.to_pylist()):
        value = read(each)
        kept = None if value is BAD else store(value)
        stored.append(kept)
        bad.append(value is BAD)
        if kept is None and value is not BAD:
            wide[index] = value
    distinct = Parsed(pa.array(stored, arrow), np.array(bad, np.bool_), wide)
    return spread(distinct, encoded.indices)


def settle_plain(
    cells: PlainCells,
    read: Reader,
    store: Callable[[Any], Any] = lambda value: value,
) -> Parsed | None:
    """Complete what the kernel has read; None where most cells are not plain (see `settle`)."""
    if not len(cells.odd):
        return Parsed(cells.values, np.zeros(len(cells), np.bool_), {}, cells.bounds)
    if len(cells.odd) > _FEW_ODD and len(cells.odd) * _FEW_ODD > len(cells):
        return None
    slow = read_distinct(cells.take(cells.odd), read, store, cells.values.type)
    left = np.zeros(len(cells), np.bool_)
    left[cells.odd] = True
    bad = np.zeros(len(cells), np.bool_)
    bad[cells.odd] = slow.bad
    return Parsed(
        values=pc.replace_with_mask(cells.values, pa.array(left), slow.values),
        bad=bad,
        wide={int(cells.odd[index]): value for index, value in slow.wide.items()},
    )


def settle(
    text: pa.StringArray,
    values: pa.Array,
    settled: NDArray[np.bool_],
    read: Reader,
    store: Callable[[Any], Any] = lambda value: value,
) -> Parsed:
    """Complete a quick reading: the cells that it left open go through the exact reader.

    Args:
        text: cells; null is missing.
        values: what the quick form read, null elsewhere.
        settled: where the quick form has read.
        read: gives a text's value, or BAD.
        store: gives what Arrow stores for a value, or None where it does not fit.
    """
    left = ~(settled | nulls(text))
    if not left.any():
        return none_bad(values)
    cells = np.flatnonzero(left)
    slow = read_distinct(text.take(pa.array(cells)), read, store, values.type)
    bad = np.zeros(len(text), np.bool_)
    bad[cells] = slow.bad
    return Parsed(
        values=pc.replace_with_mask(values, pa.array(left), slow.values),
        bad=bad,
        wide={int(cells[index]): value for index, value in slow.wide.items()},
    )
