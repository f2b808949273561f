"""The bytes of a resource: its files behind the gate, unpacked, one after the other."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

from rekodiq_data.errors import NotReadable
from rekodiq_data.files.gate import open_inside
from rekodiq_data.formats.base import BrokenTable
from rekodiq_data.formats.compressed import unpacked

if TYPE_CHECKING:
    from typing import BinaryIO

    from rekodiq_data.descriptor.model import Package, Resource

_BLOCK = 1024 * 1024
_BOM = b"\xef\xbb\xbf"


def open_file(package: Package, path: str) -> BinaryIO:
    """A file of the package as it stands.

    Raises:
        BrokenTable: there is none, or the gate refuses it.
    """
    try:
        return open_inside(package.base, path)
    except NotReadable as error:
        raise BrokenTable("scheme-error", error.message) from None


def open_content(package: Package, resource: Resource, path: str) -> BinaryIO:
    """The content of one of the resource's files. Raises BrokenTable as `open_file` does."""
    stream = open_file(package, path)
    if resource.compression is None:
        return stream
    try:
        return unpacked(stream, resource.compression, resource.inner_path, package.limits)
    except BrokenTable:
        stream.close()
        raise


def open_text(package: Package, resource: Resource) -> BinaryIO:
    """The resource's files as one text, as the specification reads a path array.

    A part that does not end with a line end gets one, so that no two records are glued. A part
    that starts with the first part's header again is read without it (`repeated_headers` says
    so).
    """
    if len(resource.paths) == 1:
        return open_content(package, resource, resource.paths[0])
    again = repeated_headers(package, resource)
    parts: list[BinaryIO] = []
    for index, path in enumerate(resource.paths):
        stream = open_content(package, resource, path)
        if path in again and index:
            stream.read(len(_header(package, resource, path)))
        elif index and _header(package, resource, path).startswith(_BOM):
            stream.read(len(_BOM))
        parts.append(stream)
    ends = (resource.dialect.line_terminator or "\n") if _is_lined(resource) else ""
    return io.BufferedReader(Joined(parts, ends.encode("ascii", "ignore")[-1:]))


def repeated_headers(package: Package, resource: Resource) -> list[str]:
    """Paths of the resource's later parts that start with the header of the first."""
    if len(resource.paths) < 2 or not resource.dialect.header or not _is_lined(resource):
        return []
    first, *others = (_bare(_header(package, resource, path)) for path in resource.paths)
    pairs = zip(resource.paths[1:], others, strict=True)
    return [path for path, header in pairs if header and header == first]


def file_faults(package: Package, resource: Resource) -> list[tuple[str, str]]:
    """What `hash` and `bytes` state and the files do not hold: type and note of each.

    Both are about the files as they stand: compressed ones are not unpacked. Every algorithm
    that Python's hashlib knows is one.
    """
    if not resource.paths or (resource.hash is None and resource.bytes is None):
        return []
    algorithm, _, stated = (resource.hash or "").rpartition(":")
    try:
        digest = hashlib.new(algorithm or "md5", usedforsecurity=False)
    except ValueError:
        return [("hash-count", f'the hash algorithm "{algorithm}" is not known')]
    size = 0
    for path in resource.paths:
        with open_file(package, path) as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
                size += len(block)
    faults = []
    found = _hex(digest, len(stated) // 2)
    if resource.hash is not None and found != stated.lower():
        faults.append(
            ("hash-count", f"the descriptor states the hash {stated}, the file has {found}")
        )
    if resource.bytes is not None and size != resource.bytes:
        faults.append(
            ("byte-count", f"the descriptor states {resource.bytes} bytes, the file has {size}")
        )
    return faults


def _hex(digest: hashlib._Hash, stated: int) -> str:
    """The digits of a digest; of those without a length of their own, as many as stated."""
    if digest.digest_size:
        return digest.hexdigest()
    return digest.hexdigest(stated)  # type: ignore[call-arg]


def _header(package: Package, resource: Resource, path: str) -> bytes:
    """The lines of a part where its header would stand, as they are."""
    dialect = resource.dialect
    quote = (dialect.quote_char or "").encode(resource.encoding)
    lines = b""
    with open_content(package, resource, path) as stream:
        for _ in range(dialect.header_rows[-1]):
            lines += stream.readline(_BLOCK)
            while quote and lines.count(quote) % 2 and (more := stream.readline(_BLOCK)):
                lines += more
    return lines


def _bare(header: bytes) -> bytes:
    return header.removeprefix(_BOM).rstrip(b"\r\n")


def _is_lined(resource: Resource) -> bool:
    """Whether lines of the resource's text can be told by its bytes."""
    usual = resource.dialect.line_terminator in (None, "\r\n", "\n")
    return usual and "a\n".encode(resource.encoding) == b"a\n"


class Joined(io.RawIOBase):
    """Several streams read as one, each but the last with `end` after it where it has none."""

    def __init__(self, streams: list[BinaryIO], end: bytes) -> None:
        self._streams = streams
        self._end = end
        self._last = end

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: object) -> int:
        """Bytes of the first stream that has any left."""
        view = memoryview(buffer)  # type: ignore[arg-type]
        while self._streams:
            block = self._streams[0].read(len(view))
            if not block:
                self._streams.pop(0).close()
                block = b"" if self._last == self._end or not self._streams else self._end
            if block:
                self._last = block[-1:]
                view[: len(block)] = block
                return len(block)
        return 0

    def close(self) -> None:
        """Close all streams."""
        for stream in self._streams:
            stream.close()
        super().close()
