"""Integers and numbers: ASCII digits only, no underscores, no blanks, no hexadecimal.

Where the specification leaves room, this is how it is filled: a group mark stands between two
digits of the whole part (so "1,00,000" is one lakh, and ",5", "1,,0", "0.1,2" are bad); the
letter of an exponent may be small; with `bareNumber: false` a decimal mark right after a letter
ends an abbreviation ("Rs.500" is 500, "€.5" is 0.5), and what may be a minus, a digit or a
fraction is never dropped ("-$5", "5½" are bad).
"""

from __future__ import annotations

import math
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data.kernel import number_texts
from rekodiq_data.lexical.bare import core_of
from rekodiq_data.lexical.parsed import BAD, Bad, Family, Parsed, Reader, mask, none_bad, settle
from rekodiq_data.lexical.plain import cast_plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rekodiq_data.descriptor.model import Field

_SPECIALS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
_INT64_DIGITS = 18  # so many digits always fit
_FLOAT_DIGITS = 15  # so many significant digits always survive a double
_PYTHON_DIGITS = 4300  # int() refuses longer texts
_FARTHEST = 999_999_999_999_999_999  # largest exponent that Decimal takes


def _marks(field: Field) -> tuple[str, str]:
    """The decimal mark and the group mark ("" for none)."""
    return field.decimal_char or ".", field.group_char or ""


def _re2(literal: str) -> str:
    """A literal for Arrow's regular expressions, which refuse some of Python's escapes."""
    return "".join(f"\\x{{{ord(char):x}}}" for char in literal)


def _digits(group: str) -> str:
    """Form of a whole part. Possessive repeats: no text makes the search go back and forth."""
    return f"[0-9]++(?:{re.escape(group)}[0-9]++)*+" if group else "[0-9]++"


def exact(text: str) -> Decimal:
    """The value of a plain number (sign, ".", "E"), exactly.

    An exponent too large for Decimal itself is cut to the largest: no double comes near it.

    >>> exact("1.50E2")
    Decimal('150')
    """
    try:
        return Decimal(text)
    except InvalidOperation:
        digits, exponent = re.split("[eE]", text)
        least = Decimal(digits)
        if not least:
            return Decimal(0)
        edge = -_FARTHEST if exponent.startswith("-") else _FARTHEST
        return Decimal((least.is_signed(), (1,), edge))


def as_float(value: Decimal) -> float | None:
    """The double whose shortest decimal text is this value, or None where there is none."""
    found = float(value)
    if math.isfinite(found) and Decimal(repr(found)) == value:
        return found + 0.0  # -0.0 becomes 0.0
    return None


# --- integer ---------------------------------------------------------------------------------


def integer_reader(field: Field) -> Reader:
    """Reader of one integer: int, or Decimal where it has more than 4,300 digits."""
    mark, group = _marks(field)
    form = re.compile(f"[+-]?{_digits(group)}")

    def read(text: str) -> int | Decimal | Bad:
        plain = text if field.bare_number else core_of(text, mark)
        if not form.fullmatch(plain):
            return BAD
        if group:
            plain = plain.replace(group, "")
        return int(plain) if len(plain) <= _PYTHON_DIGITS else Decimal(plain)

    return read


def store_integer(value: int | Decimal) -> int | None:
    """The int64 that stands for an integer, or None where none does."""
    fits = isinstance(value, int) and -(2**63) <= value < 2**63
    return int(value) if fits else None


def parse_integer(text: pa.StringArray, field: Field) -> Parsed:
    """Integers as int64."""
    _, group = _marks(field)
    quick = None if group else cast_plain(text, pa.int64(), _INT64_DIGITS)
    if quick is not None:
        values, settled = quick
        if settled is None:
            return none_bad(values)
        return settle(text, values, settled, integer_reader(field), store_integer)
    form = f"^[+-]?[0-9]{{1,{_INT64_DIGITS}}}$"
    plain = text
    if group:
        mark = _re2(group)
        grouped = mask(pc.match_substring_regex(text, f"^[+-]?[0-9]+(?:{mark}[0-9]+)*$"))
        plain = pc.replace_substring(_only(text, grouped), pattern=group, replacement="")
    settled = mask(pc.match_substring_regex(plain, form))
    values = _without_plus(_only(plain, settled)).cast(pa.int64())
    return settle(text, values, settled, integer_reader(field), store_integer)


