"""The examples in docs/checks are true: the judge says of each what its page prints."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

import rekodiq_data
from rekodiq_data.checks import KINDS

FOLDER = Path(__file__).parents[2] / "docs" / "checks"
BLOCK = re.compile(r"^```(yaml|csv|text) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Example(NamedTuple):
    """The blocks of one page: schemas and tables by table name, and the message."""

    schemas: dict[str, str]
    good: dict[str, str]
    bad: dict[str, str]
    message: str


def example(page: Path) -> Example:
    """The example of a page. The first schema is that of the table with the check."""
    blocks: dict[str, dict[str, str]] = {"schema": {}, "good": {}, "bad": {}}
    message = ""
    for _language, info, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        role, _, table = info.partition(":")
        if role == "message":
            message = text.strip()
        else:
            blocks[role][table] = text
    return Example(blocks["schema"], blocks["good"], blocks["bad"], message)


def write_package(folder: Path, schemas: dict[str, str], tables: dict[str, str]) -> Path:
    """A package with the tables and their schemas."""
    resources = []
    for name, schema in schemas.items():
        (folder / f"{name}.csv").write_text(tables[name], encoding="utf-8")
        resources.append(
            {"name": name, "path": f"{name}.csv", "schema": yaml.safe_load(schema)}
        )
    descriptor = folder / "datapackage.json"
    descriptor.write_text(json.dumps({"name": "example", "resources": resources}))
    return descriptor


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_good_example_of_each_kind_holds(kind: str, tmp_path: Path) -> None:
    found = example(FOLDER / f"{kind}.md")

    report = rekodiq_data.validate(write_package(tmp_path, found.schemas, found.good))

    assert [issue.message for issue in report.all_issues()] == []
    table = next(iter(found.schemas))
    counts = [
        count
        for task in report.tasks
        if task.name == table
        for count in task.checks
        if count.check == kind
    ]
    assert sum(count.held for count in counts) > 0
    assert sum(count.failed for count in counts) == 0


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_bad_example_of_each_kind_says_what_its_page_prints(
    kind: str, tmp_path: Path
) -> None:
    found = example(FOLDER / f"{kind}.md")

    report = rekodiq_data.validate(write_package(tmp_path, found.schemas, found.bad))

    assert [issue.note for issue in report.all_issues()] == [found.message]
    (issue,) = report.all_issues()
    assert issue.resource == next(iter(found.schemas))
    assert issue.severity is KINDS[kind].severity
    assert issue.line is not None


def test_each_page_has_one_whole_example() -> None:
    for kind in KINDS:
        page = example(FOLDER / f"{kind}.md")
        assert page.schemas.keys() == page.good.keys() == page.bad.keys(), kind
        assert page.message, kind


def test_each_page_tells_of_each_parameter_and_the_start_page_of_each_kind() -> None:
    start = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name, kind in KINDS.items():
        page = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
        for parameter in kind.parameters:
            told = f"`{parameter.name}`"
            # Shared parameters are told once, on the start page or the page that is named.
            assert told in page or told in start or "all parameters of [product]" in page, (
                f"{name} does not tell of {parameter.name}"
            )
        assert f"[{name}]({name}.md)" in start
