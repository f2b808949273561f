"""What is looked at in one package: how `validate` and `build` end, say and keep values."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import shutil
import traceback
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from rekodiq_data import cli
from rekodiq_data.build import build
from rekodiq_data.descriptor import open_package
from rekodiq_data.errors import RekodiqError
from rekodiq_data.judge import judge

CODES = {0, 1, 2, 3}
_COLOURS = re.compile(r"\x1b\[(?:0|1|2|3[0-7])m")  # the sequences that are ours


@dataclass(frozen=True)
class Found:
    """One finding: its kind, where (for telling two of a kind apart), and everything known."""

    kind: str
    place: str
    detail: str


@dataclass
class Examined:
    """How a package went: exit codes by command, and what is wrong with that."""

    codes: dict[str, int] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)

    def add(self, kind: str, place: str, detail: str) -> None:
        """Remember a finding."""
        self.found.append(Found(kind, place, detail))


def examine(folder: Path, options: list[str]) -> Examined:
    """Judge the package in `folder` with some options of `validate`; build what is accepted."""
    result = Examined()
    code, text = _run(result, ["validate", str(folder), *options])
    if code in (0, 1) and "json" in options and _verdict(text) != (code == 0):
        result.add("exit-code", "json", f"exit code {code} and the report\n{text[:2000]}")
    if code == 0:
        try:
            _build(result, folder)
        except Exception as error:
            result.add("traceback", _place(error), traceback.format_exc())
    return result


def _run(result: Examined, words: list[str]) -> tuple[int, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        # Without --color all sequences would be stripped, those of the data too.
        code = cli.run(["--color", "always", *words])
    result.codes[words[0]] = code
    said = err.getvalue()
    if code not in CODES:
        result.add("exit-code", f"{words[0]} {code}", said)
    if "internal error" in said or "Traceback" in said:
        _explain(result, words, said)
    elif "Warning:" in said:
        result.add("warning", said[:200], said)
    for name, text in (("output", out.getvalue()), ("errors", said)):
        # JSON is for programs, and may hold what does not show.
        kinds = {"Cc", "Cs"} if "json" in words else {"Cc", "Cf", "Cs"}
        plain = _COLOURS.sub("", text)
        if odd := sorted({each for each in plain if _is_control(each, kinds)}):
            result.add("control", f"{words[0]} {name}", f"{odd!a} in\n{plain[:4000]!a}")
    return code, _COLOURS.sub("", out.getvalue())


def _explain(result: Examined, words: list[str], said: str) -> None:
    """Run once more to see the traceback."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            cli.run(["--debug", *words])
    except Exception as error:
        result.add("traceback", _place(error), traceback.format_exc())
        return
    result.add("traceback", re.sub(r"\d+", "N", said[:120]), said)


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [each for each in frames if "rekodiq_data" in each.filename] or list(frames)
    last = ours[-1]
    return f"{type(error).__name__} {Path(last.filename).name}:{last.lineno}"


def _is_control(character: str, kinds: set[str]) -> bool:
    return character not in "\n\t" and unicodedata.category(character) in kinds


def _verdict(text: str) -> bool | None:
    try:
        return bool(json.loads(text)["valid"])
    except (ValueError, KeyError, TypeError):
        return None


# --- values ---


class _Kept:
    """A sink that keeps what the judge read."""

    def __init__(self) -> None:
        self.tables: list[pa.Table] = []

    def prepare(self, records: pa.Table) -> pa.Table:
        return records

    def write(self, prepared: pa.Table) -> None:
        self.tables.append(prepared)

    def finish(self) -> None:
        """All of it is kept already."""


def _read(path: Path) -> dict[str, list[tuple[str, ...]]] | None:
    """Records of each table as the judge reads them, sorted; None where it finds faults."""
    sinks: dict[str, _Kept] = {}
    report = judge(
        open_package(path), sinks=lambda each: sinks.setdefault(each.name, _Kept()), jobs=1
    )
    if not report.valid:
        return None
    return {name: _records(sink.tables) for name, sink in sinks.items()}


def _records(tables: list[pa.Table]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for table in tables:
        columns = [column.to_pylist() for column in table.columns]
        rows.extend(tuple(map(repr, row)) for row in zip(*columns, strict=True))
    return sorted(rows)


def _build(result: Examined, folder: Path) -> None:
    out = folder.with_name(folder.name + "-built")
    shutil.rmtree(out, ignore_errors=True)
    try:
        build(folder, out)
    except RekodiqError:
        result.codes["build"] = 1
        return
    result.codes["build"] = 0
    read = _read(folder)
    if read is None:
        result.add("values", "verdict", "built, and found invalid when read once more")
        return
    files = {name: _records([pq.read_table(out / f"data/{name}.parquet")]) for name in read}
    for kind, other in (
        ("parquet", files),
        ("parquet-package", _read(out)),
        ("csv-package", _read(out / "csv")),
    ):
        if other is None:
            report = judge(open_package(out / "csv" if kind.startswith("csv") else out))
            issues = [str(each) for each in report.all_issues()][:5]
            result.add("values", f"{kind} invalid", "\n".join(issues))
        elif other != read:
            name = next((each for each in read if other.get(each) != read[each]), "")
            pairs = zip(read[name], other.get(name, []), strict=False)
            first = next((pair for pair in pairs if pair[0] != pair[1]), "another count")
            result.add("values", kind, f"{name}: {first!a}")
    _compare_texts(result, folder, read)


def _compare_texts(
    result: Examined, folder: Path, read: dict[str, list[tuple[str, ...]]]
) -> None:
    """String columns of plain CSV files against the csv module, which knows nothing of us."""
    for resource in open_package(folder).resources:
        schema, raw = resource.schema, resource.raw
        plain = {"name", "path", "schema", "type", "profile", "$schema", "title", "description"}
        if schema is None or set(raw) - plain or len(resource.paths) != 1:
            continue
        path = folder / resource.paths[0]
        if path.suffix != ".csv":
            continue
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = [row for row in csv.reader(stream, strict=True) if row]
        if not rows or rows[0] != list(schema.names) or any("\r" in "".join(r) for r in rows):
            continue
        for at, each in enumerate(schema.fields):
            if each.type != "string":
                continue
            missing = schema.missing_values_of(each)
            wanted = sorted(
                repr(None if row[at] in missing else row[at])
                for row in rows[1:]
                if not set(row) <= set(missing) or len(row) == 1
            )
            if wanted != sorted(row[at] for row in read[resource.name]):
                result.add("values", "texts", f"{resource.name}, {each.name!a}")
