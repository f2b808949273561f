"""Planted errors in the real data: each is found where it stands, and nothing else is.

Each run changes one cell (or two) of one headline table at random and judges it. What must be
found of types, constraints and keys is told by a naive judge (`oracle`), and at which records
checks may say something by a model of what they read (`readers`).
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable

import pytest

from .conftest import Bench
from .faults import GROUPS, KINDS, Fault, faults, faults_at
from .oracle import Finding, expected
from .raw import Changes

RUNS = [pytest.param(20, id="few"), pytest.param(200, id="many", marks=pytest.mark.slow)]
# Kinds whose faults lie in one cell alone, so that two of them do not undo each other.
ALONE = ("wrong type", "missing required", "out of range", "bad enum", "bad pattern")


def must(fault: Fault) -> Finding:
    """The issue that a fault has to give."""
    return Finding(fault.table, fault.row, fault.field, fault.code)


def failures(bench: Bench, runs: Iterable[list[Fault]], *, whole: bool = False) -> list[str]:
    """What went wrong in runs of some faults each, all in one table."""
    wrong = []
    for planted in runs:
        changes: Changes = {}
        for fault in planted:
            changes |= fault.changes
        found = bench.complaints(planted[0].table, changes, map(must, planted), whole=whole)
        wrong += [f"{planted}: {each}" for each in found]
    return wrong


@pytest.mark.parametrize("runs", RUNS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("group", GROUPS)
def test_a_planted_cell_is_found_where_it_stands_and_nothing_else_is(bench, group, kind, runs):
    rng = random.Random(f"{group}, {kind}")
    planted = itertools.islice(faults(bench.tables, GROUPS[group], kind, rng), runs)
    assert failures(bench, ([fault] for fault in planted)) == []


@pytest.mark.parametrize("runs", [1, pytest.param(10, marks=pytest.mark.slow)])
@pytest.mark.parametrize("group", GROUPS)
def test_no_table_of_the_whole_project_says_more(bench, group, runs):
    """The other tests judge only the tables that a change can reach."""
    rng = random.Random(f"{group}, whole")
    kinds = ["duplicate key", *rng.choices(list(KINDS), k=runs - 1)]
    planted = [next(faults(bench.tables, GROUPS[group], kind, rng)) for kind in kinds]
    assert failures(bench, ([fault] for fault in planted), whole=True) == []


@pytest.mark.parametrize("runs", RUNS)
@pytest.mark.parametrize("group", GROUPS)
def test_two_faults_in_one_row_are_both_found(bench, group, runs):
    rng = random.Random(f"{group}, two in one row")
    pairs = []
    while len(pairs) < runs:
        first_kind, second_kind = rng.choices(ALONE, k=2)
        first = next(faults(bench.tables, GROUPS[group], first_kind, rng))
        table = bench.tables[first.table]
        names = [name for name in table.names if name != first.name]
        rng.shuffle(names)
        found = (faults_at(table, first.row, name, second_kind, rng) for name in names)
        if second := next(filter(None, found), None):
            pairs.append([first, rng.choice(second)])
    assert failures(bench, pairs) == []


@pytest.mark.parametrize("runs", RUNS)
@pytest.mark.parametrize("group", GROUPS)
def test_two_kinds_of_fault_in_one_column_are_both_found(bench, group, runs):
    rng = random.Random(f"{group}, two in one column")
    pairs = []
    while len(pairs) < runs:
        first_kind, second_kind = rng.sample(ALONE, k=2)
        first = next(faults(bench.tables, GROUPS[group], first_kind, rng))
        table = bench.tables[first.table]
        row = rng.randrange(len(table.rows))
        second = faults_at(table, row, first.name, second_kind, rng)
        if second and row != first.row:
            pairs.append([first, rng.choice(second)])
    assert failures(bench, pairs) == []


def test_the_naive_judge_finds_nothing_in_the_data_as_it_is(bench):
    for table in bench.tables.values():
        same = {(row, name): table.at(row, name) for row in (0,) for name in table.names}
        assert expected(bench.tables, table.name, same) == set()
