"""The lexical grammar of Table Schema: text to typed values, and back to canonical text.

Every cell is text first. `parse` decides which cells are values of their field's type, by a
strict grammar of our own (no reader's inference, ASCII digits only), and casts the column to
Arrow. What each type becomes:

| type | Arrow | values |
|---|---|---|
| string, any | string | the text |
| integer, year | int64 | |
| number | float64 | only where the decimal text survives the double; else wide |
| boolean | bool | |
| date | date32 | |
| datetime | timestamp('us') | without a zone; else wide |
| time | time64('us') | microseconds, since patterns may hold fractions |
| yearmonth, duration | string | canonical text: equal values have equal texts |
| list, geopoint | string | canonical text |
| object, array, geojson | string | the text as written; see `logical` |

What constraints need beyond the values: `lengths` (characters, items, names), `logical` (equal
where the meanings are equal), `bound` (a constraint's value as a Python value), `compare` (sign
of value minus bound, per cell, for every ordered type, partial orders included), `order` (the
same for one exact value, such as a wide one), `comparable` (whether a type has an order).
`missingValues` are the caller's: `parse_missing` applies them, and canonical text is written
for the default of them (the empty cell).
"""

from rekodiq_data.lexical.bounds import bound, comparable, compare, order
from rekodiq_data.lexical.canonical_fields import canonical_field, canonical_value
from rekodiq_data.lexical.columns import (
    arrow_schema,
    arrow_type,
    canonical,
    expected,
    lengths,
    logical,
    parse,
    parse_missing,
)
from rekodiq_data.lexical.expressions import translated
from rekodiq_data.lexical.moments import Instant
from rekodiq_data.lexical.natives import ABSENT, adopt_native, native_column, texts_of
from rekodiq_data.lexical.parsed import Parsed
from rekodiq_data.lexical.plain_kinds import plain_kind
from rekodiq_data.lexical.suggestions import suggestion

__all__ = [
    "ABSENT",
    "Instant",
    "Parsed",
    "adopt_native",
    "arrow_schema",
    "arrow_type",
    "bound",
    "canonical",
    "canonical_field",
    "canonical_value",
    "comparable",
    "compare",
    "expected",
    "lengths",
    "logical",
    "native_column",
    "order",
    "parse",
    "parse_missing",
    "plain_kind",
    "suggestion",
    "texts_of",
    "translated",
]
