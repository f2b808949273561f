"""`rekodiq-data build`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rekodiq_data.cli.options import (
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


@click.command("build")
@path_argument
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder to make; an earlier build there is replaced.",
)
@click.option(
    "--second-judge", is_flag=True, help="Have Frictionless judge both packages, too."
)
@click.option("--no-csv", is_flag=True, help="Leave out the package of canonical CSV.")
@limit_option
@max_option
@jobs_option
@timings_option
def command(
    path: Path,
    output: Path,
    second_judge: bool,
    no_csv: bool,
    limit: int,
    limits: ReadLimits,
    jobs: int | None,
    timings: bool,
) -> None:
    """Judge tables and write them as a data package.

    The output folder holds datapackage.json with one Parquet file per table, the same package
    once more as canonical CSV under csv/, build.json (how it was made) and SHA256SUMS. If the
    data is invalid, nothing is written.

    \b
    Examples:
      rekodiq-data build --output dist
      rekodiq-data build --output dist --second-judge
    """
    import time

    from rekodiq_data.build import build
    from rekodiq_data.cli import progress
    from rekodiq_data.cli.render import summary
    from rekodiq_data.progress import Stopwatch

    started = time.monotonic()
    spare_memory()
    watch = Stopwatch()
    with progress.progress_line() as line:
        package = build(
            path,
            output,
            csv=not no_csv,
            jobs=workers(jobs),
            limit=limit,
            second_judge=second_judge,
            progress=line,
            watch=watch,
            limits=limits,
        )
    if timings:
        from rekodiq_data.kernel import library

        words = progress.timings(
            watch.seconds, time.monotonic() - started, kernel=library() is not None
        )
        click.echo(words, err=True)
    click.echo(summary.built(package, output, second_judge=second_judge))
