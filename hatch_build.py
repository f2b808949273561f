"""Put the newest published version of the data into the wheel, as rekodiq_data/_data.

Only what `load` needs travels: the descriptor, the Parquet files, release.json and SHA256SUMS.
Each is compared with its digest first. Where nothing is published yet, the wheel has no data.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STORE = "datapackage/releases"
TARGET = "rekodiq_data/_data"


class PackagedData(BuildHookInterface[Any]):
    """Adds the files of the newest version to a wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add them; an editable install reads the repository's own store instead."""
        if version != "editable":
            build_data["force_include"].update(packaged_files(Path(self.root) / STORE))


def packaged_files(store: Path) -> dict[str, str]:
    """Each file of the newest version that is packaged, and its path in the wheel.

    Raises:
        ValueError: a file is not what was released.
    """
    if not (store / "catalog.json").is_file():
        return {}
    catalog = json.loads((store / "catalog.json").read_bytes())
    (entry,) = (each for each in catalog["versions"] if each["version"] == catalog["newest"])
    folder = store / entry["path"]
    sums = (folder / "SHA256SUMS").read_bytes()
    _require(folder / "SHA256SUMS", sums, entry["sha256_of_SHA256SUMS"])
    files = {str(folder / "SHA256SUMS"): f"{TARGET}/SHA256SUMS"}
    if (folder / "SHA256SUMS.sig").is_file():
        files[str(folder / "SHA256SUMS.sig")] = f"{TARGET}/SHA256SUMS.sig"
    for line in sums.decode().splitlines():
        digest, path = line.split("  ", 1)
        if path in {"datapackage.json", "release.json"} or path.endswith(".parquet"):
            _require(folder / path, (folder / path).read_bytes(), digest)
            files[str(folder / path)] = f"{TARGET}/{path}"
    return files


def _require(path: Path, data: bytes, digest: str) -> None:
    if hashlib.sha256(data).hexdigest() != digest:
        raise ValueError(f"{path} is not what was released: run rekodiq-data verify {STORE}")
