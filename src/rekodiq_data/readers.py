"""The reader for a resource's format, over files that the gate has let through.

`FORMATS` is the registry: one entry per format, its module imported when it is first met.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

from rekodiq_data.formats.base import BrokenTable
from rekodiq_data.formats.csv import CsvReader
from rekodiq_data.formats.opening import open_content, open_text, repeated_headers

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from rekodiq_data.descriptor.model import Dialect, Package, Resource
    from rekodiq_data.formats.base import Open, TableReader
    from rekodiq_data.limits import ReadLimits

    Make = Callable[[Open, Resource, ReadLimits], TableReader]

_START = 64 * 1024
_USUAL_ENDS = (None, "\r\n", "\n")


def display_path(package: Package, resource: Resource) -> str | None:
    """The resource's file as people know it: the package's folder and the path inside it."""
    return str(package.base / resource.paths[0]) if resource.paths else None


def open_reader(package: Package, resource: Resource) -> TableReader:
    """A reader of the resource's table.

    Raises:
        BrokenTable: its format is not one that we read, or its file can't be opened.
    """
    limits = package.limits
    if not resource.paths and not isinstance(resource.data, str):
        return _inline(resource, limits)
    make = FORMATS.get(resource.format)
    if make is None:
        raise BrokenTable(
            "format-error",
            f'the format "{resource.format}" is not read; formats are {", ".join(FORMATS)}',
        )
    if not resource.paths:
        # Text that stands in the descriptor is text already, whatever encoding is stated.
        data = str(resource.data).encode("utf-8", "surrogatepass")
        resource = replace(resource, encoding="utf-8")
        return make(lambda: io.BytesIO(data), resource, limits)
    if make is _delimited:
        return make(lambda: open_text(package, resource), resource, limits)
    if len(resource.paths) == 1:
        return make(lambda: _seekable(package, resource, resource.paths[0]), resource, limits)
    from rekodiq_data.formats.parts import PartsReader

    return PartsReader(
        [
            make(lambda path=path: _seekable(package, resource, path), resource, limits)  # type: ignore[misc]
            for path in resource.paths
        ]
    )


def reading_notes(package: Package, resource: Resource) -> list[str]:
    """What was not read, and is no fault of the data: headers repeated in later parts."""
    if FORMATS.get(resource.format) is not _delimited:
        return []
    return [
        f'the part "{path}" starts with the header again; that line was not read as a record'
        for path in repeated_headers(package, resource)
    ]


def size_of(package: Package, resource: Resource) -> int:
    """Bytes of the resource's files, those that are there; for progress, so never an error."""
    total = 0
    for path in resource.paths:
        try:
            total += (package.base / path).stat().st_size
        except OSError:
            continue
    return total


def _inline(resource: Resource, limits: ReadLimits) -> TableReader:
    from rekodiq_data.formats.json import JsonReader, rows_of

    rows = rows_of(resource.data, resource.dialect)
    return JsonReader(lambda: rows, resource.dialect, _names(resource), limits)


def _delimited(open_file: Open, resource: Resource, limits: ReadLimits) -> TableReader:
    width = _width(resource)
    plain = width is None and _is_plain(resource.dialect, resource.encoding)
    if plain and not _ends_with_cr(open_file):
        return CsvReader(open_file, resource.dialect, resource.encoding, limits=limits)
    from rekodiq_data.formats.delimited import DelimitedReader

    return DelimitedReader(open_file, resource.dialect, resource.encoding, width, limits)


def _ends_with_cr(open_file: Open) -> bool:
    """Whether the text has CR alone for its line ends, as old Macintosh programs write it."""
    with open_file() as stream:
        start = stream.read(_START)
    return b"\r" in start and b"\n" not in start


def _is_plain(dialect: Dialect, encoding: str) -> bool:
    """Whether the fast way reads the dialect: one-character marks in a superset of ASCII."""
    return (
        dialect.header_rows == (1,)
        and not dialect.comment_rows
        and dialect.comment_char is None
        and dialect.line_terminator in _USUAL_ENDS
        and len(dialect.delimiter) == 1
        and dialect.delimiter.isascii()
        and "a\n".encode(encoding) == b"a\n"
    )


def _json(open_file: Open, resource: Resource, limits: ReadLimits) -> TableReader:
    from rekodiq_data.formats.json import JsonReader, json_rows

    rows = json_rows(open_file, resource.encoding, resource.dialect, limits)
    return JsonReader(rows, resource.dialect, _names(resource), limits)


def _ndjson(open_file: Open, resource: Resource, limits: ReadLimits) -> TableReader:
    from rekodiq_data.formats.json import JsonReader, ndjson_rows

    rows = ndjson_rows(open_file, resource.encoding, limits)
    return JsonReader(rows, resource.dialect, _names(resource), limits)


def _xlsx(open_file: Open, resource: Resource, limits: ReadLimits) -> TableReader:
    from rekodiq_data.formats.xlsx import XlsxReader

    return XlsxReader(open_file, resource.dialect, _width(resource), limits)


def _sqlite(open_file: Open, resource: Resource, limits: ReadLimits) -> TableReader:
    from rekodiq_data.formats.sqlite import SqliteReader

    return SqliteReader(open_file, resource.dialect, limits)


def _parquet(open_file: Open, _resource: Resource, limits: ReadLimits) -> TableReader:
    from rekodiq_data.parquet import ParquetReader

    return ParquetReader(open_file, limits)


def _width(resource: Resource) -> int | None:
    """Number of columns of a table without a header: that of its fields, if it has any."""
    if resource.dialect.header or resource.schema is None:
        return None
    return len(resource.schema.fields)


def _names(resource: Resource) -> tuple[str, ...]:
    return resource.schema.names if resource.schema else ()


def _seekable(package: Package, resource: Resource, path: str) -> BinaryIO:
    """The content of a file that can be read in any order; unpacked content in memory."""
    stream = open_content(package, resource, path)
    if resource.compression is None:
        return stream
    with stream:
        data = stream.read(package.limits.whole + 1)
    if len(data) > package.limits.whole:
        words = package.limits.past("whole", "the content is too large to be read as a whole")
        raise BrokenTable("compression-error", words)
    return io.BytesIO(data)


FORMATS: dict[str, Make] = {
    "csv": _delimited,
    "tsv": _delimited,
    "json": _json,
    "ndjson": _ndjson,
    "jsonl": _ndjson,
    "xlsx": _xlsx,
    "parquet": _parquet,
    "sqlite": _sqlite,
    "sqlite3": _sqlite,
    "db": _sqlite,
}
TABULAR = frozenset(FORMATS) - {"json"}
