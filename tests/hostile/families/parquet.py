# ruff: noqa: E501 - one package a line
"""Parquet that is damaged, of foreign types, or made to hurt."""

from __future__ import annotations

import io
import struct
from datetime import datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

from tests.hostile.cases import Case, Content, file, flipped, gzipped

ONE = {"a": ["1"], "b": ["2"]}


def parquet(columns: dict[str, object] | pa.Table, **options: object) -> bytes:
    """A Parquet file."""
    made = columns if isinstance(columns, pa.Table) else pa.table(columns)
    out = io.BytesIO()
    pq.write_table(made, out, **options)
    return out.getvalue()


GOOD = parquet({"a": ["1"], "b": ["2"]}, compression="none")


CHECKED = parquet(
    {"a": ["first", "second"], "b": ["x", "y"]},
    compression="none",
    write_page_checksum=True,
    use_dictionary=False,
    write_statistics=False,
)


def _file(name: str, outcomes: str, content: Content, fields: object = "a b", **own) -> Case:
    return file(f"parquet-{name}", outcomes, "t.parquet", content, fields, **own)


def _column(name: str, outcomes: str, column: object, type_: str, value: object = None) -> Case:
    values = {"a": [value]} if outcomes.startswith("accepted") else None
    return _file(name, outcomes, parquet({"a": column}), f"a:{type_}", values=values)


