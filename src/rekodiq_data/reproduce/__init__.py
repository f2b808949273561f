"""Make a published version once more from its commit, and compare every byte."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rekodiq_data.about import __version__, library_versions
from rekodiq_data.catalog import CAP
from rekodiq_data.digest.sums import parse_sums, read_sums
from rekodiq_data.errors import MissingFile, NotReadable
from rekodiq_data.files.gate import read_bytes
from rekodiq_data.files.texts import DESCRIPTOR_CAP, parse_json
from rekodiq_data.repository import checkout
from rekodiq_data.staging import CHANGELOG_NAME, draft_of, stage
from rekodiq_data.store import open_store
from rekodiq_data.verify.contents import BUILD_NAME
from rekodiq_data.verify.folders import prove

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rekodiq_data.staging import Draft
    from rekodiq_data.verify.folders import Proof

__all__ = ["Reproduced", "reproduce"]

_PACKAGE_FOLDER = "datapackage"


@dataclass(frozen=True, slots=True)
class Reproduced:
    """What came of it.

    Attributes:
        version: its number.
        commit: what it was built from.
        files: how many files were compared.
        different: paths whose bytes differ, or that only one of the two has.
        content_is_equal: whether both say the same: the same content digest.
        makers: name to (then, now) of this tool and the libraries, where they differ.
    """

    version: str
    commit: str
    files: int
    different: tuple[str, ...]
    content_is_equal: bool
    makers: Mapping[str, tuple[str | None, str | None]]

    @property
    def holds(self) -> bool:
        """Whether every byte is equal, or what differs is explained by another library.

        Bytes that differ although everything that made them is the same are not explained.
        """
        return not self.different or (self.content_is_equal and bool(self.makers))


def reproduce(version: str, store: Path | str, project: Path | str) -> Reproduced:
    """Build a version from the commit that it states, and compare it with what was published.

    Args:
        version: its number.
        store: the folder of versions; those before it have to be there.
        project: a folder of the project, in a clone of its repository.

    Raises:
        WrongCall: there is no such version.
        NothingFound: there is no store.
        NotVerified: the published version is damaged.
        NotReadable: it was not built from a commit alone, or the repository has not got it.
        InvalidData: what stands at the commit breaks its rules.
    """
    from rekodiq_data.build import build

    release = open_store(store).release(version)
    published = prove(release.folder, version).require()
    made = parse_json(read_bytes(release.folder, BUILD_NAME, CAP), BUILD_NAME).value
    commit = _commit(made, version)
    with tempfile.TemporaryDirectory(prefix="rekodiq-data-") as name:
        home = Path(name)
        source = checkout(Path(project), commit, home / "clone")
        with_csv = any(path.startswith("csv/") for path in published.sums)
        build(source, home / "package", csv=with_csv, version=version)
        proof = prove(home / "package").require()
        stage(_draft(published, proof, source, release.folder.parent), home / "again")
        sums = parse_sums(read_sums(home / "again"))
        again = prove(home / "again").require()
    paths = sums.keys() | published.sums.keys()
    return Reproduced(
        version=version,
        commit=commit,
        files=len(paths),
        different=tuple(sorted(p for p in paths if sums.get(p) != published.sums.get(p))),
        content_is_equal=_content(again) == _content(published),
        makers=_makers(made),
    )


def _commit(made: Mapping[str, Any], version: str) -> str:
    commit = made.get("commit")
    if isinstance(commit, str) and commit.isalnum() and made.get("dirty") is False:
        return commit
    raise NotReadable(
        BUILD_NAME,
        f"{version} can't be rebuilt: it was not built from a commit alone, as its {BUILD_NAME}"
        " says",
    )


def _draft(published: Proof, proof: Proof, source: Path, store: Path) -> Draft:
    """The version as it would be released from the project, or from the built package."""
    record, content = published.record, proof.content
    if record is None or content is None:
        raise AssertionError("a valid proof of a version has both")
    catalog = open_store(store).listing
    drafts = []
    for changelog in (_changelog(source), None):
        draft = draft_of(proof, content, record.version, catalog, store, changelog)
        drafts.append(draft)
        data = draft.files[CHANGELOG_NAME]
        if data == read_bytes(published.folder, CHANGELOG_NAME, len(data) + CAP):
            return draft
    return drafts[0]


def _changelog(source: Path) -> bytes | None:
    try:
        return read_bytes(source / _PACKAGE_FOLDER, CHANGELOG_NAME, DESCRIPTOR_CAP)
    except MissingFile:
        return None


def _content(proof: Proof) -> str | None:
    return proof.content.digests.package if proof.content else None


def _makers(made: Mapping[str, Any]) -> dict[str, tuple[str | None, str | None]]:
    then = {"rekodiq-data": made.get("code"), **made.get("libraries", {})}
    now = {"rekodiq-data": __version__, **library_versions()}
    names = sorted(then.keys() | now.keys())
    return {n: (then.get(n), now.get(n)) for n in names if then.get(n) != now.get(n)}
