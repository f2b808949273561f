"""Plain values by the kernel are those of the exact readers, or are left to them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rekodiq_data import lexical
from rekodiq_data.descriptor.model import Field
from rekodiq_data.kernel import ARROW, Cutter, Kind, count_of
from tests.kernel.ways import needs_kernel

pytestmark = needs_kernel

FIELDS = {Kind.INTEGER: "integer", Kind.NUMBER: "number", Kind.DATE: "date"}
DIGITS = st.text("0123456789", max_size=20)
NEARLY = st.text("0123456789+-.eE xX/:ajfn_,é", max_size=12).filter(
    lambda text: "," not in text
)
NUMBERS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "-", "+"]),
    DIGITS,
    st.sampled_from(["", ".", ".", "-"]),
    DIGITS,
)
DATES = st.builds(
    "{:04}-{:02}-{:02}".format, st.integers(0, 9999), st.integers(0, 13), st.integers(0, 32)
)


def read(cells: list[str], kind: Kind):
    """A column of these cells, by the kernel."""
    data = "".join(f"{cell},{'z' * 20}\n" for cell in cells).encode()
    cut = Cutter(2, ",", "", ("",), 10_000).cut(data, count_of(data, 10))
    return cut.columns({0: kind})[0]


def exactly(cells: list[str], kind: Kind) -> lexical.Parsed:
    """The column by the readers of the field's type."""
    return lexical.parse(
        pa.array([cell or None for cell in cells], pa.string()), Field("f", FIELDS[kind])
    )


@settings(max_examples=500)
@given(
    st.lists(st.one_of(NUMBERS, NEARLY, DATES, DIGITS), max_size=30),
    st.sampled_from(list(FIELDS)),
)
@example(["-0", "-0.0", "0", "-", ".", "-.", "5.", ".5", "1.2.3", "--1", "-1"], Kind.NUMBER)
@example(["9" * 15, "9" * 16, "0" * 15, "0" * 16, "-" + "9" * 15], Kind.NUMBER)
@example(["1234567.12345678", "12345678.1234567", "1.123456789"], Kind.NUMBER)
@example(["9" * 18, "9" * 19, "-" + "9" * 18, "12345678", "123456789", "-0", "-"], Kind.INTEGER)
@example(["0000-01-01", "2023-02-29", "2024-02-29", "1900-02-29", "2000-02-29"], Kind.DATE)
@example(["2024-1a-01", "2024-01-0/", "2024/01-01", "2024-01-01 "], Kind.DATE)
def test_values_are_those_of_the_exact_readers_and_the_rest_is_put_aside(cells, kind):
    found, exact = read(cells, kind), exactly(cells, kind)
    plain = np.ones(len(cells), bool)
    plain[found.odd] = False
    assert found.values.type == ARROW[kind]
    assert found.values.filter(pa.array(plain)).equals(exact.values.filter(pa.array(plain)))
    assert found.values.filter(pa.array(~plain)).null_count == len(found.odd)
    assert not exact.bad[plain].any()
    assert not set(exact.wide) & set(np.flatnonzero(plain).tolist())
    # Completed, the column is what the readers make of it.
    completed = lexical.parse(found, Field("f", FIELDS[kind]))
    assert completed.values.equals(exact.values)
    assert completed.bad.tolist() == exact.bad.tolist()
    assert completed.wide == exact.wide
    known = [value for value in found.values.to_pylist() if value is not None]
    assert found.bounds == ((min(known), max(known)) if known else None)


@given(st.integers(-(10**18) + 1, 10**18 - 1), st.integers(0, 14), st.booleans())
def test_what_is_plain_is_not_put_aside(number, places, is_first):
    digits = f"{abs(number):0{places + 1}}"[-15:]
    whole = digits[: len(digits) - places] or "0"
    text = f"{'-' if number < 0 else ''}{whole}.{digits[len(digits) - places :]}".rstrip(".")
    cells = [text, "x"] if is_first else ["x", text]
    if sum(map(str.isdigit, text)) <= 15:
        assert read(cells, Kind.NUMBER).odd.tolist() == [1 if is_first else 0]
    assert read([str(number)], Kind.INTEGER).values.to_pylist() == [number]


def test_each_number_of_fifteen_digits_is_the_double_that_python_reads():
    chosen = np.random.default_rng(7)
    cells = []
    for places in range(16):
        for whole in range(1, 16 - places):
            numbers = chosen.integers(0, 10 ** (whole + places), 40)
            for number in numbers.tolist():
                digits = f"{number:0{whole + places}}"
                end = len(digits) - places
                cells.append(digits[:end] + ("." + digits[end:] if places else ""))
    found = read(cells, Kind.NUMBER)
    assert not len(found.odd)
    assert found.values.to_pylist() == [float(cell) for cell in cells]


def test_every_day_of_the_calendar_is_read_right():
    days = [dt.date.fromordinal(at) for at in range(1, dt.date.max.toordinal() + 1, 7)]
    leaps = [dt.date(year, 2, day) for year in range(1, 10_000) for day in (27, 28)]
    found = read([each.isoformat() for each in [*days, *leaps]], Kind.DATE)
    assert not len(found.odd)
    assert found.values.equals(pa.array([*days, *leaps], pa.date32()))
    ends = [f"{year:04}-02-29" for year in range(1, 10_000)]
    right = [cell for cell in ends if _is_day(cell)]
    found = read(ends, Kind.DATE)
    assert found.values.drop_null().equals(pa.array(map(dt.date.fromisoformat, right)))


def _is_day(cell: str) -> bool:
    try:
        dt.date.fromisoformat(cell)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        (Field("f", "integer"), Kind.INTEGER),
        (Field("f", "integer", group_char=","), None),
        (Field("f", "number"), Kind.NUMBER),
        (Field("f", "number", decimal_char=","), None),
        (Field("f", "number", group_char="'"), None),
        (Field("f", "date"), Kind.DATE),
        (Field("f", "date", format="%Y-%m-%d"), Kind.DATE),
        (Field("f", "date", format="any"), None),
        (Field("f", "string"), None),
        (Field("f", "year"), None),
    ],
)
def test_fields_whose_plain_texts_mean_themselves(field, kind):
    assert lexical.plain_kind(field) is kind


def test_a_column_of_which_most_is_not_plain_goes_another_way():
    cells = ["1e3", "2e3", "x", *["4e3"] * 20]
    found = lexical.parse(read(cells, Kind.NUMBER), Field("f", "number"))
    assert found.values.to_pylist()[:4] == [1000.0, 2000.0, None, 4000.0]
    assert np.flatnonzero(found.bad).tolist() == [2]
