"""Number, unit and qualifier are what the printed text beside them says."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekodiq_data.checks.base import Outcome, Verdict
from rekodiq_data.checks.texts import READS_AS
from tests.checks.figures import positive, printed
from tests.checks.scene import columns, scene, use

NA, HELD, FAILED, UNDECIDED = (
    Verdict.NOT_APPLICABLE,
    Verdict.HELD,
    Verdict.FAILED,
    Verdict.UNDECIDED,
)
TYPES = {
    "reported": "string",
    "unit": "string",
    "amount_mt": "number",
    "high_mt": "number",
    "qualifier": "string",
}
PARAMETERS: dict[str, Any] = {
    "text": "reported",
    "value": "amount_mt",
    "high": "high_mt",
    "qualifier": "qualifier",
    "unit": "unit",
    "units": {"Bt": "1000", "Mt": "1", "Blb": "0.45359237", "st": "1/1.1"},
}


def judge(row: dict[str, str], parameters: dict[str, Any] = PARAMETERS) -> Outcome:
    around = scene(columns([row], TYPES))
    return READS_AS.judge(around, use(READS_AS, **parameters))


def row(
    text: str, value: str = "", unit: str = "Mt", qualifier: str = "", high: str = ""
) -> dict[str, str]:
    return {
        "reported": text,
        "amount_mt": value,
        "unit": unit,
        "qualifier": qualifier,
        "high_mt": high,
    }


@pytest.mark.parametrize(
    "record",
    [
        row("2,400", "2400"),
        row("2.4", "2400", unit="Bt"),
        row("2.4 Bt", "2400", unit="Bt"),
        row("2.4 Bt", "2400", unit=""),
        row("0.30", "0.3"),
        row("27", "12.24699399", unit="Blb"),
        row("up to 70", "70", qualifier="up_to"),
        row("over 26.6", "26.6", qualifier="at_least"),
        row("about 3", "3000", unit="Bt", qualifier="about"),
        row("3 to 4", "3000", unit="Bt", qualifier="range", high="4000"),
        row("15", "15", qualifier="exact"),
        row("3", "2.727", unit="st"),  # 2.72727... never ends
        row("2.4 Bt of ore", "2400", unit="Bt"),
    ],
)
def test_columns_that_say_what_the_text_says_hold(record: dict[str, str]) -> None:
    outcome = judge(record)

    assert outcome.verdicts.tolist() == [HELD]
    assert outcome.explain(0) == f'the text says "{record["reported"]}", and so do its columns'


@pytest.mark.parametrize(
    ("record", "column", "words"),
    [
        (
            row("2.4", "240", unit="Bt"),
            "amount_mt",
            'the text says "2.4", which is 2,400 Mt; amount_mt is 240 Mt',
        ),
        (
            row("0.30", "0.31"),
            "amount_mt",
            'the text says "0.30", which is 0.3 Mt; amount_mt is 0.31 Mt',
        ),
        (
            row("3", "2.728", unit="st"),
            "amount_mt",
            'the text says "3", which is 2.72727 Mt; amount_mt is 2.728 Mt',
        ),
        (
            row("3", "2400.00000000000000001", unit="Bt"),
            "amount_mt",
            'the text says "3", which is 3,000 Mt; amount_mt is 2,400 Mt',
        ),
        (
            row("over 3", "3"),
            "qualifier",
            'the text says "over 3" (at_least), qualifier is missing (exact)',
        ),
        (
            row("3", "3", qualifier="about"),
            "qualifier",
            'the text says "3" (exact), qualifier says about',
        ),
        (row("3 Bt", "3"), "unit", 'the text says "3 Bt", unit is Mt'),
        (
            row("3", "3", high="4"),
            "high_mt",
            'the text says "3", which has no high end; high_mt is 4',
        ),
        (
            row("3-4", "3", qualifier="range", high="5"),
            "high_mt",
            'the text says "3-4", which is 4 Mt; high_mt is 5 Mt',
        ),
    ],
)
def test_columns_that_drifted_from_the_text_are_told(
    record: dict[str, str], column: str, words: str
) -> None:
    outcome = judge(record)

    assert outcome.verdicts.tolist() == [FAILED]
    assert (outcome.about(0), outcome.explain(0)) == (column, words)


@pytest.mark.parametrize(
    ("record", "verdict", "column", "words"),
    [
        (row("", ""), NA, "reported", "there is no printed text in reported"),
        (row("", "5"), UNDECIDED, "reported", "there is no printed text in reported"),
        (
            row("three billion", "3000"),
            UNDECIDED,
            "reported",
            '"three billion" can\'t be read as one figure',
        ),
        (row("3", ""), UNDECIDED, "amount_mt", 'the text says "3", amount_mt is missing'),
        (
            row("3-4", "3", qualifier="range"),
            UNDECIDED,
            "high_mt",
            'the text says "3-4", high_mt is missing',
        ),
        (row("3", "3", unit=""), UNDECIDED, "unit", 'the text says "3", and no unit'),
        (
            row("3", "3", unit="cwt"),
            UNDECIDED,
            "unit",
            'the text says "3", the unit "cwt" is not in `units`',
        ),
    ],
)
def test_what_cannot_be_compared_decides_nothing(
    record: dict[str, str], verdict: Verdict, column: str, words: str
) -> None:
    outcome = judge(record)

    assert outcome.verdicts.tolist() == [verdict]
    assert (outcome.about(0), outcome.explain(0)) == (column, words)


def test_what_is_not_declared_is_not_compared() -> None:
    plain = {"text": "reported", "value": "amount_mt"}

    assert judge(row("over 3 Bt", "3", high="9"), plain).verdicts.tolist() == [HELD]
    assert judge(row("3 to 4", "3"), plain).verdicts.tolist() == [HELD]
    by_text = {**plain, "units": {"Bt": "1000"}}
    assert judge(row("3 Bt", "3000"), by_text).verdicts.tolist() == [HELD]
    assert judge(row("3 Mt", "3"), by_text).about(0) == "reported"


def test_records_outside_of_where_do_not_exist() -> None:
    around = scene(columns([row("3", "4")], TYPES), selected=[False])

    assert READS_AS.judge(around, use(READS_AS, **PARAMETERS)).verdicts.tolist() == [NA]


@given(positive("0.001", "100000"), st.integers(1, 6), st.sampled_from(["Bt", "Mt", "Blb"]))
def test_a_text_that_was_read_rightly_holds(number: Fraction, digits: int, unit: str) -> None:
    text = printed(number, digits)
    factor = Fraction(PARAMETERS["units"][unit])
    value = Fraction(text) * factor
    shown = f"{value.numerator * 10**20 // value.denominator:021d}"

    assert judge(row(text, f"{shown[:-20]}.{shown[-20:]}", unit=unit)).verdicts.tolist() == [
        HELD
    ]


def test_what_is_read_and_what_is_faulty() -> None:
    assert READS_AS.reads(use(READS_AS, **PARAMETERS)) == {"": set(TYPES)}
    assert READS_AS.faults(PARAMETERS) == []
    assert READS_AS.faults({"text": "a", "value": "b", "unit": "c"}) == [
        "`unit` needs `units`: what a figure in each unit is multiplied with"
    ]
    assert READS_AS.faults({"text": "a", "value": "b", "units": {"Bt": "x", "Mt": "0"}}) == [
        '`units.Bt` must be a number other than 0, written as text ("1000")',
        '`units.Mt` must be a number other than 0, written as text ("1000")',
    ]
