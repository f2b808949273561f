"""Carries `reserves.csv`: deposits, and every reported estimate of resources and reserves.

What changes on the way: the scope ("5 of 14 porphyries", "mill feed") leaves the deposit's
name; the reported unit's number is shifted to one unit a column, exactly; statements get a
name; `proven` becomes the CRIRSCO code `proved` beside the printed word; the date says what
it is the date of. Qualifiers, printed words, parts, marks of misprints and what the collected
notes say in words stand in `curated/reserves_facts.csv`, deposits in `reserves_deposits.csv`.
"""

from __future__ import annotations

import re

from scripts.carry.common import (
    AccountRow,
    Carried,
    Notes,
    Row,
    plain_number,
    read_curated,
    scaled,
    slug,
)
from scripts.carry.conflicts import disagreement_tables

FILE = "reserves.csv"
TABLE = "mineral_estimates"

SCOPES = {
    " (5 of 14 porphyries)": "five_porphyries",
    " (mineable portion)": "mineable_portion",
    " (mill feed)": "mill_feed",
}
CODES = {
    "JORC": "jorc",
    "NI 43-101": "ni_43_101",
    "historical estimate": "historical_estimate",
    "not stated": "not_stated",
}
BASES = {
    "not stated": ("not_stated", ""),
    "100%": ("whole_project", ""),
    "attributable (Antofagasta)": ("attributable", "antofagasta"),
    "attributable (Barrick)": ("attributable", "barrick"),
}
YES_NO = {"yes": "true", "no": "false", "": ""}

TONNAGE_MT = {"Mt": "1", "Bt": "1000"}
# 1 lb is 0.45359237 kg and 1 troy ounce 31.1034768 g, both by definition.
COPPER_KT = {"Blb": "453.59237", "Mt": "1000", "Bt": "1000000"}
GOLD_KOZ = {"Moz": "1000"}
GOLD_T = {"Moz": "31.1034768", "Bt": "1000000000"}

RECORD = re.compile(r"\b([RM])([0-9]{3})\b")
RECORDS = re.compile(r"\b([RM][0-9]{3})-([RM][0-9]{3})\b")
PREFIX = {"R": "estimate", "M": "plan"}


def carry(notes: Notes) -> Carried:
    """`deposits`, `mineral_estimates`, their disagreements, and the account of all rows."""
    deposits = read_curated("reserves_deposits")
    names = {row["collected"]: row["deposit_id"] for row in deposits}
    facts: dict[str, dict[str, str]] = {}
    for fact in read_curated("reserves_facts"):
        facts.setdefault(fact["record_id"], {})[fact["field"]] = fact["value"]
    relays = {
        row["source_id"]: row["value"]
        for row in read_curated("sources_facts")
        if row["field"] == "relays"
    }
    rows: list[Row] = []
    account: list[AccountRow] = []
    for number, collected in enumerate(notes.rows(FILE), start=1):
        row = estimate(collected, names, notes)
        own = facts.pop(row["record_id"], {})
        unknown = set(own) - set(row)
        if unknown:
            raise KeyError(f"reserves_facts.csv: no such field: {sorted(unknown)}")
        row |= own
        add_numbers(row)
        add_statement(row, relays)
        rows.append(row)
        old = collected["record_id"]
        account.append(AccountRow(FILE, number, old, "carried", TABLE, row["record_id"]))
    if facts:
        raise KeyError(f"reserves_facts.csv names unknown records: {sorted(facts)}")
    columns = ("collected", "reason")
    kept = [{key: row[key] for key in row if key not in columns} for row in deposits]
    for row in kept:
        row |= {"reading": "as_printed", "locator": ""}
    return Carried({"deposits": kept, TABLE: rows, **disagreement_tables("reserves")}, account)


def record_id(old: str) -> str:
    """The id of today for `R029` or `M054`: `estimate-029`, `plan-054`."""
    return f"{PREFIX[old[0]]}-{old[1:]}"


def with_record_ids(text: str) -> str:
    """`text` with collected record ids replaced by those of today."""
    ranges = RECORDS.sub(r"\1 to \2", text)
    return RECORD.sub(lambda found: record_id(found.group()), ranges)


def tidy(note: str) -> str:
    """A note with a capital at its start, unless it opens with an id."""
    return note[:1].upper() + note[1:] if re.match(r"[a-z]+[ ,;:]", note) else note


