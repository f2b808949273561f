"""Sums over commitments: the query that docs/data/sums.md prints, run on the raw tables."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

ROOT = Path(__file__).parents[2]
RAW = ROOT / "datapackage" / "raw"
GUIDE = (ROOT / "docs" / "data" / "sums.md").read_text(encoding="utf-8")
MILLION = 1_000_000

Row = dict[str, str]


def rows(table: str) -> list[Row]:
    with (RAW / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def typed(table: str) -> pa.Table:
    """A raw table as the built package has it: amounts are integers, flags are flags."""
    columns: dict[str, list[str | int | bool | None]] = defaultdict(list)
    for row in rows(table):
        for name, cell in row.items():
            value: str | int | bool | None = cell or None
            if cell and name.startswith("amount") and cell.isdecimal():
                value = int(cell)
            elif cell and name.startswith("is_"):
                value = cell == "true"
            columns[name].append(value)
    return pa.table(dict(columns))


@pytest.fixture(scope="module")
def counted() -> dict[str, Row]:
    """The readings that the printed query counts, by record."""
    query = re.search(r"```sql\n(.*?)```", GUIDE, re.DOTALL)
    assert query is not None
    with duckdb.connect() as connection:
        for table in ("commitments", "undertakings"):
            connection.register(table, typed(table))
        found = [each[0] for each in connection.sql(query[1]).fetchall()]
    commitments = {row["record_id"]: row for row in rows("commitments")}
    assert len(found) == len(set(found))
    return {name: commitments[name] for name in found}


def lenders(counted: dict[str, Row]) -> dict[str, int]:
    """Loans of the project's lenders in millions of dollars, by record."""
    return {
        name: int(row["amount_usd"]) // MILLION
        for name, row in counted.items()
        if row["undertaking_kind"] == "project_debt"
        and row["instrument"] == "loan"
        and row["commitment_status"] in {"approved", "committed", "signed", "disbursed"}
    }


def test_the_lenders_promises_are_those_of_the_printed_table(counted: dict[str, Row]) -> None:
    printed = {
        name: int(amount.replace(",", ""))
        for name, amount in re.findall(
            r"^\| `([a-z0-9-]+)` \| [^|]+\| \w+ \| (?:up to |about )?([0-9,]+) \|$",
            GUIDE,
            re.MULTILINE,
        )
    }
    total = re.search(r"\*\*sum\*\* \| \| \| \*\*([0-9,]+)\*\*", GUIDE)
    assert total is not None
    assert lenders(counted) == printed
    assert sum(printed.values()) == int(total[1].replace(",", "")) == 3450


def test_no_undertaking_is_counted_twice(counted: dict[str, Row]) -> None:
    by_undertaking: dict[str, list[Row]] = defaultdict(list)
    for row in counted.values():
        by_undertaking[row["undertaking_id"]].append(row)
    for undertaking, readings in by_undertaking.items():
        if len(readings) > 1:
            # Several readings of one undertaking are different parts of it, told by one source.
            assert {row["figure_role"] for row in readings} == {"component"}, undertaking
            assert len({row["part"] for row in readings}) == len(readings), undertaking
            assert len({row["telling"] for row in readings}) == 1, undertaking


def test_no_counted_reading_is_contained_in_another(counted: dict[str, Row]) -> None:
    assert not [name for name, row in counted.items() if row["part_of"] in counted]


def test_no_counted_undertaking_is_part_of_another_counted_one(
    counted: dict[str, Row],
) -> None:
    part_of = {row["undertaking_id"]: row["part_of"] for row in rows("undertakings")}
    found = {row["undertaking_id"] for row in counted.values()}
    assert not [name for name in found if part_of[name] in found]


def test_no_replaced_rival_or_denied_reading_is_counted(counted: dict[str, Row]) -> None:
    replaced = {row["supersedes"] for row in rows("commitments")}
    assert not replaced & set(counted)
    assert {row["is_preferred_telling"] for row in counted.values()} == {"true"}
    assert {row["reading"] for row in counted.values()} == {"as_printed"}
    assert {row["figure_role"] for row in counted.values()} == {
        "single",
        "group",
        "component",
    }


def test_no_lender_is_counted_in_two_loans(counted: dict[str, Row]) -> None:
    loans = lenders(counted)
    seats = Counter(
        row["investor_id"]
        for row in rows("commitment_parties")
        if row["record_id"] in loans and row["party_role"] in {"lender", "participant"}
    )
    assert seats
    assert max(seats.values()) == 1


def test_adding_everything_would_count_more_than_twice_as_much(
    counted: dict[str, Row],
) -> None:
    everything = sum(
        int(row["amount_usd"]) // MILLION
        for row in rows("commitments")
        if row["undertaking_kind"] == "project_debt" and row["amount_usd"]
    )
    assert everything > 2 * sum(lenders(counted).values())


def test_other_printed_sums_hold(counted: dict[str, Row]) -> None:
    sums: Counter[str] = Counter()
    for row in counted.values():
        if row["amount_usd"] and row["commitment_status"] != "interest":
            sums[row["undertaking_kind"]] += int(row["amount_usd"]) // MILLION
    for kind, printed in (("project_equity", 3432), ("award", 5902), ("settlement", 945)):
        assert sums[kind] == printed
        assert f"| {printed:,} |" in GUIDE
