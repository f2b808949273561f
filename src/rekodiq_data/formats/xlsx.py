"""Spreadsheets in Office Open XML, read with openpyxl: stored values, never formulas.

A formula whose value was not stored is a fault of its cell: nobody calculates here.

Sheets have no ragged rows: cells to the right of the last filled one are empty. Empty rows at
the end are no rows; an empty row before a filled one is blank.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from rekodiq_data import lexical
from rekodiq_data.formats.base import BrokenTable, RowFault, within
from rekodiq_data.formats.compressed import check_archive
from rekodiq_data.formats.rows import data_rows, grouped, header_of, native, pieces_of
from rekodiq_data.limits import DEFAULT_LIMITS, ReadLimits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rekodiq_data.descriptor.model import Dialect
    from rekodiq_data.formats.base import Chunk, Open, Piece, RecordPlace


FORMULA = "cell-error"
_LAST_ROW = 1_048_576  # of the format
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_PLACE = re.compile("([A-Z]{1,3})([0-9]{1,7})")
_BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Unstored:
    """A cell whose formula stands in the file, and its value does not."""

    formula: str


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
                self._labels = header_of(self._stored(), self._dialect)
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
        faults: list[RowFault] = []

        def records() -> Iterator[tuple[int, list[Any]]]:
            for number, row in data_rows(self._rows(), self._dialect):
                faults.extend(
                    RowFault(FORMULA, number, column, cell.formula)
                    for column, cell in enumerate(row)
                    if isinstance(cell, Unstored)
                )
                cells = [None if isinstance(cell, Unstored) else cell for cell in row]
                yield number, cells and [*cells, *[None] * (width - len(cells))]

        for chunk in grouped(records(), width, native, lexical.ABSENT, self._limits):
            # All records that were taken so far are in this chunk or in one before it.
            yield replace(chunk, faults=(*chunk.faults, *faults))
            faults.clear()

    def locate(self, row_numbers: Sequence[int]) -> dict[int, RecordPlace]:  # noqa: ARG002
        """No places: a sheet has rows, and no lines."""
        return {}

    def _rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Rows up to their last filled cell; empty ones at the end are left out."""
        waiting: list[tuple[int, list[Any]]] = []
        for number, row in enumerate(self._sheet_rows(), 1):
            if number > _LAST_ROW:
                raise BrokenTable(
                    "format-error", f"the sheet has rows after row {_LAST_ROW:,}, the last one"
                )
            while row and row[-1] is None:
                row.pop()
            waiting.append((number, row))
            if row:
                yield from waiting
                waiting = []

    def _stored(self) -> Iterator[tuple[int, list[Any]]]:
        """Rows, with an empty cell for a formula without its value."""
        for number, row in self._rows():
            yield number, [None if isinstance(cell, Unstored) else cell for cell in row]

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
                unstored = _unstored(data, sheet._worksheet_path.lstrip("/"))
                for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
                    cells = list(row)
                    for column, formula in unstored.get(number, {}).items():
                        if column < len(cells) and cells[column] is None:
                            cells[column] = Unstored(formula)
                    yield cells
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


def _unstored(data: io.BytesIO, part: str) -> dict[int, dict[int, str]]:
    """Formulas of a sheet whose values were not stored, by row (from 1) and column (from 0).

    openpyxl gives no value for them, and none for a formula whose value is an empty text
    either, which is no fault.
    """
    found: dict[int, dict[int, str]] = {}
    with zipfile.ZipFile(data) as archive:
        if not _has_formula(archive, part):
            return found
        row = column = 0
        with archive.open(part) as content:
            for event, element in ElementTree.iterparse(content, ("start", "end")):  # noqa: S314
                tag = element.tag.rpartition("}")[2]
                if tag == "row" and event == "start":
                    row, column = int(element.get("r", row + 1)), 0
                elif tag == "c" and event == "end":
                    place = _PLACE.fullmatch(element.get("r", ""))
                    if place:
                        row, column = int(place[2]), _column(place[1])
                    formula = next(element.iterfind("{*}f"), None)
                    value = next(element.iterfind("{*}v"), None)
                    is_text = value is not None and element.get("t") == "str"
                    has_value = is_text or (value is not None and bool(value.text))
                    if formula is not None and not has_value:
                        found.setdefault(row, {})[column] = formula.text or ""
                    column += 1
                    element.clear()
                elif tag == "row":
                    element.clear()
    return found


def _has_formula(archive: zipfile.ZipFile, part: str) -> bool:
    """Whether the XML of a sheet may hold a formula: a quick look at its bytes."""
    held = b""
    with archive.open(part) as content:
        while block := content.read(_BLOCK):
            if _FORMULA.search(held + block):
                return True
            held = block[-64:]
    return False


def _column(letters: str) -> int:
    """The position of a column from 0 by its letters.

    >>> _column("A"), _column("AB")
    (0, 27)
    """
    position = 0
    for letter in letters:
        position = 26 * position + ord(letter) - ord("A") + 1
    return position - 1
