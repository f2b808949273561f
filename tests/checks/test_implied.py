"""Copper and gold of one statement come out of the same ore."""

from __future__ import annotations

from typing import Any

import pytest

from rekodiq_data.checks.base import Outcome, Verdict
from rekodiq_data.checks.implied import IMPLIED_TONNAGE
from rekodiq_data.checks.parameters import faults
from rekodiq_data.descriptor.model import Field, Schema
from tests.checks.scene import columns, scene, use

NA, HELD, FAILED, UNDECIDED = (
    Verdict.NOT_APPLICABLE,
    Verdict.HELD,
    Verdict.FAILED,
    Verdict.UNDECIDED,
)
TYPES = {
    "statement": "string",
    "category": "string",
    "commodity": "string",
    "cu_reported": "string",
    "au_reported": "string",
    "cu_kt": "number",
    "au_koz": "number",
    "cu_pct": "number",
    "au_gpt": "number",
}
PARAMETERS: dict[str, Any] = {
    "group": ["statement", "category"],
    "terms": [
        {
            "where": {"commodity": "copper"},
            "contained": "cu_kt",
            "grade": "cu_pct",
            "scale": "0.1",
        },
        {
            "where": {"commodity": ["gold"]},
            "contained": "au_koz",
            "grade": "au_gpt",
            "scale": "0.0311034768",
        },
    ],
    "printed": {"cu_kt": "cu_reported", "au_koz": "au_reported"},
    "rounding": "last_digit",
}


def statement(
    name: str, copper: tuple[str, str, str], gold: tuple[str, str, str], category: str = "c"
) -> list[dict[str, str]]:
    """A row of copper (printed, kt, %) and one of gold (printed, koz, g/t)."""
    group = {"statement": name, "category": category}
    return [
        group
        | dict(
            zip(["cu_reported", "cu_kt", "cu_pct"], copper, strict=True), commodity="copper"
        ),
        group
        | dict(zip(["au_reported", "au_koz", "au_gpt"], gold, strict=True), commodity="gold"),
    ]


def judge(rows: list[dict[str, str]], selected: list[bool] | None = None) -> Outcome:
    around = scene(columns(rows, TYPES), selected=selected)
    return IMPLIED_TONNAGE.judge(around, use(IMPLIED_TONNAGE, **PARAMETERS))


# 18 and 4.6 billion pounds, in kt
INDICATED = statement("2022", ("18", "8164.66266", "0.44"), ("15", "15000", "0.26"))
INFERRED = statement("2022", ("4.6", "2086.524902", "0.4"), ("3.7", "3700", "0.2"), "inferred")


def test_real_statements_imply_one_tonnage() -> None:
    rows = [
        *INDICATED,
        *INFERRED,
        *statement("2024", ("7.3", "7300", "0.48"), ("13", "13000", "0.28")),
    ]

    # Grades of one digit say too little to hold.
    assert judge(rows).verdicts.tolist() == [NA, HELD, NA, UNDECIDED, NA, HELD]


def test_metal_of_another_statement_implies_another_tonnage() -> None:
    outcome = judge(statement("x", ("12.5", "12500", "0.41"), ("41.5", "41500", "0.22")))

    assert outcome.verdicts.tolist() == [NA, FAILED]
    assert outcome.about(1) == "au_koz"
    assert outcome.explain(1) == (
        "12,500 kt at 0.41 % makes 3,000 to 3,098.77 of ore, "
        "41,500 koz at 0.22 g/t makes 5,729.95 to 6,010.93: 2,631.19 apart"
    )
    swapped = judge(statement("x", ("24", "24000", "0.41"), ("20.9", "20900", "0.22")))
    assert swapped.explain(1).endswith(": 2,631.87 apart")


def test_a_statement_with_one_term_has_nothing_to_compare() -> None:
    outcome = judge([INDICATED[0], INFERRED[1]])

    assert outcome.verdicts.tolist() == [NA, NA]
    assert outcome.explain(1) == "no record of this statement can give the other tonnage"


def test_several_records_of_one_term_decide_nothing() -> None:
    outcome = judge([INDICATED[0], *INDICATED])

    assert outcome.verdicts.tolist() == [NA, NA, UNDECIDED]
    assert outcome.explain(2) == "several records of this statement can give the other tonnage"


def test_a_missing_operand_decides_nothing() -> None:
    rows = [
        *statement("a", ("18", "8164.66266", ""), ("15", "15000", "0.26")),
        *statement("b", ("18", "8164.66266", "0.44"), ("", "", "0.26")),
    ]

    outcome = judge(rows)

    assert outcome.verdicts.tolist() == [NA, UNDECIDED, NA, UNDECIDED]
    assert outcome.explain(1) == "cu_pct is missing or not readable"
    assert outcome.explain(3) == "au_koz is missing or not readable"


def test_records_without_a_group_or_outside_of_where_are_left_out() -> None:
    rows = [*statement("", INDICATED_COPPER, INDICATED_GOLD), *INDICATED]

    assert judge(rows).verdicts.tolist() == [NA, NA, NA, HELD]
    assert judge(rows, selected=[True, True, False, True]).verdicts.tolist() == [NA] * 4


INDICATED_COPPER, INDICATED_GOLD = ("18", "8164.66266", "0.44"), ("15", "15000", "0.26")


def test_agreeing_tonnages_are_told_too() -> None:
    assert judge(INDICATED).explain(1) == (
        "8,164.66266 kt at 0.44 % makes 1,783.79 to 1,929.07 of ore, "
        "15,000 koz at 0.26 g/t makes 1,701.89 to 1,890.6"
    )


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ([{}], ["`terms` must be two, one for each commodity; there are 1"]),
        (
            [
                {"contained": "cu_kt", "grad": "cu_pct", "where": {"commodity": "copper"}},
                {"contained": 3, "grade": "au_gpt", "scale": "x", "where": ["gold"]},
            ],
            [
                "`terms` 1 lacks `grade`",
                '`terms` 1 knows no `grad`. Did you mean "grade"?',
                "`terms` 2: `contained` must be the name of a column",
                '`terms` 2: `scale` must be a number, written as text ("0.1")',
                "`terms` 2: `where` must give a text or texts for each column",
            ],
        ),
        (
            [
                {"contained": "cu_kt", "grade": "cu_pct", "where": {"commodty": ["copper"]}},
                {"contained": "au_koz", "grade": "au_gpt", "where": {"commodity": "gold"}},
            ],
            [
                '`terms 1.where` names the column "commodty", which the table does not have. '
                'Did you mean "commodity"?'
            ],
        ),
    ],
)
def test_faulty_terms_are_told(terms: list[dict[str, Any]], expected: list[str]) -> None:
    schema = Schema(fields=tuple(Field(name) for name in TYPES))
    check = use(IMPLIED_TONNAGE, group=["statement"], terms=terms)

    assert faults(check, IMPLIED_TONNAGE, schema, {}) == expected
