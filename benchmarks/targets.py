"""What the engine has to reach, measured and set beside it: ratios, memory and start-up.

Each group of commands runs in turn, so that a machine that drifts meets all of them alike.
Frictionless is measured at one size and scaled: it goes record by record, and at five million
rows it would take the better part of an hour.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from benchmarks.generate import Options, generate
from benchmarks.measure import in_turn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from benchmarks.measure import Figures

FOREIGN_ROWS = 500_000  # at which Frictionless is measured
_DATE = re.compile(rb",20\d\d-\d\d-(\d\d),")


@dataclass(frozen=True)
class Sizes:
    """Rows of the block models; 0 leaves out what asks for that size."""

    middle: int = 1_000_000
    large: int = 5_000_000
    largest: int = 20_000_000


@dataclass(frozen=True, slots=True)
class Target:
    """One figure: what it is of, what was measured and asked, and whether it is held.

    `held` is None for a figure that is only stated.
    """

    what: str
    measured: str
    asked: str
    held: bool | None


class Targets:
    """Measures.

    Args:
        work: where packages and products go.
        pythons: the Python of each tool's own environment, by its name; what needs one that is
            not given is left out.
        runs: counted runs of each command.
        sizes: of the block models.
    """

    def __init__(self, work: Path, pythons: Mapping[str, str], runs: int, sizes: Sizes) -> None:
        self._work = work
        self._pythons = pythons
        self._runs = runs
        self._sizes = sizes

    def measure(self) -> list[Target]:
        """All figures."""
        found: list[Target] = []
        builds: dict[int, Figures] = {}
        for rows in (self._sizes.middle, self._sizes.large):
            if rows:
                figures = self._alone(rows)
                builds[rows] = figures["build"]
                if rows == self._sizes.large:
                    found += _limits(rows, figures)
                    found += _memory(rows, figures, 400)
        found += self._foreign(builds)
        if self._sizes.middle:
            found += self._dirty(self._sizes.middle)
        if self._sizes.largest:
            rows = self._sizes.largest
            package = made(self._work, rows, 0.0)
            ours = {"validate": self._validate(package), "build": self._build(package)}
            found += _memory(rows, in_turn(ours, 1, warm=False), 500)
        return [*found, *self._start()]

    def _alone(self, rows: int) -> dict[str, Figures]:
        package = made(self._work, rows, 0.0)
        python = self._pythons["rekodiq"]
        converted = str(self._work / "converted.parquet")
        return in_turn(
            {
                "validate": self._validate(package),
                "stream": [python, "-m", "benchmarks.peers.arrow_stream", str(package)],
                "build": self._build(package),
                "convert": [
                    python,
                    "-m",
                    "benchmarks.peers.arrow_convert",
                    str(package),
                    converted,
                ],
                "build with CSV": self._build(package, csv=True),
            },
            self._runs,
        )

    def _foreign(self, builds: Mapping[int, Figures]) -> Iterator[Target]:
        """Against Frictionless, at the sizes at which we were measured."""
        if "frictionless" not in self._pythons:
            return
        package = made(self._work, FOREIGN_ROWS, 0.0)
        python, out = self._pythons["frictionless"], str(self._work / "frictionless.csv")
        modules = {"API": "frictionless_api", "command line": "frictionless_cli"}
        figures = in_turn(
            {
                name: [python, "-m", f"benchmarks.peers.{module}", str(package), out]
                for name, module in modules.items()
            },
            1,
            warm=False,
        )
        asked = {
            self._sizes.large: {"API": 150, "command line": 50},
            self._sizes.middle: {"API": 70, "command line": 25},
        }
        for rows, ours in builds.items():
            for name, least in asked[rows].items():
                times = figures[name].wall * rows / FOREIGN_ROWS / ours.wall
                yield Target(
                    f"{rows:,} rows: `build --no-csv` against the Frictionless {name}"
                    f" ({figures[name].wall:.1f} s at {FOREIGN_ROWS:,} rows, scaled)",
                    f"{times:.0f} times as fast",
                    f"at least {least} times",
                    times >= least,
                )

    def _dirty(self, rows: int) -> Iterator[Target]:
        clean, dirty = made(self._work, rows, 0.0), made(self._work, rows, 0.01)
        dated = one_bad_date(clean, self._work / f"{rows}-one-date")
        commands = {
            "clean": self._validate(clean),
            "dirty": self._validate(dirty),
            "dated": self._validate(dated),
        }
        if "polars" in self._pythons:
            out = str(self._work / "polars.csv")
            python = self._pythons["polars"]
            commands["polars"] = [python, "-m", "benchmarks.peers.polars_hand", str(dirty), out]
        figures = in_turn(commands, self._runs)
        base = figures["clean"].wall
        for name, words, most in (
            ("dirty", "1 % of the rows wrong", 1.3),
            ("dated", "one unreadable date", 1.2),
        ):
            times = figures[name].wall / base
            yield Target(
                f"{rows:,} rows: {words}, against the same rows clean ({base:.2f} s)",
                f"{times:.2f} times the time",
                f"at most {most} times",
                times <= most,
            )
        if "polars" in figures:
            yield _at_most(
                f"{rows:,} rows: 1 % of them wrong, against polars by hand",
                figures["dirty"],
                figures["polars"].wall + 0.6,
                f"{figures['polars'].wall:.2f} + 0.6 s",
            )

    def _start(self) -> Iterator[Target]:
        python = self._pythons["rekodiq"]
        figures = in_turn(
            {
                "ten": self._validate(made(self._work, 10, 0.0)),
                "pandera": [python, "-c", "import pandera.pandas"],
                "help": [python, "-m", "rekodiq_data", "--help"],
            },
            max(self._runs, 5),
        )
        imported = figures["pandera"].wall
        yield _at_most(
            "`validate` of ten rows, against the import of pandera.pandas",
            figures["ten"],
            imported + 0.25,
            f"{imported:.2f} + 0.25 s",
        )
        yield _at_most("`--help`", figures["help"], 0.1, "0.10 s")

    def _validate(self, package: Path) -> list[str]:
        return [self._pythons["rekodiq"], "-m", "rekodiq_data", "validate", str(package)]

    def _build(self, package: Path, *, csv: bool = False) -> list[str]:
        words = [self._pythons["rekodiq"], "-m", "rekodiq_data", "build", str(package)]
        # Each in a folder of its own: to replace the other's large files takes time, too.
        words += ["--output", str(self._work / ("built-csv" if csv else "built"))]
        return words if csv else [*words, "--no-csv"]


def made(work: Path, rows: int, errors: float, **options: bool) -> Path:
    """A package of the block model, made unless it is there."""
    name = "-".join([str(rows), str(errors), *(key for key, value in options.items() if value)])
    folder = work / name
    if not (folder / "made").exists():
        generate(folder, Options(rows, errors, hard=options.get("hard", False)))
        (folder / "made").touch()
    return folder


def one_bad_date(package: Path, folder: Path) -> Path:
    """The package with one date in its middle that is none."""
    folder.mkdir(exist_ok=True)
    for name in ("datapackage.json", "sources.csv"):
        (folder / name).write_bytes((package / name).read_bytes())
    content = bytearray((package / "blocks.csv").read_bytes())
    found = _DATE.search(content, len(content) // 2)
    if found is None:
        raise AssertionError("every record has a date")
    content[found.start(1) : found.end(1)] = b"32"
    (folder / "blocks.csv").write_bytes(content)
    return folder


def written(targets: list[Target]) -> str:
    """As JSON, to be read with `read`."""
    return json.dumps([asdict(each) for each in targets], indent=1)


def read(text: str) -> list[Target]:
    """What `written` wrote."""
    return [Target(**each) for each in json.loads(text)]


def _limits(rows: int, figures: Mapping[str, Figures]) -> Iterator[Target]:
    """Against what pyarrow itself takes for the same file."""
    stream, convert = figures["stream"].wall, figures["convert"].wall
    yield _at_most(
        f"{rows:,} rows: `validate`, against a typed stream of pyarrow.csv that checks nothing",
        figures["validate"],
        1.35 * stream + 0.6,
        f"1.35 x {stream:.2f} + 0.6 s",
    )
    yield _at_most(
        f"{rows:,} rows: `build --no-csv`, against read_csv and write_table (zstd 3)",
        figures["build"],
        0.7 * convert + 0.6,
        f"0.7 x {convert:.2f} + 0.6 s",
    )
    plain, more = figures["build"], figures["build with CSV"]
    yield Target(
        f"{rows:,} rows: what canonical CSV adds to `build`",
        f"{more.wall - plain.wall:.2f} s, {more.cpu - plain.cpu:.2f} cpu s",
        "stated",
        None,
    )


def _memory(rows: int, figures: Mapping[str, Figures], most: int) -> Iterator[Target]:
    peak = max(figures[name].peak_mib for name in ("validate", "build"))
    yield Target(
        f"{rows:,} rows: peak memory of `validate` and `build --no-csv`",
        f"{peak:.0f} MiB",
        f"at most {most} MiB",
        peak <= most,
    )


def _at_most(what: str, figures: Figures, most: float, words: str) -> Target:
    return Target(
        what,
        f"{figures.wall:.2f} s ({figures.cpu:.2f} cpu s)",
        f"at most {most:.2f} s ({words})",
        figures.wall <= most,
    )
