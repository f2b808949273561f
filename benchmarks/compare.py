"""Two commits, by paired runs of the same command: is the new one slower?

    python -m benchmarks.compare OLD NEW PACKAGE [--runs 5] [--at-most 1.1]

Each commit is checked out into a folder of its own; the libraries are those of the Python that
runs this. Runs alternate, so that a machine that drifts meets both alike. Ends with 1 where the
median ratio of the pairs is over `--at-most`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Figures, figures, ratio, run_once


def compare(old: Path, new: Path, package: Path, runs: int) -> tuple[Figures, Figures]:
    """Figures of `validate PACKAGE` by the sources in two folders, in turn."""
    found: tuple[list[object], list[object]] = ([], [])
    for turn in range(runs + 1):
        for source, into in zip((old, new), found, strict=True):
            run = run_once(
                [sys.executable, "-m", "rekodiq_data", "validate", str(package)],
                {"PYTHONPATH": str(source / "src"), "PATH": ""},
            )
            if turn:  # the first one warms up
                into.append(run)
    return figures(found[0]), figures(found[1])  # type: ignore[arg-type]


def main() -> int:
    """Read options, compare, and say it in two lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("package", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--at-most", type=float, default=1.1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sources: list[Path] = []
        for name in (given.old, given.new):
            source = Path(folder, str(len(sources)))
            source.mkdir()
            archive = subprocess.run(
                ["git", "archive", name, "src"], check=True, capture_output=True
            )
            subprocess.run(["tar", "-x", "-C", source], input=archive.stdout, check=True)
            sources.append(source)
        one, other = compare(sources[0], sources[1], given.package, given.runs)
    for name, each in ((given.old, one), (given.new, other)):
        print(f"{name}: {each.wall:.2f} s, {each.cpu:.2f} cpu s, {each.peak_mib:.0f} MiB")
    times = ratio(other, one)
    print(f"{given.new} takes {times:.2f} times as long, {given.at_most} is allowed")
    return int(times > given.at_most)


if __name__ == "__main__":
    sys.exit(main())
