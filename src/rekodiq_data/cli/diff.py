"""`rekodiq-data diff`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("diff")
@click.argument("old")
@click.argument("new")
@click.option(
    "--store",
    envvar="REKODIQ_DATA_STORE",
    metavar="FOLDER|ADDRESS",
    help="The store, for numbers that stand alone: a folder, https://... or s3://..."
    " [default: REKODIQ_DATA_STORE, else that of the project here]",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["full", "summary", "json", "html"]),
    default="full",
    show_default=True,
    help="Every kept change, counts only, one JSON object, or a page of its own.",
)
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file."
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=100,
    show_default=True,
    metavar="N",
    help="How many added records, removed records and changed cells (per field) to keep for"
    " each table; 0 keeps all. Totals are true.",
)
@click.option("--exit-code", is_flag=True, help="Exit with 1 where anything differs.")
def command(
    old: str,
    new: str,
    store: str | None,
    form: str,
    output: Path | None,
    limit: int,
    exit_code: bool,
) -> int:
    """Show what changed between two versions, cell by cell.

    OLD and NEW are each a built package (verified first), a project (built first), a store (its
    newest version), a version as STORE@1.2.0 or, of the store here or of --store, as 1.2.0 or
    newest, or a git revision of the project you stand in as git:REVISION.

    \b
    Examples:
      rekodiq-data diff 1.0.0 1.1.0
      rekodiq-data diff newest .
      rekodiq-data diff git:HEAD~1 . --format html --output changes.html
    """
    import tempfile

    from rekodiq_data.cli import FINDINGS, FINE
    from rekodiq_data.cli.render.changes import render
    from rekodiq_data.compare import local_package
    from rekodiq_data.diff import diff
    from rekodiq_data.store import default_store

    named = store or default_store()
    with tempfile.TemporaryDirectory(prefix="rekodiq-data-") as folder:
        sides = []
        for side, name in (("old", old), ("new", new)):
            scratch = Path(folder) / side
            scratch.mkdir()
            sides.append(local_package(name, scratch, store=named))
        changes = diff(*sides, limit=limit)
    text = render(changes, form)
    if output:
        output.write_text(click.unstyle(text) + "\n", encoding="utf-8")
    else:
        click.echo(text)
    return FINDINGS if exit_code and not changes.is_empty else FINE
