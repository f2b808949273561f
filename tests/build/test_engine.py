"""What is built does not depend on how the table was cut, or by how many threads."""

from __future__ import annotations

import json

import pytest

from rekodiq_data.build import build
from rekodiq_data.formats import csv as csv_format

FIELDS = [
    {"name": "id", "type": "integer", "constraints": {"required": True}},
    {"name": "kind", "type": "string", "constraints": {"enum": ["a", "b", 'c "d", e']}},
    {"name": "grade", "type": "number", "constraints": {"minimum": 0}},
    {"name": "day", "type": "date"},
    {"name": "note", "type": "string"},
]


def rows(count, *, ascending=True):
    kinds = ("a", "b", '"c ""d"", e"', "")
    for number in range(count):
        shown = number if ascending else count - number
        note = '"two\nlines, each"' if number % 7 == 0 else f"n{number % 5}"
        day = f"2024-01-{number % 28 + 1:02d}"
        yield f"{shown},{kinds[number % 4]},{number % 100}.{number % 9 + 1},{day},{note}"


def package(folder, lines):
    folder.mkdir()
    (folder / "t.csv").write_text("\n".join(["id,kind,grade,day,note", *lines]) + "\n")
    schema = {"fields": FIELDS, "primaryKey": ["id"]}
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "p",
        "resources": [{"name": "t", "type": "table", "path": "t.csv", "schema": schema}],
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    return folder


def built(source, out, *, block, jobs):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_format.CsvReader.__init__, "__kwdefaults__", {"block_bytes": block})
        build(source, out, jobs=jobs)
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("ascending", [True, False])
def test_bytes_do_not_depend_on_blocks_or_threads(tmp_path, ascending):
    source = package(tmp_path / "source", rows(1_000, ascending=ascending))
    whole = built(source, tmp_path / "whole", block=1 << 20, jobs=1)
    for block, jobs in ((500, 1), (500, 3), (4_000, 2)):
        assert built(source, tmp_path / f"{block}-{jobs}", block=block, jobs=jobs) == whole
    assert {"data/t.parquet", "csv/t.csv", "SHA256SUMS"} <= set(whole)


def test_digests_taken_while_writing_are_those_of_the_files(tmp_path):
    from rekodiq_data.verify import verify

    source = package(tmp_path / "source", rows(50))
    build(source, tmp_path / "out")
    assert verify(tmp_path / "out").valid
