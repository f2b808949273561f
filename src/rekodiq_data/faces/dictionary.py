"""The data dictionary: every table, field and rule of a package in Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rekodiq_data.checks import KINDS
from rekodiq_data.checks.base import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rekodiq_data.descriptor.model import Field, NamedCheck, Package, Resource, Schema

_SEEN_BY = {
    Scope.ROW: "one record",
    Scope.TABLE: "the whole table",
    Scope.PACKAGE: "several tables",
}


def dictionary(package: Package) -> str:
    """The data dictionary of `package` as one Markdown text; ends with a line break.

    Tables stand in the package's order, fields and checks in their schema's.
    """
    parts = [
        f"# {package.metadata.get('title') or package.name}: data dictionary",
        "Made from the schemas by `scripts/docs`; edit those, not this file.",
        "\n".join(_contents(package)),
        *(_table(resource) for resource in package.resources),
    ]
    return "\n\n".join(parts) + "\n"


def _contents(package: Package) -> Iterator[str]:
    yield "| table | theme | one row is |"
    yield "|---|---|---|"
    for resource in package.resources:
        first = _first_sentence(resource.description or _schema(resource).description)
        yield f"| [{resource.name}](#{resource.name}) | {resource.theme} | {_cell(first)} |"


def _table(resource: Resource) -> str:
    schema = _schema(resource)
    title = resource.title or schema.title
    parts = [
        f"## {resource.name}",
        f"**{title}.** {resource.description or schema.description}",
    ]
    if resource.usage_notes:
        notes = "\n".join(f"- {note}" for note in resource.usage_notes)
        parts.append(f"What a newcomer gets wrong:\n\n{notes}")
    parts.append("\n".join(_fields(schema)))
    parts.append("\n".join(_keys(schema)))
    if schema.checks:
        parts.append("\n".join(_checks(schema)))
    return "\n\n".join(part for part in parts if part)


def _fields(schema: Schema) -> Iterator[str]:
    yield "| field | type | unit | rules | meaning |"
    yield "|---|---|---|---|---|"
    for field in schema.fields:
        rules = "; ".join(_rules(field))
        meaning = f"{field.title}. {field.description}" if field.title else field.description
        unit = f"`{field.unit}`" if field.unit else ""
        kind = field.type if field.format == "default" else f"{field.type} ({field.format})"
        yield f"| `{field.name}` | {_cell(kind)} | {unit} | {_cell(rules)} | {_cell(meaning)} |"


def _rules(field: Field) -> Iterator[str]:
    """The constraints of a field in words."""
    given = field.constraints
    if given.required:
        yield "required"
    if given.unique:
        yield "unique"
    bounds = (
        ("at least", given.minimum),
        ("more than", given.exclusive_minimum),
        ("at most", given.maximum),
        ("less than", given.exclusive_maximum),
        ("length at least", given.min_length),
        ("length at most", given.max_length),
    )
    for words, bound in bounds:
        if bound is not None:
            yield f"{words} {bound}"
    if given.pattern is not None:
        yield f"pattern `{given.pattern}`"
    if given.enum is not None:
        yield "one of " + ", ".join(f"`{each}`" for each in given.enum)
    if given.json_schema is not None:
        yield "valid by its JSON Schema"


def _keys(schema: Schema) -> Iterator[str]:
    if schema.primary_key:
        yield f"- Primary key: {_names(schema.primary_key)}"
    for key in schema.unique_keys:
        yield f"- No two rows are alike in: {_names(key)}"
    for foreign in schema.foreign_keys:
        table = foreign.resource or "this table"
        there = _names(foreign.reference_fields)
        yield f"- {_names(foreign.fields)} refers to {there} of {table}"
    if schema.reading:
        explained = "; ".join(
            f"`{mark}` explains {', '.join(kinds)}"
            for mark, kinds in schema.reading.explains.items()
        )
        yield f"- Known misprints are marked in `{schema.reading.field}`: {explained}"


def _checks(schema: Schema) -> Iterator[str]:
    yield "| check | kind | sees | about | meaning |"
    yield "|---|---|---|---|---|"
    for check in schema.checks:
        kind = KINDS[check.check]
        severity = check.severity or kind.severity
        meaning = _cell(str(check.description or kind.summary))
        if check.may_be_undecided:
            meaning += f" Decides no row yet: {_cell(check.may_be_undecided)}."
        yield (
            f"| {check.name} | [{kind.name}](../checks/{kind.name}.md) ({severity})"
            f" | {_SEEN_BY[kind.scope]} | {_cell(_about(check))} | {meaning} |"
        )


def _about(check: NamedCheck) -> str:
    """The columns that a check reads, and the records that it is about."""
    columns = ", ".join(
        f"`{name}`" for name in sorted(KINDS[check.check].reads(check).get("", ()))
    )
    where = "; ".join(
        f"`{name}` is {' or '.join(texts)}" for name, texts in sorted(check.where.items())
    )
    return f"{columns}, where {where}" if where else columns


def _schema(resource: Resource) -> Schema:
    if resource.schema is None:
        raise ValueError(f'the table "{resource.name}" has no sound schema')
    return resource.schema


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.;:]) ", " ".join(text.split()), maxsplit=1)[0].rstrip(";:")


def _cell(value: Any) -> str:
    """Text that stays in one cell of a Markdown table."""
    return " ".join(str(value).split()).replace("|", "\\|")
