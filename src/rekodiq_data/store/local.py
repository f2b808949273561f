"""A store in a folder of this machine, and versions that stand in a folder by themselves."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from rekodiq_data.catalog import CAP, CATALOG_NAME, RECORD_NAME, Catalog, Entry, read_catalog
from rekodiq_data.digest.sums import SIGNATURE_NAME, SUMS_NAME, read_sums
from rekodiq_data.errors import BadText, MissingFile, NothingFound, NotReadable, WrongCall
from rekodiq_data.files.gate import open_inside, read_bytes
from rekodiq_data.store.pins import Pin, parse_pin
from rekodiq_data.store.release import Release, entry_of, proved_record, proved_sums
from rekodiq_data.store.trust import SIGNATURE_CAP, require_signed
from rekodiq_data.suggest import did_you_mean
from rekodiq_data.verify.findings import damaged
from rekodiq_data.verify.folders import prove

if TYPE_CHECKING:
    from rekodiq_data.store.trust import Signers
    from rekodiq_data.versions import Version


@dataclass(frozen=True)
class LocalRelease(Release):
    """A version in a folder. Nothing of it was read yet but what `entry` says."""

    entry: Entry
    folder: Path
    signers: Signers | None = None

    @property
    def place(self) -> Path:
        """Its folder."""
        return self.folder

    @property
    def signer(self) -> str | None:
        """Who signed it; None where no signers were named."""
        if self.signers is None:
            return None
        return require_signed(self.signers, self._sums(), self.signature(), self.folder)

    def sums_bytes(self) -> bytes:
        """Its SHA256SUMS, signed where signers were named."""
        _ = self.signer
        return self._sums()

    def signature(self) -> bytes | None:
        """The signature of its SHA256SUMS; None where it is unsigned."""
        try:
            return read_bytes(self.folder, SIGNATURE_NAME, SIGNATURE_CAP)
        except MissingFile:
            return None

    def verified(self) -> Path:
        """Its folder, after every byte in it was found to be the released one."""
        self.sums()
        return prove(self.folder, str(self.version), with_content=False).require().folder

    def _sums(self) -> bytes:
        try:
            return read_sums(self.folder)
        except NotReadable as error:
            raise damaged(self.folder, SUMS_NAME, "missing-file", error.message) from error

    def _open(self, path: str, digest: str) -> BinaryIO:  # noqa: ARG002
        try:
            return open_inside(self.folder, path)
        except NotReadable as error:
            kind = "missing-file" if isinstance(error, MissingFile) else "unreadable-file"
            raise damaged(self.folder, path, kind, error.message) from error


def release_in(
    folder: Path, pin: Pin | None = None, signers: Signers | None = None
) -> LocalRelease:
    """The version that stands in `folder`, by what it says of itself, without a catalog.

    Args:
        folder: a version's folder.
        pin: the version and digest that it must have.
        signers: as for `open_store`.

    Raises:
        NotVerified: it is not whole in what says what it is, or another version.
    """
    try:
        data = read_sums(folder)
    except NotReadable as error:
        raise damaged(folder, SUMS_NAME, "missing-file", error.message) from error
    found = hashlib.sha256(data).hexdigest()
    sums = proved_sums(data, found if pin is None else str(pin.sums_sha256), folder)
    try:
        record_data = read_bytes(folder, RECORD_NAME, CAP)
    except NotReadable as error:
        raise damaged(folder, RECORD_NAME, "missing-file", error.message) from error
    record = proved_record(record_data, pin.version if pin else None, folder)
    if sums.get(RECORD_NAME) != hashlib.sha256(record_data).hexdigest():
        note = f"it is not the one that {SUMS_NAME} lists"
        raise damaged(folder, RECORD_NAME, "changed-file", note)
    return LocalRelease(entry_of(record, record_data, found), folder, signers)


def with_withdrawal(release: LocalRelease, store: Path) -> LocalRelease:
    """The same version, marked as withdrawn where the catalog of its store says so.

    A version that is named with its digest needs no catalog: one that can't be read is none.
    """
    with suppress(NotReadable):
        entry = read_catalog(store).entry(release.version)
        if entry == release.entry:
            return replace(release, entry=entry)
    return release


@dataclass(frozen=True, slots=True)
class LocalStore:
    """A folder of versions, as its catalog lists them."""

    folder: Path
    listing: Catalog
    signers: Signers | None = None

    @property
    def place(self) -> Path:
        """The folder."""
        return self.folder

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
        """Whether the store could not be asked: a folder always can."""
        return False

    def release(self, version: str | Version | None = None) -> LocalRelease:
        """The version of this name; without one, the newest that is no pre-release.

        Raises:
            WrongCall: there is no such version.
            NotVerified: it is there, and not of the digest that the name holds.
        """
        pin = None if version is None else parse_pin(version)
        entry = listed(self.listing, pin, self.folder)
        release = LocalRelease(entry, self.folder / entry.version.folder, self.signers)
        if pin is not None:
            require_pinned(release, pin)
        return release

    def resolve(self, version: str | Version | None = None) -> Path:
        """The verified folder of a version. Raises as `release` and `Release.verified` do."""
        return self.release(version).verified()


def listed(catalog: Catalog, pin: Pin | None, place: Path | str) -> Entry:
    """The entry of a version; without a pin, of the newest that is no pre-release.

    Raises:
        WrongCall: there is no such version.
    """
    entry = catalog.newest if pin is None else catalog.entry(pin.version)
    if entry is None:
        numbers = [str(each.version) for each in catalog.entries]
        if pin is None:
            raise WrongCall(f'no version is published in "{place}" yet')
        raise WrongCall(
            f"there is no version {pin.version}.{did_you_mean(str(pin.version), numbers)}",
            hint=f"versions are {', '.join(numbers)}",
        )
    return entry


def require_pinned(release: Release, pin: Pin) -> None:
    """Refuse a version that is not of the digest that was asked for. Raises NotVerified."""
    found = release.entry.link.sums_sha256
    if pin.sums_sha256 not in {None, found}:
        note = f"sha256 {pin.sums_sha256} was asked for, and it has {found}"
        raise damaged(release.place, SUMS_NAME, "other-content", note)


def open_local(folder: Path, signers: Signers | None = None) -> LocalStore:
    """The store in a local folder.

    Raises:
        NothingFound: the folder does not exist, or holds no catalog.
        NotVerified: the catalog is damaged.
        NotReadable: it can't be read.
    """
    if not folder.is_dir():
        raise NothingFound(
            folder, f'there is no store at "{folder}"', hint="check the path for typos"
        )
    try:
        return LocalStore(folder, read_catalog(folder), signers)
    except MissingFile as error:
        raise NothingFound(
            folder,
            f'no version is published in "{folder}": it has no {CATALOG_NAME}',
            hint="publish one with rekodiq-data release",
        ) from error
    except BadText as error:
        raise damaged(folder, CATALOG_NAME, "not-canonical", error.message) from error
