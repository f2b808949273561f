"""Writing the next version's entry into a project's `datapackage/CHANGELOG.md`.

What was computed is marked with its own digest, so that a later run can tell its own words,
which it may replace, from words that people edited, which it never touches.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from rekodiq_data.compare.named import local_package, project_at
from rekodiq_data.descriptor import open_package
from rekodiq_data.descriptor.projects import PACKAGE_FOLDER
from rekodiq_data.diff import changelog_entry, diff, first_entry
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
_TITLE = "# History of the data\n"
_MARK = re.compile(r"\n*<!-- computed from the data, ([0-9a-f]{16})[^\n]*-->\n*")
_HEADING = re.compile(r"^## +v?(\S+)", re.MULTILINE)


class Outcome(StrEnum):
    """What became of an entry."""

    ADDED = "added"
    REPLACED = "replaced"
    SAME = "same"
    EDITED = "edited"
    NOTHING = "nothing"


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


def with_entry(text: str, version: str, entry: str) -> tuple[str, Outcome]:
    """A changelog with the computed entry of a version in it, and what became of the entry.

    Args:
        text: the changelog, newest version first; may be empty.
        version: the number.
        entry: as `changelog_entry` gives it.
    """
    marked = _marked(entry)
    headings = list(_HEADING.finditer(text))
    for at, heading in enumerate(headings):
        if heading[1] != version:
            continue
        end = headings[at + 1].start() if at + 1 < len(headings) else len(text)
        section = text[heading.start() : end]
        if section.strip() == marked.strip():
            return text, Outcome.SAME
        mark = _MARK.search(section)
        rest = section[mark.end() :] if mark else ""
        if mark is None or rest.strip() or _digest(section[: mark.start()]) != mark[1]:
            return text, Outcome.EDITED
        tail = "\n" if end < len(text) else ""
        return text[: heading.start()] + marked + tail + text[end:], Outcome.REPLACED
    if not headings:
        return f"{(text or _TITLE).rstrip()}\n\n{marked}", Outcome.ADDED
    start = headings[0].start()
    return f"{text[:start]}{marked}\n{text[start:]}", Outcome.ADDED


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


def _marked(entry: str) -> str:
    return (
        f"{entry.rstrip()}\n\n<!-- computed from the data, {_digest(entry)}; "
        "once a word above is edited, it stays as it is -->\n"
    )


def _digest(entry: str) -> str:
    return hashlib.sha256(entry.strip().encode()).hexdigest()[:16]
