"""`rekodiq-data fetch`."""

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


@click.command("fetch")
@click.argument("version", required=False)
@source_option
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder to make. A folder of the same version is completed.",
)
@click.option(
    "--table",
    "tables",
    multiple=True,
    metavar="NAME",
    help="A table to bring; may be given again. [default: the whole version]",
)
@click.option(
    "--allow-older",
    is_flag=True,
    help="Take VERSION from a store that lists less than was seen of it before.",
)
@signers_option
@revoked_option
@cache_option
def command(
    version: str | None,
    store: str | None,
    output: Path,
    tables: tuple[str, ...],
    allow_older: bool,
    signers: Path | None,
    revoked: Path | None,
    cache: Path | None,
) -> None:
    """Bring a version, every byte compared with what was released.

    VERSION is a number, or a number with its digest (1.2.0@sha256:...), which needs no trust in
    the store. Without one, it is the newest that is no pre-release. What was downloaded before
    is taken from the cache; a download that was cut goes on where it stopped.

    \b
    Examples:
      rekodiq-data fetch --store https://data.example.org/releases --output data
      rekodiq-data fetch 1.2.0 --store releases --output data --table estimates
    """
    from rekodiq_data.cli.render import summary
    from rekodiq_data.cli.render.bar import shown_progress
    from rekodiq_data.store import fetch

    with shown_progress() as progress:
        fetched = fetch(
            version,
            store=store,
            output=output,
            tables=tables,
            signers=trusted(signers, revoked),
            allow_older=allow_older,
            cache=cache,
            progress=progress,
        )
    click.echo(summary.fetched(fetched))
