"""Parquet: bytes that depend on the rows alone, and typed reading that changes nothing."""

from __future__ import annotations

import datetime as dt
import io
from itertools import pairwise

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekodiq_data.descriptor.model import Field, Schema
from rekodiq_data.formats.base import BrokenTable
from rekodiq_data.parquet import (
    ROW_GROUP_ROWS,
    ParquetReader,
    ParquetWriter,
    adopt,
    file_schema,
)

SCHEMA = Schema(fields=(Field("n", "integer"), Field("s", "string")))
ARROW = file_schema(SCHEMA, {"fields": []}, {"name": "p"})


def written(pieces: list[pa.Table]) -> bytes:
    stream = io.BytesIO()
    writer = ParquetWriter(stream, ARROW)
    for piece in pieces:
        writer.write(piece)
    writer.close()
    return stream.getvalue()


def rows(count: int) -> pa.Table:
    return pa.table(
        {
            "n": pa.array(range(count), pa.int64()),
            "s": pa.array([f"é{at}" for at in range(count)]),
        }
    )


@given(st.lists(st.integers(0, 5_000), max_size=6))
def test_bytes_do_not_depend_on_how_rows_come(cuts):
    table = rows(5_000)
    places = [0, *sorted(cuts), 5_000]
    pieces = [table.slice(a, b - a) for a, b in pairwise(places)]
    assert written(pieces) == written([table])


@given(st.data())
def test_bytes_are_those_of_plain_text_however_it_comes_encoded(data):
    texts = data.draw(st.lists(st.sampled_from([None, "", "a", "b", "é"]), max_size=40))
    table = pa.table(
        {"n": pa.array(range(len(texts)), pa.int64()), "s": pa.array(texts, pa.string())}
    )
    pieces = []
    start = 0
    while start < len(texts):
        piece = table.slice(start, data.draw(st.integers(1, 10)))
        if data.draw(st.booleans()):
            # A dictionary in some order, with values that do not occur.
            order = pa.array(data.draw(st.permutations(["", "a", "b", "é", "z"])))
            places = pc.index_in(piece["s"].combine_chunks(), value_set=order)
            piece = piece.set_column(1, "s", pa.DictionaryArray.from_arrays(places, order))
        pieces.append(piece)
        start += piece.num_rows
    assert written(pieces) == written([table])


def test_text_with_a_dictionary_is_written_as_arrows_own_writer_would():
    texts = [None, "b", "a", "b"] * 50
    table = pa.table({"n": pa.array(range(200), pa.int64()), "s": pa.array(texts)})
    plain = io.BytesIO()
    with pq.ParquetWriter(
        plain,
        ARROW,
        compression="zstd",
        compression_level=1,
        version="2.6",
        data_page_version="1.0",
        write_page_index=True,
        write_page_checksum=True,
        use_dictionary=["s"],
    ) as writer:
        writer.write_table(table.cast(ARROW))
    content = written([table])
    assert content == plain.getvalue()
    column = pq.ParquetFile(io.BytesIO(content)).metadata.row_group(0).column(1)
    assert column.has_dictionary_page
    assert pq.read_table(io.BytesIO(content)).schema.equals(ARROW, check_metadata=True)


def test_a_value_that_first_occurs_late_has_its_place_in_the_dictionary():
    texts = ["b"] * 5_000 + [None, "c", "a"] * 100
    table = pa.table({"n": pa.array(range(len(texts)), pa.int64()), "s": pa.array(texts)})
    order = pa.array(["a", "b", "c", "d"])
    places = pc.index_in(table["s"].combine_chunks(), value_set=order)
    encoded = table.set_column(1, "s", pa.DictionaryArray.from_arrays(places, order))
    assert written([encoded]) == written([table])


def test_a_large_dictionary_is_left_to_arrows_writer():
    texts = [f"{at:04}" * 200 for at in range(1_000)] * 6
    table = pa.table({"n": pa.array(range(6_000), pa.int64()), "s": pa.array(texts)})
    encoded = table.set_column(1, "s", table["s"].dictionary_encode())
    assert written([encoded]) == written([table])
    assert pq.read_table(io.BytesIO(written([encoded]))).equals(table)


def test_other_columns_are_refused():
    with pytest.raises(ValueError, match="columns are"):
        written([pa.table({"n": pa.array([1], pa.int64())})])


def test_row_groups_have_131072_rows():
    table = rows(2 * ROW_GROUP_ROWS + 5)
    content = written([table.slice(at, 50_000) for at in range(0, table.num_rows, 50_000)])
    metadata = pq.ParquetFile(io.BytesIO(content)).metadata
    sizes = [metadata.row_group(at).num_rows for at in range(metadata.num_row_groups)]
    assert sizes == [131_072, 131_072, 5]
    column = metadata.row_group(0).column(0)
    assert column.compression == "ZSTD"
    assert column.has_column_index
    assert column.has_offset_index
    assert content == written([table])


def test_an_empty_table_is_a_file_with_no_rows():
    assert pq.read_table(io.BytesIO(written([]))).num_rows == 0


def test_a_reader_numbers_records_from_2():
    chunks = list(ParquetReader(lambda: io.BytesIO(written([rows(3)]))).chunks())
    assert [chunk.row_numbers.tolist() for chunk in chunks] == [[2, 3, 4]]


def test_a_file_that_is_no_parquet_is_a_finding():
    reader = ParquetReader(lambda: io.BytesIO(b"PAR1 not really PAR1"))
    with pytest.raises(BrokenTable, match="not readable as Parquet"):
        _ = reader.labels


def test_a_flipped_bit_in_a_page_is_a_finding():
    content = bytearray(written([rows(2_000)]))
    content[200] ^= 1
    with pytest.raises(BrokenTable):
        list(ParquetReader(lambda: io.BytesIO(bytes(content))).chunks())


@pytest.mark.parametrize(
    ("column", "field", "values", "bad"),
    [
        (pa.array([1, None], pa.int32()), Field("x", "integer"), [1, None], [False, False]),
        (pa.array([1, None], pa.int64()), Field("x", "number"), [1.0, None], [False, False]),
        (pa.array([1.5, None]), Field("x", "integer"), [None, None], [True, False]),
        (pa.array([1.0]), Field("x", "integer"), [1], [False]),
        (pa.array(["1"]), Field("x", "integer"), [None], [True]),
        (pa.array([1]), Field("x", "string"), [None], [True]),
        (pa.array(["a"], pa.large_string()), Field("x", "string"), ["a"], [False]),
        (pa.array(["a"]).dictionary_encode(), Field("x", "string"), ["a"], [False]),
        (pa.array([2**53 + 1]), Field("x", "number"), [None], [True]),
        (pa.array(["2024-01", "x"]), Field("x", "yearmonth"), ["2024-01", None], [False, True]),
        (
            pa.array([dt.datetime(2024, 1, 2)], pa.timestamp("ns")),
            Field("x", "datetime"),
            [dt.datetime(2024, 1, 2)],
            [False],
        ),
        (pa.array([[1]]), Field("x", "string"), [None], [True]),
    ],
)
def test_a_typed_column_is_taken_as_it_stands_or_refused(column, field, values, bad):
    parsed = adopt(column, field)
    assert parsed.values.to_pylist() == values
    assert parsed.bad.tolist() == bad
