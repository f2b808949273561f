"""Row numbers of a whole table: a range for each chunk, where nothing moved them."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


class RowNumbers:
    """The number of each record in its file, by the record's position in the table."""

    def __init__(self) -> None:
        self.count = 0
        self._starts: list[int] = []
        self._runs: list[tuple[int, Ints | None]] = []

    def add(self, numbers: Ints) -> None:
        """Take the numbers of some more records, in ascending order."""
        if not len(numbers):
            return
        first = int(numbers[0])
        even = int(numbers[-1]) - first + 1 == len(numbers)
        self._starts.append(self.count)
        self._runs.append((first, None if even else numbers))
        self.count += len(numbers)

    def of(self, positions: Ints) -> Ints:
        """Numbers of the records at `positions`, in any order."""
        found = np.zeros(len(positions), np.int64)
        if not len(positions):
            return found
        runs = np.searchsorted(np.array(self._starts), positions, side="right") - 1
        for run in np.unique(runs).tolist():
            here = runs == run
            places = positions[here] - self._starts[run]
            first, numbers = self._runs[run]
            found[here] = places + first if numbers is None else numbers[places]
        return found

    def one(self, position: int) -> int:
        """Number of one record."""
        run = bisect_right(self._starts, position) - 1
        first, numbers = self._runs[run]
        place = position - self._starts[run]
        return first + place if numbers is None else int(numbers[place])

    def all(self) -> Ints:
        """Numbers of all records."""
        return self.of(np.arange(self.count))
