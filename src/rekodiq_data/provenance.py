"""Where data came from: the commit of its repository. Never a reason to fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rekodiq_data.repository import answer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def source_of(folder: Path, paths: Sequence[str] = (".",)) -> dict[str, str | bool | None]:
    """Commit of the repository that `folder` is in, and whether files there differ from it.

    Args:
        folder: any folder.
        paths: files and folders, relative to `folder`, whose state counts. Files that are new
            and not ignored count as changes.

    Returns:
        `commit` (40 or 64 hexadecimal digits) and `dirty`; both None where there is no
        repository, no commit yet, or no git to ask.
    """
    commit = answer(folder, "rev-parse", "--verify", "HEAD")
    if commit is None:
        return {"commit": None, "dirty": None}
    changes = answer(folder, "status", "--porcelain", "--untracked-files=all", "--", *paths)
    return {"commit": commit, "dirty": None if changes is None else bool(changes)}
