"""JSON and NDJSON: rows as lists (the first may be the header) or as objects.

Objects have no order and may leave out keys: the fields of the schema come first, in its order,
and a key that a row does not have is a missing value. Keys that are no field are columns after
them. Text is strict JSON: no NaN, no key twice in a row's object, no number beyond a double.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn

from rekodiq_data import lexical
from rekodiq_data.formats.base import BrokenTable, within
from rekodiq_data.formats.rows import data_rows, grouped, header_of, native, pieces_of
from rekodiq_data.limits import DEFAULT_LIMITS, ReadLimits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rekodiq_data.descriptor.model import Dialect
    from rekodiq_data.formats.base import Chunk, Open, Piece, RecordPlace

    Rows = Callable[[], Iterable[Any]]

_SPARSE = 10  # keys that are left out for one that is there
_LARGEST_EXPONENT = 400


class JsonReader:
    """One table of rows that come with types. See `TableReader`.

    Args:
        rows: gives the rows from the start, each time it is called.
        dialect: `header`, `header_rows`, `item_type` and `item_keys` matter.
        names: the fields of the schema.
        limits: for columns and cells of a row.
    """

    typed = False

    def __init__(
        self,
        rows: Rows,
        dialect: Dialect,
        names: Sequence[str],
        limits: ReadLimits = DEFAULT_LIMITS,
    ) -> None:
        self._rows = rows
        self._limits = limits
        self._dialect = dialect
        self._names = names
        self._keys: tuple[str, ...] | None = None
        self._labels: tuple[str, ...] | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """Keys of the rows, or the cells of the header; the schema's names without any row."""
        if self._labels is None:
            first = next(iter(self._rows()), None)
            if first is None:
                self._labels = tuple(self._names)
            elif isinstance(first, dict):
                self._keys = self._labels = self._all_keys()
            elif not self._dialect.header:
                self._labels = ("",) * (len(self._names) or len(self._list(first, 1)))
            else:
                self._labels = header_of(self._numbered(), self._dialect)
                if self._labels is None:
                    raise BrokenTable("source-error", "there is no header row")
            within(len(self._labels), self._limits)
        return self._labels

    @property
    def first_row(self) -> int:
        """Where numbers start from; each chunk brings its own."""
        return 0

    def pieces(self) -> Iterator[Piece]:
        """All records in pieces that are read one after the other."""
        yield from pieces_of(self.chunks(), self.first_row)

    def chunks(self) -> Iterator[Chunk]:
        """All rows; those of objects are numbered from 2, as if there were a header."""
        width = len(self.labels)
        if self._keys is None:
            records = data_rows(self._numbered(), self._dialect)
        else:
            keys = self._keys
            records = self._by_key(keys)
        yield from grouped(records, width, native, lexical.ABSENT, self._limits)

    def locate(self, row_numbers: Sequence[int]) -> dict[int, RecordPlace]:  # noqa: ARG002
        """No places: a row may stand on any number of lines."""
        return {}

    def _numbered(self) -> Iterator[tuple[int, list[Any]]]:
        return ((number, self._list(row, number)) for number, row in enumerate(self._rows(), 1))

    def _by_key(self, keys: tuple[str, ...]) -> Iterator[tuple[int, list[Any]]]:
        """Rows of objects as cells in the order of `keys`."""
        present = absent = 0
        for number, row in enumerate(self._rows(), 2):
            found = self._object(row, number)
            present += len(found)
            absent += len(keys) - len(found)
            # Few bytes would make any number of cells where each row has keys of its own.
            if absent > _SPARSE * (present + self._limits.misfits):
                words = self._limits.past("misfits", "nearly all keys are left out by each row")
                raise BrokenTable("source-error", words)
            yield number, [found.get(key) for key in keys]

    def _all_keys(self) -> tuple[str, ...]:
        if self._dialect.item_keys:
            return self._dialect.item_keys
        found: dict[str, None] = {}
        for number, row in enumerate(self._rows(), 2):
            found.update(dict.fromkeys(self._object(row, number)))
        # Without any field among them, nothing could be said to be left out.
        names = self._names if set(self._names) & found.keys() else ()
        return (*names, *(key for key in found if key not in names))

    def _list(self, row: Any, number: int) -> list[Any]:
        if isinstance(row, list) and self._dialect.item_type != "object":
            return row
        raise _odd_row(
            row, number, "array" if self._dialect.item_type != "object" else "object"
        )

    def _object(self, row: Any, number: int) -> dict[str, Any]:
        if isinstance(row, dict) and self._dialect.item_type != "array":
            return row
        raise _odd_row(row, number, "object" if self._dialect.item_type != "array" else "array")


