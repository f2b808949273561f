# ruff: noqa: E501 - one package a line
"""SQLite databases that are damaged, or made to hurt."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

from tests.hostile.cases import Case, Content, file, flipped

ONE = {"a": ["1"], "b": ["2"]}


def database(script: str, *, wal: bool = False) -> bytes:
    """An SQLite database."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "t.db")
        connection = sqlite3.connect(path)
        connection.execute("pragma page_size = 512")
        if wal:
            connection.execute("pragma journal_mode = wal")
        connection.executescript(script)
        connection.commit()
        connection.close()
        return path.read_bytes()


PLAIN = "create table t(a text, b text); insert into t values ('1', '2');"
DATABASE = database(PLAIN)


def _base(name: str, outcomes: str, content: Content, fields: str = "a b", **own) -> Case:
    own.setdefault("dialect", {"table": "t"})
    return file(f"sqlite-{name}", outcomes, "t.sqlite", content, fields, **own)


def _schema_of(statement: str) -> bytes:
    """A database whose table claims to have been made by another statement."""
    return database(
        PLAIN
        + "pragma writable_schema = on; update sqlite_master set sql = "
        + "'"
        + statement.replace("'", "''")
        + "' where name = 't';"
    )


CASES = [
    _base("good", "accepted", DATABASE, values=ONE),
    _base("not-a-database", "format-error", b"a,b\n1,2\n"),
    _base("empty-file", "format-error", b""),
    _base("only-the-magic", "source-error | format-error", b"SQLite format 3\0"),
    _base("truncated", "source-error", DATABASE[:700]),
    _base("zeroed-pages", "source-error", DATABASE[:100] + b"\0" * (len(DATABASE) - 100)),
    _base(
        "page-size-of-nothing",
        "source-error | format-error",
        DATABASE[:16] + b"\0\0" + DATABASE[18:],
    ),
    *[
        _base(
            f"flipped-bit-at-{place}",
            "accepted | source-error | format-error | type-error | missing-label | incorrect-label | extra-label | blank-row",
            flipped(DATABASE, place),
        )
        for place in (20, 28, 56, 101, 105, 480, 500, 1000, 1018)
    ],
    _base(
        "cell-pointing-outside", "source-error", DATABASE[:520] + b"\xff\xff" + DATABASE[522:]
    ),
    _base("wal", "accepted", database(PLAIN, wal=True), values=ONE),
    _base("encrypted", "format-error", bytes(range(256)) * 16),
    _base("view", "format-error", database("create view t as select 1 a, 2 b")),
    _base(
        "view-for-ever",
        "format-error",
        database(
            "create view t as with recursive c(a) as (select 1 union all select a + 1 from c) select a, 1 b from c"
        ),
    ),
    _base(
        "virtual-table",
        "format-error | source-error",
        _schema_of("create virtual table t using fts5(a, b)"),
    ),
    _base(
        "virtual-table-in-a-comment",
        "format-error | source-error | accepted",
        _schema_of("/**/ create virtual table t using fts5(a, b)"),
    ),
    _base(
        "generated-column",
        "accepted | format-error | source-error | missing-label",
        database(
            "create table t(a text, b text generated always as (hex(zeroblob(100))) virtual); insert into t(a) values ('1');"
        ),
        values={"a": ["1"], "b": ["00" * 100]},
    ),
    _base(
        "generated-column-of-a-gigabyte",
        "source-error | format-error | accepted",
        database(
            "create table t(a text, b text generated always as (zeroblob(900000000)) virtual); insert into t(a) values ('1');"
        ),
        flood=True,
    ),
    _base(
        "trigger",
        "accepted",
        database(PLAIN + "create trigger g after insert on t begin delete from t; end;"),
        values=ONE,
    ),
    _base(
        "name-of-sql",
        "accepted",
        database('create table "t""; drop table t; --"(a, b)'),
        dialect={"table": 't"; drop table t; --'},
        values={"a": [], "b": []},
    ),
    _base("no-such-table", "format-error", DATABASE, dialect={"table": "u"}),
    _base(
        "table-of-the-system",
        "format-error | incorrect-label",
        DATABASE,
        dialect={"table": "sqlite_master"},
    ),
    _base("table-not-said", "format-error", DATABASE, dialect={}),
    _base("table-elsewhere", "format-error", DATABASE, dialect={"table": "main.t"}),
    _base(
        "attach-in-the-name",
        "format-error",
        DATABASE,
        dialect={"table": "t; attach '/etc/passwd' as x"},
    ),
    _base(
        "blob-for-text",
        "accepted | type-error",
        database("create table t(a, b); insert into t values (x'ff00', '2');"),
        values={"a": ["any"], "b": ["2"]},
    ),
    _base(
        "text-of-no-utf-8",
        "source-error | type-error",
        database("create table t(a, b); insert into t values (cast(x'ff' as text), '2');"),
    ),
    _base(
        "text-with-nul",
        "accepted",
        database("create table t(a, b); insert into t values ('x' || char(0) || 'y', '2');"),
        values={"a": ["x\0y"], "b": ["2"]},
    ),
    _base(
        "real-infinity",
        "accepted | type-error",
        database("create table t(a, b); insert into t values (9e999, '2');"),
        "a:number b",
        values={"a": ["any"], "b": ["2"]},
    ),
    _base(
        "many-columns",
        "source-error",
        database(f"create table t({', '.join(f'c{at}' for at in range(2_000))})"),
        "a b",
    )
    if False
    else _base(
        "many-columns",
        "extra-label | incorrect-label | missing-label",
        database(f"create table t({', '.join(f'c{at}' for at in range(1_999))})"),
    ),
    _base(
        "zero-blob-of-a-megabyte-a-row",
        "type-error 0",
        lambda: database(
            "create table t(a, b); " + "insert into t values (zeroblob(1000000), '2');" * 5
        ),
        flood=True,
    ),
]
