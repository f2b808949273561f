"""DuckDB by hand: every column read as text, the same rules as SQL."""

from __future__ import annotations

import csv
import sys

import duckdb

from benchmarks.model import TABLE

folder, out = sys.argv[1], sys.argv[2]
base = duckdb.connect()
base.execute(
    "create table t as select row_number() over () + 1 as row, * from"
    f" read_csv('{folder}/blocks.csv', all_varchar=true, header=true)"
)
base.execute(
    f"create table s as select * from read_csv('{folder}/sources.csv', all_varchar=true)"
)
_SQL = {"number": "double", "integer": "bigint", "date": "date"}
queries = []
for field in TABLE:
    name, kind = field["name"], field["type"]
    rules = field.get("constraints", {})
    blank = f"({name} is null or {name} = '')"
    if rules.get("required"):
        queries.append((name, "required", blank))
    if kind in _SQL:
        cast = f"try_cast({name} as {_SQL[kind]})"
        # A cast to bigint takes 12.5, and rounds it.
        whole = f" or not regexp_full_match({name}, '[+-]?[0-9]+')" if kind == "integer" else ""
        queries.append((name, kind, f"not {blank} and ({cast} is null{whole})"))
        if "minimum" in rules:
            low, high = rules["minimum"], rules["maximum"]
            quote = "'" if kind == "date" else ""
            limits = f"{quote}{low}{quote} and {quote}{high}{quote}"
            queries.append((name, "range", f"{cast} not between {limits}"))
    if "enum" in rules:
        listed = ", ".join(f"'{member}'" for member in rules["enum"])
        queries.append((name, "member", f"not {blank} and {name} not in ({listed})"))
    if "pattern" in rules:
        matches = f"regexp_full_match({name}, '{rules['pattern']}')"
        queries.append((name, "pattern", f"not {blank} and not {matches}"))
queries.append(
    (
        "cu_tonnes",
        "product",
        "abs(try_cast(cu_tonnes as double) - try_cast(tonnage_t as double)"
        " * try_cast(cu_pct as double) / 100) > 0.001 + 1e-9",
    )
)
queries.append(("source_id", "orphan", "source_id not in (select source_id from s)"))
found = []
for name, kind, where in queries:
    for (row,) in base.execute(f"select row from t where {where}").fetchall():
        found.append((row, "", name, kind))
repeated = (
    "select row from (select row, row_number() over (partition by block_id order by row) as n"
    " from t) where n > 1"
)
found += [(row, "", "block_id", "repeated_key") for (row,) in base.execute(repeated).fetchall()]
with open(out, "w", newline="") as stream:
    csv.writer(stream).writerows(found)
