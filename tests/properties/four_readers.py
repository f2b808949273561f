"""Random tables of every type with the values that they mean, and how four readers give them.

What a text means is known here because the text was made from the value: nothing of the package
is asked.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq

Cell = tuple[str, Any]  # the text in the CSV file, and the value that every reader has to give
V2 = "https://datapackage.org/profiles/2.0/datapackage.json"

# Characters that somebody, somewhere, takes for the end of something.
_SHARP = list("\",;\r\n\t '\\#\x0b\x0c\x1c\x85\u2028\u2029\ufeff\u200b\u202e\x00\x1a\x7f")
_WORDS = ["NA", "null", "None", "nan", "NaN", "inf", "-", "true", "007", "1e5", "\\N", "=1+1"]


def _character(rng: Random) -> str:
    way = rng.random()
    if way < 0.3:
        return rng.choice(_SHARP)
    if way < 0.5:
        return chr(rng.randrange(0x20, 0x7F))
    while True:
        code = rng.randrange(rng.choice([0x800, 0x10000, sys.maxunicode + 1]))
        if not 0xD800 <= code <= 0xDFFF:
            return chr(code)


def _text(rng: Random) -> str:
    if rng.random() < 0.1:
        return rng.choice(_WORDS)
    return "".join(_character(rng) for _ in range(rng.randint(1, 8)))


def _string(rng: Random) -> Cell:
    text = _text(rng)
    return text, text


def _integer(rng: Random) -> Cell:
    value = rng.choice([rng.randrange(-(2 ** rng.choice([4, 31, 53, 63])), 2**63), 0, -1])
    value = max(-(2**63), value)
    return rng.choice([str(value), f"{value:+d}", f"{value:05d}"]), value


def _number(rng: Random) -> Cell:
    value = rng.choice(
        [
            round(rng.uniform(-1000, 1000), rng.randint(0, 6)),
            rng.uniform(-1, 1) * 10 ** rng.randint(-300, 300),
            float(rng.randrange(10**9)),
            0.1,
            5e-324,
            sys.float_info.max,
        ]
    )
    return rng.choice([repr(value), f"{value!r}".replace("e", "E")]), value


def _boolean(rng: Random) -> Cell:
    value = rng.random() < 0.5
    return rng.choice(
        ["true", "True", "TRUE", "1"] if value else ["false", "False", "0"]
    ), value


def _day(rng: Random) -> date:
    return date.min + timedelta(rng.randrange((date.max - date.min).days + 1))


def _date(rng: Random) -> Cell:
    value = _day(rng)
    return value.isoformat(), value


def _clock(rng: Random) -> time:
    return (datetime.min + timedelta(seconds=rng.randrange(86400))).time()


def _moment(rng: Random) -> datetime:
    fraction = rng.choice([0, 0, 500_000, rng.randrange(10**6)])
    return datetime.combine(_day(rng), _clock(rng)).replace(microsecond=fraction)


def _datetime(rng: Random) -> Cell:
    value = _moment(rng)
    return value.isoformat(), value


def _time(rng: Random) -> Cell:
    value = _clock(rng)
    return value.isoformat(), value


def _year(rng: Random) -> Cell:
    value = rng.choice(
        [rng.randint(1, 9999), rng.randint(-9999, -1), rng.randint(10000, 99999)]
    )
    return f"{value:05d}" if value < 0 else f"{value:04d}", value


def _yearmonth(rng: Random) -> Cell:
    text = f"{rng.randint(1, 9999):04d}-{rng.randint(1, 12):02d}"
    return text, text


def _duration(rng: Random) -> Cell:
    return rng.choice(
        [
            *((each, each) for each in ("P1Y", "P2M", "P3D", "PT4H", "PT5M", "PT6.5S", "-P1D")),
            *(("P12M", "P1Y"), ("PT36H", "P1DT12H"), ("P0D", "PT0S"), ("PT90S", "PT1M30S")),
        ]
    )


def _geopoint(rng: Random) -> Cell:
    lon, lat = rng.randint(-180, 180), rng.randint(-90, 90)
    return rng.choice([f"{lon}, {lat}", f"{lon},{lat}"]), f"{lon},{lat}"


def _json_value(rng: Random, depth: int = 0) -> Any:
    return rng.choice(
        [
            lambda: rng.randrange(100),
            lambda: _text(rng),
            lambda: None,
            lambda: rng.random() < 0.5,
            lambda: [_json_value(rng, depth + 1) for _ in range(rng.randint(0, 3 - depth))],
        ]
    )()


def _object(rng: Random) -> Cell:
    value = {_text(rng): _json_value(rng, 1) for _ in range(rng.randint(0, 2))}
    text = json.dumps(value, ensure_ascii=rng.random() < 0.5)
    return text, text


def _array(rng: Random) -> Cell:
    value = [_json_value(rng, 1) for _ in range(rng.randint(0, 3))]
    text = json.dumps(value, ensure_ascii=rng.random() < 0.5)
    return text, text


def _list(rng: Random) -> Cell:
    text = ",".join(
        rng.choice(["a", "b c", "é", "\u202e", "-"]) for _ in range(rng.randint(1, 3))
    )
    return text, text


def _geojson(rng: Random) -> Cell:
    point = {"type": "Point", "coordinates": [rng.randint(-180, 180), rng.randint(-90, 90)]}
    text = json.dumps(point)
    return text, text


def _german(rng: Random) -> Cell:
    value = rng.randrange(10**7) / 100
    text = f"{value:,.2f}"
    return text.translate(str.maketrans(",.", ".,")), value


def _slashed(rng: Random) -> Cell:
    value = _day(rng)
    return f"{value.day:02d}/{value.month:02d}/{value.year:04d}", value


def _euro(rng: Random) -> Cell:
    value = rng.randrange(-(10**6), 10**6)
    return rng.choice([f"{value} €", f"EUR {value}", f"{value}"]), value


def _yes(rng: Random) -> Cell:
    value = rng.random() < 0.5
    return "ja" if value else "nein", value


# A field's properties, and cells of it.
KINDS: list[tuple[dict[str, Any], Callable[[Random], Cell]]] = [
    ({"type": "string"}, _string),
    ({"type": "any"}, _string),
    ({}, _string),
    ({"type": "integer"}, _integer),
    ({"type": "integer", "bareNumber": False}, _euro),
    ({"type": "number"}, _number),
    ({"type": "number", "decimalChar": ",", "groupChar": "."}, _german),
    ({"type": "boolean"}, _boolean),
    ({"type": "boolean", "trueValues": ["ja"], "falseValues": ["nein"]}, _yes),
    ({"type": "date"}, _date),
    ({"type": "date", "format": "%d/%m/%Y"}, _slashed),
    ({"type": "datetime"}, _datetime),
    ({"type": "time"}, _time),
    ({"type": "year"}, _year),
    ({"type": "yearmonth"}, _yearmonth),
    ({"type": "duration"}, _duration),
    ({"type": "geopoint"}, _geopoint),
    ({"type": "object"}, _object),
    ({"type": "array"}, _array),
    ({"type": "list"}, _list),
    ({"type": "geojson"}, _geojson),
]


@dataclass(frozen=True)
class Table:
    """One table: its schema, its CSV text, and the columns that it means."""

    schema: dict[str, Any]
    text: str
    columns: list[list[Any]]


def table(rng: Random) -> Table:
    """A table of some columns of any kind, with gaps."""
    kinds = rng.choices(KINDS, k=rng.randint(1, 5))
    missing = rng.choice([[""], [""], ["-", ""], ["NA"]])
    names = rng.sample(
        ["a", "B b", "é", "select", "x" * 70, '"', "a,b", "1", "\u202e"], len(kinds)
    )
    fields = [{**raw, "name": name} for name, (raw, _) in zip(names, kinds, strict=True)]
    rows = []
    for _ in range(rng.choice([0, 1, 2, 5, 20])):
        cells = []
        for _raw, make in kinds:
            cell = make(rng)
            while cell[0] in missing:
                cell = make(rng)
            cells.append((rng.choice(missing), None) if rng.random() < 0.2 else cell)
        # A record of missing cells alone is a blank row, and no data.
        if len(cells) == 1 or any(text not in missing for text, _ in cells):
            rows.append(cells)
    lines = [names, *([text for text, _ in row] for row in rows)]
    text = "".join(
        ",".join('"' + cell.replace('"', '""') + '"' for cell in line) + "\n" for line in lines
    )
    columns = [[row[at][1] for row in rows] for at in range(len(kinds))]
    return Table({"fields": fields, "missingValues": missing}, text, columns)


def write(folder: Path, tables: list[Table]) -> Path:
    """One package of all the tables."""
    folder.mkdir()
    resources = []
    for number, each in enumerate(tables):
        (folder / f"t{number}.csv").write_text(each.text, "utf-8", newline="")
        resources.append(
            {"name": f"t{number}", "path": f"t{number}.csv", "schema": each.schema}
        )
    descriptor = {"$schema": V2, "name": "p", "resources": resources}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    return folder


# --- readers ---


def _plain(value: Any) -> Any:
    """A reader's value as a plain one of Python."""
    if value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    return value


