"""A store of versions: which there are, and a version's name to a verified local folder."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rekodiq_data.catalog import CATALOG_NAME, Catalog, Entry, read_catalog
from rekodiq_data.digest.sums import SUMS_NAME, parse_sums, read_sums
from rekodiq_data.errors import BadText, MissingFile, NothingFound, NotReadable, WrongCall
from rekodiq_data.files.gate import open_inside
from rekodiq_data.suggest import did_you_mean
from rekodiq_data.verify.findings import damaged
from rekodiq_data.verify.folders import prove
from rekodiq_data.versions import Version

if TYPE_CHECKING:
    from rekodiq_data.digest.sums import Sums

__all__ = ["Release", "Store", "open_store"]


@dataclass(frozen=True, slots=True)
class Release:
    """One version in a store: what the catalog says of it, and its folder."""

    entry: Entry
    folder: Path

    @property
    def version(self) -> Version:
        """Its number."""
        return self.entry.version

    def sums(self) -> Sums:
        """What its SHA256SUMS lists.

        Raises:
            NotVerified: the file is missing, or not the one that the catalog names.
        """
        try:
            data = read_sums(self.folder)
        except NotReadable as error:
            raise damaged(self.folder, SUMS_NAME, "missing-file", error.message) from error
        found = hashlib.sha256(data).hexdigest()
        expected = self.entry.link.sums_sha256
        if found != expected:
            raise damaged(
                self.folder,
                SUMS_NAME,
                "changed-file",
                f"the catalog names sha256 {expected}, found {found}",
            )
        try:
            return parse_sums(data)
        except BadText as error:
            note = f"line {error.line}: {error.message}"
            raise damaged(self.folder, SUMS_NAME, "not-canonical", note) from error

    def read(self, path: str, sums: Sums, cap: int) -> bytes:
        """The bytes of its file `path`, which are those that were released.

        Args:
            path: relative to the version's folder.
            sums: as `sums` gave them.
            cap: how many bytes it has at most.

        Raises:
            NotVerified: the file is missing, not listed, or its bytes are others.
        """
        if path not in sums:
            raise damaged(self.folder, path, "extra-file", f"it is not listed in {SUMS_NAME}")
        try:
            with open_inside(self.folder, path) as stream:
                if os.fstat(stream.fileno()).st_size > cap:
                    note = f"it is larger than {cap:,} bytes"
                    raise damaged(self.folder, path, "changed-file", note)
                data = stream.read()
        except NotReadable as error:
            kind = "missing-file" if isinstance(error, MissingFile) else "unreadable-file"
            raise damaged(self.folder, path, kind, error.message) from error
        found = hashlib.sha256(data).hexdigest()
        if found != sums[path]:
            raise damaged(
                self.folder,
                path,
                "changed-file",
                f"{SUMS_NAME} lists sha256 {sums[path]}, found {found}",
            )
        return data

    def verified(self) -> Path:
        """Its folder, after every byte in it was found to be the released one.

        Raises:
            NotVerified: something is missing, extra or changed; the report names each file.
        """
        self.sums()
        return prove(self.folder, str(self.version), with_content=False).require().folder


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of versions, as its catalog lists them."""

    folder: Path
    listing: Catalog

    @property
    def catalog(self) -> dict[str, Any]:
        """The catalog as JSON."""
        return self.listing.to_dict()

    @property
    def versions(self) -> tuple[Entry, ...]:
        """All versions, the newest first."""
        return self.listing.entries

    def release(self, version: str | Version | None = None) -> Release:
        """The version with this number; without one, the newest that is no pre-release.

        Raises:
            WrongCall: there is no such version.
        """
        entry = self.listing.newest if version is None else self._entry(version)
        if entry is None:
            numbers = [str(each.version) for each in self.versions]
            if version is None:
                raise WrongCall(f'no version is published in "{self.folder}" yet')
            raise WrongCall(
                f"there is no version {version}.{did_you_mean(str(version), numbers)}",
                hint=f"versions are {', '.join(numbers)}",
            )
        return Release(entry, self.folder / entry.version.folder)

    def resolve(self, version: str | Version | None = None) -> Path:
        """The verified folder of a version. Raises as `release` and `Release.verified` do."""
        return self.release(version).verified()

    def _entry(self, version: str | Version) -> Entry | None:
        if isinstance(version, str):
            try:
                version = Version.parse(version)
            except ValueError as error:
                raise WrongCall(str(error)) from error
        return self.listing.entry(version)


def open_store(folder: Path | str) -> Store:
    """The store in a local folder.

    Raises:
        NothingFound: the folder does not exist, or holds no catalog.
        NotVerified: the catalog is damaged.
        NotReadable: it can't be read.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise NothingFound(
            folder, f'there is no store at "{folder}"', hint="check the path for typos"
        )
    try:
        return Store(folder, read_catalog(folder))
    except MissingFile as error:
        raise NothingFound(
            folder,
            f'no version is published in "{folder}": it has no {CATALOG_NAME}',
            hint="publish one with rekodiq-data release",
        ) from error
    except BadText as error:
        raise damaged(folder, CATALOG_NAME, "not-canonical", error.message) from error
