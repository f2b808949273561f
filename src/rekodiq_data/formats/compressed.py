"""Compressed files as streams of their content, within limits.

A file that grows without end, or far more than data does, is refused while it is read: nothing
is unpacked to the disk, and never more than one block is held.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from typing import TYPE_CHECKING

from rekodiq_data.formats.base import BrokenTable
from rekodiq_data.limits import DEFAULT_LIMITS, ReadLimits

if TYPE_CHECKING:
    from typing import IO, BinaryIO

_FREE = 1024 * 1024  # below this the ratio says nothing: an empty column packs very well
_ERRORS = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)


def unpacked(
    stream: BinaryIO,
    compression: str,
    inner: str | None = None,
    limits: ReadLimits = DEFAULT_LIMITS,
) -> BinaryIO:
    """The content of a compressed stream.

    Args:
        stream: its bytes; closed with the result.
        compression: `gz` or `zip`.
        inner: path of the file inside a zip archive; needed where it holds several.
        limits: `ratio` and `unpacked` hold.

    Raises:
        BrokenTable: it is no such file, holds no such member, or (while it is read) grows
            beyond the limits.
    """
    if compression == "gz":
        size = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        return _buffered(_Limited(gzip.GzipFile(fileobj=stream), size, stream, limits))
    if compression != "zip":
        raise BrokenTable(
            "compression-error", f'the compression "{compression}" is not read; gz and zip are'
        )
    try:
        archive = zipfile.ZipFile(stream)
        info = _member(archive, inner)
        content = archive.open(info)
    except _ERRORS as error:
        raise BrokenTable("compression-error", f"the zip archive is damaged: {error}") from None
    return _buffered(_Limited(content, info.compress_size, stream, limits))


def check_archive(stream: BinaryIO, what: str, limits: ReadLimits = DEFAULT_LIMITS) -> None:
    """Refuse an archive whose members would grow beyond the limits; for readers of their own.

    Raises:
        BrokenTable: it is no zip archive, or states such a member.
    """
    try:
        members = zipfile.ZipFile(stream).infolist()
    except _ERRORS:
        raise BrokenTable("format-error", f"the file is not {what}") from None
    packed = sum(each.compress_size for each in members)
    size = sum(each.file_size for each in members)
    _refuse_too_much(size, packed, limits)
    stream.seek(0)


def _member(archive: zipfile.ZipFile, inner: str | None) -> zipfile.ZipInfo:
    # Not `is_dir`, which stumbles over a member without a name.
    members = [each for each in archive.infolist() if not each.filename.endswith("/")]
    if inner is not None:
        members = [each for each in members if each.filename == inner]
    if len(members) != 1:
        which = "a file" if inner is None else f'the file "{inner}"'
        hint = "" if inner is not None else '; "innerpath" says which of several'
        raise BrokenTable(
            "compression-error",
            f"the zip archive must hold {which} once, and holds {len(members)}{hint}",
        )
    return members[0]


def _refuse_too_much(size: int, packed: int, limits: ReadLimits) -> None:
    """Raise BrokenTable where so many packed bytes may not become so many."""
    name = None
    if size > limits.unpacked:
        name = "unpacked"
    elif size > _FREE and size > limits.ratio * packed:
        name = "ratio"
    if name is not None:
        met = f"{packed:,} compressed bytes grow to {size:,} or more"
        raise BrokenTable("compression-error", limits.past(name, met))


def _buffered(raw: io.RawIOBase) -> BinaryIO:
    return io.BufferedReader(raw, 256 * 1024)


class _Limited(io.RawIOBase):
    """A stream that ends with a BrokenTable when it is damaged, or gives too much."""

    def __init__(
        self,
        content: IO[bytes] | gzip.GzipFile,
        packed: int,
        under: BinaryIO,
        limits: ReadLimits,
    ) -> None:
        self._content = content
        self._limits = limits
        self._packed = packed
        self._under = under
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        try:
            block = self._content.read(len(view))
        except _ERRORS as error:
            raise BrokenTable(
                "compression-error", f"the compressed file is damaged: {error}"
            ) from None
        self._given += len(block)
        _refuse_too_much(self._given, self._packed, self._limits)
        view[: len(block)] = block
        return len(block)

    def close(self) -> None:
        self._content.close()
        self._under.close()
        super().close()
