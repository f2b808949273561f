"""Put the newest published version of the data into the wheel, and compile the kernel.

The data is rekodiq_data/_data. Only what `load` needs travels: the descriptor, the Parquet
files, release.json and SHA256SUMS. Each is compared with its digest first. Where nothing is
published yet, the wheel has no data.

The kernel is rekodiq_data/kernel/kernel.so. Where there is no C compiler, the wheel has none,
and is for any machine: the program does the same, and takes longer for large tables.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STORE = "datapackage/releases"
TARGET = "rekodiq_data/_data"


KERNEL = "rekodiq_data/kernel/kernel.so"
_KERNEL_SOURCES = "src/rekodiq_data/kernel"
_COMPILERS = ("cc", "gcc", "clang")
# No option that lets a compiler reckon less exactly, and none for this machine alone.
COMPILER_OPTIONS = ("-std=c11", "-O3", "-fPIC", "-shared", "-fvisibility=hidden")


class Packaged(BuildHookInterface[Any]):
    """Adds the files of the newest version, and the kernel, to a wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add them; an editable install has the kernel beside its source, and no data."""
        root = Path(self.root)
        if version == "editable":
            self._compiled(root, root / "src" / KERNEL)
            return
        build_data["force_include"].update(packaged_files(root / STORE))
        library = self._compiled(root, root / "build" / "kernel.so")
        if library is not None:
            build_data["force_include"][str(library)] = KERNEL
            build_data["pure_python"] = False
            # It is called through ctypes: one library for all versions of Python.
            platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
            build_data["tag"] = f"py3-none-{platform}"

    def _compiled(self, root: Path, library: Path) -> Path | None:
        try:
            compile_kernel(root / _KERNEL_SOURCES, library)
        except (OSError, subprocess.CalledProcessError) as error:
            library.unlink(missing_ok=True)
            self.app.display_warning(
                f"The kernel was not compiled ({error}): large tables will take longer. "
                "Install a C compiler, and then rekodiq-data again."
            )
            return None
        return library


def compile_kernel(sources: Path, library: Path, *options: str) -> None:
    """Compile the C files in the folder `sources` into the shared library `library`.

    The library knows the digest of its sources, so that it is never used with others.

    Raises:
        OSError: there is no compiler, or it can't be run.
        subprocess.CalledProcessError: it refuses the sources.
    """
    compiler = os.environ.get("CC") or next(filter(shutil.which, _COMPILERS), "cc")
    files = sorted(sources.glob("*.[ch]"))
    digest = hashlib.sha256(b"".join(each.read_bytes() for each in files)).hexdigest()
    library.parent.mkdir(parents=True, exist_ok=True)
    # A program that runs has the old library open: it is replaced, not written over.
    made = library.with_suffix(".new")
    subprocess.run(
        [
            *compiler.split(),
            *COMPILER_OPTIONS,
            *options,
            f'-DRK_SOURCE="{digest}"',
            *(str(each) for each in files if each.suffix == ".c"),
            "-o",
            str(made),
        ],
        check=True,
    )
    made.replace(library)


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
