"""Which of several verdicts on one record is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rekodiq_data.checks.base import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

GRAVITY: Mapping[Verdict, int] = {
    Verdict.NOT_APPLICABLE: 0,
    Verdict.HELD: 1,
    Verdict.UNDECIDED: 2,
    Verdict.FAILED: 3,
}
"""A record with several figures to judge is what the gravest verdict on any of them says."""
