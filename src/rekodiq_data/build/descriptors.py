"""Descriptors of a built package: what a reader of the files sees first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rekodiq_data.descriptor.restated import restated
from rekodiq_data.formats.canonical import canonical_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rekodiq_data.descriptor.model import Package, Resource, Schema

PACKAGE_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE_PROFILE = "https://datapackage.org/profiles/2.0/dataresource.json"

# Package-level properties that are published, in the order in which they stand in the file.
_PUBLISHED = (
    "name",
    "id",
    "title",
    "description",
    "homepage",
    "version",
    "created",
    "licenses",
    "contributors",
    "keywords",
    "sources",
    "image",
)
# Version 1 lets them have no property at all; version 2, which is written, does not.
_MUST_SAY_SOMETHING = frozenset({"sources", "contributors"})
_OWN = "rekodiq:"


def published_metadata(package: Package, version: str | None = None) -> dict[str, Any]:
    """The package's own properties as published; `version` replaces the stated one."""
    stated = dict(package.metadata)
    if version is not None:
        stated["version"] = version
    known = {key: stated[key] for key in _PUBLISHED if key in stated}
    for key in _MUST_SAY_SOMETHING & known.keys():
        known[key] = [each for each in known[key] if each]
        if not known[key]:
            del known[key]
    own = {key: value for key, value in stated.items() if key.startswith(_OWN)}
    return {**known, **own}


def parquet_descriptor(
    metadata: Mapping[str, Any], resources: list[dict[str, Any]]
) -> dict[str, Any]:
    """The descriptor of a package of these resources."""
    return {"$schema": PACKAGE_PROFILE, **metadata, "resources": resources}


def parquet_resource(resource: Resource, schema: Schema, sha256: str) -> dict[str, Any]:
    """A table as Parquet.

    It has a `hash` and no `bytes`: Frictionless counts the bytes of a Parquet file as None and
    would call a right number wrong (measured on 5.21).
    """
    return {
        **_head(resource, f"data/{resource.name}.parquet"),
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "hash": f"sha256:{sha256}",
        **_notes(resource),
        "schema": parquet_schema(schema),
    }


def parquet_schema(schema: Schema) -> dict[str, Any]:
    """The Table Schema beside a Parquet file: the table's own, with one help for Frictionless.

    Frictionless reads Parquet through pandas, where a missing number becomes NaN, and judges
    the text "nan" (measured on 5.21). Listing that text as a missing value of the fields that
    it happens to lets its verdict be right, and means nothing to a reader of typed columns.
    """
    fields, stated = [], restated(schema)
    for field, raw in zip(schema.fields, stated["fields"], strict=True):
        may_be_nan = field.type in {"integer", "number"} and not field.constraints.required
        # A package of ours that is built once more lists it already.
        missing = [*dict.fromkeys((*schema.missing_values_of(field), "nan"))]
        fields.append({**raw, "missingValues": missing} if may_be_nan else raw)
    return {**stated, "fields": fields}


def csv_resource(resource: Resource, schema: Schema, sha256: str, size: int) -> dict[str, Any]:
    """The same table as canonical CSV."""
    return {
        **_head(resource, f"{resource.name}.csv"),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{sha256}",
        **_notes(resource),
        "schema": canonical_schema(schema),
    }


def _head(resource: Resource, path: str) -> dict[str, Any]:
    head: dict[str, Any] = {"name": resource.name, "type": "table", "path": path}
    if resource.title:
        head["title"] = resource.title
    if resource.description:
        head["description"] = resource.description
    return head


def _notes(resource: Resource) -> dict[str, Any]:
    notes: dict[str, Any] = {}
    if resource.theme:
        notes["rekodiq:theme"] = resource.theme
    if resource.usage_notes:
        notes["rekodiq:usage_notes"] = list(resource.usage_notes)
    return notes
