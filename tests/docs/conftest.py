"""A copy of the project that guides may change, with its environment linked in."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rekodiq_data import build, release

ROOT = Path(__file__).parents[2]
_CACHES = shutil.ignore_patterns(
    "__pycache__", ".*_cache", ".coverage*", ".git", ".venv", ".hypothesis", "*.egg-info"
)


def _left_out(folder: str, names: list[str]) -> set[str]:
    """Caches anywhere, and products at the top."""
    products = {"build", "dist", "htmlcov"} if Path(folder) == ROOT else set()
    return _CACHES(folder, names) | (products & set(names))


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the working tree, committed to a repository of its own."""
    folder = tmp_path_factory.mktemp("guides") / "rekodiq-data"
    shutil.copytree(ROOT, folder, ignore=_left_out)
    git = [
        "git",
        "-C",
        str(folder),
        "-c",
        "user.name=guide",
        "-c",
        "user.email=guide@example.org",
    ]
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "A copy"]):
        subprocess.run([*git, *words], check=True)
    _link_environment(folder)
    return folder


@pytest.fixture(scope="session")
def published(project: Path) -> Path:
    """The same with the package built and released, as `scripts/demo` does it."""
    package, store = project / "dist" / "package", project / "dist" / "store"
    if not store.exists():
        build(project, package)
        release(package, store)
    return project


def _link_environment(folder: Path) -> None:
    """A `.venv` of links to the running one, which calls itself made from the copy's lock.

    So `scripts/demo` runs whole in a test and installs nothing.
    """
    venv = folder / ".venv"
    venv.mkdir()
    for each in Path(sys.prefix).iterdir():
        if not each.name.startswith(".made-"):
            (venv / each.name).symlink_to(each)
    made = subprocess.run(
        ["bash", "-c", "source scripts/environment && made_from runtime"],
        cwd=folder,
        capture_output=True,
        check=True,
    )
    (venv / ".made-runtime").write_bytes(made.stdout)
