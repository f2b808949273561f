"""`rekodiq-data withdraw`."""

from __future__ import annotations

from pathlib import Path

import click

from rekodiq_data.cli.options import own_store, store_option


@click.command("withdraw")
@click.argument("version")
@store_option
@click.option("--reason", required=True, metavar="TEXT", help="What is wrong, in one line.")
def command(version: str, store: Path | None, reason: str) -> None:
    """Mark a published version as wrong. Its files stay as they are.

    The list of versions shows the reason, and whoever loads the version is warned. It stays
    the newest where it is: release a better one.

    \b
    Example:
      rekodiq-data withdraw 1.2.0 --reason "use 1.2.1"
    """
    from rekodiq_data.release.withdrawal import withdraw

    newest = withdraw(version, own_store(store), reason)
    click.echo(
        f"Withdrew {version}. Its files are untouched, and it is listed with the reason."
    )
    if newest == version:
        click.echo("It is still the newest version: release a better one.")
