"""Reading one resource: where its data is, and how it is to be read.

A resource is sound when its table can be read as its author meant it: its paths are safe, and
its schema, dialect, format and encoding have no fault. Faults elsewhere (a licence, a key, a
named check) are noted and do not keep its rows from being judged.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from rekodiq_data.descriptor.dialects import default_dialect, read_dialect
from rekodiq_data.descriptor.faults import Part, name_of
from rekodiq_data.descriptor.model import Dialect, ForeignKey, Resource
from rekodiq_data.descriptor.provenance import check_name, check_provenance
from rekodiq_data.descriptor.schemas import SchemaRead, read_schema
from rekodiq_data.descriptor.vocabulary import (
    RESOURCE_KEYS,
    SCHEMA_KEYS,
    THEME,
    USAGE_NOTES,
    Version,
    version_of,
)
from rekodiq_data.errors import BadText, NotReadable
from rekodiq_data.files.gate import is_address, wrong_path
from rekodiq_data.files.texts import read_text

if TYPE_CHECKING:
    from pathlib import Path

_HASH = re.compile(r"(?:([^:]+):)?([0-9a-fA-F]+)")
_HASH_LENGTHS = {40: "sha1", 64: "sha256", 128: "sha512"}
_MEDIA_TYPES = {
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.apache.parquet": "parquet",
    "application/x-ndjson": "ndjson",
    "application/vnd.sqlite3": "sqlite",
}
COMPRESSIONS = frozenset({"gz", "zip"})
_SAME_PACKING = {"gzip": "gz"}
_TABULAR_PROFILES = (
    "tabular-data-resource",
    "https://specs.frictionlessdata.io/schemas/tabular-data-resource.json",
)
_DEFAULT = Resource("")
# Codecs of Python for names of hosts and its own source: they would change a file's text.
_NOTATIONS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape"})


@dataclass(frozen=True, slots=True)
class ResourceRead:
    """A resource, and the places of its foreign keys."""

    resource: Resource
    foreign_keys: tuple[tuple[ForeignKey, Part], ...] = ()


def read_resource(part: Part, base: Path, position: int) -> ResourceRead:
    """The resource that `part` describes, with all its faults in `part.faults`.

    Args:
        part: an item of `resources`; its collector is this resource's own.
        base: the folder that paths start from.
        position: place in the package from 1, for a resource without a name.
    """
    part.check_keys(RESOURCE_KEYS)
    check_provenance(part)
    check_name(part)
    _check_place_of_keys(part)
    paths, data = _location(part)
    format_ = _format(part, paths, data)
    encoding = _encoding(part)
    schema = _schema(part, base)
    _check_profile(part)
    dialect = _dialect(part, base, format_)
    own = part.value.get("name")
    return ResourceRead(
        Resource(
            name=own if isinstance(own, str) and own else f"resource-{position}",
            paths=paths,
            data=data,
            format=format_,
            encoding=encoding,
            hash=_hash(part),
            bytes=part.integer("bytes"),
            schema=None if schema is None or part.faults.spoiled else schema.schema,
            dialect=dialect,
            compression=_compression(part, paths),
            inner_path=part.text("innerpath") or None,
            title=part.text("title"),
            description=part.text("description"),
            theme=part.text(THEME),
            usage_notes=part.texts(USAGE_NOTES) or (),
            is_sound=not part.faults.spoiled,
            raw=part.value,
        ),
        () if schema is None else schema.foreign_keys,
    )


def refer(part: Part, key: str, base: Path, words: str, type_: str) -> Part | None:
    """The object that the file named under `key` holds; None, with a fault, where it can't be.

    `words` and `type_` are those of the part that is returned.
    """
    relative = _trimmed(part, key, part.value[key])
    grave = replace(part, type=type_, spoils=True)
    if is_address(relative):
        grave.fault(
            "descriptor.address",
            f'{part.words}: the {key} at "{relative}" is not read',
            key=key,
            note="no network address that a descriptor names is ever opened; keep a copy of "
            "the file in the package",
        )
        return None
    try:
        text = read_text(base, relative, part.source.limits)
    except BadText as error:
        note_bad_text(grave, error, str(base / relative))
        return None
    except NotReadable as error:
        grave.fault(
            "descriptor.reference",
            f"{part.words}: {error.message}",
            key=key,
            note=error.hint or "",
        )
        return None
    source = replace(part.source, path=str(base / relative), lines=text.lines)
    declared = text.value.get("$schema") if isinstance(text.value, dict) else None
    if declared is not None:
        # A file's own profile holds for what stands in it; that of an inline object does not.
        source = replace(source, version=version_of(declared))
    if not isinstance(text.value, dict):
        replace(grave, source=source, at=()).fault(
            "descriptor.wrong-type", f"{words} must be an object, not {name_of(text.value)}"
        )
        return None
    return replace(grave, value=text.value, at=(), source=source, words=words)


def note_bad_text(part: Part, error: BadText, path: str) -> None:
    """Note that a file is not strict JSON or YAML, at the place of the error."""
    part.fault("descriptor.text", error.message, note=error.hint or "")
    part.faults.issues[-1] = replace(
        part.faults.issues[-1], path=path, line=error.line, column=error.column
    )


def _check_place_of_keys(part: Part) -> None:
    """Note keys of a schema that stand beside `schema` instead of in it."""
    for key in part.value:
        if key not in SCHEMA_KEYS - RESOURCE_KEYS:
            continue
        message = f'{part.words}: "{key}" belongs in "schema"; here it does nothing'
        if key == "missingValues":
            part.fault("descriptor.misplaced-key", message, key=key)
        elif isinstance(part.value[key], list | str):
            part.warn("descriptor.misplaced-key", message, key=key)


def _location(part: Part) -> tuple[tuple[str, ...], Any]:
    """The paths of the resource's files, or its inline data."""
    grave = replace(part, spoils=True)
    # Version 0 said "url"; readers must take it for "path".
    key = "url" if "url" in part.value and "path" not in part.value else "path"
    data = part.value.get("data")
    if key in part.value and data is not None:
        grave.fault(
            "descriptor.path-and-data",
            f'{part.words} has both "path" and "data"; only one of them may be there',
            key="data",
        )
        return (), None
    if key in part.value:
        return _paths(grave, key), None
    if data is None:
        grave.fault("descriptor.missing-key", f'{part.words} has neither "path" nor "data"')
    elif not isinstance(data, list | dict | str):
        grave.wrong("data", "a list or an object")
        return (), None
    elif isinstance(data, str) and not {"format", "mediatype"} & part.value.keys():
        grave.fault(
            "descriptor.missing-key",
            f'{part.words}: data given as text needs a "format", such as "csv"',
            key="data",
        )
    return (), data


