"""`rekodiq-data release`."""

from __future__ import annotations

from pathlib import Path

import click

from rekodiq_data.cli.options import path_argument, store_option


@click.command("release")
@path_argument
@store_option
@click.option(
    "--version", metavar="X.Y.Z", help="The number to publish. [default: the data's own]"
)
@click.option(
    "--dry-run", is_flag=True, help="Say what would be published, and publish nothing."
)
def command(path: Path, store: Path, version: str | None, dry_run: bool) -> None:
    """Publish data as a version, whole or not at all.

    PATH is a project, which is judged and built first, or a built package, which is verified
    first. The same content under the same number is published already; other content under a
    used number is refused.

    \b
    Examples:
      rekodiq-data release --store releases
      rekodiq-data release dist --store releases --dry-run
    """
    from rekodiq_data.cli.render import summary
    from rekodiq_data.release import release

    click.echo(summary.released(release(path, store, version=version, dry_run=dry_run)))
