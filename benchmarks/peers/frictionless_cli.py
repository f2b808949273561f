"""Frictionless by its command line, errors not limited; it knows no rule across columns."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import sys

from frictionless.console import console

from benchmarks.peers.frictionless_kinds import seeded

folder, out = sys.argv[1], sys.argv[2]
printed = io.StringIO()
words = ["validate", f"{folder}/datapackage.json", "--json", "--limit-errors", str(10**9)]
with contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
    console(words, standalone_mode=False)
found = []
for task in json.loads(printed.getvalue())["tasks"]:
    for error in task["errors"]:
        field, kind = seeded(error["type"], error.get("fieldName"))
        found.append((error.get("rowNumber"), "", field, kind))
with open(out, "w", newline="") as stream:
    csv.writer(stream).writerows(found)
