"""`rekodiq-data reproduce`."""

from __future__ import annotations

from pathlib import Path

import click

from rekodiq_data.cli.options import own_store, store_option


@click.command("reproduce")
@click.argument("version")
@store_option
@click.option(
    "--project",
    type=click.Path(path_type=Path, file_okay=False),
    help="The project, in a clone of its repository. [default: the nearest one]",
)
def command(version: str, store: Path | None, project: Path | None) -> int:
    """Rebuild a published version from its commit and compare every byte.

    Where a library is another one now, bytes may differ; then the content digests must be
    equal, and it is said so.

    \b
    Example:
      rekodiq-data reproduce 1.2.0
    """
    from rekodiq_data.cli import FINDINGS, FINE
    from rekodiq_data.cli.render import summary
    from rekodiq_data.compare import project_at
    from rekodiq_data.reproduce import reproduce

    done = reproduce(version, own_store(store, project or Path()), project_at(project))
    click.echo(summary.reproduced(done))
    return FINE if done.holds else FINDINGS
