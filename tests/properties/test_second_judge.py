"""Frictionless as a second judge of whole packages: it agrees, or deviates as is listed."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings

from .deviations import CRASHES, DEVIATIONS, REFUSED, Deviation, explanations
from .judges import ours, theirs
from .tables import CELL_KINDS, Case, Table, package, packages


def both(case: Case):
    """Our verdicts on a package, and Frictionless's."""
    with tempfile.TemporaryDirectory() as folder:
        path = case.write(Path(folder))
        return ours(path), theirs(path)


def agree_or_deviate_as_listed(case: Case) -> None:
    """Fail with the first verdict of one judge alone that no deviation explains."""
    our, their = both(case)
    for verdict in sorted(our ^ their):
        accused = verdict in their
        who = "Frictionless" if accused else "we"
        assert explanations(case, verdict, accused=accused), f"only {who} say {verdict}"


@settings(max_examples=120)
@given(packages())
def test_the_second_judge_agrees_or_deviates_as_listed(case):
    agree_or_deviate_as_listed(case)


@pytest.mark.slow
@settings(max_examples=2000)
@given(packages())
def test_the_second_judge_agrees_or_deviates_as_listed_on_many_packages(case):
    agree_or_deviate_as_listed(case)


@pytest.mark.parametrize("deviation", DEVIATIONS, ids=lambda deviation: deviation.name)
def test_frictionless_deviates_as_listed_and_we_do_not(deviation: Deviation):
    our, their = both(deviation.example)
    alone = their - our if deviation.accuses else our - their
    assert deviation.proof <= alone
    for verdict in deviation.proof:
        assert deviation.applies(deviation.example, verdict)


def test_each_deviation_is_named_once_and_no_example_shows_an_unlisted_one():
    names = [each.name for each in DEVIATIONS]
    assert len(names) == len(set(names))
    for deviation in DEVIATIONS:
        agree_or_deviate_as_listed(deviation.example)


@pytest.mark.parametrize("name", REFUSED)
def test_frictionless_refuses_schemas_that_the_specification_allows(name, tmp_path):
    _says, field = REFUSED[name]
    path = Case([Table("t", {"fields": [{"name": "x"} | field]}, [["P2D"]])]).write(tmp_path)
    with pytest.raises(AssertionError, match=r"not supported by type|not valid"):
        theirs(path)
    ours(path)


@pytest.mark.parametrize("name", CRASHES)
def test_frictionless_falls_over_tables_that_we_judge(name, tmp_path):
    _says, field, cells = CRASHES[name]
    rows: list[list[str] | None] = [[cell] for cell in cells]
    path = Case([Table("t", {"fields": [{"name": "x"} | field]}, rows)]).write(tmp_path)
    with pytest.raises(TypeError):
        theirs(path)
    ours(path)


def test_three_in_ten_random_tables_hold_a_fault_of_each_kind():
    """Counted are faults that both judges find."""
    counts: Counter[str] = Counter()
    tables = 0
    for seed in range(100):
        case = package(Random(seed))
        our, their = both(case)
        tables += len(case.tables)
        counts.update(
            kind for _table, kind in {(each.table, each.kind) for each in our & their}
        )
    shares = {kind: counts[kind] / tables for kind in CELL_KINDS}
    assert min(shares.values()) >= 0.3, shares
