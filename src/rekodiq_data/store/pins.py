"""How a version is named: by its number, or by number and digest, which needs no trust."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rekodiq_data.errors import WrongCall
from rekodiq_data.versions import Version

if TYPE_CHECKING:
    from rekodiq_data.catalog import Link

_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Pin:
    """A version that was asked for. `sums_sha256` is None where only its number is given."""

    version: Version
    sums_sha256: str | None = None


def pin_of(link: Link) -> str:
    """The name of a version that nobody can give other content: `1.2.0@sha256:...`.

    The digest is that of its SHA256SUMS, which lists the digest of every file.
    """
    return f"{link.version}@sha256:{link.sums_sha256}"


def parse_pin(text: str | Version) -> Pin:
    """The version that `text` names.

    >>> parse_pin("1.2.0").version.minor
    2

    Raises:
        WrongCall: it is neither a number nor a number with a digest.
    """
    if isinstance(text, Version):
        return Pin(text)
    number, mark, digest = text.partition("@")
    try:
        version = Version.parse(number)
    except ValueError as error:
        raise WrongCall(str(error)) from error
    if not mark:
        return Pin(version)
    match = _DIGEST.fullmatch(digest)
    if match is None:
        raise WrongCall(
            f'"{digest}" is no digest of a version',
            hint="write the number, @sha256: and 64 lower-case hexadecimal digits",
        )
    return Pin(version, match[1])
