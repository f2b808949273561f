"""Cells that the kernel cuts are those of the csv module; it refuses what is not regular."""

from __future__ import annotations

import csv
import io

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rekodiq_data.descriptor.model import Dialect
from rekodiq_data.formats.base import BrokenTable
from rekodiq_data.formats.records import Lines, gathered, records_of
from rekodiq_data.kernel import Cutter, Kind, PlainCells, count_of
from tests.kernel.ways import needs_kernel

pytestmark = needs_kernel

LONGEST = 60
# Bytes that mean something to a reader of CSV, and some that must not.
BYTES = st.lists(
    st.sampled_from(
        [b'"', b",", b"\n", b"\r\n", b"\r", b"a", b"1", "é".encode(), b"\xff", b"\0"]
    ),
    max_size=40,
).map(b"".join)
CELLS = st.text(st.sampled_from('ab1é😀",\n; '), max_size=20)
TABLES = st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=80)


def cut(
    data: bytes, width: int, missing: tuple[str, ...] = (), quote: str = '"', **kinds: Kind
):
    """The columns of a block by the kernel; None where it refuses."""
    found = Cutter(width, ",", quote, missing, LONGEST).cut(data, count_of(data, 10))
    if found is None:
        return None
    return found.columns({int(name.removeprefix("c")): kind for name, kind in kinds.items()})


def by_csv(data: bytes, width: int, quote: str | None = '"') -> list[list[str | None]] | None:
    """The columns by the csv module; None where a record is not like the others."""
    dialect = Dialect(quote_char=quote)
    chunk = gathered(records_of([data], Lines(), dialect, "utf-8"), width)
    if chunk.broken is not None or chunk.faults:
        return None
    return [column.to_pylist() for column in chunk.columns]


@settings(max_examples=1500)
@given(BYTES, st.integers(2, 4), st.sampled_from(['"', ""]))
@example(b'"a"\r\n,b', 2, '"')
@example(b'a,"b""', 2, '"')
@example(b'a,"', 2, '"')
@example(b"a,b\r", 2, '"')
@example(b'"",""\n', 2, '"')
def test_any_bytes_are_cut_as_by_the_csv_module_or_refused(data, width, quote):
    found = cut(data, width, quote=quote)
    if found is not None:
        assert [column.to_pylist() for column in found] == by_csv(data, width, quote or None)


@settings(max_examples=300)
@given(TABLES, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.sampled_from([0, 1, 3]))
def test_a_regular_block_is_never_refused(table, ending, ended, quoting):
    out = io.StringIO()
    escape = {} if quoting != csv.QUOTE_NONE else {"quotechar": None}
    if escape:
        table = [
            [cell.translate({34: None, 44: None, 10: None}) for cell in row] for row in table
        ]
    csv.writer(out, lineterminator=ending, quoting=quoting, **escape).writerows(table)
    text = out.getvalue() if ended or not table else out.getvalue().removesuffix(ending)
    found = cut(text.encode(), 3, quote="" if escape else '"')
    longest = max((len(line.encode()) for line in csv_records(table, ending)), default=0)
    if longest <= LONGEST - 20:
        assert found is not None
    if found is not None:
        assert [tuple(row) for row in zip(*(c.to_pylist() for c in found), strict=True)] == [
            tuple(row) for row in table
        ]


def csv_records(table, ending):
    out = io.StringIO()
    for row in table:
        out.seek(0)
        out.truncate()
        csv.writer(out, lineterminator=ending, quoting=csv.QUOTE_ALL).writerow(row)
        yield out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"a,b\n\nc,d\n",
        b"a\n",
        b"a,b,c\n",
        b"a,b\nc",
        b"a,b\rc,d\n",
        b'a,5" pipe\n',
        b'a,"b"c\n',
        b'a,"b\n',
        b"a,\xff\n",
        b"a,\xc3\n",
        b"a," + b"b" * LONGEST + b"\n",
        b'a,"' + b"b\n" * LONGEST + b'"\n',
    ],
)
def test_what_is_not_regular_is_refused(data):
    assert cut(data, 2) is None


