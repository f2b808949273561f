"""Reading what a package or resource says of itself: licences, people, sources, dates."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from rekodiq_data.descriptor.vocabulary import (
    CONTRIBUTOR_KEYS,
    LICENSE_KEYS,
    SOURCE_KEYS,
    Version,
)
from rekodiq_data.files.gate import is_address

if TYPE_CHECKING:
    from rekodiq_data.descriptor.faults import Part

_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?"
    r"([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)
_NAME_V1 = re.compile(r"[-a-z0-9._/]+")
_OUTSIDE = re.compile(r"^/|(^|/)\.\.(/|$)")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def check_provenance(part: Part) -> None:
    """Note what is wrong with the parts of a package or resource that describe it."""
    for key in ("title", "description", "homepage", "profile", "$schema", "id", "image"):
        part.text(key)
    part.text("version")
    part.texts("keywords")
    _check_licenses(part)
    for each in part.objects("contributors", "contributor"):
        each.check_keys(CONTRIBUTOR_KEYS)
        for key in CONTRIBUTOR_KEYS - {"roles"}:
            each.text(key)
        each.texts("roles")
        _check_email(each)
        if part.source.version is Version.V1 and "title" not in each.value:
            each.warn("descriptor.missing-key", f'{each.words} has no "title"')
        _require_something(each)
    for each in part.objects("sources", "source"):
        each.check_keys(SOURCE_KEYS)
        for key in SOURCE_KEYS:
            each.text(key)
        _check_email(each)
        _require_something(each)
        _check_path(each, "path")
    _check_path(part, "image")
    _check_created(part)


def check_name(part: Part) -> str:
    """The name of a package or resource. Only version 1 restricts its letters."""
    name = part.text("name")
    if part.source.version is Version.V1 and name and not _NAME_V1.fullmatch(name):
        part.fault(
            "descriptor.name",
            f'{part.words}: the name "{name}" is not allowed in version 1 of the specification',
            key="name",
            note='version 1 allows a-z, 0-9, ".", "_", "-", "/"; version 2 ("$schema") any',
        )
    return name


def _check_licenses(part: Part) -> None:
    """Note licences without name and path."""
    for each in part.objects("licenses", "licence"):
        each.check_keys(LICENSE_KEYS)
        for key in LICENSE_KEYS:
            each.text(key)
        if not each.value.get("name") and not each.value.get("path"):
            each.fault("descriptor.license", f'{each.words} has neither "name" nor "path"')
        _check_path(each, "path")


def _require_something(part: Part) -> None:
    """Note a contributor or source of version 2 that says nothing."""
    if not part.value and part.source.version is Version.V2:
        part.fault("descriptor.empty", f"{part.words} has no property")


def _check_path(part: Part, key: str) -> None:
    """Note a path that is neither an address nor a path inside the package."""
    path = part.value.get(key)
    if isinstance(path, str) and _OUTSIDE.search(path) and not is_address(path):
        part.fault(
            "descriptor.path",
            f'{part.words}: "{path}" is not a safe path: it leaves the package',
            key=key,
            note="name a file inside the package, or an address with https://",
        )


def _check_email(part: Part) -> None:
    """Note an email that is none."""
    email = part.value.get("email")
    if isinstance(email, str) and email and not _EMAIL.fullmatch(email):
        part.fault(
            "descriptor.email", f'{part.words}: "{email}" is no email address', key="email"
        )


def _check_created(part: Part) -> None:
    """Note a moment of creation that is none (RFC 3339: date, time and zone)."""
    created = part.text("created")
    if not created:
        return
    sound = _MOMENT.fullmatch(created) is not None
    if sound:
        try:
            datetime.fromisoformat(created[:10])
        except ValueError:
            sound = False
    if not sound:
        part.fault(
            "descriptor.created",
            f'{part.words}: "created" must be a date, a time and a zone, not "{created}"',
            key="created",
            note='such as "2024-03-31T12:00:00Z"',
        )
