"""`rekodiq-data changelog`."""

from __future__ import annotations

from pathlib import Path

import click

from rekodiq_data.cli.options import own_store, path_argument, store_option


@click.command("changelog")
@path_argument
@store_option
@click.option(
    "--version",
    metavar="X.Y.Z",
    help="The number of the entry. [default: the data's own, or the least honest one]",
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=100,
    show_default=True,
    metavar="N",
    help="How many records and cells to list for each table; 0 lists all.",
)
def command(path: Path, store: Path | None, version: str | None, limit: int) -> None:
    """Write the next version's entry into datapackage/CHANGELOG.md.

    The entry tells which records changed since the newest version of the store, with old and
    new value and source. It is there to be edited: an entry with edited words stays as it is,
    and one without is brought up to date by the next run.

    \b
    Example:
      rekodiq-data changelog
    """
    from rekodiq_data.cli.render import versions
    from rekodiq_data.compare import write_changelog

    written = write_changelog(path, own_store(store, path), version=version, limit=limit)
    click.echo(versions.changelog(written))
