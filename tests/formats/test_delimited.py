"""Delimited text of any dialect: the same cells as the fast way where both read it."""

from __future__ import annotations

import csv
import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekodiq_data.descriptor.model import Dialect
from rekodiq_data.formats import delimited
from rekodiq_data.formats.base import BrokenTable
from rekodiq_data.formats.csv import CsvReader
from rekodiq_data.formats.delimited import DelimitedReader
from rekodiq_data.limits import ReadLimits

PLAIN = Dialect()


def reader(content, dialect=PLAIN, encoding="utf-8", **options):
    content = content if isinstance(content, bytes) else content.encode(encoding)
    return DelimitedReader(lambda: io.BytesIO(content), dialect, encoding, **options)


def read(source):
    """All cells by row number, and the faults."""
    rows, faults = {}, []
    for chunk in source.chunks():
        cells = zip(*(column.to_pylist() for column in chunk.columns), strict=True)
        rows.update(zip(chunk.row_numbers.tolist(), cells, strict=True))
        faults.extend((fault.type, fault.row_number, fault.column) for fault in chunk.faults)
    return rows, faults


CELLS = st.text(st.sampled_from('ab",;\n é\t'), max_size=6)
TABLES = st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=8)


@settings(max_examples=200)
@given(TABLES, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.sampled_from([1, 7, 1 << 20]))
def test_both_ways_of_reading_give_the_same(table, ending, skip, block):
    out = io.StringIO()
    csv.writer(out, lineterminator=ending).writerows([["x", "y"], *table])
    content = out.getvalue().encode()
    dialect = Dialect(skip_initial_space=skip)
    delimited.BLOCK_BYTES, usual = block, delimited.BLOCK_BYTES
    try:
        ours = read(reader(content, dialect))
    finally:
        delimited.BLOCK_BYTES = usual
    assert ours == read(CsvReader(lambda: io.BytesIO(content), dialect))


@pytest.mark.parametrize(
    ("dialect", "text", "cells"),
    [
        (Dialect(delimiter="::"), "a::b\n1::'2\n", ("1", "'2")),
        (Dialect(delimiter="::"), 'a::b\n"1::""x"::2', ('1::"x', "2")),
        (Dialect(line_terminator="|"), "a,b|1,2\n3|", ("1", "2\n3")),
        (Dialect(line_terminator="||"), 'a,b||1,"2||3"||', ("1", "2||3")),
        (Dialect(quote_char=None, comment_char="#"), 'a,b\n#\n"1,2"\n', ('"1', '2"')),
        (Dialect(escape_char="\\", comment_char="#"), "a,b\n1\\,5,2\\\n3\n", ("1,5", "2\n3")),
        (Dialect(escape_char="\\", comment_char="#"), 'a,b\n"1\\"",2\\', ('1"', "2")),
        (
            Dialect(skip_initial_space=True, comment_char="#"),
            'a, b\n1,  "2, 3"\n',
            ("1", "2, 3"),
        ),
        (Dialect(double_quote=False, comment_char="#"), 'a,b\n"1",2\n', ("1", "2")),
    ],
)
def test_a_dialect_cuts_text_as_it_says(dialect, text, cells):
    assert list(read(reader(text, dialect))[0].values()) == [cells]


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ('a,b\n1,"2\n3\n', "never closed", 2),
        ('a,b\n1,2\n"3"4,5\n', "follows a closing quote", 3),
        ("a,b\n1,é\n", "is not ASCII", 2),
        ("", "the file is empty", 1),
    ],
)
def test_broken_text_stops_the_table_at_its_line(text, words, line):
    encoding = "ascii" if "é" in text else "utf-8"
    source = DelimitedReader(lambda: io.BytesIO(text.encode()), Dialect(), encoding)
    with pytest.raises(BrokenTable, match=words) as caught:
        list(source.chunks())
    assert caught.value.line == line


