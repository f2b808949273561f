"""The real data, built once for all tests of a process."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rekodiq_data.build import build

PROJECT = Path(__file__).parents[2]


def files_of(folder: Path) -> dict[str, bytes]:
    """All files below a folder, by their path."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, so that nobody who edits it meanwhile is in the way."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(PROJECT / "schemas", folder / "schemas")
    shutil.copytree(
        PROJECT / "datapackage",
        folder / "datapackage",
        ignore=shutil.ignore_patterns("releases"),
    )
    return folder


@pytest.fixture(scope="session")
def built(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both built packages of the real data."""
    out = tmp_path_factory.mktemp("built") / "out"
    build(project, out)
    return out
