"""A process that examines packages until it is told to stop, within limits of memory.

Reads one JSON line a package from standard input and answers with one.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from dataclasses import asdict
from pathlib import Path

MIB = 1024 * 1024
ALLOWED = 400  # MiB above what the process has before it judges
# MiB of private memory, where the system itself says no. Allocators reserve much more than they
# use, so that what counts is the resident peak.
_HARD = 4096


def _status(key: str) -> float:
    """A figure of /proc/self/status, MiB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{key}:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def main() -> None:
    """Examine what is asked for."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    from tests.fuzz.examine import Found, examine

    resource.setrlimit(resource.RLIMIT_DATA, (_HARD * MIB, _HARD * MIB))
    answers.write("ready\n")
    answers.flush()
    for line in sys.stdin:
        task = json.loads(line)
        _forget_peak()
        before, used = _status("VmRSS"), time.process_time()
        result = examine(Path(task["folder"]), task["options"])
        used, peak = time.process_time() - used, _status("VmHWM") - before
        if peak > ALLOWED:
            result.found.append(Found("memory", "peak", f"{peak:.0f} MiB above base"))
        answer = {"codes": result.codes, "cpu": used, "peak": peak, "base": before}
        answers.write(json.dumps(answer | {"found": [asdict(each) for each in result.found]}))
        answers.write("\n")
        answers.flush()


if __name__ == "__main__":
    main()
