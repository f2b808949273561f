"""Carries `mine_plan.csv`: planned and reported quantities of the mine.

What changes on the way: one collected cell held phase, period and plan, now three columns
(`curated/mine_plan_phases.csv`, with qualifiers that hid in the notes); each metric has one
unit, so that throughput by the day and by the year are two metrics; amounts are whole dollars,
tonnes and ounces, shifted exactly, with the printed figure beside them; thousands commas leave
the numbers. Parts, prices, marks and shorter notes stand in `curated/mine_plan_facts.csv`.
"""

from __future__ import annotations

from scripts.carry.common import AccountRow, Carried, Notes, Row, read_curated, scaled
from scripts.carry.conflicts import disagreement_tables
from scripts.carry.reserves import record_id, tidy, with_record_ids

FILE = "mine_plan.csv"
TABLE = "mine_plan"

# Collected metric and unit to the metric of today, where its name changes.
METRICS = {
    ("capex_total", "USD bn"): "capex",
    ("equity_contribution_barrick", "USD bn"): "equity_contribution",
    ("hurdle_irr", "%"): "hurdle_rate",
    ("advance_royalty", "USD m/yr"): "advance_royalty_yearly",
    ("throughput", "Mt/yr"): "ore_throughput_yearly",
    ("throughput", "t/d"): "ore_throughput_daily",
    ("total_material_moved", "t/d"): "material_moved_daily",
    ("annual_production", "t/yr"): "metal_production_yearly",
    ("annual_production", "oz/yr"): "metal_production_yearly",
    ("annual_concentrate", "t/yr"): "concentrate_production_yearly",
    ("lom_production", "Mt"): "metal_production_total",
    ("lom_production", "Moz"): "metal_production_total",
}
# Printed unit to the unit of the number, and the exact factor between them.
UNITS = {
    "%": ("percent", "1"),
    "Moz": ("oz", "1000000"),
    "Mt": ("t", "1000000"),
    "Mt/yr": ("t/yr", "1000000"),
    "US cents/lb": ("USD/lb", "1/100"),
    "USD bn": ("USD", "1000000000"),
    "USD m": ("USD", "1000000"),
    "USD m/yr": ("USD/yr", "1000000"),
    "USD/lb": ("USD/lb", "1"),
    "oz/yr": ("oz/yr", "1"),
    "people": ("people", "1"),
    "t/d": ("t/d", "1"),
    "t/yr": ("t/yr", "1"),
    "waste:ore": ("waste_to_ore", "1"),
    "year": ("calendar_year", "1"),
    "years": ("years", "1"),
}
BASES = {"": "not_stated", "100%": "whole_project", "Barrick share": "attributable"}
RECIPIENTS = {
    "Government of Balochistan": "Government of Balochistan",
    "Government of Pakistan": "Government of Pakistan",
    "federal and provincial": "federal and provincial governments",
}
# The words of a printed figure are brought to these three.
WORDS = {
    "exact": "",
    "range": "",
    "about": "about ",
    "at_least": "more than ",
    "up_to": "up to ",
}


def carry(notes: Notes) -> Carried:
    """`mine_plan`, its disagreements, and the account of all rows."""
    phases = {row["record_id"]: row for row in read_curated("mine_plan_phases")}
    facts: dict[str, dict[str, str]] = {}
    for fact in read_curated("mine_plan_facts"):
        facts.setdefault(fact["record_id"], {})[fact["field"]] = fact["value"]
    rows: list[Row] = []
    account: list[AccountRow] = []
    for number, collected in enumerate(notes.rows(FILE), start=1):
        name = record_id(collected["record_id"])
        row = planned(collected, phases.pop(name), notes)
        own = facts.pop(name, {})
        unknown = set(own) - set(row)
        if unknown:
            raise KeyError(f"mine_plan_facts.csv: no such field: {sorted(unknown)}")
        rows.append(row | own)
        account.append(AccountRow(FILE, number, collected["record_id"], "carried", TABLE, name))
    if phases or facts:
        raise KeyError(f"curated, but not in the notes: {sorted({**phases, **facts})}")
    return Carried({TABLE: rows, **disagreement_tables("mine_plan")}, account)


def planned(collected: Row, phase: Row, notes: Notes) -> Row:
    """One record as collected and placed by hand in plan, phase and period."""
    unit, factor = UNITS[collected["unit"]]
    metric = METRICS.get((collected["metric"], collected["unit"]), collected["metric"])
    low, high = collected["value"], collected["value_high"]
    if bool(high) != (phase["qualifier"] == "range"):
        raise ValueError(f"{phase['record_id']}: a range has two ends, and only a range has")
    text = f"{low} to {high}" if high else WORDS[phase["qualifier"]] + low
    recipient = RECIPIENTS.get(collected["basis"], "")
    basis = "not_applicable" if recipient else BASES[collected["basis"]]
    return {
        "record_id": phase["record_id"],
        "metric": metric,
        "commodity": collected["commodity"].replace(" ", "_") or "not_applicable",
        "plan": phase["plan"],
        "phase": phase["phase"],
        "period": phase["period"],
        "period_from": phase["period_from"],
        "period_to": phase["period_to"],
        "place": phase["place"],
        "basis": basis,
        "attributable_to": "barrick" if basis == "attributable" else "",
        "recipient": recipient,
        "status": collected["status"],
        "as_of": collected["as_of_date"],
        "value_reported": text,
        "unit_reported": collected["unit"],
        "qualifier": phase["qualifier"],
        "value": scaled(low, factor),
        "value_high": scaled(high, factor) if high else "",
        "unit": unit,
        "price_cu_usd_lb": "",
        "price_au_usd_oz": "",
        "valued_reported": "",
        "valued_quantity": "",
        "valued_price_usd": "",
        "part_of": "",
        "reading": "as_printed",
        "source_id": notes.source_id(collected["source_id"]),
        "locator": "",
        "note": tidy(with_record_ids(notes.with_source_ids(collected["note"]))),
    }
