"""Content digests: equal where two packages say the same, whatever wrote their files.

The definition stands in docs/format.md, step by step, with test vectors; change it and every
published digest changes, so it is never changed: a second definition gets another opening line.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rekodiq_data.descriptor import open_package
from rekodiq_data.digest.canonical_json import canonical_json
from rekodiq_data.digest.typed import TypedFile, in_key_order
from rekodiq_data.errors import NotReadable
from rekodiq_data.files.gate import open_inside
from rekodiq_data.formats.canonical import csv_header, csv_lines
from rekodiq_data.report import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from rekodiq_data.descriptor.model import Package, Resource, Schema

TABLE_OPENING = b"rekodiq-data table 1\n"
SCHEMA_OPENING = b"rekodiq-data schema 1\n"
PACKAGE_OPENING = b"rekodiq-data package 1\n"

# The format's version, the data's version and dates, which are versions of their own.
_VERSIONS = frozenset({"$schema", "version", "created"})
# What a resource says of its file, not of its table.
_FILE_KEYS = frozenset(
    {
        *("path", "url", "data", "profile", "type", "format", "mediatype", "encoding"),
        *("dialect", "bytes", "hash", "schema"),
    }
)


@dataclass(frozen=True, slots=True)
class TableContent:
    """What a table holds, as digests.

    Attributes:
        content: digest of schema and rows.
        schema: digest of the schema alone.
        rows: number of records.
        csv_sha256: SHA-256 (hexadecimal) of the table as canonical CSV, header included.
    """

    content: str
    schema: str
    rows: int
    csv_sha256: str


@dataclass(frozen=True, slots=True)
class Digests:
    """Content digests (`sha256:` and 64 hexadecimal digits) of a package and of each table."""

    package: str
    contents: Mapping[str, TableContent]

    @property
    def tables(self) -> Mapping[str, str]:
        """Content digest of each table, by name, sorted."""
        return {name: self.contents[name].content for name in sorted(self.contents)}


def content_digests(folder: Path, tell: Callable[[int], None] = lambda _: None) -> Digests:
    """Content digests of the built package in `folder`.

    Tables are read as a stream; only one that is not in key order is held whole, to sort it.

    Args:
        folder: a folder with `datapackage.json` and Parquet tables.
        tell: is told the number of rows of each batch.

    Raises:
        NothingFound: there is no package in `folder`.
        NotReadable: its descriptor has a fault, a table is missing, not Parquet, or not of the
            types that its schema says.
    """
    package = open_package(folder)
    _require_sound(package)
    contents = {each.name: _table_content(package, each, tell) for each in package.resources}
    return Digests(_package_digest(package, contents), contents)


def schema_digest(raw: Mapping[str, Any]) -> str:
    """Digest of a Table Schema, given as JSON."""
    return _named(hashlib.sha256(SCHEMA_OPENING + _schema_line(raw)).hexdigest())


def _table_content(
    package: Package, resource: Resource, tell: Callable[[int], None]
) -> TableContent:
    schema, path = place_of(resource)
    digest = hashlib.sha256(TABLE_OPENING + _schema_line(schema.raw))
    csv = hashlib.sha256()
    rows = 0
    header = csv_header(schema)
    digest.update(header)
    csv.update(header)
    with open_inside(package.base, path) as stream:
        for records in in_key_order(TypedFile(stream, schema, path), schema.primary_key):
            lines = csv_lines(records, schema)
            digest.update(lines)
            csv.update(lines)
            rows += records.num_rows
            tell(records.num_rows)
    return TableContent(
        content=_named(digest.hexdigest()),
        schema=schema_digest(schema.raw),
        rows=rows,
        csv_sha256=csv.hexdigest(),
    )


def _package_digest(package: Package, contents: Mapping[str, TableContent]) -> str:
    resources = [
        {
            **{key: each.raw[key] for key in each.raw if key not in _VERSIONS | _FILE_KEYS},
            "content_digest": contents[each.name].content,
        }
        for each in sorted(package.resources, key=lambda each: each.name)
    ]
    metadata = {key: value for key, value in package.metadata.items() if key not in _VERSIONS}
    content = canonical_json({**metadata, "resources": resources})
    return _named(hashlib.sha256(PACKAGE_OPENING + content + b"\n").hexdigest())


def _schema_line(raw: Mapping[str, Any]) -> bytes:
    stated = {key: value for key, value in raw.items() if key not in _VERSIONS}
    return canonical_json(stated) + b"\n"


def _require_sound(package: Package) -> None:
    for fault in package.faults:
        if fault.severity is Severity.ERROR:
            name = package.descriptor.name
            raise NotReadable(package.descriptor, f'"{name}" has a fault: {fault.message}')


def place_of(resource: Resource) -> tuple[Schema, str]:
    """Schema and file of a table. Raises NotReadable where it is not one Parquet file."""
    if resource.schema is None or resource.format != "parquet" or len(resource.paths) != 1:
        raise NotReadable(
            resource.name,
            f'the table "{resource.name}" is not one Parquet file with a schema',
            hint="content digests are of built packages: run rekodiq-data build",
        )
    return resource.schema, resource.paths[0]


def _named(hexadecimal: str) -> str:
    return f"sha256:{hexadecimal}"
