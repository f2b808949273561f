"""Each folder of `golden` is one way of being wrong, with the exact words that it gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from rekodiq_data.descriptor import open_package
from tests.descriptor.words import words_of_all

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", sorted(folder.name for folder in GOLDEN.iterdir()))
def test_a_bad_descriptor_gets_these_words(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(GOLDEN / name)
    words = words_of_all(open_package(Path()).faults)
    assert words == (GOLDEN / name / "expected.txt").read_text()
