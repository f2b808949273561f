"""Products within a tolerance: a million records at once, and exact at the bound.

Floats decide what is clear. What is near the bound (a difference equal to it is fine) is
decided on the decimal numbers that stand in the cells: as whole numbers of 64 bits where they
fit, else as fractions, one record after the other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data.checks.base import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from fractions import Fraction

    from numpy.typing import NDArray

    from rekodiq_data.checks.base import Mask, Verdicts

    Floats = NDArray[np.float64]
    Exact = Callable[[int], Fraction | None]

# Far above what a handful of float products can be off, far below any real difference.
_MARGIN = 1e-12
# Products nearer to 0 than this may have lost digits on the way.
_TINY = 1e-280
# A decimal number of so many digits is told apart from every other one by its float.
_SAFE_DIGITS = 15
_MOST_PLACES = 9
_SAFE_INTEGER = 2.0**62


@dataclass(frozen=True, slots=True)
class Operand:
    """One column of a product: its floats (NaN where missing) and its cells as written.

    `text` gives the latter, which may have to be cut from the file. `exact(i)` is the decimal
    number of record i.
    """

    floats: Floats
    text: Callable[[], pa.Array]
    exact: Exact

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How long each text is, 0 where it is missing."""
        return _lengths(self.text())

    def lengths_of(self, records: NDArray[np.int64]) -> NDArray[np.int64]:
        """How long the texts of some records are."""
        return _lengths(self.text().take(pa.array(records)))


@dataclass(frozen=True, slots=True)
class Bound:
    """How far result and product may be apart: absolute, or a share of the product."""

    size: Fraction
    is_relative: bool

    def allowed(self, computed: Fraction) -> Fraction:
        """How far a result may be from `computed`."""
        return self.size * abs(computed) if self.is_relative else self.size

    def allows(self, result: Fraction, computed: Fraction) -> bool:
        """Whether the two are near enough; just at the bound they are."""
        return abs(result - computed) <= self.allowed(computed)


def operand(values: pa.Array, text: Callable[[], pa.Array], exact: Exact) -> Operand:
    """The operand of a column; what is no finite number counts as missing."""
    if not (
        pa.types.is_integer(values.type)
        or pa.types.is_floating(values.type)
        or pa.types.is_decimal(values.type)
    ):
        values = pa.nulls(len(values), pa.float64())
    floats = pc.cast(values, pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return Operand(floats.astype(np.float64, copy=False), text, exact)


def _lengths(text: pa.Array) -> NDArray[np.int64]:
    found = pc.utf8_length(text).fill_null(0).to_numpy(zero_copy_only=False)
    return np.asarray(found.astype(np.int64))


def judge_products(
    result: Operand, factors: Sequence[Operand], scale: Fraction, bound: Bound, selected: Mask
) -> Verdicts:
    """The verdict on `result = scale x product(factors)` for each record.

    Undecided where a number is missing; not applicable where a record is not selected.
    """
    known = np.isfinite(result.floats)
    for each in factors:
        known &= np.isfinite(each.floats)
    # What leaves the floats is seen by its result, and decided exactly.
    with np.errstate(all="ignore"):
        held, failed = _clear(result.floats, factors, float(scale), bound)
        near = np.flatnonzero(known & selected & ~held & ~failed)
        if len(near):
            held[near] = _exactly(near, result, factors, scale, bound)
    verdicts = np.where(held, Verdict.HELD, Verdict.FAILED).astype(np.int8)
    verdicts[~known] = Verdict.UNDECIDED
    verdicts[~selected] = Verdict.NOT_APPLICABLE
    return verdicts


def _clear(
    result: Floats, factors: Sequence[Operand], scale: float, bound: Bound
) -> tuple[Mask, Mask]:
    """Records that floats alone show to be within the bound, and outside of it."""
    computed = np.full(len(result), scale)
    sure = np.ones(len(result), bool)
    zero = np.zeros(len(result), bool)
    for each in factors:
        computed *= each.floats
        zero |= each.floats == 0
        sure &= (np.abs(computed) > _TINY) | zero
    difference = np.abs(result - computed)
    size = np.abs(computed)
    allowed = float(bound.size) * (size if bound.is_relative else 1.0)
    margin = _MARGIN * (np.abs(result) + size + allowed)
    sure &= np.isfinite(margin)
    return sure & (difference < allowed - margin), sure & (difference > allowed + margin)


def _exactly(
    records: NDArray[np.int64],
    result: Operand,
    factors: Sequence[Operand],
    scale: Fraction,
    bound: Bound,
) -> Mask:
    """Which of the records are within the bound, by their decimal numbers."""
    within, decided = _as_integers(records, result, factors, scale, bound)
    for position in np.flatnonzero(~decided).tolist():
        record = int(records[position])
        computed = scale
        for each in factors:
            factor = each.exact(record)
            assert factor is not None, "a finite number is a number"
            computed *= factor
        stated = result.exact(record)
        assert stated is not None, "a finite number is a number"
        within[position] = bound.allows(stated, computed)
    return within


def _as_integers(
    records: NDArray[np.int64],
    result: Operand,
    factors: Sequence[Operand],
    scale: Fraction,
    bound: Bound,
) -> tuple[Mask, Mask]:
    """Which records are within the bound, and for which that could be told in 64 bits.

    With result = R / 10^r and product = P x scale / 10^p, the comparison is one of whole
    numbers: |R x one - P x other| <= limit, where the limit is fixed or follows P.
    """
    stated, fits, places = _whole(result, records)
    product = np.ones(len(records), np.int64)
    size = np.ones(len(records))
    powers = 1
    for each in factors:
        whole, whole_fits, whole_places = _whole(each, records)
        size *= np.abs(whole.astype(np.float64))
        fits &= whole_fits & (size < _SAFE_INTEGER)
        product *= np.where(fits, whole, 0)
        powers *= 10**whole_places
    below = scale.denominator * powers
    common = math.lcm(10**places, below, bound.size.denominator)
    one, other = common // 10**places, scale.numerator * (common // below)
    limit = bound.size * (abs(other) if bound.is_relative else common)
    one, other = one * limit.denominator, other * limit.denominator
    shrink = math.gcd(one, other, limit.numerator)
    one, other, limit_number = one // shrink, other // shrink, limit.numerator // shrink
    if max(one, abs(other), limit_number) >= _SAFE_INTEGER:
        return np.zeros(len(records), bool), np.zeros(len(records), bool)
    limits = np.abs(size) * float(limit_number) if bound.is_relative else float(limit_number)
    greatest = np.abs(stated.astype(np.float64)) * one + size * abs(other) + limits
    fits &= greatest < _SAFE_INTEGER
    stated, product = np.where(fits, stated, 0), np.where(fits, product, 0)
    allowed = np.abs(product) * limit_number if bound.is_relative else limit_number
    return np.abs(stated * one - product * other) <= allowed, fits


def _whole(each: Operand, records: NDArray[np.int64]) -> tuple[NDArray[np.int64], Mask, int]:
    """Numbers times 10^places as whole numbers, where that is certain, and the places.

    A text of at most 15 characters has at most 15 digits, and two such numbers never share a
    float: the one that gives this float is the one in the cell.
    """
    floats, short = each.floats[records], each.lengths_of(records) <= _SAFE_DIGITS
    for places in range(_MOST_PLACES + 1):
        power = 10.0**places
        whole = np.rint(floats * power)
        fits = (np.abs(whole) < 10.0**_SAFE_DIGITS) & (whole / power == floats) & short
        if fits[short].all():
            break
    return np.where(fits, whole, 0).astype(np.int64), fits, places
