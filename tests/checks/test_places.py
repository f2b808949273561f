"""Figures of places: parts add up to the whole, and stay what they are between editions.

The counts are those of the census of Pakistan for Balochistan: 2017, final results, and 2023,
Table 1; and the age table of 2023, which leaves 332,391 persons out.
"""

from __future__ import annotations

from typing import Any

import pytest

from rekodiq_data.checks.base import Columns, Outcome, Verdict
from rekodiq_data.checks.places import KINDS
from tests.checks.scene import columns, scene, use, verdicts

PLACE_SUM, ACROSS_VINTAGES = KINDS
NA, HELD, FAILED, UNDECIDED = (
    Verdict.NOT_APPLICABLE,
    Verdict.HELD,
    Verdict.FAILED,
    Verdict.UNDECIDED,
)

FINAL_2017 = """
Balochistan 12,335,129
Awaran 121,821  Kalat 412,058  Kharan 162,766  Khuzdar 798,896  Lasbela 576,271
Mastung 265,676  Washuk 175,712  Gwadar 262,253  Kech 907,182  Panjgur 315,353
Jaffarabad 513,972  Jhal_Magsi 148,900  Kachhi 309,932  Nasirabad 487,847  Sohbatpur 200,426
Chagai 226,517  Killa_Abdullah 758,354  Nushki 178,947  Pishin 736,903  Quetta 2,269,473
Dera_Bugti 313,110  Harnai 97,052  Kohlu 213,933  Sibi 179,751  Ziarat 160,095
Barkhan 171,025  Killa_Saifullah 342,932  Loralai 397,423  Musakhel 167,243  Sherani 152,952
Zhob 310,354
"""
TABLE_1_2023 = """
Balochistan 14894402
Kalat_Division 2721018  Loralai_Division 870000  Mekran 1875872  Nasirabad_Division 2044021
Quetta_Division 4259163  Rakhshan 1040001  Sibi_Division 1156748  Zhob_Division 927579
Awaran 178958  Kalat 272506  Khuzdar 997214  Lasbela 680977  Mastung 313271  Surab 278092
Barkhan 210249  Duki 205044  Loralai 272432  Musakhel 182275
Gwadar 305160  Kech 1060931  Panjgur 509781
Jaffarabad 594558  Jhal_Magsi 203368  Kachhi 442612  Nasirabad 563377  Sohbatpur 240106
Chaman 466218  Killa_Abdullah 361971  Pishin 835482  Quetta 2595492
Chagai 269192  Kharan 260352  Nushki 207834  Washuk 302623
Dera_Bugti 355274  Harnai 127571  Kohlu 260220  Sibi 224148  Ziarat 189535
Killa_Saifullah 380200  Sherani 191687  Zhob 355692
"""
DIVISIONS = """
Kalat_Division: Awaran Kalat Khuzdar Lasbela Mastung Surab Hub
Loralai_Division: Barkhan Duki Loralai Musakhel
Mekran: Gwadar Kech Panjgur
Nasirabad_Division: Jaffarabad Jhal_Magsi Kachhi Nasirabad Sohbatpur
Quetta_Division: Chaman Killa_Abdullah Pishin Quetta
Rakhshan: Chagai Kharan Nushki Washuk
Sibi_Division: Dera_Bugti Harnai Kohlu Sibi Ziarat
Zhob_Division: Killa_Saifullah Sherani Zhob
"""
# Districts that were made after the census of 2017, or, Hub, counted inside another in 2023.
MADE = {"Surab": "2017-08", "Duki": "2017-08", "Chaman": "2021-06-29", "Hub": "2022-09-03"}


def gazetteer(**more: str) -> Columns:
    rows = [{"place_id": "Balochistan"}]
    for line in DIVISIONS.strip().splitlines():
        division, names = line.split(": ")
        rows.append({"place_id": division, "parent": "Balochistan"})
        rows += [
            {"place_id": name, "parent": division, "valid_from": MADE.get(name, "")}
            for name in names.split()
        ]
    rows += [{"place_id": name, "parent": parent} for name, parent in more.items()]
    return columns(
        rows,
        dict.fromkeys(("place_id", "parent", "valid_from", "valid_to"), "string"),
        "places",
    )


def observed(text: str, year: str = "2017", source: str = "R01") -> list[dict[str, str]]:
    cells = text.split()
    return [
        {
            "place": name,
            "year": year,
            "source": source,
            "value": figure.replace(",", ""),
            "value_reported": figure,
        }
        for name, figure in zip(cells[::2], cells[1::2], strict=True)
    ]


PARAMETERS: dict[str, Any] = {
    "value": "value",
    "place": "place",
    "group": ["year", "source"],
    "printed": {"value": "value_reported"},
    "rounding": "last_digit",
    "date": "year",
    "places": {
        "table": "places",
        "id": "place_id",
        "parent": "parent",
        "from": "valid_from",
        "to": "valid_to",
    },
}
OBSERVED = {
    "place": "string",
    "year": "integer",
    "source": "string",
    "value": "number",
    "value_reported": "string",
}


