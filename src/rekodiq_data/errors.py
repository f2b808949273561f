"""Exceptions: what stops us. Problems *in* data are values (see `report`), never exceptions.

Every class carries attributes for programs and one plain message for people. The command
line turns them into one line and an exit code, in one place (`cli.main`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from rekodiq_data.report import Report


class RekodiqError(Exception):
    """Base of all that this package raises on purpose. `hint` says what to do next."""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class NothingFound(RekodiqError):
    """A PATH does not exist, or holds nothing that we know."""

    def __init__(self, path: Path | str, message: str, *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.path = path


class NotReadable(RekodiqError):
    """A file exists and can't be taken: not a regular file, outside its package, too large."""

    def __init__(self, path: Path | str, message: str, *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.path = path


class MissingFile(NotReadable):
    """A file that a descriptor names does not exist."""


class TooLarge(NotReadable):
    """A file has more bytes than its reader allows."""


class BadText(NotReadable):
    """A file's bytes are not strict UTF-8, JSON or YAML. `line` is 1-based where known."""

    def __init__(
        self,
        path: Path | str,
        message: str,
        *,
        line: int | None = None,
        column: int | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(path, message, hint=hint)
        self.line = line
        self.column = column


class WrongCall(RekodiqError):
    """The arguments contradict each other or name what is not there (exit code 2)."""


class InvalidData(RekodiqError):
    """Data that breaks its rules was to be built or released. `report` holds every finding."""

    def __init__(self, report: Report) -> None:
        super().__init__("the data is invalid; nothing was written", hint="see the report")
        self.report = report


class ReleaseRefused(RekodiqError):
    """A version can't be published: its number is used, or it is not whole."""


class Unreachable(RekodiqError):
    """A store on the network does not answer, or not to the end; `address` is the store's."""

    def __init__(self, address: str, message: str, *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.address = address


class NotVerified(RekodiqError):
    """Bytes are not what was released. `report` names each file."""

    def __init__(self, message: str, report: Report, *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.report = report
