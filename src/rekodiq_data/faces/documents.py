"""On whose word a table stands: the documents that its records name, and that it states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data.diff.sources import SOURCE_FIELD, SOURCE_TABLE
from rekodiq_data.digest.content import place_of
from rekodiq_data.digest.typed import TypedFile
from rekodiq_data.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rekodiq_data.descriptor.model import Package, Resource, Schema
    from rekodiq_data.digest.sums import Sums
    from rekodiq_data.store import Release

# What is told of a document: its name in a descriptor's `sources`, and columns that hold it.
_TOLD: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "name"),
    "publisher": ("publisher", "author"),
    "published": ("published", "date"),
    "path": ("url", "path", "link"),
}


def typed_table(data: bytes, schema: Schema, path: str) -> pa.Table:
    """The records in the bytes of a Parquet file. Raises NotReadable as `TypedFile` does."""
    return TypedFile(pa.BufferReader(data), schema, path).table()


def sources_of(
    release: Release, sums: Sums, package: Package, resource: Resource, records: pa.Table
) -> list[dict[str, Any]]:
    """The sources of a table of a version, as plain values.

    Args:
        release: the version.
        sums: what its SHA256SUMS lists.
        package: what its descriptor describes.
        resource: the table.
        records: its records.

    Returns:
        First those that the descriptor states, of the table or else of the package, as it has
        them. Then the documents that records name, sorted by id: each has its id under the name
        of the key of the table `sources`, and `title`, `publisher`, `published` and `path` as
        far as that table knows them. The id stands alone where the table can't be had now.

    Raises:
        NotVerified: the table `sources` is not what was released.
    """
    found = [
        dict(each)
        for each in resource.raw.get("sources") or package.metadata.get("sources") or []
    ]
    table = next((each for each in package.resources if each.name == SOURCE_TABLE), None)
    if table is None or resource.name == SOURCE_TABLE:
        return found
    schema, path = place_of(table)
    wanted = _named(resource, records)
    if len(schema.primary_key) != 1 or not wanted:
        return found
    (key,) = schema.primary_key
    size, _ = release.record().files.get(path, (0, ""))
    try:
        documents = typed_table(release.read(path, sums, size), schema, path)
    except Unreachable:
        return [*found, *({key: each} for each in sorted(wanted))]
    return [*found, *_told(documents, key, wanted)]


def _named(resource: Resource, records: pa.Table) -> set[str]:
    """Every id of a document in the fields that refer to the table `sources`."""
    schema, _ = place_of(resource)
    fields = {
        each.fields[0]
        for each in schema.foreign_keys
        if each.resource == SOURCE_TABLE and len(each.fields) == 1
    }
    found: set[str] = set()
    for name in sorted(fields | {SOURCE_FIELD}):
        if name in records.column_names:
            values = pc.unique(records[name]).to_pylist()
            found.update(str(each) for each in values if each is not None)
    return found


def _told(documents: pa.Table, key: str, wanted: set[str]) -> list[dict[str, Any]]:
    columns = {
        said: next((name for name in names if name in documents.column_names), None)
        for said, names in _TOLD.items()
    }
    told = []
    for row in documents.to_pylist():
        if str(row[key]) in wanted:
            about = {
                said: None if row[name] is None else str(row[name])
                for said, name in columns.items()
                if name is not None and name != key
            }
            told.append({key: str(row[key]), **about})
    return sorted(told, key=lambda each: str(each[key]))
