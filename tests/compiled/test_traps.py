"""Traps of Pandera and pandas, measured when the engine was designed: none of them bites."""

from __future__ import annotations

import pytest

from .chunks import broken, ruled


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
