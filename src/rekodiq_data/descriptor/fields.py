"""Reading the fields of a schema, and the lists of texts that mean "missing"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rekodiq_data.descriptor.constraints import read_constraints
from rekodiq_data.descriptor.faults import name_of, quoted
from rekodiq_data.descriptor.model import Constraints, Field
from rekodiq_data.descriptor.vocabulary import (
    CONSTRAINT_KEYS,
    FIELD_KEYS,
    FORMATS,
    ITEM_TYPES,
    PATTERNED,
    TYPES,
    Version,
)
from rekodiq_data.suggest import closest

if TYPE_CHECKING:
    from rekodiq_data.descriptor.faults import Part

_DEFAULT = Field("")


def read_field(part: Part) -> Field:
    """The field that `part`, an item of `fields`, describes."""
    _check_keys(part)
    part.text("rdfType")
    name = part.text("name")
    if "name" not in part.value:
        part.fault("descriptor.missing-key", f'{part.words} has no "name"')
    type_ = _type(part)
    format_ = _format(part, type_)
    return Field(
        name=name,
        type=type_,
        format=format_,
        title=part.text("title"),
        description=part.text("description"),
        unit=part.text("unit") if "unit" in part.value else None,
        constraints=_constraints(part, type_, format_),
        missing_values=read_missing_values(part),
        categories=_categories(part, type_),
        decimal_char=_filled(part, "decimalChar", _DEFAULT.decimal_char),
        group_char=part.text("groupChar") or None,
        bare_number=part.flag("bareNumber", default=True),
        true_values=_truth(part, "trueValues", _DEFAULT.true_values),
        false_values=_truth(part, "falseValues", _DEFAULT.false_values),
        delimiter=_filled(part, "delimiter", _DEFAULT.delimiter),
        item_type=_item_type(part),
        raw=part.value,
    )


def read_missing_values(part: Part) -> tuple[str, ...] | None:
    """The texts under `missingValues` that mean "missing"; None where it is not given.

    An entry is a text or, from version 2 on, an object with `value` and perhaps `label`.
    """
    if "missingValues" not in part.value:
        return None
    key = "missingValues"
    if isinstance(part.value[key], list):
        entries = part.value[key]
        if all(isinstance(each, str) for each in entries):
            return tuple(entries)
        if all(
            isinstance(each, dict) and isinstance(each.get("value"), str) for each in entries
        ):
            return _labelled(part, entries)
        for index, each in enumerate(entries):
            if not isinstance(each, str | dict):
                number = isinstance(each, int | float) and not isinstance(each, bool)
                part.moved((*part.at, key)).fault(
                    "descriptor.wrong-type",
                    f"{part.words}: a missing value must be text, not {name_of(each)}",
                    key=index,
                    note=f'write "{each}" in quotes' if number else "",
                )
                return None
    part.wrong(key, 'a list of texts, or a list of objects with "value" and "label"')
    return None


def _labelled(part: Part, entries: list[dict[str, Any]]) -> tuple[str, ...] | None:
    """The texts of missing values with labels."""
    if part.source.version is Version.V1:
        part.fault(
            "descriptor.needs-v2",
            f"{part.words}: missing values with labels are part of version 2 of the "
            "specification",
            key="missingValues",
            note='the package declares no "$schema" of version 2, so version 1 holds',
        )
        return None
    values = [str(each["value"]) for each in entries]
    labels = [each["label"] for each in entries if "label" in each]
    if not all(isinstance(label, str) for label in labels):
        part.fault(
            "descriptor.wrong-type",
            f"{part.words}: the label of a missing value must be text",
            key="missingValues",
        )
    elif len(set(values)) < len(values) or len(set(labels)) < len(labels):
        part.fault(
            "descriptor.duplicate",
            f"{part.words}: each missing value and each of their labels may occur once only",
            key="missingValues",
        )
    return tuple(values)


def _check_keys(part: Part) -> None:
    """Note unknown keys, and constraints that stand beside `constraints` instead of in it."""
    if part.source.own:
        part.check_keys(FIELD_KEYS)
        return
    part.check_keys(FIELD_KEYS | CONSTRAINT_KEYS)
    for key in part.value:
        if key in CONSTRAINT_KEYS:
            message = f'{part.words}: "{key}" belongs under "constraints"; here it does nothing'
            # Frictionless calls the package invalid for this one. A field that its author
            # meant to be required, and that isn't, is no small thing.
            if key == "required":
                part.fault("descriptor.misplaced-key", message, key=key, spoils=False)
            else:
                part.warn("descriptor.misplaced-key", message, key=key)


def _type(part: Part) -> str:
    """The field's type; `any` where there is none, or a faulty one."""
    type_ = part.text("type", _DEFAULT.type)
    if type_ in TYPES:
        return type_
    part.fault(
        "descriptor.type",
        f'{part.words}: "{type_}" is no type of Table Schema',
        key="type",
        note=f"the types are {quoted(TYPES)}",
        suggestion=closest(type_, TYPES),
    )
    return _DEFAULT.type


