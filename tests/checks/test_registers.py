"""The registers beside the figures: rows that must exist, marks that must be told."""

from __future__ import annotations

from typing import Any

import pytest

from rekodiq_data.checks.base import Columns, Outcome, Verdict
from rekodiq_data.checks.conflicts import UNEXPLAINED_CONFLICT
from rekodiq_data.checks.registers import KINDS
from tests.checks.scene import columns, scene, use, verdicts

ROW_EXISTS, MARKED_READINGS, THIRD = KINDS
NA, HELD, FAILED, UNDECIDED = (
    Verdict.NOT_APPLICABLE,
    Verdict.HELD,
    Verdict.FAILED,
    Verdict.UNDECIDED,
)


def test_conflicts_are_among_the_registers() -> None:
    assert THIRD is UNEXPLAINED_CONFLICT


# -- rows that must exist ---------------------------------------------------------------------

LINK = {"table_name": "string", "record_id": "string"}
TABLES = {
    "table": "table_name",
    "id": "record_id",
    "tables": {"events": "event_id", "lost": "x"},
}


def linked(table: str = "", record: str = "") -> tuple[Verdict, str, str]:
    own = columns([{"table_name": table, "record_id": record}], LINK)
    events = columns([{"event_id": "close"}, {}], {"event_id": "string"}, "events")
    outcome = ROW_EXISTS.judge(scene(own, others=[events]), use(ROW_EXISTS, **TABLES))
    return Verdict(int(outcome.verdicts[0])), outcome.explain(0), outcome.about(0)


@pytest.mark.parametrize(
    ("table", "record", "expected", "words", "about"),
    [
        ("events", "close", HELD, '"close" is a row of events', "record_id"),
        (
            "events",
            "clsoe",
            FAILED,
            'events has no row "clsoe". Did you mean "close"?',
            "record_id",
        ),
        ("events", "lunch", FAILED, 'events has no row "lunch"', "record_id"),
        (
            "event",
            "close",
            FAILED,
            'there is no table "event". Did you mean "events"?',
            "table_name",
        ),
        ("stakes", "close", FAILED, 'there is no table "stakes"', "table_name"),
        ("lost", "close", UNDECIDED, "the table lost could not be read", "record_id"),
        ("", "close", NA, "the name of a table or of a row is missing", "table_name"),
        ("events", "", NA, "the name of a table or of a row is missing", "record_id"),
    ],
)
def test_a_pair_of_table_and_id_names_a_real_row(
    table: str, record: str, expected: Verdict, words: str, about: str
) -> None:
    assert linked(table, record) == (expected, words, about)


def test_links_outside_are_not_looked_up() -> None:
    own = columns([{"table_name": "x", "record_id": "y"}] * 2, LINK)
    around = scene(own, selected=[True, False])
    assert verdicts(ROW_EXISTS, around, **TABLES) == [FAILED, NA]


def test_the_columns_and_faults_of_row_exists() -> None:
    assert ROW_EXISTS.reads(use(ROW_EXISTS, **TABLES)) == {
        "": {"table_name", "record_id"},
        "events": {"event_id"},
        "lost": {"x"},
    }
    assert ROW_EXISTS.faults(TABLES) == []
    assert ROW_EXISTS.faults({"tables": {}}) == [
        "`tables` must name a table with its id column"
    ]
    assert ROW_EXISTS.faults({"tables": {"events": ""}}) == [
        "`tables.events` must be the name of a column"
    ]


# -- marks that must be told ------------------------------------------------------------------

PARAMETERS: dict[str, Any] = {
    "id": "record_id",
    "reading": "reading",
    "must_fail": ["misprint_unit", "misprint_quantity"],
    "disagreements": {
        "table": "disagreement_rows",
        "disagreement": "disagreement_id",
        "names": "table_name",
        "record": "record_id",
    },
}


def register(*records: str, table: str = "own") -> Columns:
    return columns(
        [{"disagreement_id": "d", "table_name": table, "record_id": name} for name in records]
        + [
            {"table_name": table, "record_id": "r"},
            {"disagreement_id": "d", "table_name": table},
        ],
        dict.fromkeys(("disagreement_id", "table_name", "record_id"), "string"),
        "disagreement_rows",
    )


