"""Reading `rekodiq:checks` and `rekodiq:reading`: their shape, and the fields they name.

What a kind of check makes of its parameters is judged where the kinds are known. A faulty entry
is noted and dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rekodiq_data.descriptor.model import NamedCheck, Reading
from rekodiq_data.descriptor.vocabulary import (
    CHECK_KEYS,
    CHECKS,
    LOOKUP_KEYS,
    READING,
    READING_KEYS,
)
from rekodiq_data.report import Severity
from rekodiq_data.suggest import closest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rekodiq_data.descriptor.faults import Part


def read_checks(part: Part, names: Sequence[str]) -> tuple[NamedCheck, ...]:
    """The named checks of the schema `part`, in order."""
    found: list[NamedCheck] = []
    seen: set[str] = set()
    for each in part.objects(CHECKS, "check"):
        kind = each.text("check")
        if not kind:
            if "check" not in each.value or each.value["check"] == "":
                each.fault("descriptor.missing-key", f'{each.words} does not say which "check"')
            continue
        before = each.faults.errors
        entry = each.harmless(f'check "{each.text("name") or kind}"')
        check = _named_check(entry, kind, names)
        if check.name in seen:
            entry.fault(
                "descriptor.duplicate",
                f'{part.words}: two checks are called "{check.name}"',
                note='give the second one a "name" of its own',
            )
            continue
        seen.add(check.name)
        if each.faults.errors == before:
            found.append(check)
    return tuple(found)


def read_reading(part: Part, names: Sequence[str]) -> Reading | None:
    """What `rekodiq:reading` of the schema `part` says; None without it, or where faulty."""
    inner = part.object(READING)
    if inner is None:
        return None
    before = part.faults.errors
    inner.check_keys(READING_KEYS)
    field = _one_field(inner, "field", names)
    explains = inner.object("explains")
    if "explains" not in inner.value:
        inner.fault("descriptor.missing-key", f'{inner.words} has no "explains"')
    marks = {mark: explains.texts(mark) or () for mark in explains.value} if explains else {}
    if field is None or part.faults.errors > before:
        return None
    return Reading(field, marks)


def _named_check(part: Part, kind: str, names: Sequence[str]) -> NamedCheck:
    """The named check that `part` describes."""
    severity = part.value.get("severity")
    if severity is not None and severity not in list(Severity):
        part.wrong("severity", '"error" or "warning"')
        severity = None
    reason = part.text("may_be_undecided")
    if part.value.get("may_be_undecided") == "":
        part.wrong("may_be_undecided", "the reason in words")
    return NamedCheck(
        check=kind,
        name=part.text("name") or kind,
        parameters={key: value for key, value in part.value.items() if key not in CHECK_KEYS},
        where=_where(part, names),
        lookup=_lookup(part, names),
        severity=None if severity is None else Severity(severity),
        may_be_undecided=reason or None,
        description=part.text("description"),
    )


def _where(part: Part, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """For each column under `where`, the texts of which a record must hold one."""
    inner = part.object("where")
    if inner is None:
        return {}
    result: dict[str, tuple[str, ...]] = {}
    for column in inner.value:
        if column not in names:
            inner.fault(
                "descriptor.unknown-field",
                f'{inner.words} names "{column}", which is no field of the table',
                key=column,
                suggestion=closest(column, names),
            )
        texts = inner.texts(column, or_text=True)
        if texts is not None:
            result[column] = texts
    return result


def _lookup(part: Part, names: Sequence[str]) -> dict[str, str] | None:
    """`via` and `field` of the check's `lookup`."""
    inner = part.object("lookup")
    if inner is None:
        return None
    inner.check_keys(LOOKUP_KEYS)
    via = _one_field(inner, "via", names)
    field = inner.text("field")
    if "field" not in inner.value:
        inner.fault("descriptor.missing-key", f'{inner.words} has no "field"')
    return {"via": via, "field": field} if via and field else None


def _one_field(part: Part, key: str, names: Sequence[str]) -> str | None:
    """The field of the table that `key` names; None (with a fault) where it names none."""
    value = part.value.get(key)
    if isinstance(value, str) and value in names:
        return value
    if key not in part.value:
        part.fault("descriptor.missing-key", f'{part.words} has no "{key}"')
    elif isinstance(value, str):
        part.fault(
            "descriptor.unknown-field",
            f'{part.words}: "{key}" names "{value}", which is no field of the table',
            key=key,
            suggestion=closest(value, names),
        )
    else:
        part.wrong(key, "the name of a field")
    return None
