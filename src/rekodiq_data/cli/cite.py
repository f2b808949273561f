"""`rekodiq-data cite`."""

from __future__ import annotations

from pathlib import Path

import click

from rekodiq_data.cli.options import (
    cache_option,
    revoked_option,
    signers_option,
    source_option,
    trusted,
)


@click.command("cite")
@click.argument("table", required=False)
@click.option("--version", metavar="X.Y.Z", help="The version. [default: the newest]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "bibtex", "csl"]),
    default="text",
    show_default=True,
    help="A sentence, a BibTeX entry, or CSL-JSON for reference managers.",
)
@source_option
@signers_option
@revoked_option
@cache_option
def command(
    table: str | None,
    version: str | None,
    form: str,
    store: str | None,
    signers: Path | None,
    revoked: Path | None,
    cache: Path | None,
) -> None:
    """Say how a table is cited, with its version and digest.

    Without TABLE, the whole version is cited.

    \b
    Example:
      rekodiq-data cite estimates --store releases --format bibtex
    """
    from rekodiq_data.faces.citation import cite

    keys = trusted(signers, revoked)
    text = cite(table, version=version, store=store, form=form, cache=cache, signers=keys)
    click.echo(text, nl=False)
