"""A mining block model of any size, clean or with seeded errors, and the truth about it.

The same options give the same bytes, on any machine. Run from the repository's root:

    python -m benchmarks.generate OUT --rows 1000000 --errors 0.01 --kinds number,date --hard

OUT becomes a data package: `datapackage.json`, `blocks.csv` (18 columns, about 118 bytes a
row), `sources.csv`, and `truth.csv` (record, line, field, kind of each seeded error; the header
is record 1).
"""

from __future__ import annotations

import argparse
import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.model import FIELDS, KINDS, SOURCES, descriptor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Texts = list[str]

STEP = 100_000  # rows made at a time


@dataclass(frozen=True, slots=True)
class Options:
    """What to make.

    Attributes:
        rows: records beside the header.
        errors: share of records that get one error, 0 to 1.
        kinds: kinds of error, taken in turn.
        hard: whether notes hold quoted commas, doubled quotes and line breaks.
        ending: the line end.
        final: whether the last record ends with a line end.
        seed: other numbers give other tables.
    """

    rows: int
    errors: float = 0.0
    kinds: tuple[str, ...] = tuple(KINDS)
    hard: bool = False
    ending: str = "\n"
    final: bool = True
    seed: int = 1


def generate(out: Path, options: Options) -> None:
    """Write the package and the truth about it into the folder `out`."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "datapackage.json").write_text(json.dumps(descriptor(), indent=2) + "\n")
    with (out / "sources.csv").open("w", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(
            [("source_id", "title"), *((each, f"Report {each}") for each in SOURCES)]
        )
    line = 2
    with (
        (out / "blocks.csv").open("w", newline="", encoding="utf-8") as stream,
        (out / "truth.csv").open("w", newline="") as truth_stream,
    ):
        truth = csv.writer(truth_stream, lineterminator="\n")
        truth.writerow(("record", "line", "field", "kind"))
        stream.write(",".join(FIELDS))
        for start, columns, errors in _steps(options):
            breaks = np.array([note.count("\n") for note in columns["note"]])
            lines = line + np.arange(len(breaks)) + np.cumsum(breaks) - breaks
            for row, kind in errors:
                truth.writerow((start + row + 2, int(lines[row]), KINDS[kind], kind))
            line = int(lines[-1] + breaks[-1] + 1)
            rows = map(",".join, zip(*columns.values(), strict=True))
            stream.write(options.ending + options.ending.join(rows))
        if options.final:
            stream.write(options.ending)


def _steps(options: Options) -> Iterator[tuple[int, dict[str, Texts], list[tuple[int, str]]]]:
    """First row, columns as text, and errors of each step."""
    before = ""
    for step, start in enumerate(range(0, options.rows, STEP)):
        random = np.random.Generator(np.random.PCG64([options.seed, step]))
        count = min(STEP, options.rows - start)
        columns = _columns(random, start, count, options)
        errors = list(_errors(random, start, count, options))
        original = columns["block_id"].copy()
        for row, kind in errors:
            _break(columns, row, kind, original[row - 1] if row else before)
        before = original[-1]
        yield start, columns, errors


def _columns(
    random: np.random.Generator, start: int, count: int, options: Options
) -> dict[str, Texts]:
    numbers = np.arange(start, start + count, dtype=np.int64)
    # Multiplying by an odd number modulo a power of two visits every number once, in no order.
    keys = (numbers * 2_654_435_761 + options.seed) % 2**32
    tonnage = random.integers(100_000, 2_500_000, count)  # hundredths of a tonne
    copper = random.integers(1, 2_500, count)  # thousandths of a percent
    missing = random.random((4, count)) < 0.1
    depth = random.integers(-80, 160, count) * 5
    return {
        "block_id": [f"RD-{key:08X}" for key in keys.tolist()],
        "domain": _choice(random, count, ("porphyry", "breccia", "supergene", "waste")),
        "rock_type": _choice(random, count, ("diorite", "andesite", "siltstone", "dacite")),
        "category": _choice(random, count, ("measured", "indicated", "inferred")),
        "x_m": _decimal(random.integers(4_000_000, 4_100_000, count), 10),
        "y_m": _decimal(random.integers(32_000_000, 32_100_000, count), 10),
        "z_m": [str(each) for each in depth.tolist()],
        "bench": _gaps([str(each) for each in (depth // 15).tolist()], missing[0]),
        "samples": _gaps([str(n) for n in random.integers(0, 400, count).tolist()], missing[1]),
        "density_tm3": _decimal(random.integers(2_000, 3_400, count), 1000),
        "tonnage_t": _decimal(tonnage, 100),
        "cu_pct": _decimal(copper, 1000),
        "au_gpt": _gaps(_decimal(random.integers(0, 3_000, count), 1000), missing[2]),
        "cu_tonnes": _decimal((tonnage * copper + 5_000) // 10_000, 1000),
        "modelled_on": _dates(random, count),
        "sample_code": _gaps(_codes(random, count), missing[3]),
        "note": _notes(random, count, hard=options.hard),
        "source_id": [SOURCES[each] for each in random.integers(0, len(SOURCES), count)],
    }


def _choice(random: np.random.Generator, count: int, texts: Sequence[str]) -> Texts:
    return [texts[each] for each in random.integers(0, len(texts), count).tolist()]


def _decimal(whole: NDArray[np.int64], parts: int) -> Texts:
    width = len(str(parts)) - 1
    return [f"{each // parts}.{each % parts:0{width}d}" for each in whole.tolist()]


def _gaps(texts: Texts, missing: NDArray[np.bool_]) -> Texts:
    return ["" if gap else text for text, gap in zip(texts, missing.tolist(), strict=True)]


def _dates(random: np.random.Generator, count: int) -> Texts:
    days = np.datetime64("2009-01-01") + random.integers(0, 5_500, count)
    return [str(each) for each in days.tolist()]


def _codes(random: np.random.Generator, count: int) -> Texts:
    letters, numbers = random.integers(65, 91, count), random.integers(0, 1_000_000, count)
    return [
        f"S{chr(letter)}-{number:06d}"
        for letter, number in zip(letters.tolist(), numbers.tolist(), strict=True)
    ]


_PLAIN = ("", "", "", "core lost", "re-assayed in 2012", "near fault", "oxide cap")
_HARD = (
    '"wet, broken"',
    '"called ""soft"" by the driller"',
    '"first line\nsecond, line"',
    '""',
    '"ends with a quote"""',
    "ريکوڈک",
)


