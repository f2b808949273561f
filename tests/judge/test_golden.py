"""Small whole packages, each named after its quirk, and the exact words that users see."""

from __future__ import annotations

import os
from pathlib import Path

import click
import pytest

from rekodiq_data.api import validate
from rekodiq_data.cli.render import concise

PACKAGES = Path(__file__).parent.parent / "packages"


@pytest.mark.parametrize("folder", sorted(PACKAGES.iterdir()), ids=lambda folder: folder.name)
def test_the_words_are_the_golden_ones(folder, monkeypatch):
    monkeypatch.chdir(folder)
    words = click.unstyle(concise.render(validate("."))) + "\n"
    golden = folder / "expected.txt"
    if os.environ.get("REKODIQ_WRITE_GOLDEN"):
        golden.write_text(words, encoding="utf-8")
    assert words == golden.read_text(encoding="utf-8")
