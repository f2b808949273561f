"""What a command imports: nothing heavy before it is needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PACKAGES = Path(__file__).parent.parent / "packages"
HEAVY = ("pandas", "pandera", "pyarrow", "frictionless", "numpy", "jinja2", "rapidfuzz")


def _imported(*words: str) -> set[str]:
    program = (
        "import sys; from rekodiq_data.cli import run; run(sys.argv[1:]);"
        "print('|'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, check=True
    )
    return {name for name in HEAVY if name in done.stderr.splitlines()[-1].split("|")}


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["validate", "--help"]])
def test_help_imports_nothing_heavy(words):
    assert _imported(*words) == set()


def test_pandera_waits_for_a_table_that_has_rules():
    assert "pandera" not in _imported("validate", str(PACKAGES / "columns_without_rules"))
    assert "pandera" in _imported("validate", str(PACKAGES / "two_faults_in_one_row"))


def test_pandas_stays_out_where_nothing_asks_for_it():
    assert "pandas" not in _imported("validate", str(PACKAGES / "columns_without_rules"))
    assert "pandas" not in _imported("validate", str(PACKAGES / "parent_in_the_same_table"))


def test_pyarrow_knows_pandas_again_when_somebody_needs_it():
    program = (
        "from rekodiq_data.cli.arrow_alone import leave_pandas_out; leave_pandas_out();"
        "import rekodiq_data.frames, pandas, pyarrow;"
        "print(pyarrow.array(pandas.Series([1.5, None])).null_count)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "1\n"


def test_frictionless_is_not_on_the_way_of_validate():
    assert "frictionless" not in _imported("validate", str(PACKAGES / "two_faults_in_one_row"))


def test_verify_needs_neither_pandera_nor_pandas():
    assert not {"pandera", "pandas"} & _imported("verify", str(PACKAGES / "valid"))
