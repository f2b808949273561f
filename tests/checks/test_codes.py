"""Codes of published lists, and codes that nest."""

from __future__ import annotations

import pytest

from rekodiq_data.checks.base import Verdict
from rekodiq_data.checks.codes import KINDS
from tests.checks.scene import columns, scene, use, verdicts

CODE_LIST, CODE_NESTING = KINDS
NA, HELD, FAILED, UNDECIDED = (
    Verdict.NOT_APPLICABLE,
    Verdict.HELD,
    Verdict.FAILED,
    Verdict.UNDECIDED,
)


def words(code: str, of: str) -> str:
    """What the check says of a code; empty where it is held."""
    around = scene(columns([{"code": code}], {"code": "string"}))
    outcome = CODE_LIST.judge(around, use(CODE_LIST, field="code", list=of))
    assert outcome.about(0) == "code"
    return outcome.explain(0) if outcome.verdicts[0] == FAILED else ""


@pytest.mark.parametrize(
    ("of", "code"),
    [
        ("iso-3166-1-alpha-3", "PAK"),
        ("iso-3166-1-alpha-3", "CHL"),
        ("iso-4217", "PKR"),
        ("iso-4217", "USD"),
        ("lei", "213800LH1BZH3DI6G760"),
        ("sdg", "6"),
        ("sdg", "17"),
        ("sdg", "6.1"),
        ("sdg", "8.10"),
        ("sdg", "3.d"),
        ("sdg", "6.1.1"),
        ("sdg", "3.b.1"),
        ("sdg", "17.18.1"),
        ("url", "https://example.org"),
        ("url", "http://data.example.org:8080/a/b%20c?d=(e)&f=~g#h"),
        ("url", "https://markets.example.com./news"),
    ],
)
def test_a_code_of_its_list_is_held(of: str, code: str) -> None:
    assert words(code, of) == ""


@pytest.mark.parametrize(
    ("of", "code", "message"),
    [
        (
            "iso-3166-1-alpha-3",
            "PK",
            '"PK" is not an ISO 3166-1 alpha-3 code. Did you mean "PAK"?',
        ),
        (
            "iso-3166-1-alpha-3",
            "pak",
            '"pak" is not an ISO 3166-1 alpha-3 code. Did you mean "PAK"?',
        ),
        (
            "iso-3166-1-alpha-3",
            " Chile",
            '" Chile" is not an ISO 3166-1 alpha-3 code. Did you mean "CHL"?',
        ),
        ("iso-3166-1-alpha-3", "PKA", '"PKA" is not an ISO 3166-1 alpha-3 code'),
        (
            "iso-4217",
            "US Dollar",
            '"US Dollar" is not an active ISO 4217 code. Did you mean "USD"?',
        ),
        ("iso-4217", "Rs", '"Rs" is not an active ISO 4217 code'),
        ("iso-4217", "DEM", '"DEM" is not an active ISO 4217 code'),
        (
            "lei",
            "213800lh1bzh3di6g760",
            '"213800lh1bzh3di6g760" is not an LEI: '
            "18 capital letters or digits, then two digits",
        ),
        (
            "lei",
            "213800LH1BZH3DI6G761",
            '"213800LH1BZH3DI6G761" is not an LEI: its two check digits do not fit the rest',
        ),
        (
            "lei",
            "213800LH1BZH3ID6G760",
            '"213800LH1BZH3ID6G760" is not an LEI: its two check digits do not fit the rest',
        ),
        ("sdg", "18", '"18" is not an SDG code: goals are 1 to 17'),
        (
            "sdg",
            "06",
            '"06" is not an SDG code: write a goal, a target or an indicator, '
            "as in 6, 6.1 or 6.1.1",
        ),
        (
            "sdg",
            "6.1.1.1",
            '"6.1.1.1" is not an SDG code: write a goal, a target or an indicator, '
            "as in 6, 6.1 or 6.1.1",
        ),
        (
            "sdg",
            "6.7",
            '"6.7" is not an SDG code: the targets of goal 6 are 6.1 to 6.6 and 6.a to 6.b',
        ),
        (
            "sdg",
            "6.c.1",
            '"6.c.1" is not an SDG code: the targets of goal 6 are 6.1 to 6.6 and 6.a to 6.b',
        ),
        (
            "sdg",
            "17.a",
            '"17.a" is not an SDG code: the targets of goal 17 are 17.1 to 17.19',
        ),
        (
            "sdg",
            "6.1.0",
            '"6.1.0" is not an SDG code: an indicator adds one digit from 1 to 9',
        ),
        (
            "url",
            "www.example.org",
            '"www.example.org" is not a web address: it begins with https:// or http://',
        ),
        (
            "url",
            "ftp://example.org",
            '"ftp://example.org" is not a web address: it begins with https:// or http://',
        ),
        (
            "url",
            "https://example.org/a b",
            "\"https://example.org/a b\" is not a web address: write ' ' as per cent code",
        ),
        (
            "url",
            "https://example.org/100%",
            "\"https://example.org/100%\" is not a web address: write '%' as per cent code",
        ),
        (
            "url",
            "https://localhost/a",
            '"https://localhost/a" is not a web address: "localhost" is not the name of a host',
        ),
        (
            "url",
            "https://me:secret@example.org",
            '"https://me:secret@example.org" is not a web address: '
            '"me:secret@example.org" is not the name of a host',
        ),
    ],
)
def test_what_is_wrong_with_a_code_is_said_in_words(of: str, code: str, message: str) -> None:
    assert words(code, of) == message


