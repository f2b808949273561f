"""The files that were downloaded, by their digest: shared by all processes of a user.

    objects/ab/ab12...        a file, named by its SHA-256; whole and right, or absent
    incoming/ab/ab12....part  what has come so far of a file that is on its way
    stores/<address>/         what is remembered of a store (see `memory`)
    releases/<digest>/        a version as a folder, for those who need one

Nothing is looked up in `incoming`. An object is hashed once more each time it is read, since
the disk may have changed it; one that is damaged is removed and downloaded again.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from rekodiq_data.digest.sums import digest_of
from rekodiq_data.errors import MissingFile, NotReadable
from rekodiq_data.files import durable
from rekodiq_data.files.gate import open_inside
from rekodiq_data.store.transfer import download

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rekodiq_data.store.source import Limits, Source

_MODE = 0o444
_TRIES = 3
_HAS_LOCKS = os.name == "posix"


def default_folder() -> Path:
    """Where the platform keeps what a program can get again."""
    from platformdirs import user_cache_path

    return user_cache_path("rekodiq-data", appauthor=False)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of `folder`, which is made if it is not there.

    Windows has no such locks. There two downloads of one file can spoil one another, which
    their digest shows; neither is taken then.
    """
    durable.make_folder(folder)
    if not _HAS_LOCKS:
        yield
        return
    with durable.lock(folder):
        yield


class Cache:
    """A folder of downloaded files. Made when the first one comes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(
        self,
        digest: str,
        size: int,
        source: Source,
        path: str,
        limits: Limits,
        tell: Callable[[int], None] = lambda _: None,
    ) -> BinaryIO:
        """The file with this digest and size, downloaded if it is not here yet, and right.

        Raises:
            Absent, Unreachable, NotVerified: as `download`.
            OSError: the cache can't be written.
        """
        for _ in range(_TRIES):
            found = self._opened(digest)
            if found is not None:
                return found
            with locked(self.folder / "incoming" / digest[:2]):
                # Another process may have brought it while we waited.
                if not self._object(digest).exists():
                    name = f"{digest}{durable.PART_SUFFIX}"
                    part = self.folder / "incoming" / digest[:2] / name
                    download(source, path, digest, size, part, limits, tell)
                    durable.make_folder(self._object(digest).parent)
                    durable.finish(part, self._object(digest), _MODE)
        raise NotReadable(
            self._object(digest),
            f'"{self._object(digest)}" is damaged each time it is written',
            hint="the disk may be failing; choose another cache folder",
        )

    def holds(self, digest: str, size: int) -> bool:
        """Whether the file is here, by its name and size alone."""
        try:
            return self._object(digest).stat().st_size == size
        except FileNotFoundError:
            return False

    def add(self, data: bytes) -> None:
        """Keep `data`, which is known to be right."""
        target = self._object(hashlib.sha256(data).hexdigest())
        if not self.holds(target.name, len(data)):
            with locked(target.parent):
                durable.write_file(target, data, _MODE)

    def get(self, digest: str) -> bytes | None:
        """The bytes of the file with this digest; None where it is not here, or damaged."""
        found = self._opened(digest)
        if found is None:
            return None
        with found:
            return found.read()

    def _object(self, digest: str) -> Path:
        return self.folder / "objects" / digest[:2] / digest

    def _opened(self, digest: str) -> BinaryIO | None:
        target = self._object(digest)
        try:
            stream = open_inside(self.folder, f"objects/{digest[:2]}/{digest}")
        except MissingFile:
            return None
        if digest_of(stream)[0] == digest:
            stream.seek(0)
            return stream
        stream.close()
        target.unlink(missing_ok=True)
        return None
