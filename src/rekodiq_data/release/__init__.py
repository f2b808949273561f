"""Publish an immutable version into a store: whole or not at all.

Under the store's lock: what a killed run left is cleared and completed; the version is staged
in the store itself, so that one rename can publish it; every file and folder is on the disk
before that; and only then do the catalog and, last, the pointer move.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rekodiq_data.catalog import STAGING_NAME
from rekodiq_data.descriptor import open_package
from rekodiq_data.digest.sums import SIGNATURE_NAME, SUMS_NAME
from rekodiq_data.errors import MissingFile, NothingFound, ReleaseRefused, WrongCall
from rekodiq_data.files import durable
from rekodiq_data.files.gate import read_bytes
from rekodiq_data.files.texts import DESCRIPTOR_CAP
from rekodiq_data.progress import Progress, silent
from rekodiq_data.release.conditions import Origin, require_honest_step, require_origin
from rekodiq_data.release.publish import publish
from rekodiq_data.release.recovery import completed_catalog, recover
from rekodiq_data.signing import PrivateKey, read_private_key
from rekodiq_data.staging import CHANGELOG_NAME, draft_of
from rekodiq_data.verify.contents import BUILD_NAME, DESCRIPTOR_NAME
from rekodiq_data.verify.folders import prove
from rekodiq_data.versions import Version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from rekodiq_data.catalog import Catalog
    from rekodiq_data.diff import Step
    from rekodiq_data.verify.contents import Content

__all__ = ["Released", "release"]

_PROJECT_FOLDERS = ("datapackage", "schemas")


@dataclass(frozen=True, slots=True)
class Released:
    """A version that is published (or, after a dry run, that would be).

    Attributes:
        version: its number.
        folder: where it stands in the store.
        content_digest: what it says (`sha256:...`), independent of how its files are written.
        tables: content digest of each table.
        previous: the version before it, None for the first.
        is_new: False where the same content was published under this number already.
        dry_run: whether nothing was written.
        step: the least honest step since `base`; None where there is none to compare with, or
            nothing is new.
        base: the version that it was compared with.
        origin: which commit it was built from, and whether that is all.
        signed_with: fingerprint of the key that signed it now.
        is_signed: whether it has a signature, of whomever; False after a dry run of a new one.
        follows_signed: whether the version before it has one.
    """

    version: str
    folder: Path
    content_digest: str
    tables: Mapping[str, str]
    previous: str | None
    is_new: bool
    dry_run: bool
    step: Step | None = None
    base: str | None = None
    origin: Origin | None = None
    signed_with: str | None = None
    is_signed: bool = False
    follows_signed: bool = False


def release(
    path: Path | str,
    store: Path | str,
    version: str | None = None,
    dry_run: bool = False,
    *,
    csv: bool = True,
    jobs: int = 1,
    key: PrivateKey | Path | str | None = None,
    passphrase: Callable[[], str] | None = None,
    allow_dirty: bool = False,
    progress: Progress = silent,
) -> Released:
    """Publish the data at `path` as one version of `store`.

    Args:
        path: a built package (or a version of another store), which is verified first; or a
            project, which is judged and built first.
        store: the folder of versions; made if it is not there.
        version: the number. It sets that of a project, and must be that of a package.
        dry_run: say what would be published, and leave the store as it is.
        csv: whether a project is built with its canonical CSV package.
        jobs: how many tables of a project are read at once.
        key: signs the version (an OpenSSH file, ed25519); without one it is unsigned.
        passphrase: asked for the passphrase of a locked key file.
        allow_dirty: take data that was built from uncommitted files, or outside of any
            repository, so that nobody can rebuild it from a commit.
        progress: told the rows of a project that were built.

    Returns:
        The version, published and on the disk. Where this number holds the same content
        already, nothing is written.

    Raises:
        ReleaseRefused: the number is used for other content, is not above the newest one, or is
            a smaller step than what changed allows; the data is not that of a commit; the store
            holds another package or is damaged.
        InvalidData: the project breaks its rules.
        NotVerified: the package, or a version that waits to be listed, is not what was built.
        WrongCall: the number is malformed, missing, or not the package's own; `store` is not
            a store; `key` can't sign.
        NothingFound: `path` does not exist or holds nothing known.
        OSError: the disk is full or can't be written. The store is as it was, or holds the
            version whole; the next run completes it.
    """
    path, store = Path(path), Path(store)
    number = None if version is None else _number(version)
    if not path.exists():
        raise NothingFound(path, f'"{path}" does not exist', hint="check the path for typos")
    _require_store(store, path)
    if key is not None and not isinstance(key, PrivateKey):
        key = read_private_key(key, passphrase)
    step, base, signed_with = None, None, None
    with _catalog_and_staging(store, dry_run=dry_run) as (catalog, staging):
        source = path if _is_built(path) else staging / "package"
        if source is not path:
            # Building needs the judge and its libraries; a built package does without them.
            from rekodiq_data.build import build

            stated = None if number is None else str(number)
            build(path, source, csv=csv, jobs=jobs, version=stated, progress=progress)
        proof = prove(source).require()
        content = proof.content
        if content is None:
            raise AssertionError("a valid proof has a content")
        number = _agreed_number(number, content)
        is_new = _is_new(number, content, catalog)
        origin = Origin.of(source)
        if is_new:
            require_origin(origin, allow_dirty=allow_dirty)
            draft = draft_of(proof, content, number, catalog, store, _changelog_of(path))
            if draft.changes is not None and draft.base is not None:
                step, base = draft.changes.step, str(draft.base)
                require_honest_step(step, draft.base, number)
            if not dry_run:
                publish(draft, catalog, staging, store, key)
                signed_with = key.fingerprint if key else None
    before = catalog.before(number)
    return Released(
        version=str(number),
        folder=store / number.folder,
        content_digest=content.digests.package,
        tables=content.digests.tables,
        previous=str(before.version) if before else None,
        is_new=is_new,
        dry_run=dry_run,
        step=step,
        base=base,
        origin=origin,
        signed_with=signed_with,
        is_signed=_is_signed(store, number),
        follows_signed=before is not None and _is_signed(store, before.version),
    )


def _is_signed(store: Path, number: Version) -> bool:
    return (store / number.folder / SIGNATURE_NAME).is_file()


@contextmanager
def _catalog_and_staging(store: Path, *, dry_run: bool) -> Iterator[tuple[Catalog, Path]]:
    """The catalog as it is before the release, and a folder to work in that is then removed."""
    if dry_run:
        with tempfile.TemporaryDirectory(prefix="rekodiq-data-") as folder:
            yield completed_catalog(store), Path(folder)
        return
    durable.make_folder(store)
    with durable.lock(store):
        catalog = recover(store)
        staging = store / STAGING_NAME
        try:
            durable.make_folder(staging)
            yield catalog, staging
        except BaseException:
            # Whatever stopped us is what is told; the next run clears what stays here.
            with suppress(OSError):
                durable.remove_tree(staging)
            raise
        durable.remove_tree(staging)


def _number(text: str) -> Version:
    try:
        return Version.parse(text)
    except ValueError as error:
        raise WrongCall(str(error)) from error


def _require_store(store: Path, path: Path) -> None:
    """Refuse a folder that is something else than a store, or could not be one."""
    if store.exists() and not store.is_dir():
        raise WrongCall(f'"{store}" is not a folder', hint="name a folder that holds versions")
    foreign = (SUMS_NAME, DESCRIPTOR_NAME, *_PROJECT_FOLDERS)
    for name in foreign:
        if (store / name).exists():
            raise WrongCall(
                f'"{store}" is not a store: it holds "{name}"',
                hint="name a folder of its own, such as datapackage/releases",
            )
    if _is_built(path) and store.resolve().is_relative_to(path.resolve()):
        raise WrongCall(
            f'the store "{store}" is inside the package that is to be released',
            hint="name a folder outside of it",
        )


def _is_built(path: Path) -> bool:
    """Whether `path` is a built package, damaged or not, rather than one to be built."""
    return (path / SUMS_NAME).exists() or (path / BUILD_NAME).exists()


def _changelog_of(path: Path) -> bytes | None:
    """The changelog of the project at or above `path`; None where that is a package."""
    if _is_built(path):
        return None
    base = open_package(path).base
    try:
        return read_bytes(base, CHANGELOG_NAME, DESCRIPTOR_CAP)
    except MissingFile:
        return None


def _agreed_number(number: Version | None, content: Content) -> Version:
    """The package's own number, which is the one that was asked for."""
    if content.version is None:
        raise WrongCall(
            "the package does not state its version", hint='state it, such as "version: 1.0.0"'
        )
    stated = _number(content.version)
    if number is not None and number != stated:
        raise WrongCall(
            f"the package is version {stated}, not {number}",
            hint="leave the number out, or build the package with the other one",
        )
    return stated


def _is_new(number: Version, content: Content, catalog: Catalog) -> bool:
    """Whether this version is to be published; False where it is already.

    Raises:
        ReleaseRefused: it may not be.
    """
    if catalog.entries and catalog.name != content.name:
        raise ReleaseRefused(
            f'the store holds the package "{catalog.name}", not "{content.name}"',
            hint="name another store",
        )
    entry = catalog.entry(number)
    if entry is not None:
        if entry.content_digest == content.digests.package:
            return False
        raise ReleaseRefused(
            f"{number} is published with other content, and versions never change:\n"
            f"  published {entry.content_digest}\n"
            f"  now       {content.digests.package}",
            hint="release under a higher number",
        )
    if catalog.entries and number < catalog.entries[0].version:
        raise ReleaseRefused(
            f"{number} is below the newest version, {catalog.entries[0].version}",
            hint="release under a higher number",
        )
    return True
