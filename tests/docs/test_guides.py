"""Guides run as printed, and leave out no command, option or name."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

import rekodiq_data
from rekodiq_data.cli import COMMANDS, cli
from tests.docs import guides
from tests.lexical.deviations import DEVIATIONS
from tests.properties import deviations as tables

DOCS = Path(__file__).parents[2] / "docs"


def _read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["docs/commands.md", "docs/python.md", "docs/fetching.md", "CONTRIBUTING.md"]
)
def test_the_guide_runs_as_printed(published, name):
    assert guides.run(DOCS.parent / name, published) > 1


def _command(name: str) -> click.Command:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    return command


def _options(command: click.Command) -> list[str]:
    return [
        text
        for each in command.params
        if isinstance(each, click.Option)
        for text in (*each.opts, *each.secondary_opts)
    ]


def test_every_command_has_its_section_in_the_order_of_the_help():
    headings = re.findall(r"^## (\w+)$", _read("commands.md"), re.MULTILINE)
    assert headings == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_stands_in_the_table_of_its_command_and_no_other(name):
    section = _read("commands.md").split(f"\n## {name}\n")[1].split("\n## ")[0]
    documented = re.findall(r"^\| `(--[a-z-]+)", section, re.MULTILINE)
    assert sorted(documented) == sorted(_options(_command(name)))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does_and_gives_an_example(name):
    command = _command(name)
    assert command.help is not None
    assert f"rekodiq-data {name}" in command.help
    assert f"$ rekodiq-data {name}" in _read("commands.md")


def test_every_option_of_all_commands_is_documented():
    before = _read("commands.md").split("\n## ")[0]
    options = [*_options(cli), "--help", "-h"]
    assert [each for each in options if f"`{each}" not in before] == []


def test_every_choice_of_an_option_is_documented():
    text = _read("commands.md")
    options = [each for name in COMMANDS for each in _command(name).params] + cli.params
    choices = [each for each in options if isinstance(each.type, click.Choice)]
    assert len(choices) > 3
    for each in choices:
        values = r"\|".join(each.type.choices)
        assert f"`{each.opts[0]} {values}`" in text


def test_every_public_name_stands_in_the_guide_to_the_library():
    text = _read("python.md")
    names = [each for each in rekodiq_data.__all__ if each != "__version__"]
    assert [each for each in names if not re.search(rf"`{each}[`(]", text)] == []


def test_every_known_deviation_of_frictionless_is_listed_and_no_other():
    # The sections after it are about more than cells, with tables of their own.
    text = _read("conformance.md").split("\n## Records, keys and constraints\n")[0]
    rows = re.findall(r"^\| [a-z, ]+ \| (.+?) \| ", text, re.MULTILINE)
    listed = [each for each in rows if each != "how Frictionless differs"]
    assert listed == [each.name.replace("|", "\\|") for each in DEVIATIONS]


def test_every_known_deviation_on_whole_tables_is_listed_and_no_other():
    text = _read("conformance.md").split("\n## Records, keys and constraints\n")[1]
    rows = re.findall(r"^\| (.+?) \| .+ \|$", text.split("\n## ")[0], re.MULTILINE)
    known = [each.name for each in tables.DEVIATIONS]
    assert [each for each in rows if each not in {"how Frictionless differs", "what"}] == [
        *known,
        *tables.REFUSED,
        *tables.CRASHES,
    ]
