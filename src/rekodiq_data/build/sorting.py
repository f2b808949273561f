"""A Parquet file's records in the order of their key, in memory that does not grow with them.

Some row groups at a time are sorted and put into a temporary file as a run; then all runs are
read side by side, a step of each at a time, and merged.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    Key = tuple[Any, ...]

RUN_GROUPS = 2  # row groups that are sorted in memory
MOST_RUNS = 200  # each is an open file
STEP = 8_192  # records of a run that are in memory while runs are merged


def in_key_order(
    path: Path, key: Sequence[str], *, run_groups: int = RUN_GROUPS, step: int = STEP
) -> Iterator[pa.Table]:
    """The records of a Parquet file, some at a time, ordered by the columns `key`.

    When the first ones are given, the file is no longer open. No key is missing or occurs
    twice.
    """
    with ExitStack() as files:
        runs = []
        with pq.ParquetFile(path, pre_buffer=False) as file:
            groups = range(file.num_row_groups)
            several = max(run_groups, -(-len(groups) // MOST_RUNS))
            for start in groups[::several]:
                table = file.read_row_groups(groups[start : start + several], use_threads=False)
                stream = files.enter_context(tempfile.TemporaryFile())
                runs.append(_Run(stream, _ordered(table, key), key, step))
                del table
        while runs := [run for run in runs if run.has_more]:
            last = min(run.last for run in runs)
            parts = [run.take(last) for run in runs]
            yield _ordered(pa.concat_tables(parts).combine_chunks(), key)


class _Run:
    """Ordered records in a file, and the step of them that is in memory."""

    def __init__(
        self, stream: IO[bytes], table: pa.Table, key: Sequence[str], step: int
    ) -> None:
        self._key = key
        with pa.ipc.new_file(stream, table.schema) as writer:
            writer.write_table(table, max_chunksize=step)
        self._reader = pa.ipc.open_file(stream)
        self._next = 0
        self._step = pa.Table.from_batches([], table.schema)
        self.last: Key = ()
        self._advance()

    @property
    def has_more(self) -> bool:
        """Whether there are records left."""
        return bool(self._step.num_rows)

    def take(self, last: Key) -> pa.Table:
        """The records of the step up to the key `last`; the next step follows on its end."""
        taken = self._step.slice(0, _count_up_to(self._step, self._key, last))
        if taken.num_rows == self._step.num_rows:
            self._advance()
        else:
            self._step = self._step.slice(taken.num_rows)
        return taken

    def _advance(self) -> None:
        self._step = self._step.slice(0, 0)
        if self._next < self._reader.num_record_batches:
            batch = self._reader.get_batch(self._next)
            self._next += 1
            self._step = pa.Table.from_batches([batch])
            self.last = tuple(batch.column(name)[-1].as_py() for name in self._key)


def _ordered(table: pa.Table, key: Sequence[str]) -> pa.Table:
    return table.take(pc.sort_indices(table, sort_keys=[(name, "ascending") for name in key]))


def _count_up_to(table: pa.Table, key: Sequence[str], last: Key) -> int:
    """How many records have a key that is not after `last`; they are the first ones."""
    found: Any = pa.scalar(True)
    for name, value in reversed(list(zip(key, last, strict=True))):
        column = table.column(name)
        limit = pa.scalar(value, column.type)
        found = pc.or_(pc.less(column, limit), pc.and_(pc.equal(column, limit), found))
    return int(pc.sum(found).as_py())