def judged(rows: list[dict[str, str]], *others: Columns, **changes: Any) -> Outcome:
    parameters = {**PARAMETERS, **changes}
    around = scene(columns(rows, OBSERVED), others=others or [gazetteer()])
    return PLACE_SUM.judge(around, use(PLACE_SUM, **parameters))


def sums(rows: list[dict[str, str]], *others: Columns, **changes: Any) -> dict[str, Verdict]:
    """The verdicts that are not "not applicable", by place."""
    outcome = judged(rows, *others, **changes)
    return {
        row["place"]: Verdict(int(code))
        for row, code in zip(rows, outcome.verdicts, strict=True)
        if code != NA
    }


def test_the_final_count_of_2017_adds_up_over_districts_without_divisions() -> None:
    assert sums(observed(FINAL_2017)) == {"Balochistan": HELD}


def test_the_count_of_2023_adds_up_on_both_levels() -> None:
    rows = observed(TABLE_1_2023, "2023", "R03")
    found = sums(rows)
    assert len(found) == 9
    assert set(found.values()) == {HELD}
    assert judged(rows).explain(3) == (
        'the 3 figures below "Mekran" add up to 1,875,870.5 to 1,875,873.5; '
        "the table says 1,875,872"
    )


def test_two_errors_that_cancel_out_leave_the_sum_alone() -> None:
    # Another source moves 946 persons from Kalat to Surab, and 62 from Nasirabad to Kachhi.
    rows = observed(TABLE_1_2023, "2023", "R03")
    others = {"Kalat": "271560", "Surab": "279038", "Kachhi": "442674", "Nasirabad": "563315"}
    for row in rows:
        row["value"] = row["value_reported"] = others.get(row["place"], row["value"])
    assert set(sums(rows).values()) == {HELD}


def test_the_age_table_of_2023_is_short_of_the_whole() -> None:
    # 14,562,011 in its 34 districts; here one of them lacks all that is missing.
    rows = observed(TABLE_1_2023.replace("Quetta 2595492", "Quetta 2263101"), "2023", "R05")
    found = sums(rows)
    assert found.pop("Quetta_Division") == FAILED
    assert len(found) == 8
    assert set(found.values()) == {HELD}
    districts = [
        row for row in rows if row["place"] not in DIVISIONS.replace(":", "\n").split("\n")
    ]
    assert len(districts) == 35
    # Hub was valid in 2023 and has no figure, so the sum may lack it ...
    assert sums(districts) == {"Balochistan": UNDECIDED}
    # ... unless the schema says that it was counted elsewhere.
    outcome = judged(districts, complete=True)
    assert outcome.verdicts[0] == FAILED
    assert outcome.about(0) == "value"
    assert outcome.explain(0) == (
        'the 34 figures below "Balochistan", without "Hub", add up to '
        "14,561,994 to 14,562,028; the table says 14,894,402, 332,374 too high"
    )


def small(*figures: tuple[str, str], year: str = "2017") -> list[dict[str, str]]:
    return observed(" ".join(f"{name} {figure}" for name, figure in figures), year)


def test_a_missing_part_leaves_a_wrong_sum_undecided_and_a_right_one_held() -> None:
    right = small(("Mekran", "1,000"), ("Gwadar", "400"), ("Kech", "600"))
    assert sums(right) == {"Mekran": HELD}
    wrong = small(("Mekran", "1,100"), ("Gwadar", "400"), ("Kech", "600"))
    assert sums(wrong) == {"Mekran": UNDECIDED}
    outcome = judged(wrong)
    assert outcome.explain(0) == (
        'the 2 figures below "Mekran", without "Panjgur", add up to 999 to 1,001; '
        "the table says 1,100, 99 too high"
    )
    many = judged(small(("Mekran", "1,100"), ("Gwadar", "400")))
    assert 'without "Kech" and 1 more, add up to' in many.explain(0)
    assert outcome.explain(1) == 'no place below "Gwadar" has a figure'


@pytest.mark.parametrize(
    ("year", "expected"),
    [("2016", FAILED), ("2017", UNDECIDED), ("2018", UNDECIDED)],
)
def test_a_place_that_was_not_valid_then_is_not_missed(year: str, expected: Verdict) -> None:
    # Duki was made in August 2017.
    parts = [("Barkhan", "100"), ("Loralai", "200"), ("Musakhel", "300")]
    rows = small(("Loralai_Division", "700"), *parts, year=year)
    assert sums(rows) == {"Loralai_Division": expected}
    assert sums(rows, date="source") == {"Loralai_Division": UNDECIDED}
    timeless = {key: text for key, text in PARAMETERS["places"].items() if key != "from"}
    assert sums(rows, places=timeless) == {"Loralai_Division": UNDECIDED}


