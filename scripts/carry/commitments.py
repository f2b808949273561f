"""Carries `commitments.csv`: undertakings, every reported amount, and who takes part.

The collected rows mix totals with their parts, repeats, rival tellings and joint figures, told
apart only in notes. Each row is put under the one thing that it is about (an undertaking), with
the part and role of its figure, the telling it belongs to, what it replaces, and where the
commitment stands by the newest source. Further figures that a note holds become records of
their own. All that is decided by hand, with reasons, in `curated/`:
`investors_undertakings.csv`, `investors_commitments.csv` (one line a collected row) and
`investors_readings.csv` (one line a figure from a note). Amounts, currencies, dates, statuses
and sources of collected rows come from the notes alone.
"""

from __future__ import annotations

from scripts.carry.common import AccountRow, Carried, Notes, Row, plain_number, read_curated

FILE = "commitments.csv"
INSTRUMENTS = {
    "": "not_stated",
    "advance royalty": "advance_royalty",
    "off-take": "offtake",
}
STATUSES = {"term sheet": "term_sheet"}

Decided = tuple[Row, Row]
"""A reading with its amounts and dates, and the decision about it."""


def carry(notes: Notes) -> Carried:
    """`undertakings`, `commitments`, `commitment_parties`, and the account of all rows."""
    undertakings = [undertaking(row, notes) for row in read_curated("investors_undertakings")]
    kinds = {row["undertaking_id"]: row["undertaking_kind"] for row in undertakings}
    collected = notes.rows(FILE)
    decided: list[Decided] = [
        (collected_reading(collected[int(each["row"]) - 1], each), each)
        for each in read_curated("investors_commitments")
    ]
    decided += [(noted_reading(each), each) for each in read_curated("investors_readings")]
    return Carried(
        {
            "undertakings": undertakings,
            "commitments": [record(*each, kinds, notes) for each in decided],
            "commitment_parties": [row for _, each in decided for row in roles(each)],
        },
        account_of(collected, [each for _, each in decided]),
    )


def undertaking(row: Row, notes: Notes) -> Row:
    """One undertaking; sources under their ids of today."""
    return {
        **{name: cell for name, cell in row.items() if name != "reason"},
        "source_id": notes.source_id(row["source_id"]),
        "note": notes.with_source_ids(row["note"]),
    }


def collected_reading(row: Row, decision: Row) -> Row:
    """Amounts, dates and source of a collected row.

    Raises ValueError where the decision was made about another row.
    """
    key = f"{row['investor_id']} | {row['announced_date']} | {row['source_id']}"
    if key != decision["key"]:
        raise ValueError(f"row {decision['row']} is {key}, decided was {decision['key']}")
    low, _, high = row["amount"].partition("-")
    dollars, _, dollars_high = row["amount_usd"].partition("-")
    return {
        "investor_id": row["investor_id"],
        "instrument": INSTRUMENTS.get(row["instrument"], row["instrument"]),
        "amount": number(low),
        "amount_high": number(high),
        # A currency without an amount says nothing.
        "currency": row["currency"] if low else "",
        "amount_usd": number(dollars),
        "amount_usd_high": number(dollars_high),
        "status_reported": STATUSES.get(row["status"], row["status"]),
        "commitment_date": row["announced_date"],
        "source_id": row["source_id"],
    }


def noted_reading(row: Row) -> Row:
    """Amounts, dates and source of a figure that stands in the note of a collected row."""
    is_dollar = row["currency"] == "USD"
    return {
        **row,
        "amount_usd": row["amount"] if is_dollar else "",
        "amount_usd_high": row["amount_high"] if is_dollar else "",
    }


def number(text: str) -> str:
    """A collected amount in plain digits; nothing where there is none."""
    return plain_number(text) if text else ""


def record(reading: Row, decision: Row, kinds: dict[str, str], notes: Notes) -> Row:
    """One row of `commitments`."""

    def kept(*names: str) -> Row:
        return {name: decision[name] for name in names}

    status = reading["status_reported"]
    return {
        **kept("record_id", "undertaking_id"),
        "undertaking_kind": kinds[decision["undertaking_id"]],
        **kept("telling", "is_preferred_telling", "part", "figure_role", "part_of"),
        "supersedes": decision["supersedes"],
        "investor_id": decision["investor_id"] or reading["investor_id"],
        "instrument": decision["instrument"] or reading["instrument"],
        "seniority": decision["seniority"] or "not_applicable",
        "amount": reading["amount"],
        "amount_high": reading["amount_high"],
        "amount_qualifier": decision["amount_qualifier"],
        "currency": reading["currency"],
        "amount_reported": decision["amount_reported"],
        "is_printed": "true" if decision["amount_reported"] else "false",
        "amount_usd": reading["amount_usd"],
        "amount_usd_high": reading["amount_usd_high"],
        **kept("percent", "percent_high", "percent_reported"),
        "percent_kind": decision["percent_kind"] or "not_applicable",
        "status_reported": status,
        "commitment_status": decision["commitment_status"] or status,
        "denied_by": decision["denied_by"],
        "commitment_date": reading["commitment_date"],
        "date_kind": decision["date_kind"],
        "source_id": notes.source_id(reading["source_id"]),
        "locator": "",
        "reading": decision["reading"] or "as_printed",
        "note": notes.with_source_ids(decision["note"]),
    }


def roles(decision: Row) -> list[Row]:
    """The parties of one record, from `role:party role:party`."""
    found: list[Row] = []
    for each in decision["roles"].split():
        role, _, party = each.partition(":")
        found.append(
            {
                "record_id": decision["record_id"],
                "investor_id": party,
                "party_role": role,
            }
        )
    return found


def account_of(collected: list[Row], decisions: list[Row]) -> list[AccountRow]:
    """Where each collected row went: to one record, or to several where its note held more."""
    made: dict[int, list[str]] = {number: [] for number in range(1, len(collected) + 1)}
    for each in decisions:
        made[int(each["row"])].append(each["record_id"])
    account: list[AccountRow] = []
    for number, row in enumerate(collected, start=1):
        ids = made[number]
        is_split = len(ids) > 1
        account.append(
            AccountRow(
                FILE,
                number,
                f"{row['investor_id']} | {row['announced_date']} | {row['source_id']}",
                "split" if is_split else "carried",
                "commitments",
                ";".join(ids),
                "the note holds further figures" if is_split else "",
            )
        )
    return account
