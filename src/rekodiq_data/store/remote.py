"""A store on the network: read through the cache, held against what was seen of it before."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, BinaryIO

from rekodiq_data.catalog import CATALOG_NAME, RECORD_NAME, Catalog, Entry, Link, ReleaseRecord
from rekodiq_data.digest.sums import SIGNATURE_NAME, SUMS_NAME
from rekodiq_data.errors import BadText, NothingFound, RekodiqError, Unreachable, WrongCall
from rekodiq_data.files import durable
from rekodiq_data.store.cache import Cache, locked
from rekodiq_data.store.copying import write_version
from rekodiq_data.store.local import listed, require_pinned
from rekodiq_data.store.memory import Memory
from rekodiq_data.store.pins import Pin, parse_pin
from rekodiq_data.store.release import Release, entry_of, proved_record, proved_sums
from rekodiq_data.store.source import Absent, Limits, Source
from rekodiq_data.store.transfer import read_small
from rekodiq_data.store.trust import SIGNATURE_CAP, Signers, require_signed
from rekodiq_data.verify.findings import damaged
from rekodiq_data.verify.folders import prove

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rekodiq_data.versions import Version

# A store says of no other file how long these are, so they must be small.
_CATALOG_CAP = 4 * 1024 * 1024
_SUMS_CAP = 4 * 1024 * 1024
_RECORD_CAP = 4 * 1024 * 1024
# Seconds that a store gets to say whether a version, which is here already, was withdrawn.
_SOON = 3.0


@dataclass(frozen=True)
class RemoteRelease(Release):
    """A version of a store on the network, proved as far as what says what it is.

    Attributes:
        store: where it comes from.
        known: its release.json.
        signed_by: who signed it, where signers were asked.
    """

    entry: Entry
    folder: Path
    store: RemoteStore
    known: ReleaseRecord
    signed_by: str | None
    sums_data: bytes

    @property
    def place(self) -> str:
        """Its address."""
        return f"{self.store.place}/{self.version.folder}"

    @property
    def signer(self) -> str | None:
        """Who signed it; None where no signers were named."""
        return self.signed_by

    @property
    def withdrawn(self) -> str | None:
        """Why nobody should use it any more, as the store says now, or said last."""
        return self.store.withdrawn(self.entry.link)

    def sums_bytes(self) -> bytes:
        """Its SHA256SUMS."""
        return self.sums_data

    def signature(self) -> bytes | None:
        """The signature of its SHA256SUMS; None where it is unsigned.

        One that nobody asked to check is brought only where the store can be reached: the files
        can be had without it.
        """
        try:
            return self.store.signature(
                self.version, self.entry.link.sums_sha256, is_extra=True
            )
        except Unreachable:
            return None

    def record(self) -> ReleaseRecord:
        """Its release.json."""
        return self.known

    def bring(self, path: str, tell: Callable[[int], None] = lambda _: None) -> None:
        """Have a file in the cache, whole and right. Raises as `read`."""
        told = 0

        def count(size: int) -> None:
            nonlocal told
            told += size
            tell(size)

        self._open(path, self.sums()[path], count).close()
        # What was in the cache already was not told as it came.
        tell(self.size(path) - told)

    def verified(self) -> Path:
        """A folder of the cache with all of it; what is not there yet is downloaded."""
        with locked(self.folder.parent):
            if self.folder.is_dir():
                proof = prove(self.folder, str(self.version), with_content=False)
                if proof.valid and proof.sums_sha256 == self.entry.link.sums_sha256:
                    return self.folder
            durable.remove_tree(self.folder)
            staged = durable.part_of(self.folder)
            durable.remove_tree(staged)
            write_version(self, staged, sorted(self.sums()))
            durable.rename_folder(staged, self.folder)
        return prove(self.folder, str(self.version), with_content=False).require().folder

    def _open(
        self, path: str, digest: str, tell: Callable[[int], None] = lambda _: None
    ) -> BinaryIO:
        return self.store.stream(self.version, path, digest, self.size(path), tell)


class RemoteStore:
    """A store at an address.

    The network is asked when the first thing is wanted that the cache does not hold.
    """

    def __init__(
        self,
        source: Source,
        cache: Cache,
        limits: Limits,
        signers: Signers | None = None,
        *,
        allow_older: bool = False,
    ) -> None:
        self.cache = cache
        self._source = source
        self._limits = limits
        self._signers = signers
        self._allow_older = allow_older
        self._memory = Memory(cache.folder, source.place)
        self._listing: tuple[Catalog, bytes] | None = None
        self._is_offline = False

    @property
    def place(self) -> str:
        """The address."""
        return self._source.place

    @property
    def listing(self) -> Catalog:
        """The catalog; the last one that was taken, where the store can't be reached.

        Raises:
            Unreachable: the store does not answer, and no catalog was taken before.
            NothingFound: there is no store at the address.
            NotVerified: the catalog is damaged, or not one that can follow what was seen.
        """
        if self._listing is None:
            self._listing = self._catalog()
            self._memory.check_catalog(self._listing[0], allow_older=self._allow_older)
        return self._listing[0]

    @property
    def catalog(self) -> dict[str, Any]:
        """The catalog as JSON."""
        return self.listing.to_dict()

    @property
    def versions(self) -> tuple[Entry, ...]:
        """All versions, the newest first."""
        return self.listing.entries

    @property
    def is_offline(self) -> bool:
        """Whether the store could not be reached, so that the cache answers alone."""
        return self._is_offline

    def release(self, version: str | Version | None = None) -> RemoteRelease:
        """The version of this name; without one, the newest that is no pre-release.

        One that was opened before needs no network for this, nor for the files that it has in
        the cache.

        Raises:
            WrongCall: there is no such version, or an older store was allowed and no version
                was named.
            NotVerified: it is not what the catalog or its name says, or not signed by
                `signers`.
            Unreachable: the store does not answer.
        """
        pin = None if version is None else parse_pin(version)
        if pin is None and self._allow_older:
            raise WrongCall(
                "an older store is taken only for a version that is named",
                hint="name the version",
            )
        if pin is not None:
            seen = self._memory.seen().versions.get(pin.version)
            # What was seen can't change: a number with a digest, or seen before, is a digest.
            digest = pin.sums_sha256 or seen
            if digest is not None:
                self._memory.check(self._memory.seen(), [Link(pin.version, digest)])
                return self._open(Pin(pin.version, digest), digest, None)
        entry = listed(self.listing, pin, self.place)
        return self._open(Pin(entry.version), entry.link.sums_sha256, entry)

    def resolve(self, version: str | Version | None = None) -> Path:
        """A verified folder of a version. Raises as `release` and `Release.verified` do."""
        return self.release(version).verified()

    def signature(
        self, version: Version, sums_sha256: str, *, is_extra: bool = False
    ) -> bytes | None:
        """The signature of a version's SHA256SUMS; None where there is none.

        With `is_extra`, the store is asked once only. Raises Unreachable.
        """
        kept = self._memory.signature(sums_sha256)
        if kept is not None:
            return kept
        with suppress(Absent):
            path = f"{version.folder}/{SIGNATURE_NAME}"
            limits = _once(self._limits) if is_extra else self._limits
            return read_small(self._source, path, SIGNATURE_CAP, limits)
        return None

    def stream(
        self,
        version: Version,
        path: str,
        digest: str,
        size: int,
        tell: Callable[[int], None],
    ) -> BinaryIO:
        """A file of a version, from the cache, where it is put first if it is not there."""
        where = f"{version.folder}/{path}"
        try:
            return self.cache.open(digest, size, self._source, where, self._limits, tell)
        except Absent as error:
            note = f"it is listed in {SUMS_NAME} and is not there"
            raise damaged(self.place, where, "missing-file", note) from error

    def withdrawn(self, link: Link) -> str | None:
        """Why a version should not be used any more; None where nobody has said so.

        The catalog is asked for where it was not yet. Since no version needs it, one that does
        not come soon, or can't be taken, is left alone.
        """
        catalog = self._listing[0] if self._listing else self._soon()
        entry = catalog.entry(link.version) if catalog else None
        return entry.withdrawn if entry and entry.link == link else None

    def _soon(self) -> Catalog | None:
        """The catalog, if it comes soon and can be taken, else the last one that was."""
        with suppress(RekodiqError):
            found, data = self._catalog(_soon(self._limits))
            self._memory.check_catalog(found, allow_older=self._allow_older)
            self._listing = found, data
            self._memory.remember(found.name, [], self._taken())
            return found
        return self._memory.catalog()

    def _catalog(self, limits: Limits | None = None) -> tuple[Catalog, bytes]:
        """The catalog as the store sends it, or as it was, and its bytes."""
        kept = self._memory.catalog()
        # Who has one waits for a store that does not answer only once.
        limits = limits or (self._limits if kept is None else _once(self._limits))
        try:
            data = read_small(self._source, CATALOG_NAME, _CATALOG_CAP, limits)
        except Absent as error:
            raise NothingFound(
                self.place,
                f'there is no store at "{self.place}": it has no {CATALOG_NAME}',
                hint="check the address for typos",
            ) from error
        except Unreachable:
            if kept is None:
                raise
            self._is_offline = True
            return kept, kept.to_bytes()
        try:
            return Catalog.parse(data), data
        except BadText as error:
            raise damaged(self.place, CATALOG_NAME, "not-canonical", error.message) from error

    def _open(self, pin: Pin, digest: str, entry: Entry | None) -> RemoteRelease:
        """A version, once what says what it is has been found to agree with itself."""
        place = f"{self.place}/{pin.version.folder}"
        data = self._small(pin.version, SUMS_NAME, digest, _SUMS_CAP)
        sums = proved_sums(data, digest, place)
        signer = self._signed(pin.version, data, digest, place)
        cap = _RECORD_CAP if entry is None else min(_RECORD_CAP, entry.size)
        listed_digest = sums.get(RECORD_NAME)
        if listed_digest is None:
            raise damaged(place, RECORD_NAME, "missing-file", f"{SUMS_NAME} does not list it")
        record_data = self._small(pin.version, RECORD_NAME, listed_digest, cap)
        record = proved_record(record_data, pin.version, place)
        stated = {path: each for path, (_, each) in record.files.items()}
        if {**stated, RECORD_NAME: listed_digest} != sums:
            note = f"it does not state the same files as {SUMS_NAME}"
            raise damaged(place, RECORD_NAME, "content-mismatch", note)
        found = entry_of(record, record_data, digest)
        if entry is not None:
            self._require_agreed(entry, found, record)
        if found.size > self._limits.largest:
            raise WrongCall(
                f"version {pin.version} has {found.size:,} bytes, and {self._limits.largest:,}"
                " are the limit",
                hint="if that is right, pass Limits(largest=...)",
            )
        require = [found.link, *([record.previous] if record.previous else [])]
        name = self._listing[0].name if self._listing else self._memory.seen().name
        release = RemoteRelease(
            entry=found,
            folder=self.cache.folder / "releases" / digest,
            store=self,
            known=record,
            signed_by=signer,
            sums_data=data,
        )
        require_pinned(release, pin)
        self.cache.add(data)
        self.cache.add(record_data)
        self._memory.remember(name, require, self._taken())
        return release

    def _taken(self) -> bytes | None:
        """The catalog to keep: never one that is older than what was seen."""
        if self._listing is None or self._allow_older:
            return None
        return self._listing[1]

    def _small(self, version: Version, path: str, digest: str, cap: int) -> bytes:
        """A file of a version that is needed to know the others; its SHA-256 is `digest`."""
        kept = self.cache.get(digest)
        if kept is not None:
            return kept
        where = f"{version.folder}/{path}"
        try:
            data = read_small(self._source, where, cap, self._limits)
        except Absent as error:
            raise damaged(self.place, where, "missing-file", "it is not there") from error
        found = hashlib.sha256(data).hexdigest()
        if found != digest:
            note = f"expected sha256 {digest}, found {found}"
            raise damaged(self.place, where, "changed-file", note)
        return data

    def _signed(self, version: Version, sums: bytes, digest: str, place: str) -> str | None:
        if self._signers is None:
            return None
        signature = self.signature(version, digest)
        signer = require_signed(self._signers, sums, signature, place)
        if signature is not None and self._memory.signature(digest) is None:
            self._memory.keep_signature(digest, signature)
        return signer

    def _require_agreed(self, entry: Entry, found: Entry, record: ReleaseRecord) -> None:
        """Refuse a version that is not as the catalog lists it, or does not follow another."""
        if entry != found:
            note = f"the catalog lists {entry.version} otherwise than it is"
            raise damaged(self.place, CATALOG_NAME, "catalog-mismatch", note)
        before = self.listing.before(entry.version)
        if record.previous != (before.link if before else None):
            raise damaged(
                self.place,
                f"{entry.version.folder}/{RECORD_NAME}",
                "broken-chain",
                "it does not follow the version before it in the catalog: one was changed,"
                " added or removed since",
            )


def _once(limits: Limits) -> Limits:
    return replace(limits, attempts=1)


def _soon(limits: Limits) -> Limits:
    """Limits for what is good to know and not needed."""
    return replace(
        limits,
        attempts=1,
        connect_seconds=min(limits.connect_seconds, _SOON),
        silence_seconds=min(limits.silence_seconds, _SOON),
        head_seconds=min(limits.head_seconds, _SOON),
    )
