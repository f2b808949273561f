"""The block model as a polars frame with typed columns beside the text: for peers on frames."""

from __future__ import annotations

import polars as pl

from benchmarks.model import TABLE

TYPED = [field for field in TABLE if field["type"] != "string"]


def frame(folder: str) -> pl.DataFrame:
    """Text columns; a column `<name>__typed` where a type is asked for; `row` from 2."""
    text = pl.read_csv(
        f"{folder}/blocks.csv", infer_schema=False, row_index_name="row", row_index_offset=2
    )
    sources = pl.read_csv(f"{folder}/sources.csv", infer_schema=False)["source_id"].to_list()
    casts = {
        "number": lambda column: column.cast(pl.Float64, strict=False),
        "integer": lambda column: column.cast(pl.Int64, strict=False),
        "date": lambda column: column.str.to_date("%Y-%m-%d", strict=False),
    }
    return text.with_columns(
        *(
            casts[field["type"]](pl.col(field["name"])).alias(f"{field['name']}__typed")
            for field in TYPED
        )
    ).with_columns(known=pl.col("source_id").is_in(sources))


def rules() -> dict[tuple[str, str], pl.Expr]:
    """For each field and kind of error, the expression that holds for a sound record."""
    found: dict[tuple[str, str], pl.Expr] = {}
    for field in TABLE:
        name, kind = field["name"], field["type"]
        constraints = field.get("constraints", {})
        blank = pl.col(name).is_null() | (pl.col(name) == "")
        if constraints.get("required"):
            found[name, "required"] = ~blank
        if kind != "string":
            typed = pl.col(f"{name}__typed")
            found[name, kind] = blank | typed.is_not_null()
            if "minimum" in constraints:
                bounds = [constraints["minimum"], constraints["maximum"]]
                if kind == "date":
                    bounds = [pl.lit(each).str.to_date() for each in bounds]
                found[name, "range"] = typed.is_between(*bounds).fill_null(True)
        if "enum" in constraints:
            found[name, "member"] = blank | pl.col(name).is_in(constraints["enum"])
        if "pattern" in constraints:
            whole = f"^{constraints['pattern']}$"
            found[name, "pattern"] = blank | pl.col(name).str.contains(whole)
    gap = (
        pl.col("cu_tonnes__typed") - pl.col("tonnage_t__typed") * pl.col("cu_pct__typed") / 100
    ).abs()
    found["cu_tonnes", "product"] = (gap <= 0.001 + 1e-9).fill_null(True)
    found["source_id", "orphan"] = pl.col("known")
    found["block_id", "repeated_key"] = pl.col("block_id").is_first_distinct()
    return found
