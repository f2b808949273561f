"""What a folder whose bytes hold says of itself: whether its parts agree with one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rekodiq_data.catalog import CAP, RECORD_NAME, ReleaseRecord
from rekodiq_data.descriptor import open_package
from rekodiq_data.digest.canonical_json import canonical_json
from rekodiq_data.digest.content import Digests, content_digests
from rekodiq_data.digest.typed import TypedFile
from rekodiq_data.errors import BadText, RekodiqError
from rekodiq_data.files.gate import open_inside, read_bytes
from rekodiq_data.files.texts import parse_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rekodiq_data.descriptor.model import Package
    from rekodiq_data.digest.sums import Sums
    from rekodiq_data.verify.findings import Findings

DESCRIPTOR_NAME = "datapackage.json"
BUILD_NAME = "build.json"
KIND = "content-mismatch"


@dataclass(frozen=True, slots=True)
class Content:
    """A package as it was read: its name and version, its digests, and its `release.json`.

    `raw` maps each raw file that it was built from to its SHA-256.
    """

    name: str
    version: str | None
    digests: Digests
    record: ReleaseRecord | None
    raw: Mapping[str, str]

    @property
    def rows(self) -> int:
        """Records of all tables."""
        return sum(each.rows for each in self.digests.contents.values())


def check_content(
    folder: Path, sums: Sums, sizes: Mapping[str, int], findings: Findings
) -> Content | None:
    """Read the package in `folder`, and note where its parts disagree.

    Returns:
        What was read; None, with a finding, where it can't be.
    """
    try:
        digests = content_digests(folder)
        package = open_package(folder)
    except RekodiqError as error:
        findings.add("unreadable-package", DESCRIPTOR_NAME, error.message)
        return None
    _check_tables(folder, package, sums, findings)
    for name, content in digests.contents.items():
        path = f"csv/{name}.csv"
        if sums.get(path, content.csv_sha256) != content.csv_sha256:
            findings.add(KIND, path, f'it does not hold the same as the table "{name}"')
    raw = _raw(folder, sums, findings)
    record = None
    if RECORD_NAME in sums:
        try:
            record = ReleaseRecord.parse(read_bytes(folder, RECORD_NAME, CAP))
        except BadText as error:
            findings.add("unreadable-file", RECORD_NAME, error.message, line=error.line)
        else:
            _check_record(record, package, digests, raw, findings)
            _check_files(record, sums, sizes, findings)
    return Content(package.name, package.version, digests, record, raw)


def _check_tables(folder: Path, package: Package, sums: Sums, findings: Findings) -> None:
    """Note where a Parquet file, or the schema in it, is not as the descriptor says."""
    for resource in package.resources:
        path, schema = resource.paths[0], resource.schema
        if schema is None:
            raise AssertionError("tables without a schema have no content digest")
        stated = (resource.hash or "").lower()
        if stated.startswith("sha256:") and stated != f"sha256:{sums.get(path)}":
            findings.add(
                KIND,
                DESCRIPTOR_NAME,
                f'it states the hash {stated} for "{path}", which has sha256:{sums.get(path)}',
            )
        try:
            with open_inside(folder, path) as stream:
                footer = TypedFile(stream, schema, path).stated_schema
        except BadText as error:
            findings.add(KIND, path, f"the schema in it can't be read: {error.message}")
            continue
        if footer is not None and footer != canonical_json(schema.raw):
            findings.add(
                KIND, path, f"the schema in it is not the one that {DESCRIPTOR_NAME} states"
            )


def _check_record(
    record: ReleaseRecord,
    package: Package,
    digests: Digests,
    raw: Mapping[str, str],
    findings: Findings,
) -> None:
    def compare(what: str, stated: Any, found: Any) -> None:
        if stated != found:
            findings.add(KIND, RECORD_NAME, f"it states {what} {stated}, found {found}")

    compare("the version", str(record.version), package.version)
    compare("the content digest", record.content_digest, digests.package)
    compare("the tables", sorted(record.tables), sorted(digests.contents))
    for name in sorted(record.tables.keys() & digests.contents.keys()):
        stated, found = record.tables[name], digests.contents[name]
        compare(f'for "{name}" the content digest', stated.content_digest, found.content)
        compare(f'for "{name}" the schema digest', stated.schema_digest, found.schema)
        compare(f'for "{name}" the number of rows', stated.rows, found.rows)
    if record.raw != raw:
        findings.add(KIND, RECORD_NAME, f"it states other raw files than {BUILD_NAME}")


def _check_files(
    record: ReleaseRecord, sums: Sums, sizes: Mapping[str, int], findings: Findings
) -> None:
    found = {path: (sizes[path], sums[path]) for path in sums if path != RECORD_NAME}
    for path in sorted(record.files.keys() | found.keys()):
        if record.files.get(path) != found.get(path):
            findings.add(KIND, RECORD_NAME, f'it does not state bytes and sha256 of "{path}"')


def _raw(folder: Path, sums: Sums, findings: Findings) -> Mapping[str, str]:
    """`raw` of build.json; empty where there is no such file."""
    if BUILD_NAME not in sums:
        return {}
    try:
        made = parse_json(read_bytes(folder, BUILD_NAME, CAP), BUILD_NAME).value
        return {str(path): str(digest) for path, digest in made["raw"].items()}
    except BadText as error:
        findings.add("unreadable-file", BUILD_NAME, error.message, line=error.line)
    except (KeyError, TypeError, AttributeError):
        findings.add("unreadable-file", BUILD_NAME, 'it does not state "raw" files')
    return {}
