"""Reads that can't leave their folder.

What the user typed may be a link; what a descriptor names may not. A named file is opened
component by component, relative to the descriptor of the folder above it and never through a
link, so that nothing can be swapped between the check and the read. Only regular files are
read, and never more bytes than the caller allows.
"""

from __future__ import annotations

import os
import re
import stat
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from rekodiq_data.errors import MissingFile, NothingFound, NotReadable, TooLarge
from rekodiq_data.suggest import closest

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ADDRESS = re.compile(r"(?:https?|ftps?)://", re.IGNORECASE)
_SIBLINGS = 10_000

# Windows opens no file relative to a folder's descriptor: there, real paths are compared.
_RELATIVE_OPEN = os.open in os.supports_dir_fd and os.stat in os.supports_dir_fd
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_FOLDER = getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0) | os.O_RDONLY
# Without O_NONBLOCK, opening a pipe that took a file's place would wait for ever.
_FILE = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)


@dataclass(frozen=True, slots=True)
class Odd:
    """Something below a folder that is no regular file: its relative path, and what it is."""

    path: str
    kind: str


@dataclass(frozen=True, slots=True)
class Listing:
    """All that stands below a folder: regular files, and everything else that is no folder.

    Paths are relative, with `/`, sorted by code points. Hidden names are included.
    """

    files: tuple[str, ...]
    odd: tuple[Odd, ...]


def is_address(path: str) -> bool:
    """Whether `path` is an address on the network rather than a file's path."""
    return _ADDRESS.match(path) is not None


def wrong_path(relative: str) -> str | None:
    """What forbids `relative` as the path of a file inside a package, or None.

    >>> wrong_path("data/estimates.csv") is None
    True
    >>> wrong_path("../estimates.csv")
    'it leaves the folder through ".."'
    """
    if not relative:
        return "it is empty"
    if "\0" in relative:
        return "it holds a NUL character"
    if "\\" in relative:
        return 'it holds a backslash; write "/" between folders'
    if relative.startswith("/"):
        return "it is absolute"
    if _SCHEME.match(relative):
        return "it is an address or names a drive; only files inside the folder are read"
    for component in relative.split("/"):
        if component == "":
            return 'it holds an empty part ("//", or "/" at the end)'
        if component == "..":
            return 'it leaves the folder through ".."'
        if component.startswith("~"):
            return 'a part of it starts with "~"'
        if component.startswith("."):
            return "a part of it is hidden (it starts with a dot)"
    if not _is_utf8(relative):
        return "it is not UTF-8 text"
    return None


def open_inside(base: Path, relative: str) -> BinaryIO:
    """The regular file `relative` below the folder `base`, opened for reading.

    Args:
        base: a folder; may itself be reached through links.
        relative: a path with `/`, made of plain names.

    Raises:
        MissingFile: there is no such file; the hint names one like it.
        NotReadable: the path leaves the folder or is hidden, a part of it is a link, it is no
            regular file, or permission is denied.
    """
    reason = wrong_path(relative)
    if reason is not None:
        raise NotReadable(
            relative,
            f'"{relative}" is not a safe path: {reason}',
            hint="name a file inside the folder, such as data/table.csv",
        )
    opener = _open_by_descriptors if _RELATIVE_OPEN else _open_by_real_path
    return os.fdopen(opener(base, relative), "rb")


def resolve_inside(base: Path, relative: str) -> Path:
    """The path of the regular file `relative` below `base`, for readers that need a name.

    It was opened once and found to be contained and regular. Raises as `open_inside` does.
    """
    open_inside(base, relative).close()
    return base.joinpath(*relative.split("/"))


def read_bytes(base: Path, relative: str, cap: int) -> bytes:
    """All bytes of the file `relative` below `base`, at most `cap` of them.

    Raises:
        TooLarge: the file is larger than `cap`.
        NotReadable: `open_inside` refuses it.
    """
    with open_inside(base, relative) as stream:
        return _read_capped(stream, relative, cap)


def is_given_folder(path: Path) -> bool:
    """Whether the PATH that the user typed is a folder (links are followed).

    Raises:
        NothingFound: there is nothing at `path`.
        NotReadable: permission is denied, or the path can't be one.
    """
    try:
        with _plain_words(path):
            return stat.S_ISDIR(path.stat().st_mode)
    except MissingFile as error:
        raise NothingFound(path, error.message, hint="check how it is spelt") from error
    except ValueError as error:
        raise NotReadable(path, "a path can't hold a NUL character") from error


def open_given(path: Path) -> BinaryIO:
    """The regular file `path` that the user typed, opened for reading; links are followed.

    Raises:
        MissingFile: there is no such file.
        NotReadable: it is no regular file, or permission is denied.
    """
    with _plain_words(path):
        _refuse_odd(path.stat().st_mode, path)
        handle = os.open(path, _FILE)
    return os.fdopen(_kept_if_regular(handle, path), "rb")


def read_given(path: Path, cap: int) -> bytes:
    """All bytes of the file that the user typed, at most `cap`. Raises as `open_given` does."""
    with open_given(path) as stream:
        return _read_capped(stream, path, cap)


