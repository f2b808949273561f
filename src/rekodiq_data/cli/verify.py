"""`rekodiq-data verify`."""

from __future__ import annotations

from pathlib import Path

import click

from rekodiq_data.cli.options import exit_code


@click.command("verify")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["full", "concise", "json"]),
    default="full",
    show_default=True,
    help="For people, one line per finding, or one JSON object.",
)
def command(path: Path, form: str) -> int:
    """Prove that every byte is what was released.

    PATH is a built package, one published version, or a whole store. Every file is hashed
    before anything parses it; what is missing, extra or changed is named.

    \b
    Examples:
      rekodiq-data verify dist
      rekodiq-data verify datapackage/releases
    """
    from rekodiq_data.cli.render import render_proof
    from rekodiq_data.verify import verify

    report = verify(path)
    click.echo(render_proof(report, form))
    return exit_code(report)
