"""The same from outside: a real process, killed or refused at each of its system calls."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys

import pytest

from tests.published import built, commit, snapshot, write_project
from tests.release.driver import FAILED, PUBLISHED, REFUSED
from tests.release.interrupted import NEW, check_completed, check_interrupted, old_store

STRACE = shutil.which("strace")
# Each call is made to fail at its first use, its second, and so on until a run is untouched.
CALLS = (
    *("openat", "write", "fsync", "fchmod", "chmod", "mkdir", "rename", "unlink", "rmdir"),
    "flock",
)
# A project is built in the store's staging folder first, and that is thrown away at the end.
BUILDING = ("write", "fsync", "mkdir", "rename", "unlink", "unlinkat")
# All calls of Linux that change what a folder or a file holds, or how it is protected.
CHANGING = {
    *("write", "pwrite64", "writev", "pwritev", "pwritev2", "sendfile", "splice"),
    *("copy_file_range", "fallocate", "truncate", "ftruncate", "creat", "mknod", "mknodat"),
    *("mkdir", "mkdirat", "rename", "renameat", "renameat2", "unlink", "unlinkat", "rmdir"),
    *("link", "linkat", "symlink", "symlinkat", "chmod", "fchmod", "fchmodat", "fchmodat2"),
    *("chown", "fchown", "lchown", "fchownat", "utime", "utimes", "utimensat", "futimesat"),
    *("setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr"),
    *("fsync", "fdatasync", "sync", "syncfs", "sync_file_range", "msync", "openat2"),
    *("io_submit", "io_uring_enter", "flock"),
}
# The n-th call alone, and it with all after it ("+"). A process is killed only once.
FAULTS = [
    ("signal=KILL", ""),
    ("error=ENOSPC", ""),
    ("error=ENOSPC", "+"),
    ("error=EIO", ""),
    ("error=EIO", "+"),
]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(STRACE is None, reason="strace is not installed"),
]


@pytest.fixture(scope="module")
def releaser():
    """A process that forks one ready to release, as often as it is asked."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.release.driver"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.stdin.close()
        process.wait()


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The project whose package `built(*NEW)` is."""
    version, tonnage = NEW
    home = tmp_path_factory.mktemp("project")
    return commit(write_project(home / "project", version=version, tonnage=tonnage))


def _traced(releaser, source, store, log, *rules):
    """Exit code of a release of `source` under strace, which writes to `log`."""
    print(source, store, sep="\t", file=releaser.stdin, flush=True)
    child = int(releaser.stdout.readline())
    with subprocess.Popen(
        [STRACE, "-f", "-o", log, *rules, "-p", str(child)], stderr=subprocess.PIPE, text=True
    ) as strace:
        said = strace.stderr.readline()
        assert "attached" in said, said
        os.kill(child, signal.SIGCONT)
        code = int(releaser.stdout.readline())
        strace.communicate()
    return code


def _run(releaser, source, store, call, fault, when, log):
    """Exit code of a release whose `when`-th `call` meets `fault`, and whether one did."""
    rules = ("-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={when}")
    code = _traced(releaser, source, store, log, *rules)
    text = log.read_text()
    return code, "INJECTED" in text or "killed by SIGKILL" in text


def _fail_each(releaser, source, home, log, states, call, fault, more):
    """Make the first such call fail, then the second and so on, until a run is untouched."""
    before, after = states
    number, touched = 0, True
    while touched:
        number += 1
        store = old_store(home / str(number), before)
        code, touched = _run(releaser, source, store, call, fault, f"{number}{more}", log)
        assert code in {PUBLISHED, REFUSED, FAILED, -signal.SIGKILL}
        assert touched or code == PUBLISHED
        check_interrupted(store, before, published=code == PUBLISHED)
        check_completed(store, after)
        shutil.rmtree(store)
    assert number > 1, f"no {call} was seen: it does not prove anything here"


@pytest.mark.parametrize(("fault", "more"), FAULTS)
@pytest.mark.parametrize("call", CALLS)
def test_any_system_call_can_fail(home, tmp_path, reference, releaser, call, fault, more):
    source, log = built(*NEW), tmp_path / "log"
    _fail_each(releaser, source, home, log, reference, call, fault, more)


@pytest.mark.parametrize(("fault", "more"), [FAULTS[0], FAULTS[2], FAULTS[3]])
@pytest.mark.parametrize("call", BUILDING)
def test_any_system_call_can_fail_while_a_project_is_built_and_released(
    home, tmp_path, reference, releaser, project, call, fault, more
):
    _fail_each(releaser, project, home, tmp_path / "log", reference, call, fault, more)


@pytest.mark.parametrize("what", ["package", "project"])
def test_no_other_call_changes_the_store(home, tmp_path, reference, releaser, project, what):
    """What the tests above make fail is all that there is: no link, say, is ever made."""
    store, log = old_store(home / "store", reference[0]), tmp_path / "log"
    source = project if what == "project" else built(*NEW)
    assert _traced(releaser, source, store, log, "-y") == PUBLISHED
    assert snapshot(store) == reference[1]
    calls = re.findall(r"^\d+ +(\w+)\((.*)$", log.read_text(), re.MULTILINE)
    assert len(calls) > 500
    seen = {name for name, words in calls if name in CHANGING and str(store) in words}
    assert seen <= {*CALLS, *(BUILDING if what == "project" else ())}
    assert seen >= {"write", "fsync", "fchmod", "mkdir", "rename", "unlink", "flock"}
