"""Products: within a tolerance, as far as the printed figures go, and across a statement."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekodiq_data.checks.base import Outcome, Scene, Verdict
from rekodiq_data.checks.products import PRODUCT, PRODUCT_IN_STATEMENT
from tests.checks.figures import positive, printed
from tests.checks.scene import columns, scene, use, verdicts

NA, HELD, FAILED, UNDECIDED = (
    Verdict.NOT_APPLICABLE,
    Verdict.HELD,
    Verdict.FAILED,
    Verdict.UNDECIDED,
)
TYPES = {
    "tonnage_mt": "number",
    "tonnage_reported": "string",
    "tonnage_qualifier": "string",
    "tonnage_high_mt": "number",
    "grade_pct": "number",
    "metal_kt": "number",
    "statement": "string",
}
METAL = {"result": "metal_kt", "factors": ["tonnage_mt", "grade_pct"], "scale": "10"}
GOLD = {"result": "metal_moz", "factors": ["tonnage_mt", "grade_gpt"], "scale": "1/31.1034768"}


def record(tonnage: str, grade: str, metal: str, **more: str) -> dict[str, str]:
    return {"tonnage_mt": tonnage, "grade_pct": grade, "metal_kt": metal, **more}


def judge(around: Scene, **parameters: Any) -> Outcome:
    return PRODUCT.judge(around, use(PRODUCT, **METAL, **parameters))


def explained(
    *records: dict[str, str], rounding: str | None = None, **parameters: Any
) -> list[str]:
    looked_up = None if rounding is None else [rounding] * len(records)
    outcome = judge(scene(columns(records, TYPES), looked_up=looked_up), **parameters)
    return [outcome.explain(each) for each in range(len(records))]


# -- as far as printed figures go ------------------------------------------------------------


def verdict_of(texts: list[str], rounding: str | None, **parameters: Any) -> Verdict:
    """The verdict on `result = first x second`, all three as printed."""
    values = [text.replace(",", "") for text in texts]
    types = {
        "r": "number",
        "a": "number",
        "b": "number",
        "rt": "string",
        "at": "string",
        "bt": "string",
    }
    row = dict(zip(types, [*values, *texts], strict=True))
    around = scene(columns([row], types), looked_up=[rounding])
    shown = {"r": "rt", "a": "at", "b": "bt"}
    every = {"result": "r", "factors": ["a", "b"], "precision": "printed", "printed": shown}
    return verdicts(PRODUCT, around, **every, **parameters)[0]


ROUNDINGS = st.sampled_from(["rounded", "unknown"])
SIZES = positive("0.01", "90000")


@given(SIZES, SIZES, st.integers(2, 4), ROUNDINGS)
def test_a_true_product_never_fails(
    one: Fraction, other: Fraction, digits: int, rounding: str
) -> None:
    texts = [printed(number, digits) for number in (one * other, one, other)]
    said = f"significant:{digits}" if rounding == "rounded" else "unknown"

    assert verdict_of(texts, said) is not FAILED


@given(SIZES, SIZES, st.integers(2, 4), ROUNDINGS)
def test_a_tenfold_result_always_fails(
    one: Fraction, other: Fraction, digits: int, rounding: str
) -> None:
    texts = [printed(one * other * 10, digits), printed(one, digits), printed(other, digits)]
    said = f"significant:{digits}" if rounding == "rounded" else "unknown"

    assert verdict_of(texts, said) is FAILED


@given(SIZES, SIZES, st.integers(0, 2), ROUNDINGS)
def test_one_digit_is_never_held(
    one: Fraction, other: Fraction, place: int, rounding: str
) -> None:
    numbers = [one * other, one, other]
    digits = [1 if each == place else 3 for each in range(3)]
    texts = [printed(number, count) for number, count in zip(numbers, digits, strict=True)]
    said = "significant:1" if rounding == "rounded" else "unknown"

    assert verdict_of(texts, said) is not HELD


@pytest.mark.parametrize(
    ("metal_moz", "tonnage", "grade", "rounding", "expected"),
    [
        # Barrick's group reserves of gold at the end of 2024: proven, probable
        ("15", "270", "1.75", "significant:2", HELD),
        ("74", "2,500", "0.90", "significant:2", HELD),
        ("15", "270", "1.75", "unknown", HELD),
        ("74", "2,500", "0.90", "unknown", UNDECIDED),
        # the same, tenfold and in short tons
        ("150", "270", "1.75", "significant:2", FAILED),
        ("74", "2,800", "0.90", "significant:2", FAILED),
        # a copy of 2024: 5.9 Bt at 0.22 g/t and 41.5 Moz
        ("41.5", "5,900", "0.22", "unknown", HELD),
        # November 2011: the tonnage of 2010 beside the metal of 2006
        ("20.9", "5,900", "0.22", "unknown", FAILED),
    ],
)
def test_printed_statements_of_gold(
    metal_moz: str, tonnage: str, grade: str, rounding: str, expected: Verdict
) -> None:
    assert verdict_of([metal_moz, tonnage, grade], rounding, scale="1/31.1034768") is expected


def test_operands_that_touch_at_the_edge_are_held() -> None:
    assert verdict_of(["7.3", "14.5", "0.50"], "last_digit") is HELD
    assert verdict_of(["7.25", "14.5", "0.50"], "last_digit") is HELD


def test_a_shifted_unit_and_its_qualifier_are_taken_from_their_columns() -> None:
    row = record("5900", "0.41", "24000", tonnage_reported="5.9")
    parameters = {
        "precision": "printed",
        "printed": {"tonnage_mt": "tonnage_reported"},
        "qualifiers": {"tonnage_mt": "tonnage_qualifier"},
    }
    rows = [
        row,
        row | {"tonnage_qualifier": "up_to", "metal_kt": "2400"},
        row | {"metal_kt": "2400"},
    ]

    assert verdicts(
        PRODUCT,
        scene(columns(rows, TYPES), looked_up=["last_digit"] * 3),
        **METAL,
        **parameters,
    ) == [HELD, HELD, FAILED]


def test_a_range_holds_everything_between_its_ends() -> None:
    rows = [
        record("3000", "0.45", metal, tonnage_qualifier="range", tonnage_high_mt="4000")
        for metal in ("13500", "18000", "19000", "11000")
    ]

    assert verdicts(
        PRODUCT,
        scene(columns(rows, TYPES), looked_up=["last_digit"] * 4),
        **METAL,
        precision="printed",
        qualifiers={"tonnage_mt": "tonnage_qualifier"},
        highs={"tonnage_mt": "tonnage_high_mt"},
    ) == [HELD, HELD, FAILED, FAILED]


def test_missing_operands_leave_a_product_undecided() -> None:
    rows = [
        record("", "0.43", "1290"),
        record("300", "", "1290"),
        record("300", "0.43", ""),
        record("", "", ""),
    ]

    assert (
        verdicts(PRODUCT, scene(columns(rows, TYPES)), **METAL, precision="printed")
        == [UNDECIDED] * 4
    )
    assert (
        verdicts(PRODUCT, scene(columns(rows, TYPES)), **METAL, tolerance="1")
        == [UNDECIDED] * 4
    )


def test_records_outside_of_where_do_not_exist() -> None:
    rows = [record("300", "0.43", "1350")] * 2
    around = scene(columns(rows, TYPES), selected=[False, True], looked_up=["last_digit"] * 2)

    assert verdicts(PRODUCT, around, **METAL, precision="printed") == [NA, FAILED]
    assert verdicts(PRODUCT, around, **METAL, tolerance="1") == [NA, FAILED]


def test_the_words_for_printed_figures() -> None:
    assert explained(
        record("300", "0.43", "1350"),
        record("300", "0.430", "1290"),
        record("", "0.43", ""),
        precision="printed",
        rounding="last_digit",
    ) == [
        "300 Mt x 0.43 % gives 1,272.875 to 1,307.175 kt; the table says 1,350 kt, "
        "42.825 kt too high",
        "300 Mt x 0.430 % gives 1,286.3525 to 1,293.6525 kt; the table says 1,290 kt",
        "metal_kt and tonnage_mt are missing or not readable",
    ]


def test_a_scale_is_told_where_the_units_are_not_known() -> None:
    types = {"r": "number", "a": "number"}
    around = scene(columns([{"r": "25", "a": "2.0"}], types))

    outcome = PRODUCT.judge(
        around, use(PRODUCT, result="r", factors=["a"], scale="10", tolerance="1")
    )

    assert outcome.explain(0) == "2 x 10 gives 20; the table says 25, 5 too high (1 allowed)"
    assert outcome.about(0) == "r"


# -- within a tolerance ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bound", "metal", "expected"),
    [
        ({"tolerance": "0"}, "1290", HELD),
        ({"tolerance": "0"}, "1290.0", HELD),
        ({"tolerance": "0"}, "1290.000000001", FAILED),
        ({"tolerance": "0"}, "1290.00000000000000000001", FAILED),
        ({"tolerance": "0.1"}, "1290.1", HELD),
        ({"tolerance": "0.1"}, "1289.9", HELD),
        ({"tolerance": "0.1"}, "1290.1000000001", FAILED),
        ({"tolerance": "1/3"}, "1290.333333333333333", HELD),
        ({"tolerance": "1/3"}, "1290.333333333333334", FAILED),
        ({"relative_tolerance": "0.01"}, "1302.9", HELD),
        ({"relative_tolerance": "0.01"}, "1277.1", HELD),
        ({"relative_tolerance": "0.01"}, "1302.90001", FAILED),
        ({"relative_tolerance": "0"}, "1290", HELD),
        ({"relative_tolerance": "0"}, "-1290", FAILED),
        ({"relative_tolerance": "2"}, "-1290", HELD),
    ],
)
def test_a_difference_just_at_the_bound_is_fine(
    bound: dict[str, str], metal: str, expected: Verdict
) -> None:
    around = scene(columns([record("300", "0.43", metal)], TYPES))

    assert verdicts(PRODUCT, around, **METAL, **bound) == [expected]


def test_numbers_that_are_none_decide_nothing() -> None:
    around = scene(
        columns([record("inf", "0.43", "1290"), record("300", "nan", "1290")], TYPES | {})
    )

    assert verdicts(PRODUCT, around, **METAL, tolerance="1") == [UNDECIDED, UNDECIDED]


def test_a_column_of_text_decides_nothing() -> None:
    around = scene(columns([record("300", "0.43", "1290")], TYPES | {"metal_kt": "string"}))

    assert verdicts(PRODUCT, around, **METAL, tolerance="1") == [UNDECIDED]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        # Products that leave the floats on the way, and come back.
        (["1e-200", "1e-200", "1e300", "1e-100"], HELD),
        (["1e-200", "1e-200", "1e300", "2e-100"], FAILED),
        (["1e200", "1e200", "1e-300", "1e100"], HELD),
        (["1e200", "1e200", "1e-300", "2e100"], FAILED),
        (["0", "1e200", "1e-300", "0"], HELD),
        (["0", "1e200", "1e-300", "1"], FAILED),
        # Too large for 64 bits, equal but for the last digit.
        (["123456789123", "987654321987", "7", "853528419491780209431807"], HELD),
        (["123456789123", "987654321987", "7", "853528419491780209431808"], FAILED),
    ],
)
def test_numbers_of_any_size_are_exact(values: list[str], expected: Verdict) -> None:
    types = dict.fromkeys(["a", "b", "c", "r"], "number")
    around = scene(columns([dict(zip(types, values, strict=True))], types))
    exact = {"result": "r", "factors": ["a", "b", "c"]}

    assert verdicts(PRODUCT, around, **exact, tolerance="0") == [expected]
    assert verdicts(PRODUCT, around, **exact, relative_tolerance="0") == [expected]


def test_a_scale_of_any_size_is_exact() -> None:
    types = {"r": "number", "a": "number"}
    around = scene(columns([{"r": "0.00000000000000000005", "a": "5"}], types))
    tiny = {"result": "r", "factors": ["a"], "tolerance": "0"}

    assert verdicts(PRODUCT, around, **tiny, scale="1e-20") == [HELD]
    assert verdicts(PRODUCT, around, **tiny, scale="1.0000000000000000001e-20") == [FAILED]


decimals = st.decimals(-1000, 1000, places=3).map(str)


@given(
    st.lists(st.tuples(decimals, decimals, st.integers(-3, 3)), min_size=1, max_size=5),
    st.sampled_from(["0", "0.001", "0.5", "1/3", "123456789/987654321"]),
    st.sampled_from(["1", "10", "-0.01", "1/3", "1000/31.1034768"]),
    st.booleans(),
)
def test_a_tolerance_is_what_exact_arithmetic_says(
    rows: list[tuple[str, str, int]], size: str, scale: str, is_relative: bool
) -> None:
    def fraction(text: str) -> Fraction:
        above, _, below = text.partition("/")
        return Fraction(above) / Fraction(below or "1")

    types = {"r": "number", "a": "number", "b": "number"}
    records, expected = [], []
    for one, other, steps in rows:
        computed = fraction(scale) * Fraction(one) * Fraction(other)
        allowed = fraction(size) * (abs(computed) if is_relative else 1)
        # Near the bound, and (where it has few places) right at it.
        stated = computed + allowed + Fraction(steps, 10**6)
        text = f"{float(stated):.6f}"
        records.append({"a": one, "b": other, "r": text})
        expected.append(HELD if abs(Fraction(text) - computed) <= allowed else FAILED)

    way = "relative_tolerance" if is_relative else "tolerance"
    found = verdicts(
        PRODUCT,
        scene(columns(records, types)),
        result="r",
        factors=["a", "b"],
        scale=scale,
        **{way: size},
    )

    assert found == expected


def test_the_words_for_a_tolerance() -> None:
    assert explained(
        record("300", "0.43", "1350"), record("300", "0.43", "1280"), tolerance="5"
    ) == [
        "300 Mt x 0.43 % gives 1,290 kt; the table says 1,350 kt, 60 kt too high "
        "(5 kt allowed)",
        "300 Mt x 0.43 % gives 1,290 kt; the table says 1,280 kt, 10 kt too low (5 kt allowed)",
    ]
    assert explained(
        record("300", "0.43", "1350"), record("300", "0.43", "1290"), relative_tolerance="0.01"
    ) == [
        "300 Mt x 0.43 % gives 1,290 kt; the table says 1,350 kt, 60 kt too high "
        "(12.9 kt allowed)",
        "300 Mt x 0.43 % gives 1,290 kt; the table says 1,290 kt",
    ]


# -- across a statement ----------------------------------------------------------------------

STATEMENT = {**METAL, "group": ["statement"]}


def test_an_operand_comes_from_the_one_other_record_that_has_it() -> None:
    # Western Porphyries, January 2006: tonnage and grade in one row, metal in another
    rows = [
        record("943", "0.54", "", statement="a"),
        record("", "", "5092.2", statement="a"),
        record("943", "", "5092.2", statement="b"),
        record("", "0.54", "", statement="b"),
        record("", "", "50922", statement="c"),
        record("943", "0.54", "", statement="c"),
    ]
    around = scene(columns(rows, TYPES), looked_up=["last_digit"] * 6)

    expected = [NA, HELD, HELD, NA, FAILED, NA]
    assert verdicts(PRODUCT_IN_STATEMENT, around, **STATEMENT, precision="printed") == expected
    assert verdicts(PRODUCT_IN_STATEMENT, around, **STATEMENT, tolerance="1") == expected


def test_complete_records_are_left_to_the_product() -> None:
    rows = [record("300", "0.43", "9999", statement="a"), record("", "", "1290", statement="a")]

    assert verdicts(
        PRODUCT_IN_STATEMENT, scene(columns(rows, TYPES)), **STATEMENT, tolerance="1"
    ) == [NA, HELD]


def test_an_operand_that_several_or_no_records_have_decides_nothing() -> None:
    rows = [
        record("", "0.43", "1290", statement="several"),
        record("300", "", "", statement="several"),
        record("310", "", "", statement="several"),
        record("", "0.43", "1290", statement="none"),
        record("", "0.43", "1290"),
        record("300", "", ""),
    ]

    for way in ({"tolerance": "1"}, {"precision": "printed"}):
        around = scene(columns(rows, TYPES), looked_up=["last_digit"] * 6)
        found = verdicts(PRODUCT_IN_STATEMENT, around, **STATEMENT, **way)
        assert found == [UNDECIDED, NA, NA, UNDECIDED, UNDECIDED, NA]


def test_a_record_outside_of_where_lends_nothing() -> None:
    rows = [record("", "0.43", "1290", statement="a"), record("300", "", "", statement="a")]
    around = scene(columns(rows, TYPES), selected=[True, False])

    assert verdicts(PRODUCT_IN_STATEMENT, around, **STATEMENT, tolerance="1") == [UNDECIDED, NA]


def test_an_empty_table_has_no_verdicts() -> None:
    around = scene(columns([], TYPES))

    assert verdicts(PRODUCT_IN_STATEMENT, around, **STATEMENT, tolerance="1") == []
    assert verdicts(PRODUCT, around, **METAL, tolerance="1") == []


def test_the_words_say_what_came_from_elsewhere() -> None:
    rows = [
        record("", "0.43", "1350", statement="a"),
        record("300", "", "", statement="a"),
        record("", "", "1350", statement="b"),
    ]
    around = scene(columns(rows, TYPES))

    outcome = PRODUCT_IN_STATEMENT.judge(
        around, use(PRODUCT_IN_STATEMENT, **STATEMENT, tolerance="1")
    )

    assert [outcome.explain(each) for each in range(3)] == [
        "300 Mt (in another record) x 0.43 % gives 1,290 kt; the table says 1,350 kt, "
        "60 kt too high (1 kt allowed)",
        "this record holds no metal_kt that lacks its factors",
        "tonnage_mt and grade_pct are missing or not readable",
    ]
    assert outcome.about(0) == "metal_kt"
    assert outcome.verdicts.dtype == np.int8
