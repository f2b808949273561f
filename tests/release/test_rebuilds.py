"""The same commit gives the same bytes, whoever builds it, wherever and whenever."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from itertools import product
from pathlib import Path

import pyarrow
import pytest

from rekodiq_data.build import build
from rekodiq_data.diff import diff
from rekodiq_data.digest import content_digests
from rekodiq_data.release import release
from rekodiq_data.reproduce import reproduce
from rekodiq_data.verify import verify
from tests.published import commit, snapshot, write_project

# Folder, time zone, locale, hash seed, threads, umask: each value of each meets several others.
# Each run lists folders in an order of its own besides.
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

# Lists folders in an order drawn from a seed, each in another one, and sets the threads.
SHUFFLED = """
import os, random, sys
project, store, threads, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
chance = random.Random(seed)
real_scandir, real_listdir = os.scandir, os.listdir

def shuffled(found, name):
    found = sorted(found, key=name)
    chance.shuffle(found)
    return found

class Shuffled:
    def __init__(self, path):
        self._found = iter(shuffled(real_scandir(path), lambda each: each.name))
    def __enter__(self): return self
    def __exit__(self, *_): return None
    def __iter__(self): return self
    def __next__(self): return next(self._found)
    def close(self): pass

os.scandir = lambda path=".": Shuffled(path)
os.listdir = lambda path=".": shuffled(real_listdir(path), str)
import pyarrow
pyarrow.set_cpu_count(threads); pyarrow.set_io_thread_count(threads)
from rekodiq_data.release import release
release(project, store, jobs=threads)
"""


def _release(
    home, zone="UTC", locale="C", seed="0", threads="1", mask=0o022, before=(), order="0"
):
    """Bytes and mode of each file of the store that is released from the project in `home`."""
    store = home / "store"
    environment = {**os.environ, "TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": seed}
    command = [*before, sys.executable, "-c", SHUFFLED, home / "project", store, threads, order]
    subprocess.run(command, env=environment, check=True, umask=mask)
    return {path: (data, _mode(store / path)) for path, data in snapshot(store).items()}


def _mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_twelve_rebuilds_give_one_store(tmp_path):
    assert len(RUNS) == 12
    stores = []
    for number, (place, *rest) in enumerate(RUNS):
        home = tmp_path / f"{place}{number}"
        commit(write_project(home / "project"))
        stores.append(_release(home, *rest, order=str(number)))
    assert all(store == stores[0] for store in stores)


@pytest.mark.slow
@pytest.mark.skipif(FAKETIME is None, reason="faketime is not installed")
@pytest.mark.parametrize("day", ["@2001-09-09 01:46:40", "@2037-12-31 23:59:58"])
def test_another_day_gives_the_same_bytes(tmp_path, day):
    """The clock of the whole process is another one, by libfaketime.

    All its clocks: with --exclude-monotonic, libfaketime makes time.sleep fail, and whoever
    waits for git with a time limit is then told that there is no answer.
    """
    for name in ("now", "then"):
        commit(write_project(tmp_path / name / "project"))
    then = _release(tmp_path / "then", before=(FAKETIME, "-f", day))
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


# --- another pyarrow --------------------------------------------------------------------------

# The oldest that is taken; see pyproject.toml.
OLDER = "24.0.0"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def run_older(tmp_path_factory):
    """Run code with the older pyarrow, everything else as it is: what the code prints."""
    libraries = tmp_path_factory.mktemp("libraries")
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", libraries]
    done = subprocess.run(
        [*install, f"pyarrow=={OLDER}"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"pyarrow {OLDER} can't be installed here: {done.stderr[-500:]}")
    path = os.pathsep.join([str(libraries), *filter(None, [os.environ.get("PYTHONPATH")])])

    def run(code, *words):
        check = f"import sys, pyarrow\nassert pyarrow.__version__ == {OLDER!r}\n"
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", check + code, *words],
            env={**os.environ, "PYTHONPATH": path},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout

    return run


BUILD = """
from rekodiq_data.build import build
build(sys.argv[1], sys.argv[2])
"""
DIGESTS = """
from pathlib import Path
from rekodiq_data.digest import content_digests
found = content_digests(Path(sys.argv[1]))
print(found.package, *(f"{name} {digest}" for name, digest in found.tables.items()), sep="\\n")
"""


@pytest.mark.slow
@pytest.mark.parametrize("what", ["a small project", "the real data"])
def test_two_versions_of_pyarrow_write_and_read_the_same_content(tmp_path, run_older, what):
    """Each computes the content digests of its own files and of the other's: all are equal."""
    project = ROOT if what == "the real data" else write_project(tmp_path / "project")
    run_older(BUILD, project, tmp_path / "older")
    build(project, tmp_path / "newer")
    stated = [run_older(DIGESTS, tmp_path / name) for name in ("older", "newer")]
    for name in ("older", "newer"):
        found = content_digests(tmp_path / name)
        tables = [f"{table} {digest}" for table, digest in found.tables.items()]
        stated.append("\n".join([found.package, *tables]) + "\n")
    assert len(stated[0].splitlines()) > 2
    assert set(stated) == {stated[0]}
    # Two writers that write the same bytes would prove nothing.
    tables = [path.relative_to(tmp_path / "newer") for path in tmp_path.glob("newer/data/*")]
    assert tables
    assert all(
        (tmp_path / "older" / path).read_bytes() != (tmp_path / "newer" / path).read_bytes()
        for path in tables
    )
    assert verify(tmp_path / "older").valid
    changes = diff(tmp_path / "older", tmp_path / "newer")
    assert changes.is_empty


@pytest.mark.slow
def test_a_version_that_an_older_pyarrow_made_is_rebuilt_and_the_difference_said(
    tmp_path, run_older
):
    project = commit(write_project(tmp_path / "project"))
    code = (
        "from rekodiq_data.release import release\n"
        "print(release(sys.argv[1], sys.argv[2]).content_digest)\n"
    )
    store = tmp_path / "store"
    digest = run_older(code, project, store).strip()
    done = reproduce("1.0.0", store, project)
    assert done.makers == {"pyarrow": (OLDER, pyarrow.__version__)}
    assert done.content_is_equal
    assert done.holds
    assert {path for path in done.different if path.startswith("data/")} == {
        "data/estimates.parquet",
        "data/sources.parquet",
    }
    # The same content, so it is published already, whoever made it.
    again = release(project, store)
    assert (again.is_new, again.content_digest) == (False, digest)
    # A version that the newer one adds follows it, and both prove.
    write_project(tmp_path / "other", version="1.1.0", tonnage="12.6")
    commit(tmp_path / "other")
    assert release(tmp_path / "other", store).is_new
    assert verify(store).all_issues() == ()
