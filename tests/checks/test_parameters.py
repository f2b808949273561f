"""Faults in the use of a check are told, in words, before it runs."""

from __future__ import annotations

from typing import Any

import pytest

from rekodiq_data.checks import KINDS
from rekodiq_data.checks.parameters import faults, faults_of
from rekodiq_data.checks.shares import FUNDING_BASE
from rekodiq_data.descriptor.model import Field, ForeignKey, NamedCheck, Schema
from tests.checks.scene import use

SOURCES = Schema(fields=(Field("source_id"), Field("rounding"), Field("parent")))
ESTIMATES = Schema(
    fields=tuple(
        Field(name)
        for name in (
            "tonnage_mt",
            "grade_pct",
            "metal_kt",
            "tonnage_reported",
            "source_id",
            "of",
        )
    ),
    foreign_keys=(
        ForeignKey(("source_id",), "sources", ("source_id",)),
        ForeignKey(("of",), "", ("source_id",)),
        ForeignKey(("grade_pct",), "elsewhere", ("id",)),
    ),
)
TABLES = {"sources": SOURCES, "estimates": ESTIMATES}
SOUND: dict[str, Any] = {
    "result": "metal_kt",
    "factors": ["tonnage_mt", "grade_pct"],
    "scale": "10",
    "precision": "printed",
}


def found(kind: str, lookup: dict[str, str] | None = None, **parameters: Any) -> list[str]:
    check = NamedCheck(check=kind, name=kind, parameters=parameters, lookup=lookup)
    return faults(check, KINDS[kind], ESTIMATES, TABLES)


def changed(**changes: Any) -> list[str]:
    return found("product", **(SOUND | changes))


def without(name: str) -> list[str]:
    return found("product", **{key: value for key, value in SOUND.items() if key != name})


def test_a_sound_use_has_no_faults() -> None:
    assert changed() == []
    assert changed(printed={"tonnage_mt": "tonnage_reported"}, rounding="significant:2") == []
    assert changed(rounding="last_digit") == changed(rounding="unknown") == []


def test_an_unknown_kind_is_told_with_the_one_that_was_meant() -> None:
    check = NamedCheck(check="prodct", name="p", parameters={})
    other = NamedCheck(check="product", name="q", parameters=SOUND | {"scale": "ten"})
    schema = Schema(fields=ESTIMATES.fields, checks=(check, other))

    assert faults_of(schema, TABLES) == [
        (check, '"prodct" is not a kind of named check. Did you mean "product"?'),
        (other, '`scale` must be a number, written as text so that it is exact ("0.01")'),
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"factor": ["a"]}, '`factor` is not a parameter of product. Did you mean "factors"?'),
        ({"were": {}}, '`were` is not a parameter of product. Did you mean "where"?'),
        ({"result": ["metal_kt"]}, "`result` must be the name of a column"),
        ({"result": ""}, "`result` must be the name of a column"),
        ({"factors": "tonnage_mt"}, "`factors` must be a list of names of columns"),
        ({"factors": []}, "`factors` must be a list of names of columns"),
        ({"factors": [1]}, "`factors` must be a list of names of columns"),
        (
            {"scale": "ten"},
            '`scale` must be a number, written as text so that it is exact ("0.01")',
        ),
        ({"precision": 2}, "`precision` must be a text"),
        ({"precision": "exact"}, "`precision` can only be `printed`"),
        ({"printed": "tonnage_reported"}, "`printed` must be an object"),
        (
            {"printed": {"tonnage_mt": ["tonnage_reported"]}},
            "`printed` must name one column for each of its columns",
        ),
        ({"rounding": "2"}, "`rounding` must be last_digit, significant:N or unknown"),
        (
            {"rounding": "significant:x"},
            "`rounding` must be last_digit, significant:N or unknown",
        ),
        (
            {"result": "metal"},
            '`result` names the column "metal", which the table does not have. '
            'Did you mean "metal_kt"?',
        ),
        (
            {"factors": ["tonnage_mt", "zzz"]},
            '`factors` names the column "zzz", which the table does not have.',
        ),
        (
            {"printed": {"tonnage_mt": "tonnage_report"}},
            '`printed.tonnage_mt` names the column "tonnage_report", which the table does not '
            'have. Did you mean "tonnage_reported"?',
        ),
        (
            {"tolerance": "1"},
            "exactly one of `tolerance`, `relative_tolerance` and `precision: printed` must be "
            "given; it is `tolerance` and `precision`",
        ),
    ],
)
def test_each_fault_is_one_plain_sentence(changes: dict[str, Any], words: str) -> None:
    assert changed(**changes) == [words]


