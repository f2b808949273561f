"""Reading a Data Package descriptor, of version 1 or 2, without any network."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rekodiq_data.descriptor.faults import Faults, Part, Source, name_of
from rekodiq_data.descriptor.keys import check_reference
from rekodiq_data.descriptor.model import Kind, Package, Resource
from rekodiq_data.descriptor.provenance import check_name, check_provenance
from rekodiq_data.descriptor.resources import ResourceRead, note_bad_text, read_resource
from rekodiq_data.descriptor.vocabulary import PACKAGE_KEYS, version_of
from rekodiq_data.errors import BadText
from rekodiq_data.files.gate import is_address, wrong_path
from rekodiq_data.files.texts import Lines, Text
from rekodiq_data.limits import DEFAULT_LIMITS, ReadLimits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from rekodiq_data.report import Issue

PROFILES = ("data-package", "tabular-data-package")
NO_LINES = Lines(dict)


def read_package(
    descriptor: Path, base: Path, read: Callable[[], Text], limits: ReadLimits = DEFAULT_LIMITS
) -> Package:
    """The package that the file `descriptor` describes, and all its faults.

    Args:
        descriptor: the file, as faults name it.
        base: the folder that paths start from.
        read: reads the file.
        limits: for the files that it names.

    Raises:
        NotReadable: the file can't be taken at all (text that is malformed is a fault).
    """
    shown = str(descriptor)
    try:
        text = read()
    except BadText as error:
        part = Part(
            {}, (), Source(shown, NO_LINES), Faults(), "the descriptor", "package-error"
        )
        note_bad_text(part, error, shown)
        return Package(base, descriptor, Kind.PACKAGE, faults=tuple(part.faults.issues))
    return package_of(text, descriptor, base, limits)


def package_of(
    text: Text, descriptor: Path, base: Path, limits: ReadLimits = DEFAULT_LIMITS
) -> Package:
    """The package that the value of a descriptor's text describes."""
    value: Any = text.value
    part = Part(
        value if isinstance(value, dict) else {},
        (),
        Source(str(descriptor), text.lines, limits=limits),
        Faults(),
        "the package",
        "package-error",
    )
    if not isinstance(value, dict):
        part.fault(
            "descriptor.wrong-type", f"the descriptor must be an object, not {name_of(value)}"
        )
        return Package(base, descriptor, Kind.PACKAGE, faults=tuple(part.faults.issues))
    part = replace(part, source=replace(part.source, version=version_of(value.get("$schema"))))
    _check_package(part)
    resources, issues = read_all(part, base)
    return Package(
        base=base,
        descriptor=descriptor,
        kind=Kind.PACKAGE,
        resources=resources,
        metadata={key: each for key, each in value.items() if key != "resources"},
        faults=in_order([*part.faults.issues, *issues]),
        limits=limits,
    )


def read_all(part: Part, base: Path) -> tuple[tuple[Resource, ...], list[Issue]]:
    """All resources of the package `part`, and the faults in them."""
    parts = resource_parts(part)
    read = [read_resource(each, base, position) for position, each in enumerate(parts, 1)]
    check_repeats(part, [each.resource.name for each in read])
    return join_resources(read), [issue for each in parts for issue in each.faults.issues]


def resource_parts(part: Part) -> list[Part]:
    """The resources of the package `part`, each with a collector of its own for its faults."""
    if not part.is_within("resources", "resources", "resources"):
        return []
    parts = []
    for position, each in enumerate(part.objects("resources", "resource", "resource-error"), 1):
        name = each.value.get("name")
        named = isinstance(name, str) and name != ""
        own = replace(
            each,
            faults=Faults(),
            words=f'resource "{name}"' if named else each.words,
            resource=str(name) if named else f"resource-{position}",
        )
        parts.append(own)
    return parts


def check_repeats(part: Part, names: Sequence[str]) -> None:
    """Note each resource of `part` whose name an earlier one has, too."""
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            part.moved((*part.at, "resources", index)).fault(
                "descriptor.duplicate",
                f'two resources are called "{name}"; the names must differ',
                key="name",
            )
        seen.add(name)


def join_resources(read: Sequence[ResourceRead]) -> tuple[Resource, ...]:
    """The resources, each without the foreign keys that refer to nothing (those are faults)."""
    schemas = {each.resource.name: each.resource.schema for each in read}
    found: list[Resource] = []
    for each in read:
        resource = each.resource
        # "" refers to the table itself; so does its own name.
        known = {**schemas, "": resource.schema}
        kept = tuple(
            replace(key, resource="" if key.resource == resource.name else key.resource)
            for key, part in each.foreign_keys
            if check_reference(key, part, known)
        )
        if resource.schema is not None:
            resource = replace(resource, schema=replace(resource.schema, foreign_keys=kept))
        found.append(resource)
    return tuple(found)


def in_order(issues: Sequence[Issue]) -> tuple[Issue, ...]:
    """Issues file by file, as the files come up, each in the order of its lines."""
    files = list(dict.fromkeys(issue.path for issue in issues))
    return tuple(
        sorted(
            issues,
            key=lambda issue: (files.index(issue.path), issue.line or 0, issue.column or 0),
        )
    )


def _check_package(part: Part) -> None:
    """Note what is wrong at the top of a descriptor."""
    part.check_keys(PACKAGE_KEYS)
    check_provenance(part)
    check_name(part)
    if "resources" not in part.value:
        part.fault("descriptor.missing-key", 'the package has no "resources"')
    elif part.value["resources"] == []:
        part.fault("descriptor.empty", 'the package: "resources" is empty', key="resources")
    for key in ("fields", "missingValues"):
        if key in part.value:
            part.fault(
                "descriptor.misplaced-key",
                f'the package: "{key}" belongs in the "schema" of a resource',
                key=key,
            )
    _check_profile(part)


def _check_profile(part: Part) -> None:
    """Note what the package's `profile` (version 1) asks for and does not get."""
    profile = part.value.get("profile")
    if not isinstance(profile, str) or profile == "":
        return
    if profile == "tabular-data-package":
        for index, each in enumerate(part.items("resources")):
            if isinstance(each, dict) and each.get("profile") != "tabular-data-resource":
                part.moved((*part.at, "resources")).fault(
                    "descriptor.profile",
                    'with the profile "tabular-data-package", every resource must have the '
                    'profile "tabular-data-resource"',
                    key=index,
                )
    elif profile not in PROFILES and not is_address(profile) and "/" in profile:
        reason = wrong_path(profile)
        if reason is not None:
            part.fault(
                "descriptor.path",
                f'the package: the profile "{profile}" is not a safe path: {reason}',
                key="profile",
            )
