"""Carries `investors.csv` and `stakes.csv`: parties, their names, who owns whom, shares held.

Corrected on the way: lists of parents in one cell become rows of `ownership`, with the share
where a source states it; kinds of party and of share become codes; a country says what it is
the country of. Decided by hand, with reasons, in `curated/`: parties that only other tables
name (`investors_parties.csv`), names as seen (`investors_names.csv`), shares and dates of
ownership (`investors_ownership.csv`), what each stake is in, how its start is known, and rival
tellings that the notes hold (`investors_stakes.csv`). The disagreements of all tables about
investors stand in `investors_disagreements.csv`.
"""

from __future__ import annotations

from scripts.carry.common import AccountRow, Carried, Notes, Row, plain_number, read_curated
from scripts.carry.conflicts import disagreement_tables

PARTIES = "investors.csv"
STAKES = "stakes.csv"
SHARE_KINDS = {
    "contributing": "contributing",
    "free carried": "free_carried",
    "fully funded": "fully_funded",
}


def carry(notes: Notes) -> Carried:
    """The four tables of parties and shares, the disagreements, and the account."""
    parties, names = party_tables(notes)
    owners = ownership(notes)
    account = added_parties(notes)
    stakes, account_of_stakes = stake_table(notes, account)
    account += account_of_stakes
    for number, row in enumerate(notes.rows(PARTIES), start=1):
        account.extend(account_of_party(number, row, owners))
    return Carried(
        {
            "investors": parties,
            "investor_names": names,
            "ownership": owners,
            "stakes": stakes,
            **disagreement_tables("investors"),
        },
        account,
    )


def party_tables(notes: Notes) -> tuple[list[Row], list[Row]]:
    """`investors` and `investor_names`. Raises ValueError where a party has no decision."""
    collected = {row["investor_id"]: row for row in notes.rows(PARTIES)}
    decided = {row["investor_id"]: row for row in read_curated("investors_parties")}
    if missing := sorted(set(collected) - set(decided)):
        raise ValueError(f"investors_parties.csv lacks {missing}")
    parties: list[Row] = []
    names: list[Row] = []
    for party, decision in decided.items():
        row = collected.get(party, {})
        source = notes.source_id(row.get("source_id") or decision["source_id"])
        kind = decision["party_kind"] or row["kind"].replace(" ", "_").replace("-", "_")
        name = decision["investor_name"] or row["name"]
        parties.append(
            {
                "investor_id": party,
                "investor_name": name,
                "party_kind": kind,
                "country": decision["country"] or row.get("country", ""),
                "country_basis": decision["country_basis"],
                "lei": row.get("lei", ""),
                "source_id": source,
                "locator": "",
                "reading": "as_printed",
                "note": notes.with_source_ids(decision["note"]),
            }
        )
        names.append(name_row(party, name, "main", source, ""))
    names.extend(
        name_row(
            row["investor_id"],
            row["name"],
            row["name_kind"],
            notes.source_id(row["source_id"]),
            notes.with_source_ids(row["note"]),
        )
        for row in read_curated("investors_names")
    )
    return parties, names


def added_parties(notes: Notes) -> list[AccountRow]:
    """The account of parties that only another collected row names, not the list of parties."""
    return [
        AccountRow(
            each["file"],
            int(each["row"]),
            row_key(notes.rows(each["file"])[int(each["row"]) - 1]),
            "split",
            "investors",
            each["investor_id"],
            each["reason"],
        )
        for each in read_curated("investors_parties")
        if each["file"]
    ]


def row_key(row: Row) -> str:
    """What names a collected row of stakes or commitments in the account."""
    last = "share_percent" if "share_percent" in row else "source_id"
    date = row.get("valid_from") or row["announced_date"]
    return f"{row['investor_id']} | {date} | {row[last]}"


def name_row(party: str, name: str, kind: str, source: str, note: str) -> Row:
    """One name of a party as one source has it."""
    return {
        "investor_id": party,
        "name": name,
        "name_kind": kind,
        "source_id": source,
        "note": note,
    }


