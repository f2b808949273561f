"""The kernel stays within its arrays on any bytes: gcc's sanitizers watch each access."""

from __future__ import annotations

import os
import random
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

DRIVER = Path(__file__).with_name("driver.c")
PARTS = [b'"', b",", b"\n", b"\r\n", b"\r", b"a", b"-", b"1.25", b"2024-02-29", b"NA", b"\xff"]
CELLS = [b"", b"1", b"-12.5", b"2024-02-29", b"NA", b'"x,\n"', b'"a""b"', b"x" * 15, b"x" * 40]


def compiled(folder: Path, *options: str) -> Path:
    """The driver with the kernel inside it, compiled with the sanitizers."""
    compiler = os.environ.get("CC") or shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler")
    program = folder / "driver"
    words = [*compiler.split(), "-std=c11", "-g", "-O1", "-Wall", "-Wextra", "-Werror"]
    words += ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", '-DRK_SOURCE="x"']
    subprocess.run([*words, *options, str(DRIVER), "-o", str(program)], check=True)
    return program


@pytest.fixture(scope="module")
def driver(tmp_path_factory) -> Path:
    return compiled(tmp_path_factory.mktemp("driver"))


def fed(width: int, quote: bytes, data: bytes) -> bytes:
    """A block as the driver reads it."""
    return struct.pack("=6q", len(data), data.count(b"\n"), width, 44, ord(quote), 500) + data


def blocks(seed: int, count: int):
    """Blocks of any bytes, and of records that are like each other."""
    chosen = random.Random(seed)
    for number in range(count):
        width = chosen.randint(2, 5)
        if number % 2:
            data = b"".join(chosen.choices(PARTS, k=chosen.randint(0, 60)))
        else:
            records = [
                chosen.choices(CELLS, k=width) for _record in range(chosen.randint(0, 300))
            ]
            data = b"\n".join(b",".join(record) for record in records)
        yield width, chosen.choice([b'"', b","]), data


@pytest.mark.parametrize("seed", range(3))
def test_no_access_beyond_an_array(driver, seed):
    given = b"".join(fed(*block) for block in blocks(seed, 3000))
    done = subprocess.run([driver], input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    regular, _of, of = done.stdout.decode().split()
    assert int(of) == 3000
    assert int(regular) > 500


def test_an_access_beyond_an_array_is_seen(tmp_path):
    short = compiled(tmp_path, "-DSHORT=1")
    done = subprocess.run(
        [short], input=fed(2, b'"', b"a,b")[:-1], capture_output=True, check=False
    )
    assert b"heap-buffer-overflow" in done.stderr


def test_processors_without_sse_cut_the_same_blocks(driver, tmp_path):
    portable = compiled(tmp_path, "-U__SSE2__")
    given = b"".join(fed(*block) for block in blocks(7, 2000))
    ways = [
        subprocess.run([program], input=given, capture_output=True, check=True).stdout
        for program in (driver, portable)
    ]
    assert ways[0] == ways[1]
