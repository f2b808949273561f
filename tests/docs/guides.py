"""Guides as programs: their `console` and `python` blocks, run as a reader would.

A `console` block holds commands (`$ ...`) and, if it likes, what they print. Printed lines must
be equal but for times; a line `...` stands for any lines. A command without shown output may
print what it will. A `python` block is a doctest. A comment

    <!-- edit FILE:LINE "old" -> "new" -->

before a block changes one line of a file for that block alone, and then the commands may fail
with findings (exit code 1): that is what they show.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_EDIT = re.compile(r'<!-- edit (\S+):(\d+) "([^\n]*)" -> "([^\n]*)" -->')
_TIME = re.compile(r"\b\d+\.\d s\b")
_REST = "..."


@dataclass(frozen=True)
class Edit:
    """One line of a file, changed."""

    file: str
    line: int
    old: str
    new: str

    def apply(self, project: Path) -> None:
        path = project / self.file
        lines = path.read_text(encoding="utf-8").split("\n")
        assert self.old in lines[self.line - 1], f"{self.file}:{self.line} has no {self.old!r}"
        lines[self.line - 1] = lines[self.line - 1].replace(self.old, self.new)
        path.write_text("\n".join(lines), encoding="utf-8")


@dataclass(frozen=True)
class Block:
    """A fenced block, the line it begins at, and the edits before it."""

    language: str
    text: str
    line: int
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True)
class Step:
    """A command and the lines that the guide shows it to print."""

    command: str
    shown: list[str] = field(default_factory=list)


def blocks(text: str) -> list[Block]:
    """All fenced blocks of a guide, in order."""
    found = []
    end = 0
    for match in _FENCE.finditer(text):
        edits = [
            Edit(file, int(line), old, new)
            for file, line, old, new in _EDIT.findall(text[end : match.start()])
        ]
        line = text.count("\n", 0, match.start()) + 1
        found.append(Block(match[1], match[2], line, tuple(edits)))
        end = match.end()
    return found


def steps(block: Block) -> list[Step]:
    """The commands of a `console` block."""
    found: list[Step] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append(Step(line.removeprefix("$ ")))
        else:
            assert found, f"line {block.line}: a console block begins with a command"
            found[-1].shown.append(line)
    return found


def differs(shown: list[str], printed: list[str]) -> bool:
    """Whether output is other than shown, but for times and for what `...` stands for."""
    pattern = "".join(
        r"(?:.*\n)*" if line == _REST else re.escape(_timeless(line)) + r"\n" for line in shown
    )
    text = "".join(f"{_timeless(line.rstrip())}\n" for line in printed)
    return re.fullmatch(pattern, text) is None


def _timeless(line: str) -> str:
    return _TIME.sub("0.0 s", line)


def run(guide: Path, project: Path) -> int:
    """Run a guide in a copy of the project; the number of commands and examples that ran."""
    count = 0
    waiting: list[Block] = []
    for block in blocks(guide.read_text(encoding="utf-8")):
        if block.language == "python":
            waiting.append(block)
        elif block.language == "console":
            count += _python(waiting, project, guide.name)
            waiting = []
            with _edited(block.edits, project):
                count += _console(block, project, f"{guide.name}:{block.line}")
    return count + _python(waiting, project, guide.name)


@contextmanager
def _edited(edits: tuple[Edit, ...], project: Path) -> Iterator[None]:
    before = {edit.file: (project / edit.file).read_bytes() for edit in edits}
    try:
        for edit in edits:
            edit.apply(project)
        yield
    finally:
        for file, content in before.items():
            (project / file).write_bytes(content)


def _console(block: Block, project: Path, place: str) -> int:
    for step in steps(block):
        done = _run(["bash", "-euo", "pipefail", "-c", step.command], project)
        allowed = (0, 1) if block.edits else (0,)
        assert done.returncode in allowed, (
            f"{place}: {step.command}\n{done.stdout}{done.stderr}"
        )
        printed = done.stdout.splitlines()
        assert not step.shown or not differs(step.shown, printed), (
            f"{place}: {step.command} prints otherwise:\n{done.stdout}{done.stderr}"
        )
        assert all(len(line) <= 80 for line in step.shown), f"{place}: wider than 80 columns"
    return len(steps(block))


def _python(found: list[Block], project: Path, name: str) -> int:
    """Run the blocks that no command stands between as one doctest, in one process."""
    if not found:
        return 0
    lines: list[str] = []
    for block in found:
        assert ">>> " in block.text, f"{name}:{block.line}: a python block has examples"
        lines += [""] * (block.line - len(lines))  # so that doctest tells lines of the guide
        lines += block.text.splitlines()
    script = project / "dist" / name
    script.parent.mkdir(exist_ok=True)
    script.write_text("\n".join([*lines, ""]), encoding="utf-8")
    done = _run([sys.executable, "-m", "doctest", "-o", "ELLIPSIS", str(script)], project)
    assert done.returncode == 0, f"{name}:\n{done.stdout}{done.stderr}"
    return sum(block.text.count(">>> ") for block in found)


def _run(words: list[str], project: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words,
        cwd=project,
        env={
            **os.environ,
            "PATH": f"{project / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(project / "src"),
            "COLUMNS": "80",
            "NO_COLOR": "1",
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
