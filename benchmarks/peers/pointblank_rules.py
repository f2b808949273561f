"""Pointblank: each rule as a step, its extract limit raised (it keeps 500 rows a step else)."""

from __future__ import annotations

import csv
import sys

import pointblank as pb

from benchmarks.peers.frame_rules import frame, rules

folder, out = sys.argv[1], sys.argv[2]
stated = rules()
validation = pb.Validate(frame(folder))
for rule in stated.values():
    validation = validation.col_vals_expr(expr=rule)
validation = validation.interrogate(extract_limit=10**9)
found = []
for number, key in enumerate(stated):
    extract = validation.get_data_extracts(i=number + 1, frame=True)
    if extract is not None and len(extract):
        found += [(row, "", *key) for row in extract["row"].to_list()]
with open(out, "w", newline="") as stream:
    csv.writer(stream).writerows(found)
