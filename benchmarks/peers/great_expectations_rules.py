"""Great Expectations: each rule as an expectation on pandas, with complete results."""

from __future__ import annotations

import csv
import sys

import great_expectations as gx
import pandas as pd

from benchmarks.model import TABLE

folder, out = sys.argv[1], sys.argv[2]
text = pd.read_csv(f"{folder}/blocks.csv", dtype=str, keep_default_na=False, na_values=[""])
known = pd.read_csv(f"{folder}/sources.csv", dtype=str)["source_id"].tolist()
frame = text.copy()
expect, keys = [], []
E = gx.expectations
for field in TABLE:
    name, kind = field["name"], field["type"]
    rules = field.get("constraints", {})
    if kind != "string":
        typed = (
            pd.to_datetime(text[name], format="%Y-%m-%d", errors="coerce")
            if kind == "date"
            else pd.to_numeric(text[name], errors="coerce")
        )
        if kind == "integer":
            typed = typed.where(typed % 1 == 0)
        frame[f"{name}__typed"] = typed
        frame[f"{name}__readable"] = typed.notna() | text[name].isna()
        expect.append(
            E.ExpectColumnValuesToBeInSet(column=f"{name}__readable", value_set=[True])
        )
        keys.append((name, kind))
        if "minimum" in rules and kind != "date":
            expect.append(
                E.ExpectColumnValuesToBeBetween(
                    column=f"{name}__typed",
                    min_value=rules["minimum"],
                    max_value=rules["maximum"],
                )
            )
            keys.append((name, "range"))
    if rules.get("required"):
        expect.append(E.ExpectColumnValuesToNotBeNull(column=name))
        keys.append((name, "required"))
    if "enum" in rules:
        expect.append(E.ExpectColumnValuesToBeInSet(column=name, value_set=rules["enum"]))
        keys.append((name, "member"))
    if "pattern" in rules:
        whole = f"^{rules['pattern']}$"
        expect.append(E.ExpectColumnValuesToMatchRegex(column=name, regex=whole))
        keys.append((name, "pattern"))
frame["repeated"] = text["block_id"].duplicated()
gap = frame["cu_tonnes__typed"] - frame["tonnage_t__typed"] * frame["cu_pct__typed"] / 100
frame["copper"] = ~(gap.abs() > 0.001 + 1e-9)
expect.append(E.ExpectColumnValuesToBeInSet(column="repeated", value_set=[False]))
keys.append(("block_id", "repeated_key"))
expect.append(E.ExpectColumnValuesToBeInSet(column="copper", value_set=[True]))
keys.append(("cu_tonnes", "product"))
expect.append(E.ExpectColumnValuesToBeInSet(column="source_id", value_set=known))
keys.append(("source_id", "orphan"))
context = gx.get_context(mode="ephemeral")
asset = context.data_sources.add_pandas("p").add_dataframe_asset("blocks")
batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
found = []
for expectation, key in zip(expect, keys, strict=True):
    result = batch.validate(expectation, result_format="COMPLETE")
    found += [(row + 2, "", *key) for row in result.result.get("unexpected_index_list") or []]
with open(out, "w", newline="") as stream:
    csv.writer(stream).writerows(found)
