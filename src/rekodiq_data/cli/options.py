"""Options that several commands share, and what they do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import os

    from rekodiq_data.limits import ReadLimits
    from rekodiq_data.report import Report
    from rekodiq_data.signing import Signers

path_argument = click.argument("path", type=click.Path(path_type=Path), default=".")

jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=None,
    metavar="N",
    help="How many threads to use. [default: as many as there are processors, 4 at most]",
)

timings_option = click.option(
    "--timings", is_flag=True, help="Say on stderr where the time went."
)

limit_option = click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=100,
    show_default=True,
    metavar="N",
    help="How many findings to keep per table, rule and field; 0 keeps all. Totals are true.",
)


class _Folder(click.Path):
    """A folder of versions on this machine; an address can only be read from."""

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str | bytes | os.PathLike[str]:
        if "://" in str(value):
            self.fail(
                f'"{value}" is an address; this takes a folder. Copy the store to one first',
                param,
                ctx,
            )
        return super().convert(value, param, ctx)


def _read_limits(
    _context: click.Context, _option: click.Parameter, stated: tuple[str, ...]
) -> ReadLimits:
    """The limits, with those that the user raises."""
    from rekodiq_data.limits import DEFAULT_LIMITS

    try:
        return DEFAULT_LIMITS.with_stated(stated)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


max_option = click.option(
    "--max",
    "limits",
    multiple=True,
    metavar="LIMIT=AMOUNT",
    callback=_read_limits,
    help="Raise a limit on what a package may ask of this machine, as a refusal says:"
    " field=4MiB, columns=10000; may repeat.",
)

store_option = click.option(
    "--store",
    type=_Folder(path_type=Path, file_okay=False),
    help="The folder that holds the published versions."
    " [default: datapackage/releases of the project]",
)

source_option = click.option(
    "--store",
    envvar="REKODIQ_DATA_STORE",
    metavar="FOLDER|ADDRESS",
    help="The store: a folder, https://... or s3://... [default: REKODIQ_DATA_STORE, else that"
    " of the project here, else the version that came with this installation]",
)

listing_option = click.option(
    "--store",
    envvar="REKODIQ_DATA_STORE",
    metavar="FOLDER|ADDRESS",
    help="The store: a folder, https://... or s3://... [default: REKODIQ_DATA_STORE, else that"
    " of the project here]",
)

cache_option = click.option(
    "--cache",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="REKODIQ_DATA_CACHE",
    help="Where downloaded files are kept. [default: REKODIQ_DATA_CACHE, else the platform's]",
)


signers_option = click.option(
    "--signers",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Allowed signers, as ssh-keygen reads them: the version must be signed by one.",
)

revoked_option = click.option(
    "--revoked",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Public keys that are not trusted any more, one a line.",
)


def own_store(named: Path | None, start: Path = Path()) -> Path:
    """The folder of versions that was named; else that of the project at or above `start`."""
    if named is not None:
        return named
    from rekodiq_data.store import project_store

    found = project_store(start.resolve())
    if found is None:
        raise _no_project(start)
    return found


def trusted(signers: Path | None, revoked: Path | None) -> Signers | None:
    """The keys that the user trusts; None where none were named."""
    if revoked and not signers:
        raise click.UsageError("--revoked takes keys out of --signers, which is not given")
    if signers is None:
        return None
    from rekodiq_data.signing import read_signers

    return read_signers(signers, revoked)


def store_named(store: str | None) -> Path | str:
    """The store that the user named, or else the default one."""
    from rekodiq_data.store import default_store

    found = store or default_store()
    if found is None:
        raise _no_project(Path())
    return found


def _no_project(start: Path) -> click.UsageError:
    return click.UsageError(
        f'no project is at or above "{start.resolve()}": name a store with --store'
    )


def workers(jobs: int | None) -> int:
    """How many threads are used, where the user leaves it to the machine."""
    import os

    return jobs or min(4, os.cpu_count() or 1)


def spare_memory() -> None:
    """Let Arrow take memory from jemalloc, where it has that: it gives back what is free.

    For 5 million rows of 18 columns, a build held 372 MiB at most in place of 456.
    """
    from contextlib import suppress

    import pyarrow as pa

    with suppress(NotImplementedError):
        pa.set_memory_pool(pa.jemalloc_memory_pool())


def exit_code(report: Report, *, strict: bool = False) -> int:
    """0 where all is fine, 1 where something was found; warnings count if `strict`."""
    from rekodiq_data.cli import FINDINGS, FINE

    found = report.errors or (strict and report.warnings)
    return FINDINGS if found else FINE
