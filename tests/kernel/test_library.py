"""The compiled kernel is used where it is that of its source, and missed in time alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import hatch_build
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekodiq_data.kernel import count_of, hashes_of, library, places_of
from rekodiq_data.kernel.library import LIBRARY, SOURCES, loaded
from rekodiq_data.keys import hashes as key_hashes
from tests.kernel.ways import needs_kernel, without_kernel

ROOT = Path(__file__).parents[2]


@needs_kernel
def test_this_suite_runs_with_the_kernel_of_this_source():
    assert loaded(LIBRARY, SOURCES) is not None


@needs_kernel
def test_a_library_of_another_source_is_not_used(tmp_path):
    _copy_sources(tmp_path)
    assert loaded(LIBRARY, tmp_path) is not None
    (tmp_path / "cut.c").write_bytes((SOURCES / "cut.c").read_bytes() + b"\n/* changed */\n")
    assert loaded(LIBRARY, tmp_path) is None


def test_where_there_is_none_nothing_is_loaded(tmp_path):
    assert loaded(tmp_path / "kernel.so", SOURCES) is None
    (tmp_path / "kernel.so").write_bytes(b"no library")
    assert loaded(tmp_path / "kernel.so", SOURCES) is None


@needs_kernel
def test_a_library_without_the_functions_is_not_used(tmp_path):
    made = tmp_path / "kernel.so"
    (tmp_path / "cut.c").write_text("int rk_other(void) { return 1; }\n")
    hatch_build.compile_kernel(tmp_path, made)
    assert loaded(made, tmp_path) is None


@needs_kernel
def test_it_compiles_without_a_warning(tmp_path):
    options = ("-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror")
    hatch_build.compile_kernel(SOURCES, tmp_path / "kernel.so", *options)
    assert loaded(tmp_path / "kernel.so", SOURCES) is not None


def test_without_a_compiler_the_old_library_goes_and_a_warning_says_so(
    tmp_path, monkeypatch, capfd
):
    kernel = tmp_path / "src" / "rekodiq_data" / "kernel"
    kernel.mkdir(parents=True)
    _copy_sources(kernel)
    (kernel / "kernel.so").write_bytes(b"of another source")
    monkeypatch.setenv("CC", "no-such-compiler")
    hook = hatch_build.Packaged(str(tmp_path), {}, None, None, str(tmp_path), "wheel")
    hook.initialize("editable", {"force_include": {}})
    assert not (kernel / "kernel.so").exists()
    assert "Install a C compiler" in "".join(capfd.readouterr())
    build_data = {"force_include": {}}
    hook.initialize("standard", build_data)
    assert build_data == {"force_include": {}}  # a wheel for any machine


def test_a_compiler_that_fails_is_as_none(tmp_path, monkeypatch):
    kernel = tmp_path / "src" / "rekodiq_data" / "kernel"
    kernel.mkdir(parents=True)
    (kernel / "cut.c").write_text("no C\n")
    hook = hatch_build.Packaged(str(tmp_path), {}, None, None, str(tmp_path), "wheel")
    build_data = {"force_include": {}}
    hook.initialize("standard", build_data)
    assert build_data == {"force_include": {}}
    monkeypatch.setenv("CC", "false")
    with pytest.raises(subprocess.CalledProcessError):
        hatch_build.compile_kernel(kernel, tmp_path / "kernel.so")


def test_the_whole_program_works_without_it():
    script = (
        "from rekodiq_data.kernel import cells, hashes, places, texts\n"
        "for each in (cells, hashes, places, texts): each.library = lambda: None\n"
        "from rekodiq_data.cli import main\n"
        "main(['validate'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@given(st.binary(max_size=600), st.integers(0, 255))
def test_bytes_are_counted_and_found_alike(data, byte):
    end = len(data) * 2 // 3
    expected = [at for at, each in enumerate(data) if each == byte]
    for _way in _both():
        assert count_of(data, byte) == len(expected)
        assert places_of(data, end, byte).tolist() == [at for at in expected if at < end]


TEXTS = st.text(st.sampled_from("aé😀\0 "), max_size=40)


@given(
    st.lists(st.one_of(TEXTS, st.none(), st.just("x" * 256), st.just("x" * 257)), max_size=20),
    st.integers(0, 3),
)
def test_texts_have_the_same_numbers_either_way(texts, skipped):
    column = pa.array(["other", "ones", "before", *texts], pa.string())[skipped:]
    ways = [key_hashes.hash_rows([column]).tolist() for _way in _both()]
    assert ways[0] == ways[1]


@needs_kernel
def test_only_short_texts_are_numbered_by_the_kernel():
    column = pa.array(["x" * 10, "x" * 257])
    offsets = np.frombuffer(column.buffers()[1], np.int32)[:3]
    assert hashes_of(column.buffers()[2], offsets, 256) is None
    assert hashes_of(column.buffers()[2], offsets, 257) is not None
    assert hashes_of(None, offsets[:1], 256) is None


def _copy_sources(folder: Path) -> None:
    for each in SOURCES.glob("*.[ch]"):
        shutil.copy(each, folder)


def _both():
    yield library()
    with without_kernel():
        yield None
