"""Judge a package: one pass over each table, then the rules that need whole tables.

Nothing here repairs, and nothing stops at the first finding: faults of the descriptor are
reported, and every table whose part of it is sound is still judged.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from rekodiq_data.checks.parameters import faults_of
from rekodiq_data.descriptor.model import Kind
from rekodiq_data.errors import WrongCall
from rekodiq_data.formats.base import BrokenTable
from rekodiq_data.judge.compiler import Compiler
from rekodiq_data.judge.examples import example_faults
from rekodiq_data.judge.files import (
    broken_task,
    file_task,
    is_tabular,
    reading_findings,
    with_schema,
)
from rekodiq_data.judge.held import columns_to_hold
from rekodiq_data.judge.keyed import columns_of_keys
from rekodiq_data.judge.lookups import Lookups
from rekodiq_data.judge.table import Sink, TablePass
from rekodiq_data.judge.whole import judge_whole, undecided_key
from rekodiq_data.progress import Progress, Stopwatch, silent
from rekodiq_data.readers import display_path, open_reader, size_of
from rekodiq_data.report import Issue, Report, Task
from rekodiq_data.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rekodiq_data.descriptor.model import Package, Resource

    Sinks = Callable[[Resource], Sink | None]

__all__ = ["DEFAULT_LIMIT", "Sink", "judge"]

DEFAULT_LIMIT = 100
_AHEAD = 1  # pieces that are begun before a thread is free for them


def judge(
    package: Package,
    *,
    tables: Sequence[str] = (),
    limit: int = DEFAULT_LIMIT,
    jobs: int = 1,
    encoders: int = 0,
    sinks: Sinks | None = None,
    progress: Progress = silent,
    watch: Stopwatch | None = None,
    metadata_only: bool = False,
) -> Report:
    """Judge the tables of `package`.

    Args:
        package: as read by `descriptor.open_package`, with its faults.
        tables: names of the tables to judge, all where empty. Tables that these refer to are
            read too, and not reported.
        limit: how many findings are kept per table, rule and field; 0 keeps all.
        jobs: how many threads are at work, on several tables or on parts of one. The report
            does not depend on it.
        encoders: how many of these threads the sinks keep busy themselves.
        sinks: gives each table's taker of typed records, if it has one.
        progress: told the rows read so far, and how many there may be in all.
        watch: told where the time goes.
        metadata_only: whether only the descriptor and schemas are judged, and no file is read.

    Returns:
        The report: a task per table in the package's order; totals are always true.

    Raises:
        WrongCall: a name in `tables` is no table of the package.
    """
    wanted = _wanted(package, tables)
    package, faults = _without_faulty_checks(package)
    faults += example_faults(package)
    if metadata_only:
        return Report(issues=(*package.faults, *faults), subject=str(package.descriptor))
    sound = [each for each in package.resources if each.is_sound and each.schema is not None]
    of_sound = replace(package, resources=tuple(sound))
    hold, keyed = columns_to_hold(of_sound), columns_of_keys(of_sound)
    lookups = Lookups(package, lambda resource: open_reader(package, resource))
    to_read = [
        each for each in package.resources if each.name in wanted | _referenced(package, wanted)
    ]
    watch = watch or Stopwatch()
    counter = _RowCounter(progress, sum(size_of(package, each) for each in to_read))
    compiler = Compiler((each for each in to_read if each.name in wanted), package.limits)
    with (
        ExitStack() as files,
        ThreadPoolExecutor(max_workers=max(1, jobs)) as tables_pool,
        _pool_for_pieces(jobs, encoders) as pool,
    ):

        def run(resource: Resource) -> TablePass | Task:
            is_wanted = resource.name in wanted
            sink = sinks(resource) if sinks and is_wanted else None
            table = _open_table(
                package,
                resource,
                compiler,
                is_wanted=is_wanted,
                hold=hold.get(resource.name, frozenset()),
                keyed=keyed.get(resource.name, frozenset()),
                lookups=lookups,
                limit=limit,
                sink=sink,
                stores=sinks is not None or package.kind is Kind.PROJECT,
                watch=watch,
            )
            if isinstance(table, TablePass):
                files.callback(table.keyed.close)
                table.run(counter.add, pool, jobs + _AHEAD)
            return table

        # In the package's order, whichever ends first: of two tables of one name (which is a
        # finding), the later one is shown.
        names = [each.name for each in to_read]
        results = dict(zip(names, tables_pool.map(run, to_read), strict=True))
        passes = {name: each for name, each in results.items() if isinstance(each, TablePass)}
        with watch.measure("whole tables"):
            judge_whole(passes, [name for name in passes if name in wanted], lookups)
        for name, each in passes.items():
            if name in wanted:
                compiler.report_faults(each)
    tasks = []
    for resource in package.resources:
        if resource.name not in wanted:
            continue
        result = results[resource.name]
        tasks.append(_task(package, result) if isinstance(result, TablePass) else result)
    return Report(
        tasks=tuple(tasks),
        issues=(*package.faults, *faults),
        subject=str(package.descriptor),
    )


def _wanted(package: Package, tables: Sequence[str]) -> set[str]:
    names = [each.name for each in package.resources]
    for table in tables:
        if table not in names:
            raise WrongCall(
                f'there is no table "{table}".{did_you_mean(table, names)}',
                hint=f"tables are {', '.join(names)}",
            )
    return set(tables) or set(names)


def _referenced(package: Package, wanted: set[str]) -> set[str]:
    """Tables that rules of the wanted ones read."""
    from rekodiq_data.checks import KINDS

    found: set[str] = set()
    for resource in package.resources:
        if resource.schema is None or resource.name not in wanted:
            continue
        found.update(key.resource for key in resource.schema.foreign_keys if key.resource)
        for check in resource.schema.checks:
            found.update(table for table in KINDS[check.check].reads(check) if table)
    return found


def _without_faulty_checks(package: Package) -> tuple[Package, list[Issue]]:
    """The package without named checks whose parameters are wrong, and those faults."""
    schemas = {each.name: each.schema for each in package.resources if each.schema is not None}
    issues: list[Issue] = []
    resources = []
    for resource in package.resources:
        schema = resource.schema
        if schema is None or not schema.checks:
            resources.append(resource)
            continue
        faults = faults_of(schema, schemas)
        faulty = {id(check) for check, _words in faults}
        issues.extend(
            Issue(
                type="schema-error",
                code="check.parameters",
                message=f'table "{resource.name}", check "{check.name}": {words}',
                note=words,
                resource=resource.name,
            )
            for check, words in faults
        )
        sound = tuple(check for check in schema.checks if id(check) not in faulty)
        resources.append(replace(resource, schema=replace(schema, checks=sound)))
    return replace(package, resources=tuple(resources)), issues


def _pool_for_pieces(
    jobs: int, encoders: int
) -> AbstractContextManager[ThreadPoolExecutor | None]:
    """Threads that work on pieces of tables; none where one thread does everything."""
    if jobs <= 1:
        return nullcontext()
    return ThreadPoolExecutor(max_workers=max(1, jobs - encoders))


def _open_table(
    package: Package,
    resource: Resource,
    compiler: Compiler,
    *,
    is_wanted: bool,
    hold: frozenset[str],
    keyed: frozenset[str],
    lookups: Lookups,
    limit: int,
    sink: Sink | None,
    stores: bool,
    watch: Stopwatch,
) -> TablePass | Task:
    path = display_path(package, resource)
    if not resource.is_sound:
        # Its faults stand in the package's list; what can't be read as meant is not judged.
        return Task(name=resource.name, path=path)
    if not is_tabular(resource):
        return file_task(package, resource, limit)
    try:
        reader = open_reader(package, resource)
        resource = with_schema(resource, reader)
        found = reading_findings(package, resource)
    except BrokenTable as error:
        return broken_task(package, resource, limit, error)
    names = resource.schema.names if resource.schema else ()
    table = TablePass(
        resource,
        path or resource.name,
        reader,
        # A table that is read for others alone gives them its values; nobody asks for its
        # findings.
        compiled=lambda: compiler.of(resource) if is_wanted else None,
        hold=hold & set(names),
        keyed=keyed & set(names),
        lookups=lookups,
        limit=limit,
        stores=stores,
        limits=package.limits,
        sink=sink,
        watch=watch,
    )
    for key, note in found:
        table.book.add_one(key, note)
    return table


def _task(package: Package, table: TablePass) -> Task:
    counts = table.tally.counts()
    if package.kind is Kind.PROJECT and table.rows:
        _require_decisions(table)
    places = table.locate()
    return Task(
        name=table.resource.name,
        path=table.path,
        labels=table.labels,
        rows=table.rows,
        bytes=size_of(package, table.resource),
        issues=table.book.issues(places),
        explained=table.explained.issues(places),
        rules=table.book.rules(),
        checks=counts,
    )


def _require_decisions(table: TablePass) -> None:
    """A check of our own that decides nothing proves nothing: a finding, unless excused."""
    by_name = {check.name: check for check in table.schema.checks}
    for count in table.tally.counts():
        check = by_name[count.name]
        if not count.decided and not check.may_be_undecided:
            table.book.add_one(
                undecided_key(check),
                f'the check "{check.name}" decided no record; mend it, or give the reason under'
                " may_be_undecided",
            )


class _RowCounter:
    """Adds up rows over tables that are read at the same time."""

    def __init__(self, progress: Progress, size: int) -> None:
        self._progress = progress
        self._lock = threading.Lock()
        self._size = size
        self._rows = 0
        self._bytes = 0

    def add(self, rows: int, size: int) -> None:
        """Count some more rows and their bytes, and tell; the total is an estimate."""
        with self._lock:
            self._rows += rows
            self._bytes += size
            total = round(self._rows * self._size / self._bytes) if self._bytes else None
            self._progress(self._rows, total, "rows")
