"""What a killed release left in a store, cleared and completed by the next one."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from rekodiq_data.catalog import (
    CAP,
    CATALOG_NAME,
    POINTER_NAME,
    STAGING_NAME,
    VERIFIER_NAME,
    Catalog,
)
from rekodiq_data.digest.sums import read_sums
from rekodiq_data.errors import BadText, MissingFile, NotReadable, ReleaseRefused
from rekodiq_data.files import durable
from rekodiq_data.files.gate import list_files, read_bytes
from rekodiq_data.release.publish import write_catalog
from rekodiq_data.verify.folders import prove
from rekodiq_data.verify.stores import folders_in

if TYPE_CHECKING:
    from pathlib import Path

    from rekodiq_data.catalog import Entry
    from rekodiq_data.versions import Version


def recover(store: Path) -> Catalog:
    """Remove staging and half-written files, list versions that wait for it, move the pointer.

    The store's lock must be held: then nothing in it is another run's work.

    Returns:
        The catalog, as it now is in the store.

    Raises:
        ReleaseRefused, NotVerified: as `completed_catalog`.
        OSError: something can't be removed or written.
    """
    durable.remove_tree(store / STAGING_NAME)
    for name in (VERIFIER_NAME, CATALOG_NAME, POINTER_NAME):
        durable.remove_tree(durable.part_of(store / name))
    catalog = completed_catalog(store)
    write_catalog(store, catalog)
    return catalog


def completed_catalog(store: Path) -> Catalog:
    """The catalog of a store with every whole version listed; empty where there is no store.

    A version whose folder is there and that is not listed was published by a run that was
    stopped just after. It is verified in full before it is listed.

    Raises:
        ReleaseRefused: the catalog is damaged, a listed version is missing or changed, or an
            unlisted one does not follow the newest.
        NotVerified: an unlisted version is damaged.
    """
    if not store.is_dir():
        return Catalog("")
    catalog = _catalog(store)
    present = folders_in(list_files(store))
    for entry in catalog.entries:
        _require_same(store, entry)
    listed = {entry.version for entry in catalog.entries}
    for version in sorted(set(present) - listed):
        catalog = _with_version(store, version, catalog)
    return catalog


def _catalog(store: Path) -> Catalog:
    try:
        data = read_bytes(store, CATALOG_NAME, CAP)
        catalog = Catalog.parse(data)
    except MissingFile:
        return Catalog("")
    except BadText as error:
        raise _refused(f"its {CATALOG_NAME} is damaged: {error.message}") from error
    if data != catalog.to_bytes():
        # It may hold what a later version of this tool wrote: nothing of that is to be lost.
        raise _refused(f"its {CATALOG_NAME} is not in the form in which it is written")
    return catalog


def _require_same(store: Path, entry: Entry) -> None:
    try:
        data = read_sums(store / entry.version.folder)
    except NotReadable as error:
        raise _refused(
            f"{entry.version} is listed and can't be read: {error.message}"
        ) from error
    if hashlib.sha256(data).hexdigest() != entry.link.sums_sha256:
        raise _refused(f"{entry.version} was changed since it was published")


def _with_version(store: Path, version: Version, catalog: Catalog) -> Catalog:
    """The catalog with a version more, which was renamed into the store and not listed yet."""
    proof = prove(store / version.folder, str(version)).require()
    newest = catalog.entries[0].link if catalog.entries else None
    record, content = proof.record, proof.content
    if record is None or content is None or record.version != version:
        raise _refused(f"the folder {version.folder} does not hold version {version}")
    if record.previous != newest or (newest and content.name != catalog.name):
        raise _refused(f"the folder {version.folder} does not follow the newest version here")
    return Catalog(content.name, catalog.entries).with_entry(proof.entry)


def _refused(reason: str) -> ReleaseRefused:
    return ReleaseRefused(
        f"the store is damaged: {reason}", hint="rekodiq-data verify names each file"
    )
