"""Where data came from: the commit of its repository. Never a reason to fail."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_SECONDS = 60


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
    commit = _git(folder, "rev-parse", "--verify", "HEAD")
    if commit is None:
        return {"commit": None, "dirty": None}
    changes = _git(folder, "status", "--porcelain", "--untracked-files=all", "--", *paths)
    return {"commit": commit.strip(), "dirty": None if changes is None else bool(changes)}


def _git(folder: Path, *arguments: str) -> str | None:
    """What git answers about `folder`, or None."""
    # GIT_DIR and its like would make git speak of another repository than the folder's own.
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith("GIT_")
    }
    # A repository's own settings can name a program to run; we only look, so none is run.
    quiet = ["--no-optional-locks", "-c", "core.fsmonitor=false"]
    try:
        answer = subprocess.run(
            ["git", "-C", str(folder), *quiet, *arguments],
            capture_output=True,
            check=True,
            env=environment,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return answer.stdout
