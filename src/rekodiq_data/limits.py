"""How much a package may ask of the machine that reads it, and the words for what asks more.

A package comes from anyone. Each limit is far above what data needs and far below what hurts;
who knows a package that needs more raises one limit, by the name that the refusal gives.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_KIB = 1024
_MIB = 1024 * _KIB
_GIB = 1024 * _MIB
_UNITS = {"": 1, "KIB": _KIB, "MIB": _MIB, "GIB": _GIB, "KB": 10**3, "MB": 10**6, "GB": 10**9}
_AMOUNT = re.compile(r"([0-9]{1,15})\s*([A-Za-z]*)")
_SECONDS = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?")
_DEEPEST = 500  # Python's own JSON reader goes to about 900


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """Limits within which the files of a package are read.

    Attributes:
        field: characters of one cell of delimited text.
        line: characters of one line of text, or of one record that spans several.
        columns: columns of a table, cells of a record, and fields of a schema.
        resources: resources of a package, and files of one resource.
        misfits: cells of one table that are missing in their record, or one too many, and
            blank records.
        descriptor: bytes of a descriptor, or of a schema or dialect in a file of its own.
        depth: levels of lists and objects in one of those, 500 at most.
        ratio: bytes that one byte of a compressed file may become (from 1 MiB of content on).
        unpacked: bytes that a compressed file may become.
        whole: bytes of a file that can't be read piece by piece: JSON, XLSX, SQLite, and
            Parquet where it is compressed.
        pattern_seconds: for all patterns of a package that need more than linear time,
            beyond what they take on common texts.
    """

    field: int = _MIB
    line: int = 8 * _MIB
    columns: int = 4_096
    resources: int = 1_000
    misfits: int = 200_000
    descriptor: int = 4 * _MIB
    depth: int = 64
    ratio: int = 200
    unpacked: int = 4 * _GIB
    whole: int = 256 * _MIB
    pattern_seconds: float = 2.0

    def past(self, name: str, met: str) -> str:
        """The words for something that is past the limit `name`: what was met, what raises it.

        >>> ReadLimits().past("columns", "the header has 5,000 columns")
        'the header has 5,000 columns; the limit is 4,096 (--max columns=8192 raises it)'
        """
        limit = getattr(self, name)
        raised = 2 * limit
        if name in _SIZES:
            shown, more = _sized(limit), _sized(raised).replace(" ", "")
        elif name == "pattern_seconds":
            shown, more = f"{limit:g} s", f"{raised:g}"
        else:
            shown, more = f"{limit:,}", f"{raised}"
        option = name.replace("_", "-")
        return f"{met}; the limit is {shown} (--max {option}={more} raises it)"

    def with_stated(self, stated: Iterable[str]) -> ReadLimits:
        """These limits with those that texts such as `field=4MiB` state.

        Raises:
            ValueError: a text names no limit, or no amount of its kind.

        >>> ReadLimits().with_stated(["field=4MiB", "depth=100"]).field
        4194304
        """
        found: dict[str, int | float] = {}
        for each in stated:
            option, _, amount = each.partition("=")
            name = option.strip().replace("-", "_")
            if name not in _NAMES:
                known = ", ".join(name.replace("_", "-") for name in _NAMES)
                raise ValueError(f'there is no limit "{option}"; limits are {known}')
            found[name] = _amount(name, option, amount.strip())
        return replace(self, **found)  # type: ignore[arg-type]


_NAMES = tuple(each.name for each in fields(ReadLimits))
_SIZES = frozenset({"field", "line", "descriptor", "unpacked", "whole"})
DEFAULT_LIMITS = ReadLimits()


def _amount(name: str, option: str, text: str) -> int | float:
    """The amount that a text states for a limit."""
    if name == "pattern_seconds":
        if _SECONDS.fullmatch(text) is None:
            raise ValueError(f'"{text}" is no number of seconds, as in {option}=10')
        return float(text)
    match = _AMOUNT.fullmatch(text)
    unit = None if match is None else _UNITS.get(match[2].upper() if name in _SIZES else "")
    if match is None or unit is None or (name not in _SIZES and match[2]):
        example = "4MiB" if name in _SIZES else "100"
        raise ValueError(f'"{text}" is no amount, as in {option}={example}')
    amount = int(match[1]) * unit
    if not amount:
        raise ValueError(f"the limit {option} can't be 0")
    if name == "depth" and amount > _DEEPEST:
        raise ValueError(f"the limit depth can't be more than {_DEEPEST}")
    return amount


def _sized(amount: int) -> str:
    """A number of bytes or characters in the largest unit that fits it exactly.

    >>> _sized(8 * 1024 * 1024), _sized(1000)
    ('8 MiB', '1000')
    """
    for unit, size in (("GiB", _GIB), ("MiB", _MIB), ("KiB", _KIB)):
        if amount and amount % size == 0:
            return f"{amount // size} {unit}"
    return str(amount)
