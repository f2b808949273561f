"""Printed figures of a scene: the parameters that all checks of printed numbers share.

`printed`, `qualifiers`, `highs`, `rounding` (or a `lookup`) say where the figure of a column
stands as printed; `Figures` turns them into one exact figure per record and column.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from rekodiq_data.checks.base import Parameter
from rekodiq_data.checks.interval import Figure, certain, read_figure
from rekodiq_data.checks.printed import read_phrase

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pyarrow as pa

    from rekodiq_data.checks.base import Columns

PRINTED = (
    Parameter(
        "printed",
        "map",
        "for a column, the column that holds its figure as printed (without an entry, the "
        "cell's own text)",
    ),
    Parameter(
        "qualifiers",
        "map",
        "for a column, the column that says exact, about, at_least, up_to or range",
    ),
    Parameter("highs", "map", "for a column, the column of the high end of a range"),
    Parameter(
        "rounding",
        "text",
        "last_digit, significant:N or unknown, for every record; `lookup` gives each its own",
    ),
)
"""Parameters of every check that compares printed figures."""

_PLAIN = re.compile(r"[0-9.eE+-]+")
# Numbers of a rule are sizes of this world, and fit into a float.
_TOO_LARGE = 10**300

COLUMN_MAPS = ("printed", "qualifiers", "highs")


def printed_columns(parameters: Mapping[str, Any], columns: Iterable[str]) -> frozenset[str]:
    """`columns`, and those that hold their printed text, qualifier and high end."""
    maps = [parameters.get(name) or {} for name in COLUMN_MAPS]
    found = set(columns)
    for column in tuple(found):
        beside = [each[column] for each in maps if column in each]
        found.update(beside)
        # A high end may have a printed form of its own.
        found.update(maps[0][each] for each in beside if each in maps[0])
    return frozenset(found)


class Figures:
    """The printed figures of one table under the parameters of one check.

    Args:
        columns: the table's columns (or those of a chunk).
        parameters: the parameters of the check.
        looked_up: each record's rounding, where the check has a `lookup`.
    """

    def __init__(
        self, columns: Columns, parameters: Mapping[str, Any], looked_up: pa.Array | None = None
    ) -> None:
        self._columns = columns
        self._printed = parameters.get("printed") or {}
        self._qualifiers = parameters.get("qualifiers") or {}
        self._highs = parameters.get("highs") or {}
        self._rounding = parameters.get("rounding")
        self._roundings = None if looked_up is None else looked_up.to_pylist()
        self._texts: dict[str, list[str | None]] = {}
        self._values: dict[str, list[Any]] = {}

    def figure(self, record: int, column: str) -> Figure | None:
        """The figure of a record in a column; None where it is missing or can't be read."""
        high = self._highs.get(column)
        qualifier = self._qualifiers.get(column)
        return read_figure(
            self._printed_text(record, column),
            self.value(record, column),
            rounding=self._rounding if self._roundings is None else self._roundings[record],
            qualifier=None if qualifier is None else self._text(qualifier)[record],
            high_text=None
            if high is None
            else self._text(self._printed.get(high, high))[record],
            high_value=None if high is None else self.value(record, high),
        )

    def share(self, record: int, column: str) -> Figure | None:
        """The figure of a share; one without a decimal point is agreed (50 %), so exact."""
        found = self.figure(record, column)
        text = self._printed_text(record, column)
        phrase = None if text is None else read_phrase(text)
        if found is None or phrase is None or phrase.low.pointed or found.qualifier != "exact":
            return found
        return Figure(*certain(found.low), found.low, found.high, shown=found.shown)

    def value(self, record: int, column: str) -> Fraction | None:
        """The exact number in a cell; None where there is none."""
        values = self._values.get(column)
        if values is None:
            values = self._values[column] = self._columns.values[column].to_pylist()
        return exact_number(self._text(column)[record], values[record])

    def has(self, record: int, column: str) -> bool:
        """Whether something is written in a cell."""
        return self._text(column)[record] is not None

    def _printed_text(self, record: int, column: str) -> str | None:
        return self._text(self._printed.get(column, column))[record]

    def _text(self, column: str) -> list[str | None]:
        texts = self._texts.get(column)
        if texts is None:
            texts = self._texts[column] = self._columns.text[column].to_pylist()
        return texts


def exact_number(text: str | None, typed: Any) -> Fraction | None:
    """The exact number of a cell from its text and its typed value; None where there is none.

    The text decides, since 0.1 is no float; but only where it reads as that very value, since
    in another table "1.234" may be written for 1234.
    """
    if isinstance(typed, bool):
        return None
    if isinstance(typed, int):
        return Fraction(typed)
    if isinstance(typed, Decimal):
        return Fraction(typed) if typed.is_finite() else None
    if not isinstance(typed, float) or not math.isfinite(typed):
        return None
    phrase = None if text is None else read_phrase(text)
    if phrase is not None and phrase.high is None:
        try:
            if float(phrase.low.number) == typed:
                return phrase.low.number
        except OverflowError:  # a number of this size was never written for a finite value
            pass
    return Fraction(repr(typed))


def exact_parameter(value: Any) -> Fraction | None:
    """The number of a parameter: "10", "0.01", "1000/31.1034768"; None where it is none.

    >>> str(exact_parameter("0.01")), exact_parameter("1/0"), exact_parameter("ten")
    ('1/100', None, None)
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    # A number that YAML read is what its digits say.
    text = value if isinstance(value, str) else repr(value)
    parts = [_decimal(part) for part in text.split("/")]
    if len(parts) > 2 or None in parts or (len(parts) == 2 and not parts[1]):
        return None
    above, below = parts[0], parts[1] if len(parts) == 2 else Fraction(1)
    assert above is not None
    assert below is not None
    number = above / below
    return number if abs(number) < _TOO_LARGE else None


def _decimal(text: str) -> Fraction | None:
    """A plain decimal number, without group marks or words."""
    phrase = read_phrase(text) if _PLAIN.fullmatch(text) else None
    return None if phrase is None else phrase.low.number


def number_parameter(parameters: Mapping[str, Any], name: str, default: str = "1") -> Fraction:
    """The exact number of a sound parameter, or of the default where it is not given."""
    number = exact_parameter(parameters.get(name, default))
    assert number is not None, "parameters are looked at before a check runs"
    return number
