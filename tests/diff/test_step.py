"""The least honest step: one rule, one pair of packages, one step."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rekodiq_data.diff import Size, Step, diff, size_between
from rekodiq_data.versions import Version

from .packages import field, table, write

GUIDE = Path(__file__).parent.parent.parent / "docs" / "versioning.md"
ROWS = [("a", "1", "x"), ("b", "2", "y"), ("c", "3", "z")]
MAIL = [("a", "someone@example.org")]
NUMBER = field("n", "number", unit="Mt", title="Number", description="A number.")
BY = {"name": "CC-BY-4.0", "path": "https://example.org/by"}
ZERO = {"name": "CC0-1.0", "path": "https://example.org/zero"}


def one(*fields, rows=ROWS, name="t", **more):
    """A package of one table."""
    return {name: table(*(fields or ("id", NUMBER, "s")), rows=rows, **more)}


def changed(**properties):
    """The package with the field `n` of these properties; one that is None is left out."""
    number = {**NUMBER, **properties}
    return one("id", {key: each for key, each in number.items() if each is not None}, "s")


def rule(**constraints):
    return changed(constraints=constraints)


BAND = {"check": "band", "field": "n", "maximum": 100}
OTHER = table("id", "n", rows=[("a", "1")])
REFERENCE = {
    "fields": ["id"],
    "reference": {"resource": "u", "fields": ["id"]},
}
TWO = {**one(), "u": OTHER}

# Rule, tables and metadata of the old package, the same of the new one.
RULES = [
    ("package-name-changed", Size.MAJOR, one(), {}, one(), {"name": "q"}),
    ("package-name-changed", Size.MAJOR, one(), {"id": "1"}, one(), {"id": "2"}),
    ("licence-changed", Size.MAJOR, one(), {"licenses": [BY]}, one(), {"licenses": [ZERO]}),
    ("licence-changed", Size.MAJOR, one(), {"licenses": [BY]}, one(), {}),
    (
        "licence-changed",
        Size.MAJOR,
        one(about={"licenses": [BY]}),
        {},
        one(about={"licenses": [ZERO]}),
        {},
    ),
    ("table-removed", Size.MAJOR, TWO, {}, one(), {}),
    ("table-renamed", Size.MAJOR, one(), {}, one(name="other"), {}),
    ("field-removed", Size.MAJOR, one(), {}, one("id", "s", rows=[r[::2] for r in ROWS]), {}),
    ("field-renamed", Size.MAJOR, one(), {}, changed(name="m"), {}),
    ("type-changed", Size.MAJOR, one(), {}, changed(type="integer"), {}),
    ("unit-changed", Size.MAJOR, one(), {}, changed(unit="kt"), {}),
    ("unit-changed", Size.MAJOR, one(), {}, changed(unit=None), {}),
    ("meaning-changed", Size.MAJOR, one(), {}, changed(rdfType="x:y"), {}),
    ("key-changed", Size.MAJOR, one(), {}, one(key=("id", "s")), {}),
    ("key-changed", Size.MAJOR, one(), {}, one(key=()), {}),
    ("key-changed", Size.MAJOR, one(uniqueKeys=[["s"]]), {}, one(), {}),
    ("key-changed", Size.MAJOR, {**one(foreignKeys=[REFERENCE]), "u": OTHER}, {}, TWO, {}),
    ("table-added", Size.MINOR, one(), {}, TWO, {}),
    (
        "field-added",
        Size.MINOR,
        one(),
        {},
        one("id", NUMBER, "s", "x", rows=[(*r, "v") for r in ROWS]),
        {},
    ),
    (
        "fields-reordered",
        Size.MINOR,
        one(),
        {},
        one("id", "s", NUMBER, rows=[(a, c, b) for a, b, c in ROWS]),
        {},
    ),
    ("records-added", Size.MINOR, one(), {}, one(rows=[*ROWS, ("d", "4", "w")]), {}),
    ("records-removed", Size.MINOR, one(), {}, one(rows=ROWS[:2]), {}),
    ("values-changed", Size.MINOR, one(), {}, one(rows=[*ROWS[:2], ("c", "3", "w")]), {}),
    ("unit-stated", Size.MINOR, changed(unit=None), {}, one(), {}),
    ("key-added", Size.MINOR, one(key=()), {}, one(), {}),
    ("key-added", Size.MINOR, one(), {}, one(uniqueKeys=[["s"]]), {}),
    ("key-added", Size.MINOR, TWO, {}, {**one(foreignKeys=[REFERENCE]), "u": OTHER}, {}),
    ("rule-changed", Size.MINOR, one(), {}, rule(maximum=9), {}),
    ("rule-changed", Size.MINOR, rule(required=True), {}, rule(), {}),
    (
        "rule-changed",
        Size.MINOR,
        one("id", "s", rows=MAIL),
        {},
        one("id", field("s", format="email"), rows=MAIL),
        {},
    ),
    (
        "rule-changed",
        Size.MINOR,
        one(),
        {},
        one("id", NUMBER, field("s", categories=["x", "y", "z"])),
        {},
    ),
    ("rule-changed", Size.MINOR, one(), {}, one(**{"rekodiq:checks": [BAND]}), {}),
    ("rule-changed", Size.MINOR, one(**{"rekodiq:checks": [BAND]}), {}, one(), {}),
    (
        "rule-changed",
        Size.MINOR,
        one(**{"rekodiq:checks": [BAND]}),
        {},
        one(**{"rekodiq:checks": [{**BAND, "maximum": 99}]}),
        {},
    ),
    ("rule-changed", Size.MINOR, one(), {}, one(fieldsMatch=["exact"]), {}),
    (
        "rule-changed",
        Size.MINOR,
        one(),
        {},
        one(**{"rekodiq:reading": {"field": "s", "explains": {"x": ["band"]}}}),
        {},
    ),
    ("licence-added", Size.MINOR, one(), {"licenses": [BY]}, one(), {"licenses": [BY, ZERO]}),
    ("reading-of-texts-changed", Size.PATCH, one(), {}, one(missingValues=["", "-"]), {}),
    ("reading-of-texts-changed", Size.PATCH, one(), {}, changed(groupChar=","), {}),
    (
        "reading-of-texts-changed",
        Size.PATCH,
        one("id", NUMBER, field("s", "date"), rows=[("a", "1", "2024-02-29")]),
        {},
        one(
            "id", NUMBER, field("s", "date", format="%d.%m.%Y"), rows=[("a", "1", "29.02.2024")]
        ),
        {},
    ),
    ("words-changed", Size.PATCH, one(), {}, one(), {"title": "New"}),
    (
        "words-changed",
        Size.PATCH,
        one(),
        {"licenses": [BY]},
        one(),
        {"licenses": [{**BY, "title": "By"}]},
    ),
    ("words-changed", Size.PATCH, one(), {}, one(about={"description": "New"}), {}),
    ("words-changed", Size.PATCH, one(), {}, one(description="New"), {}),
    ("words-changed", Size.PATCH, one(), {}, one(**{"x:note": "New"}), {}),
    ("words-changed", Size.PATCH, one(), {}, changed(title="New"), {}),
    ("words-changed", Size.PATCH, one(), {}, changed(**{"x:note": "New"}), {}),
    (
        "words-changed",
        Size.PATCH,
        one(**{"rekodiq:checks": [BAND]}),
        {},
        one(**{"rekodiq:checks": [{**BAND, "description": "New"}]}),
        {},
    ),
]


@pytest.mark.parametrize(
    ("name", "size", "old", "was", "new", "now"),
    RULES,
    ids=[f"{at}-{name}" for at, (name, *_) in enumerate(RULES)],
)
def test_one_rule_gives_one_step(name, size, old, was, new, now, tmp_path):
    before, after = write(tmp_path / "old", old, **was), write(tmp_path / "new", new, **now)
    step = diff(before, after).step
    assert [reason.rule for reason in step.reasons if reason.size is step.size] == [name]
    assert step.size is size


def test_every_rule_of_the_guide_is_tested_with_its_step():
    guide = re.findall(
        r"^\| (major|minor|patch) \| ([a-z-]+) \|", GUIDE.read_text("utf-8"), re.MULTILINE
    )
    assert {(size.word, name) for name, size, *_ in RULES} == {*guide}


def test_a_version_alone_is_no_step(tmp_path):
    old = write(tmp_path / "old", one(), version="1.0.0", created="2024-01-01T00:00:00Z")
    new = write(tmp_path / "new", one(), version="2.0.0", created="2025-01-01T00:00:00Z")
    changes = diff(old, new)
    assert changes.is_empty
    assert changes.step == Step(Size.NONE)
    assert (changes.old.version, changes.new.version) == ("1.0.0", "2.0.0")


def test_the_largest_step_counts_and_its_reasons_stand_first(tmp_path):
    old = write(tmp_path / "old", one())
    new = write(tmp_path / "new", changed(unit="kt", title="New"), title="New")
    step = diff(old, new).step
    assert [reason.size.word for reason in step.reasons] == ["major", "patch", "patch"]
    assert step.to_dict() == {
        "least": "major",
        "reasons": [
            {
                "step": "major",
                "rule": "unit-changed",
                "table": "t",
                "field": "n",
                "text": "t: the unit of the field n changed",
            },
            {
                "step": "patch",
                "rule": "words-changed",
                "table": None,
                "field": None,
                "text": "title changed",
            },
            {
                "step": "patch",
                "rule": "words-changed",
                "table": "t",
                "field": "n",
                "text": "t: the title of the field n changed",
            },
        ],
    }


@pytest.mark.parametrize(
    ("old", "new", "size"),
    [
        ("1.0.0", "2.0.0", Size.MAJOR),
        ("1.0.0", "1.1.0", Size.MINOR),
        ("1.0.0", "1.0.1", Size.PATCH),
        ("1.0.0", "1.0.0", Size.NONE),
        ("1.1.0", "1.0.9", Size.NONE),
        ("2.0.0", "1.9.9", Size.NONE),
        ("1.0.0", "1.1.0-rc.1", Size.MINOR),
        ("1.1.0-rc.1", "1.1.0-rc.2", Size.MAJOR),
        ("1.1.0-rc.1", "1.1.0", Size.MAJOR),
        ("1.1.0-rc.2", "1.1.0-rc.1", Size.NONE),
        ("0.1.0", "0.2.0", Size.MAJOR),
        ("0.1.0", "0.1.1", Size.PATCH),
    ],
)
def test_the_size_of_a_step(old, new, size):
    assert size_between(Version.parse(old), Version.parse(new)) is size


@pytest.mark.parametrize(
    ("size", "old", "new"),
    [
        (Size.MAJOR, "1.2.3", "2.0.0"),
        (Size.MINOR, "1.2.3", "1.3.0"),
        (Size.PATCH, "1.2.3", "1.2.4"),
        (Size.NONE, "1.2.3", "1.2.4"),
        (Size.MAJOR, "0.2.3", "0.3.0"),
        (Size.MAJOR, "1.3.0-rc.1", "1.3.0"),
    ],
)
def test_the_next_number_is_the_lowest_honest_one(size, old, new):
    step, before = Step(size), Version.parse(old)
    after = step.next(before)
    assert str(after) == new
    assert step.allows(before, after)


def test_a_smaller_step_is_not_allowed():
    assert not Step(Size.MAJOR).allows(Version(1, 0, 0), Version(1, 1, 0))
    assert not Step(Size.MINOR).allows(Version(1, 0, 0), Version(1, 0, 1))
    assert Step(Size.PATCH).allows(Version(1, 0, 0), Version(2, 0, 0))
