"""What a version has beside its package: what changed, in numbers and in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rekodiq_data.catalog import RECORD_NAME
from rekodiq_data.diff import DEFAULT_LIMIT, changelog_entry, diff, first_changes, first_entry
from rekodiq_data.diff.entries import with_entry
from rekodiq_data.errors import MissingFile, NotReadable
from rekodiq_data.files.gate import read_bytes
from rekodiq_data.files.texts import DESCRIPTOR_CAP
from rekodiq_data.verify.folders import prove

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rekodiq_data.catalog import Catalog, Entry, Link
    from rekodiq_data.diff import Changes, TableChanges
    from rekodiq_data.verify.contents import Content
    from rekodiq_data.verify.folders import Proof
    from rekodiq_data.versions import Version

CHANGELOG_NAME = "CHANGELOG.md"
DIFF_NAME = "diff.json"
# Records and cells that diff.json lists for each table: far more than one version of a table
# that people keep by hand will change, and few enough to hold.
KEPT = 10_000
# What the folder of a version gets anew, even where the package comes from another store.
OWN_FILES = frozenset({RECORD_NAME, DIFF_NAME, CHANGELOG_NAME})


@dataclass(frozen=True, slots=True)
class Draft:
    """A version that is to be staged.

    Attributes:
        source: the package, proved.
        content: what it says.
        version: its number.
        previous: the newest version in the store before it, None for the first.
        base: the version that it is compared with, None where there is none.
        changes: what changed since that.
        files: the bytes of its files that are not the package's, but for `release.json`.
    """

    source: Proof
    content: Content
    version: Version
    previous: Link | None
    base: Version | None
    changes: Changes | None
    files: Mapping[str, bytes]


def base_of(catalog: Catalog, version: Version) -> Entry | None:
    """The version that this one has to be honest about: the newest before it that is finished.

    A pre-release promises nothing, so that one counts only where no version is finished yet.
    """
    before = [each for each in catalog.entries if each.version < version]
    return next((each for each in before if not each.version.prerelease), None) or next(
        iter(before), None
    )


def draft_of(
    source: Proof,
    content: Content,
    version: Version,
    catalog: Catalog,
    store: Path,
    changelog: bytes | None = None,
) -> Draft:
    """The version that a package becomes after those in a catalog.

    Args:
        source: the package, proved.
        content: what it says.
        version: its number.
        catalog: the versions of the store, of which those below this one count.
        store: where they are.
        changelog: the project's CHANGELOG.md. Without one, that of the version before is
            continued. Where it has no entry for this version, the computed entry is put in.

    Raises:
        NotVerified: the version to compare with is damaged.
        NotReadable: the changelog is not UTF-8 text.
    """
    previous, base = catalog.before(version), base_of(catalog, version)
    changes, folder = None, None
    if base is not None:
        folder = store / base.version.folder
        prove(folder, str(base.version), with_content=False).require()
        changes = diff(folder, source.folder, limit=KEPT)
    told = first_changes(source.folder) if changes is None else changes
    text = json.dumps(told.to_dict(), ensure_ascii=False, indent=2) + "\n"
    files = {
        CHANGELOG_NAME: _changelog(source.folder, version, folder, changes, changelog),
        DIFF_NAME: text.encode(),
    }
    return Draft(
        source=source,
        content=content,
        version=version,
        previous=previous.link if previous else None,
        base=base.version if base else None,
        changes=changes,
        files=files,
    )


def _changelog(
    package: Path,
    version: Version,
    before: Path | None,
    changes: Changes | None,
    stated: bytes | None,
) -> bytes:
    if stated is None and before is not None:
        try:
            stated = read_bytes(before, CHANGELOG_NAME, DESCRIPTOR_CAP)
        except MissingFile:
            stated = None
    try:
        text = (stated or b"").decode()
    except UnicodeDecodeError as error:
        raise NotReadable(CHANGELOG_NAME, f'"{CHANGELOG_NAME}" is not UTF-8 text') from error
    number = str(version)
    if changes is None or before is None:
        entry = first_entry(package, number)
    else:
        if any(_is_long(table) for table in changes.tables):
            # Words for people: as many as `rekodiq-data changelog` writes.
            changes = diff(before, package)
        entry = changelog_entry(changes, number)
    return with_entry(text, number, entry)[0].encode()


def _is_long(table: TableChanges) -> bool:
    rows = table.rows
    filled = (each.total for each in (*table.filled, *table.emptied))
    return max(rows.added, rows.removed, *table.cells.values(), *filled) > DEFAULT_LIMIT
