"""The specification's constraints on one value at a time, in plain Python.

Nothing of the engine is used: texts become Python values by Python's own means, and are
compared one by one. Only texts that are values of their type come here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Duration:
    """Months and seconds: an order in part only, as XML Schema says."""

    months: int
    seconds: Decimal

    def after(self, start: datetime) -> datetime:
        """The moment that is so much later."""
        months = start.year * 12 + start.month - 1 + self.months
        moved = start.replace(year=months // 12, month=months % 12 + 1)
        return moved + timedelta(seconds=float(self.seconds))


# Where XML Schema lays durations, to see whether one is longer wherever it starts.
_STARTS = [
    datetime(1696, 9, 1),
    datetime(1697, 2, 1),
    datetime(1903, 3, 1),
    datetime(1903, 7, 1),
]
_PARTS = re.compile(
    r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?"
)


def _duration(text: str) -> Duration:
    match = _PARTS.fullmatch(text)
    assert match
    sign = -1 if match[1] else 1
    years, months, days, hours, minutes = (int(each or 0) for each in match.groups()[1:6])
    seconds = Decimal(match[7] or 0) + 60 * (minutes + 60 * (hours + 24 * days))
    return Duration(sign * (12 * years + months), sign * seconds)


def _json(text: str) -> Any:
    """JSON values that are equal where their meanings are: 1 is 1.0, and true is not 1."""

    def typed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: typed(each) for key, each in value.items()}
        if isinstance(value, list):
            return [typed(each) for each in value]
        return (isinstance(value, bool), value)

    return typed(json.loads(text))


READ: Mapping[str, Callable[[str], Any]] = {
    "string": str,
    "any": str,
    "integer": int,
    "number": Decimal,
    "boolean": lambda text: text.lower() in ("true", "1"),
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "year": int,
    "yearmonth": lambda text: tuple(map(int, text.split("-"))),
    "duration": _duration,
    "geopoint": lambda text: [Decimal(part) for part in text.split(",")],
    "object": _json,
    "array": _json,
    "geojson": _json,
    "list": lambda text: text.split(","),
}


def order(left: Any, right: Any) -> int | None:
    """-1, 0, 1, or None where two values have no order."""
    if isinstance(left, Duration):
        signs = {
            (left.after(start) > right.after(start)) - (left.after(start) < right.after(start))
            for start in _STARTS
        }
        return signs.pop() if len(signs) == 1 else None
    if isinstance(left, datetime) and (left.tzinfo is None) != (right.tzinfo is None):
        # Somewhere between UTC-14 and UTC+14 lies the one without a zone.
        apart = _utc(left) - _utc(right)
        return None if abs(apart) <= timedelta(hours=14) else (1 if apart > timedelta() else -1)
    if isinstance(left, Decimal) and (left.is_nan() or right.is_nan()):
        return None
    return int(left > right) - int(left < right)


def _utc(value: datetime) -> datetime:
    return value.replace(tzinfo=None) - (value.utcoffset() or timedelta())


def breaks(type_: str, constraint: str, stated: Any, text: str) -> bool:
    """Whether a value breaks a constraint. Bounds and members are texts, too."""
    value = READ[type_](text)
    if constraint in ("minLength", "maxLength"):
        length = len(value)
        return length < stated if constraint == "minLength" else length > stated
    if constraint == "pattern":
        return re.fullmatch(stated, text) is None
    if constraint in ("enum", "categories"):
        return all(READ[type_](member) != value for member in stated)
    sign = order(value, READ[type_](stated))
    return (
        sign
        not in {
            "minimum": (0, 1),
            "maximum": (-1, 0),
            "exclusiveMinimum": (1,),
            "exclusiveMaximum": (-1,),
        }[constraint]
    )
