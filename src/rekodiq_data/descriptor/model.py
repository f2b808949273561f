"""Package, Resource, Schema, Field and their parts: what a descriptor says, as frozen values.

Names are Python's; each value also keeps `raw`, the JSON object that it was read from, which is
what is published and digested. Defaults are the specification's (Data Package v2, Table Schema
v2). Nothing here opens a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from rekodiq_data.limits import DEFAULT_LIMITS, ReadLimits
from rekodiq_data.report import Issue, Severity

if TYPE_CHECKING:
    from pathlib import Path

Json = Mapping[str, Any]


class Kind(StrEnum):
    """Where a package came from: a project folder, a real descriptor, or one lone table."""

    PROJECT = "project"
    PACKAGE = "package"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Constraints:
    """Table Schema constraints. Bounds and enum stand as written: number or text."""

    required: bool = False
    unique: bool = False
    minimum: Any = None
    maximum: Any = None
    exclusive_minimum: Any = None
    exclusive_maximum: Any = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    enum: tuple[Any, ...] | None = None
    json_schema: Json | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its name, type, format and the lexical properties of its type.

    `missing_values` is None where the field leaves it to its schema. `unit` is a UCUM code.
    """

    name: str
    type: str = "any"
    format: str = "default"
    title: str = ""
    description: str = ""
    unit: str | None = None
    constraints: Constraints = Constraints()
    missing_values: tuple[str, ...] | None = None
    categories: tuple[Any, ...] | None = None
    decimal_char: str = "."
    group_char: str | None = None
    bare_number: bool = True
    true_values: tuple[str, ...] = ("true", "True", "TRUE", "1")
    false_values: tuple[str, ...] = ("false", "False", "FALSE", "0")
    delimiter: str = ","
    item_type: str = "string"
    raw: Json = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Fields whose values must occur in the table `resource`, or in their own ("")."""

    fields: tuple[str, ...]
    resource: str
    reference_fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedCheck:
    """A rule beyond Table Schema: an entry of `rekodiq:checks`.

    `name` is unique within its schema. `severity` is None where the kind's own stands.
    `where` maps a column to the texts that a record must hold there for the rule to apply.
    `may_be_undecided` is the reason why the check may decide no record at all.
    """

    check: str
    name: str
    parameters: Json
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lookup: Mapping[str, str] | None = None
    severity: Severity | None = None
    may_be_undecided: str | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """`rekodiq:reading`: the column that marks known misprints, and what each mark explains.

    `explains` maps a mark to the kinds of named check whose failure it explains.
    """

    field: str
    explains: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Schema:
    """The rules of one table."""

    fields: tuple[Field, ...]
    title: str = ""
    description: str = ""
    fields_match: str = "exact"
    missing_values: tuple[str, ...] = ("",)
    primary_key: tuple[str, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[NamedCheck, ...] = ()
    reading: Reading | None = None
    raw: Json = field(default_factory=dict, compare=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the fields, in order."""
        return tuple(each.name for each in self.fields)

    @property
    def is_ruled(self) -> bool:
        """Whether any constraint or named check stands here, beside types and keys."""
        plain = Constraints(unique=True), Constraints()
        return bool(self.checks) or any(
            each.constraints not in plain or each.categories for each in self.fields
        )

    def position(self, name: str) -> int:
        """Place of the first field called `name`, from 0. Raises KeyError without one."""
        for index, each in enumerate(self.fields):
            if each.name == name:
                return index
        raise KeyError(name)

    def field(self, name: str) -> Field:
        """The first field called `name`. Raises KeyError where there is none."""
        return self.fields[self.position(name)]

    def missing_values_of(self, each: Field) -> tuple[str, ...]:
        """Texts that mean "missing" in this field: its own list replaces the schema's."""
        return self.missing_values if each.missing_values is None else each.missing_values


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table stands in its file. Nothing is ever guessed.

    `header_rows` and `comment_rows` are numbers of records, from 1. `property` to `item_keys`
    are for JSON, the sheet for spreadsheets, `table` for databases. `case_matters` is about
    labels.
    """

    header: bool = True
    header_rows: tuple[int, ...] = (1,)
    header_join: str = " "
    comment_rows: tuple[int, ...] = ()
    delimiter: str = ","
    line_terminator: str | None = None
    quote_char: str | None = '"'
    double_quote: bool = True
    escape_char: str | None = None
    null_sequence: str | None = None
    skip_initial_space: bool = False
    comment_char: str | None = None
    property: str | None = None
    item_type: str | None = None
    item_keys: tuple[str, ...] = ()
    sheet_number: int = 1
    sheet_name: str | None = None
    table: str | None = None
    skip_blank_rows: bool = False
    case_matters: bool = True
    raw: Json = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Resource:
    """One table (or file) of a package. `paths` are relative to the package's folder.

    `schema` is None where the descriptor gives none, or one that is faulty (`is_sound` tells).
    `compression` is `gz` or `zip`; `inner_path` names the file inside a zip archive that holds
    several. `theme`, `usage_notes` are a project's own.
    """

    name: str
    paths: tuple[str, ...] = ()
    data: Any = None
    format: str = "csv"
    encoding: str = "utf-8"
    hash: str | None = None
    bytes: int | None = None
    schema: Schema | None = None
    dialect: Dialect = Dialect()
    compression: str | None = None
    inner_path: str | None = None
    title: str = ""
    description: str = ""
    theme: str = ""
    usage_notes: tuple[str, ...] = ()
    is_sound: bool = True
    raw: Json = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Package:
    """A set of resources read from one descriptor, with every fault that was found in it.

    `base` is the folder that the resources' paths start from; `descriptor` the file read.
    `metadata` is the descriptor without `resources` (name, title, version, licenses, ...).
    `limits` hold for all files that are read of it.
    """

    base: Path
    descriptor: Path
    kind: Kind
    resources: tuple[Resource, ...] = ()
    metadata: Json = field(default_factory=dict)
    faults: tuple[Issue, ...] = ()
    limits: ReadLimits = DEFAULT_LIMITS

    @property
    def name(self) -> str:
        """The package's name, or an empty text."""
        return str(self.metadata.get("name", ""))

    @property
    def version(self) -> str | None:
        """The data's own version, where stated."""
        value = self.metadata.get("version")
        return None if value is None else str(value)

    def resource(self, name: str) -> Resource:
        """The resource called `name`. Raises KeyError where there is none."""
        for each in self.resources:
            if each.name == name:
                return each
        raise KeyError(name)