def _by_pandas(path: Path) -> list[list[Any]]:
    frame = pd.read_parquet(path, dtype_backend="numpy_nullable")
    return [list(frame.iloc[:, at].astype(object)) for at in range(frame.shape[1])]


def _by_duckdb(path: Path) -> list[list[Any]]:
    relation = duckdb.read_parquet(str(path))
    rows = relation.fetchall()
    return [[row[at] for row in rows] for at in range(len(relation.columns))]


READERS: dict[str, Callable[[Path], list[list[Any]]]] = {
    "pyarrow": lambda path: [each.to_pylist() for each in pq.read_table(path).columns],
    "polars": lambda path: [each.to_list() for each in pl.read_parquet(path)],
    "duckdb": _by_duckdb,
    "pandas": _by_pandas,
}


def differences(path: Path, wanted: list[list[Any]]) -> list[str]:
    """What each reader gives otherwise."""
    found = []
    for reader, read in READERS.items():
        columns = [[_plain(value) for value in column] for column in read(path)]
        if len(columns) != len(wanted):
            found.append(f"{reader}: {len(columns)} columns")
            continue
        for at, (column, means) in enumerate(zip(columns, wanted, strict=True)):
            if len(column) != len(means):
                found.append(f"{reader}: column {at} has {len(column)} values")
                continue
            pairs = list(zip(column, means, strict=True))
            odd = next((pair for pair in pairs if not _same(*pair)), None)
            if odd:
                found.append(f"{reader}: column {at} gives {odd[0]!a} for {odd[1]!a}")
    return found


def _same(value: Any, means: Any) -> bool:
    return type(value) is type(means) and value == means
