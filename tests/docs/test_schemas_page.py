"""docs/schemas.md and docs/checks/ document every kind of check with every parameter."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rekodiq_data.checks import KINDS
from rekodiq_data.checks.base import Kind
from rekodiq_data.descriptor.vocabulary import (
    CHECK_KEYS,
    CONSTRAINT_KEYS,
    PROJECT_RESOURCE_KEYS,
    READING_KEYS,
    TYPES,
)

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "schemas.md").read_text(encoding="utf-8")
CHECKS = (DOCS / "checks" / "README.md").read_text(encoding="utf-8")
PRINTED = ("printed", "qualifiers", "highs", "rounding")
SEES = {"row": "one record", "table": "the table", "package": "several tables"}


def _row(kind: Kind) -> str:
    return (
        f"| [{kind.name}](checks/{kind.name}.md) | {SEES[kind.scope]} | {kind.severity} "
        f"| {kind.summary} |"
    )


def _parameters(kind: Kind) -> str:
    declared = [each.name for each in kind.parameters]
    has_printed = set(PRINTED) <= set(declared)
    own = [each for each in kind.parameters if not (has_printed and each.name in PRINTED)]
    words = ", ".join(
        f"**`{each.name}`**" if each.required else f"`{each.name}`" for each in own
    )
    more = ", and those of printed figures" if has_printed else ""
    return f"| {kind.name} | {words}{more} |"


def test_the_index_lists_every_kind_and_no_other():
    listed = re.findall(r"^\| \[(\w+)\]\(checks/", PAGE, re.MULTILINE)
    assert listed == list(KINDS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_kind_stands_with_scope_severity_meaning_and_parameters(kind):
    assert _row(kind) in PAGE
    assert _parameters(kind) in PAGE


def _page(name: str) -> str:
    """The page of a kind, with the pages that it takes its parameters from."""
    page = (DOCS / "checks" / f"{name}.md").read_text(encoding="utf-8")
    for other in re.findall(r"all parameters of \[(\w+)\]", page):
        page += _page(other)
    return page + CHECKS if "(README.md#printed-figures)" in page else page


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_the_page_of_a_kind_names_every_parameter_that_it_declares(kind):
    page = _page(kind.name)
    assert [each.name for each in kind.parameters if f"`{each.name}`" not in page] == []
    required = [each.name for each in kind.parameters if each.required]
    assert [name for name in required if f"`{name}` (required)" not in page] == []


def test_every_page_is_that_of_a_kind():
    assert {path.stem for path in (DOCS / "checks").glob("*.md")} == {"README", *KINDS}
    assert set(re.findall(r"\[(\w+)\]\(\w+\.md\)", CHECKS)) == set(KINDS)


def test_every_key_of_a_check_a_reading_and_a_resource_is_documented():
    for keys in (CHECK_KEYS, READING_KEYS, PROJECT_RESOURCE_KEYS):
        assert [key for key in sorted(keys) if not re.search(rf"\b{key}\b", PAGE)] == []
    assert [key for key in sorted(CHECK_KEYS) if f"| `{key}`" not in CHECKS] == []


def test_every_type_and_constraint_is_documented():
    types = PAGE.split("**Types**")[1].split("Each has")[0]
    assert [name for name in TYPES if name not in re.findall(r"\w+", types)] == []
    assert [name for name in CONSTRAINT_KEYS if f"`{name}`" not in PAGE] == []
