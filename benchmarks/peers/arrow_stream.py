"""The limit: pyarrow reads the typed columns as a stream, and checks nothing beyond types."""

from __future__ import annotations

import sys

from pyarrow import csv

from benchmarks.model import arrow_types

with csv.open_csv(
    f"{sys.argv[1]}/blocks.csv", convert_options=csv.ConvertOptions(column_types=arrow_types())
) as reader:
    print(sum(batch.num_rows for batch in reader))
