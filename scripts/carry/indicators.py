"""Carries `indicator_definitions.csv` and `indicators.csv` into two tables.

`indicators` gets our own wording of each definition, UCUM units, and one goal with the kind of
link (`indicators_definitions.csv`). `regional_development` gets, for each collected figure:

- the place by its id, since one name stands for several places and one place has many names;
- one unit an indicator: fractions to percent and thousand persons to persons, both exact;
  the figure as printed stays beside it with its own unit;
- instrument, boundaries, edition and origin, by source (`indicators_instruments.csv`);
- `-` as a missing value and never as zero;
- numbers that a data file keeps in binary (3.7800000000000002) as the decimal that they are.

Cells that the notes passed over stand in `indicators_additions.csv`. Disagreements are between
whole tables: `indicator_conflicts` chooses their records.
"""

from __future__ import annotations

import re
from decimal import Decimal

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
from scripts.carry.indicator_conflicts import disagreement_tables
from scripts.carry.places import Places

TABLE = "regional_development"
FILE = "indicators.csv"

SHIFTS = {"fraction": "100", "thousand persons": "1000"}
"""Units of the notes that are shifted, and by how much."""

COUNTED = frozenset({"persons", "households"})
BINARY = re.compile(r"[0-9]+\.[0-9]{13,}")
"""A decimal fraction as binary numbers keep it: no source prints so many digits."""

DASH = "The source prints a dash: the figure is missing here, not zero."
REMARKS = {row["collected"]: row["note"] for row in read_curated("indicators_remarks")}


def carry(notes: Notes) -> Carried:
    """`indicators`, `regional_development`, their disagreements and their account."""
    account: list[AccountRow] = []
    definitions = indicator_rows(notes, account)
    rows = regional_rows(notes, account)
    additive = {row["indicator_id"] for row in definitions if row["is_additive"] == "true"}
    for row in rows:
        if row["value_reported"] == "-" and row["indicator_id"] in additive:
            row["note"] += " The other districts add up to the province's figure without it."
    return Carried(
        {"indicators": definitions, TABLE: rows, **disagreement_tables(rows, notes)}, account
    )


def indicator_rows(notes: Notes, account: list[AccountRow]) -> list[Row]:
    """Rows of `indicators`. Raises KeyError where a collected definition is not curated."""
    curated = {row["indicator_id"]: row for row in read_curated("indicators_definitions")}
    rows = []
    for number, row in enumerate(notes.rows("indicator_definitions.csv"), start=1):
        name = row["indicator_id"]
        own = curated.pop(name)
        reason = own.pop("reason")
        rows.append(own | {"title": row["title"], "methodology_owner": owner(row)})
        account.append(
            AccountRow(
                "indicator_definitions.csv", number, name, "carried", "indicators", name, reason
            )
        )
    if curated:
        raise ValueError(f"indicators_definitions.csv defines what the notes lack: {curated}")
    return rows


def owner(row: Row) -> str:
    """Who owns the method. A share that a source derived is still the census office's idea."""
    return (
        "Pakistan Bureau of Statistics"
        if row["methodology_owner"].startswith("derived by source")
        else row["methodology_owner"]
    )


def regional_rows(notes: Notes, account: list[AccountRow]) -> list[Row]:
    """Rows of `regional_development`: each collected figure, and the cells passed over."""
    instruments = Instruments()
    places = Places(notes)
    rows = []
    for number, collected in enumerate(notes.rows(FILE), start=1):
        origin = instruments.of(collected)
        place = places.place_id(collected["geo_level"], collected["district"])
        row = regional_row(place, collected, origin, notes)
        rows.append(row)
        key = " | ".join(
            collected[name] for name in ("geo_level", "district", "indicator_id", "year")
        )
        why = reason(collected, row)
        account.append(AccountRow(FILE, number, key, "carried", TABLE, row["record_id"], why))
    for addition in read_curated("indicators_additions"):
        collected = {
            "geo_level": "district",
            "indicator_id": addition["indicator_id"],
            "year": addition["year"],
            "value": "",
            "unit": "",
            "source_id": addition["source"],
            "note": "",
        }
        row = regional_row(addition["place_id"], collected, instruments.of(collected), notes)
        rows.append(
            row
            | {
                "observation_status": addition["observation_status"],
                "unit_reported": addition["unit_reported"],
                "note": addition["note"],
            }
        )
    instruments.hold_all_used()
    return rows