def _paths(part: Part, key: str) -> tuple[str, ...]:
    """The resource's paths, all of them safe; empty, with faults, where one is not."""
    paths = part.texts(key, or_text=True)
    if paths is None:
        return ()
    if not part.is_within("resources", key, "files"):
        return ()
    if not paths:
        part.fault("descriptor.empty", f'{part.words}: "{key}" is an empty list', key=key)
    addresses = [path for path in paths if is_address(path)]
    if addresses and len(addresses) < len(paths):
        part.fault(
            "descriptor.path",
            f"{part.words} mixes files and network addresses; that is not allowed",
            key=key,
        )
        return ()
    if addresses:
        _note_address(part, key, addresses[0])
        return ()
    found = [_trimmed(part, key, path) for path in paths]
    for path in found:
        reason = wrong_path(path)
        if reason is not None:
            part.fault(
                "descriptor.path",
                f'{part.words}: "{path}" is not a safe path: {reason}',
                key=key,
                note="name a file inside the package, such as data/table.csv",
            )
            found = []
    return tuple(found)


def _note_address(part: Part, key: str, address: str) -> None:
    """Note that data on the network is not read: for a table that is an error."""
    tabular = "schema" in part.value or part.value.get("type") == "table"
    message = f'{part.words}: the data at "{address}" is not read'
    note = "no network address that a descriptor names is ever opened"
    if tabular:
        replace(part, type="scheme-error").fault(
            "resource.address", message, key=key, note=f"{note}; so the table can't be judged"
        )
    else:
        part.warn("resource.address", message, key=key, note=note)


def _trimmed(part: Part, key: str, path: str) -> str:
    """`path` without a leading "./", which means nothing and is not allowed."""
    if not path.startswith("./"):
        return path
    trimmed = path[2:]
    part.warn(
        "descriptor.path", f'{part.words}: write "{trimmed}" instead of "{path}"', key=key
    )
    return trimmed


