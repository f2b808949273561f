"""Frictionless by its API, errors not limited, the cross rule as a row constraint."""

from __future__ import annotations

import csv
import sys

from frictionless import Checklist, Package, Resource, checks

_KINDS = {
    "samples": "integer",
    "modelled_on": "date",
    "rock_type": "member",
    "sample_code": "pattern",
    "category": "required",
    "block_id": "repeated_key",
    "source_id": "orphan",
}
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
            field = getattr(error, "field_name", None)
            kind = (
                "product"
                if error.type == "row-constraint"
                else _KINDS.get(str(field), error.type)
            )
            if error.type == "foreign-key":
                field, kind = "source_id", "orphan"
            if field == "density_tm3":
                kind = "number" if error.type == "type-error" else "range"
            field = "cu_tonnes" if kind == "product" else field
            found.append((error.row_number, "", field, kind))
with open(out, "w", newline="") as stream:
    csv.writer(stream).writerows(found)
