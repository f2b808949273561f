"""Several maintainers at once: one winner per number, a straight history."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time

import pytest

from rekodiq_data.release import release
from rekodiq_data.verify import verify
from tests.published import built, snapshot
from tests.release.driver import PUBLISHED, REFUSED


def _start(version, tonnage, store):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.release.driver", built(version, tonnage), store]
    )


def test_of_two_that_release_other_content_at_once_one_wins(tmp_path):
    processes = [_start("1.0.0", tonnage, tmp_path / "store") for tonnage in ("1", "2")]
    codes = [process.wait() for process in processes]
    assert sorted(codes) == [PUBLISHED, REFUSED]
    assert verify(tmp_path / "store").all_issues() == ()
    winner = built("1.0.0", "12"[codes.index(PUBLISHED)])
    assert not release(winner, tmp_path / "store").is_new


def test_two_that_release_the_same_content_at_once_both_succeed(tmp_path):
    processes = [_start("1.0.0", "1", tmp_path / "store") for _ in range(2)]
    assert [process.wait() for process in processes] == [PUBLISHED, PUBLISHED]
    assert verify(tmp_path / "store").all_issues() == ()


def test_a_lock_ends_with_its_holder(tmp_path):
    release(built("1.0.0", "1"), tmp_path / "store")
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time\n"
            "from pathlib import Path\n"
            "from rekodiq_data.files import durable\n"
            "with durable.lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(600)",
            tmp_path / "store",
        ],
        stdout=subprocess.PIPE,
    )
    assert holder.stdout.readline() == b"held\n"
    waiting = _start("1.1.0", "2", tmp_path / "store")
    with pytest.raises(subprocess.TimeoutExpired):
        waiting.wait(3)
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert waiting.wait(60) == PUBLISHED
    assert verify(tmp_path / "store").all_issues() == ()


# Ten rounds, and two hundred in the slow suite.
SLOW = [pytest.param(seed, marks=pytest.mark.slow) for seed in range(10, 200)]


@pytest.mark.parametrize("seed", [*range(10), *SLOW])
def test_four_processes_that_are_stopped_and_killed_never_mix(tmp_path, seed):
    """Other content under one number by four at once, with random signals."""
    chance = random.Random(seed)
    store = tmp_path / "store"
    release(built("1.0.0", "1"), store)
    old = snapshot(store / "v1.0.0")
    processes = [_start("1.1.0", str(tonnage), store) for tonnage in range(2, 6)]
    for process in chance.sample(processes, 2):
        time.sleep(chance.uniform(0, 0.5))
        process.send_signal(chance.choice([signal.SIGKILL, signal.SIGSTOP]))
    time.sleep(0.2)
    for process in processes:
        process.send_signal(signal.SIGCONT)
    codes = [process.wait() for process in processes]
    assert codes.count(PUBLISHED) <= 1
    assert set(codes) <= {PUBLISHED, REFUSED, -signal.SIGKILL}
    assert snapshot(store / "v1.0.0") == old
    assert verify(store).valid
    # Whoever comes next finds a whole store, whatever was left.
    release(built("1.2.0", "9"), store)
    assert verify(store).all_issues() == ()
