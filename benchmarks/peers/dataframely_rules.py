"""Dataframely: the rules as a schema's own, on columns that were typed by hand."""

from __future__ import annotations

import csv
import sys
from typing import Any

import dataframely as dy
import polars as pl

from benchmarks.model import TABLE
from benchmarks.peers.frame_rules import TYPED, frame, rules

folder, out = sys.argv[1], sys.argv[2]
_TYPES = {"number": dy.Float64, "integer": dy.Int64, "date": dy.Date}
members: dict[str, object] = {
    "row": dy.UInt32(),
    "known": dy.Bool(nullable=True),
    **{field["name"]: dy.String(nullable=True) for field in TABLE},
    **{f"{field['name']}__typed": _TYPES[field["type"]](nullable=True) for field in TYPED},
}
names = {}
for number, (key, expression) in enumerate(rules().items()):
    names[f"rule_{number}"] = key
    members[f"rule_{number}"] = dy.rule()(lambda _cls, expression=expression: expression)
Blocks: Any = type("Blocks", (dy.Schema,), members)
records = frame(folder).with_columns(pl.col("row").cast(pl.UInt32))
_, failure = Blocks.filter(records)
found = []
details = failure.details() if hasattr(failure, "details") else failure._df
for name, key in names.items():
    if name in details.columns:
        bad = details.filter(pl.col(name).cast(pl.String).is_in(["invalid", "false"]))
        found += [(row, "", *key) for row in bad["row"].to_list()]
with open(out, "w", newline="") as stream:
    csv.writer(stream).writerows(found)
