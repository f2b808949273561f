"""`rekodiq-data versions`."""

from __future__ import annotations

from pathlib import Path

import click

from rekodiq_data.cli.options import store_option


@click.command("versions")
@store_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def command(store: Path, form: str) -> None:
    """List the published versions of a store.

    \b
    Example:
      rekodiq-data versions --store datapackage/releases
    """
    from rekodiq_data.cli.render import summary
    from rekodiq_data.store import open_store

    click.echo(summary.versions(open_store(store), form))
