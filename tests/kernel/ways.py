"""The same work with the compiled kernel and without it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from rekodiq_data import kernel
from rekodiq_data.kernel import cells, hashes, places, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

needs_kernel = pytest.mark.skipif(
    kernel.library() is None, reason="no C compiler was there to compile the kernel"
)


@contextmanager
def without_kernel() -> Iterator[None]:
    """As on a machine where the kernel was not compiled."""
    with (
        mock.patch.object(cells, "library", return_value=None),
        mock.patch.object(hashes, "library", return_value=None),
        mock.patch.object(places, "library", return_value=None),
        mock.patch.object(texts, "library", return_value=None),
    ):
        yield
