"""A stream that is digested while it is written, so that no file is read again for it."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, BinaryIO


class Digesting(io.RawIOBase):
    """Passes on what is written to `stream`, from its start to its end.

    Attributes:
        size: bytes so far.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        """Hexadecimal digest of what was written so far."""
        return self._digest.hexdigest()

    def writable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Bytes so far: there is no going back."""
        return self.size

    def write(self, content: Any) -> int:
        """Write all of `content`, which is like bytes."""
        self._digest.update(content)
        size = memoryview(content).nbytes
        self._stream.write(content)
        self.size += size
        return size
