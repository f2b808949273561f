"""The field that describes canonical text, and the canonical text of one value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rekodiq_data.lexical.bounds import bound
from rekodiq_data.lexical.dates import FINE_TIME, is_fine
from rekodiq_data.lexical.families import family_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from rekodiq_data.descriptor.model import Field

_LEXICAL = ("decimalChar", "groupChar", "bareNumber", "trueValues", "falseValues")
_MOMENTS = ("date", "datetime", "time")
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def canonical_value(field: Field, value: Any) -> str:
    """The canonical text of one value that `bound` gave, or of a wide one."""
    return family_of(field).write(field, value)


def canonical_field(field: Field) -> dict[str, Any]:
    """The field's raw JSON for canonical text.

    Lexical properties are dropped, dates get their default format (a time that may hold a
    fraction gets `%H:%M:%S.%f`), and texts in bounds, `enum`, `categories` and `example` are
    rewritten in canonical form. JSON numbers stay as they are. `missingValues` are not touched.

    Raises:
        ValueError: a bound, enum member or category is not a value of the type.
    """
    raw = {key: value for key, value in field.raw.items() if key not in _LEXICAL}
    raw.setdefault("name", field.name)
    if field.type in _MOMENTS:
        raw.pop("format", None)
        if field.type == "time" and is_fine(field):
            raw["format"] = FINE_TIME

    def rewrite(value: Any) -> Any:
        if not isinstance(value, str) or field.type in ("object", "array", "geojson"):
            return value
        return canonical_value(field, bound(field, value))

    if isinstance(raw.get("constraints"), dict):
        raw["constraints"] = _rewritten(raw["constraints"], rewrite)
    if isinstance(raw.get("categories"), list):
        raw["categories"] = [
            {**each, "value": rewrite(each["value"])}
            if isinstance(each, dict)
            else rewrite(each)
            for each in raw["categories"]
        ]
    if "example" in raw:
        try:
            raw["example"] = rewrite(raw["example"])
        except ValueError:
            del raw["example"]  # it was no value, and must not be published as one
    return raw


def _rewritten(constraints: dict[str, Any], rewrite: Callable[[Any], Any]) -> dict[str, Any]:
    """Constraints with each bound and enum member rewritten."""
    found = dict(constraints)
    for key in _BOUNDS:
        if key in found:
            found[key] = rewrite(found[key])
    if isinstance(found.get("enum"), list):
        found["enum"] = [_member(each, rewrite) for each in found["enum"]]
    return found


def _member(member: Any, rewrite: Callable[[Any], Any]) -> Any:
    """A member of an enum rewritten; an empty text that stands for a missing value stays."""
    try:
        return rewrite(member)
    except ValueError:
        if member != "":
            raise
        return member
