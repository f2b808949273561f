"""Records in the order of their key, in memory that does not grow with them.

As many as fit are sorted and put into a temporary file as a run; then all runs are read side by
side, a step of each at a time, and merged.
"""

from __future__ import annotations

import tempfile
from typing import IO, TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Key = tuple[Any, ...]

RUN_ROWS = 262_144  # records that are sorted in memory
MOST_RUNS = 200  # each is an open file
STEP = 8_192  # records of a run that are in memory while runs are merged


def in_key_order(
    tables: Iterable[pa.Table],
    key: Sequence[str],
    *,
    run_rows: int = RUN_ROWS,
    step: int = STEP,
    most_runs: int = MOST_RUNS,
) -> Iterator[pa.Table]:
    """Records, some at a time, ordered by the columns `key`.

    All of `tables` were read when the first ones are given. Records of one key come together,
    in no order of their own.

    Args:
        tables: the records, all of one schema. No part of a key is missing.
        key: names of the columns, the most important first, all of types that have an order.
        run_rows: records that are sorted in memory.
        step: records of each run that are held while runs are merged.
        most_runs: how many files may be open at once; runs become longer before there are more.
    """
    runs: list[_Run] = []
    try:
        for records in _in_parts(tables, run_rows):
            if len(runs) == most_runs:
                longer = _Run(_merged(runs, key), key, step)
                for run in runs:
                    run.close()
                runs = [longer]
            runs.append(_Run([_ordered(records, key)], key, step))
            del records
        yield from _merged(runs, key)
    finally:
        for run in runs:
            run.close()


class _Run:
    """Ordered records in a file of their own, and the step of them that is in memory."""

    def __init__(self, tables: Iterable[pa.Table], key: Sequence[str], step: int) -> None:
        self._key = key
        self._stream: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - see close
        writer: pa.ipc.RecordBatchFileWriter | None = None
        for table in tables:
            if writer is None:
                writer = pa.ipc.new_file(self._stream, table.schema)
            writer.write_table(table, max_chunksize=step)
            self._schema = table.schema
        if writer is None:
            raise AssertionError("a run has records")
        writer.close()
        self._reader = pa.ipc.open_file(self._stream)
        self._next = 0
        self._step = pa.Table.from_batches([], self._schema)
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

    def close(self) -> None:
        """Let go of the file, which is gone then."""
        self._stream.close()

    def _advance(self) -> None:
        self._step = self._step.slice(0, 0)
        if self._next < self._reader.num_record_batches:
            batch = self._reader.get_batch(self._next)
            self._next += 1
            self._step = pa.Table.from_batches([batch])
            self.last = tuple(batch.column(name)[-1].as_py() for name in self._key)


def _in_parts(tables: Iterable[pa.Table], rows: int) -> Iterator[pa.Table]:
    """The records in tables of at least so many, but for the last one."""
    waiting: list[pa.Table] = []
    count = 0
    for table in tables:
        if not table.num_rows:
            continue
        waiting.append(table)
        count += table.num_rows
        if count >= rows:
            whole, waiting, count = pa.concat_tables(waiting), [], 0
            yield whole
            del whole
    if waiting:
        yield pa.concat_tables(waiting)


def _merged(runs: Sequence[_Run], key: Sequence[str]) -> Iterator[pa.Table]:
    while left := [run for run in runs if run.has_more]:
        last = min(run.last for run in left)
        parts = [run.take(last) for run in left]
        yield _ordered(pa.concat_tables(parts).combine_chunks(), key)


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
