"""Writing the next version's entry into a project's `datapackage/CHANGELOG.md`."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rekodiq_data.compare.named import local_package, project_at
from rekodiq_data.descriptor import open_package
from rekodiq_data.descriptor.projects import PACKAGE_FOLDER
from rekodiq_data.diff import changelog_entry, diff, first_entry
from rekodiq_data.diff.entries import Outcome, with_entry
from rekodiq_data.errors import MissingFile, NothingFound, NotReadable, WrongCall
from rekodiq_data.files.durable import write_file
from rekodiq_data.files.gate import read_bytes
from rekodiq_data.files.texts import DESCRIPTOR_CAP
from rekodiq_data.store import open_store
from rekodiq_data.versions import Version

if TYPE_CHECKING:
    from rekodiq_data.diff import Step
    from rekodiq_data.store import Release

CHANGELOG_NAME = "CHANGELOG.md"


@dataclass(frozen=True, slots=True)
class Written:
    """What `write_changelog` did.

    Attributes:
        path: the changelog.
        outcome: whether the entry was `added`, a computed one `replaced`, the same entry stood
            there, an entry that people `edited` was left as it is, or there was `nothing` to
            tell, since nothing changed.
        version: the number of the entry.
        stated: the number that the project states.
        previous: the version that the data was compared with, None for a first version.
        step: the least honest step, None for a first version.
        entry: the computed entry, without its mark.
    """

    path: Path
    outcome: Outcome
    version: str
    stated: str | None
    previous: str | None
    step: Step | None
    entry: str


def write_changelog(
    path: Path | str, store: Path | str, *, version: str | None = None, limit: int = 100
) -> Written:
    """Write the entry of the next version, computed from what changed since the newest one.

    Running it again changes nothing, or replaces the entry where the data has changed since. An
    entry with any edited word stays as it is.

    Args:
        path: a project, or anything in it.
        store: the folder of versions.
        version: the number of the entry; by default the one that the project states, where that
            is above the newest version, else the least honest one.
        limit: how many records and cells are listed for each table; 0 lists all.

    Raises:
        InvalidData: the project breaks its rules.
        NothingFound: there is no project at `path`.
        NotReadable: the changelog, or a table, can't be read.
        NotVerified: the newest version is damaged.
        WrongCall: `version` is no version number.
    """
    project = project_at(Path(path))
    newest = _newest(Path(store))
    with tempfile.TemporaryDirectory(prefix="rekodiq-data-") as folder:
        package = local_package(str(project), Path(folder))
        stated = open_package(package).version
        if newest is None:
            number = _number(version or stated or "1.0.0")
            entry, step, nothing = first_entry(package, str(number)), None, False
        else:
            changes = diff(newest.verified(), package, limit=limit)
            step, nothing = changes.step, changes.is_empty
            number = _next(version, stated, newest.version, step)
            entry = changelog_entry(changes, str(number))
    target = project / PACKAGE_FOLDER / CHANGELOG_NAME
    outcome = Outcome.NOTHING if nothing else _write(target, str(number), entry)
    return Written(
        path=target,
        outcome=outcome,
        version=str(number),
        stated=stated,
        previous=str(newest.version) if newest else None,
        step=step,
        entry=entry,
    )


def _newest(store: Path) -> Release | None:
    """The newest version, None where nothing is published yet."""
    try:
        listing = open_store(store)
    except NothingFound:
        return None
    return listing.release() if listing.versions else None


def _next(version: str | None, stated: str | None, newest: Version, step: Step) -> Version:
    """The number of the entry."""
    if version is not None:
        return _number(version)
    if stated is not None and _number(stated) > newest:
        return _number(stated)
    return step.next(newest)


def _number(text: str) -> Version:
    try:
        return Version.parse(text)
    except ValueError as error:
        raise WrongCall(str(error)) from error


def _write(target: Path, version: str, entry: str) -> Outcome:
    try:
        text = read_bytes(target.parent, target.name, DESCRIPTOR_CAP).decode()
    except MissingFile:
        text = ""
    except UnicodeDecodeError as error:
        raise NotReadable(target, f'"{target}" is not UTF-8 text') from error
    text, outcome = with_entry(text, version, entry)
    if outcome in {Outcome.ADDED, Outcome.REPLACED}:
        write_file(target, text.encode())
    return outcome