def marked(
    reading: str, *, told: Columns | None = None, fails: bool | None = None, **more: Any
) -> Outcome:
    own = columns(
        [{"record_id": "r", "reading": reading}], {"record_id": "string", "reading": "string"}
    )
    around = scene(
        own,
        others=[told] if told else [],
        failures={} if fails is None else {"own": [fails]},
    )
    return MARKED_READINGS.judge(around, use(MARKED_READINGS, **{**PARAMETERS, **more}))


@pytest.mark.parametrize(
    ("reading", "is_told", "fails", "expected", "words"),
    [
        ("misprint_unit", True, True, HELD, '"misprint_unit" stands as it should'),
        (
            "misprint_unit",
            True,
            False,
            FAILED,
            '"misprint_unit": no check fails here that it would explain',
        ),
        (
            "misprint_unit",
            True,
            None,
            FAILED,
            '"misprint_unit": no check fails here that it would explain',
        ),
        (
            "misprint_quantity",
            False,
            True,
            FAILED,
            '"misprint_quantity": disagreement_rows does not name this record',
        ),
        (
            "misprint_unit",
            False,
            False,
            FAILED,
            '"misprint_unit": no check fails here that it would explain '
            "and disagreement_rows does not name this record",
        ),
        ("denied", True, False, HELD, '"denied" stands as it should'),
        (
            "denied",
            False,
            False,
            FAILED,
            '"denied": disagreement_rows does not name this record',
        ),
        ("reprint", False, False, NA, '"reprint" asks for nothing'),
        ("as_printed", False, False, NA, '"as_printed" asks for nothing'),
        ("", False, False, NA, "no mark asks for nothing"),
    ],
)
def test_a_mark_is_told_in_a_disagreement_and_explains_a_failure(
    reading: str, is_told: bool, fails: bool | None, expected: Verdict, words: str
) -> None:
    told = register("r") if is_told else register("other")
    outcome = marked(reading, told=told, fails=fails)
    assert Verdict(int(outcome.verdicts[0])) == expected
    assert outcome.explain(0) == words
    assert outcome.about(0) == "reading"


def test_a_disagreement_about_another_table_tells_nothing_of_this_one() -> None:
    assert marked("denied", told=register("r", table="events")).verdicts[0] == FAILED


def test_a_mark_is_undecided_where_the_disagreements_cannot_be_read() -> None:
    outcome = marked("denied")
    assert outcome.verdicts[0] == UNDECIDED
    assert outcome.explain(0) == (
        '"denied" can\'t be looked up: the table disagreement_rows could not be read'
    )
    # That nothing fails is known all the same.
    assert marked("misprint_unit", fails=False).verdicts[0] == FAILED
    assert marked("misprint_unit", fails=True).verdicts[0] == UNDECIDED


def test_a_mark_that_needs_no_disagreement_may_need_a_failure() -> None:
    free = ["as_printed", "typo"]
    parameters = {"free": free, "must_fail": ["typo"], "told": register()}
    assert marked("typo", fails=True, **parameters).verdicts[0] == HELD
    assert marked("typo", fails=False, **parameters).verdicts[0] == FAILED
    assert marked("reprint", fails=False, **parameters).verdicts[0] == FAILED


def test_marks_outside_are_not_looked_at() -> None:
    own = columns(
        [{"record_id": "r", "reading": "denied"}], {"record_id": "string", "reading": "string"}
    )
    assert verdicts(MARKED_READINGS, scene(own, selected=[False]), **PARAMETERS) == [NA]


def test_the_columns_and_faults_of_marked_readings() -> None:
    assert MARKED_READINGS.reads(use(MARKED_READINGS, **PARAMETERS)) == {
        "": {"record_id", "reading"},
        "disagreement_rows": {"disagreement_id", "table_name", "record_id"},
    }
    assert MARKED_READINGS.faults(PARAMETERS) == []
    assert MARKED_READINGS.faults({"disagreements": {"table": "t"}}) == [
        "`disagreements` lacks `disagreement`",
        "`disagreements` lacks `names`",
        "`disagreements` lacks `record`",
    ]