def test_a_missing_parameter_says_what_it_takes() -> None:
    assert without("result") == [
        "`result` is missing: product needs the name of a column (the column of the product)"
    ]
    assert without("precision") == [
        "exactly one of `tolerance`, `relative_tolerance` and `precision: printed` must be "
        "given; it is none"
    ]


def test_a_tolerance_below_zero_can_never_be_met() -> None:
    parameters = {key: value for key, value in SOUND.items() if key != "precision"}

    assert found("product", **parameters, tolerance="-1") == [
        "`tolerance` must not be negative"
    ]
    assert found("product", **parameters, tolerance=0) == []
    assert found("product", **parameters, tolerance=True) != []


def test_flags_and_whole_numbers_are_told_apart() -> None:
    assert found("parts", id="of", part_of="of", values=["metal_kt"], complete="yes") == [
        "`complete` must be true or false"
    ]
    terms = [{"contained": "metal_kt", "tonnage": "tonnage_mt", "grade": "grade_pct"}]
    loan: dict[str, Any] = {
        "group": ["of"],
        "statement": "source_id",
        "date": "of",
        "terms": terms,
    }
    assert found("borrowed_grade", **loan, years="3") == ["`years` must be a whole number"]
    assert found("borrowed_grade", **loan, years=True) == ["`years` must be a whole number"]
    assert found("borrowed_grade", **(loan | {"terms": ["x"]}), years=3) == [
        "`terms` must be a list of objects"
    ]
    missing = [{**terms[0], "grade": "grad_pct"}]
    assert found("borrowed_grade", years=3, **(loan | {"terms": missing})) == [
        '`terms 1.grade` names the column "grad_pct", which the table does not have. '
        'Did you mean "grade_pct"?'
    ]


def test_a_lookup_must_lead_somewhere() -> None:
    ways = {
        ("source_id", "rounding"): [],
        ("source_id", "roundng"): [
            '`lookup` names the column "roundng", which the table "sources" does not have. '
            'Did you mean "rounding"?'
        ],
        ("metal_kt", "rounding"): [
            '`lookup` goes via "metal_kt", which is no foreign key of the table'
        ],
        ("of", "metal_kt"): [],
        ("of", "zzz"): ['`lookup` names the column "zzz", which the table does not have.'],
        # A foreign key to nowhere is a fault of its own.
        ("grade_pct", "rounding"): [],
    }

    for (via, field), words in ways.items():
        assert found("product", lookup={"via": via, "field": field}, **SOUND) == words


def test_a_lookup_means_nothing_to_some_kinds() -> None:
    assert found(
        "band", lookup={"via": "source_id", "field": "rounding"}, field="of", minimum="1"
    ) == ["`lookup` has no meaning for band"]


def test_tables_and_their_columns_are_looked_at_too() -> None:
    stakes = {
        "table": "source",
        "share": "rounding",
        "share_kind": "rounding",
        "from": "rounding",
        "to": "rounding",
        "parties": ["source_id", "vi"],
    }
    check = use(
        FUNDING_BASE,
        group=["of"],
        party="of",
        amount="metal_kt",
        date="of",
        relative_tolerance="0.01",
        stakes=stakes,
        free_kinds=["free_carried"],
    )

    assert faults(check, FUNDING_BASE, ESTIMATES, TABLES) == [
        '`stakes.table` names the table "source", which the package does not have. '
        'Did you mean "sources"?'
    ]
    stakes["table"] = "sources"
    assert faults(check, FUNDING_BASE, ESTIMATES, TABLES) == [
        '`stakes.parties` names the column "vi", which the table "sources" does not have.'
    ]


def test_every_kind_tells_of_missing_parameters_and_never_stumbles() -> None:
    for name, kind in KINDS.items():
        check = NamedCheck(check=name, name=name, parameters={})

        told = faults(check, kind, ESTIMATES, TABLES)

        required = [each.name for each in kind.parameters if each.required]
        assert len(told) == len(required), name
        assert all(
            f"`{parameter}` is missing" in words
            for parameter, words in zip(required, told, strict=True)
        )
