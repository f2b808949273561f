"""Reading a project: `datapackage/package.yaml`, and one schema file per table.

A project is ours to be strict with: unknown keys are errors, so that a misspelt rule can't
vanish, and names are safe to be file names on any system.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rekodiq_data.descriptor.dialects import default_dialect
from rekodiq_data.descriptor.faults import Faults, Part, Source, name_of
from rekodiq_data.descriptor.model import Kind, Package, Resource
from rekodiq_data.descriptor.package import (
    NO_LINES,
    check_repeats,
    in_order,
    join_resources,
    resource_parts,
)
from rekodiq_data.descriptor.provenance import check_provenance
from rekodiq_data.descriptor.resources import ResourceRead, note_bad_text, refer
from rekodiq_data.descriptor.schemas import SchemaRead, read_schema
from rekodiq_data.descriptor.vocabulary import (
    PACKAGE_SCHEMA,
    PROJECT_KEYS,
    PROJECT_RESOURCE_KEYS,
    THEME,
    USAGE_NOTES,
    Version,
    version_of,
)
from rekodiq_data.errors import BadText, NotReadable
from rekodiq_data.files.gate import list_files, wrong_path
from rekodiq_data.files.texts import read_text
from rekodiq_data.limits import DEFAULT_LIMITS, ReadLimits
from rekodiq_data.suggest import closest

if TYPE_CHECKING:
    from pathlib import Path

PROJECT_FILE = "package.yaml"
PACKAGE_FOLDER = "datapackage"
SCHEMA_FOLDER = "schemas"
RAW_FOLDER = "raw"
_SCHEMA_ENDING = ".yaml"
_SCHEMA_ENDINGS = (".yaml", ".yml", ".json")
_TABLE_ENDINGS = (".csv", ".tsv")

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
# Names of devices: no file can have them on Windows, whatever its ending.
_DEVICES = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
_MEDIA_TYPES = {"csv": "text/csv", "tsv": "text/tab-separated-values"}


def is_project(root: Path) -> bool:
    """Whether the folder `root` is a project."""
    return (root / PACKAGE_FOLDER / PROJECT_FILE).is_file() and (root / SCHEMA_FOLDER).is_dir()


def read_project(root: Path, limits: ReadLimits = DEFAULT_LIMITS) -> Package:
    """The project in the folder `root`, read within `limits`, and all faults of its files.

    Paths of resources start from `datapackage/`.

    Raises:
        NotReadable: `package.yaml` can't be taken at all (text that is malformed is a fault).
    """
    base = root / PACKAGE_FOLDER
    descriptor = base / PROJECT_FILE
    shown = f"{PACKAGE_FOLDER}/{PROJECT_FILE}"
    source = Source(str(descriptor), NO_LINES, own=True, limits=limits)
    part = Part({}, (), source, Faults(), "the project", "package-error")
    empty = Package(base, descriptor, Kind.PROJECT, limits=limits)
    try:
        text = read_text(root, shown, limits)
    except BadText as error:
        note_bad_text(part, error, str(descriptor))
        return replace(empty, faults=tuple(part.faults.issues))
    part = replace(part, source=replace(part.source, lines=text.lines))
    if not isinstance(text.value, dict):
        part.fault(
            "descriptor.wrong-type", f"the project must be an object, not {name_of(text.value)}"
        )
        return replace(empty, faults=tuple(part.faults.issues))
    part = replace(part, value=text.value)
    _check_project(part)
    parts, schema_files = resource_parts(part), _schema_files(root)
    read = [_read_resource(each, root, schema_files) for each in parts]
    check_repeats(part, [each.resource.name for each in read])
    _check_unused(part, root, read)
    resources = join_resources(read)
    issues = [*part.faults.issues, *(issue for each in parts for issue in each.faults.issues)]
    return replace(
        empty,
        resources=resources,
        metadata={
            "$schema": PACKAGE_SCHEMA,
            **{key: each for key, each in part.value.items() if key != "resources"},
        },
        faults=in_order(issues),
    )


def _check_project(part: Part) -> None:
    """Note what is wrong at the top of package.yaml."""
    part.check_keys(PROJECT_KEYS)
    check_provenance(part)
    if part.value.get("name", "") == "":
        part.fault("descriptor.missing-key", 'the project has no "name"')
    name = part.text("name")
    if name:
        _check_name(part, name)
    if not part.value.get("resources"):
        part.fault("descriptor.missing-key", 'the project has no "resources"')


def _read_resource(part: Part, root: Path, schema_files: tuple[str, ...]) -> ResourceRead:
    """One resource of the project."""
    part.check_keys(PROJECT_RESOURCE_KEYS)
    grave = replace(part, spoils=True)
    name = grave.text("name")
    schema: SchemaRead | None = None
    if part.value.get("name", "") == "":
        grave.fault("descriptor.missing-key", f'{part.words} has no "name"')
    elif name and _check_name(grave, name):
        schema = _schema(grave, root, name, schema_files)
    raw = grave.text("raw", f"{RAW_FOLDER}/{name}.csv")
    reason = wrong_path(raw)
    if reason is not None and name:
        grave.fault(
            "descriptor.path", f'{part.words}: "{raw}" is not a safe path: {reason}', key="raw"
        )
    format_ = raw.rpartition(".")[2].lower()
    title = part.text("title") or (schema.schema.title if schema else "")
    sound = not part.faults.spoiled
    resource = Resource(
        name=name or str(part.resource),
        paths=(raw,) if reason is None else (),
        format=format_,
        schema=schema.schema if schema and sound else None,
        dialect=default_dialect(format_),
        title=title,
        description=schema.schema.description if schema else "",
        theme=part.text("theme"),
        usage_notes=part.texts("usage_notes") or (),
        is_sound=sound,
    )
    keys = schema.foreign_keys if schema else ()
    return ResourceRead(replace(resource, raw=_published(resource, schema)), keys)


def _schema(
    part: Part, root: Path, name: str, schema_files: tuple[str, ...]
) -> SchemaRead | None:
    """The schema of the resource `name`; None, with a fault, where there is none."""
    file = f"{name}{_SCHEMA_ENDING}"
    if file not in schema_files:
        near = closest(file, schema_files)
        part.fault(
            "project.missing-schema",
            f"{part.words} has no schema: {SCHEMA_FOLDER}/{file} does not exist",
            key="name",
            suggestion=near.removesuffix(_SCHEMA_ENDING) if near else None,
        )
        return None
    # The resource names its schema by its own name: as if it had written the path.
    named = replace(part, value={**part.value, "schema": f"{SCHEMA_FOLDER}/{file}"})
    inner = refer(named, "schema", root, "the schema", "schema-error")
    if inner is None:
        return None
    if version_of(inner.value.get("$schema")) is not Version.V2:
        inner.fault(
            "project.schema-version",
            'the schema must open with "$schema", naming a profile of version 2',
            key="$schema",
            note="https://datapackage.org/profiles/2.0/tableschema.json",
            spoils=False,
        )
    if "missingValues" not in inner.value:
        inner.fault(
            "project.missing-values",
            'the schema must say what means "missing"',
            note='write missingValues: [""] for the empty cell',
            spoils=False,
        )
    return read_schema(inner)


def _published(resource: Resource, schema: SchemaRead | None) -> dict[str, Any]:
    """The resource as an entry of a descriptor of version 2, its schema inline."""
    texts = {
        "title": resource.title,
        "description": resource.description,
        "format": resource.format,
        "mediatype": _MEDIA_TYPES.get(resource.format, ""),
        "encoding": resource.encoding,
        THEME: resource.theme,
    }
    return {
        "name": resource.name,
        "type": "table",
        "path": resource.paths[0] if resource.paths else "",
        **{key: text for key, text in texts.items() if text},
        **({USAGE_NOTES: list(resource.usage_notes)} if resource.usage_notes else {}),
        **({"schema": schema.schema.raw} if schema else {}),
    }


def _check_name(part: Part, name: str) -> bool:
    """Whether `name` is safe as the name of a file anywhere; a fault is noted where not."""
    if _NAME.fullmatch(name) and not _DEVICES.fullmatch(name):
        return True
    part.fault(
        "project.name",
        f'{part.words}: "{name}" can\'t be a name',
        key="name",
        note='a name has up to 64 of a-z, 0-9, "_" and "-", starts with a letter or a digit, '
        "and is no device of Windows (con, nul, com1, ...)",
    )
    return False


def _schema_files(root: Path) -> tuple[str, ...]:
    """Names of the files in the schema folder."""
    return tuple(name for name in list_files(root / SCHEMA_FOLDER).files if "/" not in name)


def _check_unused(part: Part, root: Path, read: list[ResourceRead]) -> None:
    """Note schema files that no resource uses, and tables that no resource reads."""
    used = {f"{each.resource.name}{_SCHEMA_ENDING}" for each in read}
    names = [each.resource.name for each in read]
    for file in _schema_files(root):
        if file.endswith(_SCHEMA_ENDINGS) and file not in used:
            replace(
                part,
                source=Source(str(root / SCHEMA_FOLDER / file), NO_LINES, own=True),
                type="schema-error",
            ).fault(
                "project.unused-schema",
                f"no resource of {PACKAGE_FOLDER}/{PROJECT_FILE} uses {SCHEMA_FOLDER}/{file}",
                suggestion=closest(file.rpartition(".")[0], names),
            )
    try:
        tables = list_files(root / PACKAGE_FOLDER / RAW_FOLDER).files
    except NotReadable:
        # No folder of tables: the judge says so, table by table.
        return
    paths = {path for each in read for path in each.resource.paths}
    for table in tables:
        path = f"{RAW_FOLDER}/{table}"
        if table.endswith(_TABLE_ENDINGS) and path not in paths:
            source = Source(str(root / PACKAGE_FOLDER / path), NO_LINES, own=True)
            replace(part, source=source).warn(
                "project.unused-table", f"no resource reads {PACKAGE_FOLDER}/{path}"
            )