def _format(part: Part, type_: str) -> str:
    """The field's format, `default` where it is faulty or has no meaning for the type."""
    # Version 0 wrote "fmt:%d.%m.%Y"; readers must drop the prefix.
    format_ = part.text("format", _DEFAULT.format).removeprefix("fmt:")
    if type_ in PATTERNED:
        if format_ not in ("default", "any") and "%" not in format_:
            part.warn(
                "descriptor.format",
                f'{part.words}: the format "{format_}" holds no "%", so it matches only itself',
                key="format",
                note='a pattern is written as for strptime, such as "%d.%m.%Y"',
            )
        return format_
    known = FORMATS.get(type_)
    if format_ in (known or ("default",)):
        return format_
    if known is None:
        part.warn(
            "descriptor.format",
            f'{part.words}: the type "{type_}" has no format "{format_}"; it is ignored',
            key="format",
        )
    else:
        part.fault(
            "descriptor.format",
            f'{part.words}: "{format_}" is no format of the type "{type_}"',
            key="format",
            note=f"the formats are {quoted(known)}",
            suggestion=closest(format_, known),
        )
    return _DEFAULT.format


def _constraints(part: Part, type_: str, format_: str) -> Constraints:
    """The field's constraints."""
    inner = part.object("constraints")
    if inner is None:
        return Constraints()
    return read_constraints(inner.harmless(part.words), type_, format_)


def _categories(part: Part, type_: str) -> tuple[Any, ...] | None:
    """The values of the field's categories; None without them (version 1 has none)."""
    if "categories" not in part.value or part.source.version is Version.V1:
        return None
    if type_ not in ("string", "integer"):
        part.fault(
            "descriptor.categories",
            f'{part.words}: "categories" are for "string" and "integer", not for "{type_}"',
            key="categories",
        )
        return None
    part.flag("categoriesOrdered")
    values: list[Any] = []
    for each in part.items("categories"):
        value = each.get("value") if isinstance(each, dict) else each
        wanted = isinstance(value, str if type_ == "string" else int)
        if not wanted or isinstance(value, bool):
            part.fault(
                "descriptor.categories",
                f'{part.words}: a category must be of the type "{type_}", not {name_of(value)}',
                key="categories",
            )
            return None
        values.append(value)
    labels = [
        each["label"]
        for each in part.items("categories")
        if isinstance(each, dict) and isinstance(each.get("label"), str)
    ]
    if len(set(values)) < len(values) or len(set(labels)) < len(labels):
        part.fault(
            "descriptor.duplicate",
            f"{part.words}: each category and each label of one may occur once only",
            key="categories",
        )
    return tuple(values)


def _truth(part: Part, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """The texts that mean true (or false)."""
    given = part.texts(key)
    return default if given is None else given


def _filled(part: Part, key: str, default: str) -> str:
    """The text under `key`, which must hold at least one character."""
    text = part.text(key, default)
    if text:
        return text
    part.fault("descriptor.empty", f'{part.words}: "{key}" must not be empty', key=key)
    return default


def _item_type(part: Part) -> str:
    """The type of a list's items."""
    type_ = part.text("itemType", _DEFAULT.item_type)
    if type_ in ITEM_TYPES:
        return type_
    part.fault(
        "descriptor.type",
        f'{part.words}: "{type_}" is no type for the items of a list',
        key="itemType",
        note=f"the types are {quoted(ITEM_TYPES)}",
        suggestion=closest(type_, ITEM_TYPES),
    )
    return _DEFAULT.item_type
