"""From what the user names (or leaves out) to a store, and to a version in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from rekodiq_data.descriptor.projects import PACKAGE_FOLDER, PROJECT_FILE
from rekodiq_data.errors import NothingFound, WrongCall
from rekodiq_data.store.address import is_remote, parse_address
from rekodiq_data.store.cache import Cache, default_folder
from rekodiq_data.store.environment import read_environment
from rekodiq_data.store.local import (
    LocalStore,
    open_local,
    release_in,
    require_pinned,
    with_withdrawal,
)
from rekodiq_data.store.pins import parse_pin
from rekodiq_data.store.remote import RemoteStore
from rekodiq_data.store.source import Limits
from rekodiq_data.store.trust import trusted

if TYPE_CHECKING:
    from rekodiq_data.store.local import LocalRelease
    from rekodiq_data.store.release import Release
    from rekodiq_data.store.trust import Signers
    from rekodiq_data.versions import Version

Store: TypeAlias = LocalStore | RemoteStore

STORE_FOLDER = "releases"
PACKAGED = Path(__file__).parents[1] / "_data"
_DEFAULT_LIMITS = Limits()


def open_store(
    store: Path | str,
    *,
    cache: Path | str | None = None,
    signers: Signers | Path | str | None = None,
    allow_older: bool = False,
    limits: Limits = _DEFAULT_LIMITS,
) -> Store:
    """The store in a folder or at an address.

    Args:
        store: a folder, or an address that begins with https:// or s3:// (http:// on this
            machine alone).
        cache: where downloaded files are kept; by default where the platform keeps such.
        signers: the keys that are trusted, or the allowed-signers file that lists them; without
            them, versions need not be signed.
        allow_older: take a store that lists less than was seen of it before.
        limits: how long a store on the network may take.

    Raises:
        NothingFound: the folder does not exist, or holds no catalog.
        NotVerified: the catalog is damaged.
        NotReadable: it can't be read.
        WrongCall: the address is not one of these.
    """
    signers = trusted(signers)
    if isinstance(store, Path) or not is_remote(store):
        return open_local(Path(store), signers)
    address = parse_address(store)
    kept = Cache(default_folder() if cache is None else Path(cache))
    if address.scheme == "s3":
        from rekodiq_data.store.s3 import S3Source

        source = S3Source(address, limits)
        return RemoteStore(source, kept, limits, signers, allow_older=allow_older)
    from rekodiq_data.store.http import HttpSource

    return RemoteStore(
        HttpSource(address, limits), kept, limits, signers, allow_older=allow_older
    )


def open_release(
    version: str | Version | None = None,
    *,
    store: Path | str | None = None,
    project: Path | str | None = None,
    cache: Path | str | None = None,
    signers: Signers | Path | str | None = None,
    allow_older: bool = False,
    limits: Limits = _DEFAULT_LIMITS,
) -> Release:
    """One published version: its record, its files, a verified folder of it.

    Args:
        version: a number such as "1.2.0"; a number with a digest, `1.2.0@sha256:...`, which
            needs no catalog and no trust; by default the newest that is no pre-release.
        store: a folder or an address. By default the first of these that is there: the store of
            `project`; the one that `REKODIQ_DATA_STORE` names; the store of the project at or
            above the working directory; the version that came with this installation.
        project: the project whose store is used.
        cache: as for `open_store`.
        signers: as for `open_store`.
        allow_older: as for `open_store`.
        limits: as for `open_store`.

    Raises:
        WrongCall: there is no such version.
        NothingFound: there is no store.
        NotVerified: the version is not what the catalog or its name says.
        Unreachable: the store does not answer.
    """
    if store is not None and project is not None:
        raise WrongCall("a store and a project were named", hint="name one of them")
    signers = trusted(signers)
    named = default_store(project) if store is None else store
    if named is None:
        return packaged_release(version, signers)
    if version is not None and (isinstance(named, Path) or not is_remote(named)):
        pin = parse_pin(version)
        if pin.sums_sha256 is not None:
            folder = Path(named) / pin.version.folder
            return with_withdrawal(release_in(folder, pin, signers), Path(named))
    opened = open_store(
        named, cache=cache, signers=signers, allow_older=allow_older, limits=limits
    )
    return opened.release(version)


def packaged_release(
    version: str | Version | None = None, signers: Signers | None = None
) -> LocalRelease:
    """The version that came with this installation.

    Raises:
        NothingFound: none came with it.
        WrongCall: it is another version.
        NotVerified: it is damaged.
    """
    if not PACKAGED.is_dir():
        raise NothingFound(
            PACKAGED,
            f'no project is at or above "{Path.cwd()}", and no data came with this'
            " installation",
            hint="name a store, such as path/to/releases or https://...",
        )
    release = release_in(PACKAGED, signers=signers)
    if version is not None:
        pin = parse_pin(version)
        if pin.version != release.version:
            raise WrongCall(
                f"this installation came with version {release.version}, not {pin.version}",
                hint="name a store that has it",
            )
        require_pinned(release, pin)
    return release


def default_store(project: Path | str | None = None) -> Path | str | None:
    """The store for somebody who names none; None where it is the installation's own."""
    if project is not None:
        found = project_store(Path(project).resolve())
        if found is None:
            raise NothingFound(
                project, f'no project is at or above "{project}"', hint="name a store"
            )
        return found
    return read_environment().store or project_store(Path.cwd())


def project_store(start: Path) -> Path | None:
    """The store of the nearest project at or above `start`; None where there is no project."""
    for folder in (start, *start.parents):
        if (folder / PACKAGE_FOLDER / PROJECT_FILE).is_file():
            return folder / PACKAGE_FOLDER / STORE_FOLDER
    return None
