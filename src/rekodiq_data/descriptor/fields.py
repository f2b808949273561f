"""Reading the fields of a schema, and the lists of texts that mean "missing"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rekodiq_data.descriptor.constraints import read_constraints
from rekodiq_data.descriptor.faults import name_of, quoted, quoting
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
    # What only describes the field is no reason to leave its table unread.
    about = part.harmless(part.words)
    about.text("rdfType")
    name = part.text("name")
    if "name" not in part.value:
        part.fault("descriptor.missing-key", f'{part.words} has no "name"')
    type_ = _type(part)
    format_ = _format(part, type_)
    constraints = _constraints(part, type_, format_)
    categories = _categories(part, type_)
    _check_enum(part, categories, constraints)
    return Field(
        name=name,
        type=type_,
        format=format_,
        title=about.text("title"),
        description=about.text("description"),
        unit=about.text("unit") if "unit" in part.value else None,
        constraints=constraints,
        missing_values=read_missing_values(part),
        categories=categories,
        decimal_char=_filled(part, "decimalChar", _DEFAULT.decimal_char),
        group_char=_group_char(part, type_),
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
    key = "missingValues"
    if key not in part.value:
        return None
    entries = part.value[key]
    if not isinstance(entries, list):
        part.wrong(key, 'a list of texts, or of objects with "value" and "label"')
        return None
    objects = [each for each in entries if isinstance(each, dict)]
    if objects and len(objects) == len(entries):
        return _labelled(part, objects)
    odd = [each for each in entries if not isinstance(each, str)]
    if odd:
        part.wrong_item(key, "texts", odd[0])
        return None
    if part.source.version is Version.V2:  # version 1 does not say that they differ
        _refuse_repeats(part, key, "missing value", entries, [])
    return tuple(entries)


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
    values = [each.get("value") for each in entries]
    labels = [each["label"] for each in entries if "label" in each]
    odd = [each for each in (*values, *labels) if not isinstance(each, str)]
    if odd:
        part.fault(
            "descriptor.wrong-type",
            f"{part.words}: a missing value and its label must be text, not {name_of(odd[0])}",
            key="missingValues",
            note=quoting(odd[0]),
        )
        return None
    _refuse_repeats(part, "missingValues", "missing value", values, labels)
    return tuple(str(each) for each in values)


def _refuse_repeats(
    part: Part, key: str, what: str, values: list[Any], labels: list[Any]
) -> None:
    """Note values or labels that occur twice in the list under `key`."""
    repeats = [each for each in (values, labels) if len(set(each)) < len(each)]
    if repeats:
        part.fault(
            "descriptor.duplicate",
            f"{part.words}: each {what} and each label of one may occur once only",
            key=key,
        )


def _check_keys(part: Part) -> None:
    """Note unknown keys, and constraints that stand beside `constraints` instead of in it."""
    part.check_keys(FIELD_KEYS | CONSTRAINT_KEYS)
    for key in part.value:
        if key in CONSTRAINT_KEYS:
            message = f'{part.words}: "{key}" belongs under "constraints"; here it does nothing'
            # Frictionless calls the package invalid for `required`, and that is right: a field
            # that its author meant to be required, and that isn't, is no small thing.
            if key == "required" or part.source.own:
                part.fault("descriptor.misplaced-key", message, key=key, spoils=False)
            else:
                part.warn("descriptor.misplaced-key", message, key=key)


def _group_char(part: Part, type_: str) -> str | None:
    """The mark between groups of digits; integers have none in version 1."""
    mark = part.text("groupChar") or None
    if mark is not None and type_ == "integer" and part.source.version is Version.V1:
        part.warn(
            "descriptor.needs-v2",
            f'{part.words}: "groupChar" of integers is part of version 2 of the specification, '
            "and is not looked at",
            key="groupChar",
            note='the package declares no "$schema" of version 2, so version 1 holds',
        )
        return None
    return mark


def _type(part: Part) -> str:
    """The field's type; without one `any`, in version 1 `string`."""
    default = "string" if part.source.version is Version.V1 else _DEFAULT.type
    type_ = part.text("type", default)
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
    entries = part.items("categories")
    if len({isinstance(each, dict) for each in entries}) > 1:
        part.fault(
            "descriptor.categories",
            f'{part.words}: "categories" must be all values, or all objects with "value"',
            key="categories",
        )
        return None
    values = [each.get("value") if isinstance(each, dict) else each for each in entries]
    for value in values:
        # A truth value is an integer to Python, and to nobody else.
        if type(value) is not (str if type_ == "string" else int):
            part.fault(
                "descriptor.categories",
                f'{part.words}: a category must be of the type "{type_}", not {name_of(value)}',
                key="categories",
            )
            return None
    labels = [each["label"] for each in entries if isinstance(each, dict) and "label" in each]
    for label in labels:
        if not isinstance(label, str):
            part.fault(
                "descriptor.categories",
                f"{part.words}: the label of a category must be text, not {name_of(label)}",
                key="categories",
                note=quoting(label),
            )
            return None
    _refuse_repeats(part, "categories", "category", values, labels)
    return tuple(values)


def _check_enum(
    part: Part, categories: tuple[Any, ...] | None, constraints: Constraints
) -> None:
    """Note members of an enum that are none of the field's categories."""
    if categories is None or constraints.enum is None:
        return
    known = {str(each) for each in categories}
    odd = [each for each in constraints.enum if str(each) not in known]
    if odd:
        part.fault(
            "descriptor.categories",
            f'{part.words}: "enum" holds {name_of(odd[0])}, which is none of the categories',
            key="constraints",
            spoils=False,
        )


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
