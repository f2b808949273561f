"""Whole processes, measured by what the operating system says of them when they have ended."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Command = Sequence[str]


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process: seconds by the clock and of processors, peak memory, exit code."""

    wall: float
    cpu: float
    peak_mib: float
    code: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Medians over some runs of one command."""

    wall: float
    cpu: float
    peak_mib: float
    runs: tuple[Run, ...]


def run_once(command: Command, environment: Mapping[str, str] | None = None) -> Run:
    """Run `command` to its end, its output thrown away."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(
        time.perf_counter() - started,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss / 1024,  # kibibytes on Linux
        process.returncode,
    )


def in_turn(
    commands: Mapping[str, Command], runs: int, *, warm: bool = True
) -> dict[str, Figures]:
    """Run all commands in turn (A B C A B C ...), so that drift meets them alike."""
    found: dict[str, list[Run]] = {name: [] for name in commands}
    for turn in range(runs + warm):
        for name, command in commands.items():
            run = run_once(command)
            if turn >= warm:
                found[name].append(run)
    return {name: figures(each) for name, each in found.items()}


def figures(runs: Sequence[Run]) -> Figures:
    """Medians of some runs."""
    return Figures(
        statistics.median(run.wall for run in runs),
        statistics.median(run.cpu for run in runs),
        statistics.median(run.peak_mib for run in runs),
        tuple(runs),
    )


def ratio(one: Figures, other: Figures) -> float:
    """Median, over pairs of runs, of how many times as long `one` takes by the clock."""
    pairs = zip(one.runs, other.runs, strict=True)
    return statistics.median(a.wall / b.wall for a, b in pairs)
