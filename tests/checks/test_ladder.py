"""The ladder of a status: nothing late before a close, no denial without its event."""

from __future__ import annotations

from typing import Any

import pytest

from rekodiq_data.checks.base import Columns, Verdict
from rekodiq_data.checks.ladder import KINDS
from tests.checks.scene import columns, scene, use, verdicts

(STATUS_LADDER,) = KINDS
NA, HELD, FAILED, UNDECIDED = (
    Verdict.NOT_APPLICABLE,
    Verdict.HELD,
    Verdict.FAILED,
    Verdict.UNDECIDED,
)
PARAMETERS: dict[str, Any] = {
    "status": "commitment_status",
    "late": ["signed", "disbursed"],
    "date": "as_of",
    "denied_by": "denial_event_id",
    "events": {
        "table": "events",
        "id": "event_id",
        "kind": "event_kind",
        "date": "event_date",
        "close": "financial_close",
        "denial": "denial",
    },
}


def commitment(status: str, as_of: str = "", denial: str = "") -> dict[str, str]:
    return {"commitment_status": status, "as_of": as_of, "denial_event_id": denial}


def lenders(*rows: dict[str, str]) -> Columns:
    names = ("commitment_status", "as_of", "denial_event_id")
    return columns(rows, dict.fromkeys(names, "string"))


def events(*rows: tuple[str, str, str]) -> Columns:
    names = ("event_id", "event_kind", "event_date")
    return columns(
        [dict(zip(names, row, strict=True)) for row in rows],
        dict.fromkeys(names, "string"),
        "events",
    )


def ladder(row: dict[str, str], *others: Columns) -> tuple[Verdict, str, str]:
    around = scene(lenders(row), others=others)
    outcome = STATUS_LADDER.judge(around, use(STATUS_LADDER, **PARAMETERS))
    return Verdict(int(outcome.verdicts[0])), outcome.explain(0), outcome.about(0)


DENIAL = ("manara_denial", "denial", "2025-01-16")


def test_without_a_close_every_late_row_fails() -> None:
    # As things stand: no financing of the project has closed.
    own = lenders(
        commitment("signed", "2026-01"), commitment("disbursed"), commitment("approved", "2025")
    )
    around = scene(own, others=[events(DENIAL)])
    assert verdicts(STATUS_LADDER, around, **PARAMETERS) == [FAILED, FAILED, NA]
    outcome = STATUS_LADDER.judge(around, use(STATUS_LADDER, **PARAMETERS))
    assert outcome.explain(0) == (
        '"signed" on 2026-01: no event of the kind "financial_close" is known'
    )
    assert outcome.explain(1) == (
        '"disbursed" on an unknown day: no event of the kind "financial_close" is known'
    )
    assert outcome.explain(2) == '"approved" needs no event'


@pytest.mark.parametrize(
    ("as_of", "closes", "expected", "words"),
    [
        ("2026-05", ["2026-04-30"], HELD, 'after the "financial_close" close_0 (2026-04-30)'),
        ("2026-04-30", ["2026-04-30"], HELD,
         'after the "financial_close" close_0 (2026-04-30)'),
        ("2026-04", ["2026-05-01"], FAILED,
         'before the "financial_close" close_0 (2026-05-01)'),
        (
            "2026",
            ["2026-05-01"],
            UNDECIDED,
            'the order with the "financial_close" close_0 (2026-05-01) is not certain',
        ),
        ("2026-06", ["2027", "2026-05"], HELD,
         'after the "financial_close" close_0 (2027), close_1 (2026-05)'),
        ("2026-06", ["2027", "2026"], UNDECIDED,
         'the order with the "financial_close" close_0 (2027), close_1 (2026) is not certain'),
        ("2026-06", [""], UNDECIDED,
         'the order with the "financial_close" close_0 (no date) is not certain'),
        ("2026-06", ["2027", "2028"], FAILED,
         'before the "financial_close" close_0 (2027), close_1 (2028)'),
    ],
)  # fmt: skip
def test_a_late_row_needs_a_close_that_came_first(
    as_of: str, closes: list[str], expected: Verdict, words: str
) -> None:
    rows = [(f"close_{n}", "financial_close", day) for n, day in enumerate(closes)]
    assert ladder(commitment("signed", as_of), events(DENIAL, *rows)) == (
        expected,
        f'"signed" on {as_of}: {words}',
        "commitment_status",
    )


def test_a_late_row_without_a_date_is_undecided_once_there_is_a_close() -> None:
    close = ("close", "financial_close", "2026-05-01")
    assert ladder(commitment("signed"), events(close))[0] is UNDECIDED


@pytest.mark.parametrize(
    ("named", "expected", "words"),
    [
        ("manara_denial", HELD, '"manara_denial" denies it'),
        ("", FAILED, 'no event of the kind "denial" is named'),
        (
            "manara_denail",
            FAILED,
            'the table events has no event "manara_denail". Did you mean "manara_denial"?',
        ),
        ("lunch", FAILED, 'the table events has no event "lunch"'),
        ("talks_end", FAILED, '"talks_end" is of the kind "lapse", not "denial"'),
    ],
)
def test_a_denied_report_names_its_denial(named: str, expected: Verdict, words: str) -> None:
    told = events(DENIAL, ("talks_end", "lapse", "2025-08"), ("", "denial", "2025"))
    assert ladder(commitment("denied", "2025-01-15", named), told) == (
        expected,
        f'"denied": {words}',
        "denial_event_id",
    )


def test_nothing_is_decided_where_the_events_cannot_be_read() -> None:
    words = "the table events could not be read"
    signed, denied = commitment("signed", "2026"), commitment("denied", "2026", "x")
    assert ladder(signed)[:2] == (UNDECIDED, f'"signed" on 2026: {words}')
    assert ladder(denied)[:2] == (UNDECIDED, f'"denied": {words}')
    assert ladder(commitment("denied"))[0] is FAILED


def test_without_a_column_of_denials_only_the_ladder_is_judged() -> None:
    own = lenders(commitment("denied"), commitment("signed", "2020"), commitment("refuted"))
    around = scene(own, selected=[True, True, False], others=[events()])
    parameters = {key: value for key, value in PARAMETERS.items() if key != "denied_by"}
    assert verdicts(STATUS_LADDER, around, **parameters) == [NA, FAILED, NA]
    assert verdicts(STATUS_LADDER, around, **PARAMETERS, denied="refuted") == [NA, FAILED, NA]
    assert STATUS_LADDER.reads(use(STATUS_LADDER, **parameters)) == {
        "": {"commitment_status", "as_of"},
        "events": {"event_id", "event_kind", "event_date"},
    }
    assert "denial_event_id" in STATUS_LADDER.reads(use(STATUS_LADDER, **PARAMETERS))[""]


def test_faults_of_the_parameters_are_said_in_words() -> None:
    assert STATUS_LADDER.faults(PARAMETERS) == []
    wrong = {key: value for key, value in PARAMETERS["events"].items() if key != "close"}
    assert STATUS_LADDER.faults(
        {**PARAMETERS, "late": ["denied"], "events": {**wrong, "clsoe": "x", "kind": ""}}
    ) == [
        "`events` lacks `close`",
        "`events.kind` must be a text",
        '`events` knows no `clsoe`. Did you mean "close"?',
        "one status can't be both late and denied",
    ]
    assert STATUS_LADDER.faults({"events": "events"}) == [
        "`events` must be an object with `table`, `id`, `kind`, `date`, `close`, `denial`"
    ]
