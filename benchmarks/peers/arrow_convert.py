"""A plain converter that checks nothing: read everything, write Parquet (zstd 3)."""

from __future__ import annotations

import sys

from pyarrow import csv, parquet

from benchmarks.model import arrow_types

table = csv.read_csv(
    f"{sys.argv[1]}/blocks.csv", convert_options=csv.ConvertOptions(column_types=arrow_types())
)
parquet.write_table(table, sys.argv[2], compression="zstd", compression_level=3)
