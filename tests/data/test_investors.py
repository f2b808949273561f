"""What the tables about investors promise in their descriptions, beyond the named checks."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from pathlib import Path

RAW = Path(__file__).parents[2] / "datapackage" / "raw"

Row = dict[str, str]


def rows(table: str) -> list[Row]:
    with (RAW / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


COMMITMENTS = {row["record_id"]: row for row in rows("commitments")}


def names(found: list[Row]) -> list[str]:
    return [row["record_id"] for row in found]


def test_an_amount_has_a_currency_and_a_qualifier_and_no_gap_has_them() -> None:
    assert not names(
        [
            row
            for row in COMMITMENTS.values()
            if len({bool(row[name]) for name in ("amount", "currency", "amount_qualifier")}) > 1
        ]
    )


def test_a_range_and_nothing_else_has_a_high_end() -> None:
    assert not names(
        [
            row
            for row in COMMITMENTS.values()
            if bool(row["amount_high"]) != (row["amount_qualifier"] == "range")
        ]
    )


def test_is_printed_says_whether_the_printed_text_is_there() -> None:
    assert not names(
        [
            row
            for row in COMMITMENTS.values()
            if (row["is_printed"] == "true") != bool(row["amount_reported"])
        ]
    )


def test_a_percentage_has_a_kind_and_nothing_else_has_one() -> None:
    assert not names(
        [
            row
            for row in COMMITMENTS.values()
            if bool(row["percent"]) != (row["percent_kind"] != "not_applicable")
        ]
    )


def test_what_was_replaced_is_superseded() -> None:
    replaced = {row["supersedes"] for row in COMMITMENTS.values()} - {""}
    assert replaced
    assert {COMMITMENTS[name]["commitment_status"] for name in replaced} == {"superseded"}


def test_a_part_and_its_total_are_of_one_undertaking_and_currency() -> None:
    parts = [row for row in COMMITMENTS.values() if row["part_of"]]
    assert parts
    for row in parts:
        total = COMMITMENTS[row["part_of"]]
        assert row["undertaking_id"] == total["undertaking_id"], row["record_id"]
        assert row["currency"] in {"", total["currency"]}, row["record_id"]
        assert total["figure_role"] != "component", row["record_id"]


def test_every_total_with_listed_parts_has_more_than_one() -> None:
    parts = Counter(
        row["part_of"] for row in COMMITMENTS.values() if row["figure_role"] == "component"
    )
    totals = {
        name: parts[name]
        for name, row in COMMITMENTS.items()
        if row["figure_role"] == "total" and parts[name]
    }
    assert totals
    assert min(totals.values()) > 1


def test_a_part_has_one_standing_preferred_reading() -> None:
    standing: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, row in COMMITMENTS.items():
        if row["is_preferred_telling"] == "true" and row["commitment_status"] != "superseded":
            standing[row["undertaking_id"], row["part"]].append(name)
    assert not {key: found for key, found in standing.items() if len(found) > 1}


def test_the_party_of_a_figure_takes_part_in_it() -> None:
    takes_part = {(row["record_id"], row["investor_id"]) for row in rows("commitment_parties")}
    assert not names(
        [
            row
            for name, row in COMMITMENTS.items()
            if (name, row["investor_id"]) not in takes_part
        ]
    )


def test_only_denied_reports_are_marked_denied_and_name_their_denial() -> None:
    denied = [row for row in COMMITMENTS.values() if row["commitment_status"] == "denied"]
    assert len(denied) == 3
    assert denied == [row for row in COMMITMENTS.values() if row["reading"] == "denied"]
    assert {row["denied_by"] for row in denied} == {"saudi-purchase-denied-2024-12-31"}
    assert {row["status_reported"] for row in denied} == {"approved"}


def test_only_project_debt_has_a_seniority() -> None:
    for name, row in COMMITMENTS.items():
        is_debt = row["undertaking_kind"] == "project_debt" and row["instrument"] != "guarantee"
        assert (row["seniority"] != "not_applicable") == is_debt, name


def test_every_undertaking_has_a_reading_and_every_reading_a_party() -> None:
    undertakings = {row["undertaking_id"] for row in rows("undertakings")}
    assert undertakings == {row["undertaking_id"] for row in COMMITMENTS.values()}
    assert set(COMMITMENTS) == {row["record_id"] for row in rows("commitment_parties")}


def test_ownership_and_stakes_agree_on_a_share_that_both_have() -> None:
    owned = {
        (row["subject_id"], row["parent_id"]): row["share_percent"]
        for row in rows("ownership")
        if row["share_percent"]
    }
    both = [row for row in rows("stakes") if (row["subject_id"], row["investor_id"]) in owned]
    assert {row["subject_id"] for row in both} == {"bmec"}
    for row in both:
        assert row["share_percent"] == owned[row["subject_id"], row["investor_id"]]


def test_the_owners_of_the_project_company_hold_what_the_project_shares_say() -> None:
    through: Counter[str] = Counter()
    for row in rows("stakes"):
        if row["valid_from"] == "2022-12-15":
            top = {"barrick-rd-holdings": "barrick"}.get(row["vehicle_id"], row["vehicle_id"])
            # Three times 8.33 is printed for a quarter: hundredths are compared, rounded.
            through[top or row["investor_id"]] += round(float(row["share_percent"]) * 100)
    company = {
        row["parent_id"]: int(row["share_percent"])
        for row in rows("ownership")
        if row["subject_id"] == "rdmc"
    }
    assert {party: round(share / 100) for party, share in through.items()} == company


def test_an_event_told_twice_names_a_row_that_stands_for_itself() -> None:
    events = {row["event_id"]: row for row in rows("events")}
    told_twice = [row for row in events.values() if row["same_event_as"]]
    assert len(told_twice) == 2
    for row in told_twice:
        assert not events[row["same_event_as"]]["same_event_as"]
        assert row["event_kind"] == events[row["same_event_as"]]["event_kind"]


def test_the_financing_has_not_closed() -> None:
    assert "financial_close" not in {row["event_kind"] for row in rows("events")}


def test_every_event_has_a_party() -> None:
    assert {row["event_id"] for row in rows("events")} == {
        row["event_id"] for row in rows("event_parties")
    }


def test_every_main_name_is_the_name_of_its_party() -> None:
    main = {
        (row["investor_id"], row["name"])
        for row in rows("investor_names")
        if row["name_kind"] == "main"
    }
    assert main == {(row["investor_id"], row["investor_name"]) for row in rows("investors")}
