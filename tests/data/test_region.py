"""What the tables about the region promise in their descriptions, beyond the named checks."""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from scripts.carry.common import Notes
from scripts.carry.community import hold_against
from scripts.carry.indicators import Instruments, decimal, regional_row
from scripts.carry.places import Places

RAW = Path(__file__).parents[2] / "datapackage" / "raw"

Row = dict[str, str]


def rows(table: str) -> list[Row]:
    with (RAW / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


PLACES = {row["place_id"]: row for row in rows("places")}
INDICATORS = {row["indicator_id"]: row for row in rows("indicators")}
FIGURES = rows("regional_development")
MEASURES = {row["record_id"]: row for row in rows("community_investment")}


def names(found: list[Row], key: str = "record_id") -> list[str]:
    return [row[key] for row in found]


def total(indicator: str, year: int, source: str, *places: str) -> Decimal:
    """The sum of one indicator in one source: over the places named, or over all districts."""
    return sum(
        (
            Decimal(row["value"])
            for row in FIGURES
            if (row["indicator_id"], row["year"], row["source_id"])
            == (indicator, str(year), source)
            and (row["place_id"] in places if places else row["place_id"].endswith("-district"))
        ),
        Decimal(0),
    )


# -- places -----------------------------------------------------------------------------------


def test_a_place_has_a_code_or_a_reason_and_never_both() -> None:
    assert not names(
        [row for row in PLACES.values() if bool(row["pcode"]) == bool(row["pcode_reason"])],
        "place_id",
    )


def test_an_id_of_a_level_whose_names_collide_tells_the_level() -> None:
    assert not names(
        [
            row
            for row in PLACES.values()
            if row["place_level"] in {"division", "district", "tehsil", "town"}
            and not row["place_id"].endswith(f"-{row['place_level']}")
        ],
        "place_id",
    )


def test_every_place_but_the_country_lies_in_one_of_a_higher_level() -> None:
    order = ["country", "province", "territory", "division", "district", "tehsil", "town"]
    order += ["village", "site"]

    assert not names(
        [
            row
            for row in PLACES.values()
            if row["place_id"] != "pakistan"
            and order.index(PLACES[row["parent_id"]]["place_level"])
            >= order.index(row["place_level"])
        ],
        "place_id",
    )


def test_every_place_has_an_official_name_and_its_main_source_among_its_sources() -> None:
    official = {
        row["place_id"] for row in rows("place_names") if row["name_kind"] == "official"
    }
    told = {(row["place_id"], row["source_id"]) for row in rows("place_sources")}

    assert official == set(PLACES)
    assert {(row["place_id"], row["source_id"]) for row in PLACES.values()} <= told


def test_the_census_of_2023_counts_34_districts() -> None:
    counted = [
        row
        for row in PLACES.values()
        if row["place_level"] == "district" and row["census_2023"] == "counted"
    ]

    assert len(counted) == 34


# -- figures ----------------------------------------------------------------------------------


def test_a_figure_is_there_exactly_when_it_was_observed() -> None:
    assert not names(
        [
            row
            for row in FIGURES
            if bool(row["value"]) != (row["observation_status"] == "observed")
        ]
    )


def test_a_dash_is_missing_and_never_zero() -> None:
    dashes = [row for row in FIGURES if row["value_reported"] == "-"]

    assert len(dashes) == 6
    assert {row["observation_status"] for row in dashes} == {"missing"}


def test_the_printed_unit_is_that_of_the_indicator_or_one_shifted_to_it() -> None:
    shifted = {"fraction": "percent", "thousand persons": "persons"}

    assert not names(
        [
            row
            for row in FIGURES
            if shifted.get(row["unit_reported"], row["unit_reported"])
            != INDICATORS[row["indicator_id"]]["unit_name"]
        ]
    )


def test_every_indicator_has_a_figure() -> None:
    assert {row["indicator_id"] for row in FIGURES} == set(INDICATORS)


@pytest.mark.parametrize(
    ("old", "new"), [("kalat", "surab"), ("killa-abdullah", "chaman"), ("loralai", "duki")]
)
def test_a_district_of_2017_is_the_sum_of_the_two_that_it_became(old: str, new: str) -> None:
    before = total("pop_total", 2017, "pbs-census-2017-table-5", f"{old}-district")
    after = ("pop_total", 2017, "pakpc2023-districts", f"{old}-district", f"{new}-district")

    assert before == total(*after)


@pytest.mark.parametrize("pair", [("kalat", "surab"), ("kachhi", "nasirabad")])
def test_two_pairs_of_districts_differ_between_sources_and_cancel_out(
    pair: tuple[str, str],
) -> None:
    places = [f"{name}-district" for name in pair]
    sources = ("pakpc2023-districts", "pakistan-map-bundle")
    first, second = (
        [total("pop_total", 2023, source, place) for place in places] for source in sources
    )

    assert first[0] != second[0]
    assert sum(first) == sum(second)


def test_the_tables_of_2023_are_as_far_apart_as_the_disagreements_say() -> None:
    count = total("pop_total", 2023, "pakistan-map-bundle")

    assert count == 14_894_402
    assert count - total("pop_total_age_table", 2023, "pakpc2023-table-04") == 332_391
    assert (
        total("households", 2023, "pakpc2023-districts")
        - total("households_housing_table", 2023, "pakistan-map-bundle")
        == 1_263
    )


def test_provisional_results_are_marked_as_superseded() -> None:
    assert {row["reading"] for row in FIGURES if row["vintage_status"] == "provisional"} == {
        "superseded"
    }
    assert {row["reading"] for row in FIGURES if row["vintage_status"] != "provisional"} == {
        "as_printed"
    }


# -- measures ---------------------------------------------------------------------------------


def test_a_measure_has_money_or_a_count_or_no_figure() -> None:
    def is_sound(row: Row) -> bool:
        money, count = bool(row["amount_low"]), bool(row["count_low"])
        return (
            not (money and count)
            and bool(row["currency"]) == money
            and (row["count_unit"] != "not_applicable") == count
            and bool(row["qualifier"]) == (money or count)
            and (row["figure_role"] == "none") == (not money and not count)
        )

    assert not names([row for row in MEASURES.values() if not is_sound(row)])


def test_a_range_and_nothing_else_has_a_high_end() -> None:
    assert not names(
        [
            row
            for row in MEASURES.values()
            if bool(row["amount_high"] or row["count_high"]) != (row["qualifier"] == "range")
        ]
    )


def test_what_belongs_to_a_measure_is_of_its_kind() -> None:
    mixed = [
        row
        for row in MEASURES.values()
        if row["belongs_to"]
        and MEASURES[row["belongs_to"]]["measure_kind"] != row["measure_kind"]
    ]

    # A mine's hospital and safe water, paid from its social spending.
    assert {row["belongs_to"] for row in mixed} == {
        "saindak-social-spending-saindak-voiceofbalochistan-saindak"
    }


def test_every_measure_has_one_main_source_and_names_it() -> None:
    main = defaultdict(list)
    for row in rows("community_sources"):
        if row["source_role"] == "main":
            main[row["record_id"]].append(row["source_id"])

    assert main == {name: [row["source_id"]] for name, row in MEASURES.items()}


# -- carrying over ----------------------------------------------------------------------------


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    for name, text in {
        "districts.csv": "district,pcode_name\nKalat,Kalat\nSurab,Shaheed Sikandarabad\n",
        "district_aliases.csv": "canonical,alias_as_seen\nKalat,Qalat\n"
        "Nokkundi (town/tehsil),Nok Kundi\n",
        "sources_reserves.csv": "source_id\n",
        "sources_investors.csv": "source_id\n",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    ids = rows_of_curated_ids()
    (tmp_path / "sources_region.csv").write_text("source_id\n" + ids, encoding="utf-8")
    return Notes(tmp_path)


def rows_of_curated_ids() -> str:
    curated = Path(__file__).parents[2] / "scripts" / "carry" / "curated" / "sources_ids.csv"
    with curated.open(encoding="utf-8", newline="") as stream:
        return "".join(f"{row['old_id']}\n" for row in csv.DictReader(stream))


def test_one_name_is_a_district_and_a_division(notes: Notes) -> None:
    places = Places(notes)

    assert places.place_id("district", "Kalat") == "kalat-district"
    assert places.place_id("division", "Kalat") == "kalat-division"
    assert places.place_id("district", "QALAT") == "kalat-district"
    assert places.place_id("tehsil", "Chagai / Nokundi") == "nokkundi-tehsil"
    assert places.place_id("district", "Shaheed Sikandarabad") == "surab-district"


def test_a_name_that_no_list_explains_stops_the_work(notes: Notes) -> None:
    with pytest.raises(KeyError, match="kalaat"):
        Places(notes).place_id("district", "Kalaat")


def test_a_town_has_a_name_only_where_the_source_may_mean_it(notes: Notes) -> None:
    places = Places(notes)

    assert places.aliased("Nokkundi (town/tehsil)", "R04") == (
        "nokkundi-tehsil",
        "nokkundi-town",
    )
    assert places.aliased("Nokkundi (town/tehsil)", "R06") == ("nokkundi-tehsil",)
    assert places.aliased("Kalat", "R04") == ("kalat-district",)


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("3.7800000000000002", "percent per year", "3.78"),
        ("7.159999999999999", "persons per household", "7.16"),
        ("17.0", "persons", "17"),
        ("42.0", "percent", "42.0"),
        ("12,335,129", "persons", "12,335,129"),
        ("-", "persons", "-"),
    ],
)
def test_a_figure_is_written_as_its_source_prints_it(
    value: str, unit: str, expected: str
) -> None:
    assert decimal(value, unit) == expected


