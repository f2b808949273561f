"""One field's constraints, asked of Pandera about as few values as prove the whole column.

A *witness* stands for a column where that is exact: its distinct values for any constraint
(each is judged by the value alone), its least and greatest value for bounds, one null for
`required`. What Pandera was asked about once is not asked again. Only where a bound's witness
fails, or a column has neither few distinct values nor an order, does Pandera see all of it.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data import lexical
from rekodiq_data.compiled.rules import Rule, exact_check
from rekodiq_data.frames import to_frame, to_series

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from rekodiq_data.compiled.chunk import TypedChunk
    from rekodiq_data.descriptor.model import Field

    Positions = NDArray[np.int64]

_REMEMBERED = 100_000  # distinct values that Pandera was asked about
_FEW = 1_000  # values that Pandera judges in about the time that it takes for two


@dataclass(frozen=True, slots=True)
class Failure:
    """Records of a chunk that break one constraint of one field; `rule` None is `required`."""

    rule: Rule | None
    position: int
    rows: Positions


class ColumnJudge:
    """The constraints of the field at `position`; may be asked from several threads."""

    def __init__(self, position: int, field: Field, rules: Sequence[Rule]) -> None:
        self._position = position
        self._field = field
        self._rules = {rule.name: rule for rule in rules}
        self._bounds = [rule for rule in rules if rule.is_bound]
        self._others = [rule for rule in rules if not rule.is_bound]
        self._kind = lexical.arrow_type(field)
        self._required = field.constraints.required
        self._knows_null = False
        self._range: tuple[Any, Any] | None = None
        self._seen: pa.Array = pa.nulls(0, self._kind)
        self._wrong: dict[str, pa.Array] = {}
        self._lock = threading.Lock()
        self._exact = [exact_check(rule) for rule in rules]

    @property
    def has_rules(self) -> bool:
        """Whether there is anything to judge."""
        return bool(self._rules) or self._required

    def judge(self, chunk: TypedChunk) -> Iterator[Failure]:
        """Broken constraints in this column of a chunk."""
        parsed = chunk.parsed[self._position]
        if self._required:
            yield from self._judge_nulls(chunk)
        if not self._rules:
            return
        if parsed.wide:
            found = _failing(self._exact, _as_objects(parsed.values, parsed.wide))
        elif isinstance(parsed.values, pa.DictionaryArray):
            found = self._by_distinct(parsed.values)
        else:
            found = self._by_bounds(parsed.values, parsed.bounds)
            if self._others:
                found |= self._ask(self._others, parsed.values)
        for name, rows in found.items():
            if len(rows):
                yield Failure(self._rules[name], self._position, rows)

    def _judge_nulls(self, chunk: TypedChunk) -> Iterator[Failure]:
        if not chunk.text.has_missing(self._position):
            return
        missing = chunk.text.missing(self._position)
        absent = chunk.absent.get(self._position)
        rows = np.flatnonzero(missing if absent is None else missing & ~absent)
        if not len(rows):
            return
        if not self._knows_null:
            # What Pandera says of one null it says of all.
            column = pandera.DataFrameSchema({"f": pandera.Column(nullable=False)})
            null = to_frame(pa.table([pa.nulls(1, self._kind)], names=["f"]))
            try:
                column.validate(null, lazy=True)
            except pandera.errors.SchemaErrors:
                self._knows_null = True
        if self._knows_null:
            yield Failure(None, self._position, rows)

    def _by_distinct(self, values: pa.DictionaryArray) -> dict[str, Positions]:
        distinct = values.dictionary
        with self._lock:
            seen, wrong = self._seen, dict(self._wrong)
        new = distinct.filter(pc.invert(pc.is_in(distinct, value_set=seen)))
        if len(new):
            for name, places in self._ask(tuple(self._rules.values()), new).items():
                earlier = wrong.get(name, new[:0])
                wrong[name] = pa.concat_arrays([earlier, new.take(places)])
            with self._lock:
                if len(self._seen) < _REMEMBERED:
                    self._seen, self._wrong = pa.concat_arrays([seen, new]), wrong
        found = {}
        for name, those in wrong.items():
            fails = pc.is_in(distinct, value_set=those)
            if pc.any(fails).as_py():
                rows = pc.fill_null(fails.take(values.indices), False)
                found[name] = np.flatnonzero(rows.to_numpy(zero_copy_only=False))
        return found

    def _by_bounds(
        self, values: pa.Array, bounds: tuple[Any, Any] | None
    ) -> dict[str, Positions]:
        if not self._bounds or values.null_count == len(values):
            return {}
        low, high = bounds or _low_and_high(values)
        with self._lock:
            known = self._range
        if known and known[0] <= low and high <= known[1]:
            return {}
        # What lies between two values that are within the bounds is within them too: only the
        # rest can be wrong.
        places = self._outside(values, known) if known else None
        if places is None or len(places) > _FEW:
            ends = self._ask(self._bounds, pa.array([low, high], self._kind))
            if not any(map(len, ends.values())):
                self._learn(low, high)
                return {}
        if places is not None:
            values = values.take(places)
        found = self._ask(self._bounds, values)
        wrong = np.zeros(len(values), bool)
        for rows in found.values():
            wrong[rows] = True
        right = pc.min_max(values.filter(pa.array(~wrong)))
        if right["min"].is_valid:
            self._learn(right["min"].as_py(), right["max"].as_py())
        if places is None:
            return found
        return {name: places.to_numpy()[rows].astype(np.int64) for name, rows in found.items()}

    def _outside(self, values: pa.Array, known: tuple[Any, Any]) -> pa.Array:
        """Positions of values that are not between two known ones."""
        below, above = (pa.scalar(each, self._kind) for each in known)
        return pc.indices_nonzero(pc.or_(pc.less(values, below), pc.greater(values, above)))

    def _learn(self, low: Any, high: Any) -> None:
        """Two values are within the bounds, and so is all between them."""
        with self._lock:
            known = self._range or (low, high)
            self._range = min(known[0], low), max(known[1], high)

    def _ask(self, rules: Sequence[Rule], values: pa.Array) -> dict[str, Positions]:
        """Positions of `values` that break each of `rules`, by Pandera; a null breaks none."""
        checks = [rule.check for rule in rules]
        if not values.null_count:
            return _failing(checks, to_series(values))
        # Arrow leaves nulls out in a tenth of the time that pandas takes.
        found = _failing(checks, to_series(values.drop_null()))
        present = np.flatnonzero(np.asarray(values.is_valid()))
        return {name: present[rows] for name, rows in found.items()}


def _low_and_high(values: pa.Array) -> tuple[Any, Any]:
    found = pc.min_max(values)
    return found["min"].as_py(), found["max"].as_py()


def _failing(checks: Sequence[pandera.Check], series: pd.Series[Any]) -> dict[str, Positions]:
    """Positions in `series` that fail each of `checks`, by its name.

    Checks are called one by one, without a schema around them: the schema would copy itself and
    look at what is known (the column is there, and typed) before it comes to the check.
    """
    found = {}
    for check in checks:
        result = check(series)
        if not result.check_passed:
            # Nulls are left out of check_output: its index, not its order, says which record.
            output = result.check_output
            rows = output.index[~output.to_numpy(dtype=bool, na_value=True)]
            found[check.name] = rows.to_numpy(np.int64)
    return found


def warm_up() -> None:
    """Validate a value: Pandera imports a part of itself only when it first does."""
    schema = pandera.DataFrameSchema({"f": pandera.Column(int, pandera.Check.ge(0))})
    schema.validate(pd.DataFrame({"f": [1]}))


def _as_objects(column: pa.Array, wide: Mapping[int, Any]) -> pd.Series[Any]:
    """The column as Python values, with the values that fit no Arrow type in their places.

    Each stands in a tuple of its own: pandas would take a bare NaN for a missing cell.
    """
    values = [None if value is None else (value,) for value in column.to_pylist()]
    for index, value in wide.items():
        values[index] = (value,)
    return pd.Series(values, dtype=object)