def list_files(base: Path) -> Listing:
    """Everything below the folder `base`; links are reported, never followed.

    Raises:
        NotReadable: `base` or a folder below it can't be read.
    """
    files: list[str] = []
    odd: list[Odd] = []
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        with _plain_words(base / folder), os.scandir(base / folder) as entries:
            for entry in entries:
                name = f"{folder}/{entry.name}" if folder else entry.name
                mode = entry.stat(follow_symlinks=False).st_mode
                if not _is_utf8(name):
                    odd.append(
                        Odd(
                            os.fsencode(name).decode("utf-8", "replace"),
                            "a name that is not UTF-8",
                        )
                    )
                elif stat.S_ISDIR(mode):
                    waiting.append(name)
                elif stat.S_ISREG(mode):
                    files.append(name)
                else:
                    odd.append(Odd(name, _kind(mode)))
    return Listing(tuple(sorted(files)), tuple(sorted(odd, key=lambda each: each.path)))


def _open_by_descriptors(base: Path, relative: str) -> int:
    """File descriptor of `relative`, opened part by part below the descriptor of `base`."""
    *folders, name = relative.split("/")
    with _plain_words(base):
        folder = os.open(base, _FOLDER)
    done = ""
    try:
        for component in folders:
            done += component
            with _plain_words(relative, component, folder):
                _refuse_odd(_mode_at(folder, component), relative, done, folder=True)
                inner = os.open(component, _FOLDER | _NO_LINK, dir_fd=folder)
            os.close(folder)
            folder = inner
            done += "/"
        with _plain_words(relative, name, folder):
            _refuse_odd(_mode_at(folder, name), relative)
            handle = os.open(name, _FILE | _NO_LINK, dir_fd=folder)
    finally:
        os.close(folder)
    return _kept_if_regular(handle, relative)


def _open_by_real_path(base: Path, relative: str) -> int:
    """The same where a platform can't open below a descriptor: checked by real paths."""
    done = base.resolve()
    *folders, name = relative.split("/")
    for component in folders:
        done = done / component
        with _plain_words(relative):
            _refuse_odd(done.lstat().st_mode, relative, component, folder=True)
    done = done / name
    with _plain_words(relative):
        _refuse_odd(done.lstat().st_mode, relative)
        handle = os.open(done, _FILE)
    return _kept_if_regular(handle, relative)


def _mode_at(folder: int, name: str) -> int:
    """Mode of `name` in the folder with this descriptor, of a link itself where it is one."""
    return os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode


def _kept_if_regular(handle: int, shown: str | Path) -> int:
    """`handle`, if what was really opened is a regular file; else it is closed again."""
    try:
        # The check before the open could have seen another file of the same name.
        _refuse_odd(os.fstat(handle).st_mode, shown)
    except NotReadable:
        os.close(handle)
        raise
    return handle


def _refuse_odd(
    mode: int, shown: str | Path, part: str | None = None, *, folder: bool = False
) -> None:
    """Raise NotReadable unless `mode` is that of a regular file (of a folder, for `folder`)."""
    if stat.S_ISDIR(mode) if folder else stat.S_ISREG(mode):
        return
    subject = f'"{shown}" can\'t be read: ' + (f'"{part}"' if part else "it")
    wanted = "a folder" if folder else "a regular file"
    hint = "put the file itself there" if stat.S_ISLNK(mode) else None
    raise NotReadable(shown, f"{subject} is {_kind(mode)}, not {wanted}", hint=hint)


def _kind(mode: int) -> str:
    """What a mode is, with its article."""
    if stat.S_ISLNK(mode):
        return "a link"
    if stat.S_ISREG(mode):
        return "a file"
    if stat.S_ISDIR(mode):
        return "a folder"
    if stat.S_ISFIFO(mode):
        return "a pipe"
    if stat.S_ISSOCK(mode):
        return "a socket"
    return "a device"


@contextmanager
def _plain_words(
    shown: str | Path, name: str | None = None, folder: int | None = None
) -> Iterator[None]:
    """Turn the system's errors about `shown` into ours."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError) as error:
        near = _sibling_like(name, folder) if name and folder is not None else None
        raise MissingFile(
            shown, f'"{shown}" does not exist', hint=f'did you mean "{near}"?' if near else None
        ) from error
    except PermissionError as error:
        raise NotReadable(
            shown, f'"{shown}" can\'t be read: permission denied', hint="ask for read access"
        ) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise NotReadable(shown, f'"{shown}" can\'t be read: {reason}') from error


def _sibling_like(name: str, folder: int) -> str | None:
    """The name in `folder` most like `name`, or None. Huge folders are not searched."""
    names = os.listdir(folder)
    return closest(name, names) if len(names) <= _SIBLINGS else None


def _read_capped(stream: BinaryIO, shown: str | Path, cap: int) -> bytes:
    """All bytes of `stream`; it is refused when it holds more than `cap`."""
    data = stream.read(cap + 1)
    if len(data) > cap:
        raise TooLarge(shown, f'"{shown}" is larger than the limit of {cap:,} bytes')
    return data


def _is_utf8(text: str) -> bool:
    """Whether `text` can be written as UTF-8 (a name of other bytes holds surrogates)."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
