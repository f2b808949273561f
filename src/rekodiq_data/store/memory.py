"""What a client remembers of a store on the network, so that it can't be shown an older one.

Per store: the package's name, the digest of each version that was opened and of the one before
it, the last catalog that was found to agree with those, and signatures that were checked.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rekodiq_data.catalog import CATALOG_NAME, Catalog
from rekodiq_data.errors import BadText, MissingFile
from rekodiq_data.files import durable
from rekodiq_data.files.gate import read_bytes
from rekodiq_data.files.texts import parse_json
from rekodiq_data.store.cache import locked
from rekodiq_data.verify.findings import damaged
from rekodiq_data.versions import Version

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rekodiq_data.catalog import Link

_MEMORY = "memory.json"
_CAP = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a store: SHA-256 of the SHA256SUMS of each version, by number."""

    name: str | None = None
    versions: Mapping[Version, str] = field(default_factory=dict)


class Memory:
    """The memory of one store, in a folder of the cache."""

    def __init__(self, cache: Path, place: str) -> None:
        self._place = place
        self._folder = cache / "stores" / hashlib.sha256(place.encode()).hexdigest()

    def seen(self) -> Seen:
        """What was seen of the store so far.

        Raises:
            NotVerified: the memory itself is damaged: what it kept is not known any more.
        """
        try:
            value = parse_json(read_bytes(self._folder, _MEMORY, _CAP), _MEMORY).value
            return Seen(
                value["name"],
                {Version.parse(each): str(sums) for each, sums in value["versions"].items()},
            )
        except MissingFile:
            return Seen()
        except (BadText, KeyError, TypeError, AttributeError, ValueError) as error:
            raise damaged(
                self._folder,
                _MEMORY,
                "not-canonical",
                f"it is damaged, so that an older store could not be told from a newer one"
                f" ({error})",
                hint=f'remove the folder "{self._folder}" to start anew',
            ) from error

    def catalog(self) -> Catalog | None:
        """The last catalog that was taken; None where there is none."""
        with suppress(MissingFile, BadText):
            return Catalog.parse(read_bytes(self._folder, CATALOG_NAME, _CAP))
        return None

    def signature(self, sums_sha256: str) -> bytes | None:
        """A signature that was found right before."""
        with suppress(MissingFile):
            return read_bytes(self._folder, f"{sums_sha256}.sig", _CAP)
        return None

    def keep_signature(self, sums_sha256: str, signature: bytes) -> None:
        """Keep a signature that was found right."""
        with locked(self._folder):
            durable.write_file(self._folder / f"{sums_sha256}.sig", signature)

    def remember(self, name: str | None, links: list[Link], catalog: bytes | None) -> None:
        """Add versions that were proved, and the catalog that named them.

        Raises:
            NotVerified: another process has meanwhile seen other content under these numbers.
        """
        with locked(self._folder):
            seen = self.seen()
            self.check(seen, links)
            versions = {**seen.versions, **{each.version: each.sums_sha256 for each in links}}
            if versions != seen.versions or seen.name != name:
                value: dict[str, Any] = {
                    "store": self._place,
                    "name": name,
                    "versions": {str(each): versions[each] for each in sorted(versions)},
                }
                text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
                durable.write_file(self._folder / _MEMORY, text.encode())
            if catalog is not None and not self._is_kept(catalog):
                durable.write_file(self._folder / CATALOG_NAME, catalog)

    def check(self, seen: Seen, links: list[Link]) -> None:
        """Refuse a version whose content is another than was seen under its number."""
        for link in links:
            known = seen.versions.get(link.version, link.sums_sha256)
            if known != link.sums_sha256:
                raise damaged(
                    self._place,
                    link.version.folder,
                    "other-content",
                    f"different content for the same version: {link.version} was seen with"
                    f" sha256 {known}, and is now {link.sums_sha256}",
                    hint="versions never change: ask who keeps the store which one is right",
                )

    def check_catalog(self, catalog: Catalog, *, allow_older: bool) -> None:
        """Refuse a catalog of another package, with other content, or older than one seen.

        Raises:
            NotVerified: see above.
        """
        seen = self.seen()
        if seen.name not in {None, catalog.name}:
            note = f'it lists the package "{catalog.name}"; here it was "{seen.name}"'
            raise damaged(self._place, CATALOG_NAME, "foreign-package", note)
        self.check(seen, [each.link for each in catalog.entries])
        missing = sorted(seen.versions.keys() - {each.version for each in catalog.entries})
        if missing and not allow_older:
            newest = f"; its newest is {catalog.entries[0].version}" if catalog.entries else ""
            raise damaged(
                self._place,
                CATALOG_NAME,
                "older-store",
                f"it does not list {missing[-1]}, which was seen here before{newest}",
                hint="the store went back in time; an older version by its number can be asked"
                " for with --allow-older",
            )

    def _is_kept(self, catalog: bytes) -> bool:
        with suppress(MissingFile):
            return read_bytes(self._folder, CATALOG_NAME, _CAP) == catalog
        return False
