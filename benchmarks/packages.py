"""Whole processes over a folder of packages: ours and `frictionless validate`, in turn.

    python -m benchmarks.packages FOLDER --python rekodiq=PATH --python frictionless=PATH

FOLDER holds one package a subfolder, or is one. Small packages are bound by what a process
imports, so that bytecode is cached for both: each command runs once unmeasured before.
"""

from __future__ import annotations

import argparse
import os
import statistics
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import Figures, in_turn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OURS, THEIRS = "rekodiq", "frictionless"
MODULES = {OURS: "rekodiq_data", THEIRS: "frictionless"}
_DESCRIPTORS = ("datapackage.json", "datapackage.yaml", "datapackage.yml")


def descriptors(folder: Path) -> list[Path]:
    """The descriptor of each package directly below `folder`, or its own."""
    folders = [folder, *sorted(each for each in folder.iterdir() if each.is_dir())]
    found = [each / name for each in folders for name in _DESCRIPTORS]
    return [each for each in found if each.is_file()]


def compared(pythons: Mapping[str, str], package: Path, runs: int) -> dict[str, Figures]:
    """Both tools on one package, in turn."""
    commands = {
        name: [pythons[name], "-m", module, "validate", str(package)]
        for name, module in MODULES.items()
    }
    return in_turn(commands, runs)


def total_ratio(found: Sequence[Mapping[str, Figures]]) -> float:
    """How many times as long ours takes for all packages: the median over the turns."""
    turns = [
        {name: [each[name].runs[turn].wall for each in found] for name in MODULES}
        for turn in range(min(len(each[OURS].runs) for each in found))
    ]
    return statistics.median(sum(turn[OURS]) / sum(turn[THEIRS]) for turn in turns)


def main() -> None:
    """Read options, measure, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--python", action="append", default=[], metavar="NAME=PATH")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    pythons = dict(each.split("=", 1) for each in given.python)
    found = []
    for package in descriptors(given.folder):
        found.append(compared(pythons, package, given.runs))
        ours, theirs = found[-1][OURS], found[-1][THEIRS]
        figures = (
            f"{ours.wall:7.2f} {theirs.wall:7.2f} s  {ours.cpu:7.2f} {theirs.cpu:7.2f} cpu"
        )
        print(f"{figures}  {ours.wall / theirs.wall:5.2f}  {package.parent.name}", flush=True)
    sums = {name: sum(each[name].wall for each in found) for name in MODULES}
    print(f"{len(found)} packages: {sums[OURS]:.1f} s against {sums[THEIRS]:.1f} s")
    print(f"{total_ratio(found):.2f} times as long, median of {given.runs} turns")


if __name__ == "__main__":
    main()