_MOMENT = datetime(2024, 1, 1, 12)
CASES = [
    _file("good", "accepted", GOOD, values=ONE),
    _file("truncated", "source-error", GOOD[:-10]),
    _file("truncated-in-the-data", "source-error", GOOD[:30]),
    _file("empty-file", "source-error", b""),
    _file("only-the-magic", "source-error", b"PAR1PAR1"),
    _file("csv-inside", "source-error", b"a,b\n1,2\n"),
    _file(
        "footer-of-4-gib", "source-error", GOOD[:-8] + struct.pack("<I", 0xFFFFFFFF) + b"PAR1"
    ),
    _file("encrypted-footer", "source-error", b"PARE" + GOOD[4:-4] + b"PARE"),
    _file("arrow-ipc", "source-error", b"ARROW1\0\0" + b"\0" * 64),
    *[
        _file(
            f"flipped-bit-at-{place}",
            "source-error | accepted | type-error | incorrect-label | constraint-error | missing-label | extra-label",
            flipped(GOOD, place % len(GOOD)),
            make=lambda _folder: None,
        )
        for place in (5, 12, 20, 33, 47, 60, 75, -20, -60, -120, -200, -300)
    ],
    _file(
        "flipped-bit-with-checksums",
        "source-error",
        flipped(CHECKED, CHECKED.index(b"second")),
    ),
    _column(
        "decimal-for-number",
        "accepted | type-error",
        pa.array([Decimal("1.50")]),
        "number",
        1.5,
    ),
    _column(
        "decimal-of-76-digits",
        "type-error | accepted",
        pa.array([Decimal("9" * 76)], pa.decimal256(76, 0)),
        "integer",
        "unstorable",
    ),
    _column("nested", "type-error", pa.array([{"x": 1}]), "string"),
    _column("list", "type-error", pa.array([[1, 2]]), "integer"),
    _column(
        "map", "type-error", pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64())), "integer"
    ),
    _column("null-type", "accepted | type-error", pa.nulls(1), "string", None),
    _column("large-string", "accepted", pa.array(["x"], pa.large_string()), "string", "x"),
    _column("dictionary", "accepted", pa.array(["x"]).dictionary_encode(), "string", "x"),
    _column("binary-for-string", "type-error", pa.array([b"\xff"]), "string"),
    _column(
        "string-of-no-utf-8",
        "source-error | type-error",
        pa.array([b"\xff\xfe"]).view(pa.string()),
        "string",
    ),
    _column("int-for-string", "type-error", pa.array([1]), "string"),
    _column("string-for-int", "type-error", pa.array(["x"]), "integer"),
    _column("float-for-int", "type-error", pa.array([1.5]), "integer"),
    _column("whole-float-for-int", "accepted | type-error", pa.array([2.0]), "integer", 2),
    _column("float-32", "accepted | type-error", pa.array([0.5], pa.float32()), "number", 0.5),
    _column("float-nan", "accepted | type-error", pa.array([float("nan")]), "number", "nan"),
    _column("float-inf", "accepted | type-error", pa.array([float("inf")]), "number", "any"),
    _column(
        "unsigned-past-int64",
        "type-error | accepted",
        pa.array([2**64 - 1], pa.uint64()),
        "integer",
        "unstorable",
    ),
    _column(
        "timestamp-ns",
        "accepted | type-error",
        pa.array([_MOMENT], pa.timestamp("ns")),
        "datetime",
        "any",
    ),
    _column(
        "timestamp-with-a-zone",
        "accepted | type-error",
        pa.array([_MOMENT], pa.timestamp("us", "Asia/Karachi")),
        "datetime",
        "any",
    ),
    _column(
        "timestamp-with-no-such-zone",
        "accepted | type-error | source-error",
        pa.array([_MOMENT], pa.timestamp("us", "No/Where")),
        "datetime",
        "any",
    ),
    _column(
        "timestamp-for-date",
        "type-error | accepted",
        pa.array([_MOMENT], pa.timestamp("us")),
        "date",
        "any",
    ),
    _column(
        "date-past-9999",
        "type-error",
        pa.array([10**6 * 5], pa.int32()).cast(pa.date32()),
        "date",
        "any",
    ),
    _column(
        "time-of-nanoseconds",
        "accepted | type-error",
        pa.array([1], pa.time64("ns")),
        "time",
        "any",
    ),
    _column("duration", "type-error", pa.array([1], pa.duration("s")), "integer"),
    _file(
        "int96",
        "accepted | type-error",
        parquet(
            {"a": pa.array([_MOMENT], pa.timestamp("ns"))}, use_deprecated_int96_timestamps=True
        ),
        "a:datetime",
        values={"a": ["any"]},
    ),
    _file(
        "columns-of-one-name",
        "duplicate-label | incorrect-label",
        parquet(pa.table([pa.array(["1"]), pa.array(["2"])], names=["a", "a"])),
    ),
    _file(
        "column-name-with-escapes", "incorrect-label", parquet({"\x1b[31m": ["1"], "b": ["2"]})
    ),
    _file("no-columns", "missing-label | source-error", parquet(pa.table({}))),
    _file(
        "no-rows",
        "accepted",
        parquet({"a": pa.array([], pa.string()), "b": pa.array([], pa.string())}),
        values={"a": [], "b": []},
    ),
    _file(
        "thirty-million-equal-numbers",
        "accepted",
        lambda: parquet(pa.table({"a": pa.repeat(7, 30_000_000)}), row_group_size=2**20),
        "a:integer",
        flood=True,
    ),
    _file(
        "one-large-row-group",
        "accepted",
        lambda: parquet(
            pa.table({"a": pa.repeat("x" * 100, 2_000_000)}), row_group_size=2_000_000
        ),
        "a:string",
        flood=True,
    ),
    _file(
        "large-string-repeated",
        "source-error | accepted",
        lambda: parquet(
            pa.table({"a": pa.repeat("x" * 1_000_000, 1_000)}), row_group_size=1_000
        ),
        "a:string",
        flood=True,
    ),
    _file(
        "foreign-schema-in-the-footer",
        "source-error",
        parquet(
            pa.table({"a": ["1"], "b": ["2"]}).replace_schema_metadata(
                {b"pandas": b"{", b"ARROW:schema": b"x" * 100}
            )
        ),
    ),
    _file(
        "packed-in-gzip",
        "accepted",
        gzipped(GOOD),
        compression="gz",
        values=ONE,
    ),
]
