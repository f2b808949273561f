"""JSON, workbooks, databases, parts and packed files: what each refuses, and in which words."""

from __future__ import annotations

import gzip
import io
import sqlite3
import zipfile
from dataclasses import replace

import pytest

from rekodiq_data.descriptor.model import Dialect, Kind, Package, Resource
from rekodiq_data.formats.base import BrokenTable
from rekodiq_data.formats.compressed import check_archive, unpacked
from rekodiq_data.formats.json import JsonReader, json_rows, ndjson_rows, parse
from rekodiq_data.formats.opening import Joined
from rekodiq_data.formats.parts import PartsReader
from rekodiq_data.formats.sqlite import SqliteReader
from rekodiq_data.formats.xlsx import XlsxReader
from rekodiq_data.limits import ReadLimits
from rekodiq_data.readers import open_reader
from tests.conformance.packages import _binary

PLAIN = Dialect()


def opener(content):
    content = content if isinstance(content, bytes) else content.encode()
    return lambda: io.BytesIO(content)


def texts(source):
    """Texts of all cells by row number."""
    rows = {}
    for chunk in source.chunks():
        columns = [
            [each and each["text"] for each in column.to_pylist()] for column in chunk.columns
        ]
        rows.update(zip(chunk.row_numbers.tolist(), zip(*columns, strict=True), strict=True))
    return rows


def from_rows(rows, dialect=PLAIN, names=()):
    return JsonReader(lambda: rows, dialect, names)


