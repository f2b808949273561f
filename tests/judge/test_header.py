"""Labels against fields, in each of the five ways of the specification."""

from __future__ import annotations

import pytest

from rekodiq_data.descriptor.model import Field, Schema
from rekodiq_data.judge.header import match


def schema(way: str) -> Schema:
    return Schema(fields=(Field("id"), Field("name"), Field("year")), fields_match=way)


@pytest.mark.parametrize(
    ("way", "labels", "columns", "types"),
    [
        ("exact", ("id", "name", "year"), (0, 1, 2), []),
        ("exact", ("id", "year", "name"), (0, 1, 2), ["incorrect-label", "incorrect-label"]),
        ("exact", ("id",), (0, None, None), ["missing-label", "missing-label"]),
        ("exact", ("id", "name", "year", "x"), (0, 1, 2), ["extra-label"]),
        ("equal", ("year", "name", "id"), (2, 1, 0), []),
        ("equal", ("year", "name"), (None, 1, 0), ["missing-label"]),
        ("equal", ("year", "name", "id", "x"), (2, 1, 0), ["extra-label"]),
        ("subset", ("year", "x", "name", "id"), (3, 2, 0), []),
        ("subset", ("year", "x"), (None, None, 0), ["missing-label", "missing-label"]),
        ("superset", ("year",), (None, None, 0), []),
        ("superset", ("year", "x"), (None, None, 0), ["extra-label"]),
        ("partial", ("x", "year"), (None, None, 1), []),
        ("partial", ("x", "y"), (None, None, None), ["unmatched-header"]),
    ],
)
def test_each_way_of_matching(way, labels, columns, types):
    header = match(labels, schema(way))
    assert header.columns == columns
    assert [fault.type for fault in header.faults] == types


def test_a_renamed_label_is_said_once_with_the_name_that_was_meant():
    header = match(("id", "nmae", "year"), schema("exact"))
    assert [fault.note for fault in header.faults] == [
        'the label is "nmae"; the schema calls this column "name"'
    ]
