"""From a drafted version to one in the store, in steps that survive a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rekodiq_data.catalog import CATALOG_NAME, POINTER_NAME, VERIFIER_NAME, Catalog
from rekodiq_data.files import durable
from rekodiq_data.staging import stage
from rekodiq_data.staging.folder import FILE_MODE
from rekodiq_data.verify.folders import prove
from rekodiq_data.verify.stores import verifier

if TYPE_CHECKING:
    from pathlib import Path

    from rekodiq_data.signing import PrivateKey
    from rekodiq_data.staging import Draft


def publish(
    draft: Draft, catalog: Catalog, staging: Path, store: Path, key: PrivateKey | None
) -> None:
    """Make a drafted version the newest one of the store.

    Args:
        draft: the version, above all in `catalog`.
        catalog: the store's catalog as it is now.
        staging: an empty folder of the store, to work in.
        store: the store, whose lock is held.
        key: signs the version; without one it is unsigned.

    Raises:
        NotVerified: a file of the package has changed since it was proved.
        OSError: a file can't be written.
    """
    version = draft.version
    staged = staging / version.folder
    stage(draft, staged, key)
    # The staged copy is what will be published: it is proved before, not after.
    proof = prove(staged, str(version)).require()
    durable.rename_folder(staged, store / version.folder)
    name = catalog.name if catalog.entries else draft.content.name
    write_catalog(store, Catalog(name, catalog.entries).with_entry(proof.entry))


def write_catalog(store: Path, catalog: Catalog) -> None:
    """Write a store's verify.py and catalog, then move its pointer; what is right stays.

    Raises:
        OSError: a file can't be written.
    """
    newest = catalog.newest
    if newest is None:
        return
    for name, data in (
        (VERIFIER_NAME, verifier()),
        (CATALOG_NAME, catalog.to_bytes()),
        (POINTER_NAME, newest.pointer()),
    ):
        path = store / name
        if not path.is_file() or path.read_bytes() != data:
            durable.write_file(path, data, FILE_MODE)
