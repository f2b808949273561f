"""A whole store: every version, the catalog against the folders, the pointer, the chain."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rekodiq_data.catalog import (
    CAP,
    CATALOG_NAME,
    POINTER_NAME,
    RECORD_NAME,
    STAGING_NAME,
    VERIFIER_NAME,
    Catalog,
    Link,
    parse_pointer,
)
from rekodiq_data.digest.sums import SUMS_NAME
from rekodiq_data.errors import BadText, MissingFile, NotReadable
from rekodiq_data.files.durable import part_of
from rekodiq_data.files.gate import list_files, read_bytes
from rekodiq_data.report import Report
from rekodiq_data.verify.findings import Findings
from rekodiq_data.verify.folders import prove
from rekodiq_data.versions import Version, version_of_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rekodiq_data.catalog import ReleaseRecord
    from rekodiq_data.files.gate import Listing
    from rekodiq_data.signing import Signers
    from rekodiq_data.verify.folders import Proof, Tell

_STANDALONE = Path(__file__).with_name("standalone.py")
UNFINISHED = "a release was interrupted; the next release completes it"


def verifier() -> bytes:
    """The program that each store has at its root as `verify.py`."""
    return _STANDALONE.read_bytes()


def folders_in(listing: Listing) -> tuple[Version, ...]:
    """Versions whose folders are in a store with these files, the newest first."""
    tops = {path.split("/")[0] for path in listing.files if "/" in path}
    found = {version_of_folder(name) for name in tops} - {None}
    return tuple(sorted((each for each in found if each is not None), reverse=True))


def prove_store(store: Path, tell: Tell, signers: Signers | None = None) -> Report:
    """Verify all of a store: a task per version, the newest first, and issues of the store."""
    findings = Findings(store)
    data, catalog = _catalog(store, findings)
    listing = list_files(store)
    _check_root(store, listing, findings)
    _check_verifier(store, listing, findings)
    proofs = {
        version: prove(store / version.folder, str(version), signers=signers, tell=tell)
        for version in folders_in(listing)
    }
    known = Catalog("") if catalog is None else catalog
    links = {
        **{version: Link(version, proof.sums_sha256) for version, proof in proofs.items()},
        **{each.version: each.link for each in known.entries},
    }
    for version in sorted(links.keys() - proofs.keys(), reverse=True):
        findings.add("missing-file", version.folder, "the catalog lists it and it is not there")
    for version, proof in proofs.items():
        if proof.content is None:
            continue  # its own task says why
        record = proof.record
        if record is None:
            path = f"{version.folder}/{RECORD_NAME}"
            findings.add("missing-file", path, "every released version has one")
            continue
        if record.version != version:
            note = f"it holds version {record.version}"
            findings.add("catalog-mismatch", version.folder, note)
            continue
        before = max((each for each in links if each < version), default=None)
        _check_chain(record, links[before] if before else None, findings)
        if catalog is not None:
            _check_entry(proof, proof.content.name, catalog, findings)
    if catalog is not None:
        if data != catalog.to_bytes():
            note = "it is not in the form in which it is written"
            findings.add("not-canonical", CATALOG_NAME, note)
        _check_pointer(store, catalog, proofs, findings)
    return Report(
        tasks=tuple(proof.task for proof in proofs.values()),
        issues=findings.issues,
        subject=str(store),
    )


def _catalog(store: Path, findings: Findings) -> tuple[bytes, Catalog | None]:
    """Bytes and value of catalog.json; nothing, with a finding, where it can't be taken."""
    try:
        data = read_bytes(store, CATALOG_NAME, CAP)
        return data, Catalog.parse(data)
    except MissingFile:
        findings.add("missing-file", CATALOG_NAME, "a store lists its versions there")
    except BadText as error:
        findings.add("not-canonical", CATALOG_NAME, error.message, line=error.line)
    except NotReadable as error:
        findings.add("unreadable-file", CATALOG_NAME, error.message)
    return b"", None


