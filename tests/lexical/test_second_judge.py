"""Frictionless as a second judge of every cell: it agrees, or deviates as is listed."""

from __future__ import annotations

import json
import warnings
from functools import cache
from typing import Any

import frictionless
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, event, given, settings

from rekodiq_data import lexical
from rekodiq_data.descriptor.model import Field

from .cases import CASES
from .deviations import DEVIATIONS, Deviation
from .strategies import columns, field_of


@cache
def _second_judge(descriptor: str) -> Any:
    field = frictionless.Field.from_descriptor(json.loads(descriptor))
    field.missing_values = []
    return field.create_cell_reader()  # what read_cell makes anew for each cell


def second_judge_accepts(field: Field, text: str) -> bool:
    """Frictionless's verdict on a cell. What makes it fall over, it does not accept."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            _, notes = _second_judge(json.dumps(field.raw))(text)
        except Exception:
            return False
    return notes is None


def we_accept(field: Field, text: str) -> bool:
    return not lexical.parse(pa.array([text], pa.string()), field).bad[0]


def _explanations(field: Field, text: str, *, accepted: bool) -> list[str]:
    return [each.name for each in DEVIATIONS if each.matches(field, text, accepted=accepted)]


@pytest.mark.parametrize(
    ("deviation", "raw", "text"),
    [
        pytest.param(deviation, raw, text, id=f"{deviation.name}-{text[:20]!r}")
        for deviation in DEVIATIONS
        for raw, text in deviation.examples
    ],
)
def test_frictionless_deviates_as_listed_and_we_do_not(deviation: Deviation, raw, text):
    field = field_of({"name": "x"} | raw)
    assert second_judge_accepts(field, text) is deviation.accepts
    assert we_accept(field, text) is not deviation.accepts
    assert deviation.matches(field, text, accepted=deviation.accepts)


def test_each_deviation_is_named_once():
    names = [each.name for each in DEVIATIONS]
    assert len(names) == len(set(names))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(columns(gaps=False))
def test_the_second_judge_agrees_or_deviates_as_listed(column):
    field, texts = column
    verdicts = ~lexical.parse(pa.array(texts, pa.string()), field).bad
    for text, ours in zip(texts, verdicts, strict=True):
        event("right" if ours else "faulty")
        theirs = second_judge_accepts(field, text)
        if theirs != bool(ours):
            event("deviation")
            assert _explanations(field, text, accepted=theirs), (field.raw, text)


def _with_raw(field: Field) -> Field | None:
    """The field of a case with the JSON that Frictionless needs, where it has such a field."""
    raw: dict[str, Any] = {"name": "x", "type": field.type, "format": field.format}
    if (
        field.format == "wkt"
        or not field.true_values
        or (field.type == "list" and not field.delimiter)
    ):
        return None
    if field.type in ("integer", "number"):
        raw |= {"groupChar": field.group_char} if field.group_char else {}
        raw |= {} if field.bare_number else {"bareNumber": False}
        raw |= {"decimalChar": field.decimal_char} if field.type == "number" else {}
    if field.type == "boolean":
        raw |= {"trueValues": list(field.true_values), "falseValues": list(field.false_values)}
    if field.type == "list":
        raw |= {"itemType": field.item_type, "delimiter": field.delimiter}
    return field_of(raw)


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if _with_raw(case.field) is not None],
    ids=lambda case: case.name,
)
def test_the_second_judge_agrees_on_the_tables_or_deviates_as_listed(case):
    field = _with_raw(case.field)
    for text in (*case.accepted, *case.refused):
        ours = text in case.accepted
        theirs = second_judge_accepts(field, text)
        if theirs != ours:
            assert _explanations(field, text, accepted=theirs), text[:100]


def test_at_least_three_in_ten_random_cells_are_faulty():
    counts = {True: 0, False: 0}

    @settings(max_examples=300, database=None, deadline=None)
    @given(columns(gaps=False))
    def count(column):
        field, texts = column
        for bad in lexical.parse(pa.array(texts, pa.string()), field).bad:
            counts[bool(bad)] += 1

    count()
    share = counts[True] / sum(counts.values())
    assert 0.3 <= share <= 0.7, counts
