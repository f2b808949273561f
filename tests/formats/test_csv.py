"""CSV as text: all ways of reading give the same cells, and every odd record is named."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekodiq_data.descriptor.model import Dialect
from rekodiq_data.formats.base import BrokenTable
from rekodiq_data.formats.csv import CsvReader
from tests.kernel.ways import without_kernel

PLAIN_DIALECT = Dialect()


def reader(content: bytes, dialect: Dialect = PLAIN_DIALECT, **options) -> CsvReader:
    return CsvReader(lambda: io.BytesIO(content), dialect, **options)


def read(content: bytes, dialect: Dialect = PLAIN_DIALECT, **options):
    """All cells by row number, and the faults."""
    rows, faults = {}, []
    for chunk in reader(content, dialect, **options).chunks():
        cells = zip(*(column.to_pylist() for column in chunk.columns), strict=True)
        rows.update(zip(chunk.row_numbers.tolist(), cells, strict=True))
        faults.extend(chunk.faults)
    return rows, faults


CELLS = st.text(
    st.one_of(
        st.characters(codec="utf-8", exclude_characters="\0"), st.sampled_from('",\n\r ;')
    ),
    max_size=6,
)
TABLES = st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=8)
PLAIN = st.text(st.sampled_from("ab 1é😀\t;'"), max_size=5)
PLAIN_TABLES = st.lists(st.lists(PLAIN, min_size=2, max_size=2), min_size=1, max_size=8)


def written(table, quoting=csv.QUOTE_ALL, **options) -> bytes:
    out = io.StringIO()
    csv.writer(out, quoting=quoting, **options).writerows([["x", "y"], *table])
    return out.getvalue().encode()


@settings(max_examples=300)
@given(TABLES, st.sampled_from(["\n", "\r\n"]), st.integers(1, 64))
def test_what_was_written_is_read_whatever_the_block_size(table, ending, block):
    content = written(table, lineterminator=ending)
    rows, faults = read(content, block_bytes=block)
    with without_kernel():
        assert read(content, block_bytes=block) == (rows, faults)
    assert list(rows.values()) == [tuple(row) for row in table]
    assert list(rows) == list(range(2, 2 + len(table)))
    assert faults == []


@given(PLAIN_TABLES, st.integers(1, 64), st.booleans())
def test_the_quick_way_and_the_csv_module_give_the_same(table, block, ended):
    content = written(table, csv.QUOTE_NONE, quotechar=None, lineterminator="\n")
    if not ended:
        content = content.removesuffix(b"\n")
    quick = read(content, block_bytes=block)
    with without_kernel():
        assert read(content, block_bytes=block) == quick
    # A comment character that never occurs sends the same bytes through the csv module.
    slow = read(content, Dialect(comment_char="\x01"), block_bytes=block)
    assert quick == slow


@given(TABLES)
def test_every_cell_is_located_where_it_stands(table):
    content = written(table, lineterminator="\n")
    lines = content.decode().split("\n")
    places = reader(content).locate(range(2, 2 + len(table)))
    for number, row in enumerate(table, start=2):
        for (line, column), cell in zip(places[number].cells, row, strict=True):
            rest = lines[line - 1][column - 1 :]
            start = cell.split("\n")[0]
            assert rest.startswith((start, '"' + start.replace('"', '""')))


def test_a_quoted_line_break_moves_lines_but_not_row_numbers():
    content = b'a,b\n1,"x\ny"\n2,z\n'
    places = reader(content).locate([2, 3])
    assert places[2].cells == ((2, 1), (2, 3))
    assert places[3].cells == ((4, 1), (4, 3))


def test_a_short_record_names_each_missing_cell():
    rows, faults = read(b"a,b,c\n1\n")
    assert rows == {2: ("1", None, None)}
    assert [(fault.type, fault.column) for fault in faults] == [
        ("missing-cell", 1),
        ("missing-cell", 2),
    ]


def test_a_long_record_names_each_extra_cell():
    rows, faults = read(b"a,b\n1,2,3,4\n5,6\n")
    assert rows == {2: ("1", "2"), 3: ("5", "6")}
    assert [(fault.type, fault.column, fault.cell) for fault in faults] == [
        ("extra-cell", 2, "3"),
        ("extra-cell", 3, "4"),
    ]


def test_an_empty_line_is_a_blank_row_and_keeps_its_number():
    rows, faults = read(b"a,b\n1,2\n\n3,4\n")
    assert rows == {2: ("1", "2"), 4: ("3", "4")}
    assert [(fault.type, fault.row_number) for fault in faults] == [("blank-row", 3)]


def test_a_byte_order_mark_is_no_part_of_the_first_label():
    assert reader(b"\xef\xbb\xbfa,b\n1,2\n").labels == ("a", "b")


def test_a_file_that_ends_within_the_header_has_labels_and_no_records():
    assert reader(b"a,b").labels == ("a", "b")
    assert read(b"a,b") == ({}, [])


@pytest.mark.parametrize(
    ("content", "type_", "line", "words"),
    [
        (b"", "source-error", 1, "the file is empty"),
        (b'a,b\n1,"x\n2,y\n', "source-error", 2, "never closed"),
        (b'a,b\n1,2\n1,"x"y\n', "source-error", 3, "text follows a closing quote"),
        (b"a,b\n1,x\ry\n", "source-error", 2, "carriage return"),
        (b"a,b\n1,2\n3,\xff\n", "encoding-error", 3, "byte 0xFF is not UTF-8"),
    ],
)
def test_where_reading_stops_it_says_why_and_at_which_line(content, type_, line, words):
    with pytest.raises(BrokenTable, match=words) as stopped:
        read(content)
    assert (stopped.value.type, stopped.value.line) == (type_, line)


def test_records_before_the_break_are_read():
    rows = []
    chunks = reader(b'a,b\n1,2\n3,"x\n').chunks()
    with pytest.raises(BrokenTable):
        rows.extend(number for chunk in chunks for number in chunk.row_numbers.tolist())
    assert rows == [2]


def test_a_cell_over_the_limit_stops_the_table():
    long = b"x" * (1024 * 1024 + 1)
    with pytest.raises(BrokenTable, match=r"a cell is too long .* the limit is 1 MiB"):
        read(b'a,b\n1,"' + long + b'"\n')


def test_a_long_cell_under_the_limit_is_read():
    long = "x" * (1024 * 1024)
    rows, _ = read(f'a,b\n1,"{long}"\n'.encode())
    assert rows[2] == ("1", long)


@pytest.mark.parametrize(
    ("dialect", "content", "row"),
    [
        (Dialect(delimiter=";"), b"a;b\n1,5;2\n", ("1,5", "2")),
        (Dialect(quote_char="'"), b"a,b\n'1,5',2\n", ("1,5", "2")),
        (Dialect(quote_char=None), b'a,b\n"1,2"\n', ('"1', '2"')),
        (Dialect(escape_char="\\", double_quote=False), b"a,b\n1\\,5,2\n", ("1,5", "2")),
        (Dialect(skip_initial_space=True), b"a,b\n1, 2\n", ("1", "2")),
        (Dialect(comment_char="#"), b"a,b\n# no\n1,2\n", ("1", "2")),
    ],
)
def test_the_dialect_says_how_text_is_cut(dialect, content, row):
    rows, faults = read(content, dialect)
    assert list(rows.values()) == [row]
    assert faults == []


def test_without_a_header_the_first_record_is_row_one():
    rows, _ = read(b"1,2\n3,4\n", Dialect(header=False))
    assert rows == {1: ("1", "2"), 2: ("3", "4")}
    assert reader(b"1,2\n", Dialect(header=False)).labels == ("", "")


def test_comments_before_a_record_do_not_move_its_place():
    content = b"a,b\n# one\n# two\n1,2\n"
    places = reader(content, Dialect(comment_char="#")).locate([2])
    assert places[2].cells == ((4, 1), (4, 3))


def test_another_encoding_is_read_as_declared():
    rows, _ = read("a,b\né,2\n".encode("latin-1"), encoding="latin-1")
    assert rows[2] == ("é", "2")


def test_locating_nothing_reads_nothing():
    def refuse():
        raise AssertionError("opened")

    assert CsvReader(refuse, Dialect()).locate([]) == {}


def test_the_limit_holds_whatever_another_library_has_allowed():
    before = csv.field_size_limit(2**30)
    try:
        with pytest.raises(BrokenTable, match=r"a cell is too long .* the limit is 1 MiB"):
            read(b'a,b\n1,2\n1,"' + b"x" * (1024 * 1024 + 1) + b'"\n')
    finally:
        csv.field_size_limit(before)


def test_many_short_cells_in_one_record_are_fine():
    rows, _ = read(b'a,b\n1,"' + b"x" * 1_000_000 + b'"\n' + b'2,"' + b"y" * 1_000_000 + b'"\n')
    assert [len(row[1]) for row in rows.values()] == [1_000_000, 1_000_000]
