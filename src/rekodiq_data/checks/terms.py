"""Terms of a statement: which records speak of one commodity, and in which columns.

Shared by the checks that go across the records of a statement (`implied_tonnage`,
`borrowed_grade`); `product_in_statement` shares the groups.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data.checks.operands import exact_parameter, number_parameter, printed_columns
from rekodiq_data.checks.records import group_numbers
from rekodiq_data.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from fractions import Fraction

    from numpy.typing import NDArray

    from rekodiq_data.checks.base import Columns, Mask, Scene


@dataclass(frozen=True, slots=True)
class Term:
    """One commodity of a statement: its records, its columns, and the scale between them."""

    mask: Mask
    contained: str
    grade: str
    tonnage: str
    scale: Fraction

    def records(self, groups: NDArray[np.int64]) -> list[int]:
        """Records of the term that belong to a group, in the order of the table."""
        found: list[int] = np.flatnonzero(self.mask & (groups >= 0)).tolist()
        return found


def terms_of(scene: Scene, parameters: Mapping[str, Any]) -> list[Term]:
    """The terms that the parameter `terms` declares."""
    return [
        Term(
            matching(scene.own, term.get("where", {})) & scene.selected,
            term["contained"],
            term["grade"],
            term.get("tonnage", ""),
            number_parameter(term, "scale"),
        )
        for term in parameters["terms"]
    ]


def known_groups(scene: Scene, names: Sequence[str]) -> NDArray[np.int64]:
    """The number of each record's group; -1 where it isn't selected or a part is missing."""
    known = scene.selected.copy()
    for name in names:
        known &= np.asarray(scene.own.text[name].is_valid())
    return group_numbers(scene.own, names, known)[0]


def term_columns(parameters: Mapping[str, Any], keys: Iterable[str]) -> frozenset[str]:
    """The columns that the terms name, with those of their printed figures."""
    terms = parameters["terms"]
    figures = printed_columns(parameters, {term[key] for term in terms for key in keys})
    return figures.union(*(term.get("where", {}) for term in terms))


def term_faults(parameters: Mapping[str, Any], keys: Sequence[str]) -> list[str]:
    """What is wrong with the parameter `terms`, whose entries must name the columns `keys`."""
    found: list[str] = []
    for count, term in enumerate(parameters["terms"], start=1):
        place = f"`terms` {count}"
        found.extend(f"{place} lacks `{key}`" for key in keys if key not in term)
        for key, value in term.items():
            if key == "where":
                if not is_where(value):
                    found.append(f"{place}: `where` must give a text or texts for each column")
            elif key == "scale":
                if exact_parameter(value) is None:
                    found.append(f'{place}: `scale` must be a number, written as text ("0.1")')
            elif key not in keys:
                hint = did_you_mean(key, (*keys, "where", "scale"))
                found.append(f"{place} knows no `{key}`.{hint}")
            elif not isinstance(value, str):
                found.append(f"{place}: `{key}` must be the name of a column")
    return found


def is_where(value: Any) -> bool:
    """Whether `value` gives a text or texts for each of its columns."""
    return isinstance(value, Mapping) and all(
        isinstance(wanted, str)
        or (isinstance(wanted, list | tuple) and all(isinstance(each, str) for each in wanted))
        for wanted in value.values()
    )


def matching(columns: Columns, where: Mapping[str, Any]) -> Mask:
    """Records that hold, in each column of `where`, its text or one of its texts."""
    mask = np.ones(columns.count, bool)
    for name, wanted in where.items():
        texts = [wanted] if isinstance(wanted, str) else list(wanted)
        mask &= np.asarray(pc.is_in(columns.text[name], value_set=pa.array(texts, pa.string())))
    return mask
