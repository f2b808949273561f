"""Fuzzing: packages a few steps away from sound ones, judged and built until the time is over.

    scripts/fuzz [--minutes N] [--seed N] [--keep DIR]
    scripts/fuzz --replay DIR

A finding is an unknown exception, a crash, more than 5 seconds of the processor or 400 MB above
what the process has anyway, an exit code that is not documented, control characters in what is
printed, or values that `build` writes otherwise than they were read. Each is kept as a small
package of its own.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.fuzz.bench import Answer, Bench
from tests.fuzz.folders import Folder, corpus, read_folder, write_folder
from tests.fuzz.mutations import CHANGES, mutants
from tests.fuzz.shrink import smaller

OPTIONS = [
    ["--jobs", "1"],
    ["--jobs", "1", "--format", "json", "--limit", "0"],
    ["--jobs", "2", "--format", "concise"],
    ["--jobs", "1", "--detect", "--format", "json"],
]
_BATCH = 200


class Fuzzing:
    """One run: what was tried, and what was found."""

    def __init__(self, bench: Bench, keep: Path) -> None:
        self.bench = bench
        self.keep = keep
        self.runs = 0
        self.kinds: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()
        self.found: dict[tuple[str, str], Path] = {}
        self.slowest = self.largest = 0.0

    def one(self, package: Folder, done: tuple[str, ...], options: list[str]) -> None:
        """Examine a package; keep what is found."""
        answer = self.bench.examine(package, options)
        self.runs += 1
        self.kinds.update(done[1:])
        self.codes.update(f"{command} {code}" for command, code in answer.codes.items())
        self.slowest = max(self.slowest, answer.cpu)
        self.largest = max(self.largest, answer.peak)
        for each in answer.found:
            sign = (each["kind"], each["place"])
            if sign not in self.found:
                self.found[sign] = self._keep(package, done, options, each)

    def _keep(
        self, package: Folder, done: tuple[str, ...], options: list[str], each: dict[str, str]
    ) -> Path:
        sign = (each["kind"], each["place"])

        def is_same(candidate: Folder) -> bool:
            return sign in _signs(self.bench.examine(candidate, options))

        # What is slow, or hangs, would be slow to shrink.
        if each["kind"] not in {"time", "memory", "crash"} and is_same(package):
            package = smaller(package, is_same)
        place = self.keep / f"{len(self.found):03}-{each['kind']}"
        write_folder(package, place)
        about = {"options": options, "done": done, **each}
        (place / "finding.json").write_text(json.dumps(about, indent=1), "utf-8")
        print(f"\n{each['kind']}: {each['place']}\n  after {' '.join(done)}", flush=True)
        print(f"  scripts/fuzz --replay {place}", flush=True)
        return place


def _signs(answer: Answer) -> set[tuple[str, str]]:
    return {(each["kind"], each["place"]) for each in answer.found}


def _fuzz(run: Fuzzing, minutes: float, first_seed: int) -> None:
    packages = corpus()
    started = told = time.monotonic()
    end = started + 60 * minutes
    batch = 0
    while time.monotonic() < end:

        @seed(first_seed * 1_000_003 + batch)
        @settings(
            max_examples=_BATCH,
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(mutants(packages), st.sampled_from(OPTIONS))
        def one(mutant: tuple[Folder, tuple[str, ...]], options: list[str]) -> None:
            if time.monotonic() < end:
                run.one(*mutant, options)

        one()
        batch += 1
        if time.monotonic() - told > 60:
            told = time.monotonic()
            _tell(run, told - started)
    print(f"\nseed {first_seed}, {len(packages)} packages to start from")
    _tell(run, time.monotonic() - started)
    print("changes: " + ", ".join(f"{kind} {run.kinds[kind]}" for kind in CHANGES))
    print("exit codes: " + ", ".join(f"{name}: {n}" for name, n in sorted(run.codes.items())))
    print(f"slowest {run.slowest:.1f} s, largest {run.largest:.0f} MiB above base")


def _tell(run: Fuzzing, seconds: float) -> None:
    rate = run.runs / seconds
    print(f"{run.runs} runs, {rate:.1f} a second, {len(run.found)} findings", flush=True)


def main() -> int:
    """Fuzz, or replay one finding; 1 where something was found."""
    parser = argparse.ArgumentParser(
        prog="scripts/fuzz", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=5, help="how long (default 5)")
    parser.add_argument("--seed", type=int, help="the same seed tries the same packages")
    parser.add_argument("--keep", type=Path, help="a folder for findings (default: a new one)")
    parser.add_argument("--replay", type=Path, help="examine one finding once more")
    arguments = parser.parse_args()
    keep = arguments.keep or Path(tempfile.mkdtemp(prefix="fuzz-"))
    keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        bench = Bench(Path(work))
        try:
            if arguments.replay:
                return _replay(bench, arguments.replay)
            run = Fuzzing(bench, keep)
            first = random.SystemRandom().randrange(2**31)
            _fuzz(run, arguments.minutes, first if arguments.seed is None else arguments.seed)
        finally:
            bench.close()
    print(f"findings are kept in {keep}" if run.found else "nothing was found")
    return 1 if run.found else 0


def _replay(bench: Bench, place: Path) -> int:
    package = read_folder(place)
    about = json.loads(package.pop("finding.json", b'{"options": []}'))
    answer = bench.examine(package, about["options"])
    print(f"exit codes {answer.codes}, {answer.cpu:.1f} s, {answer.peak:.0f} MiB above base")
    for each in answer.found:
        print(f"\n{each['kind']}: {each['place']}\n{each['detail']}")
    return 1 if answer.found else 0


if __name__ == "__main__":
    sys.exit(main())