def test_records_before_a_bad_byte_are_read():
    source = reader(b"a,b\n1,2\n3,\xff\n")
    chunks = source.chunks()
    assert next(chunks).row_numbers.tolist() == [2]
    with pytest.raises(BrokenTable, match="0xFF"):
        next(chunks)


def test_text_without_the_mark_of_its_encoding_is_refused(monkeypatch):
    with pytest.raises(BrokenTable, match="the text is not UTF-16: UTF-16 stream does not"):
        _ = reader(b"a,b\n1,2\n", encoding="utf-16").labels
    monkeypatch.setattr(delimited, "BLOCK_BYTES", 8)
    content = "a,b\n1,2\n".encode("utf-16") + "3,".encode("utf-16-le") + b"\x00\xd8\x00"
    with pytest.raises(BrokenTable, match="is not UTF-16"):
        list(reader(content, encoding="utf-16").chunks())


def test_long_cells_and_lines_are_refused():
    for text in (
        "a,b\n1," + "x" * 11,
        'a,b\n1,"' + "x" * 11 + '"',
        'a,b\n"' + "x\n" * 9 + '",1',
    ):
        with pytest.raises(BrokenTable, match=r"cell is too long .*--max field=20 raises it"):
            list(reader(text, limits=ReadLimits(field=10)).chunks())
    with pytest.raises(BrokenTable, match="a line is too long"):
        list(reader("a,b,c,d,e", limits=ReadLimits(line=5)).chunks())


def test_encodings_that_are_no_ascii_are_read_with_their_mark():
    source = reader("a,b\r\né,1\r\n", encoding="utf-16")
    assert source.labels == ("a", "b")
    assert read(source) == ({2: ("é", "1")}, [])
    assert read(reader("\ufeffa,b\n1,2\n"))[0] == {2: ("1", "2")}


def test_cells_are_found_at_their_lines():
    dialect = Dialect(comment_char="#", header_rows=(2,))
    source = reader('# title\na,b\n#\n1,"x\ny"\n2,3\n', dialect)
    places = source.locate([1, 4, 5])
    assert (places[1].line, places[1].cells) == (2, ((2, 1), (2, 3)))
    assert (places[4].line, places[4].cells) == (4, ((4, 1), (4, 3)))
    assert places[5].line == 6
    assert source.locate([]) == source.locate([99]) == {}
    assert set(reader('a,b\n1,2\n"').locate([2, 3])) == {2}


def test_tables_without_a_header():
    dialect = Dialect(header=False, comment_rows=(1,))
    assert reader("x\n1,2\n", dialect).labels == ("", "")
    assert read(reader("x\n1,2\n", dialect, width=1)) == ({2: ("1",)}, [("extra-cell", 2, 1)])
    with pytest.raises(BrokenTable, match="empty"):
        _ = reader("x\n", dialect).labels


def test_headers_of_several_rows():
    dialect = Dialect(header_rows=(1, 3), header_join="/", comment_rows=(2,))
    source = reader(",2023,,2024\nnote\nname,a,b,c\n1,2,3,4\n", dialect)
    assert source.labels == ("name", "2023/a", "2023/b", "2024/c")
    assert read(source)[0] == {4: ("1", "2", "3", "4")}
    with pytest.raises(BrokenTable, match="no header"):
        _ = reader("a\n", Dialect(header_rows=(2,))).labels


def test_many_records_come_in_chunks(monkeypatch):
    monkeypatch.setattr("rekodiq_data.formats.rows.CHUNK_ROWS", 2)
    source = reader("a,b\n1,2\n3,4\n\n5,6\n7,8\n")
    assert [chunk.count for chunk in source.chunks()] == [2, 2]
    assert read(source)[1] == [("blank-row", 4, None)]


def test_many_records_are_found_in_one_reading():
    # Not by a look at all wanted numbers for each record: that took half a minute here.
    text = "a\r" + "x\r" * 20_000
    source = reader(text, Dialect(line_terminator="\r"))
    started = time.process_time()
    assert len(source.locate(range(2, 20_002))) == 20_000
    assert time.process_time() - started < 5
