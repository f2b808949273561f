"""The command line: names to folders, one call, print. Each command is a file of its own.

Importing this costs click and nothing more; a command imports what it needs when it runs.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rekodiq_data.errors import RekodiqError

FINE, FINDINGS, WRONG_CALL, COULD_NOT_RUN = 0, 1, 2, 3

_SWITCH = 0.0002  # seconds that a thread keeps the interpreter while others wait

COMMANDS = (
    "validate",
    "build",
    "diff",
    "changelog",
    "release",
    "withdraw",
    "versions",
    "history",
    "fetch",
    "cite",
    "verify",
    "reproduce",
)


class _Commands(click.Group):
    """Finds commands by name, in the order in which a maintainer meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"rekodiq_data.cli.{cmd_name}").command
        if not isinstance(command, click.Command):
            raise TypeError(f"{cmd_name} is no command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from rekodiq_data.suggest import did_you_mean

            hint = did_you_mean(args[0], COMMANDS)
            raise click.UsageError(f"{error.message}{hint}", ctx) from None


def _print_version(ctx: click.Context, _option: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from rekodiq_data.about import __version__, library_versions

    libraries = ", ".join(f"{name} {version}" for name, version in library_versions().items())
    click.echo(f"rekodiq-data {__version__} ({libraries})")
    ctx.exit()


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 fine, 1 findings, 2 wrong call, 3 could not run.",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the versions of this tool and of the libraries that judge and write.",
)
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colour on terminals only, always, or never. NO_COLOR and FORCE_COLOR are honoured.",
)
@click.option("--debug", is_flag=True, help="Show the traceback of an internal error.")
@click.pass_context
def cli(ctx: click.Context, color: str, debug: bool) -> None:  # noqa: ARG001
    """Validate tables cell by cell, publish them as open data, and prove every byte.

    \b
    Start with:
      rekodiq-data validate             judge the project you stand in
      rekodiq-data build --output dist  make Parquet and CSV packages of it
      rekodiq-data verify dist          prove that every byte is what was built
    """
    import os

    if color == "never" or (color == "auto" and os.environ.get("NO_COLOR")):
        ctx.color = False
    elif color == "always" or os.environ.get("FORCE_COLOR"):
        ctx.color = True


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    import gc
    import os

    # Nothing here multiplies matrices; numpy would start a busy thread for each processor.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Threads work in compiled code for most of the time, and wait for the interpreter between
    # two calls: whoever holds it gives it on sooner than after the usual 5 ms.
    sys.setswitchinterval(_SWITCH)
    code = run(arguments)
    # On its way out Python looks once more for cycles among all objects of all libraries: a
    # tenth of a second, in vain.
    gc.freeze()
    sys.exit(code)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        result: Any = cli.main(words, prog_name="rekodiq-data", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return WRONG_CALL
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        return 130
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): nothing is left to be said.
        sys.stdout = None
        return FINE
    except Exception as error:
        if "--debug" in words:
            raise
        return _tell(error)
    return result if isinstance(result, int) else FINE


def _tell(error: Exception) -> int:
    """Words and exit code for an exception that reached the edge."""
    from rekodiq_data import errors
    from rekodiq_data.cli.render.text import visible

    if isinstance(error, errors.NotVerified):
        from rekodiq_data.cli.render import proof

        click.echo(proof.render(error.report, "full"))
    if isinstance(error, errors.InvalidData):
        from rekodiq_data.cli.render import full

        click.echo(full.render(error.report))
    if isinstance(error, errors.RekodiqError):
        click.echo(visible(_words(error)), err=True)
        return _CODES.get(type(error).__name__, COULD_NOT_RUN)
    if isinstance(error, OSError):
        click.echo(f"could not run: {visible(str(error))}", err=True)
        return COULD_NOT_RUN
    click.echo(
        f"internal error: {type(error).__name__}: {visible(str(error))}\n"
        "This is a fault of rekodiq-data, not of your data. Run again with --debug before the"
        " command\nand report what it prints.",
        err=True,
    )
    return COULD_NOT_RUN


def _words(error: RekodiqError) -> str:
    return f"{error.message}\n  {error.hint}" if error.hint else error.message


_CODES = {
    "WrongCall": WRONG_CALL,
    "InvalidData": FINDINGS,
    "NotVerified": FINDINGS,
    "ReleaseRefused": FINDINGS,
}
