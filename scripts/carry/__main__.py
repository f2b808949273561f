"""Carry the research notes over: `python -m scripts.carry --from FOLDER [--only GROUP...]`.

Without `--only`, all groups run and the account is written too. With it, only the tables that
the named groups alone fill are written (shared tables and the account need every group).
"""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from scripts.carry.common import Carried, Notes, Row, write_csv

if TYPE_CHECKING:
    from collections.abc import Sequence

GROUPS = (
    "sources",
    "reserves",
    "mine_plan",
    "investors",
    "commitments",
    "events",
    "places",
    "indicators",
    "community",
)
SHARED = frozenset({"disagreements", "disagreement_rows"})
ACCOUNT = ("file", "row", "key", "outcome", "table", "record_ids", "reason")


def main(arguments: Sequence[str] | None = None) -> None:
    """Write `datapackage/raw/*.csv` and `docs/data/account.csv` of the current folder."""
    parser = argparse.ArgumentParser(prog="python -m scripts.carry", description=__doc__)
    parser.add_argument("--from", dest="folder", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--only", nargs="+", choices=GROUPS, metavar="GROUP")
    options = parser.parse_args(arguments)
    notes = Notes(options.folder)
    chosen = options.only or GROUPS
    groups = [carry(name, notes) for name in chosen]
    for table, rows in sorted(merged(groups).items()):
        if options.only is None or table not in SHARED:
            write_table(table, rows)
    if options.only is None:
        write_account(groups)


def carry(name: str, notes: Notes) -> Carried:
    """What the group module `name` makes of the notes."""
    result = import_module(f"scripts.carry.{name}").carry(notes)
    assert isinstance(result, Carried), name
    return result


def merged(groups: Sequence[Carried]) -> dict[str, list[Row]]:
    """Rows of all groups by table.

    A question that two groups meet (what was paid to Balochistan is a commitment and a measure
    for people near the mine) is one disagreement with records of both: the earlier group in
    `GROUPS` tells it.
    """
    tables: dict[str, list[Row]] = {}
    told: set[str] = set()
    for group in groups:
        for table, rows in group.tables.items():
            fresh = rows
            if table == "disagreements":
                fresh = [row for row in rows if row["disagreement_id"] not in told]
            tables.setdefault(table, []).extend(fresh)
        told |= {row["disagreement_id"] for row in group.tables.get("disagreements", [])}
    return tables


def write_table(table: str, rows: Sequence[Row]) -> None:
    """Write one raw table in the column and key order that its schema gives."""
    schema = yaml.safe_load(Path("schemas", f"{table}.yaml").read_text(encoding="utf-8"))
    fields = [each["name"] for each in schema["fields"]]
    key = schema["primaryKey"]
    key = [key] if isinstance(key, str) else key
    ordered = sorted(rows, key=lambda row: [row[name] for name in key])
    write_csv(Path("datapackage", "raw", f"{table}.csv"), fields, ordered)


def write_account(groups: Sequence[Carried]) -> None:
    """Write where every row of the notes went, by file and row."""
    rows = sorted(
        (row for group in groups for row in group.account),
        key=lambda row: (row.file, row.row, row.table),
    )
    write_csv(
        Path("docs", "data", "account.csv"),
        ACCOUNT,
        [{name: str(getattr(row, name)) for name in ACCOUNT} for row in rows],
    )


if __name__ == "__main__":
    main()
