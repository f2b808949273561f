"""The findings that the demo ends with are what the tables say, and no more."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from scripts.findings import (
    WIDTH,
    Finding,
    Tables,
    counted,
    in_the_ground,
    reaching_the_people,
    render,
    who_pays,
)

ROOT = Path(__file__).parents[2]
FINDINGS = (in_the_ground, who_pays, reaching_the_people)


@pytest.fixture(scope="module")
def tables(published) -> Tables:
    return Tables(published / "dist" / "store")


def _raw(table: str) -> list[dict[str, str]]:
    path = ROOT / "datapackage" / "raw" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda each: each.__name__)
def test_every_source_of_a_finding_stands_in_the_table_of_sources(tables, finding):
    known = {row["source_id"] for row in _raw("sources")}
    sources = finding(tables).sources
    assert sources
    assert set(sources) <= known


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda each: each.__name__)
def test_a_finding_fits_a_terminal_of_80_columns(tables, finding):
    lines = render(1, finding(tables)).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert lines == [line.rstrip() for line in lines]


def test_the_ground_shows_the_whole_and_the_part_of_both_metals(tables):
    figures = [figure for figure, _ in in_the_ground(tables).lines]
    printed = {
        (row["commodity"], row["basis"]): f"{row['contained_reported']} {row['contained_unit']}"
        for row in _raw("mineral_estimates")
        if row["deposit_id"] == "reko-diq"
        and row["estimate_kind"] == "reserve"
        and row["as_of"] == "2024-12-31"
        and row["category"] == "proved_and_probable"
    }
    assert figures[:4] == [
        f"{printed[metal, basis]} {metal}"
        for metal in ("copper", "gold")
        for basis in ("whole_project", "attributable")
    ]


def test_the_ground_tells_ore_printed_as_metal_as_such(tables):
    lines = dict(in_the_ground(tables).lines)
    misprints = [
        row
        for row in _raw("mineral_estimates")
        if row["deposit_id"] == "reko-diq"
        and row["as_of"] == "2024-12-31"
        and row["reading"] == "misprint_quantity"
    ]
    assert misprints
    for row in misprints:
        words = lines[f"not {row['contained_reported']} {row['contained_unit']}"]
        assert words.startswith(f"of {row['commodity']}")
        assert "ore" in words


def test_loans_are_added_by_the_query_of_the_guide(tables):
    guide = (ROOT / "docs" / "data" / "sums.md").read_text(encoding="utf-8")
    query = re.search(r"```sql\n(.*?)```", guide, re.DOTALL)
    assert query is not None
    version = next(tables.store.glob("v[0-9]*")) / "data"
    with duckdb.connect() as connection:
        for name in ("commitments", "undertakings"):
            connection.execute(f"create view {name} as from '{version / name}.parquet'")
        expected = [row[0] for row in connection.sql(query[1]).fetchall()]
        [(dollars,)] = connection.sql(
            f"""select sum(amount_usd) from ({query[1]})
            where undertaking_kind = 'project_debt' and instrument = 'loan'
              and commitment_status in ('approved', 'committed')"""
        ).fetchall()
    assert sorted(row["record_id"] for row in counted(tables)) == expected
    figures = [figure for figure, _ in who_pays(tables).lines]
    assert figures[1] == f"{dollars / 1e9:g} bn USD"


def test_no_loan_is_told_as_signed_while_no_close_is_known(tables):
    figure, words = who_pays(tables).lines[2]
    assert figure == "0 bn USD"
    assert "signed or paid out" in words
    assert not [row for row in _raw("events") if "close" in row["event_kind"]]


def test_a_signed_loan_would_be_told(tables):
    loan = next(
        row for row in counted(tables)
        if row["undertaking_kind"] == "project_debt" and row["instrument"] == "loan"
    )  # fmt: skip
    rows = [
        {**row, "commitment_status": "signed"} if row["record_id"] == loan["record_id"] else row
        for row in tables.rows("commitments")
    ]
    other = replace(tables, _read={**tables._read, "commitments": rows})
    figure, _ = who_pays(other).lines[2]
    assert figure == f"{loan['amount_usd'] / 1e9:g} bn USD"


def test_literacy_falls_from_the_country_to_the_district_of_the_mine(tables):
    figures = [figure for figure, _ in reaching_the_people(tables).lines[:3]]
    shares = [float(figure.removesuffix(" %")) for figure in figures]
    places = [words.split("(")[0] for _, words in reaching_the_people(tables).lines[:3]]
    assert places == ["in Chagai ", "in Balochistan ", "in Pakistan "]
    assert shares == sorted(shares)


def test_rivals_of_an_open_disagreement_are_both_told(tables):
    figure, words = reaching_the_people(tables).lines[-1]
    amounts = {
        row["amount_low"]
        for row in _raw("community_investment")
        if row["record_id"]
        in {
            each["record_id"]
            for each in _raw("disagreement_rows")
            if each["disagreement_id"] == "community-spending-2025"
        }
    }
    assert (
        figure
        == " or ".join(f"{each / 1e6:g}" for each in sorted(map(float, amounts))) + " m USD"
    )
    assert "nothing read settles it" in words


def test_a_finding_is_laid_out_in_two_columns():
    finding = Finding("Why?", "About:", (("1 Mt", "word " * 20), ("2 %", "x")), ("a-b", "c"))
    assert render(2, finding).splitlines() == [
        "2. Why?",
        "   About:",
        "",
        "   1 Mt             " + " ".join(["word"] * 12),
        "                    " + " ".join(["word"] * 8),
        "   2 %              x",
        "",
        "   Sources: a-b, c",
    ]
