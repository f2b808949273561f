"""When something is valid: from a partial date on, up to another one that is not included."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rekodiq_data.checks.spans import Span, span_of

if TYPE_CHECKING:
    import pyarrow as pa

# Days before and after every date that Python knows: "since ever" and "without end".
EVER, NEVER = 0, 4_000_000
_ANY_DAY = Span(EVER, NEVER)
_NO_DAY = Span(NEVER, NEVER)


class Instant(NamedTuple):
    """A partial date as written, and the days that it can be."""

    text: str
    days: Span


class Validity(NamedTuple):
    """From `start` up to, not including, `end`.

    A start that is missing or can't be read may be any day; a missing end is none.
    """

    start: Instant
    end: Instant

    @property
    def is_empty(self) -> bool:
        """Whether the end is certainly not after the start."""
        return _reached(self.end, self.start) is True

    def at(self, instant: Instant) -> bool | None:
        """Whether it is valid at an instant; None where the partial dates leave it open."""
        started, ended = _reached(self.start, instant), _reached(self.end, instant)
        if started is False or ended is True:
            return False
        return True if started is True and ended is False else None


def validities(starts: pa.Array, ends: pa.Array) -> list[Validity]:
    """The validity of each record from two columns of partial dates."""
    return [
        Validity(_instant(start, _ANY_DAY), _instant(end, _NO_DAY))
        for start, end in zip(starts.to_pylist(), ends.to_pylist(), strict=True)
    ]


def instant_of(text: str | None) -> Instant | None:
    """A partial date as an instant; None where it is missing or can't be read."""
    days = None if text is None else span_of(text)
    return None if text is None or days is None else Instant(text, days)


def _instant(text: str | None, otherwise: Span) -> Instant:
    return Instant("", otherwise) if text is None else Instant(text, span_of(text) or _ANY_DAY)


def _reached(boundary: Instant, instant: Instant) -> bool | None:
    """Whether a boundary lies at or before an instant; equal text is the same day."""
    if boundary.text == instant.text != "" or boundary.days.last <= instant.days.first:
        return True
    return False if instant.days.last < boundary.days.first else None
