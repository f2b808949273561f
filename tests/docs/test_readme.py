"""Every command and example of the README runs, and prints what the README shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs import guides

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"


def test_the_readme_runs_as_printed(project):
    assert guides.run(README, project) > 10


def test_the_readme_shows_three_doors_after_a_reason_of_three_sentences():
    text = README.read_text(encoding="utf-8")
    reason = text.split("\n\n")[1]
    assert reason.count(". ") + reason.count(".\n") + reason.endswith(".") == 3
    doors = [line for line in text.splitlines() if line.startswith("## ")]
    assert doors == ["## Keep tables honest", "## Use the data", "## Build on it"]


# --- the runner itself: a guide that lies is found out ---


def _guide(tmp_path: Path, text: str) -> Path:
    (tmp_path / "table.csv").write_text("id\n1\n", encoding="utf-8")
    guide = tmp_path / "guide.md"
    guide.write_text(text, encoding="utf-8")
    return guide


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("```console\n$ echo one; echo 'took 3.4 s'\none\ntook 0.1 s\n```\n", 1),
        ("```console\n$ cat table.csv\n...\n$ cat table.csv\nid\n...\n```\n", 2),
        ("```console\n$ printf 'a\\nb\\nc\\n'\na\n...\nc\n```\n", 1),
        ('<!-- edit table.csv:2 "1" -> "2" -->\n```console\n$ cat table.csv\nid\n2\n```\n', 1),
        ('<!-- edit table.csv:2 "1" -> "2" -->\n```console\n$ exit 1\n```\n', 1),
        ("```python\n>>> 1 + 1\n2\n\n```\n", 1),
        ("```text\n$ false\n```\n", 0),
    ],
)
def test_an_honest_guide_runs(tmp_path, text, count):
    assert guides.run(_guide(tmp_path, text), tmp_path) == count
    assert (tmp_path / "table.csv").read_text(encoding="utf-8") == "id\n1\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("```console\n$ false\n```\n", "guide.md:1: false"),
        ("```console\n$ cat table.csv | head -1\nid\n1\n```\n", "prints otherwise"),
        ("```console\n$ cat table.csv\nid\n```\n", "prints otherwise"),
        ("```console\n$ cat table.csv\n...\n2\n```\n", "prints otherwise"),
        ("```console\nid\n```\n", "begins with a command"),
        ('```console\n$ printf "%081d" 0\n' + "0" * 81 + "\n```\n", "80 columns"),
        ('<!-- edit table.csv:2 "1" -> "2" -->\n```console\n$ exit 2\n```\n', "exit 2"),
        ('<!-- edit table.csv:2 "3" -> "2" -->\n```console\n$ true\n```\n', "has no '3'"),
        ("```python\n>>> 1 + 1\n3\n\n```\n", "Expected"),
        ("```python\n1 + 1\n```\n", "has examples"),
    ],
)
def test_a_guide_that_lies_is_found_out(tmp_path, text, words):
    with pytest.raises(AssertionError, match=words):
        guides.run(_guide(tmp_path, text), tmp_path)
