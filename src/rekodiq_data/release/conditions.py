"""What a version must meet beside its number being free: a commit, and an honest step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rekodiq_data.catalog import CAP
from rekodiq_data.errors import NotReadable, ReleaseRefused
from rekodiq_data.files.gate import read_bytes
from rekodiq_data.files.texts import parse_json
from rekodiq_data.verify.contents import BUILD_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from rekodiq_data.diff import Step
    from rekodiq_data.versions import Version

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a package was built from, as its build.json says.

    Attributes:
        commit: of the repository; None where there was none, or it is not said.
        dirty: whether files differed from that commit; None where nobody could tell.
    """

    commit: str | None
    dirty: bool | None

    @classmethod
    def of(cls, package: Path) -> Origin:
        """The origin of a proved package."""
        try:
            made = parse_json(read_bytes(package, BUILD_NAME, CAP), BUILD_NAME).value
            commit, dirty = made.get("commit"), made.get("dirty")
        except (NotReadable, AttributeError):
            return cls(None, None)
        return cls(
            commit if isinstance(commit, str) else None,
            dirty if isinstance(dirty, bool) else None,
        )

    @property
    def is_a_commit(self) -> bool:
        """Whether the commit alone is enough to build the package again."""
        return self.commit is not None and self.dirty is False


def require_origin(origin: Origin, *, allow_dirty: bool) -> None:
    """Raises ReleaseRefused where the data is not that of a commit, and has to be."""
    if origin.is_a_commit or allow_dirty:
        return
    if origin.commit is None:
        reason = "it was built outside of any git repository with a commit"
    elif origin.dirty:
        reason = f"files differed from the commit {origin.commit[:12]} when it was built"
    else:
        reason = (
            f"nobody could tell whether files differed from the commit {origin.commit[:12]}"
        )
    raise ReleaseRefused(
        f"nobody could rebuild this version: {reason}",
        hint="commit first, then build and release (git status says what is in the way); or"
        " say --allow-dirty",
    )


def require_honest_step(step: Step, old: Version, new: Version) -> None:
    """Raises ReleaseRefused, with the reasons, where a step is smaller than is honest."""
    if step.allows(old, new):
        return
    reasons = [each for each in step.reasons if each.size is step.size]
    lines = [f"  {each.text}" for each in reasons[:_SHOWN]]
    if len(reasons) > _SHOWN:
        lines.append(f"  and {len(reasons) - _SHOWN:,} more such changes")
    raise ReleaseRefused(
        f"{new} is too small a step from {old}: at least a {step.size.word} step is honest,"
        " because\n" + "\n".join(lines),
        hint=f"release as {step.next(old)} or higher; docs/versioning.md has the rules",
    )
