"""A check that looks one value up in the table that a foreign key names."""

from __future__ import annotations

import json

from rekodiq_data import validate


def package(folder, sources: str | None, facts: str, *, key_type: str = "string"):
    check = {
        "check": "product",
        "result": "metal",
        "factors": ["ore", "grade"],
        "scale": "0.01",
        "precision": "printed",
        "lookup": {"via": "source", "field": "rounding"},
    }
    numbers = [{"name": name, "type": "number"} for name in ("ore", "grade", "metal")]
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "resources": [
            {
                "name": "facts",
                "path": "facts.csv",
                "schema": {
                    "fields": [*numbers, {"name": "source", "type": key_type}],
                    "foreignKeys": [
                        {
                            "fields": ["source"],
                            "reference": {"resource": "sources", "fields": ["id"]},
                        }
                    ],
                    "rekodiq:checks": [check],
                },
            },
            {
                "name": "sources",
                "path": "sources.csv",
                "schema": {
                    "fields": [
                        {"name": "id", "type": key_type},
                        {"name": "rounding", "type": "string"},
                    ],
                    "primaryKey": ["id"],
                },
            },
        ],
    }
    folder.mkdir(exist_ok=True)
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    (folder / "facts.csv").write_text("ore,grade,metal,source\n" + facts)
    if sources is not None:
        (folder / "sources.csv").write_text("id,rounding\n" + sources)
    return folder


def verdicts(folder) -> tuple[int, int, int]:
    count = validate(folder).tasks[0].checks[0]
    return count.held, count.failed, count.undecided


# 2,500 x 0.90 % is 22.5. Printed 23.1 is out of reach where 2,500 means 2,499.5 to 2,500.5,
# within reach where it means 2,450 to 2,550, and undecided where nobody knows.
LINE = "2500,0.90,23.1,{}\n"


def test_the_rounding_of_the_source_decides(tmp_path):
    sources = "exact,last_digit\nrough,significant:2\n"
    facts = LINE.format("exact") + LINE.format("rough")
    assert verdicts(package(tmp_path / "p", sources, facts)) == (1, 1, 0)


def test_keys_meet_as_values_not_as_texts(tmp_path):
    sources = "007,last_digit\n"
    facts = LINE.format("7")
    assert verdicts(package(tmp_path / "p", sources, facts, key_type="integer")) == (0, 1, 0)


def test_without_an_entry_the_rounding_is_unknown(tmp_path):
    facts = LINE.format("nobody")
    assert verdicts(package(tmp_path / "p", "other,last_digit\n", facts)) == (0, 0, 1)


def test_a_table_that_can_not_be_read_leaves_the_rounding_unknown(tmp_path):
    folder = package(tmp_path / "p", None, LINE.format("nobody"))
    assert verdicts(folder) == (0, 0, 1)
    # The absent table says so itself; the facts are not accused of referring to nothing.
    assert [issue.type for issue in validate(folder).all_issues()] == ["scheme-error"]