class Instruments:
    """What kind of measurement a collected figure is, by `indicators_instruments.csv`.

    The first line that fits a figure's source, level, indicator and year counts; `*` fits all.
    """

    def __init__(self) -> None:
        self._lines = read_curated("indicators_instruments")
        self._used: set[int] = set()

    def of(self, collected: Row) -> Row:
        """The line for a collected figure. Raises KeyError where none fits."""
        asked = (
            ("source", collected["source_id"]),
            ("geo_level", collected["geo_level"]),
            ("indicators", collected["indicator_id"]),
            ("years", collected["year"]),
        )
        for number, line in enumerate(self._lines):
            if all(line[name] == "*" or text in line[name].split(";") for name, text in asked):
                self._used.add(number)
                return line
        raise KeyError(asked)

    def hold_all_used(self) -> None:
        """Raise ValueError where a line fitted nothing: it would be a misspelt one."""
        idle = set(range(len(self._lines))) - self._used
        if idle:
            raise ValueError(f"indicators_instruments.csv: lines without a figure: {idle}")


def regional_row(place: str, collected: Row, origin: Row, notes: Notes) -> Row:
    """The `regional_development` row of one collected figure."""
    indicator, year = collected["indicator_id"], collected["year"]
    source = notes.source_id(collected["source_id"])
    printed = decimal(collected["value"], collected["unit"])
    missing = printed in {"", "-"}
    shift = SHIFTS.get(collected["unit"])
    value = "" if missing else scaled(printed, shift) if shift else plain_number(printed)
    return {
        "record_id": slug(f"{place} {indicator} {year} {source}"),
        "place_id": place,
        "indicator_id": indicator,
        "year": year,
        "period": origin["period"],
        "instrument": origin["instrument"],
        "boundary_vintage": origin["boundary_vintage"],
        "vintage_status": origin["vintage_status"],
        "value": value,
        "value_reported": printed,
        "unit_reported": UNITS.get(collected["unit"], collected["unit"]),
        "observation_status": "missing" if missing else "observed",
        "figure_origin": origin["figure_origin"],
        "source_id": source,
        "reading": "superseded" if origin["vintage_status"] == "provisional" else "as_printed",
        "locator": origin["locator"],
        "note": remark(collected),
    }


UNITS = {
    "persons": "persons",
    "thousand persons": "thousand persons",
    "households": "households",
    "percent": "percent",
    "fraction": "fraction",
    "percent per year": "percent per year",
    "km2": "square kilometres",
    "persons per km2": "persons per square kilometre",
    "persons per household": "persons per household",
    "males per 100 females": "males per 100 females",
    "index 0-1": "index from 0 to 1",
}
"""Units of the notes to units of the table."""


def decimal(text: str, unit: str) -> str:
    """A collected figure as its source prints it.

    Data files keep numbers in binary, and the notes wrote some of them out in full: 3.78 as
    3.7800000000000002, 17 people as 17.0. Neither is a printed figure.

    >>> decimal("7.159999999999999", "percent"), decimal("17.0", "persons")
    ('7.16', '17')
    """
    if unit in COUNTED:
        return text.removesuffix(".0")
    if BINARY.fullmatch(text):
        return format(round(Decimal(text), 10), "f").rstrip("0")
    return text


def remark(collected: Row) -> str:
    """The note of a row: what the collected remark says beyond the columns, and traces.

    Raises KeyError for a remark that `indicators_remarks.csv` lacks.
    """
    parts = [REMARKS[collected["note"]] if collected["note"] else ""]
    if collected["value"] == "-":
        parts.append(DASH)
    if BINARY.fullmatch(collected["value"]):
        parts.append(f"The data file keeps the binary number {collected['value']}.")
    return " ".join(filter(None, parts))


def reason(collected: Row, row: Row) -> str:
    """What was done to a collected figure, for the account; empty where nothing was."""
    done = []
    if collected["unit"] in SHIFTS:
        done.append(f"{collected['unit']} times {SHIFTS[collected['unit']]}")
    if collected["value"] == "-":
        done.append("a dash is a missing value")
    elif collected["value"] != row["value_reported"]:
        done.append(f"{collected['value']} is a binary form of the printed number")
    return "; ".join(done)