@pytest.mark.parametrize(
    ("value", "unit", "source", "expected"),
    [
        ("0.504967", "fraction", "R08", ("50.4967", "0.504967", "observed")),
        ("39", "thousand persons", "R07", ("39000", "39", "observed")),
        ("-", "persons", "R01", ("", "-", "missing")),
    ],
)
def test_a_shift_of_unit_is_exact_and_keeps_the_print(
    notes: Notes, value: str, unit: str, source: str, expected: tuple[str, str, str]
) -> None:
    collected = {
        "geo_level": "district",
        "indicator_id": "poverty_headcount",
        "year": "2018" if source == "R08" else "2017",
        "value": value,
        "unit": unit,
        "source_id": source,
        "note": "",
    }

    row = regional_row("kalat-district", collected, Instruments().of(collected), notes)

    assert (row["value"], row["value_reported"], row["observation_status"]) == expected


def test_a_figure_of_no_known_instrument_stops_the_work() -> None:
    collected = {"source_id": "R99", "geo_level": "district", "indicator_id": "x", "year": "1"}

    with pytest.raises(KeyError, match="R99"):
        Instruments().of(collected)


def test_a_measure_must_stand_in_the_row_that_it_is_read_from() -> None:
    measure = {
        "label": "1a",
        "source": "C12",
        "further_sources": "",
        "amount_reported": "",
        "count_reported": "108",
    }

    with pytest.raises(ValueError, match="'108' is not in"):
        hold_against(measure, {"what": "107 students", "source_id": "C12"})
