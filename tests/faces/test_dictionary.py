"""The data dictionary: the committed one is current, and a small one reads as it should."""

from __future__ import annotations

from pathlib import Path

import pytest

from rekodiq_data import open_package
from rekodiq_data.descriptor.model import (
    Constraints,
    Field,
    ForeignKey,
    Kind,
    NamedCheck,
    Package,
    Reading,
    Resource,
    Schema,
)
from rekodiq_data.faces.dictionary import dictionary
from rekodiq_data.report import Severity

ROOT = Path(__file__).parents[2]
COMMITTED = (ROOT / "docs" / "data" / "dictionary.md").read_text(encoding="utf-8")


# --- the committed dictionary ---


def test_the_committed_dictionary_is_what_the_schemas_say_now():
    assert dictionary(open_package(ROOT)) == COMMITTED, "run scripts/docs"


def _section(table: str) -> str:
    return COMMITTED.split(f"\n## {table}\n")[1].split("\n## ")[0]


@pytest.mark.parametrize(
    ("table", "line"),
    [
        (
            "mineral_estimates",
            "| `tonnage_mt` | number | `Mt` | more than 0 "
            "| Tonnage. Tonnage of ore (rock, not metal) in million tonnes. |",
        ),
        (
            "stakes",
            "| `share_percent` | number | `%` | required; more than 0; at most 100 "
            "| Share. Share of the holder in the subject, in percent. |",
        ),
        (
            "disagreements",
            "| `status` | string |  | required; one of `open`, `settled` "
            "| Status. settled: the sources themselves explain the difference; open: they do "
            "not, and a document that we have not read may. |",
        ),
        (
            "mineral_estimates",
            "| tonnage_band | [band](../checks/band.md) (warning) | one record | `tonnage_mt` "
            "| No deposit like these holds more than 20 billion tonnes of ore. |",
        ),
    ],
    ids=["tonnage_mt", "share_percent", "status", "tonnage_band"],
)
def test_a_line_of_the_committed_dictionary_reads_as_written_by_hand(table, line):
    assert line in _section(table).splitlines()


def test_most_rows_are_resources_is_what_a_newcomer_reads_first_of_the_estimates():
    assert (
        _section("mineral_estimates")
        .split("\n- ")[1]
        .startswith("Most rows are resources, not reserves")
    )


# --- a package of our own making ---


def _dictionary(*resources: Resource, **metadata: str) -> str:
    return dictionary(Package(Path(), Path(), Kind.PACKAGE, resources, metadata))


def _lines(schema: Schema) -> list[str]:
    return _dictionary(Resource("t", schema=schema), name="p").splitlines()


def test_a_package_is_called_by_its_title_or_else_by_its_name():
    assert _dictionary(name="p", title="P q").startswith("# P q: data dictionary\n")
    assert _dictionary(name="p").startswith("# p: data dictionary\n")


def test_tables_stand_in_order_under_an_index_of_their_first_sentences():
    schema = Schema((Field("a"),), title="From the schema", description="One row: a | b. More.")
    own = Resource(
        "second",
        schema=schema,
        title="Own title",
        description="Own words; and more.",
        theme="x",
        usage_notes=("First.", "Second."),
    )
    text = _dictionary(Resource("first", schema=schema), own, name="p")
    assert text == (
        "# p: data dictionary\n"
        "\n"
        "Made from the schemas by `scripts/docs`; edit those, not this file.\n"
        "\n"
        "| table | theme | one row is |\n"
        "|---|---|---|\n"
        "| [first](#first) |  | One row |\n"
        "| [second](#second) | x | Own words |\n"
        "\n"
        "## first\n"
        "\n"
        "**From the schema.** One row: a | b. More.\n"
        "\n"
        "| field | type | unit | rules | meaning |\n"
        "|---|---|---|---|---|\n"
        "| `a` | any |  |  |  |\n"
        "\n"
        "## second\n"
        "\n"
        "**Own title.** Own words; and more.\n"
        "\n"
        "What a newcomer gets wrong:\n"
        "\n"
        "- First.\n"
        "- Second.\n"
        "\n"
        "| field | type | unit | rules | meaning |\n"
        "|---|---|---|---|---|\n"
        "| `a` | any |  |  |  |\n"
    )


@pytest.mark.parametrize(
    ("constraints", "words"),
    [
        (Constraints(), ""),
        (Constraints(required=True, unique=True), "required; unique"),
        (Constraints(minimum=0, maximum="9"), "at least 0; at most 9"),
        (Constraints(exclusive_minimum=1, exclusive_maximum=2), "more than 1; less than 2"),
        (Constraints(min_length=1, max_length=3), "length at least 1; length at most 3"),
        (Constraints(pattern="a|b"), r"pattern `a\|b`"),
        (Constraints(enum=("x", 1)), "one of `x`, `1`"),
        (Constraints(json_schema={}), "valid by its JSON Schema"),
    ],
)
def test_constraints_are_told_in_words(constraints, words):
    lines = _lines(Schema((Field("a", constraints=constraints),)))
    assert f"| `a` | any |  | {words} |  |" in lines


def test_a_field_is_told_with_format_unit_title_and_description_in_one_line():
    plain = Field("a", type="number", unit="Mt", description="Ore |\n  rock.")
    titled = Field("b", type="date", format="%d|%m", title="Day", description="Which.")
    lines = _lines(Schema((plain, titled)))
    assert r"| `a` | number | `Mt` |  | Ore \| rock. |" in lines
    assert r"| `b` | date (%d\|%m) |  |  | Day. Which. |" in lines


def test_keys_and_known_misprints_are_listed():
    schema = Schema(
        (Field("a"), Field("b")),
        primary_key=("a",),
        unique_keys=(("a", "b"),),
        foreign_keys=(ForeignKey(("b",), "", ("a",)), ForeignKey(("a", "b"), "u", ("c", "d"))),
        reading=Reading("b", {"misprint_unit": ("band",), "slip": ("parts", "product")}),
    )
    assert _lines(schema)[-5:] == [
        "- Primary key: `a`",
        "- No two rows are alike in: `a`, `b`",
        "- `b` refers to `a` of this table",
        "- `a`, `b` refers to `c`, `d` of u",
        "- Known misprints are marked in `b`: "
        "`misprint_unit` explains band; `slip` explains parts, product",
    ]


def test_checks_are_told_with_what_they_see_read_and_mean():
    schema = Schema(
        (Field("a", type="number"), Field("b")),
        checks=(
            NamedCheck("band", "plain", {"field": "a", "minimum": "0"}),
            NamedCheck(
                "sorted_by_key",
                "own words",
                {"key": ["b"]},
                where={"b": ("x", "y"), "a": ("1",)},
                severity=Severity.WARNING,
                may_be_undecided="no row | yet",
                description="In order.",
            ),
        ),
    )
    assert _lines(schema)[-4:] == [
        "| check | kind | sees | about | meaning |",
        "|---|---|---|---|---|",
        "| plain | [band](../checks/band.md) (warning) | one record | `a` "
        "| A number lies between plausible bounds. |",
        "| own words | [sorted_by_key](../checks/sorted_by_key.md) (warning) | the whole table "
        "| `b`, where `a` is 1; `b` is x or y "
        r"| In order. Decides no row yet: no row \| yet. |",
    ]


def test_a_table_whose_schema_is_faulty_has_no_dictionary():
    with pytest.raises(ValueError, match='the table "t" has no sound schema'):
        _dictionary(Resource("t"), name="p")
