"""Three findings on Reko Diq, computed from a published version of the data.

    python scripts/findings.py --store dist/store

What lies in the ground, who pays, what reaches the people. Only the choice of records stands
here; every figure, name and source is read from the tables, through `rekodiq_data.load` alone.
"""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import rekodiq_data

WIDTH = 80
INDENT = 3
FIGURE = 17
BILLION = 10**9

# The rule of docs/data/sums.md: which readings of an amount may be added.
FALLEN = {"superseded", "denied", "lapsed", "cancelled"}
WHOLE = {"single", "group"}
PROMISED = ("approved", "committed")
MONEY_MAY_FLOW = ("signed", "disbursed")

SAID = {"exact": "", "about": "or so ", "at_least": "or more ", "up_to": "or less "}

STANDS = {"open": "nothing read settles it", "settled": "explained by the sources"}

MINE_DISTRICT = "chagai-district"
LITERACY = "literacy_rate_10plus"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """A question, lines of (figure, what it is), and the `source_id` of all that was used."""

    question: str
    about: str
    lines: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one published version as lists of records, each read once."""

    store: Path
    version: str | None = None
    _read: dict[str, list[Row]] = field(default_factory=dict)

    def rows(self, table: str) -> list[Row]:
        """All records of a table, in key order; None where a cell is missing."""
        if table not in self._read:
            loaded = rekodiq_data.load(
                table, store=self.store, version=self.version, engine="pyarrow"
            )
            self._read[table] = loaded.to_pylist()
        return self._read[table]

    def row(self, table: str, key: str, value: str) -> Row:
        """The record of a table whose `key` is `value`."""
        return next(each for each in self.rows(table) if each[key] == value)

    def is_own_word(self, record: Row) -> bool:
        """Whether a document of the company itself tells it."""
        source = self.row("sources", "source_id", record["source_id"])
        return str(source["source_kind"]).startswith("company")

    def told_by(self, *records: Row) -> str:
        """Who said it and when: "[Dawn, 2025-07]"."""
        sources = [self.row("sources", "source_id", each["source_id"]) for each in records]
        told = [f"{each['publisher']}, {each['published'] or 'no date'}" for each in sources]
        return f"[{'; '.join(dict.fromkeys(told))}]"


def in_the_ground(tables: Tables) -> Finding:
    """The newest reserve: the whole project's, the partner's part of it, and ore and metal."""
    estimates = [
        each for each in tables.rows("mineral_estimates") if each["deposit_id"] == "reko-diq"
    ]
    reserves = [each for each in estimates if each["estimate_kind"] == "reserve"]
    newest = max(each["as_of"] for each in reserves)
    reserves = [each for each in reserves if each["as_of"] == newest]
    # Where several documents print one figure, the company's own comes first.
    reserves.sort(key=lambda each: not tables.is_own_word(each))
    lines = []
    used = []
    for commodity in ("copper", "gold"):
        for basis in ("whole_project", "attributable"):
            told = next(
                each
                for each in reserves
                if (each["commodity"], each["basis"]) == (commodity, basis)
                and each["category"] == "proved_and_probable"
                and each["reading"] == "as_printed"
            )
            used.append(told)
            amount = f"{told['contained_reported']} {told['contained_unit']} {commodity}"
            lines.append((amount, f"{_whose(tables, told)} {tables.told_by(told)}"))
    feeds = [each for each in estimates if each["estimate_kind"] == "mine_plan_ore"]
    copper = next(each for each in feeds if each["grade_cu_pct"] is not None)
    gold = next(each for each in feeds if each["grade_au_gpt"] is not None)
    used += [copper, gold]
    kilograms = _exact(copper["grade_cu_pct"]) * 10
    words = (
        f"copper in a tonne of ore, and {_short(gold['grade_au_gpt'])} g of gold: of "
        f"{_short(copper['tonnage_mt'])} Mt to be milled, almost all is rock"
    )
    lines.append((f"{_short(kilograms)} kg", f"{words} {tables.told_by(copper, gold)}"))
    misprints = [each for each in reserves if each["reading"] == "misprint_quantity"]
    used += misprints
    lines += [
        (
            f"not {each['contained_reported']} {each['contained_unit']}",
            f"of {each['commodity']}, as once printed: that is ore {tables.told_by(each)}",
        )
        for each in misprints
    ]
    about = f"Metal in the reserve of {newest}, proved and probable:"
    return Finding("What lies in the ground?", about, tuple(lines), _ids(used))


def who_pays(tables: Tables) -> Finding:
    """What the first phase costs, what lenders have promised, and what of it may flow."""
    conflict = tables.row("disagreements", "disagreement_id", "capex-phase-1")
    rivals = _rivals(tables, conflict, "mine_plan")
    cost = tables.row("mine_plan", "record_id", conflict["preferred_record_id"])
    others = [each for each in rivals if each is not cost]
    ends = [end for each in others for end in (each["value"], each["value_high"]) if end]
    loans = [
        each
        for each in counted(tables)
        if each["undertaking_kind"] == "project_debt" and each["instrument"] == "loan"
    ]
    promised = [each for each in loans if each["commitment_status"] in PROMISED]
    flowing = [each for each in loans if each["commitment_status"] in MONEY_MAY_FLOW]
    by_status = [
        f"{_billions(_total(promised, status))} {status}"
        for status in PROMISED
        if _total(promised, status)
    ]
    sum_ = _total(promised)
    share = _rounded(100 * sum_ / _exact(cost["value"]), 0)
    lines = (
        (
            f"{_billions(cost['value'])} bn USD",
            f"is to build the first phase {tables.told_by(cost)}; {len(others)} "
            f"other readings say {_billions(min(ends))} to {_billions(max(ends))} "
            f"({STANDS[conflict['status']]})",
        ),
        (
            f"{_billions(sum_)} bn USD",
            f"is what lenders have promised in {len(promised)} readings "
            f"({' and '.join(by_status)}): {share} % of that cost",
        ),
        (
            f"{_billions(_total(flowing))} bn USD",
            "of loans is signed or paid out in any document read",
        ),
    )
    about = "Loans for the first phase, added as docs/data/sums.md says:"
    return Finding("Who pays?", about, lines, _ids([cost, *promised, *flowing]))


def reaching_the_people(tables: Tables) -> Finding:
    """Literacy near the mine and beyond, royalties paid, and an amount that is in dispute."""
    lines = []
    used = []
    values = [
        each
        for each in tables.rows("regional_development")
        if each["indicator_id"] == LITERACY
        and each["instrument"] == "census_literacy"
        and each["value"] is not None
    ]
    year = max(each["year"] for each in values)
    place = tables.row("places", "place_id", MINE_DISTRICT)
    for name in (MINE_DISTRICT, "balochistan", "pakistan"):
        place = tables.row("places", "place_id", name)
        told = next(each for each in values if (each["place_id"], each["year"]) == (name, year))
        used.append(told)
        where = f"in {place['name']} ({place['place_level']})"
        lines.append((f"{_rounded(told['value'], 1)} %", f"{where} {tables.told_by(told)}"))
    paid = [
        each
        for each in tables.rows("community_investment")
        if each["measure"] == "royalties-paid" and each["reading"] == "as_printed"
    ]
    used += paid
    lines += [
        (
            f"{_short(_exact(each['amount_low']) / 10**6)} m {each['currency']}",
            f"{SAID[each['qualifier']]}of royalties were paid to Balochistan by "
            f"{each['period']} {tables.told_by(each)}",
        )
        for each in paid
    ]
    conflict = tables.row("disagreements", "disagreement_id", "community-spending-2025")
    rivals = _rivals(tables, conflict, "community_investment")
    used += rivals
    amounts = sorted(_exact(each["amount_low"]) / 10**6 for each in rivals)
    words = (
        f"spent on the people near the mine? {tables.told_by(*rivals)} "
        f"({STANDS[conflict['status']]})"
    )
    lines.append((f"{' or '.join(map(_short, amounts))} m USD", words))
    about = f"Who can read and write, at ten and over (census of {year}), and money:"
    return Finding("What reaches the people?", about, tuple(lines), _ids(used))


def counted(tables: Tables) -> list[Row]:
    """The readings of amounts that may be added, by the rule of docs/data/sums.md."""
    standing = [
        each
        for each in tables.rows("commitments")
        if each["is_preferred_telling"]
        and each["reading"] == "as_printed"
        and each["commitment_status"] not in FALLEN
        and each["amount"] is not None
    ]
    whole = {each["record_id"] for each in standing if each["figure_role"] in WHOLE}
    figures = [
        each
        for each in standing
        if each["record_id"] in whole
        or (each["figure_role"] == "component" and each["part_of"] not in whole)
    ]
    present = {each["undertaking_id"] for each in figures}
    above = {each["undertaking_id"]: each["part_of"] for each in tables.rows("undertakings")}
    return [each for each in figures if above[each["undertaking_id"]] not in present]


def render(number: int, finding: Finding) -> str:
    """A finding for people, in lines of 80 columns."""
    margin = " " * INDENT
    lines = [f"{number}. {finding.question}", f"{margin}{finding.about}", ""]
    hang = " " * (INDENT + FIGURE)
    for figure, words in finding.lines:
        lines += textwrap.wrap(
            words,
            WIDTH,
            initial_indent=f"{margin}{figure:<{FIGURE}}",
            subsequent_indent=hang,
            break_on_hyphens=False,
            break_long_words=False,
        )
    ids = textwrap.wrap(
        f"Sources: {', '.join(finding.sources)}",
        WIDTH,
        initial_indent=margin,
        subsequent_indent=margin,
        break_on_hyphens=False,
        break_long_words=False,
    )
    return "\n".join([*lines, "", *ids])


def main() -> None:
    """Print the findings."""
    parser = argparse.ArgumentParser(description="Three findings from a published version.")
    parser.add_argument("--store", type=Path, required=True, help="the folder of versions")
    parser.add_argument("--version", help="by default the newest")
    options = parser.parse_args()
    tables = Tables(options.store, options.version)
    findings = (in_the_ground(tables), who_pays(tables), reaching_the_people(tables))
    print("\n\n".join(render(number, each) for number, each in enumerate(findings, start=1)))


def _whose(tables: Tables, estimate: Row) -> str:
    if estimate["basis"] == "whole_project":
        return "in the whole project"
    name = tables.row("investors", "investor_id", estimate["attributable_to"])["investor_name"]
    return f"are the {_short(estimate['share_pct'])} % of {name}"


def _rivals(tables: Tables, conflict: Row, table: str) -> list[Row]:
    """The records of `table` that a disagreement is about."""
    names = {
        each["record_id"]
        for each in tables.rows("disagreement_rows")
        if each["disagreement_id"] == conflict["disagreement_id"]
        and each["table_name"] == table
    }
    return [each for each in tables.rows(table) if each["record_id"] in names]


def _total(loans: Iterable[Row], status: str | None = None) -> Decimal:
    amounts = (
        _exact(each["amount_usd"])
        for each in loans
        if status is None or each["commitment_status"] == status
    )
    return sum(amounts, start=Decimal(0))


def _ids(records: Iterable[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each["source_id"] for each in records))


def _exact(number: float | Decimal) -> Decimal:
    return Decimal(str(number))


def _short(number: float | Decimal) -> str:
    text = f"{_exact(number):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _billions(number: float | Decimal) -> str:
    return _short(_exact(number) / BILLION)


def _rounded(number: float | Decimal, digits: int) -> Decimal:
    return _exact(number).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


if __name__ == "__main__":
    main()
