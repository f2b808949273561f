"""Spreadsheets in Office Open XML, read with openpyxl: stored values, never formulas.

Sheets have no ragged rows: cells to the right of the last filled one are empty. Empty rows at
the end are no rows; an empty row before a filled one is blank.
"""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any

from rekodiq_data import lexical
from rekodiq_data.formats.base import BrokenTable, within
from rekodiq_data.formats.compressed import check_archive
from rekodiq_data.formats.rows import data_rows, grouped, header_of, native, pieces_of
from rekodiq_data.limits import DEFAULT_LIMITS, ReadLimits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rekodiq_data.descriptor.model import Dialect
    from rekodiq_data.formats.base import Chunk, Open, Piece, RecordPlace


class XlsxReader:
    """One sheet of a workbook. See `TableReader`.

    Args:
        open_file: gives the file's bytes from the start, each time it is called.
        dialect: says which sheet (a name before a number), and which rows are its header.
        width: number of columns where no header says it; else the widest row does.
        limits: for the workbook as a file, and for what is in it.
    """

    typed = False

    def __init__(
        self,
        open_file: Open,
        dialect: Dialect,
        width: int | None = None,
        limits: ReadLimits = DEFAULT_LIMITS,
    ) -> None:
        self._open = open_file
        self._limits = limits
        self._dialect = dialect
        self._width = width
        self._labels: tuple[str, ...] | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """The header's cells up to the last filled one."""
        if self._labels is None:
            if self._dialect.header:
                self._labels = header_of(self._rows(), self._dialect)
            else:
                rows = [row for _, row in data_rows(self._rows(), self._dialect)]
                widest = max(map(len, rows), default=0)
                self._labels = ("",) * (self._width or widest) if rows else None
            if self._labels is None:
                raise BrokenTable("source-error", "the sheet is empty: there is no header")
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
        """All rows of the sheet, numbered as in it."""
        width = len(self.labels)
        records = (
            (number, row and [*row, *[None] * (width - len(row))])
            for number, row in data_rows(self._rows(), self._dialect)
        )
        yield from grouped(records, width, native, lexical.ABSENT, self._limits)

    def locate(self, row_numbers: Sequence[int]) -> dict[int, RecordPlace]:  # noqa: ARG002
        """No places: a sheet has rows, and no lines."""
        return {}

    def _rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Rows up to their last filled cell; empty ones at the end are left out."""
        waiting: list[tuple[int, list[Any]]] = []
        for number, row in enumerate(self._sheet_rows(), 1):
            while row and row[-1] is None:
                row.pop()
            waiting.append((number, row))
            if row:
                yield from waiting
                waiting = []

    def _sheet_rows(self) -> Iterator[list[Any]]:
        import openpyxl

        with self._open() as stream:
            data = io.BytesIO(stream.read(self._limits.whole + 1))
        if len(data.getbuffer()) > self._limits.whole:
            words = self._limits.past("whole", "the workbook is too large")
            raise BrokenTable("format-error", words)
        check_archive(data, "an XLSX workbook", self._limits)
        with warnings.catch_warnings():
            # openpyxl warns of styles and extensions that it does not keep; cells are whole.
            warnings.simplefilter("ignore")
            try:
                book = openpyxl.load_workbook(data, read_only=True, data_only=True)
                sheet = self._sheet(book)
                sheet.reset_dimensions()
                for row in sheet.iter_rows(values_only=True):
                    yield list(row)
            except BrokenTable:
                raise
            # openpyxl lets through whatever its XML readers and its own parsing raise.
            except Exception as error:
                words = str(error).splitlines()[0] if str(error) else type(error).__name__
                raise BrokenTable(
                    "format-error", f"the file is not readable as XLSX: {words}"
                ) from None

    def _sheet(self, book: Any) -> Any:
        name, number = self._dialect.sheet_name, self._dialect.sheet_number
        sheets = book.worksheets
        if name is not None:
            found = [sheet for sheet in sheets if sheet.title == name]
        else:
            found = sheets[number - 1 : number]
        if not found:
            which = f'called "{name}"' if name is not None else f"number {number}"
            names = ", ".join(f'"{sheet.title}"' for sheet in sheets)
            raise BrokenTable(
                "format-error", f"the workbook has no sheet {which}; its sheets are {names}"
            )
        return found[0]
