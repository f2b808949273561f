"""Reading a Table Schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rekodiq_data.descriptor.checks import read_checks, read_reading
from rekodiq_data.descriptor.fields import read_field, read_missing_values
from rekodiq_data.descriptor.keys import read_foreign_keys, read_primary_key, read_unique_keys
from rekodiq_data.descriptor.model import Field, ForeignKey, Schema
from rekodiq_data.descriptor.vocabulary import FIELDS_MATCH, SCHEMA_KEYS
from rekodiq_data.suggest import closest

if TYPE_CHECKING:
    from rekodiq_data.descriptor.faults import Part


@dataclass(frozen=True, slots=True)
class SchemaRead:
    """A schema, and the places of its foreign keys, to be checked when all tables are known."""

    schema: Schema
    foreign_keys: tuple[tuple[ForeignKey, Part], ...]


def read_schema(part: Part) -> SchemaRead:
    """The schema that `part` describes. Whether it can be used, `part.faults.spoiled` says."""
    part.check_keys(SCHEMA_KEYS)
    fields = _fields(part)
    names = [each.name for each in fields]
    missing_values = read_missing_values(part)
    relations = part.harmless(part.words)
    foreign_keys = read_foreign_keys(relations, names)
    schema = Schema(
        fields=fields,
        title=relations.text("title"),
        description=relations.text("description"),
        fields_match=_fields_match(part),
        missing_values=("",) if missing_values is None else missing_values,
        primary_key=read_primary_key(relations, names),
        unique_keys=read_unique_keys(relations, names),
        foreign_keys=tuple(key for key, _ in foreign_keys),
        checks=read_checks(relations, names),
        reading=read_reading(relations, names),
        raw=part.value,
    )
    return SchemaRead(schema, foreign_keys)


def _fields(part: Part) -> tuple[Field, ...]:
    """The schema's fields, in order."""
    if "fields" not in part.value:
        reference = part.value.get("$ref")
        part.fault(
            "descriptor.missing-key",
            f'{part.words} has no "fields"',
            note=f'"$ref" is not followed; write "schema: {reference}"' if reference else "",
        )
    elif part.value["fields"] == []:
        part.fault("descriptor.empty", f'{part.words}: "fields" is empty', key="fields")
    if not part.is_within("columns", "fields", "fields"):
        return ()
    found: list[Field] = []
    for each in part.objects("fields", "field", "field-error"):
        name = each.value.get("name")
        named = isinstance(name, str)
        found.append(
            read_field(
                each.called(
                    f'field "{name}"' if named else each.words,
                    str(name) if named else None,
                )
            )
        )
        # Version 1 allowed names to repeat, so that readers must not call it a fault. The
        # tables of a project are read by name in every tool: there it is one.
        if part.source.own and named and name in [field.name for field in found[:-1]]:
            each.fault(
                "descriptor.duplicate",
                f'{part.words}: two fields are called "{name}"',
                key="name",
            )
    return tuple(found)


def _fields_match(part: Part) -> str:
    """How fields are matched with columns."""
    value = part.value.get("fieldsMatch", "exact")
    # The published profile of version 2.0 asks for a list by mistake; its text, for one word.
    if isinstance(value, list) and len(value) == 1 and value[0] in FIELDS_MATCH:
        return str(value[0])
    if value in FIELDS_MATCH:
        return str(value)
    part.fault(
        "descriptor.fields-match",
        f'{part.words}: "fieldsMatch" must be one of {", ".join(FIELDS_MATCH)}',
        key="fieldsMatch",
        suggestion=closest(value, FIELDS_MATCH) if isinstance(value, str) else None,
    )
    return "exact"