def test_a_block_of_many_line_ends_takes_no_more_room_than_its_bytes():
    # The header may promise thousands of columns: room is made for what can be there.
    assert Cutter(10_000, ",", '"', (), 10**6).cut(b"\n" * 100_000, 100_000) is None


@pytest.mark.parametrize("missing", [(), ("",), ("", "-"), ("NA", "n/a"), ("x" * 70,)])
@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.ENCODED])
def test_missing_texts_become_null_quoted_or_not(missing, kind):
    cells = ["", "-", "NA", '"NA"', '""', '"-"', "n/a", "N", "x" * 70, "x" * 69, '"a""b"']
    data = "".join(f"{cell},1\n" for cell in cells).encode()
    (found, _ones) = Cutter(2, ",", '"', missing, 200).cut(data, len(cells)).columns({0: kind})
    read = [cell.strip('"').replace('""', '"') for cell in cells]
    assert found.to_pylist() == [None if cell in missing else cell for cell in read]


def test_a_missing_text_with_a_quote_is_left_to_others():
    assert Cutter(2, ",", '"', ('"',), LONGEST).cut(b'"""",1\n', 1) is None
    assert Cutter(2, ",", "", ('"',), LONGEST).cut(b'",1\n', 1) is not None


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from(["a", "b", "", "é", 'q"', "x" * 8, "x" * 9, "y" * 17, "y" * 33]),
        max_size=600,
    )
)
def test_encoded_text_is_the_text_in_the_order_of_its_first_records(cells):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([[cell, "1"] for cell in cells])
    (found, _ones) = cut(out.getvalue().encode(), 2, ("",), c0=Kind.ENCODED)
    texts = [cell or None for cell in cells]
    assert found.to_pylist() == texts
    assert found.dictionary.to_pylist() == list(dict.fromkeys(filter(None, texts)))


def test_texts_chosen_to_collide_come_as_plain_text():
    # Of so many texts, a good part falls into one place of the table of 1,024.
    mask = (1 << 64) - 1

    def place(text: bytes) -> int:
        hash_ = (len(text) ^ int.from_bytes(text, "little")) * 0xC2B2AE3D27D4EB4F & mask
        hash_ ^= hash_ >> 29
        hash_ = hash_ * 0x9E3779B97F4A7C15 & mask
        return (hash_ ^ hash_ >> 32) & 1023

    texts = [text for at in range(400_000) if place(text := b"%06d" % at) == 7][:380]
    assert len(texts) > 300
    data = b"".join(text + b",1\n" for text in texts + [b"a"] * (600 - len(texts)))
    (found, _ones) = cut(data, 2, c0=Kind.ENCODED)
    assert pa.types.is_string(found.type)
    assert found.to_pylist()[: len(texts)] == [text.decode() for text in texts]


def test_the_text_of_plain_values_can_be_asked_for_later():
    data = b'1,x\n"2",x\n,x\n"a""b",x\n4.0,x\n'
    (found, _x) = cut(data, 2, ("",), c0=Kind.INTEGER)
    assert isinstance(found, PlainCells)
    assert found.values.to_pylist() == [1, 2, None, None, None]
    assert found.odd.tolist() == [3, 4]
    assert found.is_missing.tolist() == [False, False, True, False, False]
    assert found.has_missing
    assert found.text.to_pylist() == ["1", "2", None, 'a"b', "4.0"]
    assert found.take(found.odd).to_pylist() == ['a"b', "4.0"]
    assert found[0].as_py() == "1"
    assert len(found) == 5
    assert found.bounds == (1, 2)


def test_no_records_are_no_columns_of_nothing():
    (found, other) = cut(b"", 2, ("",), c0=Kind.NUMBER)
    assert (found.values.to_pylist(), found.bounds, other.to_pylist()) == ([], None, [])


def test_the_csv_module_is_asked_what_an_unended_quote_is():
    # The reference above says None for it, rather than to raise.
    with pytest.raises(BrokenTable):
        raise gathered(records_of([b'a,"b'], Lines(), Dialect(), "utf-8"), 2).broken
