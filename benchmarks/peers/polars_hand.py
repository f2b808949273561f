"""Polars by hand: every column read as text, the rules as expressions; Parquet if asked."""

from __future__ import annotations

import csv
import sys

import polars as pl

folder, out = sys.argv[1], sys.argv[2]
text = pl.read_csv(
    f"{folder}/blocks.csv", infer_schema=False, row_index_name="row", row_index_offset=2
)
sources = pl.read_csv(f"{folder}/sources.csv", infer_schema=False)
numbers = ["x_m", "y_m", "density_tm3", "tonnage_t", "cu_pct", "au_gpt", "cu_tonnes"]
integers = ["z_m", "bench", "samples"]
typed = text.with_columns(
    *(pl.col(name).cast(pl.Float64, strict=False) for name in numbers),
    *(pl.col(name).cast(pl.Int64, strict=False) for name in integers),
    pl.col("modelled_on").str.to_date("%Y-%m-%d", strict=False),
)
number = {
    "x_m": (400_000, 410_000),
    "y_m": (3_200_000, 3_210_000),
    "z_m": (-400, 800),
    "bench": (-30, 60),
    "samples": (0, 400),
    "density_tm3": (2, 3.4),
    "tonnage_t": (0, 25_000),
    "cu_pct": (0, 2.5),
    "au_gpt": (0, 3),
}
members = {
    "domain": ["porphyry", "breccia", "supergene", "waste"],
    "rock_type": ["diorite", "andesite", "siltstone", "dacite"],
    "category": ["measured", "indicated", "inferred"],
}
optional = {"bench", "samples", "au_gpt", "sample_code", "note"}
found: list[tuple[int, str, str, str]] = []


def tell(mask: pl.Series, field: str, kind: str) -> None:
    found.extend((row, "", field, kind) for row in text["row"].filter(mask).to_list())


def blank(name: str) -> pl.Series:
    return text[name].is_null() | (text[name] == "")


for name in [*numbers, *integers, "modelled_on"]:
    kind = "date" if name == "modelled_on" else "integer" if name in integers else "number"
    tell(typed[name].is_null() & ~blank(name), name, kind)
for name in text.columns[1:]:
    if name not in optional:
        tell(blank(name), name, "required")
for name, (low, high) in number.items():
    tell(~typed[name].is_between(low, high).fill_null(True), name, "range")
for name, values in members.items():
    tell(~text[name].is_in(values).fill_null(True) & ~blank(name), name, "member")
tell(
    ~text["sample_code"].str.contains("^S[A-Z]-[0-9]{6}$").fill_null(True)
    & ~blank("sample_code"),
    "sample_code",
    "pattern",
)
tell(~text["block_id"].is_first_distinct(), "block_id", "repeated_key")
tell(~text["source_id"].is_in(sources["source_id"].implode()), "source_id", "orphan")
gap = (typed["cu_tonnes"] - typed["tonnage_t"] * typed["cu_pct"] / 100).abs()
tell((gap > 0.001 + 1e-9).fill_null(False), "cu_tonnes", "product")
with open(out, "w", newline="") as stream:
    csv.writer(stream).writerows(found)
if len(sys.argv) > 3 and not found:
    typed.drop("row").write_parquet(sys.argv[3], compression="zstd", compression_level=3)
