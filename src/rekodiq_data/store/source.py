"""Where the files of a store come from, and how much of them is taken at most.

A source hands out bytes as they arrive. It trusts nothing: neither that a body ends, nor that
it is as long as stated, nor that it comes from the address that the user typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

# What may be read beyond the stated size: the answer's head, and the first bytes of too many.
SLACK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a store may take, and how often it is asked.

    Attributes:
        connect_seconds: until a connection stands.
        silence_seconds: between two pieces of an answer.
        head_seconds: until the head of an answer is complete.
        least_rate: bytes per second below which a body is given up.
        attempts: how often one file is asked for.
        first_wait: seconds before the second attempt; each further wait is twice as long.
        largest: bytes of a version above which nothing of it is downloaded.
    """

    connect_seconds: float = 15.0
    silence_seconds: float = 30.0
    head_seconds: float = 60.0
    least_rate: float = 512.0
    attempts: int = 4
    first_wait: float = 0.5
    largest: int = 16 * 1024**3


class Trouble(Exception):
    """An attempt failed in a way that another one may not: a cut, a stall, a busy server."""


class Absent(Exception):
    """There is no such file."""


class NoResume(Exception):
    """The source can't begin in the middle of a file."""


class Source(Protocol):
    """The files below one address."""

    @property
    def place(self) -> str:
        """The address, without a slash at its end."""

    def blocks(self, path: str, *, start: int, size: int | None, cap: int) -> Iterator[bytes]:
        """The bytes of the file `path` from `start` on.

        Args:
            path: relative, with `/`.
            start: how many bytes are left out.
            size: bytes of the whole file, where they are known.
            cap: how many bytes it has at most, where they are not.

        Raises:
            Trouble: see there.
            Absent: there is no such file.
            NoResume: `start` is not 0, and the source does not know how to.
            NotVerified: what comes is longer or shorter than it must be, or from elsewhere.
        """
