"""Whole jobs in one call, for programs: judge a package, or get its compiled schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rekodiq_data.descriptor import open_package
from rekodiq_data.errors import WrongCall
from rekodiq_data.judge import DEFAULT_LIMIT, judge
from rekodiq_data.limits import DEFAULT_LIMITS, ReadLimits
from rekodiq_data.progress import Progress, silent
from rekodiq_data.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rekodiq_data.report import Report


def validate(
    path: str | Path,
    *,
    tables: Sequence[str] = (),
    limit: int = DEFAULT_LIMIT,
    jobs: int = 1,
    progress: Progress = silent,
    limits: ReadLimits = DEFAULT_LIMITS,
) -> Report:
    """Judge the package at `path`: every cell, key and named check.

    Args:
        path: a project's folder, a package's folder, or a descriptor.
        tables: names of the tables to judge; all where empty.
        limit: how many findings are kept per table, rule and field; 0 keeps all.
        jobs: how many tables are read at once.
        progress: told the rows read so far.
        limits: how much the package may ask of the machine; what asks more is refused.

    Returns:
        The report. Invalid data is no exception: see `Report.valid`.

    Raises:
        NothingFound: there is no package at `path`.
        NotReadable: a file that was named can't be opened.
        WrongCall: a name in `tables` is no table of the package.
    """
    package = open_package(path, limits)
    return judge(package, tables=tables, limit=limit, jobs=jobs, progress=progress)


def pandera_schema(table: str, project: str | Path = ".") -> Any:
    """The Pandera schema that judges a table, for frames of your own.

    It takes a pandas frame as `load` gives it (nullable dtypes) and holds all constraints of
    the Table Schema, `unique` and the primary key included, and the named checks that see one
    record. Keys to other tables and checks over several records are `validate`'s.

    Args:
        table: the table's name.
        project: a project's folder, a package's folder, or a descriptor.

    Returns:
        A `pandera.pandas.DataFrameSchema`; columns are named as in the Table Schema.

    Raises:
        WrongCall: the package has no such table, or its schema is faulty.
    """
    from rekodiq_data.compiled.public import public_schema

    package = open_package(project)
    names = [each.name for each in package.resources]
    if table not in names:
        raise WrongCall(
            f'there is no table "{table}".{did_you_mean(table, names)}',
            hint=f"tables are {', '.join(names)}",
        )
    schema = package.resource(table).schema
    if schema is None:
        raise WrongCall(f'the schema of "{table}" is faulty', hint="run rekodiq-data validate")
    return public_schema(table, schema)
