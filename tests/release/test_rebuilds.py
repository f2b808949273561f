"""The same commit gives the same bytes, whoever builds it, wherever and whenever."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from itertools import product

import pytest

from rekodiq_data.digest import content_digests
from tests.published import built, commit, snapshot, write_project

# Folder, time zone, locale, hash seed, threads, umask: each value of each meets several others.
PLACES = ["a", "b" * 40]
ZONES = ["UTC", "Asia/Karachi", "Pacific/Chatham"]
LOCALES = ["C", "C.UTF-8"]
MACHINES = [
    *product(("0", "random"), ("1", "2"), (0o022, 0o077)),
    *product(("7",), ("2", "1"), (0o077, 0o002)),
]
RUNS = [
    (*place, *machine)
    for place, machine in zip(product(PLACES, ZONES, LOCALES), MACHINES, strict=True)
]
FAKETIME = shutil.which("faketime")

# Lists each folder backwards, whichever way the system does, and sets the threads.
SHUFFLED = """
import os, sys
real_scandir, real_listdir = os.scandir, os.listdir

class Backwards:
    def __init__(self, path):
        self._found = iter(sorted(real_scandir(path), key=lambda e: e.name)[::-1])
    def __enter__(self): return self
    def __exit__(self, *_): return None
    def __iter__(self): return self
    def __next__(self): return next(self._found)
    def close(self): pass

os.scandir = lambda path=".": Backwards(path)
os.listdir = lambda path=".": sorted(real_listdir(path))[::-1]
import pyarrow
pyarrow.set_cpu_count(int(sys.argv[3])); pyarrow.set_io_thread_count(int(sys.argv[3]))
from rekodiq_data.release import release
release(sys.argv[1], sys.argv[2], jobs=int(sys.argv[3]))
"""


def _release(home, zone="UTC", locale="C", seed="0", threads="1", mask=0o022, before=()):
    store = home / "store"
    environment = {**os.environ, "TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": seed}
    command = [*before, sys.executable, "-c", SHUFFLED, home / "project", store, threads]
    subprocess.run(command, env=environment, check=True, umask=mask)
    return snapshot(store)


def test_twelve_rebuilds_give_one_store(tmp_path):
    assert len(RUNS) == 12
    stores = []
    for number, (place, *rest) in enumerate(RUNS):
        home = tmp_path / f"{place}{number}"
        commit(write_project(home / "project"))
        stores.append(_release(home, *rest))
    assert all(store == stores[0] for store in stores)


@pytest.mark.slow
@pytest.mark.skipif(FAKETIME is None, reason="faketime is not installed")
def test_another_day_gives_the_same_bytes(tmp_path):
    """The clock of the whole process is another one, by libfaketime."""
    for name in ("now", "then"):
        commit(write_project(tmp_path / name / "project"))
    then = _release(
        tmp_path / "then",
        before=(FAKETIME, "--exclude-monotonic", "-f", "@2001-09-09 01:46:40"),
    )
    assert then == _release(tmp_path / "now")


def test_a_project_that_may_not_be_written_to_gives_the_same_bytes(tmp_path):
    home = tmp_path / "home"
    commit(write_project(home / "project"))
    reference = _release(home)
    shutil.rmtree(home / "store")
    for path in (home / "project").rglob("*"):
        if ".git" not in path.parts:
            path.chmod(0o555 if path.is_dir() else 0o444)
    assert _release(home) == reference


OLDER = "24.0.0"


@pytest.mark.slow
def test_an_older_pyarrow_writes_the_same_content(tmp_path):
    """Bytes may differ; the content digests, computed by each from its own files, do not."""
    libraries = tmp_path / "libraries"
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", libraries]
    done = subprocess.run([*install, f"pyarrow=={OLDER}"], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"pyarrow {OLDER} can't be installed here")
    code = (
        "import sys, pyarrow\n"
        f"assert pyarrow.__version__ == {OLDER!r}, pyarrow.__version__\n"
        "from rekodiq_data.build import build\n"
        "from rekodiq_data.digest import content_digests\n"
        "build(sys.argv[1], sys.argv[2])\n"
        "print(content_digests(__import__('pathlib').Path(sys.argv[2])).package)\n"
    )
    project = commit(write_project(tmp_path / "project"))
    path = os.pathsep.join([str(libraries), *filter(None, [os.environ.get("PYTHONPATH")])])
    stated = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, project, tmp_path / "older"],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert stated == content_digests(built()).package
    assert content_digests(tmp_path / "older").package == stated
