"""Digests: SHA256SUMS for the bytes of a folder, content digests for what its tables say.

Both are defined in docs/format.md, with test vectors.
"""

from __future__ import annotations

from rekodiq_data.digest.content import Digests, TableContent, content_digests
from rekodiq_data.digest.sums import Sums, parse_sums, sums_bytes, write_sums

__all__ = [
    "Digests",
    "Sums",
    "TableContent",
    "content_digests",
    "parse_sums",
    "sums_bytes",
    "write_sums",
]
