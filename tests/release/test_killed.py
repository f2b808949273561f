"""The same from outside: a real process, killed or refused at each of its system calls."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys

import pytest

from tests.published import built
from tests.release.driver import FAILED, PUBLISHED, REFUSED
from tests.release.interrupted import NEW, check_completed, check_interrupted, old_store

STRACE = shutil.which("strace")
# Each call is made to fail at its first use, its second, and so on until a run is untouched.
CALLS = (
    *("write", "fsync", "fchmod", "chmod", "mkdir", "rename", "unlink", "rmdir"),
    "flock",
)
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


def _run(releaser, store, call, fault, when, log):
    """Exit code of a release whose `when`-th `call` meets `fault`, and whether one did."""
    print(built(*NEW), store, sep="\t", file=releaser.stdin, flush=True)
    child = int(releaser.stdout.readline())
    rules = ["-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={when}"]
    with subprocess.Popen(
        [STRACE, "-f", "-o", log, *rules, "-p", str(child)], stderr=subprocess.PIPE, text=True
    ) as strace:
        said = strace.stderr.readline()
        assert "attached" in said, said
        os.kill(child, signal.SIGCONT)
        code = int(releaser.stdout.readline())
        strace.communicate()
    text = log.read_text()
    return code, "INJECTED" in text or "killed by SIGKILL" in text


@pytest.mark.parametrize(("fault", "more"), FAULTS)
@pytest.mark.parametrize("call", CALLS)
def test_any_system_call_can_fail(home, tmp_path, reference, releaser, call, fault, more):
    before, after = reference
    number, touched = 0, True
    while touched:
        number += 1
        store = old_store(home / str(number), before)
        code, touched = _run(releaser, store, call, fault, f"{number}{more}", tmp_path / "log")
        assert code in {PUBLISHED, REFUSED, FAILED, -signal.SIGKILL}
        assert touched or code == PUBLISHED
        check_interrupted(store, before, published=code == PUBLISHED)
        check_completed(store, after)
        shutil.rmtree(store)
    assert number > 1, f"no {call} was seen: it does not prove anything here"
