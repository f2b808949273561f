"""`rekodiq-data versions`."""

from __future__ import annotations

from pathlib import Path

import click

from rekodiq_data.cli.options import cache_option, listing_option, store_named


@click.command("versions")
@listing_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@cache_option
def command(store: str | None, form: str, cache: Path | None) -> None:
    """List the published versions of a store.

    \b
    Examples:
      rekodiq-data versions
      rekodiq-data versions --store https://data.example.org/releases
    """
    from rekodiq_data.cli.render import summary
    from rekodiq_data.store import open_store

    click.echo(summary.versions(open_store(store_named(store), cache=cache), form))
