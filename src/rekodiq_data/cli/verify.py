"""`rekodiq-data verify`."""

from __future__ import annotations

from pathlib import Path

import click

from rekodiq_data.cli.options import (
    exit_code,
    own_store,
    revoked_option,
    signers_option,
    trusted,
)


@click.command("verify")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["full", "concise", "json"]),
    default="full",
    show_default=True,
    help="For people, one line per finding, or one JSON object.",
)
@signers_option
@revoked_option
def command(path: Path | None, form: str, signers: Path | None, revoked: Path | None) -> int:
    """Prove that every byte is what was released.

    PATH is a built package, one published version, or a whole store; by default the store of
    the project here. Every file is hashed before anything parses it; what is missing, extra or
    changed is named. Whether a version is signed is said; who signed it is compared with
    --signers.

    \b
    Examples:
      rekodiq-data verify
      rekodiq-data verify dist
      rekodiq-data verify releases/v1.2.0 --signers allowed_signers
    """
    from rekodiq_data.cli.render import render_proof
    from rekodiq_data.verify import verify

    report = verify(own_store(path), signers=trusted(signers, revoked))
    click.echo(render_proof(report, form))
    return exit_code(report)