def test_there_are_169_sdg_targets() -> None:
    parts = [*map(str, range(1, 25)), *"abcde"]
    targets = [f"{goal}.{part}" for goal in range(1, 20) for part in parts]
    assert sum(words(target, "sdg") == "" for target in targets) == 169


def test_a_missing_code_and_a_record_outside_are_not_applicable() -> None:
    own = columns([{"c": "PAK"}, {}, {"c": "?"}], {"c": "string"})
    around = scene(own, selected=[True, True, False])
    parameters = {"field": "c", "list": "iso-3166-1-alpha-3"}
    assert verdicts(CODE_LIST, around, **parameters) == [HELD, NA, NA]
    outcome = CODE_LIST.judge(around, use(CODE_LIST, **parameters))
    assert outcome.explain(0) == '"PAK" is a code of iso-3166-1-alpha-3'
    assert outcome.explain(1) == "c has no code here"


def test_a_list_that_we_do_not_know_is_a_fault() -> None:
    assert CODE_LIST.faults({"field": "c", "list": "sdg"}) == []
    assert CODE_LIST.faults({"field": "c", "list": "iso-4271"}) == [
        "there is no list `iso-4271`; lists are iso-3166-1-alpha-3, iso-4217, lei, sdg, url."
        ' Did you mean "iso-4217"?'
    ]


PLACES = {"place_id": "string", "parent": "string", "pcode": "string"}
NESTING = {"id": "place_id", "parent": "parent", "code": "pcode"}


def test_a_code_begins_with_the_nearest_code_above_it() -> None:
    rows = [
        {"place_id": "balochistan", "pcode": "PK2"},
        {"place_id": "kalat_division", "parent": "balochistan"},  # divisions have no P-code
        {"place_id": "kalat", "parent": "kalat_division", "pcode": "PK210"},
        {"place_id": "kharan", "parent": "kalat_division", "pcode": "PK312"},
        {"place_id": "same", "parent": "balochistan", "pcode": "PK2"},
        {"place_id": "hub", "parent": "kalat_division"},
        {"place_id": "stray", "parent": "nowhere", "pcode": "PK299"},
        {"place_id": "left", "parent": "right", "pcode": "PK298"},
        {"place_id": "right", "parent": "round"},
        {"place_id": "round", "parent": "right"},
        {"place_id": "outside", "parent": "balochistan", "pcode": "X"},
        {"place_id": "in_outside", "parent": "outside", "pcode": "PK2"},
    ]
    around = scene(columns(rows, PLACES), selected=[True] * 10 + [False, True])
    outcome = CODE_NESTING.judge(around, use(CODE_NESTING, **NESTING))
    assert [Verdict(int(each)) for each in outcome.verdicts] == [
        NA, NA, HELD, FAILED, FAILED, NA, UNDECIDED, UNDECIDED, NA, NA, NA, UNDECIDED,
    ]  # fmt: skip
    assert outcome.about(2) == "pcode"
    assert [outcome.explain(record) for record in (0, 2, 3, 6)] == [
        '"balochistan" has no code, or no place above it has one',
        '"PK210" of "kalat" begins with "PK2" of "balochistan" above it',
        '"PK312" of "kharan" does not go on from "PK2" of "balochistan" above it',
        '"PK299" of "stray" can\'t be compared: the places above it are not all in the table',
    ]


def test_a_chain_of_a_hundred_thousand_places_is_walked_once() -> None:
    rows = [{"place_id": "0", "pcode": "A"}]
    rows += [{"place_id": f"{n}", "parent": f"{n - 1}"} for n in range(1, 100_000)]
    rows += [{"place_id": "leaf", "parent": "99999", "pcode": "AB"}]
    found = verdicts(CODE_NESTING, scene(columns(rows[::-1], PLACES)), **NESTING)
    assert found == [HELD] + [NA] * 100_000


def test_the_columns_that_code_checks_read_are_those_they_name() -> None:
    assert CODE_LIST.reads(use(CODE_LIST, field="c", list="lei")) == {"": {"c"}}
    assert CODE_NESTING.reads(use(CODE_NESTING, **NESTING)) == {
        "": {"place_id", "parent", "pcode"}
    }
