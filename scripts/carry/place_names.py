"""The names of places as seen: the part of `places` that makes `place_names`.

A name is kept once for each source that prints it. Names come from the places themselves, from
`district_aliases.csv`, from the code list, from the cells of `indicators.csv`, and from
`places_names.csv` (renamings with their dates). `places_name_kinds.csv` tells which of them are
more than a way of spelling.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scripts.carry.common import AccountRow, Notes, Row, read_curated, slug

if TYPE_CHECKING:
    from scripts.carry.places import Places


@dataclass
class Names:
    """Rows of `place_names` as they are gathered: one for each place, name and source."""

    rows: list[Row] = field(default_factory=list)
    account: list[AccountRow] = field(default_factory=list)
    kinds: dict[str, str] = field(
        default_factory=lambda: {
            row["name"]: row["name_kind"] for row in read_curated("places_name_kinds")
        }
    )
    known: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def add(self, place: str, name: str, source: str, kind: str = "", **more: str) -> str:
        """Take up a name, and give the id of its row; a name known already stays as it is.

        Capitals make no new name: the research notes do not keep them everywhere.
        """
        key = (place, name.casefold(), source)
        if key not in self.known:
            stem = f"{place}-{slug(name)}-{source}"
            taken = set(self.known.values())
            number = 1
            record = stem
            while record in taken:
                number += 1
                record = f"{stem}-{number}"
            self.known[key] = record
            self.rows.append(
                {
                    "record_id": record,
                    "place_id": place,
                    "name": name,
                    "name_kind": kind or self.kinds.get(name) or kind_of(name),
                    "language": "en",
                    "source_id": source,
                    **more,
                }
            )
        return self.known[key]


def kind_of(name: str) -> str:
    """What kind of name it is by its looks: the heading of a table, or a way of spelling."""
    return "table_heading" if name.isupper() else "spelling"


def place_names(notes: Notes, places: Places, units: list[Row]) -> Names:
    """All names of all places. `units` are the rows of `places`."""
    names = Names()
    for row in read_curated("places_names"):
        names.add(
            row["place_id"],
            row["name"],
            notes.source_id(row["source"]),
            row["name_kind"],
            valid_from=row["valid_from"],
            valid_to=row["valid_to"],
            note=row["note"],
        )
    official = {row["place_id"] for row in names.rows if row["name_kind"] == "official"}
    for unit in units:
        if unit["place_id"] not in official:
            names.add(unit["place_id"], unit["name"], unit["source_id"], "official")
    add_aliases(notes, places, names)
    titles = {(unit["place_id"], unit["name"]) for unit in units}
    for row in notes.rows("districts.csv"):
        name = row["pcode_name"]
        if name and name != row["district"]:
            place = places.place_id("district", row["district"])
            names.add(place, name, notes.source_id("R16"), "code_list")
    for row in notes.rows("indicators.csv"):
        place = places.place_id(row["geo_level"], row["district"])
        name = row["district"].rpartition(" / ")[2]
        if (place, name) not in titles:
            names.add(place, name, notes.source_id(row["source_id"]))
    return names


def add_aliases(notes: Notes, places: Places, names: Names) -> None:
    """Take up the list of aliases, and account for each of its rows."""
    for number, row in enumerate(notes.rows("district_aliases.csv"), start=1):
        canonical = row["canonical"]
        meant = [
            (place, old)
            for old in row["source_id"].split(";")
            for place in places.aliased(canonical, old)
        ]
        is_ambiguous = len({place for place, _ in meant}) > 1
        note = AMBIGUOUS if is_ambiguous else ""
        ids = [
            names.add(place, row["alias_as_seen"], notes.source_id(old), note=note)
            for place, old in meant
        ]
        names.account.append(
            AccountRow(
                "district_aliases.csv",
                number,
                f"{canonical} | {row['alias_as_seen']}",
                "split" if len(ids) > 1 else "carried",
                "place_names",
                ";".join(ids),
                reason_of(len(ids), is_ambiguous=is_ambiguous),
            )
        )


AMBIGUOUS = "The research notes do not tell whether the town or the tehsil is meant."


def reason_of(ids: int, *, is_ambiguous: bool) -> str:
    """Why an alias became several names."""
    if is_ambiguous:
        return "the notes mean the town or the tehsil, so both have the name"
    return "one name for each source that prints it" if ids > 1 else ""
