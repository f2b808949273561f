"""Writing that survives a crash: every write of a build or a release goes through here.

What each function promises when it returns, and in which order it got there:

- `writing`, `write_file`: the whole content stands under the final name, on the disk. Order:
  write to a temporary name in the same folder, set the mode, fsync the file, rename, fsync the
  folder. A crash at any point leaves the old file (or none) under the final name, never a part.
- `appending`, `finish`: what is appended stays for a later run to go on with; `finish` then
  gives it its final name, in the order of `writing`.
- `rename_folder`: the folder and all in it stand under its new name, on the disk. Order: fsync
  every file and folder in it, rename, fsync the folders that it left and entered. It never
  replaces anything.
- `lock`: nobody else holds the folder's lock. A process that dies frees it.

The functions are thin on purpose: each step is one system call, so that a test can make the
n-th one fail. Modes are set, not left to the umask, so that the same build has the same modes.
"""

from __future__ import annotations

import os
import shutil
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from rekodiq_data.errors import RekodiqError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FILE_MODE = 0o644
FOLDER_MODE = 0o755
PART_SUFFIX = ".part"

# Windows can neither open a folder nor set these modes; its renames are durable enough there.
_POSIX = os.name == "posix"
_WRITE = (
    os.O_WRONLY
    | os.O_CREAT
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_CREATE = _WRITE | os.O_EXCL


@contextmanager
def writing(path: Path, mode: int = FILE_MODE) -> Iterator[BinaryIO]:
    """A stream whose content becomes the file `path` when the block ends without an error.

    With an error, nothing of it is left and an older file of that name stays as it was. One
    writer per name at a time: where two could meet, hold `lock`.

    Raises:
        OSError: the disk is full, the folder does not exist, permission is denied.
    """
    part = part_of(path)
    part.unlink(missing_ok=True)
    # O_EXCL: whatever else appears under this name, a link above all, is not written through.
    handle = os.open(part, _CREATE, mode)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            if _POSIX:
                os.fchmod(handle, mode)
            os.fsync(handle)
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    sync_folder(path.parent)


def write_file(path: Path, content: bytes | Iterable[bytes], mode: int = FILE_MODE) -> None:
    """Make `content` (or its pieces, in order) the file `path`. Raises as `writing` does."""
    with writing(path, mode) as stream:
        for piece in [content] if isinstance(content, bytes) else content:
            stream.write(piece)


def appending(path: Path) -> BinaryIO:
    """The file `path`, opened to write after what it holds; made where it is missing.

    Raises:
        OSError: it is a link, its folder does not exist, permission is denied.
    """
    return os.fdopen(os.open(path, _WRITE | os.O_APPEND, FILE_MODE), "ab")


def finish(part: Path, target: Path, mode: int = FILE_MODE) -> None:
    """Give the whole file `part` the name `target`, replacing an older one, durably.

    Raises:
        OSError: `part` is missing, or on another file system.
    """
    if _POSIX:
        part.chmod(mode)
    with part.open("rb" if _POSIX else "rb+") as stream:
        os.fsync(stream.fileno())
    part.replace(target)
    sync_folder(target.parent)


def part_of(path: Path) -> Path:
    """The temporary name under which `path` is written.

    It is always the same, so that a run after a crash writes over what the crash left.
    """
    return path.with_name(f".{path.name}{PART_SUFFIX}")


def make_folder(path: Path) -> None:
    """Make the folder `path`, and those above it that are missing; one that is there is kept.

    Raises:
        FileExistsError: something else has that name.
        OSError: permission is denied, the disk is full.
    """
    if path.is_dir():
        return
    make_folder(path.parent)
    # Another process may have made it since the look above.
    path.mkdir(FOLDER_MODE, exist_ok=True)
    if _POSIX:
        path.chmod(FOLDER_MODE)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Put the names in the folder `path` on the disk (not the content of its files)."""
    if not _POSIX:
        return
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(path: Path) -> None:
    """Put the folder `path` and everything below it on the disk, the innermost first."""
    for folder, _, files in os.walk(path, topdown=False):
        for name in files:
            inner = Path(folder, name)
            if stat.S_ISREG(inner.lstat().st_mode):
                # A read-only file can be put on the disk too, but not on Windows.
                with inner.open("rb" if _POSIX else "rb+") as stream:
                    os.fsync(stream.fileno())
        sync_folder(Path(folder))


def rename_folder(source: Path, target: Path) -> None:
    """Give the folder `source` the name `target`, on the same file system, durably.

    Raises:
        FileExistsError: `target` exists, in whatever form. Where another process could make it
            between the check and the rename, hold `lock`.
        OSError: `source` is missing, or on another file system.
    """
    # A rename would silently replace an empty folder.
    if os.path.lexists(target):
        raise FileExistsError(f'"{target}" exists already')
    sync_tree(source)
    source.rename(target)
    sync_folder(target.parent)
    if source.parent != target.parent:
        sync_folder(source.parent)


def remove_tree(path: Path) -> None:
    """Remove the folder (or file, or link) `path`, if it is there. Links are never followed.

    Raises:
        OSError: permission is denied.
    """
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        shutil.rmtree(path)
    else:
        path.unlink()
    sync_folder(path.parent)


@contextmanager
def lock(folder: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the lock of `folder` for the block: no other process does so at the same time.

    The lock is on the folder itself, so that no file of it is left behind; the system frees it
    when its holder ends, however that happens.

    Args:
        folder: an existing folder.
        wait: whether to wait for another holder; else RekodiqError is raised at once.

    Raises:
        RekodiqError: another process holds the lock, and `wait` is false.
        OSError: the folder does not exist.
    """
    # Not on Windows, where nothing is released.
    import fcntl

    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RekodiqError(
                f'another process is at work in "{folder}"', hint="wait until it has ended"
            ) from error
        yield
    finally:
        os.close(handle)
