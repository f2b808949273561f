"""The account is complete: no row of the research notes is lost, no record comes from nowhere.

The notes themselves are not here, so the account must prove itself: against the number of rows
that each file had when it was read, and against the tables that it says the rows went to.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]

COLLECTED = {
    "commitments.csv": 96,
    "community_investment.csv": 41,
    "district_aliases.csv": 56,
    "districts.csv": 45,
    "events.csv": 69,
    "indicator_definitions.csv": 70,
    "indicators.csv": 3752,
    "investors.csv": 41,
    "mine_plan.csv": 113,
    "reserves.csv": 94,
    "sources_investors.csv": 129,
    "sources_region.csv": 75,
    "sources_reserves.csv": 72,
    "stakes.csv": 13,
}
FACTS = (
    "commitments",
    "community_investment",
    "events",
    "indicators",
    "investors",
    "mine_plan",
    "mineral_estimates",
    "regional_development",
    "sources",
    "stakes",
)

# Rows without a figure: the source lists the district of the mine and leaves its cells empty,
# which the notes skip and readers should know.
NOT_COLLECTED = {
    "regional_development": {
        "chagai-district-poor-population-2018-sae-poverty-2018",
        "chagai-district-poverty-headcount-2018-sae-poverty-2018",
    }
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


def keys(table: str) -> set[str]:
    schema = yaml.safe_load((ROOT / "schemas" / f"{table}.yaml").read_text(encoding="utf-8"))
    [key] = schema["primaryKey"]
    return {row[key] for row in rows(ROOT / "datapackage" / "raw" / f"{table}.csv")}


@pytest.fixture(scope="module")
def account() -> list[dict[str, str]]:
    return rows(ROOT / "docs" / "data" / "account.csv")


def test_every_collected_row_is_accounted_for(account):
    numbers: dict[str, set[int]] = {}
    for row in account:
        numbers.setdefault(row["file"], set()).add(int(row["row"]))

    assert {file: set(range(1, count + 1)) for file, count in COLLECTED.items()} == numbers


def test_every_record_that_a_row_became_exists(account):
    named: dict[str, set[str]] = {}
    for row in account:
        if row["table"]:
            named.setdefault(row["table"], set()).update(row["record_ids"].split(";"))

    dangling = {table: sorted(ids - keys(table)) for table, ids in named.items()}

    assert {table: ids for table, ids in dangling.items() if ids} == {}


def test_a_row_that_is_left_out_has_a_reason_and_no_record(account):
    left_out = [row for row in account if row["outcome"] == "left_out"]

    assert [row for row in left_out if not row["reason"] or row["record_ids"]] == []


def test_every_other_row_says_where_it_went(account):
    placed = [row for row in account if row["outcome"] != "left_out"]

    assert {"carried", "merged", "split"} >= {row["outcome"] for row in placed}
    assert [row for row in placed if not row["table"] or not row["record_ids"]] == []


def test_a_split_row_became_several_records(account):
    became: Counter[tuple[str, str]] = Counter()
    for row in account:
        became[row["file"], row["row"]] += len(row["record_ids"].split(";"))

    split = {(row["file"], row["row"]) for row in account if row["outcome"] == "split"}

    assert set() == {row for row in split if became[row] < 2}


@pytest.mark.parametrize("table", FACTS)
def test_no_fact_comes_from_nowhere(account, table):
    named = {
        record
        for row in account
        if row["table"] == table
        for record in row["record_ids"].split(";")
    }

    assert NOT_COLLECTED.get(table, set()) == keys(table) - named


def test_every_collected_source_id_is_still_findable(account):
    collected = {
        (row["file"], row["key"]) for row in account if row["file"].startswith("sources_")
    }
    aliases = {
        (row["research_file"], row["alias"])
        for row in rows(ROOT / "datapackage" / "raw" / "source_aliases.csv")
    }

    assert collected == aliases
