"""What git says of a project's repository, and its revisions, written out."""

from __future__ import annotations

import os
import subprocess
import tempfile
import zipfile
from pathlib import Path

from rekodiq_data.errors import NotReadable, WrongCall

_SECONDS = 600


def export(project: Path, revision: str, paths: list[str], into: Path) -> str:
    """Write out files of `project` as they were at `revision`.

    Args:
        project: a folder inside a working tree.
        revision: anything that git takes for a commit: a hash, a branch, a tag, `HEAD~1`.
        paths: what to write out, relative to `project`, as git's pathspecs.
        into: the folder to write to, which exists.

    Returns:
        The commit, in hexadecimal digits.

    Raises:
        WrongCall: there is no such revision, or it has none of these files.
        NotReadable: there is no git to ask, or `project` is in no repository.
    """
    if not answer(project, "rev-parse", "--is-inside-work-tree"):
        raise NotReadable(
            project,
            f'"{project}" is in no git repository that can be read',
            hint="revisions are read with git; name a folder or a published version instead",
        )
    commit = answer(
        project,
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        f"{revision}^{{commit}}",
    )
    if not commit:
        raise WrongCall(
            f'"{revision}" is no revision of the repository of "{project}"',
            hint="git log --oneline lists revisions, and git tag lists names",
        )
    with tempfile.TemporaryDirectory(prefix="rekodiq-data-") as folder:
        # As zip and not as tar: it is unpacked without links, and never outside of `into`.
        archive = Path(folder) / "revision.zip"
        done = answer(
            project,
            "archive",
            "--format=zip",
            "-0",
            f"--output={archive}",
            commit,
            "--",
            *paths,
        )
        if done is None:
            raise WrongCall(
                f'revision {revision} holds none of {", ".join(paths)} in "{project}"',
                hint="name a revision that has the project in the same folder",
            )
        with zipfile.ZipFile(archive) as files:
            files.extractall(into)
    return commit


def checkout(project: Path, commit: str, into: Path) -> Path:
    """A repository of its own in the folder `into`, at a commit of the project's repository.

    Nothing is written to the project's own repository.

    Args:
        project: a folder inside a working tree.
        commit: in hexadecimal digits.
        into: the folder to make.

    Returns:
        The folder of the project in it.

    Raises:
        NotReadable: `project` is in no repository, or that has no such commit.
    """
    top = answer(project, "rev-parse", "--show-toplevel")
    inner = answer(project, "rev-parse", "--show-prefix")
    if top is None or inner is None:
        raise NotReadable(
            project,
            f'"{project}" is in no git repository that can be read',
            hint="clone the project's repository, and name it with --project",
        )
    copy = ["clone", "--quiet", "--shared", "--no-checkout", top, str(into.resolve())]
    options = ["-c", "core.autocrlf=false", "-c", "advice.detachedHead=false"]
    if (
        answer(project, *copy) is None
        or answer(into, *options, "checkout", "--quiet", "--detach", commit) is None
    ):
        raise NotReadable(
            project,
            f'the repository of "{project}" has no commit {commit}',
            hint="fetch its whole history: git fetch --unshallow",
        )
    return into / inner


def answer(folder: Path, *arguments: str) -> str | None:
    """What git answers about `folder`, without the line end; None where it can't."""
    # GIT_DIR and its like would make git speak of another repository than the folder's own.
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith("GIT_")
    }
    try:
        done = subprocess.run(
            # A repository's own settings can name a program to run; we only look, so none is.
            [
                "git",
                "-C",
                str(folder),
                "--no-optional-locks",
                "-c",
                "core.fsmonitor=false",
                *arguments,
            ],
            capture_output=True,
            check=True,
            env=environment,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return done.stdout.strip()
