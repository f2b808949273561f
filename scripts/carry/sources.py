"""Carries the three lists of sources: `sources_reserves`, `_investors`, `_region` (.csv).

One source is one document. The three lists hold 276 ids on 254 addresses: where two ids stand
for one address, the documents are merged, and every collected id stays findable in
`source_aliases`. One address is two documents all the same: a reference page of which an older
and a newer edition were read. Numbers such as `R03` get descriptive ids (`sources_ids.csv`).

Corrected or decided by hand, with reasons, in `curated/`: who published and what is copied
(`sources_publishers.csv`), the kind of document (`sources_kinds.csv`), and single facts such
as titles, dates of undated pages, relays, rounding and addresses (`sources_facts.csv`).
"""

from __future__ import annotations

import re

from scripts.carry.common import AccountRow, Carried, Notes, Row, read_curated

FILES = ("sources_reserves.csv", "sources_investors.csv", "sources_region.csv")
DEFAULTS = {
    "title_basis": "printed",
    "edition": "only",
    "language": "en",
    "licence": "not_stated",
    "read": "whole",
    "rounding": "unknown",
}
# Both lists that have a word for it call these the trade press, the third says "news".
TRADE_PRESS = {
    "Argus Media",
    "Investmets",
    "MQ World",
    "Metals Wire",
    "Mining Technology",
    "NS Energy",
    "Resource Global Network",
    "Resource World",
    "The Northern Miner",
    "Womp (Mining Media)",
}
# Dates of files in repositories are the days of their commits, not of a publication.
REPOSITORY = re.compile(r"https://github\.com/[\w.-]+/[\w.-]+/(?:blob|tree)/[0-9a-f]{12}")


def carry(notes: Notes) -> Carried:
    """`sources` and `source_aliases`, and the account of all collected sources."""
    documents: dict[str, list[Row]] = {}
    aliases: list[Row] = []
    account: list[AccountRow] = []
    for file in FILES:
        for number, row in enumerate(notes.rows(file), start=1):
            old = row["source_id"]
            source = notes.source_id(old)
            known = documents.setdefault(source, [])
            known.append(row)
            merged = len(known) > 1
            aliases.append(alias(old, source, file, merged=merged))
            account.append(
                AccountRow(
                    file,
                    number,
                    old,
                    "merged" if merged else "carried",
                    "sources",
                    source,
                    "a document that another list has too" if merged else "",
                )
            )
    rows = [document(source, readings, notes) for source, readings in documents.items()]
    apply_facts(rows)
    hold_one_document_each(rows)
    return Carried({"sources": rows, "source_aliases": aliases}, account)


def alias(old: str, source: str, file: str, *, merged: bool) -> Row:
    """The line of `source_aliases` for one collected id."""
    kind = "merged" if merged else "kept" if old == source else "renamed"
    return {"alias": old, "research_file": file, "source_id": source, "alias_kind": kind}


def document(source: str, readings: list[Row], notes: Notes) -> Row:
    """One document from the one to three rows that the lists have on it, before hand facts."""
    publishers = {row["collected"]: row for row in read_curated("sources_publishers")}
    kinds = {row["collected"]: row for row in read_curated("sources_kinds")}
    first = readings[0]
    publisher = publishers.get(first["publisher"], {"publisher": first["publisher"]})
    kind = kinds[most_telling([row["kind"] for row in readings])]
    published = next((row["published_date"] for row in readings if row["published_date"]), "")
    row = {
        "source_id": source,
        "title": first["title"],
        "publisher": publisher["publisher"],
        "url": first["url"],
        "part": "",
        "published": published,
        "source_kind": kind["source_kind"],
        "based_on": publisher.get("based_on") or kind["based_on"],
        "relays": "",
        "note": notes.with_source_ids(first.get("note", "")),
        **DEFAULTS,
    }
    row["read"] = publisher.get("read") or kind["read"] or row["read"]
    row["published_basis"] = "noted" if published else "not_stated"
    if row["source_kind"] == "press" and row["publisher"] in TRADE_PRESS:
        row["source_kind"] = "trade_press"
    licence = next((each["licence"] for each in readings if each.get("licence")), "")
    if licence not in {"", "none stated"}:
        row["licence"] = licence
    return row


def most_telling(kinds: list[str]) -> str:
    """Of the kinds that the lists give one document, the one that says most."""
    plain = ("news", "press", "newspaper", "news agency", "trade press")
    return min(kinds, key=lambda kind: (kind in plain, -len(kind)))


def apply_facts(rows: list[Row]) -> None:
    """Set the facts of `sources_facts.csv`. Raises KeyError for a source or field unknown."""
    by_id = {row["source_id"]: row for row in rows}
    for fact in read_curated("sources_facts"):
        row = by_id[fact["source_id"]]
        if fact["field"] not in row:
            raise KeyError(f"sources_facts.csv: no such field: {fact['field']}")
        row[fact["field"]] = fact["value"]
    for row in rows:
        if REPOSITORY.match(row["url"]) and row["published_basis"] == "noted":
            row["published_basis"] = "commit"


def hold_one_document_each(rows: list[Row]) -> None:
    """Raise ValueError where two sources have one address and edition, or a relay dangles."""
    seen: dict[tuple[str, str], str] = {}
    names = {row["source_id"] for row in rows}
    for row in rows:
        other = seen.setdefault((row["url"], row["edition"]), row["source_id"])
        if other != row["source_id"]:
            raise ValueError(f"{other} and {row['source_id']} are one document")
        if row["relays"] and row["relays"] not in names:
            raise ValueError(f"{row['source_id']} relays {row['relays']}, which is no source")
