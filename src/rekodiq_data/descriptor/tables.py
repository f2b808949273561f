"""One table with one schema, as a package of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rekodiq_data.descriptor.dialects import default_dialect
from rekodiq_data.descriptor.faults import Faults, Part, Source, name_of
from rekodiq_data.descriptor.model import Kind, Package, Resource
from rekodiq_data.descriptor.package import NO_LINES, in_order, join_resources
from rekodiq_data.descriptor.resources import (
    ResourceRead,
    compression_of_path,
    format_of_path,
    note_bad_text,
)
from rekodiq_data.descriptor.schemas import SchemaRead, read_schema
from rekodiq_data.descriptor.vocabulary import Version
from rekodiq_data.errors import BadText, WrongCall
from rekodiq_data.files.gate import is_given_folder
from rekodiq_data.files.texts import read_given_text
from rekodiq_data.limits import DEFAULT_LIMITS, ReadLimits

if TYPE_CHECKING:
    from pathlib import Path


def open_table(path: Path, schema_path: Path, limits: ReadLimits = DEFAULT_LIMITS) -> Package:
    """The table at `path`, to be judged by the Table Schema at `schema_path`, within `limits`.

    Keys and checks that look at other tables can't be judged alone, and are faults.

    Raises:
        NothingFound: one of the two does not exist.
        WrongCall: one of the two is a folder.
        NotReadable: the schema can't be taken at all (text that is malformed is a fault).
    """
    for each in (path, schema_path):
        if is_given_folder(each):
            raise WrongCall(f'"{each}" is a folder; one table goes with one schema file')
    resolved = path.resolve() if path.is_symlink() else path
    format_ = format_of_path(path.name)
    name = path.stem
    # What no `$schema` gates is allowed: a lone schema file is of either version.
    part = Part(
        {},
        (),
        Source(str(schema_path), NO_LINES, version=Version.UNKNOWN, limits=limits),
        Faults(),
        "the schema",
        "schema-error",
        resource=name,
        spoils=True,
    )
    schema = _read(part, schema_path)
    resource = Resource(
        name=name,
        paths=(resolved.name,),
        format=format_,
        schema=None if schema is None or part.faults.spoiled else schema.schema,
        dialect=default_dialect(format_),
        compression=compression_of_path(path.name),
        is_sound=not part.faults.spoiled,
        raw={"name": name, "path": resolved.name},
    )
    keys = () if schema is None else schema.foreign_keys
    return Package(
        base=resolved.parent,
        descriptor=schema_path,
        kind=Kind.TABLE,
        resources=join_resources([ResourceRead(resource, keys)]),
        metadata={"name": name},
        faults=in_order(part.faults.issues),
        limits=limits,
    )


def _read(part: Part, schema_path: Path) -> SchemaRead | None:
    """The schema in a file; None, with a fault, where there is none."""
    try:
        text = read_given_text(schema_path, part.source.limits)
    except BadText as error:
        note_bad_text(part, error, str(schema_path))
        return None
    part = replace(part, source=replace(part.source, lines=text.lines))
    if not isinstance(text.value, dict):
        part.fault(
            "descriptor.wrong-type", f"the schema must be an object, not {name_of(text.value)}"
        )
        return None
    return read_schema(replace(part, value=text.value))
