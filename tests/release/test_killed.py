"""The same from outside: a real process, killed or refused at each of its system calls."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from tests.published import built
from tests.release.interrupted import NEW, check_completed, check_interrupted, old_store

STRACE = shutil.which("strace")
CALLS = (
    "write",
    "fsync",
    "fchmod",
    "chmod",
    "mkdir",
    "rename",
    "unlink",
    "unlinkat",
    "rmdir",
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


def _run(store, call, fault, when, log):
    """Exit code of a release whose `when`-th `call` meets `fault`, and whether one did."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    result = subprocess.run(
        [
            *(STRACE, "-f", "-qq", "-o", log, "-e", f"trace={call}"),
            *("-e", f"inject={call}:{fault}:when={when}"),
            *(sys.executable, "-m", "tests.release.driver", built(*NEW), store),
        ],
        env=environment,
        check=False,
        capture_output=True,
    )
    text = log.read_text()
    return result.returncode, "INJECTED" in text or "killed by SIGKILL" in text


@pytest.mark.parametrize(("fault", "more"), FAULTS)
@pytest.mark.parametrize("call", CALLS)
def test_any_system_call_can_fail(home, tmp_path, reference, call, fault, more):
    before, after = reference
    number, touched = 0, True
    while touched:
        number += 1
        store = old_store(home / str(number), before)
        code, touched = _run(store, call, fault, f"{number}{more}", tmp_path / "log")
        assert touched or code == 0
        check_interrupted(store, before, published=code == 0)
        check_completed(store, after)
        shutil.rmtree(store)
