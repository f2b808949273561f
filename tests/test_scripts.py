"""What scripts/test installs, and what it says where it may not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def _needing(who: str, *words: str) -> subprocess.CompletedProcess[str]:
    """`need_commands` as the user `who`, with an apt-get that says what it is asked."""
    script = (
        "source scripts/environment\n"
        f"id() {{ echo {who}; }}\n"
        'apt-get() { echo "apt-get $*" >&2; }\n'
        'need_commands "$@"\n'
    )
    return subprocess.run(
        ["bash", "-c", script, "test", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )


def test_what_is_there_is_neither_installed_nor_told_of():
    done = _needing("0", "bash:bash", "everything")
    assert (done.stdout, done.stderr) == ("", "")


def test_what_is_missing_is_installed_by_who_may_and_named_where_it_is_missing_still():
    done = _needing("0", "bash:bash", "everything", "no-such-tool:its-package", "one test")
    assert "its-package" in done.stdout
    assert "apt-get install -y -qq its-package\n" in done.stderr
    assert done.stderr.endswith(
        "Not installed, so tests are skipped: no-such-tool, of the package its-package"
        " (one test)\n"
    )


def test_who_may_not_install_is_told_what_is_missing():
    done = _needing("1000", "no-such-tool:its-package", "one test", "bash:bash", "all")
    assert done.stdout == ""
    assert done.stderr == (
        "Not installed, so tests are skipped: no-such-tool, of the package its-package"
        " (one test)\n"
    )


def test_the_lock_names_all_that_its_packages_need():
    # It is installed as it stands, without looking for what it may lack.
    done = subprocess.run(
        [sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
