"""A drafted version's folder, file by file."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from rekodiq_data.catalog import RECORD_NAME, ReleaseRecord, TableRecord
from rekodiq_data.digest.sums import SIGNATURE_NAME, SUMS_NAME, sums_bytes
from rekodiq_data.files import durable
from rekodiq_data.files.gate import open_inside
from rekodiq_data.signing import sign
from rekodiq_data.staging.draft import OWN_FILES
from rekodiq_data.verify.findings import damaged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from rekodiq_data.signing import PrivateKey
    from rekodiq_data.staging.draft import Draft
    from rekodiq_data.verify.folders import Proof

# Nobody edits a published file by accident. Folders stay writable for their owner (0755): a
# folder that is not could neither be renamed out of staging nor be synced, moved or removed
# with ordinary tools, and what keeps a version as it is are its digests.
FILE_MODE = 0o444
_BLOCK = 1024 * 1024


def stage(draft: Draft, folder: Path, key: PrivateKey | None = None) -> None:
    """Write all files of a version below `folder`, SHA256SUMS and its signature last.

    Args:
        draft: the version; every byte of its package is compared once more while it is copied.
        folder: the folder to make.
        key: signs SHA256SUMS; without one the version is unsigned.

    Raises:
        NotVerified: a file of the package has changed since it was proved.
        OSError: a file can't be written.
    """
    source, content = draft.source, draft.content
    files = {
        path: (source.sizes[path], digest)
        for path, digest in source.sums.items()
        if path not in OWN_FILES
    }
    for path in files:
        target = folder.joinpath(*path.split("/"))
        durable.make_folder(target.parent)
        with open_inside(source.folder, path) as stream:
            pieces = _same_bytes(stream, source, path)
            durable.write_file(target, pieces, FILE_MODE)
    for path, data in draft.files.items():
        durable.write_file(folder / path, data, FILE_MODE)
        files[path] = (len(data), hashlib.sha256(data).hexdigest())
    record = ReleaseRecord(
        version=draft.version,
        previous=draft.previous,
        content_digest=content.digests.package,
        tables={
            name: TableRecord(each.content, each.rows, each.schema)
            for name, each in content.digests.contents.items()
        },
        files=files,
        raw=content.raw,
    )
    data = record.to_bytes()
    durable.write_file(folder / RECORD_NAME, data, FILE_MODE)
    digests = {path: digest for path, (_, digest) in files.items()}
    digests[RECORD_NAME] = hashlib.sha256(data).hexdigest()
    sums = sums_bytes(digests)
    durable.write_file(folder / SUMS_NAME, sums, FILE_MODE)
    if key is not None:
        durable.write_file(folder / SIGNATURE_NAME, sign(key, sums), FILE_MODE)


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
