"""Carries `districts.csv` and `district_aliases.csv` into `places`, `_names`, `_sources`.

The notes list districts alone and put other levels into columns and cells. Here every unit is a
place of its own: country, provinces, divisions, districts, tehsils, towns, villages and sites
(`places_units.csv` adds what the list of districts lacks). Corrected on the way:

- ids tell the level, because names collide: Kalat, Nasirabad, Quetta and others are both a
  district and a division, Chagai both a district and a tehsil;
- what each source says of a place's creation, renaming or abolition becomes a row of
  `place_sources` with the kind of date (`places_statements.csv`), so that rival dates stay;
- South Dera Bugti is a new name of Dera Bugti, not a new place;
- four aliases name places that are no districts: Nokkundi (town and tehsil), Durban Chah;
- areas go to `regional_development`, where each has its own source.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from scripts.carry.common import AccountRow, Carried, Notes, Row, read_curated, slug
from scripts.carry.conflicts import disagreement_tables
from scripts.carry.place_names import place_names

if TYPE_CHECKING:
    from collections.abc import Iterable

RENAMED = {"South Dera Bugti": "Dera Bugti"}
"""District rows of the notes that are a new name of another row."""

PARENT_UNKNOWN = "balochistan"
CENSUS = {
    "census 2023 district": "counted",
    "created before census date, counted inside parent by PBS": "in_parent",
}
PCODE_REASONS = {"post-2023": "created_after_list"}
LISTS = {"R02": "listing", "R03": "listing", "R04": "listing", "R16": "pcode"}
ALIASED = {
    "Nokkundi (town/tehsil)": ("nokkundi-tehsil", "nokkundi-town"),
    "Durban Chah (village)": ("durban-chah",),
}
"""Names in the list of aliases that are no districts, and the places that they may mean."""

TEHSIL_TABLES = "R06"
"""The source whose rows are tehsils: a name in it is never the town's."""

MORE_NAMES = {
    ("province", "islamabad (ict)"): "islamabad-capital-territory",
    ("province", "federally administered tribal areas (fata)"): (
        "federally-administered-tribal-areas"
    ),
    ("division", "makran"): "mekran-division",
    ("division", "naseerabad"): "nasirabad-division",
    ("tehsil", "nokundi"): "nokkundi-tehsil",
}
"""(level of the notes, name in small letters) of places that the list of aliases lacks."""


@dataclass(frozen=True)
class Places:
    """The places that the notes speak of, and the id behind each name at each level."""

    notes: Notes

    @cached_property
    def by_name(self) -> dict[tuple[str, str], str]:
        """(level of the notes, name in small letters) to place_id, aliases included."""
        found = dict(MORE_NAMES)
        for unit in read_curated("places_units"):
            level = {"territory": "province"}.get(unit["place_level"], unit["place_level"])
            found[level, unit["name"].casefold()] = unit["place_id"]
        for row in self.notes.rows("districts.csv"):
            name = row["district"]
            for each in filter(None, (name, row["pcode_name"])):
                found["district", each.casefold()] = district_id(RENAMED.get(name, name))
        for row in self.notes.rows("district_aliases.csv"):
            if row["canonical"] not in ALIASED:
                place = found["district", row["canonical"].casefold()]
                found["district", row["alias_as_seen"].casefold()] = place
        return found

    def place_id(self, level: str, name: str) -> str:
        """The place that the notes call `name` at `level` (`Chagai / Taftan` for tehsils).

        Raises KeyError for a name that no list explains.
        """
        return self.by_name[level, name.rpartition(" / ")[2].casefold()]

    def aliased(self, canonical: str, source: str) -> tuple[str, ...]:
        """The places behind a `canonical` name of the list of aliases, as `source` uses it."""
        if canonical not in ALIASED:
            return (self.place_id("district", canonical),)
        return ALIASED[canonical][:1] if source == TEHSIL_TABLES else ALIASED[canonical]


def district_id(name: str) -> str:
    """The id of the district that the notes call `name`."""
    return slug(f"{name} district")


def carry(notes: Notes) -> Carried:
    """`places`, `place_names`, `place_sources`, their disagreements and their account."""
    statements, by_district = place_sources(notes)
    rows = [unit_row(unit, notes) for unit in read_curated("places_units")]
    rows += district_rows(notes, statements)
    named = place_names(notes, Places(notes), rows)
    return Carried(
        {
            "places": rows,
            "place_names": named.rows,
            "place_sources": statements,
            **disagreement_tables("places"),
        },
        account(notes, by_district) + named.account,
    )


def unit_row(unit: Row, notes: Notes) -> Row:
    """The `places` row of a curated unit."""
    kept = {name: cell for name, cell in unit.items() if name not in {"source", "reason"}}
    return kept | {
        "valid_from_kind": "not_stated",
        "source_id": notes.source_id(unit["source"]),
    }


