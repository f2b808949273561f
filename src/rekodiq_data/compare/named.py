"""A package by name: a folder, a version of a store, or a revision of the project.

| name | package |
|---|---|
| a folder or descriptor | that package; a built one is verified first, a project is built |
| a store's folder | its newest version, verified |
| STORE@1.2.0 | that version of that store, verified |
| https://..., s3://... | the same of a store at that address, downloaded |
| 1.2.0, newest | a version of the store that was named beside |
| git:REV | the project as it was at a revision, built |
"""

from __future__ import annotations

from pathlib import Path

from rekodiq_data.catalog import CATALOG_NAME
from rekodiq_data.descriptor import open_package
from rekodiq_data.descriptor.model import Kind
from rekodiq_data.descriptor.projects import PACKAGE_FOLDER, SCHEMA_FOLDER, is_project
from rekodiq_data.digest.sums import SUMS_NAME
from rekodiq_data.errors import NothingFound
from rekodiq_data.repository import export
from rekodiq_data.store import is_remote, open_store
from rekodiq_data.verify.contents import BUILD_NAME
from rekodiq_data.verify.folders import prove
from rekodiq_data.versions import Version

REVISION = "git:"
NEWEST = "newest"
_RELEASES = f":(exclude){PACKAGE_FOLDER}/releases"


def local_package(
    name: str, scratch: Path, *, store: Path | str | None = None, project: Path | None = None
) -> Path:
    """The local folder of the package that `name` means.

    Args:
        name: see the table above. What exists as a path is taken as a path.
        scratch: an empty folder to build in, which the caller removes.
        store: whose versions may be named by their number alone.
        project: whose revisions are meant; by default the nearest one at or above the working
            directory.

    Raises:
        NothingFound: `name` means nothing that exists.
        WrongCall: there is no such version or revision.
        NotVerified: a built package or a version is not what was built or released.
        InvalidData: a project, or a revision of it, breaks its rules.
        NotReadable: a file can't be read.
        Unreachable: the store at an address does not answer.
    """
    if name.startswith(REVISION):
        return _revision(project_at(project), name.removeprefix(REVISION), scratch)
    path = Path(name)
    if path.exists():
        return _at(path, scratch)
    if is_remote(name):
        place, at, version = name.partition("@")
        return open_store(place).resolve(version if at and version != NEWEST else None)
    place, at, version = name.rpartition("@")
    if at and Path(place).is_dir():
        return open_store(place).resolve(None if version == NEWEST else version)
    if store is not None and (name == NEWEST or _is_version(name)):
        return open_store(store).resolve(None if name == NEWEST else name)
    hint = "name a folder, STORE@1.2.0 or git:REVISION"
    if name == NEWEST or _is_version(name):
        hint = "say which store it is in: --store FOLDER or ADDRESS"
    raise NothingFound(name, f'"{name}" is no package', hint=hint)


def project_at(path: Path | None = None) -> Path:
    """The folder of the project at or above `path` (the working directory).

    Raises:
        NothingFound: there is none.
    """
    start = Path.cwd() if path is None else path.resolve()
    for folder in (start, *start.parents):
        if is_project(folder):
            return folder
    raise NothingFound(
        start,
        f'no project is at or above "{start}"',
        hint=f"a project holds {PACKAGE_FOLDER}/package.yaml and {SCHEMA_FOLDER}/",
    )


def _is_version(name: str) -> bool:
    try:
        Version.parse(name)
    except ValueError:
        return False
    return True


def _at(path: Path, scratch: Path) -> Path:
    if (path / CATALOG_NAME).is_file():
        return open_store(path).resolve()
    if (path / SUMS_NAME).exists() or (path / BUILD_NAME).exists():
        # Bytes as stated are enough: what they say is compared here anyway.
        return prove(path, with_content=False).require().folder
    if open_package(path).kind is Kind.PROJECT:
        return _built(path, scratch)
    return path


def _revision(project: Path, revision: str, scratch: Path) -> Path:
    source = scratch / "revision"
    source.mkdir()
    # The published versions are no part of what a revision says, and may be large.
    export(project, revision, [PACKAGE_FOLDER, SCHEMA_FOLDER, _RELEASES], source)
    return _built(source, scratch)


def _built(project: Path, scratch: Path) -> Path:
    # The judge and its libraries are needed for projects alone.
    from rekodiq_data.build import build

    target = scratch / "package"
    build(project, target, csv=False)
    return target
