"""This package, from the folder given: every finding of the block model as record and kind."""

from __future__ import annotations

import csv
import sys

from rekodiq_data import validate

_KINDS = {
    ("type.number", "density_tm3"): "number",
    ("type.integer", "samples"): "integer",
    ("type.date", "modelled_on"): "date",
    ("constraint.enum", "rock_type"): "member",
    ("constraint.maximum", "density_tm3"): "range",
    ("constraint.pattern", "sample_code"): "pattern",
    ("constraint.required", "category"): "required",
    ("constraint.unique", "block_id"): "repeated_key",
    ("key.foreign", "source_id"): "orphan",
    ("check.copper", "cu_tonnes"): "product",
}

folder, out, jobs = sys.argv[1], sys.argv[2], int(sys.argv[3])
report = validate(folder, limit=0, jobs=jobs)
with open(out, "w", newline="") as stream:
    writer = csv.writer(stream)
    for issue in report.all_issues():
        field = issue.field_name or ""
        kind = _KINDS.get((issue.code, field), issue.code)
        writer.writerow((issue.row_number, issue.line, field, kind))
