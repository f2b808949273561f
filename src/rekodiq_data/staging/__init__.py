"""A version's folder, written from a built package: what `release` publishes.

The same package and the same versions before it give the same bytes, so that `reproduce` can
make the folder once more and compare.
"""

from __future__ import annotations

from rekodiq_data.staging.draft import CHANGELOG_NAME, DIFF_NAME, Draft, base_of, draft_of
from rekodiq_data.staging.folder import stage

__all__ = ["CHANGELOG_NAME", "DIFF_NAME", "Draft", "base_of", "draft_of", "stage"]
