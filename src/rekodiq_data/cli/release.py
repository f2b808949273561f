"""`rekodiq-data release`."""

from __future__ import annotations

from pathlib import Path

import click

from rekodiq_data.cli.options import own_store, path_argument, store_option


@click.command("release")
@path_argument
@store_option
@click.option(
    "--version", metavar="X.Y.Z", help="The number to publish. [default: the data's own]"
)
@click.option(
    "--dry-run", is_flag=True, help="Say what would be published, and publish nothing."
)
@click.option(
    "--key",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Sign the version with this SSH key (ed25519).",
)
@click.option(
    "--allow-dirty",
    is_flag=True,
    help="Take data that is not that of a commit, so that nobody can rebuild it from one.",
)
def command(
    path: Path,
    store: Path | None,
    version: str | None,
    dry_run: bool,
    key: Path | None,
    allow_dirty: bool,
) -> None:
    """Publish data as a version, whole or not at all.

    PATH is a project, which is judged and built first, or a built package, which is verified
    first. The same content under the same number is published already; other content under a
    used number is refused, and so is a number that promises less change than there is.

    \b
    Examples:
      rekodiq-data release
      rekodiq-data release dist --store releases --dry-run
      rekodiq-data release --key ~/.ssh/id_ed25519
    """
    from rekodiq_data.cli.render import summary
    from rekodiq_data.release import release

    def passphrase() -> str:
        return str(click.prompt(f"Passphrase of {key}", hide_input=True, err=True))

    done = release(
        path,
        own_store(store, path),
        version=version,
        dry_run=dry_run,
        key=key.expanduser() if key else None,
        passphrase=passphrase,
        allow_dirty=allow_dirty,
    )
    click.echo(summary.released(done, sign=key is not None))
