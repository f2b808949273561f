"""What the tests of stopped releases start from."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from rekodiq_data.release import release
from tests.published import built, snapshot
from tests.release.interrupted import NEW, OLD


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """The stores that undisturbed runs make: with 1.0.0, and with 1.1.0 after it."""
    folder = tmp_path_factory.mktemp("reference")
    release(built(*OLD), folder)
    before = snapshot(folder)
    release(built(*NEW), folder)
    return before, snapshot(folder)


@pytest.fixture
def home():
    """A folder in memory where there is one: these tests wait for the disk, or for nothing."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(
        dir=memory if os.access(memory, os.W_OK) else None
    ) as folder:
        yield Path(folder)