def write_integer(_field: Field, value: int | Decimal) -> str:
    """Plain digits."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def canonical_integer(values: pa.Array, _field: Field) -> pa.StringArray:
    """Plain digits."""
    return values.cast(pa.string())


def expected_integer(field: Field) -> str:
    """In words."""
    words = "an integer, digits only, such as 12 or -3"
    _, group = _marks(field)
    if group:
        words = f'an integer, which may group its digits with "{group}", such as 12{group}345'
    if not field.bare_number:
        words += ", with or without other signs around it (95%, EUR 95)"
    return words


# --- number ----------------------------------------------------------------------------------


def number_reader(field: Field) -> Reader:
    """Reader of one number: Decimal, or float for NaN and the infinities."""
    mark, group = _marks(field)
    decimal = re.escape(mark)
    form = re.compile(
        f"([+-]?)(?:({_digits(group)})(?:{decimal}([0-9]*+))?|{decimal}([0-9]++))"
        "(?:[eE]([+-]?[0-9]++))?"
    )

    def read(text: str) -> Decimal | float | Bad:
        match = form.fullmatch(text if field.bare_number else core_of(text, mark))
        if match is None:
            return _SPECIALS.get(text.lower(), BAD) if text.isascii() else BAD
        sign, before, after, alone, power = match.groups(default="")
        if group:
            before = before.replace(group, "")
        return exact(f"{sign}{before or '0'}.{after or alone or '0'}E{power or '0'}")

    return read


def store_number(value: Decimal | float) -> float | None:
    """The double that stands for a number, or None where none does."""
    return None if isinstance(value, float) else as_float(value)


def parse_number(text: pa.StringArray, field: Field) -> Parsed:
    """Numbers as doubles; what a double can't hold to the last digit is wide."""
    mark, group = _marks(field)
    quick = None if group or mark != "." else cast_plain(text, pa.float64(), _FLOAT_DIGITS)
    if quick is not None:
        values, settled = quick
        if settled is None:
            return none_bad(values)
        return settle(text, values, settled, number_reader(field), store_number)
    decimal, whole = _re2(mark), "[0-9]+"
    if group:
        whole = f"[0-9]+(?:{_re2(group)}[0-9]+)*"
    # Two digits of exponent stay far from the ends of a double, where digits are lost.
    form = f"^[+-]?(?:{whole}(?:{decimal}[0-9]*)?|{decimal}[0-9]+)(?:[eE][+-]?[0-9]{{1,2}})?$"
    settled = mask(pc.match_substring_regex(text, form))
    plain = _only(text, settled)
    if group:
        plain = pc.replace_substring(plain, pattern=group, replacement="")
    if mark != ".":
        plain = pc.replace_substring(plain, pattern=mark, replacement=".")
    plain = _without_plus(plain)
    values = plain.cast(pa.float64())
    long = mask(pc.greater(pc.binary_length(plain), _FLOAT_DIGITS))
    if long.any():
        # A long text survives when it is what the double itself is written as.
        some = pa.array(long)
        same = mask(pc.equal(values.filter(some).cast(pa.string()), plain.filter(some)))
        settled[long] = same
        values = _only(values, settled)
    values = pc.add(values, 0.0)  # -0.0 becomes 0.0
    return settle(text, values, settled, number_reader(field), store_number)


