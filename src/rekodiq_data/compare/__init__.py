"""From the names that people type to packages that can be compared, and to words about them."""

from __future__ import annotations

from rekodiq_data.compare.changelog import Written, write_changelog
from rekodiq_data.compare.named import local_package, project_at

__all__ = ["Written", "local_package", "project_at", "write_changelog"]