def place_sources(notes: Notes) -> tuple[list[Row], dict[str, list[str]]]:
    """Rows of `place_sources`, and the ids of those that each district row became.

    A district's sources are named in one cell of the notes. What they say of it stands in
    `places_statements.csv`; lists and code lists that say nothing else only list it (`LISTS`).
    """
    curated: dict[tuple[str, str], list[Row]] = {}
    for statement in read_curated("places_statements"):
        curated.setdefault((statement["district"], statement["source"]), []).append(statement)
    rows: dict[str, Row] = {}
    by_district: dict[str, list[str]] = {}
    for district in notes.rows("districts.csv"):
        name = district["district"]
        place = district_id(RENAMED.get(name, name))
        for old in dict.fromkeys(district["source_id"].split(";")):
            plain = [{"supports": LISTS[old], "statement": "1"}] if old in LISTS else None
            said = curated.pop((name, old), plain)
            if said is None:
                raise ValueError(f"{name}: what does {old} say of it?")
            for statement in said:
                row = statement_row(place, notes.source_id(old), statement)
                rows[row["record_id"]] = row
                by_district.setdefault(name, []).append(row["record_id"])
    if curated:
        raise ValueError(f"places_statements.csv names what the notes lack: {list(curated)}")
    for unit in read_curated("places_units"):
        source = notes.source_id(unit["source"])
        row = statement_row(unit["place_id"], source, {"supports": "listing", "statement": "1"})
        rows[row["record_id"]] = row
    return list(rows.values()), by_district


def statement_row(place: str, source: str, statement: Row) -> Row:
    """The `place_sources` row of one thing that one source says of a place."""
    number = statement["statement"]
    stem = f"{place}-{statement['supports']}-{source}"
    return {
        "record_id": stem if number == "1" else f"{stem}-{number}",
        "place_id": place,
        "source_id": source,
        "supports": statement["supports"],
        "statement": number,
        "date_reported": statement.get("date_reported", ""),
        "date_kind": statement.get("date_kind") or "not_applicable",
        "note": statement.get("note", ""),
    }


def district_rows(notes: Notes, statements: Iterable[Row]) -> list[Row]:
    """The `places` rows of all districts; validity is the first date that a source gives."""
    dated: dict[tuple[str, str], Row] = {}
    for statement in statements:
        if statement["date_reported"]:
            dated.setdefault((statement["place_id"], statement["supports"]), statement)
    remarks = {row["district"]: row["note"] for row in read_curated("places_notes")}
    rows = []
    for row in notes.rows("districts.csv"):
        name = row["district"]
        if name in RENAMED:
            continue
        place = district_id(name)
        created = dated.get((place, "creation"), {})
        if created.get("date_reported", "") != row["created"]:
            raise ValueError(f"{name}: its first statement does not give {row['created']!r}")
        parent, origin = row["division"], row["parent_district"]
        rows.append(
            {
                "place_id": place,
                "name": name,
                "place_level": "district",
                "parent_id": slug(f"{parent} division") if parent else PARENT_UNKNOWN,
                "split_from_id": district_id(origin) if origin else "",
                "pcode": row["pcode"],
                "pcode_reason": ""
                if row["pcode"]
                else PCODE_REASONS.get(row["status"], "not_in_list"),
                "valid_from": created.get("date_reported", ""),
                "valid_from_kind": created.get("date_kind", "not_stated"),
                "valid_to": dated.get((place, "abolition"), {}).get("date_reported", ""),
                "census_2023": CENSUS.get(row["status"], "not_existing"),
                "source_id": notes.source_id(row["source_id"].split(";")[0]),
                "note": remarks.pop(name, ""),
            }
        )
    if remarks:
        raise ValueError(f"places_notes.csv names districts that the notes lack: {remarks}")
    return rows


def account(notes: Notes, by_district: dict[str, list[str]]) -> list[AccountRow]:
    """Where each district row went: its place, and what its sources say of it."""
    rows = []
    for number, row in enumerate(notes.rows("districts.csv"), start=1):
        name = row["district"]
        where = ("districts.csv", number, name)
        if name in RENAMED:
            why = "a new name of the same place, see place_names and place_sources"
            rows.append(AccountRow(*where, "merged", "places", district_id(RENAMED[name]), why))
        else:
            why = "the area stands in regional_development" if row["area_km2"] else ""
            rows.append(AccountRow(*where, "carried", "places", district_id(name), why))
        ids = by_district[name]
        outcome = "split" if len(ids) > 1 else "carried"
        rows.append(AccountRow(*where, outcome, "place_sources", ";".join(ids)))
    return rows
