"""One version, wherever it is: its bytes, each compared with what was released."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, BinaryIO

from rekodiq_data.catalog import CAP, RECORD_NAME, Entry, Link, ReleaseRecord
from rekodiq_data.digest.sums import SUMS_NAME, parse_sums
from rekodiq_data.errors import BadText
from rekodiq_data.store.pins import pin_of
from rekodiq_data.verify.findings import damaged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rekodiq_data.digest.sums import Sums
    from rekodiq_data.versions import Version

_BLOCK = 1024 * 1024


class Release(ABC):
    """One version of a store: what is said of it, and its files.

    Attributes:
        entry: what the catalog says of it.
        folder: where its files are; of a store on the network, where they would be.
    """

    entry: Entry
    folder: Path

    @property
    @abstractmethod
    def place(self) -> Path | str:
        """Where it is, as people know it: a folder, or an address."""

    @property
    @abstractmethod
    def signer(self) -> str | None:
        """Who signed it; None where no signers were named.

        Raises:
            NotVerified: signers were named, and it is unsigned or signed by nobody of them.
        """

    @property
    def version(self) -> Version:
        """Its number."""
        return self.entry.version

    @property
    def withdrawn(self) -> str | None:
        """Why nobody should use it any more; None where nobody has said so.

        A store on the network is asked for this, if only once and not for long: it may have
        been withdrawn since it was opened first. Where the store does not answer, what was
        last heard counts.
        """
        return self.entry.withdrawn

    @property
    def pin(self) -> str:
        """The name under which nobody can give it other content: `1.2.0@sha256:...`."""
        return pin_of(self.entry.link)

    @abstractmethod
    def sums_bytes(self) -> bytes:
        """Its SHA256SUMS. Raises NotVerified where that is missing."""

    @abstractmethod
    def signature(self) -> bytes | None:
        """The signature of its SHA256SUMS; None where it is unsigned."""

    @abstractmethod
    def verified(self) -> Path:
        """A local folder with all of it, after every byte was found to be the released one.

        Raises:
            NotVerified: something is missing, extra or changed; the report names each file.
        """

    @abstractmethod
    def _open(self, path: str, digest: str) -> BinaryIO:
        """The file `path`, opened. Raises NotVerified where it is missing or unreadable."""

    def sums(self) -> Sums:
        """What its SHA256SUMS lists.

        Raises:
            NotVerified: the file is missing, or not the one that the catalog names.
        """
        return proved_sums(self.sums_bytes(), self.entry.link.sums_sha256, self.place)

    def record(self) -> ReleaseRecord:
        """Its release.json. Raises NotVerified where that is not what was released."""
        data = self.read(RECORD_NAME, self.sums(), CAP)
        return proved_record(data, self.version, self.place)

    def size(self, path: str) -> int:
        """Bytes of its file `path`, which is listed in its SHA256SUMS."""
        files = self.record().files
        if path == RECORD_NAME:
            return self.entry.size - sum(size for size, _ in files.values())
        size, _ = files[path]
        return size

    def bring(self, path: str, tell: Callable[[int], None] = lambda _: None) -> None:
        """Have the file `path` on this machine; `tell` is told how much of it has come."""
        tell(self.size(path))

    def read(self, path: str, sums: Sums, cap: int) -> bytes:
        """The bytes of its file `path`, which are those that were released.

        Args:
            path: relative to the version's folder.
            sums: as `sums` gave them.
            cap: how many bytes it has at most.

        Raises:
            NotVerified: the file is missing, not listed, or its bytes are others.
        """
        with self._listed(path, sums) as stream:
            data = stream.read(cap + 1)
        if len(data) > cap:
            note = f"it is larger than {cap:,} bytes"
            raise damaged(self.place, path, "changed-file", note)
        self._require(path, sums[path], hashlib.sha256(data).hexdigest())
        return data

    def pieces(self, path: str, sums: Sums) -> Iterator[bytes]:
        """The same bytes, block by block. Only after the last one are they known to be right.

        Raises:
            NotVerified: as `read`; of other bytes after the last block.
        """
        digest = hashlib.sha256()
        with self._listed(path, sums) as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
                yield block
        self._require(path, sums[path], digest.hexdigest())

    def _listed(self, path: str, sums: Sums) -> BinaryIO:
        if path not in sums:
            raise damaged(self.place, path, "extra-file", f"it is not listed in {SUMS_NAME}")
        return self._open(path, sums[path])

    def _require(self, path: str, listed: str, found: str) -> None:
        if found != listed:
            note = f"{SUMS_NAME} lists sha256 {listed}, found {found}"
            raise damaged(self.place, path, "changed-file", note)


def proved_sums(data: bytes, expected: str, place: Path | str) -> Sums:
    """What a SHA256SUMS lists that has the SHA-256 `expected`.

    Raises:
        NotVerified: it is another one, or in another form.
    """
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        note = f"the catalog names sha256 {expected}, found {found}"
        raise damaged(place, SUMS_NAME, "changed-file", note)
    try:
        return parse_sums(data)
    except BadText as error:
        note = f"line {error.line}: {error.message}"
        raise damaged(place, SUMS_NAME, "not-canonical", note) from error


def proved_record(data: bytes, version: Version | None, place: Path | str) -> ReleaseRecord:
    """The record in a release.json, of this version where one is given.

    Raises:
        NotVerified: it is malformed, or of another version.
    """
    try:
        record = ReleaseRecord.parse(data)
    except BadText as error:
        raise damaged(place, RECORD_NAME, "unreadable-file", error.message) from error
    if version not in {None, record.version}:
        note = f"it is of version {record.version}, not {version}"
        raise damaged(place, RECORD_NAME, "content-mismatch", note)
    return record


def entry_of(record: ReleaseRecord, data: bytes, sums_sha256: str) -> Entry:
    """What a catalog says of the version whose release.json is `data`."""
    return Entry(
        link=Link(record.version, sums_sha256),
        content_digest=record.content_digest,
        files=len(record.files) + 1,
        size=len(data) + sum(size for size, _ in record.files.values()),
    )
