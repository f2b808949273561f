"""Published tables as typed frames, from bytes that were verified."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Literal, overload

import pyarrow as pa

from rekodiq_data.digest.canonical_json import canonical_json
from rekodiq_data.digest.content import place_of
from rekodiq_data.errors import WrongCall
from rekodiq_data.faces.documents import sources_of, typed_table
from rekodiq_data.store import open_release, package_in
from rekodiq_data.suggest import did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from rekodiq_data.catalog import ReleaseRecord
    from rekodiq_data.descriptor.model import Package, Resource
    from rekodiq_data.store import Release, Signers

__all__ = ["load"]

RELEASE_KEY = b"rekodiq:release"
ENGINES = ("pandas", "pyarrow")


@overload
def load(
    table: str,
    *,
    store: Path | str | None = ...,
    version: str | None = ...,
    engine: Literal["pandas"] = ...,
    project: Path | str | None = ...,
    cache: Path | str | None = ...,
    signers: Signers | Path | str | None = ...,
) -> pd.DataFrame: ...


@overload
def load(
    table: str,
    *,
    store: Path | str | None = ...,
    version: str | None = ...,
    engine: Literal["pyarrow"],
    project: Path | str | None = ...,
    cache: Path | str | None = ...,
    signers: Signers | Path | str | None = ...,
) -> pa.Table: ...


def load(
    table: str,
    *,
    store: Path | str | None = None,
    version: str | None = None,
    engine: Literal["pandas", "pyarrow"] = "pandas",
    project: Path | str | None = None,
    cache: Path | str | None = None,
    signers: Signers | Path | str | None = None,
) -> Any:
    """One table of a published version, typed.

    The bytes that are parsed are hashed first, and are those that were released.

    Args:
        table: the table's name.
        store: a folder of versions, or an address (https://, s3://). By default the one that
            `REKODIQ_DATA_STORE` names, else that of the project at or above the working
            directory, else the version that came with this installation.
        version: such as "1.2.0", or with a digest, "1.2.0@sha256:..."; by default the newest
            that is no pre-release.
        engine: "pandas" gives a frame with nullable types (a missing value is `<NA>`, never
            NaN), "pyarrow" a table.
        project: whose store is used, in place of `store`.
        cache: where downloaded files are kept; by default where the platform keeps such.
        signers: the keys that are trusted, or the allowed-signers file that lists them; without
            them, the version need not be signed.

    Returns:
        The records, sorted by primary key. A frame's `attrs` say what it is: `table`, `title`,
        `description`, `usage_notes`, `package`, `version`, `content_digest` (of this table),
        `licence`, `withdrawn` (why nobody should use the version any more, which is warned of
        as well; absent otherwise), per field under `fields` its `title`, `description` and
        `unit` (UCUM), and under `sources` on whose word it stands: what the descriptor states,
        and each document that a record names, with its `title`, `publisher`, `published` and
        `path` (its address) as far as the version knows them. In a pyarrow table the same
        stands in the metadata, as JSON under `rekodiq:release`.

    Raises:
        WrongCall: there is no such table, version or engine.
        NothingFound: there is no store.
        Unreachable: the store does not answer, and the cache does not hold the table.
        NotVerified: a file is missing, or its bytes are not those that were released.
        NotReadable: the file is not of the types that its schema says.
    """
    if engine not in ENGINES:
        raise WrongCall(
            f'there is no engine "{engine}".{did_you_mean(engine, ENGINES)}',
            hint=f"engines are {' and '.join(ENGINES)}",
        )
    release = open_release(version, store=store, project=project, cache=cache, signers=signers)
    withdrawn = release.withdrawn
    if withdrawn:
        # Not refused: whoever checks an earlier result has to be able to load it.
        message = f"version {release.version} is withdrawn: {withdrawn}"
        warnings.warn(message, UserWarning, stacklevel=2)
    sums = release.sums()
    package = package_in(release, sums)
    resource = _resource(package, table)
    schema, path = place_of(resource)
    record = release.record()
    size, _ = record.files.get(path, (0, ""))
    records = typed_table(release.read(path, sums, size), schema, path)
    about = {
        **_about(package, resource, release, record),
        "sources": sources_of(release, sums, package, resource, records),
    }
    if withdrawn:
        about["withdrawn"] = withdrawn
    if engine == "pyarrow":
        stated = records.schema.metadata or {}
        return records.replace_schema_metadata({**stated, RELEASE_KEY: canonical_json(about)})
    from rekodiq_data.frames import to_frame

    frame = to_frame(records)
    frame.attrs.update(about)
    return frame


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
