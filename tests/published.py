"""A small project, its built package, and stores of it, for tests of what is published."""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rekodiq_data.build import build
from rekodiq_data.digest import sums_bytes
from rekodiq_data.release import release

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NOBODY = 65534

_PACKAGE = """\
name: {name}
title: A small package
version: {version}
licenses:
  - name: CC-BY-4.0
    path: https://creativecommons.org/licenses/by/4.0/
resources:
  - name: estimates
    theme: reserves
    usage_notes: ["Tonnages are as printed."]
  - name: sources
"""
_ESTIMATES = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
title: Estimates
description: What was estimated, and when.
missingValues: [""]
fields:
  - name: record_id
    title: Record
    type: string
    description: Key
    constraints: {required: true}
  - {name: tonnage_mt, title: Tonnage, type: number, unit: Mt, description: Ore}
  - {name: year, title: Year, type: integer, description: Year of the statement}
  - {name: is_final, title: Final, type: boolean, description: Whether it was audited}
  - {name: note, title: Note, type: string, description: Words}
primaryKey: [record_id]
"""
_SOURCES = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
title: Sources
description: Documents.
missingValues: [""]
fields:
  - {name: source_id, title: Source, type: string, description: Key}
  - {name: published, title: Published, type: date, description: Day}
primaryKey: [source_id]
"""


def commit(folder: Path) -> Path:
    """Put all that is in `folder` into a repository there, always as the same commit."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    stamp = "2026-01-01T00:00:00Z"
    someone = {"NAME": "ann", "EMAIL": "ann@example.org", "DATE": stamp}
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        **{f"GIT_AUTHOR_{key}": value for key, value in someone.items()},
        **{f"GIT_COMMITTER_{key}": value for key, value in someone.items()},
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    for words in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-qm", "data")):
        subprocess.run(["git", "-C", folder, *words], check=True, env=environment)
    return folder


def write_project(
    folder: Path, *, version: str = "1.0.0", tonnage: str = "12.5", name: str = "small"
) -> Path:
    """A project of two tables in `folder`; `tonnage` is the value of one cell."""
    for part in ("datapackage/raw", "schemas"):
        (folder / part).mkdir(parents=True)
    texts = {
        "datapackage/package.yaml": _PACKAGE.format(name=name, version=version),
        "schemas/estimates.yaml": _ESTIMATES,
        "schemas/sources.yaml": _SOURCES,
        "datapackage/raw/estimates.csv": "record_id,tonnage_mt,year,is_final,note\n"
        f'a-1,{tonnage},2010,true,"say ""hi"", all"\na-2,,2012,,\n'
        'b-1,5900,,false,"two\nlines"\n',
        "datapackage/raw/sources.csv": "source_id,published\ns1,2024-02-29\ns2,\n",
    }
    for path, text in texts.items():
        (folder / path).write_text(text, encoding="utf-8")
    return folder


@cache
def built(version: str = "1.0.0", tonnage: str = "12.5", name: str = "small") -> Path:
    """A built package. It is shared: copy it before changing it."""
    home = Path(tempfile.mkdtemp(prefix="rekodiq-data-tests-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    home.chmod(0o755)
    project = write_project(home / "project", version=version, tonnage=tonnage, name=name)
    commit(project)
    build(project, home / "package")
    return home / "package"


def copied(package: Path, target: Path) -> Path:
    """A copy of a package or a store that may be changed."""
    shutil.copytree(package, target)
    for path in target.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return target


def reseal(folder: Path) -> None:
    """Write SHA256SUMS anew, as somebody would who changes a package and hides it."""
    sums_path = folder / "SHA256SUMS"
    present = [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path != sums_path
    ]
    sums_path.write_bytes(
        sums_bytes(
            {path: hashlib.sha256((folder / path).read_bytes()).hexdigest() for path in present}
        )
    )


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below `folder`, hidden ones included, with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@cache
def store() -> Path:
    """A store with 1.0.0, 1.1.0 and 2.0.0-rc.1. It is shared: copy it before changing it."""
    home = Path(tempfile.mkdtemp(prefix="rekodiq-data-tests-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    home.chmod(0o755)
    for version, tonnage in (("1.0.0", "12.5"), ("1.1.0", "12.6"), ("2.0.0-rc.1", "12.7")):
        release(built(version, tonnage), home / "store")
    return home / "store"


@contextmanager
def ordinary_user() -> Iterator[Path]:
    """A folder of somebody who is not the superuser, as whom the block runs.

    What the block needs to import must have been imported before.
    """
    home = Path(tempfile.mkdtemp(prefix="rekodiq-data-tests-"))
    superuser = os.geteuid() == 0
    if superuser:
        os.chown(home, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    try:
        yield home
    finally:
        if superuser:
            os.seteuid(0)
        shutil.rmtree(home)


def flipped(path: Path, places: Iterable[int]) -> Iterator[int]:
    """For each bit among `places` in turn: the bit, while the file has it flipped in place."""
    with path.open("r+b", buffering=0) as stream:
        for place in places:
            at, mask = place // 8, 1 << (place % 8)
            stream.seek(at)
            (good,) = stream.read(1)
            for value in (good ^ mask, good):
                stream.seek(at)
                stream.write(bytes([value]))
                if value != good:
                    yield place


def one_bit_of_each_byte(path: Path) -> Iterable[int]:
    """A bit of each byte of a file, each of the eight in turn."""
    return (8 * at + at % 8 for at in range(path.stat().st_size))
