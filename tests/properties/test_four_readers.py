"""CSV to Parquet to pandas, polars, duckdb and pyarrow: the values that the text means."""

from __future__ import annotations

import shutil
import sys
from random import Random

import pytest

from rekodiq_data.build import build

from . import four_readers

AT_ONCE = 50  # tables of one package


@pytest.mark.parametrize("count", [200, pytest.param(20_000, marks=pytest.mark.slow)])
def test_four_readers_give_the_values_that_the_text_means(tmp_path, count):
    for first in range(0, count, AT_ONCE):
        tables = [four_readers.table(Random(first + at)) for at in range(AT_ONCE)]
        build(four_readers.write(tmp_path / "in", tables), tmp_path / "out", csv=False)
        for at, table in enumerate(tables):
            path = tmp_path / "out" / "data" / f"t{at}.parquet"
            assert not four_readers.differences(path, table.columns), f"table {first + at}"
        shutil.rmtree(tmp_path / "in")
        shutil.rmtree(tmp_path / "out")


def test_every_character_of_unicode_comes_back(tmp_path):
    points = [code for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF]
    cells = ["".join(map(chr, points[at : at + 97])) for at in range(0, len(points), 97)]
    table = four_readers.Table(
        {"fields": [{"name": "x", "type": "string"}]},
        "x\n" + "".join('"' + cell.replace('"', '""') + '"\n' for cell in cells),
        [cells],
    )
    build(four_readers.write(tmp_path / "in", [table]), tmp_path / "out")
    assert not four_readers.differences(tmp_path / "out/data/t0.parquet", [cells])
