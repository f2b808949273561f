"""Pandera on pandas as its guide has it: text, coerced by the schema, judged lazily."""

from __future__ import annotations

import csv
import sys
from typing import TYPE_CHECKING, Any

import pandas as pd
import pandera.pandas as pa

from benchmarks.model import TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

folder, out = sys.argv[1], sys.argv[2]
_TYPES = {"string": "string", "integer": "Int64", "number": "Float64", "date": "datetime64[ns]"}
_KINDS = {"isin": "member", "str_matches": "pattern", "not_nullable": "required"}


def checks(constraints: dict[str, Any]) -> Iterator[pa.Check]:
    if "minimum" in constraints:
        yield pa.Check.in_range(constraints["minimum"], constraints["maximum"])
    if "enum" in constraints:
        yield pa.Check.isin(constraints["enum"])
    if "pattern" in constraints:
        yield pa.Check.str_matches(f"^{constraints['pattern']}$")


known = set(pd.read_csv(f"{folder}/sources.csv", dtype=str)["source_id"])
columns = {}
for field in TABLE:
    constraints = field.get("constraints", {})
    dated = field["type"] == "date"
    bounds = {
        key: pd.Timestamp(value) if dated and key in ("minimum", "maximum") else value
        for key, value in constraints.items()
    }
    columns[field["name"]] = pa.Column(
        _TYPES[field["type"]],
        [*checks(bounds), *([pa.Check.isin(known)] if field["name"] == "source_id" else [])],
        nullable=not constraints.get("required", False),
        unique=constraints.get("unique", False),
        report_duplicates="exclude_first",
        coerce=True,
    )


def copper(frame: pd.DataFrame) -> pd.Series[bool]:
    gap = (frame["cu_tonnes"] - frame["tonnage_t"] * frame["cu_pct"] / 100).abs()
    return (gap <= 0.001 + 1e-9).fillna(True).astype(bool)


schema = pa.DataFrameSchema(columns, checks=[pa.Check(copper, name="copper", ignore_na=False)])
frame = pd.read_csv(f"{folder}/blocks.csv", dtype=str, keep_default_na=False, na_values=[""])
found = set()
try:
    schema.validate(frame, lazy=True)
except pa.errors.SchemaErrors as errors:
    for case in errors.failure_cases.itertuples():
        if pd.isna(case.index):
            continue
        name, check = case.column, str(case.check)
        if "copper" in check:
            name, kind = "cu_tonnes", "product"
        elif "coerce" in check or "dtype" in check:
            kind = {"density_tm3": "number", "samples": "integer"}.get(name, "date")
        elif "unique" in check:
            kind = "repeated_key"
        elif "in_range" in check:
            kind = "range"
        elif name == "source_id" and "isin" in check:
            kind = "orphan"
        else:
            kind = next((kind for word, kind in _KINDS.items() if word in check), check)
        found.add((int(case.index) + 2, "", name, kind))
with open(out, "w", newline="") as stream:
    csv.writer(stream).writerows(sorted(found))
