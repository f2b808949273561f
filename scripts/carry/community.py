"""Carries `community_investment.csv` into `community_investment` and `community_sources`.

A row of the notes tells several things at once: a school, its children, the girls among them.
Each becomes a measure of its own, with one figure as printed and as a number, its kind, its
period, and what it belongs to. `community_measures.csv` is that reading, line by line; here it
is held against the notes (each figure and source must stand in the row that it is from) and
gets its ids. Kept as reported: Rs 3 million where dollars are meant (marked as a misprint of
the unit), 53 million beside 5.3, and every other pair that does not agree.
"""

from __future__ import annotations

from scripts.carry.common import AccountRow, Carried, Notes, Row, read_curated, slug
from scripts.carry.conflicts import disagreement_tables

FILE = "community_investment.csv"
TABLE = "community_investment"
FIGURES = ("amount_reported", "count_reported")
WORKING = frozenset({"row", "label", "source", "further_sources", "reason"})
"""Columns of the curated file that are not columns of the table."""


def carry(notes: Notes) -> Carried:
    """`community_investment`, `community_sources`, disagreements and their account."""
    measures = read_curated("community_measures")
    collected = notes.rows(FILE)
    ids = {each["label"]: record_id(each, notes) for each in measures}
    if len(ids) != len(measures):
        raise ValueError("community_measures.csv: two lines have one label")
    rows: list[Row] = []
    links: list[Row] = []
    by_row: dict[int, list[str]] = {}
    for each in measures:
        number = int(each["row"])
        hold_against(each, collected[number - 1])
        name = ids[each["label"]]
        by_row.setdefault(number, []).append(name)
        rows.append(
            {column: cell for column, cell in each.items() if column not in WORKING}
            | {
                "record_id": name,
                "part_of": ids[each["part_of"]] if each["part_of"] else "",
                "belongs_to": ids[each["belongs_to"]] if each["belongs_to"] else "",
                "source_id": notes.source_id(each["source"]),
            }
        )
        links.append(link(name, notes.source_id(each["source"]), "main"))
        links.extend(
            link(name, notes.source_id(old), "further")
            for old in filter(None, each["further_sources"].split(";"))
        )
    account = [
        AccountRow(
            FILE,
            number,
            f"{row['date']} | {row['what']} | {row['source_id']}",
            "split" if len(by_row[number]) > 1 else "carried",
            TABLE,
            ";".join(by_row[number]),
            "one record for each measure" if len(by_row[number]) > 1 else "",
        )
        for number, row in enumerate(collected, start=1)
    ]
    return Carried(
        {TABLE: rows, "community_sources": links, **disagreement_tables("community")}, account
    )


def link(record: str, source: str, role: str) -> Row:
    """A row of `community_sources`."""
    return {"record_id": record, "source_id": source, "source_role": role}


def record_id(measure: Row, notes: Notes) -> str:
    """The id of a measure: what is measured, where, and by whom it is told."""
    source = notes.source_id(measure["source"])
    return slug(f"{measure['measure']} {measure['place_id']} {source}")


def hold_against(measure: Row, collected: Row) -> None:
    """Raise ValueError where a figure or source of a measure is not in its collected row."""
    text = " ".join(collected.values())
    told = [measure["source"], *filter(None, measure["further_sources"].split(";"))]
    for each in (*told, *(measure[name] for name in FIGURES if measure[name])):
        if each not in text:
            raise ValueError(f"{measure['label']}: {each!r} is not in {text!r}")
