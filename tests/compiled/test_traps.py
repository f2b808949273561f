"""Traps of Pandera and pandas, measured when the engine was designed: none of them bites."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pandera.pandas as pandera
import pytest

from rekodiq_data.checks import KINDS
from rekodiq_data.checks.base import Verdict
from rekodiq_data.compiled.public import public_schema
from rekodiq_data.compiled.table import CompiledTable
from rekodiq_data.descriptor.model import NamedCheck, Schema

from .chunks import broken, chunk_of, ruled

BAND = NamedCheck("band", "plausible", {"field": "x", "minimum": "0", "maximum": "10"})
FIELDS = (ruled("integer"), ruled("string", "y"))


@pytest.mark.parametrize("type_", ["yearmonth", "duration", "list", "string"])
def test_columns_of_gaps_alone_break_no_rule(type_):
    """Without its nulls nothing is left, and pandas hands back an array of no chunks at all."""
    rule = {
        "yearmonth": {"minimum": "2024-01"},
        "duration": {"minimum": "P1Y"},
        "list": {"minLength": 2},
        "string": {"minLength": 2},
    }[type_]
    assert broken(ruled(type_, **rule), [None, None]) == {}


def test_pandera_leaves_nulls_out_of_what_it_says_and_we_count_with_them():
    series = pd.Series([None, 5, None, -1], dtype="Int64")
    assert len(pandera.Check.ge(0)(series).check_output) == 2
    assert broken(ruled("integer", minimum=0), [None, "5", None, "-1"]) == {"minimum": [3]}


def test_a_missing_cell_is_in_no_list_and_is_not_accused():
    assert broken(ruled("string", enum=["a"]), [None, "a", "b", None]) == {"enum": [2]}


def test_a_bad_cell_hides_no_other_fault_of_its_column():
    """Pandera's own coercion loses all other errors of a check in a column with a bad cell."""
    field = ruled("integer", minimum=0, required=True)
    assert broken(field, ["five", "-1", None, "7", "-2"]) == {
        "minimum": [1, 4],
        "required": [2],
    }


def test_a_bad_cell_is_not_missing():
    assert broken(ruled("date", required=True), ["2024-02-30", None]) == {"required": [1]}


def test_a_value_beside_wide_ones_is_judged_like_them():
    field = ruled("integer", minimum=0, enum=[5, 10**30])
    cells = ["5", "1" + "0" * 30, "-" + "9" * 30, None, "6"]
    assert broken(field, cells) == {"minimum": [2], "enum": [2, 4]}


def test_a_check_of_records_meets_missing_cells_without_falling_over():
    table = CompiledTable("t", Schema(FIELDS, checks=(BAND,)))
    cells = [None, "5", "11", "x", "-1"]
    _failures, [(check, outcome)] = table.judge(chunk_of(FIELDS, [cells, [None] * 5]))
    assert check is BAND
    assert [Verdict(each) for each in outcome.verdicts.tolist()] == [
        Verdict.NOT_APPLICABLE,
        Verdict.HELD,
        Verdict.FAILED,
        Verdict.NOT_APPLICABLE,
        Verdict.FAILED,
    ]


def test_a_check_that_crashes_is_our_fault_and_never_the_datas(monkeypatch):
    """Pandera's schemas turn a crash into a failure case without a row."""

    def crash(_scene, _check):
        raise ZeroDivisionError("ours")

    crashing = replace(KINDS["band"], judge=crash)
    monkeypatch.setattr("rekodiq_data.compiled.table.KINDS", {**KINDS, "band": crashing})
    table = CompiledTable("t", Schema(FIELDS, checks=(BAND,)))
    with pytest.raises(ZeroDivisionError, match="ours"):
        table.judge(chunk_of(FIELDS, [["1"], ["a"]]))


def test_a_failing_record_is_one_failure_and_not_one_for_each_column():
    table = CompiledTable("t", Schema((*FIELDS, ruled("string", "z")), checks=(BAND,)))
    chunk = chunk_of(
        (*FIELDS, ruled("string", "z")), [["99"] * 1000, ["a"] * 1000, ["b"] * 1000]
    )
    failures, outcomes = table.judge(chunk)
    assert failures == []
    assert [
        int((outcome.verdicts == Verdict.FAILED).sum()) for _check, outcome in outcomes
    ] == [1000]


def test_schemas_with_the_same_names_of_checks_live_side_by_side():
    """Pandera's register of checks is one for the whole process; we use none of it."""
    strict = NamedCheck("band", "plausible", BAND.parameters | {"maximum": "1"})
    tables = [CompiledTable("t", Schema(FIELDS, checks=(each,))) for each in (BAND, strict)]
    chunk = chunk_of(FIELDS, [["5"], ["a"]])
    verdicts = [table.judge(chunk)[1][0][1].verdicts.tolist() for table in tables]
    assert verdicts == [[Verdict.HELD], [Verdict.FAILED]]
    for check in (BAND, strict):
        public_schema("t", Schema(FIELDS, checks=(check,)))


def test_values_found_right_once_are_not_taken_for_right_in_another_table():
    assert broken(ruled("string", enum=["a", "b"]), ["b", "b"], [1], encoded=True) == {}
    assert broken(ruled("string", enum=["a"]), ["b", "b"], [1], encoded=True) == {
        "enum": [0, 1]
    }
