"""From a verified package to a version in the store, in steps that survive a crash."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from rekodiq_data.catalog import (
    CATALOG_NAME,
    POINTER_NAME,
    RECORD_NAME,
    Catalog,
    ReleaseRecord,
    TableRecord,
)
from rekodiq_data.digest.sums import SUMS_NAME, sums_bytes
from rekodiq_data.files import durable
from rekodiq_data.files.gate import open_inside
from rekodiq_data.verify.findings import damaged
from rekodiq_data.verify.folders import prove

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from rekodiq_data.verify.contents import Content
    from rekodiq_data.verify.folders import Proof
    from rekodiq_data.versions import Version

# Nobody edits a published file by accident. Folders stay writable for their owner (0755): a
# folder that is not could neither be renamed out of staging nor be synced, moved or removed
# with ordinary tools, and what keeps a version as it is are its digests.
FILE_MODE = 0o444
_BLOCK = 1024 * 1024


def publish(
    source: Proof,
    content: Content,
    version: Version,
    catalog: Catalog,
    staging: Path,
    store: Path,
) -> None:
    """Make the package that `source` proves the newest version of the store.

    Args:
        source: the package; every byte is compared once more while it is copied.
        content: what the package says.
        version: its number, above all in `catalog`.
        catalog: the store's catalog as it is now.
        staging: an empty folder of the store, to work in.
        store: the store, whose lock is held.

    Raises:
        NotVerified: a file of the package has changed since it was proved.
        OSError: a file can't be written.
    """
    before = catalog.before(version)
    record = ReleaseRecord(
        version=version,
        previous=before.link if before else None,
        content_digest=content.digests.package,
        tables={
            name: TableRecord(each.content, each.rows, each.schema)
            for name, each in content.digests.contents.items()
        },
        files={
            path: (source.sizes[path], digest)
            for path, digest in source.sums.items()
            if path != RECORD_NAME
        },
        raw=content.raw,
    )
    staged = staging / version.folder
    _stage(source, record, staged)
    # The staged copy is what will be published: it is proved before, not after.
    proof = prove(staged, str(version)).require()
    durable.rename_folder(staged, store / version.folder)
    name = catalog.name if catalog.entries else content.name
    write_catalog(store, Catalog(name, catalog.entries).with_entry(proof.entry))


def write_catalog(store: Path, catalog: Catalog) -> None:
    """Write the catalog of a store, then move its pointer; what is right already stays.

    Raises:
        OSError: a file can't be written.
    """
    newest = catalog.newest
    if newest is None:
        return
    for name, data in ((CATALOG_NAME, catalog.to_bytes()), (POINTER_NAME, newest.pointer())):
        path = store / name
        if not path.is_file() or path.read_bytes() != data:
            durable.write_file(path, data, FILE_MODE)


def _stage(source: Proof, record: ReleaseRecord, staged: Path) -> None:
    """Write all files of a version below `staged`, SHA256SUMS last."""
    for path in record.files:
        target = staged.joinpath(*path.split("/"))
        durable.make_folder(target.parent)
        with open_inside(source.folder, path) as stream:
            pieces = _same_bytes(stream, source, path)
            durable.write_file(target, pieces, FILE_MODE)
    data = record.to_bytes()
    durable.write_file(staged / RECORD_NAME, data, FILE_MODE)
    sums = {path: digest for path, (_, digest) in record.files.items()}
    sums[RECORD_NAME] = hashlib.sha256(data).hexdigest()
    durable.write_file(staged / SUMS_NAME, sums_bytes(sums), FILE_MODE)


def _same_bytes(stream: BinaryIO, source: Proof, path: str) -> Iterator[bytes]:
    """The blocks of a file, which must be the one that was proved.

    Raises:
        NotVerified: after the last block, where it is another.
    """
    digest = hashlib.sha256()
    while block := stream.read(_BLOCK):
        digest.update(block)
        yield block
    if digest.hexdigest() != source.sums[path]:
        raise damaged(source.folder, path, "changed-file", "it changed while it was copied")
