"""`sorted_by_key`: a file stands in the order of its key, so that no difference is noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rekodiq_data.checks.base import Kind, Outcome, Parameter, Scope, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from rekodiq_data.checks.base import Mask, Scene
    from rekodiq_data.descriptor.model import NamedCheck


def _ranks(values: pa.Array, text: pa.Array) -> tuple[NDArray[np.int64], Mask]:
    """Each cell's place in the order of its column, and which cells can't be read.

    Numbers, dates and flags are ordered by value; text by code points (the order of its UTF-8
    bytes is the same, and Arrow's). A missing cell comes before all others.
    """
    if pa.types.is_nested(values.type):
        values = text
    encoded = values.dictionary_encode()
    order = pc.sort_indices(encoded.dictionary).to_numpy()
    ranks = np.empty(len(order) + 1, np.int64)
    ranks[order] = np.arange(len(order))
    ranks[-1] = -1  # missing
    places = encoded.indices.fill_null(len(order)).to_numpy()
    unread = np.asarray(values.is_null()) & np.asarray(text.is_valid())
    return ranks[places], unread


def _judge_sorted(scene: Scene, use: NamedCheck) -> Outcome:
    key: Sequence[str] = use.parameters["key"]
    chosen = np.flatnonzero(scene.selected)
    before, after = chosen[:-1], chosen[1:]
    # Per pair of neighbours: -1 while equal so far, else the number of the first column that
    # tells them apart; whether it says "too early"; whether a cell on the way can't be read.
    telling = np.full(len(after), -1, np.int64)
    early = np.zeros(len(after), bool)
    unknown = np.zeros(len(after), bool)
    for number, name in enumerate(key):
        ranks, unread = _ranks(scene.own.values[name], scene.own.text[name])
        open_ = (telling < 0) & ~unknown
        unknown |= open_ & (unread[before] | unread[after])
        different = open_ & ~unknown & (ranks[before] != ranks[after])
        telling[different] = number
        early |= different & (ranks[after] < ranks[before])

    verdicts = np.full(scene.own.count, Verdict.NOT_APPLICABLE, np.int8)
    verdicts[after] = Verdict.HELD
    verdicts[after[early]] = Verdict.FAILED
    verdicts[after[unknown]] = Verdict.UNDECIDED
    previous = np.full(scene.own.count, -1, np.int64)
    previous[after] = before
    column = np.zeros(scene.own.count, np.int64)
    column[after] = np.maximum(telling, 0)

    def key_of(record: int) -> str:
        cells = (scene.own.text[name][record].as_py() for name in key)
        return ", ".join("nothing" if cell is None else f'"{cell}"' for cell in cells)

    def explain(record: int) -> str:
        own = key_of(record)
        if previous[record] < 0:
            return f"{own} has no record before it"
        other = key_of(int(previous[record]))
        match verdicts[record]:
            case Verdict.FAILED:
                return f"{own} comes after {other} and belongs before it"
            case Verdict.UNDECIDED:
                return f"{own} and {other} can't be compared: not every cell can be read"
        return f"{own} comes after {other} as it should"

    return Outcome(verdicts, explain, lambda record: key[column[record]])


KINDS: tuple[Kind, ...] = (
    Kind(
        name="sorted_by_key",
        scope=Scope.TABLE,
        summary="Records stand in order of their key: text by code points, numbers by value.",
        parameters=(
            Parameter("key", "columns", "the columns to sort by, in order", required=True),
        ),
        reads=lambda use: {"": frozenset(use.parameters["key"])},
        judge=_judge_sorted,
    ),
)
