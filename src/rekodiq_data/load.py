"""Published tables as typed frames, from bytes that were verified."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

import pyarrow as pa

from rekodiq_data.catalog import CAP, RECORD_NAME, ReleaseRecord
from rekodiq_data.descriptor.package import package_of
from rekodiq_data.descriptor.projects import PACKAGE_FOLDER, PROJECT_FILE
from rekodiq_data.digest.canonical_json import canonical_json
from rekodiq_data.digest.content import place_of
from rekodiq_data.digest.typed import TypedFile
from rekodiq_data.errors import NothingFound, WrongCall
from rekodiq_data.files.texts import DESCRIPTOR_CAP, parse_json
from rekodiq_data.store import open_store
from rekodiq_data.suggest import did_you_mean
from rekodiq_data.verify.contents import DESCRIPTOR_NAME

if TYPE_CHECKING:
    import pandas as pd

    from rekodiq_data.descriptor.model import Package, Resource
    from rekodiq_data.digest.sums import Sums
    from rekodiq_data.store import Release

__all__ = ["load"]

RELEASE_KEY = b"rekodiq:release"
STORE_FOLDER = "releases"
ENGINES = ("pandas", "pyarrow")


@overload
def load(
    table: str,
    *,
    store: Path | str | None = ...,
    version: str | None = ...,
    engine: Literal["pandas"] = ...,
    project: Path | str | None = ...,
) -> pd.DataFrame: ...


@overload
def load(
    table: str,
    *,
    store: Path | str | None = ...,
    version: str | None = ...,
    engine: Literal["pyarrow"],
    project: Path | str | None = ...,
) -> pa.Table: ...


def load(
    table: str,
    *,
    store: Path | str | None = None,
    version: str | None = None,
    engine: Literal["pandas", "pyarrow"] = "pandas",
    project: Path | str | None = None,
) -> Any:
    """One table of a published version, typed.

    The bytes that are parsed are hashed first, and are those that were released.

    Args:
        table: the table's name.
        store: the folder of versions; by default that of the project.
        version: such as "1.2.0"; by default the newest that is no pre-release.
        engine: "pandas" gives a frame with nullable types (a missing value is `<NA>`, never
            NaN), "pyarrow" a table.
        project: whose store is used where `store` is not given; by default the nearest
            project at or above the working directory.

    Returns:
        The records, sorted by primary key. A frame's `attrs` say what it is: `table`, `title`,
        `description`, `usage_notes`, `package`, `version`, `content_digest` (of this table),
        `licence`, and per field under `fields` its `title`, `description` and `unit` (UCUM). In
        a pyarrow table the same stands in the metadata, as JSON under `rekodiq:release`.

    Raises:
        WrongCall: there is no such table, version or engine.
        NothingFound: there is no store.
        NotVerified: a file is missing, or its bytes are not those that were released.
        NotReadable: the file is not of the types that its schema says.
    """
    if engine not in ENGINES:
        raise WrongCall(
            f'there is no engine "{engine}".{did_you_mean(engine, ENGINES)}',
            hint=f"engines are {' and '.join(ENGINES)}",
        )
    release = open_store(_store_of(project) if store is None else store).release(version)
    sums = release.sums()
    package = _package(release, sums)
    resource = _resource(package, table)
    schema, path = place_of(resource)
    record = ReleaseRecord.parse(release.read(RECORD_NAME, sums, CAP))
    size, _ = record.files.get(path, (0, ""))
    data = release.read(path, sums, size)
    records = TypedFile(pa.BufferReader(data), schema, path).table()
    about = _about(package, resource, release, record)
    if engine == "pyarrow":
        stated = records.schema.metadata or {}
        return records.replace_schema_metadata({**stated, RELEASE_KEY: canonical_json(about)})
    from rekodiq_data.frames import to_frame

    frame = to_frame(records)
    frame.attrs.update(about)
    return frame


def _store_of(project: Path | str | None) -> Path:
    """The store of a project; of the nearest one at or above the working directory."""
    start = Path.cwd() if project is None else Path(project).resolve()
    for folder in (start, *start.parents):
        if (folder / PACKAGE_FOLDER / PROJECT_FILE).is_file():
            return folder / PACKAGE_FOLDER / STORE_FOLDER
    raise NothingFound(
        start,
        f'no project is at or above "{start}", so there is no store to load from',
        hint='name one: load("...", store="path/to/releases")',
    )


def _package(release: Release, sums: Sums) -> Package:
    data = release.read(DESCRIPTOR_NAME, sums, DESCRIPTOR_CAP)
    text = parse_json(data, DESCRIPTOR_NAME)
    return package_of(text, release.folder / DESCRIPTOR_NAME, release.folder)


def _resource(package: Package, table: str) -> Resource:
    names = [each.name for each in package.resources]
    try:
        return package.resource(table)
    except KeyError:
        raise WrongCall(
            f'there is no table "{table}".{did_you_mean(table, names)}',
            hint=f"tables are {', '.join(names)}",
        ) from None


def _about(
    package: Package, resource: Resource, release: Release, record: ReleaseRecord
) -> dict[str, Any]:
    """What a loaded table says of itself, as plain values."""
    schema, _ = place_of(resource)
    licences = resource.raw.get("licenses") or package.metadata.get("licenses") or []
    return {
        "table": resource.name,
        "title": resource.title or schema.title,
        "description": resource.description or schema.description,
        "usage_notes": list(resource.usage_notes),
        "package": package.name,
        "version": str(release.version),
        "content_digest": record.tables[resource.name].content_digest,
        "licence": ", ".join(
            str(each.get("name") or each.get("title") or each.get("path")) for each in licences
        ),
        "fields": {
            field.name: {
                "title": field.title,
                "description": field.description,
                "unit": field.unit,
            }
            for field in schema.fields
        },
    }
