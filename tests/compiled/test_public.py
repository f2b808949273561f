"""`pandera_schema`: the compiled schema in the hands of people, with frames of their own."""

from __future__ import annotations

import csv
import warnings
from functools import cache
from pathlib import Path

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pytest

from rekodiq_data import lexical, pandera_schema
from rekodiq_data.compiled.public import public_schema
from rekodiq_data.descriptor import open_package
from rekodiq_data.descriptor.model import Schema
from rekodiq_data.errors import WrongCall
from rekodiq_data.frames import to_frame

from .chunks import ruled

PROJECT = Path(__file__).parents[2]
TABLES = sorted(path.stem for path in (PROJECT / "schemas").glob("*.yaml"))


@cache
def schema_of(name: str) -> pandera.DataFrameSchema:
    return pandera_schema(name, PROJECT)


@cache
def _table(name: str) -> pa.Table:
    """A raw table of the project, typed."""
    schema = open_package(PROJECT).resource(name).schema
    assert schema is not None
    path = PROJECT / "datapackage" / "raw" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    columns = []
    for field in schema.fields:
        text = pa.array([row[field.name] or None for row in rows], pa.string())
        parsed = lexical.parse(text, field)
        assert not parsed.bad.any()
        assert not parsed.wide
        columns.append(parsed.values)
    return pa.table(columns, schema=lexical.arrow_schema(schema))


def frame_of(name: str) -> pd.DataFrame:
    """A table of the project as `load` gives it."""
    return to_frame(_table(name))


def failures(name: str, frame: pd.DataFrame) -> set[tuple[str, str, object]]:
    """Column, check and index of what a table's schema has against a frame.

    The column of a check over several columns is the table.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pandera.errors.SchemaWarning)
        try:
            schema_of(name).validate(frame, lazy=True)
        except pandera.errors.SchemaErrors as errors:
            return {
                (each.schema.name, getattr(each.check, "name", each.check), index)
                for each in errors.schema_errors
                for index in each.failure_cases["index"]
            }
    return set()


@pytest.mark.parametrize("name", TABLES)
def test_it_takes_the_real_table(name):
    frame = frame_of(name)
    pd.testing.assert_frame_equal(schema_of(name).validate(frame, lazy=True), frame)


@pytest.mark.parametrize("name", ["mineral_estimates", "commitments", "regional_development"])
def test_checks_hold_where_all_that_may_be_missing_is(name):
    """A check that meets a missing value must not end in an error without a row."""
    frame = frame_of(name)
    schema = open_package(PROJECT).resource(name).schema
    assert schema is not None
    for field in schema.fields:
        if not field.constraints.required:
            frame[field.name] = pd.Series(pd.NA, frame.index, frame[field.name].dtype)
    found = failures(name, frame)
    # What remains are rules about columns that stand beside each other, never a crash.
    assert all(
        check in {each.name for each in schema.checks} for _column, check, _index in found
    )


@pytest.mark.parametrize(
    ("name", "row", "column", "value", "check"),
    [
        ("mineral_estimates", 7, "commodity", "cooper", "enum"),
        ("mineral_estimates", 8, "share_pct", 100.5, "maximum"),
        ("mineral_estimates", 9, "tonnage_mt", 0.0, "exclusiveMinimum"),
        ("mineral_estimates", 10, "record_id", "estimate-x", "pattern"),
        ("mineral_estimates", 11, "statement_id", pd.NA, "not_nullable"),
        ("commitments", 3, "amount", -1, "minimum"),
        ("regional_development", 3000, "year", 1989, "minimum"),
        ("regional_development", 3001, "instrument", "", "enum"),
        ("stakes", 2, "is_preferred_telling", pd.NA, "not_nullable"),
    ],
)
def test_it_refuses_a_planted_cell_and_names_it(name, row, column, value, check):
    frame = frame_of(name)
    frame.loc[row, column] = value
    assert (column, check, row) in failures(name, frame)


def test_it_names_all_that_is_wrong_in_a_column():
    frame = frame_of("mineral_estimates")
    frame.loc[[3, 30, 60], "category"] = "certain"
    wanted = {("category", "enum", index) for index in (3, 30, 60)}
    assert failures("mineral_estimates", frame) >= wanted


@pytest.mark.parametrize("name", ["mineral_estimates", "commitments", "regional_development"])
def test_it_refuses_a_repeated_key(name):
    frame = frame_of(name)
    frame.loc[40, "record_id"] = frame.loc[12, "record_id"]
    assert (name, "unique: record_id", 40) in failures(name, frame)


def test_it_refuses_a_repeated_unique_key_of_several_columns():
    frame = frame_of("stakes")
    key = ["subject_id", "investor_id", "share_kind", "valid_from"]
    frame.loc[5, key] = frame.loc[4, key]
    assert ("stakes", f"unique: {', '.join(key)}", 5) in failures("stakes", frame)


def test_it_refuses_a_pair_of_cells_that_do_not_fit():
    frame = frame_of("mineral_estimates")
    row = frame["tonnage_mt"].first_valid_index()
    assert row is not None
    frame.loc[row, "tonnage_mt"] *= 10
    wanted = ("mineral_estimates", "tonnage_reads_as", row)
    assert wanted in failures("mineral_estimates", frame)


def test_failures_are_told_by_the_labels_of_the_frames_own_index():
    frame = frame_of("mineral_estimates").iloc[10:30].set_index(pd.Index(range(500, 520)))
    assert failures("mineral_estimates", frame) == set()
    frame.loc[507, "tonnage_mt"] = 123456.0
    assert {index for _column, _check, index in failures("mineral_estimates", frame)} == {507}


def test_it_refuses_other_types_and_other_columns():
    frame = frame_of("stakes")
    text = frame.assign(share_percent=frame["share_percent"].astype("string"))
    with pytest.raises(pandera.errors.SchemaErrors, match="share_percent"):
        schema_of("stakes").validate(text, lazy=True)
    with pytest.raises(pandera.errors.SchemaErrors, match="extra"):
        schema_of("stakes").validate(frame.assign(extra=1), lazy=True)
    with pytest.raises(pandera.errors.SchemaErrors, match="note"):
        schema_of("stakes").validate(frame.drop(columns="note"), lazy=True)


def test_unique_values_may_be_missing_more_than_once():
    """To Pandera's own `unique`, two missing values are the same."""
    schema = public_schema("t", Schema((ruled("integer", unique=True),)))
    gaps = pd.DataFrame({"x": pd.array([1, None, None, 2], "Int64")})
    schema.validate(gaps, lazy=True)
    with pytest.raises(pandera.errors.SchemaErrors) as caught:
        schema.validate(pd.DataFrame({"x": pd.array([1, None, None, 1], "Int64")}), lazy=True)
    assert caught.value.failure_cases["index"].tolist() == [3]


def test_a_primary_key_may_not_be_missing():
    schema = public_schema(
        "t", Schema((ruled("integer"), ruled("string", "y")), primary_key=("x", "y"))
    )
    whole = {"x": pd.array([1, 1], "Int64"), "y": pd.array(["a", "b"], "string[pyarrow]")}
    schema.validate(pd.DataFrame(whole), lazy=True)
    gap = whole | {"y": pd.array(["a", None], "string[pyarrow]")}
    with pytest.raises(pandera.errors.SchemaErrors) as caught:
        schema.validate(pd.DataFrame(gap), lazy=True)
    assert caught.value.failure_cases["index"].tolist() == [1]


def test_there_is_no_schema_of_a_table_that_is_not_there():
    with pytest.raises(WrongCall, match=r'no table "stake".*stakes'):
        pandera_schema("stake", PROJECT)
