"""The least honest version step: what changed, and how much that may break for a user.

The rules stand in docs/versioning.md, in the same words and with the same names.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from rekodiq_data.versions import Version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rekodiq_data.diff.model import Changes, PropertyChange, SchemaChange, TableChanges

# Properties of a package or table that are no words but say what it is.
_NAMES = frozenset({"name", "id"})
_LICENSES = "licenses"
# How texts are read; the values that come out are compared as such.
LEXICAL = frozenset(
    {
        *("missingValues", "decimalChar", "groupChar", "bareNumber"),
        *("trueValues", "falseValues", "delimiter"),
    }
)
_TEXT_FORMATS = frozenset({"date", "datetime", "time", "geopoint", "geojson", "number", "list"})
_WORDS = frozenset({"title", "description", "example", "comment"})
_RULES = frozenset({"format", "categories", "categoriesOrdered", "fieldsMatch"})


class Size(IntEnum):
    """Which part of a version number grows at least."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    @property
    def word(self) -> str:
        """Its name in lower case."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a step has to be of some size: a rule of docs/versioning.md, and what met it."""

    size: Size
    rule: str
    table: str | None
    field: str | None
    text: str

    def to_dict(self) -> dict[str, Any]:
        """JSON object of this reason."""
        return {
            "step": self.size.word,
            "rule": self.rule,
            "table": self.table,
            "field": self.field,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Step:
    """The least honest step, and all reasons, those for the largest step first."""

    size: Size
    reasons: tuple[Reason, ...] = ()

    def next(self, version: Version) -> Version:
        """The lowest number after `version` that is honest.

        >>> str(Step(Size.MINOR).next(Version(1, 2, 3)))
        '1.3.0'
        """
        if version.prerelease:
            return replace(version, prerelease=())
        size = Size.MINOR if self.size is Size.MAJOR and not version.major else self.size
        if size is Size.MAJOR:
            return Version(version.major + 1, 0, 0)
        if size is Size.MINOR:
            return Version(version.major, version.minor + 1, 0)
        return Version(version.major, version.minor, version.patch + 1)

    def allows(self, old: Version, new: Version) -> bool:
        """Whether the step from `old` to `new` is large enough."""
        return size_between(old, new) >= self.size

    def to_dict(self) -> dict[str, Any]:
        """JSON object of this step."""
        return {
            "least": self.size.word,
            "reasons": [reason.to_dict() for reason in self.reasons],
        }


def size_between(old: Version, new: Version) -> Size:
    """How large the step from `old` up to `new` is.

    Below 1.0.0 a minor step is as good as a major one, and after a pre-release nothing was
    promised yet, so that its release (or next pre-release) may change anything.

    >>> size_between(Version(1, 0, 0), Version(1, 1, 0)).word
    'minor'
    """
    if old.prerelease and new > old:
        return Size.MAJOR
    if new.major > old.major:
        return Size.MAJOR
    if new.major == old.major and new.minor > old.minor:
        return Size.MINOR if old.major else Size.MAJOR
    if (new.major, new.minor) == (old.major, old.minor) and new.patch > old.patch:
        return Size.PATCH
    return Size.NONE


def least_step(changes: Changes) -> Step:
    """The least honest step for these changes; `Size.NONE` where nothing differs."""
    reasons = [
        *(_package_reason(each) for each in changes.metadata),
        *(reason for table in changes.tables for reason in _table_reasons(table)),
    ]
    reasons.sort(key=lambda each: (-each.size, each.table or "", each.field or ""))
    return Step(reasons[0].size if reasons else Size.NONE, tuple(reasons))


def _package_reason(change: PropertyChange) -> Reason:
    name = change.aspect
    if name in _NAMES:
        rule = "package-name-changed"
        return Reason(Size.MAJOR, rule, None, None, f"the package's {name} changed")
    if name == _LICENSES:
        return _licence_reason(change, None)
    return Reason(Size.PATCH, "words-changed", None, None, f"{name} changed")


def _licence_reason(change: PropertyChange, table: str | None) -> Reason:
    old, new = _terms(change.old), _terms(change.new)
    if old == new:
        return Reason(Size.PATCH, "words-changed", table, None, "words of a licence changed")
    if old <= new:
        return Reason(Size.MINOR, "licence-added", table, None, "a licence was added")
    text = "a licence was replaced or removed"
    return Reason(Size.MAJOR, "licence-changed", table, None, text)


def _terms(licences: Any) -> set[tuple[Any, Any]]:
    """What tells licences apart: names and addresses."""
    return {(each.get("name"), each.get("path")) for each in licences or ()}


def _table_reasons(table: TableChanges) -> Iterator[Reason]:
    name = table.name
    if table.old_name is None:
        yield Reason(Size.MINOR, "table-added", name, None, f"the table {name} was added")
        return
    if table.new_name is None:
        yield Reason(Size.MAJOR, "table-removed", name, None, f"the table {name} was removed")
        return
    if table.old_name != table.new_name:
        text = f"the table {table.old_name} is called {name} now"
        yield Reason(Size.MAJOR, "table-renamed", name, None, text)
    for change in table.metadata:
        if change.aspect == _LICENSES:
            yield _licence_reason(change, name)
        else:
            yield Reason(
                Size.PATCH, "words-changed", name, None, f"{change.aspect} of {name} changed"
            )
    for each in table.schema:
        yield _schema_reason(name, each)
    yield from _row_reasons(table)


def _row_reasons(table: TableChanges) -> Iterator[Reason]:
    rows, name = table.rows, table.name
    for rule, count, done in (
        ("records-added", rows.added, "added"),
        ("records-removed", rows.removed, "removed"),
        ("values-changed", rows.changed, "changed"),
    ):
        if count:
            noun = "record" if count == 1 else "records"
            yield Reason(Size.MINOR, rule, name, None, f"{count:,} {noun} of {name} {done}")


def _schema_reason(table: str, change: SchemaChange) -> Reason:
    size, rule = _schema_rule(change)
    return Reason(size, rule, table, _field_of(change), f"{table}: {schema_words(change)}")


def _field_of(change: SchemaChange) -> str | None:
    return change.name if change.part == "field" and change.name else None


def _schema_rule(change: SchemaChange) -> tuple[Size, str]:
    part, what = change.part, change.change
    if part == "field":
        return _field_rule(change)
    if part in {"primary_key", "unique_key", "foreign_key"}:
        return (Size.MINOR, "key-added") if what == "added" else (Size.MAJOR, "key-changed")
    if change.aspect in _WORDS:
        return Size.PATCH, "words-changed"
    if change.aspect in LEXICAL:
        return Size.PATCH, "reading-of-texts-changed"
    if part == "check":
        return Size.MINOR, "rule-changed"
    if change.aspect in _RULES or change.aspect.startswith("rekodiq:"):
        return Size.MINOR, "rule-changed"
    return Size.PATCH, "words-changed"


def _field_rule(change: SchemaChange) -> tuple[Size, str]:
    whole = {
        "added": (Size.MINOR, "field-added"),
        "removed": (Size.MAJOR, "field-removed"),
        "renamed": (Size.MAJOR, "field-renamed"),
        "reordered": (Size.MINOR, "fields-reordered"),
    }
    if change.change in whole:
        return whole[change.change]
    name = change.aspect
    if name == "unit":
        if change.old is None:
            return Size.MINOR, "unit-stated"
        return Size.MAJOR, "unit-changed"
    if name == "type":
        return Size.MAJOR, "type-changed"
    if name == "rdfType":
        return Size.MAJOR, "meaning-changed"
    if name in LEXICAL or (name == "format" and change.type in _TEXT_FORMATS):
        return Size.PATCH, "reading-of-texts-changed"
    if name.startswith("constraints.") or name in _RULES:
        return Size.MINOR, "rule-changed"
    return Size.PATCH, "words-changed"


def schema_words(change: SchemaChange) -> str:
    """One change of a schema in words, without values.

    >>> from rekodiq_data.diff.model import Change, Part, SchemaChange
    >>> schema_words(SchemaChange(Part.FIELD, Change.CHANGED, "t", "t", "unit", "Mt", "kt"))
    'the unit of the field t changed'
    """
    if change.change == "reordered":
        return "the fields stand in another order"
    if change.change == "renamed":
        return f"the field {change.old_name} is called {change.new_name} now"
    what = str(change.part).replace("_", " ")
    subject = f"the {what} {change.name}".rstrip()
    if change.aspect:
        subject = f"the {change.aspect} of {subject}"
        return f"{subject} {_done(change)}"
    return (
        f"{subject} was {change.change}" if change.change != "changed" else f"{subject} changed"
    )


def _done(change: SchemaChange) -> str:
    if change.old is None:
        return "is stated now"
    return "is not stated any more" if change.new is None else "changed"
