"""Every seeded error is found with its record, line, field and kind, and nothing else is."""

from __future__ import annotations

import csv
from itertools import product

import pytest
from benchmarks.generate import Options, generate

from rekodiq_data.descriptor import open_package
from rekodiq_data.formats import csv as csv_format
from rekodiq_data.judge import judge

CODES = {
    "type.number": "number",
    "type.integer": "integer",
    "type.date": "date",
    "constraint.enum": "member",
    "constraint.maximum": "range",
    "constraint.pattern": "pattern",
    "constraint.required": "required",
    "constraint.unique": "repeated_key",
    "key.foreign": "orphan",
    "check.copper": "product",
}


def truth(folder):
    with (folder / "truth.csv").open(newline="") as stream:
        return {
            (int(each["record"]), int(each["line"]), each["field"], each["kind"])
            for each in csv.DictReader(stream)
        }


def found(folder, *, jobs, block):
    with pytest.MonkeyPatch.context() as patch:
        options = {**csv_format.CsvReader.__init__.__kwdefaults__, "block_bytes": block}
        patch.setattr(csv_format.CsvReader.__init__, "__kwdefaults__", options)
        report = judge(open_package(folder), limit=0, jobs=jobs)
    issues = report.all_issues()
    assert report.errors == len(issues)
    return {
        (issue.row_number, issue.line, issue.field_name, CODES.get(issue.code, issue.code))
        for issue in issues
    }


@pytest.mark.parametrize(
    "options",
    [
        Options(3_000),
        Options(3_000, 0.001),
        Options(3_000, 0.01, hard=True),
        Options(1_500, 0.2, hard=True, ending="\r\n", final=False),
        Options(1_500, 1.0),
    ],
    ids=["clean", "one in a thousand", "hard text", "CRLF, no final line end", "all wrong"],
)
def test_all_that_is_wrong_is_found_and_nothing_else(tmp_path, options):
    generate(tmp_path, options)
    expected = truth(tmp_path)
    assert bool(expected) == bool(options.errors)
    for jobs, block in product((1, 2), (1 << 22, 50_000, 10_000)):
        assert found(tmp_path, jobs=jobs, block=block) == expected


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        Options(1_000_000),
        Options(1_000_000, 0.0001),
        Options(300_000, 0.01),
        Options(100_000, 0.01, hard=True),
        Options(100_000, 1.0, hard=True, ending="\r\n", final=False),
    ],
    ids=["clean", "one in ten thousand", "one in a hundred", "hard text", "all wrong"],
)
def test_all_that_is_wrong_is_found_in_large_tables(tmp_path, options):
    generate(tmp_path, options)
    expected = truth(tmp_path)
    assert bool(expected) == bool(options.errors)
    for jobs, block in product((1, 2), (1 << 22, 1 << 20, 1 << 18)):
        assert found(tmp_path, jobs=jobs, block=block) == expected


def test_the_same_options_give_the_same_bytes(tmp_path):
    for name in ("one", "other"):
        generate(tmp_path / name, Options(500, 0.1, hard=True))
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "other" / path.name).read_bytes()