def ownership(notes: Notes) -> list[Row]:
    """`ownership`. Raises ValueError where a collected parent is lost."""
    rows: list[Row] = []
    for each in read_curated("investors_ownership"):
        start = "" if each["valid_from"] == "not_stated" else f".{each['valid_from']}"
        rows.append(
            {
                "record_id": f"{each['subject_id']}.{each['parent_id']}{start}",
                "subject_id": each["subject_id"],
                "parent_id": each["parent_id"],
                "share_percent": each["share_percent"],
                "share_percent_reported": each["share_percent"],
                "valid_from": each["valid_from"],
                "valid_from_kind": each["valid_from_kind"],
                "valid_to": each["valid_to"],
                "source_id": notes.source_id(each["source_id"]),
                "locator": "",
                "reading": "as_printed",
                "note": notes.with_source_ids(each["note"]),
            }
        )
    pairs = {(row["subject_id"], row["parent_id"]) for row in rows}
    for row in notes.rows(PARTIES):
        for parent in parents(row):
            if (row["investor_id"], parent) not in pairs:
                raise ValueError(f"{row['investor_id']} has lost its parent {parent}")
    return rows


def parents(row: Row) -> list[str]:
    """The parents that a collected party lists in one cell."""
    return row["parent"].split(";") if row["parent"] else []


def account_of_party(number: int, row: Row, owners: list[Row]) -> list[AccountRow]:
    """The account of one collected party: itself, and a row for each of its parents."""
    party = row["investor_id"]
    listed = [
        each["record_id"]
        for each in owners
        if each["subject_id"] == party and each["parent_id"] in parents(row)
    ]
    outcome = "split" if listed else "carried"
    found = [AccountRow(PARTIES, number, party, outcome, "investors", party)]
    if listed:
        found.append(
            AccountRow(
                PARTIES,
                number,
                party,
                outcome,
                "ownership",
                ";".join(listed),
                "one row for each parent in the cell",
            )
        )
    return found


def stake_table(notes: Notes, added: list[AccountRow]) -> tuple[list[Row], list[AccountRow]]:
    """`stakes` and the account of the collected ones.

    `added` accounts for parties that came from rows of stakes: such a row became several.
    """
    collected = notes.rows(STAKES)
    rows: list[Row] = []
    made: dict[int, list[str]] = {number: [] for number in range(1, len(collected) + 1)}
    for each in read_curated("investors_stakes"):
        number = int(each["row"])
        # A row with a source of its own is a second telling that only a note holds.
        is_added = bool(each["source_id"])
        rows.append(stake(each, {} if is_added else collected[number - 1], notes))
        made[number].append(each["record_id"])
    account: list[AccountRow] = []
    gave_parties = {each.row for each in added if each.file == STAKES}
    for number, row in enumerate(collected, start=1):
        has_rival = len(made[number]) > 1
        account.append(
            AccountRow(
                STAKES,
                number,
                row_key(row),
                "split" if has_rival or number in gave_parties else "carried",
                "stakes",
                ";".join(made[number]),
                "the note holds a rival telling" if has_rival else "",
            )
        )
    return rows, account


def stake(decision: Row, row: Row, notes: Notes) -> Row:
    """One stake from its collected row (empty for an added one) and the decision about it."""

    def chosen(field: str, collected: str) -> str:
        return decision[field] or row.get(collected, "")

    vehicle = decision["vehicle_id"]
    if not vehicle and decision["subject_id"] != row.get("via"):
        vehicle = row.get("via", "")
    share = chosen("share_percent", "share_percent")
    kind = chosen("share_kind", "share_kind")
    return {
        "record_id": decision["record_id"],
        "subject_id": decision["subject_id"],
        "investor_id": chosen("investor_id", "investor_id"),
        "vehicle_id": vehicle,
        "share_percent": plain_number(share),
        "share_percent_reported": share,
        "share_kind": SHARE_KINDS.get(kind, kind),
        "level": decision["level"],
        "is_preferred_telling": decision["is_preferred_telling"],
        "valid_from": chosen("valid_from", "valid_from"),
        "valid_from_kind": decision["valid_from_kind"],
        "valid_to": chosen("valid_to", "valid_to"),
        "source_id": notes.source_id(chosen("source_id", "source_id")),
        "locator": "",
        "reading": "as_printed",
        "note": notes.with_source_ids(decision["note"]),
    }
