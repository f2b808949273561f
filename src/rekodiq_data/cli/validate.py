"""`rekodiq-data validate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rekodiq_data.cli.options import (
    exit_code,
    jobs_option,
    limit_option,
    max_option,
    path_argument,
    spare_memory,
    timings_option,
    workers,
)

if TYPE_CHECKING:
    from rekodiq_data.limits import ReadLimits


@click.command("validate")
@path_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(["full", "concise", "json"]),
    default="full",
    show_default=True,
    help="Each finding with its line and a hint, one line each, or one JSON object.",
)
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file."
)
@click.option(
    "--table", "tables", multiple=True, metavar="NAME", help="Only this table; may repeat."
)
@click.option(
    "--schema",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="PATH is one table, and this its Table Schema.",
)
@click.option("--metadata-only", is_flag=True, help="Judge the descriptor alone; read no data.")
@click.option(
    "--detect",
    is_flag=True,
    help="Guess the delimiter and encoding that nothing states, and say what was found.",
)
@limit_option
@click.option("--strict", is_flag=True, help="Treat warnings as errors.")
@click.option("--explained", is_flag=True, help="List failures that known misprints explain.")
@click.option("--counts", is_flag=True, help="List the verdicts of every named check.")
@max_option
@jobs_option
@timings_option
def command(
    path: Path,
    form: str,
    output: Path | None,
    tables: tuple[str, ...],
    schema: Path | None,
    metadata_only: bool,
    detect: bool,
    limit: int,
    strict: bool,
    explained: bool,
    counts: bool,
    limits: ReadLimits,
    jobs: int | None,
    timings: bool,
) -> int:
    """Judge every cell, and name each bad one.

    PATH is a project (a folder with datapackage/package.yaml and schemas/), a data package (its
    folder or its descriptor), or one table with --schema; by default the project you stand in.

    \b
    Examples:
      rekodiq-data validate
      rekodiq-data validate dist --format concise
      rekodiq-data validate --table stakes --limit 0 --format json
      rekodiq-data validate estimates.csv --schema estimates.yaml
    """
    import time

    from rekodiq_data.cli import progress
    from rekodiq_data.cli.arrow_alone import leave_pandas_out
    from rekodiq_data.cli.render import render
    from rekodiq_data.descriptor import open_package, open_table
    from rekodiq_data.judge import judge
    from rekodiq_data.progress import Stopwatch

    started = time.monotonic()
    if not metadata_only:
        leave_pandas_out()
        spare_memory()
    package = open_package(path, limits) if schema is None else open_table(path, schema, limits)
    if detect:
        from rekodiq_data.detect import detected

        package = detected(package)
    watch = Stopwatch()
    with progress.progress_line() as line:
        report = judge(
            package,
            tables=tables,
            limit=limit,
            jobs=workers(jobs),
            progress=line,
            watch=watch,
            metadata_only=metadata_only,
        )
    text = render(
        report, form, explained=explained, counts=counts, seconds=time.monotonic() - started
    )
    if output:
        output.write_text(click.unstyle(text) + "\n", encoding="utf-8")
    else:
        click.echo(text)
    if timings:
        from rekodiq_data.kernel import library

        words = progress.timings(
            watch.seconds, time.monotonic() - started, kernel=library() is not None
        )
        click.echo(words, err=True)
    return exit_code(report, strict=strict)
