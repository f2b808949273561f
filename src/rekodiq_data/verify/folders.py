"""The bytes of one folder against its SHA256SUMS, then what it says of its content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rekodiq_data.catalog import RECORD_NAME, Entry, Link
from rekodiq_data.digest.sums import (
    SIGNATURE_NAME,
    SUMS_NAME,
    UNLISTED,
    digest_inside,
    parse_sums,
    read_sums,
)
from rekodiq_data.errors import BadText, MissingFile, NotReadable, NotVerified
from rekodiq_data.files.gate import list_files, read_bytes
from rekodiq_data.report import Report
from rekodiq_data.signing import SIGNATURE_CAP, BadSignature, fingerprint, intact
from rekodiq_data.verify.contents import Content, check_content
from rekodiq_data.verify.findings import Findings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from rekodiq_data.catalog import ReleaseRecord
    from rekodiq_data.digest.sums import Sums
    from rekodiq_data.report import Task
    from rekodiq_data.signing import Signers

    Tell = Callable[[int], None]


def unheard(_: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found in one folder.

    Attributes:
        sums: what SHA256SUMS lists; empty where it can't be read.
        sizes: bytes of each file that was hashed.
        sums_sha256: SHA-256 of SHA256SUMS itself; empty where it is missing.
        content: what the package says; None where the bytes do not hold or it was not asked.
    """

    folder: Path
    task: Task
    sums: Sums = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    sums_sha256: str = ""
    content: Content | None = None

    @property
    def valid(self) -> bool:
        """Whether nothing wrong was found."""
        return self.task.valid

    @property
    def record(self) -> ReleaseRecord | None:
        """Its `release.json`, where the bytes hold and it has one."""
        return self.content.record if self.content else None

    @property
    def entry(self) -> Entry:
        """What a catalog says of it. Only a released version whose bytes hold has one."""
        if self.content is None or self.content.record is None:
            raise AssertionError("only a proven version can be listed")
        return Entry(
            link=Link(self.content.record.version, self.sums_sha256),
            content_digest=self.content.digests.package,
            files=len(self.sizes),
            size=sum(self.sizes.values()),
        )

    def require(self) -> Proof:
        """This proof. Raises NotVerified, with the report, where it found something wrong."""
        if not self.valid:
            raise NotVerified(
                f'"{self.folder}" is not what was built or released',
                Report(tasks=(self.task,), subject=str(self.folder)),
                hint="take it from where it came once more, or build it again",
            )
        return self


def prove(
    folder: Path,
    name: str | None = None,
    *,
    with_content: bool = True,
    signers: Signers | None = None,
    tell: Tell = unheard,
) -> Proof:
    """Hash every file of a built package or a version; then, if all hold, look into them.

    Args:
        folder: the folder, which exists.
        name: how the report calls it; the folder's own name where None.
        with_content: whether content digests and `release.json` are checked, too. No file is
            parsed before all of them were hashed and found right, nor where this is False.
        signers: who may have signed the folder, which must then be signed. Without them, a
            signature that is there must be one of these bytes, whoever made it.
        tell: is told the size of each block that was hashed.

    Raises:
        NotReadable: the folder itself can't be read.
    """
    findings = Findings(folder)
    listing = list_files(folder)
    for odd in listing.odd:
        findings.add("odd-file", odd.path, f"it is {odd.kind}, not a regular file")
    data, sums = _sums(folder, findings)
    sizes: dict[str, int] = {}
    if sums:
        odd_paths = {odd.path for odd in listing.odd}
        present = set(listing.files)
        for path in sorted(sums.keys() - present - odd_paths):
            findings.add("missing-file", path, f"it is listed in {SUMS_NAME} and is not there")
        for path in sorted(present - sums.keys() - UNLISTED):
            findings.add("extra-file", path, f"it is not listed in {SUMS_NAME}")
        for path in sorted(sums.keys() & present):
            _check_file(folder, path, sums[path], sizes, findings, tell)
    signature = _signature(folder, data, signers, findings)
    content = None
    if with_content and findings.are_fine:
        content = check_content(folder, sums, sizes, findings)
    kind = "version" if RECORD_NAME in sums else "package"
    task = findings.task(
        folder.resolve().name if name is None else name,
        kind,
        files=len(sizes),
        size=sum(sizes.values()),
        rows=content.rows if content else None,
        signature=signature,
    )
    digest = hashlib.sha256(data).hexdigest() if data else ""
    return Proof(folder, task, sums, sizes, digest, content)


def _sums(folder: Path, findings: Findings) -> tuple[bytes, Sums]:
    """Bytes and entries of SHA256SUMS; nothing, with a finding, where they can't be taken."""
    data = b""
    try:
        data = read_sums(folder)
        return data, parse_sums(data)
    except MissingFile:
        findings.add("missing-file", SUMS_NAME, "without it nothing here can be verified")
    except BadText as error:
        note = f"not in canonical form: {error.message}"
        findings.add("not-canonical", SUMS_NAME, note, line=error.line)
    except NotReadable as error:
        # A link in its place has been noted already.
        if findings.are_fine:
            findings.add("unreadable-file", SUMS_NAME, error.message)
    return data, {}


def _signature(
    folder: Path, sums: bytes, signers: Signers | None, findings: Findings
) -> str | None:
    """Who signed the folder, in words; None, with a finding, where nothing is proved."""
    try:
        data = read_bytes(folder, SIGNATURE_NAME, SIGNATURE_CAP)
    except MissingFile:
        if signers is not None:
            note = "it is unsigned, and nobody says that these are the bytes that were released"
            findings.add("unsigned", SIGNATURE_NAME, note)
        return "unsigned"
    except NotReadable as error:
        # A link in its place has been noted already.
        if not findings.names(SIGNATURE_NAME):
            findings.add("unreadable-file", SIGNATURE_NAME, error.message)
        return None
    try:
        if signers is not None:
            return f"signed by {signers.verify(sums, data)}"
        key = fingerprint(intact(data, sums).blob)
    except BadSignature as error:
        findings.add("bad-signature", SIGNATURE_NAME, error.message)
        return None
    return f"signed with the key {key}, which was not compared with allowed signers"


def _check_file(
    folder: Path, path: str, stated: str, sizes: dict[str, int], findings: Findings, tell: Tell
) -> None:
    try:
        found, size = digest_inside(folder, path, tell)
    except NotReadable as error:
        findings.add("unreadable-file", path, error.message)
        return
    sizes[path] = size
    if found != stated:
        findings.add(
            "changed-file",
            path,
            f"its bytes are not those that {SUMS_NAME} lists: expected sha256 {stated}, found "
            f"{found} in {size:,} bytes",
        )
