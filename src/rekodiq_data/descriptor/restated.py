"""A schema's own JSON, so that it says under version 2 what it was read to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rekodiq_data.descriptor.vocabulary import Version, version_of

if TYPE_CHECKING:
    from rekodiq_data.descriptor.model import Field, Schema


def restated(schema: Schema) -> dict[str, Any]:
    """The schema's JSON for a package of version 2, whatever version it was written for.

    What version 1 does not know, and was therefore not looked at, would be a rule in version 2:
    it is left out. The type of a field without one is written down, since the default differs;
    a text that is listed as missing twice is listed once, since version 2 asks for that.
    """
    raw = dict(schema.raw)
    if version_of(raw.get("$schema")) is Version.V1:
        raw.pop("$schema", None)
    if not schema.unique_keys:
        raw.pop("uniqueKeys", None)
    pairs = zip(schema.fields, schema.raw["fields"], strict=True)
    return _once(raw | {"fields": [_field(field, each) for field, each in pairs]})


def _field(field: Field, raw: dict[str, Any]) -> dict[str, Any]:
    left_out = {"categories", "categoriesOrdered"} if field.categories is None else set()
    if field.group_char is None:
        left_out.add("groupChar")
    found = {key: value for key, value in raw.items() if key not in left_out}
    if "type" not in raw and field.type != "any":
        found["type"] = field.type
    return _once(found)


def _once(raw: dict[str, Any]) -> dict[str, Any]:
    """A schema or field whose missing values, where they are plain texts, differ."""
    key = "missingValues"
    if not all(isinstance(each, str) for each in raw.get(key, [None])):
        return raw
    return raw | {key: [*dict.fromkeys(raw[key])]}