def rows_of(value: Any, dialect: Dialect) -> list[Any]:
    """The list of rows in a JSON value: the value itself, or what `property` names in it.

    Raises:
        BrokenTable: there is no such list.
    """
    found = value
    if dialect.property:
        found = _at(value, dialect.property)
    if isinstance(found, list):
        return found
    where = f'under "{dialect.property}"' if dialect.property else "in it"
    raise BrokenTable("source-error", f"the JSON has no list of rows {where}")


def json_rows(
    open_file: Open, encoding: str, dialect: Dialect, limits: ReadLimits = DEFAULT_LIMITS
) -> Rows:
    """The rows of a JSON file, read as a whole, once."""
    kept: list[list[Any]] = []

    def rows() -> list[Any]:
        if not kept:
            with open_file() as stream:
                data = stream.read(limits.whole + 1)
            if len(data) > limits.whole:
                words = limits.past("whole", "the JSON is too large to be read as a whole")
                raise BrokenTable("source-error", f"{words}; as NDJSON it could be read")
            kept.append(rows_of(parse(_decode(data, encoding)), dialect))
        return kept[0]

    return rows


def ndjson_rows(open_file: Open, encoding: str, limits: ReadLimits = DEFAULT_LIMITS) -> Rows:
    """The rows of a file with one JSON value a line; empty lines are no rows."""

    def rows() -> Iterator[Any]:
        with open_file() as stream:
            number = 0
            while line := stream.readline(limits.line + 1):
                number += 1
                if len(line) > limits.line:
                    words = limits.past("line", "the line is too long")
                    raise BrokenTable("source-error", words, line=number)
                text = _decode(line, encoding, number).rstrip("\r\n")
                if text.strip():
                    yield parse(text, number)

    return rows


def parse(text: str, line: int = 1) -> Any:
    """The value of a strict JSON text; decimal numbers are Decimals.

    Raises:
        BrokenTable: with line and column where it is no JSON.
    """
    try:
        return json.loads(
            text, parse_float=_decimal, parse_constant=_refuse, object_pairs_hook=_unique
        )
    except json.JSONDecodeError as error:
        raise BrokenTable(
            "source-error",
            f"not JSON: {error.msg[:1].lower()}{error.msg[1:]}",
            line=line + error.lineno - 1,
            column=error.colno,
        ) from None
    except (ValueError, RecursionError) as error:
        words = "it is nested too deeply" if isinstance(error, RecursionError) else error
        raise BrokenTable("source-error", f"not strict JSON: {words}", line=line) from None


def _at(value: Any, path: str) -> Any:
    """What stands under a key, or under a path of keys with dots."""
    if isinstance(value, dict) and path in value:
        return value[path]
    head, dot, rest = path.partition(".")
    return _at(value[head], rest) if dot and isinstance(value, dict) and head in value else None


def _odd_row(row: Any, number: int, wanted: str) -> BrokenTable:
    found = "an array" if isinstance(row, list) else "an object"
    if not isinstance(row, list | dict):
        found = "neither an array nor an object"
    an = "an" if wanted[0] in "ao" else "a"
    return BrokenTable("source-error", f"row {number} is {found}, and must be {an} {wanted}")


def _decode(data: bytes, encoding: str, line: int = 1) -> str:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        raise BrokenTable(
            "encoding-error",
            f"byte 0x{data[start]:02X} is not {encoding.upper()}",
            line=line + data[:start].count(b"\n"),
        ) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key occurs twice in one object")
    return found


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _decimal(word: str) -> Decimal:
    value = Decimal(word)
    if abs(value.adjusted()) > _LARGEST_EXPONENT:
        raise ValueError("a number is too large or too small")
    return value
