"""Carries `events.csv`: what happened, and who took part.

Corrected on the way: the one column of dates gets its kind (the day of the event, or only that
of the report); lists of parties become rows; two kinds are added (a denial, and talks that
ended), so that commitments can name the event that undoes them. Two happenings are told twice
with different days: both rows stay, and one names the other. All of it is decided in
`curated/investors_events.csv`.
"""

from __future__ import annotations

from scripts.carry.common import AccountRow, Carried, Notes, Row, read_curated

FILE = "events.csv"


def carry(notes: Notes) -> Carried:
    """`events`, `event_parties`, and the account of all rows.

    Raises ValueError where a collected row has no decision.
    """
    collected = notes.rows(FILE)
    decisions = read_curated("investors_events")
    if [row["row"] for row in decisions] != [str(n + 1) for n in range(len(collected))]:
        raise ValueError("investors_events.csv does not decide every row once, in order")
    events: list[Row] = []
    parties: list[Row] = []
    account: list[AccountRow] = []
    for number, (row, decision) in enumerate(zip(collected, decisions, strict=True), start=1):
        event = decision["event_id"]
        events.append(
            {
                "event_id": event,
                "event_date": row["date"],
                "date_kind": decision["date_kind"],
                "event_kind": decision["event_kind"] or row["kind"],
                "event_title": row["event"],
                "same_event_as": decision["same_event_as"],
                "source_id": notes.source_id(row["source_id"]),
                "locator": "",
                "reading": "as_printed",
                "note": notes.with_source_ids(decision["note"]),
            }
        )
        listed = [*row["parties"].split(";"), *decision["further_parties"].split()]
        parties.extend({"event_id": event, "investor_id": party} for party in listed)
        key = f"{row['date']} | {row['kind']} | {row['source_id']}"
        account.append(AccountRow(FILE, number, key, "carried", "events", event))
    return Carried({"events": events, "event_parties": parties}, account)
