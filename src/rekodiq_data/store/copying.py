"""A version, or a part of it, written into a folder file by file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rekodiq_data.digest.sums import SIGNATURE_NAME, SUMS_NAME, digest_inside
from rekodiq_data.errors import MissingFile
from rekodiq_data.files import durable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from rekodiq_data.store.release import Release

_MODE = 0o444


def write_version(
    release: Release,
    folder: Path,
    paths: Iterable[str],
    tell: Callable[[int], None] = lambda _: None,
) -> None:
    """Write these files of a version into `folder`, each whole or not at all.

    SHA256SUMS and its signature come first: whoever looks in between is told what is missing.
    Files that are there and right stay.

    Raises:
        NotVerified: a file is not what was released.
        Unreachable: it can't be downloaded.
        OSError: it can't be written.
    """
    sums = release.sums()
    durable.make_folder(folder)
    signature = release.signature()
    durable.write_file(folder / SUMS_NAME, release.sums_bytes(), _MODE)
    if signature is not None:
        durable.write_file(folder / SIGNATURE_NAME, signature, _MODE)
    for path in paths:
        release.bring(path, tell)
        if not _is_there(folder, path, sums[path]):
            target = folder.joinpath(*path.split("/"))
            durable.make_folder(target.parent)
            durable.write_file(target, release.pieces(path, sums), _MODE)


def _is_there(folder: Path, path: str, digest: str) -> bool:
    try:
        return digest_inside(folder, path)[0] == digest
    except MissingFile:
        return False
