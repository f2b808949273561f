"""`rekodiq-data history`."""

from __future__ import annotations

from pathlib import Path

import click

from rekodiq_data.cli.options import cache_option, listing_option, store_named


@click.command("history")
@click.argument("table")
@click.argument("key", nargs=-1, required=True)
@listing_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@cache_option
def command(
    table: str, key: tuple[str, ...], store: str | None, form: str, cache: Path | None
) -> None:
    """Tell one record through all versions: when it changed, and on whose word.

    KEY is the value of the table's primary key; for a key of several fields, one value each.

    \b
    Example:
      rekodiq-data history mineral_estimates estimate-012
    """
    from rekodiq_data.cli.render import versions
    from rekodiq_data.history import history

    click.echo(
        versions.history(history(table, *key, store=store_named(store), cache=cache), form)
    )
