"""The reader for a resource's format, over files that the gate has let through."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

from rekodiq_data.errors import NotReadable
from rekodiq_data.files.gate import open_inside
from rekodiq_data.formats.base import BrokenTable
from rekodiq_data.formats.csv import CsvReader

if TYPE_CHECKING:
    from typing import BinaryIO

    from rekodiq_data.descriptor.model import Package, Resource
    from rekodiq_data.formats.base import TableReader

_BLOCK = 1024 * 1024
FORMATS = ("csv", "tsv", "parquet")


def display_path(package: Package, resource: Resource) -> str | None:
    """The resource's file as people know it: the package's folder and the path inside it."""
    return str(package.base / resource.paths[0]) if resource.paths else None


def open_reader(package: Package, resource: Resource) -> TableReader:
    """A reader of the resource's table.

    Raises:
        BrokenTable: its format is not one that we read, or it has no file.
    """
    if not resource.paths:
        raise BrokenTable(
            "resource-error", "the table stands in the descriptor itself, not in a file"
        )
    if resource.format == "parquet":
        from rekodiq_data.parquet import ParquetReader

        return ParquetReader(lambda: _open(package, resource.paths[0]))
    if resource.format in {"csv", "tsv"}:
        return CsvReader(
            lambda: _open_all(package, resource.paths), resource.dialect, resource.encoding
        )
    raise BrokenTable(
        "format-error",
        f'the format "{resource.format}" is not read; formats are {", ".join(FORMATS)}',
    )


def hash_faults(package: Package, resource: Resource) -> list[tuple[str, str]]:
    """What `hash` and `bytes` state and the files do not hold: type and note of each."""
    if resource.hash is None and resource.bytes is None:
        return []
    algorithm, _, stated = (resource.hash or "").rpartition(":")
    try:
        digest = hashlib.new(algorithm or "md5", usedforsecurity=False)
    except ValueError:
        return [("hash-count", f'the hash algorithm "{algorithm}" is not known')]
    size = 0
    with _open_all(package, resource.paths) as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            size += len(block)
    faults = []
    if resource.hash is not None and digest.hexdigest() != stated.lower():
        found = digest.hexdigest()
        faults.append(
            ("hash-count", f"the descriptor states the hash {stated}, the file has {found}")
        )
    if resource.bytes is not None and size != resource.bytes:
        faults.append(
            ("byte-count", f"the descriptor states {resource.bytes} bytes, the file has {size}")
        )
    return faults


def size_of(package: Package, resource: Resource) -> int:
    """Bytes of the resource's files, those that are there; for progress, so never an error."""
    total = 0
    for path in resource.paths:
        try:
            total += (package.base / path).stat().st_size
        except OSError:
            continue
    return total


def _open(package: Package, path: str) -> BinaryIO:
    try:
        return open_inside(package.base, path)
    except NotReadable as error:
        raise BrokenTable("scheme-error", error.message) from None


def _open_all(package: Package, paths: tuple[str, ...]) -> BinaryIO:
    """The files one after the other, as the specification reads a path array."""
    if len(paths) == 1:
        return _open(package, paths[0])
    return io.BufferedReader(_Joined([_open(package, path) for path in paths]))


class _Joined(io.RawIOBase):
    """Several streams read as one."""

    def __init__(self, streams: list[BinaryIO]) -> None:
        self._streams = streams

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        while self._streams:
            block = self._streams[0].read(len(view))
            if block:
                view[: len(block)] = block
                return len(block)
            self._streams.pop(0).close()
        return 0

    def close(self) -> None:
        for stream in self._streams:
            stream.close()
        super().close()