def estimate(collected: Row, deposits: dict[str, str], notes: Notes) -> Row:
    """One record as collected, in today's columns; numbers and statement are added later."""
    deposit, scope = collected["deposit"], "whole"
    for ending, code in SCOPES.items():
        if deposit.endswith(ending):
            deposit, scope = deposit.removesuffix(ending), code
    if deposits[deposit] == "barrick-group":
        scope = "all_sites"
    basis, party = BASES[collected["basis"]]
    category = collected["category"].replace("proven", "proved")
    prices = dict(re.findall(r"(Au|Cu) ([0-9,.]+) USD", collected["metal_price_assumption"]))
    cutoff = re.fullmatch(r"([0-9.]+)% Cu(?: \(stated later, in (.+)\))?", collected["cutoff"])
    if bool(cutoff) != bool(collected["cutoff"]):
        raise ValueError(f"{collected['record_id']}: cut-off {collected['cutoff']!r}")
    later = cutoff[2] if cutoff else None
    printed = "" if category == "not_stated" else collected["category"].replace("_", " ")
    return {
        "record_id": record_id(collected["record_id"]),
        "deposit_id": deposits[deposit],
        "scope": scope,
        "as_of": collected["as_of_date"] or "not_stated",
        "as_of_kind": "effective" if collected["as_of_date"].endswith("-12-31") else "report",
        "estimate_kind": collected["kind"],
        "category": category,
        "category_printed": printed,
        "commodity": collected["commodity"],
        "reporting_code": CODES[collected["reporting_code"]],
        "is_code_printed": YES_NO[collected["reporting_code_stated_in_source"]],
        "basis": basis,
        "attributable_to": party,
        "share_pct": collected["ownership_share_pct"],
        "is_basis_printed": "" if basis == "not_stated" else "true",
        "tonnage_reported": collected["tonnage_as_reported"],
        "tonnage_unit": collected["tonnage_unit_as_reported"],
        "tonnage_qualifier": "exact" if collected["tonnage_as_reported"] else "",
        "grade_reported": collected["grade"],
        "grade_unit": collected["grade_unit"],
        "contained_reported": collected["contained"],
        "contained_unit": collected["contained_unit"],
        "contained_qualifier": "exact" if collected["contained"] else "",
        "cutoff": f"{cutoff[1]}% Cu" if cutoff else "not_stated",
        "cutoff_cu_pct": plain_number(cutoff[1]) if cutoff else "",
        "cutoff_source_id": notes.source_id(later or collected["source_id"]) if cutoff else "",
        "price_cu_usd_lb": plain_number(prices["Cu"]) if "Cu" in prices else "",
        "price_au_usd_oz": plain_number(prices["Au"]) if "Au" in prices else "",
        "is_inclusive_of_reserves": (
            "true" if collected["inclusive_of_reserves"].startswith("inclusive") else ""
        ),
        "confidence": collected["confidence"],
        "part_of": "",
        "reading": "as_printed",
        "source_id": notes.source_id(collected["source_id"]),
        "locator": "",
        "note": tidy(with_record_ids(notes.with_source_ids(collected["note"]))),
    }


def add_numbers(row: Row) -> None:
    """Fill the number columns of a record from its reported texts and units, exactly."""
    gold = row["commodity"] == "gold"
    number = figure(row["tonnage_reported"])
    row["tonnage_mt"] = scaled(number, TONNAGE_MT[row["tonnage_unit"]]) if number else ""
    grade = {"%": "grade_cu_pct", "% CuEq": "grade_cueq_pct", "g/t": "grade_au_gpt", "": ""}
    for column in ("grade_cu_pct", "grade_cueq_pct", "grade_au_gpt"):
        fits = grade[row["grade_unit"]] == column
        row[column] = plain_number(row["grade_reported"]) if fits else ""
    number = figure(row["contained_reported"])
    for column, factors, fits in (
        ("contained_cu_kt", COPPER_KT, not gold),
        ("contained_au_koz", GOLD_KOZ, gold and row["contained_unit"] in GOLD_KOZ),
        ("contained_au_t", GOLD_T, gold),
    ):
        row[column] = scaled(number, factors[row["contained_unit"]]) if number and fits else ""


def figure(text: str) -> str:
    """The number in `text` without the words that qualify it (`about 3` gives `3`)."""
    return re.sub(r"^(?:about|more than|up to) ", "", text)


def add_statement(row: Row, relays: dict[str, str]) -> None:
    """Name the statement: who says it of what, when, on which basis and cut-off.

    A source that reprints another one speaks its statement, not one of its own.
    """
    parts = [
        relays.get(row["source_id"], row["source_id"]),
        row["deposit_id"],
        "" if row["scope"] in {"whole", "all_sites"} else row["scope"],
        "" if row["as_of"] == "not_stated" else row["as_of"],
        "" if row["basis"] == "not_stated" else row["basis"],
        "" if row["cutoff"] == "not_stated" else f"cutoff-{row['cutoff_cu_pct']}",
    ]
    row["statement_id"] = slug(" ".join(part for part in parts if part))
