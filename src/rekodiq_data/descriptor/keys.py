"""Reading primary, unique and foreign keys.

A faulty key is noted and dropped; the table is judged by what is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rekodiq_data.descriptor.model import ForeignKey
from rekodiq_data.descriptor.vocabulary import FOREIGN_KEY_KEYS, REFERENCE_KEYS, Version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rekodiq_data.descriptor.faults import Part
    from rekodiq_data.descriptor.model import Schema
    from rekodiq_data.files.texts import KeyPath


def read_primary_key(part: Part, names: Sequence[str]) -> tuple[str, ...]:
    """Fields of the primary key of the schema `part`; empty without one."""
    fields = part.texts("primaryKey", or_text=True)
    if not fields or fields == ("",):
        return ()
    return fields if all_known(part, fields, names, "primaryKey", "the primary key") else ()


def read_unique_keys(part: Part, names: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Fields of each unique key of the schema `part`."""
    keys: list[tuple[str, ...]] = []
    if "uniqueKeys" in part.value and part.source.version is Version.V1:
        part.warn(
            "descriptor.needs-v2",
            f'{part.words}: "uniqueKeys" are part of version 2 of the specification, and are '
            "not looked at",
            key="uniqueKeys",
            note='the package declares no "$schema" of version 2, so version 1 holds',
        )
        return ()
    if part.value.get("uniqueKeys") == []:
        part.fault(
            "descriptor.empty", f'{part.words}: "uniqueKeys" is an empty list', key="uniqueKeys"
        )
    for index, each in enumerate(part.items("uniqueKeys")):
        here = part.moved((*part.at, "uniqueKeys"))
        if not isinstance(each, list) or not all(isinstance(name, str) for name in each):
            here.fault(
                "descriptor.wrong-type",
                f"{part.words}: each unique key must be a list of field names",
                key=index,
            )
        elif not each:
            here.fault(
                "descriptor.empty", f"{part.words}: a unique key names no field", key=index
            )
        elif all_known(here, each, names, index, "a unique key"):
            keys.append(tuple(each))
    return tuple(keys)


def read_foreign_keys(part: Part, names: Sequence[str]) -> tuple[tuple[ForeignKey, Part], ...]:
    """Foreign keys of the schema `part`, each with the part that it was read from.

    What they refer to is looked at later (`check_reference`), when all resources are known.
    """
    found: list[tuple[ForeignKey, Part]] = []
    for each in part.objects("foreignKeys", "foreign key"):
        each.check_keys(FOREIGN_KEY_KEYS)
        key = _foreign_key(each, names)
        if key is not None:
            found.append((key, each))
    return tuple(found)


def check_reference(key: ForeignKey, part: Part, schemas: Mapping[str, Schema | None]) -> bool:
    """Whether what `key` refers to exists; a fault is noted where it does not.

    Args:
        key: a foreign key.
        part: where it was read.
        schemas: every resource by name ("" for the key's own), with its schema if any.
    """
    reference: KeyPath = (*part.at, "reference")
    if key.resource not in schemas:
        part.moved(reference).fault(
            "descriptor.foreign-key-resource",
            f'{part.words} refers to "{key.resource}", which is no resource of the package',
            key="resource",
            suggestion=part.near(key.resource, [name for name in schemas if name]),
        )
        return False
    schema = schemas[key.resource]
    if schema is None:
        return True
    known = set(schema.names)
    absent = [name for name in key.reference_fields if name not in known]
    target = f'the resource "{key.resource}"' if key.resource else "this table"
    for name in absent:
        part.moved(reference).fault(
            "descriptor.unknown-field",
            f'{part.words} refers to the field "{name}", which {target} does not have',
            key="fields",
            suggestion=part.near(name, schema.names),
        )
    return not absent


def all_known(
    part: Part, fields: Sequence[str], names: Sequence[str], key: str | int, subject: str
) -> bool:
    """Whether every one of `fields` is one of `names`; each that is not is a fault at `key`.

    `subject` is what names them, in words.
    """
    known = set(names)
    absent = [name for name in fields if name not in known]
    for name in absent:
        part.fault(
            "descriptor.unknown-field",
            f'{part.words}: {subject} names "{name}", which is no field of the table',
            key=key,
            suggestion=part.near(name, names),
        )
    return not absent


def _foreign_key(part: Part, names: Sequence[str]) -> ForeignKey | None:
    """The foreign key that `part` describes, or None where it is faulty."""
    before = part.faults.errors
    fields = part.texts("fields", or_text=True)
    reference = part.object("reference")
    for key in ("fields", "reference"):
        if key not in part.value:
            part.fault("descriptor.missing-key", f'{part.words} has no "{key}"')
    if fields is None or reference is None:
        return None
    if "package" in reference.value:
        part.fault(
            "descriptor.foreign-key-package",
            f"{part.words} refers to another package",
            key="reference",
            note="only tables of the same package are looked at",
        )
        return None
    reference.check_keys(REFERENCE_KEYS)
    target = reference.texts("fields", or_text=True)
    if "fields" not in reference.value:
        reference.fault("descriptor.missing-key", f'{reference.words} has no "fields"')
    elif target is not None and (len(fields) != len(target) or not fields):
        part.fault(
            "descriptor.foreign-key-length",
            f"{part.words} joins {len(fields)} of its fields to {len(target)} fields",
            note="both lists must have the same length, and name at least one field",
        )
    all_known(part, fields, names, "fields", "the key")
    resource = reference.text("resource")
    if target is None or part.faults.errors > before:
        return None
    return ForeignKey(fields=fields, resource=resource, reference_fields=target)
