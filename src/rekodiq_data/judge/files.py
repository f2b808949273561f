"""What is judged of a resource's files themselves, and of tables that state no schema."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rekodiq_data.descriptor.model import Field, Schema
from rekodiq_data.formats.base import BrokenTable
from rekodiq_data.formats.opening import file_faults, open_file
from rekodiq_data.judge.book import Book, RuleKey
from rekodiq_data.readers import FORMATS, TABULAR, display_path, reading_notes
from rekodiq_data.report import Severity, Task

if TYPE_CHECKING:
    from rekodiq_data.descriptor.model import Package, Resource
    from rekodiq_data.formats.base import TableReader

_TABULAR_PROFILES = (
    "tabular-data-resource",
    "https://specs.frictionlessdata.io/schemas/tabular-data-resource.json",
)


# Formats of tables that are not read here: with a schema, one may not be passed over.
_OTHER_TABLES = frozenset(
    {
        *("ods", "xls", "xlsm", "xlsb", "gsheets", "dbf", "dta", "sav", "sas7bdat"),
        *("feather", "arrow", "ipc", "orc", "avro", "sql"),
    }
)


def is_tabular(resource: Resource) -> bool:
    """Whether a resource is a table: it says so, or its format holds tables.

    One that does not say so is "a non-specific file". A schema alone makes a table of what we
    can read, and of nothing else.
    """
    if resource.raw.get("type") == "table" or resource.raw.get("profile") in _TABULAR_PROFILES:
        return True
    if resource.schema is not None:
        return not resource.paths or resource.format in FORMATS.keys() | _OTHER_TABLES
    return bool(resource.paths) and resource.format in TABULAR


def with_schema(resource: Resource, reader: TableReader) -> Resource:
    """The resource with its schema; a table that states none has fields of any type.

    So its structure is judged: labels, ragged and blank rows, encoding. No type is inferred.
    """
    if resource.schema is not None:
        return resource
    fields = tuple(Field(label) for label in reader.labels)
    return replace(resource, schema=Schema(fields=fields, missing_values=()))


def reading_findings(package: Package, resource: Resource) -> list[tuple[RuleKey, str]]:
    """Findings about the files before they are read: hash, size, repeated headers.

    Raises:
        BrokenTable: a file can't be opened.
    """
    faults = [
        (RuleKey(type_, f"file.{type_}"), note)
        for type_, note in file_faults(package, resource)
    ]
    key = RuleKey("source-error", "file.repeated-header", severity=Severity.WARNING)
    return [*faults, *((key, note) for note in reading_notes(package, resource))]


def broken_task(package: Package, resource: Resource, limit: int, error: BrokenTable) -> Task:
    """The task of a table that could not be read at all."""
    path = display_path(package, resource)
    book = Book(resource.name, path, limit)
    book.add_one(
        RuleKey(error.type, f"file.{error.type.removesuffix('-error')}"),
        error.note,
        line=error.line,
        column=error.column,
    )
    return Task(name=resource.name, path=path, issues=book.issues({}), rules=book.rules())


def file_task(package: Package, resource: Resource, limit: int) -> Task:
    """The task of a resource that is no table: its files are there, and are what was stated."""
    path = display_path(package, resource)
    book = Book(resource.name, path, limit)
    try:
        for each in resource.paths:
            open_file(package, each).close()
        for key, note in reading_findings(package, resource):
            book.add_one(key, note)
        if resource.schema is not None:
            key = RuleKey("format-error", "file.not-a-table", severity=Severity.WARNING)
            book.add_one(
                key,
                f'the file has a schema and the format "{resource.format}", which is not read; '
                'its rows are not judged (say "format": "csv" if it is text with commas)',
            )
    except BrokenTable as error:
        return replace(broken_task(package, resource, limit, error), type="file")
    return Task(
        name=resource.name,
        path=path,
        type="file",
        issues=book.issues({}),
        rules=book.rules(),
    )
