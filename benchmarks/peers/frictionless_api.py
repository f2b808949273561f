"""Frictionless by its API, errors not limited, the cross rule as a row constraint."""

from __future__ import annotations

import csv
import sys

from frictionless import Checklist, Package, Resource, checks

from benchmarks.peers.frictionless_kinds import seeded

# The formula language has no abs(), so the rule is written out twice.
RULE = (
    "cu_tonnes - tonnage_t * cu_pct / 100 <= 0.001"
    " and tonnage_t * cu_pct / 100 - cu_tonnes <= 0.001"
)
folder, out = sys.argv[1], sys.argv[2]
package = Package(f"{folder}/datapackage.json")
checklist = Checklist(checks=[checks.row_constraint(formula=RULE)])
found = []
for name in ("blocks", "sources"):
    resource: Resource = package.get_resource(name)
    use = checklist if name == "blocks" else None
    report = resource.validate(use, limit_errors=10**9)
    for task in report.tasks:
        for error in task.errors:
            field, kind = seeded(error.type, getattr(error, "field_name", None))
            found.append((error.row_number, "", field, kind))
with open(out, "w", newline="") as stream:
    csv.writer(stream).writerows(found)
