"""One table of an SQLite database, read from its bytes in memory.

The file is never opened by its name, so that the gate stays the only door, and nothing can be
written to it. Only plain tables are read: a view could run for ever.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from rekodiq_data import lexical
from rekodiq_data.formats.base import BrokenTable, within
from rekodiq_data.formats.rows import grouped, native, pieces_of
from rekodiq_data.limits import DEFAULT_LIMITS, ReadLimits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rekodiq_data.descriptor.model import Dialect
    from rekodiq_data.formats.base import Chunk, Open, Piece, RecordPlace

_MAGIC = b"SQLite format 3\0"
_PAGE_SIZE = slice(16, 18)
# The number of pages counts where it was written with the last change.
_PAGES, _CHANGED, _COUNTED = slice(28, 32), slice(24, 28), slice(92, 96)
_WRITE_AHEAD = slice(18, 20)  # header bytes that ask for a log file, which memory has not


class SqliteReader:
    """One table of a database. See `TableReader`.

    Args:
        open_file: gives the file's bytes, each time it is called.
        dialect: its `table` says which.
        limits: for the database as a file.
    """

    typed = False

    def __init__(
        self, open_file: Open, dialect: Dialect, limits: ReadLimits = DEFAULT_LIMITS
    ) -> None:
        self._open = open_file
        self._limits = limits
        self._table = dialect.table

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the table's columns."""
        with closing(self._connect()) as connection, _plain_words():
            cursor = connection.execute(f"SELECT * FROM {self._source(connection)} LIMIT 0")
            within(len(cursor.description), self._limits)
            return tuple(column[0] for column in cursor.description)

    @property
    def first_row(self) -> int:
        """Where numbers start from; each chunk brings its own."""
        return 0

    def pieces(self) -> Iterator[Piece]:
        """All records in pieces that are read one after the other."""
        yield from pieces_of(self.chunks(), self.first_row)

    def chunks(self) -> Iterator[Chunk]:
        """All rows, in the table's own order; the first is number 2."""
        with closing(self._connect()) as connection:
            with _plain_words():
                source = self._source(connection)
                cursor = connection.execute(f"SELECT * FROM {source}")
            width = len(cursor.description)
            records = ((number, list(row)) for number, row in enumerate(_rows(cursor), 2))
            yield from grouped(records, width, native, lexical.ABSENT, self._limits)

    def locate(self, row_numbers: Sequence[int]) -> dict[int, RecordPlace]:  # noqa: ARG002
        """No places: a database has no lines."""
        return {}

    def _connect(self) -> sqlite3.Connection:
        with self._open() as stream:
            data = bytearray(stream.read(self._limits.whole + 1))
        if len(data) > self._limits.whole:
            words = self._limits.past("whole", "the database is too large")
            raise BrokenTable("format-error", words)
        if not data.startswith(_MAGIC):
            raise BrokenTable("format-error", "the file is not an SQLite database")
        _refuse_cut(data)
        data[_WRITE_AHEAD] = b"\1\1"
        connection = sqlite3.connect(":memory:")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.deserialize(data)
        # A column that is calculated could make any amount of a few bytes.
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, min(self._limits.line, 2**31 - 1))
        return connection

    def _source(self, connection: sqlite3.Connection) -> str:
        """The table's name, quoted."""
        tables = [
            name
            for name, statement in connection.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
            )
            if not str(statement).upper().startswith("CREATE VIRTUAL")
        ]
        if self._table is None or self._table not in tables:
            names = ", ".join(f'"{name}"' for name in tables)
            wanted = (
                'the dialect must name the "table" to read'
                if self._table is None
                else f'the database has no table "{self._table}"'
            )
            raise BrokenTable("format-error", f"{wanted}; there are {names or 'none'}")
        name = self._table.replace('"', '""')
        # A page that was lost or overwritten may read as rows without any value.
        for (found,) in connection.execute(f'PRAGMA quick_check("{name}")'):
            if found != "ok":
                raise BrokenTable("source-error", f"the database is damaged: {found}")
        return f'"{name}"'


def _refuse_cut(data: bytearray) -> None:
    """Raise BrokenTable where the file is shorter than its header says.

    SQLite itself would read what is missing as zeros.
    """
    size = int.from_bytes(data[_PAGE_SIZE], "big")
    size = 65_536 if size == 1 else size
    pages = int.from_bytes(data[_PAGES], "big") if data[_CHANGED] == data[_COUNTED] else 1
    if len(data) < max(1, pages) * size:
        raise BrokenTable("source-error", "the database is cut off: pages of it are missing")


def _rows(cursor: sqlite3.Cursor) -> Iterator[tuple[Any, ...]]:
    with _plain_words():
        yield from cursor


@contextmanager
def _plain_words() -> Iterator[None]:
    """A block in which SQLite's errors become a BrokenTable."""
    try:
        yield
    except sqlite3.Error as error:
        raise BrokenTable("source-error", f"the database is not readable: {error}") from None