def test_an_end_of_validity_is_exclusive() -> None:
    def lehri(end: str) -> Columns:
        rows = [
            {"place_id": "Sibi"},
            {"place_id": "Town", "parent": "Sibi"},
            {"place_id": "Lehri", "parent": "Sibi", "valid_to": end},
            {"place_id": "Lehri", "parent": "Town"},  # a second row of a place is not looked at
            {"parent": "Sibi"},
        ]
        names = ("place_id", "parent", "valid_from", "valid_to")
        return columns(rows, dict.fromkeys(names, "string"), "places")

    rows = small(("Sibi", "500"), ("Town", "400"))
    assert sums(rows, lehri("2017-01-01")) == {"Sibi": FAILED}
    assert sums(rows, lehri("2017-01-02")) == {"Sibi": UNDECIDED}
    undated = {key: value for key, value in PARAMETERS.items() if key != "date"}
    around = scene(columns(rows, OBSERVED), others=[lehri("2017-01-01")])
    assert verdicts(PLACE_SUM, around, **undated) == [UNDECIDED, NA]


def test_a_figure_counts_even_where_its_place_was_not_valid() -> None:
    # The count of 2017, told again on the borders of 2023.
    parts = [("Barkhan", "171025"), ("Duki", "152977"), ("Loralai", "244446")]
    whole = ("Loralai_Division", "735691")
    assert sums(small(whole, *parts, ("Musakhel", "167243"))) == {"Loralai_Division": HELD}


def test_a_figure_that_cannot_be_read_or_stands_twice_decides_nothing() -> None:
    parts = [("Gwadar", "400"), ("Kech", "600"), ("Panjgur", "many")]
    rows = small(("Mekran", "1,000"), *parts)
    rows[-1]["value"] = "700"
    assert sums(rows) == {"Mekran": UNDECIDED}
    assert judged(rows).explain(0) == (
        'value is missing or not readable for "Mekran" or for a place below it'
    )
    twice = small(("Mekran", "1,000"), ("Gwadar", "400"), ("Gwadar", "401"), ("Kech", "600"))
    assert sums(twice) == {"Mekran": UNDECIDED}
    assert judged(twice).explain(0) == '"Gwadar" below "Mekran" has more than one figure'
    silent = small(("Mekran", "1"), ("Gwadar", "400"))
    silent[0]["value"] = silent[0]["value_reported"] = ""
    assert sums(silent) == {"Mekran": UNDECIDED}


def test_groups_and_records_outside_are_kept_apart() -> None:
    rows = small(("Mekran", "1,000"), ("Gwadar", "300"), ("Kech", "300"), ("Panjgur", "400"))
    rows += small(("Mekran", "1,000"), ("Gwadar", "300"), year="2023")
    rows += [{"year": "2017", "source": "R01", "value": "5", "value_reported": "5"}]
    rows += small(("Kech", "900"))
    around = scene(columns(rows, OBSERVED), selected=[True] * 7 + [False], others=[gazetteer()])
    assert verdicts(PLACE_SUM, around, **PARAMETERS) == [
        HELD, NA, NA, NA, UNDECIDED, NA, NA, NA,
    ]  # fmt: skip


def test_places_above_themselves_end_no_program() -> None:
    rings = gazetteer(left="right", right="left", top="top")
    assert sums(small(("left", "10"), ("right", "10"), ("top", "5")), rings) == {
        "left": HELD,
        "right": HELD,
    }


def test_nothing_is_decided_where_the_places_cannot_be_read() -> None:
    around = scene(columns(small(("Mekran", "1")), OBSERVED))
    outcome = PLACE_SUM.judge(around, use(PLACE_SUM, **PARAMETERS))
    assert outcome.verdicts[0] == UNDECIDED
    assert outcome.explain(0) == "the table places could not be read"


def test_the_columns_and_faults_of_a_place_sum() -> None:
    assert PLACE_SUM.reads(use(PLACE_SUM, **PARAMETERS)) == {
        "": {"value", "value_reported", "place", "year", "source"},
        "places": {"place_id", "parent", "valid_from", "valid_to"},
    }
    least = {key: PARAMETERS[key] for key in ("value", "place", "group")}
    least["places"] = {"table": "places", "id": "place_id", "parent": "parent"}
    assert PLACE_SUM.reads(use(PLACE_SUM, **least)) == {
        "": {"value", "place", "year", "source"},
        "places": {"place_id", "parent"},
    }
    assert PLACE_SUM.faults(PARAMETERS) == PLACE_SUM.faults(least) == []
    assert PLACE_SUM.faults({"places": {"table": "places", "id": "a", "partent": "b"}}) == [
        "`places` lacks `parent`",
        '`places` knows no `partent`. Did you mean "parent"?',
    ]
