"""Records by key: groups, texts by record, and the shape of parameters that are maps.

What the families of checks share and that is about records, not about numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pyarrow as pa

from rekodiq_data.checks.base import Parameter
from rekodiq_data.suggest import did_you_mean

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rekodiq_data.checks.base import Columns, Mask, Scene
    from rekodiq_data.descriptor.model import NamedCheck

T = TypeVar("T")

BADNESS = (0, 1, 3, 2)
"""How bad each verdict is, by its number: a failure counts before what is undecided."""


def text_columns(columns: Columns | None, *names: str) -> list[list[str | None]] | None:
    """Columns as written, or None where the table or one of them is not there."""
    if columns is None or not set(names) <= set(columns.text):
        return None
    return [columns.text[name].to_pylist() for name in names]


def own_texts(scene: Scene, name: str) -> list[str | None]:
    """The cells of a column of the check's own table, as written."""
    found: list[str | None] = scene.own.text[name].to_pylist()
    return found


def by_text(column: pa.Array, of: Callable[[str], T | None]) -> list[T | None]:
    """`of(text)` for each cell, None for a missing one; called once per distinct text."""
    encoded = column.dictionary_encode()
    results: list[T | None] = [of(text) for text in encoded.dictionary.to_pylist()]
    results.append(None)
    positions = encoded.indices.fill_null(len(results) - 1)
    return [results[position] for position in positions.to_pylist()]


def group_numbers(
    columns: Columns, names: Sequence[str], selected: Mask
) -> tuple[NDArray[np.int64], int]:
    """The number of each record's group, and how many groups there are.

    Records are in one group when their values in the columns `names` are equal; missing is
    equal to missing. Numbers run from 0 without gaps; a record that is not selected has -1.
    """
    numbers = np.zeros(columns.count, np.int64)
    for name in names:
        for codes, size in _codes(columns, name):
            # Compressed after each column, so that the product never overflows.
            numbers = np.unique(numbers * size + codes, return_inverse=True)[1]
    found, inverse = np.unique(numbers[selected], return_inverse=True)
    result = np.full(columns.count, -1, np.int64)
    result[selected] = inverse
    return result, len(found)


def _codes(columns: Columns, name: str) -> Iterable[tuple[NDArray[np.int64], int]]:
    """Codes that are equal where the cells are, each with the number of codes."""
    values, text = columns.values[name], columns.text[name]
    if pa.types.is_nested(values.type):
        # Arrow has no dictionary of lists; equal text is the best that can be said of them.
        yield _encode(text)
        return
    yield _encode(values)
    if values.null_count > text.null_count:
        # Cells that can't be read are different from missing ones, and from each other.
        unread = np.asarray(values.is_null()) & np.asarray(text.is_valid())
        codes, size = _encode(text)
        yield np.where(unread, codes, size), size + 1


def _encode(column: pa.Array) -> tuple[NDArray[np.int64], int]:
    encoded = column.dictionary_encode()
    size = len(encoded.dictionary)
    return encoded.indices.fill_null(size).to_numpy().astype(np.int64), size + 1


def members(groups: NDArray[np.int64], count: int) -> list[NDArray[np.int64]]:
    """The records of each group, in the order of the table."""
    order = np.argsort(groups, kind="stable")
    starts = np.searchsorted(groups[order], np.arange(count + 1))
    return [order[starts[each] : starts[each + 1]] for each in range(count)]


def and_(names: Sequence[str]) -> str:
    """Names in a sentence.

    >>> and_(["place"]), and_(["place", "indicator", "year"])
    ('place', 'place, indicator and year')
    """
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def map_faults(
    value: Any, name: str, required: Sequence[str], optional: Sequence[str] = ()
) -> list[str]:
    """What is wrong with a parameter that is an object of texts, in words."""
    if not isinstance(value, Mapping):
        return [f"`{name}` must be an object with {_listed(required)}"]
    faults = [f"`{name}` lacks `{key}`" for key in required if key not in value]
    for key, text in value.items():
        if key not in (*required, *optional):
            hint = did_you_mean(str(key), (*required, *optional))
            faults.append(f"`{name}` knows no `{key}`.{hint}")
        elif not isinstance(text, str) or not text:
            faults.append(f"`{name}.{key}` must be a text")
    return faults


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


# -- disagreements ----------------------------------------------------------------------------

_DISAGREEMENT_KEYS = ("table", "disagreement", "names", "record")
DISAGREEMENTS = Parameter(
    "disagreements",
    "map",
    "the table that says which records a disagreement is about: `table`, and its columns "
    "`disagreement` (id), `names` (of a table) and `record` (id)",
    required=True,
)


def disagreement_faults(parameters: Mapping[str, Any]) -> list[str]:
    """What is wrong with the parameter `disagreements`, in words."""
    return map_faults(parameters.get("disagreements"), "disagreements", _DISAGREEMENT_KEYS)


def disagreement_reads(use: NamedCheck) -> dict[str, frozenset[str]]:
    """The columns that the parameter `disagreements` needs, by table."""
    where: Mapping[str, str] = use.parameters["disagreements"]
    return {where["table"]: frozenset(where[key] for key in _DISAGREEMENT_KEYS[1:])}


def disagreements(scene: Scene, where: Mapping[str, str]) -> dict[str, frozenset[str]] | None:
    """The disagreements that name each record of the check's own table, by record id.

    `where` is the parameter `disagreements`. None where that table could not be read, so that
    nobody takes its silence for an answer.
    """
    columns = text_columns(
        scene.others.get(where["table"]), *(where[key] for key in _DISAGREEMENT_KEYS[1:])
    )
    if columns is None:
        return None
    found: dict[str, frozenset[str]] = {}
    for disagreement, named, record in zip(*columns, strict=True):
        if named == scene.own.table and disagreement is not None and record is not None:
            found[record] = found.get(record, frozenset()) | {disagreement}
    return found
