"""docs/dependencies.md names what is installed, each with a reason, and nothing else."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# The name to import, where it is not that of the package.
IMPORTED = {"python-dateutil": "dateutil", "python-stdnum": "stdnum", "pyyaml": "yaml"}


def _section(title: str) -> dict[str, str]:
    """Package and reason, as the table under a heading has them."""
    text = PAGE.split(f"## {title}\n")[1].split("\n## ")[0]
    rows = dict(re.findall(r"^\| (\S+) \| (.+) \|$", text, re.MULTILINE))
    return {name: why for name, why in rows.items() if name != "package"}


def _names(lines: list[str]) -> set[str]:
    """Packages of a requirements file or list, without versions."""
    return {
        re.split(r"[<>=!~\[; ]", line)[0]
        for line in lines
        if line.strip() and not line.startswith(("#", "-"))
    }


def _listed(name: str) -> set[str]:
    return _names((ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines())


def test_what_runs_is_what_pyproject_declares():
    assert set(_section("To run")) == _names(PROJECT["project"]["dependencies"])


def test_what_extras_need_is_what_pyproject_declares():
    extras = PROJECT["project"]["optional-dependencies"].values()
    assert set(_section("To run, with an extra")) == set().union(*map(_names, extras))


def test_what_installs_stands_in_the_runtime_list_beside_what_runs():
    assert set(_section("To run")) | set(_section("To install")) == _listed("runtime.in")


def test_what_tests_need_is_what_the_test_list_names():
    assert set(_section("To test")) == _listed("test.in")


def test_the_server_of_s3_is_what_its_list_names():
    assert set(_section("To test reading from S3")) == _listed("s3server.in")


def test_what_the_code_imports_is_declared():
    imported = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.split(".")[0])
    foreign = imported - sys.stdlib_module_names - {"rekodiq_data"}
    declared = {**_section("To run"), **_section("To run, with an extra")}
    assert foreign == {IMPORTED.get(name, name) for name in declared}


TITLES = ("To run", "To run, with an extra", "To install", "To test", "To test reading from S3")


@pytest.mark.parametrize("title", TITLES)
def test_names_stand_in_order_with_a_reason(title):
    section = _section(title)
    if title != "To install":
        assert list(section) == sorted(section, key=str.lower)
    assert all(why.endswith(".") and len(why) > 10 for why in section.values())