def _format(part: Part, paths: tuple[str, ...], data: Any) -> str:
    """The format of the data: as stated, else as the first path's ending or media type says."""
    grave = replace(part, spoils=True)
    stated = grave.text("format").lower().removeprefix(".")
    media_type = _MEDIA_TYPES.get(part.text("mediatype").split(";")[0].strip().lower(), "")
    if stated and stated not in COMPRESSIONS:
        return stated
    if paths:
        ending = format_of_path(paths[0])
        # A media type that we know says more than an ending that may mean anything.
        return ending if ending in _MEDIA_TYPES.values() or not media_type else media_type
    if isinstance(data, str):
        return media_type
    return "json" if data is not None else _DEFAULT.format


def format_of_path(path: str) -> str:
    """The format that a path's ending says, that of its packing left out.

    >>> format_of_path("data/estimates.CSV.gz")
    'csv'
    """
    endings = [each.lower().removeprefix(".") for each in PurePosixPath(path).suffixes]
    if endings and endings[-1] in COMPRESSIONS:
        endings.pop()
    return endings[-1] if endings else ""


def compression_of_path(path: str) -> str | None:
    """How the file is packed, as its ending says."""
    ending = PurePosixPath(path).suffix.lower().removeprefix(".")
    return ending if ending in COMPRESSIONS else None


def _compression(part: Part, paths: tuple[str, ...]) -> str | None:
    """How the files are packed: as stated, else as the first path's ending says."""
    stated = part.text("compression").lower().removeprefix(".")
    if stated == "no":
        return None
    if stated:
        return _SAME_PACKING.get(stated, stated)
    return compression_of_path(paths[0]) if paths else None


def _encoding(part: Part) -> str:
    """The encoding of the resource's text, if Python knows it."""
    grave = replace(part, spoils=True)
    encoding = grave.text("encoding") or _DEFAULT.encoding
    try:
        # Some of Python's codecs are no encodings of text (rot13, zip): encoding refuses them.
        known = codecs.lookup(encoding).name
        "".encode(known)
    except (LookupError, ValueError):
        known = ""
    if not known or known.replace("-", "_") in _NOTATIONS:
        grave.fault(
            "descriptor.encoding",
            f'{part.words}: the encoding "{encoding}" is not known',
            key="encoding",
        )
        return _DEFAULT.encoding
    return encoding


def _hash(part: Part) -> str | None:
    """The stated hash as `algorithm:digits` in lower case; MD5 where no algorithm is named."""
    stated = part.text("hash")
    if not stated:
        return None
    match = _HASH.fullmatch(stated)
    if match is not None and (match[1] or len(match[2]) == 32):
        return f"{(match[1] or 'md5').lower()}:{match[2].lower()}"
    likely = None if match is None else _HASH_LENGTHS.get(len(match[2]))
    part.fault(
        "descriptor.hash",
        f'{part.words}: "hash" must be "algorithm:digits", or the 32 digits of an MD5',
        key="hash",
        suggestion=f"{likely}:{stated}" if likely else None,
    )
    return None


def _schema(part: Part, base: Path) -> SchemaRead | None:
    """The resource's schema, inline or in a file; None where none can be read."""
    inner = _inline_or_file(part, "schema", base, "schema-error")
    return None if inner is None else read_schema(inner)


def _dialect(part: Part, base: Path, format_: str) -> Dialect:
    """The resource's dialect, inline or in a file."""
    inner = _inline_or_file(part, "dialect", base, "dialect-error")
    return default_dialect(format_) if inner is None else read_dialect(inner, format_)


def _inline_or_file(part: Part, key: str, base: Path, type_: str) -> Part | None:
    """The object under `key`, or in the file that it names; None where there is none."""
    if key not in part.value:
        return None
    words = f"the {key}"
    value = part.value[key]
    if isinstance(value, str):
        return refer(part, key, base, words, type_)
    grave = replace(part, type=type_, spoils=True)
    if isinstance(value, dict):
        return grave.inner(value, (*part.at, key), words)
    grave.wrong(key, "an object or a path")
    return None


def _check_profile(part: Part) -> None:
    """Note a missing name, a missing schema of a tabular resource, an unknown type."""
    if part.value.get("name", "") == "":
        part.fault("descriptor.missing-key", f'{part.words} has no "name"')
    if part.value.get("profile") in _TABULAR_PROFILES and not part.value.get("schema"):
        part.fault(
            "descriptor.missing-key",
            f'{part.words} has the profile "tabular-data-resource" and no "schema"',
            key="profile",
        )
    type_ = part.text("type")
    if type_ not in ("", "table") and part.source.version is Version.V2:
        part.warn(
            "descriptor.type",
            f'{part.words}: "{type_}" is no type of resource; the only one is "table"',
            key="type",
        )
