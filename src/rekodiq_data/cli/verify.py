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
@click.option(
    "--signers",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Allowed signers, as ssh-keygen reads them: every version must be signed by one.",
)
@click.option(
    "--revoked",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Public keys that are not trusted any more, one a line.",
)
def command(path: Path, form: str, signers: Path | None, revoked: Path | None) -> int:
    """Prove that every byte is what was released.

    PATH is a built package, one published version, or a whole store. Every file is hashed
    before anything parses it; what is missing, extra or changed is named. Whether a version is
    signed is said; who signed it is compared with --signers.

    \b
    Examples:
      rekodiq-data verify dist
      rekodiq-data verify datapackage/releases
      rekodiq-data verify releases/v1.2.0 --signers allowed_signers
    """
    from rekodiq_data.cli.render import render_proof
    from rekodiq_data.signing import read_signers
    from rekodiq_data.verify import verify

    if revoked and not signers:
        raise click.UsageError("--revoked takes keys out of --signers, which is not given")
    report = verify(path, signers=read_signers(signers, revoked) if signers else None)
    click.echo(render_proof(report, form))
    return exit_code(report)