def number_text(value: Decimal | float) -> str:
    """Shortest decimal text: plain from 1E-6 up to 1E15, with an exponent (E, no +) beyond.

    >>> [number_text(number) for number in (1.50, 1e15, 0.000001, 2.5e-7, Decimal("1E400"))]
    ['1.5', '1E15', '0.000001', '2.5E-7', '1E400']
    """
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("INF" if value > 0 else "-INF")
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int) or not any(digits):
        return "0"
    written = "".join(map(str, digits))
    kept = written.rstrip("0")
    power = exponent + len(written) - 1  # of the first digit
    minus = "-" if sign else ""
    if not -6 <= power < 15:
        tail = f".{kept[1:]}" if len(kept) > 1 else ""
        return f"{minus}{kept[0]}{tail}E{power}"
    if power < 0:
        return f"{minus}0.{'0' * (-power - 1)}{kept}"
    whole = kept[: power + 1].ljust(power + 1, "0")
    rest = kept[power + 1 :]
    return f"{minus}{whole}.{rest}" if rest else f"{minus}{whole}"


def write_number(_field: Field, value: Decimal | float) -> str:
    """As `number_text`."""
    return number_text(value)


def canonical_number(values: pa.Array, _field: Field) -> pa.StringArray:
    """As `number_text`, a column at a time."""
    quick = number_texts(values)
    if quick is not None:
        return _completed(values, *quick)
    is_whole = mask(pc.and_(pc.equal(values, pc.trunc(values)), pc.less(pc.abs(values), 1e15)))
    text = pc.if_else(pa.array(is_whole), None, values).cast(pa.string())
    if is_whole.any():
        whole = pc.if_else(pa.array(is_whole), values, None).cast(pa.int64())
        text = pc.coalesce(whole.cast(pa.string()), text)
    # Arrow's own digits are the shortest, but it turns to exponents from 1E10 on.
    other = mask(pc.match_substring_regex(text, "[ein]"))
    if other.any():
        rest = values.filter(pa.array(other)).dictionary_encode()
        written = [number_text(each) for each in rest.dictionary.to_pylist()]
        text = pc.replace_with_mask(
            text, pa.array(other), pa.array(written, pa.string()).take(rest.indices)
        )
    return text


def _completed(values: pa.Array, text: pa.Array, odd: NDArray[np.int32]) -> pa.StringArray:
    """Texts with those of the numbers that the kernel left, and of no missing number."""
    if len(odd):
        rest = values.take(pa.array(odd)).dictionary_encode()
        written = [number_text(each) for each in rest.dictionary.to_pylist()]
        left = np.zeros(len(text), np.bool_)
        left[odd] = True
        others = pa.array(written, pa.string()).take(rest.indices)
        text = pc.replace_with_mask(text, pa.array(left), others)
    return pc.if_else(values.is_valid(), text, None) if values.null_count else text


def expected_number(field: Field) -> str:
    """In words."""
    mark, group = _marks(field)
    words = f"a number, digits only, such as 12, -3{mark}5 or 1{mark}2E6"
    if group:
        words = (
            f'a number, which may group its digits with "{group}", such as 1{group}234{mark}5'
        )
    elif mark != ".":
        words = f'a number with "{mark}" as its decimal mark, such as 12 or -3{mark}5'
    if not field.bare_number:
        words += ", with or without other signs around it (95%, EUR 95)"
    return words


def _only(values: pa.Array, settled: Any) -> pa.Array:
    """The values where `settled`, null elsewhere."""
    return values if settled.all() else pc.if_else(pa.array(settled), values, None)


def _without_plus(text: pa.StringArray) -> pa.StringArray:
    """Arrow's own reading takes no leading plus."""
    if pc.any(pc.starts_with(text, "+")).as_py():
        return pc.replace_substring_regex(text, pattern=r"^\+", replacement="")
    return text


INTEGER = Family(
    arrow=pa.int64(),
    parse=parse_integer,
    reader=integer_reader,
    write=write_integer,
    canonical=canonical_integer,
    expected=expected_integer,
)
NUMBER = Family(
    arrow=pa.float64(),
    parse=parse_number,
    reader=number_reader,
    write=write_number,
    canonical=canonical_number,
    expected=expected_number,
)