# --- JSON ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[1", "not JSON"),
        ('[{"a": NaN}]', "NaN is no JSON number"),
        ('[{"a": 1, "a": 2}]', "a key occurs twice"),
        ("[1e999]", "too large or too small"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_text_that_is_no_strict_json_is_refused(text, words):
    with pytest.raises(BrokenTable, match=words):
        parse(text)


def test_rows_of_objects_put_the_fields_first():
    source = from_rows([{"b": 1, "z": 2}, {"a": 3}], names=("a", "b"))
    assert source.labels == ("a", "b", "z")
    assert texts(source) == {2: (None, "1", "2"), 3: ("3", None, None)}
    assert from_rows([{"z": 1}], names=("a",)).labels == ("z",)
    assert source.locate([2]) == {}


def test_rows_of_lists_with_and_without_a_header():
    assert from_rows([["a", 2024, None], [1, 2, 3]]).labels == ("a", "2024", "")
    headless = from_rows([[1, 2]], Dialect(header=False))
    assert headless.labels == ("", "")
    assert texts(headless) == {1: ("1", "2")}
    assert from_rows([[1, 2]], Dialect(header=False), ("a",)).labels == ("",)
    commented = from_rows([["a"], ["#x"], [1]], Dialect(comment_char="#"))
    assert texts(commented) == {3: ("1",)}
    with pytest.raises(BrokenTable, match="no header row"):
        _ = from_rows([["a"]], Dialect(header_rows=(2,))).labels


@pytest.mark.parametrize(
    ("rows", "dialect", "words"),
    [
        ([5], Dialect(), "row 1 is neither an array nor an object, and must be an array"),
        ([{"a": 1}, [1]], Dialect(), "row 3 is an array, and must be an object"),
        ([["a"]], Dialect(item_type="object"), "row 1 is an array, and must be an object"),
        ([{"a": 1}], Dialect(item_type="array"), "row 2 is an object, and must be an array"),
    ],
)
def test_rows_of_another_kind_are_named(rows, dialect, words):
    source = from_rows(rows, dialect)
    with pytest.raises(BrokenTable, match=words):
        list(source.chunks())


def test_half_of_a_surrogate_pair_is_refused():
    with pytest.raises(BrokenTable, match="surrogate"):
        list(from_rows([{"a": "\ud800"}], names=("a",)).chunks())


def test_a_property_may_be_a_path():
    rows = json_rows(opener('{"a": {"b": [[1]]}}'), "utf-8", Dialect(property="a.b"))
    assert list(rows()) == [[1]]
    with pytest.raises(BrokenTable, match=r'no list of rows under "a\.c"'):
        json_rows(opener('{"a": {"b": 1}}'), "utf-8", Dialect(property="a.c"))()


def test_json_has_limits_and_an_encoding():
    with pytest.raises(BrokenTable, match="0xFF is not UTF-8"):
        json_rows(opener(b"[\xff]"), "utf-8", Dialect())()
    with pytest.raises(BrokenTable, match="0x5D is not UTF-16"):
        json_rows(opener("[1]"), "utf-16", Dialect())()
    assert list(ndjson_rows(opener("\ufeff[1]\n\n[2]"), "utf-8")()) == [[1], [2]]
    with pytest.raises(BrokenTable, match="the line is too long"):
        list(ndjson_rows(opener("[1]\n"), "utf-8", ReadLimits(line=2))())
    with pytest.raises(BrokenTable, match="the JSON is too large"):
        json_rows(opener("[1]"), "utf-8", Dialect(), ReadLimits(whole=2))()


# --- workbooks -------------------------------------------------------------------------------


def sheet(*rows, dialect=PLAIN, **options):
    return XlsxReader(opener(_binary({"xlsx": {"s": rows}})), dialect, **options)


def test_a_sheet_without_a_header_is_as_wide_as_its_widest_row():
    dialect = Dialect(header=False)
    source = sheet([1], [2, 3], dialect=dialect)
    assert source.labels == ("", "")
    assert texts(source) == {1: ("1", None), 2: ("2", "3")}
    assert sheet([1], dialect=dialect, width=3).labels == ("", "", "")
    assert texts(sheet(["a", "b"], [None, 2], [3, None])) == {2: (None, "2"), 3: ("3", None)}
    assert source.locate([1]) == {}


def test_an_empty_sheet_and_a_damaged_workbook_are_refused():
    for dialect in (Dialect(), Dialect(header=False)):
        with pytest.raises(BrokenTable, match="the sheet is empty"):
            _ = sheet(dialect=dialect).labels
    with pytest.raises(BrokenTable, match="not readable as XLSX"):
        _ = XlsxReader(opener(_binary({"zip": {"a": "b"}})), Dialect()).labels
    with pytest.raises(BrokenTable, match='no sheet number 3; its sheets are "s"'):
        _ = sheet([1], dialect=Dialect(sheet_number=3)).labels
    with pytest.raises(BrokenTable, match="the workbook is too large"):
        _ = sheet([1], limits=ReadLimits(whole=10)).labels


# --- databases -------------------------------------------------------------------------------


def database(script):
    return opener(_binary({"sqlite": script}))


def test_only_plain_tables_of_a_database_are_read():
    content = database(
        "create table t(a); create view v as select 1; insert into t values (x'00');"
    )
    source = SqliteReader(content, Dialect(table="t"))
    assert source.labels == ("a",)
    assert texts(source) == {2: ("00",)}
    assert source.locate([2]) == {}
    with pytest.raises(BrokenTable, match='no table "v"; there are "t"'):
        _ = SqliteReader(content, Dialect(table="v")).labels
    with pytest.raises(BrokenTable, match='must name the "table"'):
        _ = SqliteReader(content, Dialect()).labels
    with pytest.raises(BrokenTable, match="not an SQLite database"):
        _ = SqliteReader(opener("x"), Dialect(table="t")).labels
    with pytest.raises(BrokenTable, match="the database is too large"):
        _ = SqliteReader(content, Dialect(table="t"), ReadLimits(whole=10)).labels


def test_a_database_with_a_log_is_read_and_a_damaged_one_refused(tmp_path):
    connection = sqlite3.connect(tmp_path / "t.db")
    connection.execute("pragma journal_mode = wal")
    connection.executescript('create table "a""b"(x); insert into "a""b" values (1)')
    connection.close()
    content = (tmp_path / "t.db").read_bytes()
    assert texts(SqliteReader(opener(content), Dialect(table='a"b'))) == {2: ("1",)}
    damaged = content[:100] + b"\xff" * (len(content) - 100)
    with pytest.raises(BrokenTable, match="the database is not readable"):
        _ = SqliteReader(opener(damaged), Dialect(table="t")).labels


# --- parts and packed files ------------------------------------------------------------------


def test_parts_are_numbered_through():
    first = from_rows([["a"], [1], [], [2]])
    second = from_rows([["a"], [3]])
    whole = PartsReader([first, second, second])
    assert (whole.labels, whole.typed, whole.locate([2])) == (("a",), False, {})
    assert texts(whole) == {2: ("1",), 4: ("2",), 5: ("3",), 6: ("3",)}
    assert [fault.row_number for chunk in whole.chunks() for fault in chunk.faults] == [3]
    with pytest.raises(BrokenTable, match="part 2 has other columns"):
        list(PartsReader([first, from_rows([["b"], [3]])]).chunks())


def test_packed_content_has_limits():
    bomb = gzip.compress(b"0" * 4_000_000)
    with pytest.raises(BrokenTable, match=r"grow to .* the limit is 200 \(--max ratio=400"):
        unpacked(io.BytesIO(bomb), "gz").read()
    assert len(unpacked(io.BytesIO(bomb), "gz", None, ReadLimits(ratio=2000)).read()) == 4e6
    assert unpacked(io.BytesIO(gzip.compress(b"abc")), "gz").read() == b"abc"
    with pytest.raises(BrokenTable, match="the compressed file is damaged"):
        unpacked(io.BytesIO(bomb[:50]), "gz").read()
    with pytest.raises(BrokenTable, match='"lzma" is not read'):
        unpacked(io.BytesIO(b""), "lzma")
    with pytest.raises(BrokenTable, match="the zip archive is damaged"):
        unpacked(io.BytesIO(b"x"), "zip")
    archive = _binary({"zip": {"a/": "", "a/b": "1", "c": "2"}})
    assert unpacked(io.BytesIO(archive), "zip", "a/b").read() == b"1"
    with pytest.raises(BrokenTable, match='the file "d" once, and holds 0'):
        unpacked(io.BytesIO(archive), "zip", "d")
    with pytest.raises(BrokenTable, match=r"a file once, and holds 2; .innerpath. says which"):
        unpacked(io.BytesIO(archive), "zip")
    packed = io.BytesIO(_binary({"zip": {"a": "123"}}))
    with pytest.raises(BrokenTable, match=r"--max unpacked=4 raises it"):
        check_archive(packed, "a workbook", ReadLimits(unpacked=2))
    with pytest.raises(BrokenTable, match="the file is not a workbook"):
        check_archive(io.BytesIO(b"x"), "a workbook")


def test_a_member_without_a_name_is_a_file_like_any_other():
    archive = _binary({"zip": {"a": "1"}})
    nameless = archive.replace(b"a", b"\0")
    assert unpacked(io.BytesIO(archive), "zip").read() == b"1"
    with pytest.raises(BrokenTable, match="holds 0"):
        unpacked(io.BytesIO(nameless), "zip", "a")


def test_a_zip_file_with_a_doubled_member_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", "1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a", "2")
    with pytest.raises(BrokenTable, match="holds 2"):
        unpacked(out, "zip", "a")


def test_a_packed_workbook_has_a_limit(tmp_path):
    (tmp_path / "t.json.gz").write_bytes(gzip.compress(b"[[1]]"))
    resource = Resource("t", ("t.json.gz",), format="json", compression="gz")
    package = Package(tmp_path, tmp_path / "datapackage.json", Kind.PACKAGE, (resource,))
    assert open_reader(package, resource).labels == ("1",)
    package = replace(package, limits=ReadLimits(whole=2))
    with pytest.raises(BrokenTable, match="the content is too large"):
        _ = open_reader(package, resource).labels


def test_parts_that_are_not_read_to_their_end_are_closed():
    first, second = io.BytesIO(b"a"), io.BytesIO(b"b")
    joined = io.BufferedReader(Joined([first, second], b"\n"))
    assert joined.read(1) == b"a"
    joined.close()
    assert (first.closed, second.closed) == (True, True)
    assert (
        io.BufferedReader(Joined([io.BytesIO(b"a"), io.BytesIO(b"b")], b"\n")).read() == b"a\nb"
    )
