"""Disagreements between whole tables of indicators: the records of each, chosen by rules.

`indicators_disagreements.csv` has one line a question, `indicators_disagreement_members.csv`
the rules: sources, places, indicators and years, each `*` or a list with `;`. The place
`in:R01` means every place that the source R01 has a figure for. A preferred record is written
as place, indicator, year and source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.carry.common import Notes, Row, read_curated

if TYPE_CHECKING:
    from collections.abc import Iterable

TABLE = "regional_development"


def disagreement_tables(rows: list[Row], notes: Notes) -> dict[str, list[Row]]:
    """`disagreements` and `disagreement_rows` of the regional figures.

    Raises ValueError where a rule chooses nothing, or where a preferred record is not exactly
    one of those chosen.
    """
    chosen: dict[str, dict[str, Row]] = {}
    for rule in read_curated("indicators_disagreement_members"):
        found = members(rule, rows, notes)
        if not found:
            raise ValueError(f"indicators_disagreement_members.csv: nothing is {rule}")
        of = chosen.setdefault(rule["disagreement_id"], {})
        of.update({row["record_id"]: row for row in found})
    heads = [
        question(head, chosen[head["disagreement_id"]].values(), notes)
        for head in read_curated("indicators_disagreements")
    ]
    if len(heads) != len(chosen):
        raise ValueError("indicators_disagreement_members.csv names a question of no line")
    return {
        "disagreements": heads,
        "disagreement_rows": [
            {"disagreement_id": name, "table_name": TABLE, "record_id": record}
            for name, records in chosen.items()
            for record in records
        ],
    }


def members(rule: Row, rows: list[Row], notes: Notes) -> list[Row]:
    """The rows that a rule chooses."""
    places = rule["places"]
    if places.startswith("in:"):
        other = notes.source_id(places.removeprefix("in:"))
        places = ";".join({row["place_id"] for row in rows if row["source_id"] == other})
    asked = {
        "source_id": {notes.source_id(old) for old in rule["sources"].split(";")},
        "place_id": set(places.split(";")),
        "indicator_id": set(rule["indicators"].split(";")),
        "year": set(rule["years"].split(";")),
    }
    return [
        row
        for row in rows
        if all("*" in texts or row[name] in texts for name, texts in asked.items())
    ]


def question(head: Row, records: Iterable[Row], notes: Notes) -> Row:
    """The `disagreements` row of a curated line."""
    row = {name: cell for name, cell in head.items() if name != "preferred"}
    if not head["preferred"]:
        return row
    place, indicator, year, old = head["preferred"].split()
    wanted = (place, indicator, year, notes.source_id(old))
    names = ("place_id", "indicator_id", "year", "source_id")
    found = [each for each in records if tuple(each[name] for name in names) == wanted]
    if len(found) != 1:
        raise ValueError(f"{head['disagreement_id']}: {len(found)} records are {wanted}")
    return row | {"preferred_table": TABLE, "preferred_record_id": found[0]["record_id"]}
