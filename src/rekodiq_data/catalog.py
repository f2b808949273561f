"""What a store says of its versions: `release.json`, `catalog.json`, `latest`.

All three are JSON with one form for one content (two blanks of indentation, LF at the end, keys
in this order), so that damage shows even where it keeps the meaning. Readers take a value with
keys that they do not know, since a later version of this tool may add some.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from rekodiq_data.errors import BadText
from rekodiq_data.files.gate import read_bytes
from rekodiq_data.files.texts import parse_json
from rekodiq_data.versions import Version, newest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import TypeVar

    T = TypeVar("T")

CATALOG_NAME = "catalog.json"
POINTER_NAME = "latest"
RECORD_NAME = "release.json"
STAGING_NAME = ".staging"
VERIFIER_NAME = "verify.py"
CAP = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Link:
    """One version, named by number and by the SHA-256 of its SHA256SUMS."""

    version: Version
    sums_sha256: str

    def to_dict(self) -> dict[str, Any]:
        """JSON object of this link."""
        return {"version": str(self.version), "sha256_of_SHA256SUMS": self.sums_sha256}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Link:
        """The link that a JSON object describes."""
        return cls(Version.parse(_text(value, "version")), _text(value, "sha256_of_SHA256SUMS"))


@dataclass(frozen=True, slots=True)
class TableRecord:
    """One table of a version. Digests are `sha256:` and 64 hexadecimal digits."""

    content_digest: str
    rows: int
    schema_digest: str


@dataclass(frozen=True, slots=True)
class ReleaseRecord:
    """`release.json`: what a version holds, and which version it follows.

    Attributes:
        previous: the newest version in the store at the time, None for the first.
        files: bytes and SHA-256 of each file but this one, SHA256SUMS and its signature.
        raw: SHA-256 of each raw file that the tables were built from.
    """

    version: Version
    previous: Link | None
    content_digest: str
    tables: Mapping[str, TableRecord]
    files: Mapping[str, tuple[int, str]]
    raw: Mapping[str, str]

    def to_bytes(self) -> bytes:
        """The file's content."""
        return _json(
            {
                "version": str(self.version),
                "previous": self.previous.to_dict() if self.previous else None,
                "content_digest": self.content_digest,
                "tables": {
                    name: {
                        "content_digest": table.content_digest,
                        "rows": table.rows,
                        "schema_digest": table.schema_digest,
                    }
                    for name, table in sorted(self.tables.items())
                },
                "files": {
                    path: {"bytes": size, "sha256": digest}
                    for path, (size, digest) in sorted(self.files.items())
                },
                "raw": dict(sorted(self.raw.items())),
            }
        )

    @classmethod
    def parse(cls, data: bytes) -> ReleaseRecord:
        """The record in a `release.json`. Raises BadText."""
        return _parsed(data, RECORD_NAME, cls._from_dict)

    @classmethod
    def _from_dict(cls, value: Mapping[str, Any]) -> ReleaseRecord:
        previous = value["previous"]
        return cls(
            version=Version.parse(_text(value, "version")),
            previous=None if previous is None else Link.from_dict(previous),
            content_digest=_text(value, "content_digest"),
            tables={
                name: TableRecord(
                    _text(each, "content_digest"),
                    _count(each, "rows"),
                    _text(each, "schema_digest"),
                )
                for name, each in value["tables"].items()
            },
            files={
                path: (_count(each, "bytes"), _text(each, "sha256"))
                for path, each in value["files"].items()
            },
            raw={path: _text(value["raw"], path) for path in value["raw"]},
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One version in the catalog. Its SHA256SUMS lists `files`, of `size` bytes.

    `withdrawn` says why nobody should use it any more. It is no part of what the version is.
    """

    link: Link
    content_digest: str
    files: int
    size: int
    withdrawn: str | None = field(default=None, compare=False)

    @property
    def version(self) -> Version:
        """The version's number."""
        return self.link.version

    def to_dict(self) -> dict[str, Any]:
        """JSON object of this entry."""
        return {
            "version": str(self.version),
            "path": self.version.folder,
            "content_digest": self.content_digest,
            "sha256_of_SHA256SUMS": self.link.sums_sha256,
            "files": self.files,
            "bytes": self.size,
            **({"withdrawn": {"reason": self.withdrawn}} if self.withdrawn else {}),
        }

    def pointer(self) -> bytes:
        """The content of `latest` when it points to this version."""
        return _json({**self.link.to_dict(), "path": self.version.folder})

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Entry:
        """The entry that a JSON object describes."""
        return cls(
            Link.from_dict(value),
            _text(value, "content_digest"),
            _count(value, "files"),
            _count(value, "bytes"),
            _text(value["withdrawn"], "reason") if "withdrawn" in value else None,
        )


@dataclass(frozen=True, slots=True)
class Catalog:
    """`catalog.json`: the name of the package, and every version, the newest first."""

    name: str
    entries: tuple[Entry, ...] = ()

    @property
    def newest(self) -> Entry | None:
        """The version for people who name none: the newest that is no pre-release."""
        number = newest_of([each.version for each in self.entries])
        return None if number is None else self.entry(number)

    def entry(self, version: Version) -> Entry | None:
        """The entry of `version`, or None."""
        return next((each for each in self.entries if each.version == version), None)

    def with_entry(self, entry: Entry) -> Catalog:
        """This catalog with one more version."""
        entries = sorted([*self.entries, entry], key=lambda each: each.version, reverse=True)
        return Catalog(self.name, tuple(entries))

    def with_withdrawn(self, version: Version, reason: str) -> Catalog:
        """This catalog with one of its versions marked as withdrawn."""
        entries = (
            replace(each, withdrawn=reason) if each.version == version else each
            for each in self.entries
        )
        return Catalog(self.name, tuple(entries))

    def before(self, version: Version) -> Entry | None:
        """The newest entry below `version`, or None."""
        return next((each for each in self.entries if each.version < version), None)

    def to_dict(self) -> dict[str, Any]:
        """JSON object of the catalog."""
        newest = self.newest
        return {
            "name": self.name,
            "newest": str(newest.version) if newest else None,
            "versions": [each.to_dict() for each in self.entries],
        }

    def to_bytes(self) -> bytes:
        """The file's content."""
        return _json(self.to_dict())

    @classmethod
    def parse(cls, data: bytes) -> Catalog:
        """The catalog in a `catalog.json`. Raises BadText."""
        return _parsed(data, CATALOG_NAME, cls._from_dict)

    @classmethod
    def _from_dict(cls, value: Mapping[str, Any]) -> Catalog:
        entries = [Entry.from_dict(each) for each in value["versions"]]
        numbers = [each.version for each in entries]
        if any(one <= other for one, other in pairwise(numbers)):
            raise ValueError("versions must stand once each, the newest first")
        return cls(_text(value, "name"), tuple(entries))


def parse_pointer(data: bytes) -> Link:
    """The version that a `latest` points to. Raises BadText."""
    return _parsed(data, POINTER_NAME, Link.from_dict)


def read_catalog(store: Path) -> Catalog:
    """The catalog of the store in this folder.

    Raises:
        MissingFile: it has none.
        NotReadable: it can't be read (BadText: it is malformed).
    """
    return Catalog.parse(read_bytes(store, CATALOG_NAME, CAP))


def _parsed(data: bytes, shown: str, make: Callable[[Mapping[str, Any]], T]) -> T:
    """What `make` makes of a JSON text; BadText where the text is not of that shape."""
    value = parse_json(data, shown).value
    try:
        return make(value)
    except KeyError as error:
        raise BadText(shown, f"it lacks {error.args[0]!r}") from error
    except (TypeError, AttributeError) as error:
        raise BadText(shown, "a value in it is of the wrong kind") from error
    except ValueError as error:
        raise BadText(shown, str(error)) from error


def _text(value: Mapping[str, Any], key: str) -> str:
    if not isinstance(value[key], str):
        raise TypeError(key)
    return str(value[key])


def _count(value: Mapping[str, Any], key: str) -> int:
    if not isinstance(value[key], int) or isinstance(value[key], bool):
        raise TypeError(key)
    return int(value[key])


def _json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
