"""Every text of the tables is read, or refused, as the specification says."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from rekodiq_data import lexical
from rekodiq_data.descriptor.model import Field
from rekodiq_data.lexical.families import FAMILIES, family_of
from rekodiq_data.lexical.parsed import BAD

from .cases import CASES, Case


def _value(parsed: lexical.Parsed, index: int) -> Any:
    return parsed.wide.get(index, parsed.values[index].as_py())


def _equal(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, float) and math.isnan(wanted):
        return isinstance(found, float) and math.isnan(found)
    return found == wanted and isinstance(found, type(wanted))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_right_texts_have_their_values(case: Case):
    texts = list(case.accepted)
    parsed = lexical.parse(pa.array(texts, pa.string()), case.field)
    assert not parsed.bad.any(), [
        text for text, bad in zip(texts, parsed.bad, strict=True) if bad
    ]
    for index, (text, wanted) in enumerate(case.accepted.items()):
        assert _equal(_value(parsed, index), wanted), (text[:80], _value(parsed, index))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_wrong_texts_are_bad_and_have_no_value(case: Case):
    parsed = lexical.parse(pa.array(case.refused, pa.string()), case.field)
    assert [text for text, bad in zip(case.refused, parsed.bad, strict=True) if not bad] == []
    assert parsed.values.null_count == len(case.refused)
    assert not parsed.wide


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_values_have_the_stated_type_and_gaps_stay_gaps(case: Case):
    texts = [None, *case.accepted, None, *case.refused]
    column = pa.array(texts, pa.string())
    for text in (column, column.slice(1), column.slice(0, 0)):
        parsed = lexical.parse(text, case.field)
        assert parsed.values.type == lexical.arrow_type(case.field)
        assert len(parsed.values) == len(text) == len(parsed.bad)
        assert parsed.bad.dtype == np.bool_
        missing = text.is_null().to_numpy(zero_copy_only=False)
        assert not (parsed.bad & missing).any()
        wide = np.zeros(len(text), bool)
        wide[list(parsed.wide)] = True
        gaps = parsed.values.is_null().to_numpy(zero_copy_only=False)
        assert (gaps == (missing | parsed.bad | wide)).all()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_column_reads_as_its_cells_one_by_one(case: Case):
    read = family_of(case.field).reader(case.field)
    assert all(read(text) is not BAD for text in case.accepted)
    assert all(read(text) is BAD for text in case.refused)


def test_every_type_of_the_specification_has_cases():
    assert {case.field.type for case in CASES} == set(FAMILIES)


@pytest.mark.parametrize("call", [lexical.arrow_type, lexical.expected])
def test_an_unknown_type_is_the_descriptors_fault(call):
    with pytest.raises(KeyError):
        call(Field("x", "money"))


def test_an_unknown_item_type_is_the_descriptors_fault():
    with pytest.raises(KeyError):
        lexical.parse(pa.array(["a"]), Field("x", "list", item_type="money"))


def test_missing_values_become_gaps_and_nothing_else_does():
    text = pa.array(["", "-", "NA", None, " "])
    assert lexical.parse_missing(text, ("", "NA")).to_pylist() == [None, "-", None, None, " "]
    assert lexical.parse_missing(text, ()) is text
    assert lexical.parse_missing(text, ("absent",)) is text
