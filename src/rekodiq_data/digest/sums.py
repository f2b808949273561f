"""SHA256SUMS: the digest of every file of a folder, in one form only.

`sha256sum --strict -c` reads it, but passes over lines that are damaged in certain ways. Here a
file has one form for its content, and any other form is refused: a line per file, sorted by
path, `<64 lower-case hexadecimal digits>  <path>`, LF after each.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from rekodiq_data.errors import BadText, NotReadable
from rekodiq_data.files.durable import FILE_MODE, write_file
from rekodiq_data.files.gate import list_files, open_inside, read_bytes, wrong_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Sums: TypeAlias = Mapping[str, str]

SUMS_NAME = "SHA256SUMS"
SIGNATURE_NAME = "SHA256SUMS.sig"
UNLISTED = frozenset({SUMS_NAME, SIGNATURE_NAME})
SUMS_CAP = 64 * 1024 * 1024

_BLOCK = 1024 * 1024
_DIGEST = re.compile("[0-9a-f]{64}")
_CONTROL = re.compile("[\x00-\x1f\x7f]")


def write_sums(
    folder: Path, mode: int = FILE_MODE, *, known: Sums = MappingProxyType({})
) -> bytes:
    """Write SHA256SUMS for everything below `folder`, and return its bytes.

    `known` are digests of files that were taken while they were written.

    Raises:
        NotReadable: something below is a link or no regular file, or its path can't be listed.
        OSError: the file can't be written.
    """
    listing = list_files(folder)
    for odd in listing.odd:
        raise NotReadable(odd.path, f'"{odd.path}" can\'t be listed: it is {odd.kind}')
    sums: dict[str, str] = {}
    for path in listing.files:
        if path in UNLISTED:
            continue
        reason = _wrong_entry(path)
        if reason is not None:
            raise NotReadable(path, f'"{path}" can\'t be listed in {SUMS_NAME}: {reason}')
        sums[path] = known[path] if path in known else digest_inside(folder, path)[0]
    content = sums_bytes(sums)
    write_file(folder / SUMS_NAME, content, mode)
    return content


def sums_bytes(sums: Sums) -> bytes:
    """The one form of these digests (path to 64 lower-case hexadecimal digits).

    >>> sums_bytes({"b": "1" * 64, "a": "0" * 64}).decode().splitlines()[0][-4:]
    '0  a'
    """
    return "".join(f"{sums[path]}  {path}\n" for path in sorted(sums)).encode()


def read_sums(folder: Path) -> bytes:
    """The bytes of the SHA256SUMS of `folder`. Raises NotReadable as the gate does."""
    return read_bytes(folder, SUMS_NAME, SUMS_CAP)


def parse_sums(data: bytes, shown: str = SUMS_NAME) -> Sums:
    """Digest of each path, from a SHA256SUMS in canonical form.

    Raises:
        BadText: it is in any other form, with the line and the reason.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        first = data.count(b"\n", 0, error.start) + 1
        raise BadText(shown, "not UTF-8", line=first) from error
    if not text:
        raise BadText(shown, "it lists no file", line=1)
    *lines, rest = text.split("\n")
    sums: dict[str, str] = {}
    last = ""
    for number, line in enumerate(lines, 1):
        digest, path = line[:64], line[66:]
        reason = _wrong_line(line, digest, path, last)
        if reason is not None:
            raise BadText(shown, reason, line=number)
        sums[path] = digest
        last = path
    if rest:
        raise BadText(shown, "the last line has no line end", line=len(lines) + 1)
    return sums


def digest_inside(
    folder: Path, relative: str, tell: Callable[[int], None] = lambda _: None
) -> tuple[str, int]:
    """SHA-256 (hexadecimal) and size of the file `relative` below `folder`.

    `tell` is told the size of each block that was read. Raises NotReadable as the gate does.
    """
    with open_inside(folder, relative) as stream:
        return digest_of(stream, tell)


def digest_of(
    stream: BinaryIO, tell: Callable[[int], None] = lambda _: None
) -> tuple[str, int]:
    """SHA-256 (hexadecimal) and size of what is left in `stream`."""
    digest, size = hashlib.sha256(), 0
    while block := stream.read(_BLOCK):
        digest.update(block)
        size += len(block)
        tell(len(block))
    return digest.hexdigest(), size


def _wrong_line(line: str, digest: str, path: str, last: str) -> str | None:
    """Why `line` is not in canonical form, or None. `last` is the path of the line before."""
    if line.endswith("\r"):
        return "it ends in CR; only LF may end a line"
    if not _DIGEST.fullmatch(digest):
        return "it does not start with 64 lower-case hexadecimal digits"
    if line[64:66] != "  ":
        return "exactly two blanks must stand between digest and path"
    reason = _wrong_entry(path)
    if reason is not None:
        return f'the path "{path}" can\'t stand here: {reason}'
    if path == last:
        return f'"{path}" is listed twice'
    if path < last:
        return f'paths must be sorted: "{path}" stands after "{last}"'
    return None


def _wrong_entry(path: str) -> str | None:
    """Why a file of this path can't be listed, or None."""
    if _CONTROL.search(path):
        return "it holds a control character"
    if path in UNLISTED:
        return "the list does not list itself or its signature"
    return wrong_path(path)
