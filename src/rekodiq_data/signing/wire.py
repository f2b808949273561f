"""The parts that SSH's formats are made of: strings with their length before them."""

from __future__ import annotations

import base64
import binascii
import hashlib

KEY_TYPE = b"ssh-ed25519"
_LENGTH = 4
_KEY_BYTES = 32


def packed(*parts: bytes) -> bytes:
    """Each part with its length before it, as four bytes, the largest first."""
    return b"".join(len(part).to_bytes(_LENGTH, "big") + part for part in parts)


class Reader:
    """Takes one part after the other from the start of `data`."""

    def __init__(self, data: bytes) -> None:
        self._rest = data

    def take(self, size: int) -> bytes:
        """The next `size` bytes. Raises ValueError where there are fewer."""
        if size > len(self._rest):
            raise ValueError("it ends in the middle")
        part, self._rest = self._rest[:size], self._rest[size:]
        return part

    def number(self) -> int:
        """The next four bytes as a number. Raises ValueError where there are fewer."""
        return int.from_bytes(self.take(_LENGTH), "big")

    def string(self) -> bytes:
        """The next part with its length before it. Raises ValueError where it is not whole."""
        return self.take(self.number())

    def end(self) -> None:
        """Raises ValueError where anything is left."""
        if self._rest:
            raise ValueError("something stands behind its end")


def decoded(text: str) -> bytes:
    """The bytes of a base64 text. Raises ValueError where it is anything else."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("it is not base64") from error


def public_of(blob: bytes) -> bytes:
    """The 32 bytes of the ed25519 key in a public key's blob.

    Raises:
        ValueError: it is a key of another type, or damaged.
    """
    reader = Reader(blob)
    kind = reader.string()
    if kind != KEY_TYPE:
        shown = kind.decode("ascii", "backslashreplace")
        raise ValueError(f"it is a key of the type {shown}; only ssh-ed25519 is taken here")
    public = reader.string()
    reader.end()
    if len(public) != _KEY_BYTES:
        raise ValueError("it is no ed25519 key")
    return public


def fingerprint(blob: bytes) -> str:
    """How ssh-keygen -l calls a public key: `SHA256:` and base64 without padding."""
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return f"SHA256:{digest}"