def _check_root(store: Path, listing: Listing, findings: Findings) -> None:
    """Note what may not stand beside the versions. Other plain files are not ours to judge."""
    versions = {version.folder for version in folders_in(listing)}
    for odd in listing.odd:
        if odd.path.split("/")[0] not in versions:
            findings.add("odd-file", odd.path, f"it is {odd.kind}, not a regular file")
    leftovers = {
        STAGING_NAME,
        part_of(store / CATALOG_NAME).name,
        part_of(store / POINTER_NAME).name,
        part_of(store / VERIFIER_NAME).name,
    }
    for name in sorted({path.split("/")[0] for path in listing.files}):
        if name in leftovers:
            findings.warn("unfinished-release", name, UNFINISHED)
        elif name not in versions and f"{name}/{SUMS_NAME}" in listing.files:
            findings.add("extra-file", name, "its name is no version's, such as v1.2.0")


def _check_verifier(store: Path, listing: Listing, findings: Findings) -> None:
    """Note a verify.py that is not this tool's: it may say whatever somebody likes."""
    if VERIFIER_NAME in listing.files:
        try:
            data = read_bytes(store, VERIFIER_NAME, CAP)
        except NotReadable as error:
            findings.add("unreadable-file", VERIFIER_NAME, error.message)
            return
        if data != verifier():
            note = "it is of another version of this tool, or was changed; compare its digest"
            findings.warn("other-verifier", VERIFIER_NAME, note)


def _check_chain(record: ReleaseRecord, before: Link | None, findings: Findings) -> None:
    """Note a version that does not follow the one before it: then history was rewritten."""
    if record.previous != before:
        stated = record.previous.version if record.previous else "none"
        found = before.version if before else "none"
        findings.add(
            "broken-chain",
            f"{record.version.folder}/{RECORD_NAME}",
            f"it follows {stated} as that was when it was released, and comes after {found} as"
            " this is here: a version was changed, added or removed since",
        )


def _check_entry(proof: Proof, name: str, catalog: Catalog, findings: Findings) -> None:
    """Note where a version that is whole, of the package `name`, is not listed as it is."""
    found, version = proof.entry, proof.entry.version
    entry = catalog.entry(version)
    if entry is None:
        if any(each.version > version for each in catalog.entries):
            findings.add("catalog-mismatch", version.folder, "the catalog does not list it")
        else:
            note = f"it is not listed yet: {UNFINISHED}"
            findings.warn("unfinished-release", version.folder, note)
        return
    for what, listed, is_so in (
        ("the SHA-256 of SHA256SUMS", entry.link.sums_sha256, found.link.sums_sha256),
        ("the content digest", entry.content_digest, found.content_digest),
        ("the number of files", entry.files, found.files),
        ("the number of bytes", entry.size, found.size),
        ("the package's name", catalog.name, name),
    ):
        if listed != is_so:
            note = f"for {version} it states {what} as {listed}, found {is_so}"
            findings.add("catalog-mismatch", CATALOG_NAME, note)


def _check_pointer(
    store: Path, catalog: Catalog, proofs: Mapping[Version, Proof], findings: Findings
) -> None:
    """Note a pointer that does not point to the newest version."""
    newest = catalog.newest
    if newest is None:
        return
    try:
        data = read_bytes(store, POINTER_NAME, CAP)
        link = parse_pointer(data)
    except MissingFile:
        findings.add("missing-file", POINTER_NAME, "a store names its newest version there")
        return
    except NotReadable as error:
        findings.add("not-canonical", POINTER_NAME, error.message)
        return
    if data == newest.pointer():
        return
    entry = catalog.entry(link.version)
    if entry is None or data != entry.pointer():
        findings.add("pointer-mismatch", POINTER_NAME, "it does not name a version as listed")
        return
    # Killed between catalog and pointer: the version before the newest is still named.
    proof = proofs.get(newest.version)
    if proof and proof.record and proof.record.previous == entry.link:
        findings.warn("unfinished-release", POINTER_NAME, f"not moved yet: {UNFINISHED}")
    else:
        findings.add(
            "pointer-mismatch",
            POINTER_NAME,
            f"it names {link.version}; the newest is {newest.version}",
        )
