"""Examples of fields that are no values of their field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rekodiq_data import lexical
from rekodiq_data.report import Issue

if TYPE_CHECKING:
    from rekodiq_data.descriptor.model import Field, Package, Schema


def example_faults(package: Package) -> list[Issue]:
    """An issue for each `example` that its own field would not take.

    The specification calls it "an example value for the field"; it is written in the form of
    the field, as bounds are. A text that means "missing" is no value, and is left alone.
    """
    return [
        Issue(
            type="field-error",
            code="descriptor.example",
            message=f'resource "{resource.name}", field "{field.name}": the example {words}',
            note=f"the example {words}",
            resource=resource.name,
            field_name=field.name,
        )
        for resource in package.resources
        if resource.schema is not None
        for field in resource.schema.fields
        if (words := _wrong(resource.schema, field))
    ]


def _wrong(schema: Schema, field: Field) -> str | None:
    example = field.raw.get("example")
    if example is None or field.type == "any":
        return None
    if isinstance(example, str) and example in ("", *schema.missing_values_of(field)):
        return None
    try:
        lexical.bound(field, example)
    except ValueError as error:
        return str(error)
    return None
