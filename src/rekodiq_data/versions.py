"""Version numbers of data: semantic versions 2.0.0, read strictly and put in order.

A number is `X.Y.Z`, with `-` and dotted identifiers after it for a pre-release. Build metadata
(`+...`) is refused: it has no order, so two versions could be equal and differ.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering

_NUMBER = "0|[1-9][0-9]{0,8}"
_WORD = "[0-9A-Za-z-]*[A-Za-z-][0-9A-Za-z-]*"
_IDENTIFIER = f"(?:{_NUMBER}|{_WORD})"
_FORM = re.compile(
    rf"({_NUMBER})\.({_NUMBER})\.({_NUMBER})(?:-({_IDENTIFIER}(?:\.{_IDENTIFIER})*))?"
)
_LONGEST = 64
_FOLDER_PREFIX = "v"


@total_ordering
@dataclass(frozen=True, slots=True)
class Version:
    """A semantic version. Order is the standard's: 1.0.0-rc.2 < 1.0.0-rc.10 < 1.0.0 < 1.0.1."""

    major: int
    minor: int
    patch: int
    prerelease: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Version:
        """The version that `text` names.

        Raises:
            ValueError: `text` is not a version in this form.

        >>> Version.parse("1.0.0-rc.2") < Version.parse("1.0.0-rc.10") < Version.parse("1.0.0")
        True
        """
        match = _FORM.fullmatch(text)
        if match is None or len(text) > _LONGEST:
            shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
            raise ValueError(
                f'"{shown}" is not a version; write three numbers, such as 1.2.0 or 1.2.0-rc.1'
            )
        major, minor, patch, prerelease = match.groups()
        identifiers = tuple(prerelease.split(".")) if prerelease else ()
        return cls(int(major), int(minor), int(patch), identifiers)

    @property
    def folder(self) -> str:
        """Name of this version's folder in a store."""
        return f"{_FOLDER_PREFIX}{self}"

    def __str__(self) -> str:
        number = f"{self.major}.{self.minor}.{self.patch}"
        return f"{number}-{'.'.join(self.prerelease)}" if self.prerelease else number

    def __lt__(self, other: Version) -> bool:
        return self._rank() < other._rank()

    def _rank(self) -> tuple[object, ...]:
        """A tuple that sorts as the standard orders versions."""
        # A pre-release is before its release; numbers are before words, and fewer before more.
        identifiers = tuple(
            (0, int(each), "") if each.isdigit() else (1, 0, each) for each in self.prerelease
        )
        return (self.major, self.minor, self.patch, not self.prerelease, identifiers)


def version_of_folder(name: str) -> Version | None:
    """The version whose folder is called `name`; None where the name is no version's.

    >>> str(version_of_folder("v1.2.0"))
    '1.2.0'
    >>> version_of_folder("v1") is None
    True
    """
    if not name.startswith(_FOLDER_PREFIX):
        return None
    try:
        return Version.parse(name.removeprefix(_FOLDER_PREFIX))
    except ValueError:
        return None


def newest_of(versions: list[Version]) -> Version | None:
    """The version that people get who name none: the newest that is no pre-release.

    Where all are pre-releases, it is the newest of them; None where there is none at all.
    """
    finished = [each for each in versions if not each.prerelease]
    return max(finished or versions, default=None)
