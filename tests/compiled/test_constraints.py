"""Pandera's verdicts on whole columns are those of a naive judge on each value."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from .chunks import broken, ruled
from .naive import breaks

_TEXT = st.text(st.sampled_from("ab 1é🙂"), max_size=4)
_ZONES = st.sampled_from(["", "", "", "Z", "+05:00", "-11:30"])
_JSON = st.recursive(
    st.integers(-2, 2) | st.booleans() | st.sampled_from(["a", 1.0, 0.5, None]),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.sampled_from("ab"), each),
    max_leaves=4,
)
_NUMBERS = (
    st.integers(-3, 3).map(str)
    | st.integers(-(10**25), 10**25).map(str)
    | st.sampled_from([2**53, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1]).map(str)
)
_DURATIONS = """
P1M P27D P30D P31D P32D P1M1D P2M P59D P1Y P12M P365D P366D PT1H PT60M PT0.5S P0D -P1D
"""
VALUES: dict[str, st.SearchStrategy[str]] = {
    "string": _TEXT,
    "any": _TEXT,
    "integer": _NUMBERS | st.sampled_from(["+5", "05", "-0"]),
    "number": _NUMBERS
    | st.floats(-3, 3, width=16).map(str)
    | st.sampled_from(
        ["0.1", "+0.10", "1E-1", "1E400", "-1E400", "0.10000000000000000001", "NaN"]
    ),
    "boolean": st.sampled_from(["true", "True", "1", "false", "FALSE", "0"]),
    "date": st.dates(date(2023, 12, 25), date(2024, 1, 5)).map(date.isoformat)
    | st.dates(date(1, 1, 1)).map(date.isoformat),
    "datetime": st.tuples(
        st.datetimes(datetime(2024, 1, 1), datetime(2024, 1, 2)).map(datetime.isoformat), _ZONES
    ).map("".join),
    "time": st.times().map(lambda value: value.replace(microsecond=0)).map(time.isoformat),
    "year": st.integers(1000, 9999).map(str) | st.sampled_from(["2023", "2024"]),
    "yearmonth": st.dates(date(1000, 1, 1)).map(lambda day: f"{day:%Y-%m}")
    | st.sampled_from(["2023-12", "2024-01"]),
    "duration": st.sampled_from(_DURATIONS.split()),
    "geopoint": st.sampled_from(["1,2", "1, 2", "1.0,2.00", "2,1", "-180,90"]),
    "object": st.dictionaries(st.sampled_from("ab"), _JSON, max_size=2).map(json.dumps),
    "array": st.lists(_JSON, max_size=3).map(json.dumps),
    "geojson": st.sampled_from(
        [
            '{"type":"Point","coordinates":[1,2]}',
            '{"coordinates":[1.0, 2],"type":"Point"}',
            '{"type":"Point","coordinates":[2,1]}',
        ]
    ),
    "list": st.lists(st.sampled_from(["a", "b", ""]), min_size=1, max_size=3).map(",".join),
}
_ORDERED = ["integer", "number", "date", "datetime", "time", "year", "yearmonth", "duration"]
_BOUNDS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]
_LENGTHS = ["minLength", "maxLength"]
# The last ones are not for Google's RE2: Python matches them.
_PATTERNS = ["a|b", "[ab]*", "a.b", ".{2}", "", r"(?!a).*", r"(.)\1"]


def constraints_of(type_: str) -> list[str]:
    """The constraints that have a meaning for a type, beside required and unique."""
    found = ["enum"]
    found += _BOUNDS if type_ in _ORDERED else []
    found += _LENGTHS if type_ in ("string", "list", "array", "object") else []
    found += ["pattern"] if type_ == "string" else []
    found += ["categories"] if type_ in ("string", "integer") else []
    return found


@st.composite
def columns(draw: st.DrawFn, type_: str) -> tuple[dict[str, Any], list[str | None], list[int]]:
    """Some constraints on a type, a column of its values with gaps, and places to cut it."""
    values = VALUES[type_]
    member = values.filter(lambda text: text != "NaN")
    stated: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from(constraints_of(type_)), max_size=3, unique=True)):
        if name in _LENGTHS:
            stated[name] = draw(st.integers(0, 4))
        elif name == "pattern":
            stated[name] = draw(st.sampled_from(_PATTERNS))
        elif name in ("enum", "categories"):
            stated[name] = draw(st.lists(member, min_size=1, max_size=4))
        else:
            stated[name] = draw(member)
    if draw(st.booleans()):
        stated["required"] = True
    # Values that stand in a rule themselves are the ones at its edge.
    edges = [each for each in stated.values() if isinstance(each, str)]
    edges += [text for each in stated.values() if isinstance(each, list) for text in each]
    edges = [each for each in edges if "pattern" not in stated or each != stated["pattern"]]
    cell = st.one_of(values, values, st.none(), *([st.sampled_from(edges)] if edges else []))
    cells = draw(st.lists(cell, max_size=12))
    cuts = draw(st.lists(st.integers(0, len(cells)), min_size=1, max_size=2))
    return stated, cells, cuts


def expected(
    type_: str, stated: dict[str, Any], cells: list[str | None]
) -> dict[str, list[int]]:
    """What the naive judge says."""
    found = {
        name: [
            at
            for at, text in enumerate(cells)
            if (text is None if name == "required" else text is not None)
            and (name == "required" or breaks(type_, name, value, str(text)))
        ]
        for name, value in stated.items()
    }
    return {name: places for name, places in found.items() if places}


@pytest.mark.parametrize("examples", [80, pytest.param(2000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("type_", VALUES)
def test_constraints_are_judged_as_one_would_judge_each_value(type_, examples):
    @settings(max_examples=examples)
    @given(columns(type_))
    def check(column):
        stated, cells, cuts = column
        wanted = expected(type_, stated, cells)
        for name in wanted:
            event(name)
        for encoded in (False, True):
            assert broken(ruled(type_, **stated), cells, cuts, encoded=encoded) == wanted

    check()