def _notes(random: np.random.Generator, count: int, *, hard: bool) -> Texts:
    return _choice(random, count, (*_PLAIN, *_HARD) if hard else (*_PLAIN, '"wet, broken"'))


def _errors(
    random: np.random.Generator, start: int, count: int, options: Options
) -> Iterator[tuple[int, str]]:
    """Rows of a step that get an error, and its kind."""
    chosen = np.flatnonzero(random.random(count) < options.errors).tolist()
    repeated = -2
    for number, row in enumerate(chosen):
        kind = options.kinds[(start + number) % len(options.kinds)]
        if kind == "repeated_key":
            # The record before must keep its own key, or there would be nothing to repeat.
            if start + row == 0 or repeated == row - 1:
                continue
            repeated = row
        yield row, kind


def _break(columns: dict[str, Any], row: int, kind: str, key_before: str) -> None:
    column = columns[KINDS[kind]]
    text = column[row]
    column[row] = {
        "number": f"{text[:-1]}O",
        "integer": "12.5",
        "date": f"{text[:8]}32",
        "member": text.title(),
        "range": "7.250",
        "pattern": "SX/12",
        "required": "",
        "repeated_key": key_before,
        "orphan": "src-none",
        "product": f"9{text}",
    }[kind]


def main() -> None:
    """Read options from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--errors", type=float, default=0.0)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--hard", action="store_true")
    parser.add_argument("--crlf", action="store_true")
    parser.add_argument("--no-final-line-end", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    options = Options(
        given.rows,
        given.errors,
        tuple(given.kinds.split(",")),
        hard=given.hard,
        ending="\r\n" if given.crlf else "\n",
        final=not given.no_final_line_end,
        seed=given.seed,
    )
    generate(given.out, options)


if __name__ == "__main__":
    main()
