"""What a case is, and the texts that many types must refuse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rekodiq_data.descriptor.model import Field

FOREIGN = ("٣", "۳", "３", "Ⅷ", "²")
BLANKS = ("", " ", "\t", "\n", "\u00a0", "\u200b", "\ufeff", "\x00")


@dataclass(frozen=True)
class Case:
    """One kind of field, with the texts that it takes and those that it refuses."""

    name: str
    field: Field
    accepted: dict[str, Any]
    refused: tuple[str, ...]


def same(*texts: str) -> dict[str, Any]:
    return {text: text for text in texts}
