"""`diff` against an independent judge, and the laws that it has to keep, on generated pairs."""

from __future__ import annotations

import json

import polars as pl
import pytest

import rekodiq_data.parquet.reader
from rekodiq_data.diff import diff

from .applied import apply, bag
from .packages import write
from .pairs import pair, text_of

QUICK, ALL = range(60), range(60, 500)
POLARS = {
    "string": pl.String,
    "number": pl.Float64,
    "integer": pl.Int64,
    "boolean": pl.Boolean,
    "date": pl.Date,
}


@pytest.fixture(autouse=True)
def _small_windows(monkeypatch):
    """Read a few records at once, so that small tables have many windows."""
    monkeypatch.setattr(rekodiq_data.parquet.reader, "ROW_GROUP_ROWS", 7)


def _written(folder, side, seed):
    rows = [
        tuple(None if row[name] is None else text_of(row[name]) for name in side.names)
        for row in side.rows
    ]
    form = "parquet" if seed % 3 else "csv"
    return write(folder, {"t": (side.schema(), rows, {})}, form)


def _compared(old, new):
    return json.loads(json.dumps(diff(old, new, limit=0).to_dict()))


def _frame(side):
    columns = {
        name: pl.Series(name, [row[name] for row in side.rows], POLARS[kind])
        for name, kind in side.fields
    }
    return pl.DataFrame(columns)


def _judged(old, new, names):
    """Added and removed keys and changed cells, by anti-joins and an inner join of polars.

    Args:
        old, new: the versions.
        names: old and new name of each field that both have.
    """
    was, now = _frame(old), _frame(new)
    key = [one for one, _ in names if one in old.key]
    kinds = dict(new.fields)
    # Values of a field whose type changed are compared as values of the new type.
    was = was.select(
        pl.col(one).cast(POLARS[kinds[other]]).alias(other) for one, other in names
    )
    now = now.select(other for _, other in names)
    added = now.join(was, on=key, how="anti")
    removed = was.join(now, on=key, how="anti")
    both = was.join(now, on=key, how="inner", suffix=" new")
    cells = set()
    for name in now.columns:
        if name in key:
            continue
        differing = both.filter(pl.col(name).ne_missing(pl.col(f"{name} new")))
        for row in differing.iter_rows(named=True):
            at = tuple(text_of(row[each]) for each in key)
            cells.add((at, name, _text(row[name]), _text(row[f"{name} new"])))

    def keys(frame):
        return {tuple(map(text_of, row)) for row in frame.select(key).iter_rows()}

    return keys(added), keys(removed), cells


def _text(value):
    return None if value is None else text_of(value)


def _agrees(old, new, found):
    """Whether what was found in the table is what the judge finds."""
    names = [
        (each["old_name"], each["new_name"])
        for each in found["fields"]
        if each["old_name"] and each["new_name"]
    ]
    added, removed, cells = _judged(old, new, names)
    order = [name for name, _ in names if name in old.key]
    place = [found["key"].index(name) for name in order]

    def key_of(each):
        return tuple(each["key"][at] for at in place)

    assert {key_of(each) for each in found["added"]} == added
    assert {key_of(each) for each in found["removed"]} == removed
    listed = {
        (key_of(each), cell["field"], cell["old"], cell["new"])
        for each in found["changed"]
        for cell in each["cells"]
    }
    assert listed == cells
    rows = found["rows"]
    assert (rows["added"], rows["removed"]) == (len(added), len(removed))
    assert rows["changed"] == len({at for at, *_ in cells})
    assert sum(found["cells"].values()) == len(cells)
    assert rows["same"] == len(old.rows) - len(removed) - rows["changed"]


def _mirrored(found):
    """A `diff.json` with old and new exchanged."""

    def swapped(value, pairs):
        return {
            **value,
            **{one: value[other] for one, other in (*pairs, *map(reversed, pairs))},
        }

    tables = []
    for table in found["tables"]:
        fields = [swapped(each, [("old_name", "new_name")]) for each in table["fields"]]
        names = {each["name"]: each["new_name"] or each["old_name"] for each in fields}

        def renamed(each, names=names):
            return {
                **each,
                "values": {names[key]: text for key, text in each["values"].items()},
            }

        tables.append(
            {
                "key": {names[name] for name in table["key"]},
                "rows": swapped(table["rows"], [("old", "new"), ("added", "removed")]),
                "cells": {names[name]: count for name, count in table["cells"].items()},
                "added": _some(map(renamed, table["removed"])),
                "removed": _some(map(renamed, table["added"])),
                "changed": _some(
                    {
                        "key": each["key"],
                        "cells": _some(
                            {
                                "field": names[cell["field"]],
                                "old": cell["new"],
                                "new": cell["old"],
                            }
                            for cell in each["cells"]
                        ),
                    }
                    for each in table["changed"]
                ),
                "filled": _some(table["emptied"]),
                "emptied": _some(table["filled"]),
            }
        )
    return tables


def _plain(found):
    """The same parts of a `diff.json` as it is."""
    return [
        {
            "key": set(table["key"]),
            "rows": table["rows"],
            "cells": table["cells"],
            "added": _some(table["added"]),
            "removed": _some(table["removed"]),
            "changed": _some(
                {"key": each["key"], "cells": _some(each["cells"])} for each in table["changed"]
            ),
            "filled": _some(table["filled"]),
            "emptied": _some(table["emptied"]),
        }
        for table in found["tables"]
    ]


def _some(values):
    """These values, in an order of their own."""
    return sorted(json.dumps(each, sort_keys=True) for each in values)


def _hold(seed, folder):
    old, new = pair(seed)
    was, now = _written(folder / "old", old, seed), _written(folder / "new", new, seed)
    found = _compared(was, now)
    (table,) = found["tables"]
    assert bool(table["key"]) == bool(old.key)
    assert (table["rows"]["old"], table["rows"]["new"]) == (len(old.rows), len(new.rows))
    if old.key:
        _agrees(old, new, table)
    assert apply(old.texts(), table) == bag(new.texts())
    assert _plain(_compared(now, was)) == _mirrored(found)
    for folder in (was, now):
        same = diff(folder, folder)
        assert same.is_empty
        assert same.step.size == 0
    assert found["is_empty"] == (
        bag(old.texts()) == bag(new.texts()) and old.fields == new.fields
    )


@pytest.mark.parametrize("seed", QUICK)
def test_diff_agrees_with_an_independent_judge(seed, tmp_path):
    _hold(seed, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", ALL)
def test_diff_agrees_with_an_independent_judge_on_many_pairs(seed, tmp_path):
    _hold(seed, tmp_path)
