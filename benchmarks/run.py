"""This package and its peers on the block model: time, memory, and what each of them found.

    python -m benchmarks.run WORK --python NAME=PATH ... [--rows N] [--runs N] [--only ...]

WORK holds the generated packages and the results. `--python` names the Python of each peer's
own environment (`frictionless=/envs/frictionless/bin/python`); a peer without one is left out.
With `--targets`, what the engine has to reach is measured too (or, with `--rows 0`, alone), in
half an hour.
The table goes to `docs/benchmarks.md` with `--write`; without, it is printed.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import targets
from benchmarks.measure import Figures, in_turn, ratio
from benchmarks.report import document
from benchmarks.targets import Sizes, Targets, made

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).parent.parent
OURS = "rekodiq-data"

# Name, environment that it needs, module in `peers`.
PEERS = (
    (OURS, "rekodiq", "rekodiq"),
    ("polars, by hand", "polars", "polars_hand"),
    ("duckdb, by hand", "duckdb", "duckdb_hand"),
    ("dataframely", "dataframely", "dataframely_rules"),
    ("pointblank", "pointblank", "pointblank_rules"),
    ("pandera on pandas", "pandera", "pandera_pandas"),
    ("great-expectations", "great-expectations", "great_expectations_rules"),
    ("frictionless API", "frictionless", "frictionless_api"),
    ("frictionless command line", "frictionless", "frictionless_cli"),
)


@dataclass(frozen=True, slots=True)
class Score:
    """What a tool found of the seeded errors: by record, field and kind."""

    seeded: int
    found: int
    missed: int
    false: int


def score(package: Path, findings: Path) -> Score:
    """Compare a tool's findings with the truth."""
    with (package / "truth.csv").open(newline="") as stream:
        truth = {(row["record"], row["field"], row["kind"]) for row in csv.DictReader(stream)}
    found = set()
    if findings.exists():
        with findings.open(newline="") as stream:
            found = {(record, field, kind) for record, _line, field, kind in csv.reader(stream)}
    return Score(len(truth), len(truth & found), len(truth - found), len(found - truth))


def commands(
    pythons: Mapping[str, str], package: Path, work: Path, jobs: int, only: Sequence[str]
) -> dict[str, list[str]]:
    """The command of each peer whose environment is known."""
    found = {}
    for name, environment, module in PEERS:
        if environment in pythons and (not only or environment in only):
            words = [pythons[environment], "-m", f"benchmarks.peers.{module}", str(package)]
            words.append(str(work / f"{module}.csv"))
            found[name] = [*words, *([str(jobs)] if name == OURS else [])]
    return found


def measured(
    pythons: Mapping[str, str],
    package: Path,
    work: Path,
    runs: int,
    jobs: int,
    only: Sequence[str],
) -> dict[str, tuple[Figures, Score, float]]:
    """Figures, score and times as long as ours, of every peer on one package."""
    asked = commands(pythons, package, work, jobs, only)
    for _name, _environment, module in PEERS:
        (work / f"{module}.csv").unlink(missing_ok=True)
    results = in_turn(asked, runs, warm=runs > 1)
    modules = {name: module for name, _environment, module in PEERS}
    return {
        name: (
            figures,
            score(package, work / f"{modules[name]}.csv"),
            ratio(figures, results[OURS]),
        )
        for name, figures in results.items()
    }


def main() -> None:
    """Read options, measure, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--python", action="append", default=[], metavar="NAME=PATH")
    parser.add_argument("--rows", type=int, action="append")
    parser.add_argument("--errors", type=float, action="append")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=min(4, os.cpu_count() or 1))
    parser.add_argument("--only", default="", help="environments, by comma")
    parser.add_argument("--hard", action="store_true")
    parser.add_argument("--targets", action="store_true")
    parser.add_argument("--middle", type=int, default=Sizes.middle)
    parser.add_argument("--large", type=int, default=Sizes.large)
    parser.add_argument("--largest", type=int, default=Sizes.largest)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    pythons = dict(each.split("=", 1) for each in given.python)
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    # Without bytecode, every run would compile our own sources, and no peer's.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    kept = given.work / "results.json"
    results = json.loads(kept.read_text()) if kept.exists() else {}
    aims = given.work / "targets.json"
    if given.targets:
        sizes = Sizes(given.middle, given.large, given.largest)
        aims.write_text(
            targets.written(Targets(given.work, pythons, given.runs, sizes).measure())
        )
    for rows in filter(None, given.rows or [100_000]):
        for errors in given.errors or [0.01]:
            package = made(given.work, rows, errors, hard=given.hard)
            only = [each for each in given.only.split(",") if each]
            found = measured(pythons, package, given.work, given.runs, given.jobs, only)
            title = f"{rows:,} rows, {errors:.2%} of them with an error"
            title += ", hard text" if given.hard else ""
            results[title] = {
                name: {
                    "wall": figures.wall,
                    "cpu": figures.cpu,
                    "peak": figures.peak_mib,
                    "runs": len(figures.runs),
                    "codes": [run.code for run in figures.runs],
                    "times": times,
                    "seeded": scored.seeded,
                    "found": scored.found,
                    "missed": scored.missed,
                    "false": scored.false,
                }
                for name, (figures, scored, times) in found.items()
            }
    kept.write_text(json.dumps(results, indent=1))
    machine = f"{os.cpu_count()} processors, Python {platform.python_version()}, {date.today()}"
    libraries = ", ".join(
        f"{name} {version(name)}" for name in ("pyarrow", "pandas", "pandera")
    )
    text = document(
        targets.read(aims.read_text()) if aims.exists() else [], results, machine, libraries
    )
    if given.write:
        (ROOT / "docs" / "benchmarks.md").write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
