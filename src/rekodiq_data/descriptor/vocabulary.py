"""The words of Data Package, Table Schema and Table Dialect: known keys, types, constraints.

Lists follow the text and the published profiles of version 2.0, and of 1.0 where its words are
still read. One place, so that "did you mean" and the strictness of a project share it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

PACKAGE_SCHEMA = "https://datapackage.org/profiles/2.0/datapackage.json"
TABLE_SCHEMA = "https://datapackage.org/profiles/2.0/tableschema.json"
CHECKS = "rekodiq:checks"
READING = "rekodiq:reading"
THEME = "rekodiq:theme"
USAGE_NOTES = "rekodiq:usage_notes"


def _words(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


class Version(StrEnum):
    """Which version of the specification a descriptor follows.

    UNKNOWN is a profile of someone else's: what either version allows is allowed.
    """

    V1 = "1"
    V2 = "2"
    UNKNOWN = "unknown"


def version_of(schema: Any) -> Version:
    """The version that a descriptor's `$schema` declares; without one it is 1, as specified.

    >>> str(version_of("https://datapackage.org/profiles/2.0/datapackage.json"))
    '2'
    >>> str(version_of(None))
    '1'
    """
    if not isinstance(schema, str) or not schema:
        return Version.V1
    if schema.startswith("https://datapackage.org/profiles/"):
        number = schema.removeprefix("https://datapackage.org/profiles/")
        if number.startswith("1."):
            return Version.V1
        if number.startswith("2."):
            return Version.V2
    return Version.UNKNOWN


PACKAGE_KEYS = _words(
    "$schema profile name id title description homepage version created keywords image "
    "licenses contributors sources resources"
)
RESOURCE_KEYS = _words(
    "$schema profile name path data url type title description homepage format mediatype "
    "encoding bytes hash sources licenses dialect schema compression innerpath"
) | {THEME, USAGE_NOTES}
SCHEMA_KEYS = _words(
    "$schema name title description homepage keywords examples created version contributors "
    "fields fieldsMatch missingValues primaryKey uniqueKeys foreignKeys"
) | {CHECKS, READING}
FIELD_KEYS = _words(
    "name type format title description example rdfType constraints missingValues categories "
    "categoriesOrdered bareNumber decimalChar groupChar trueValues falseValues delimiter "
    "itemType unit"
)
CONSTRAINT_KEYS = _words(
    "required unique minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum "
    "pattern enum jsonSchema"
)
DIALECT_KEYS = _words(
    "$schema name title description header headerRows headerJoin commentRows commentChar "
    "delimiter lineTerminator quoteChar doubleQuote escapeChar nullSequence skipInitialSpace "
    "property itemType itemKeys sheetNumber sheetName table caseSensitiveHeader csvddfVersion "
    "skipBlankRows headerCase csv json excel sql"
)
FOREIGN_KEY_KEYS = frozenset({"fields", "reference"})
REFERENCE_KEYS = frozenset({"resource", "fields"})
LICENSE_KEYS = frozenset({"name", "path", "title"})
CONTRIBUTOR_KEYS = _words("title path email givenName familyName organization role roles")
SOURCE_KEYS = frozenset({"title", "path", "email", "version"})

PROJECT_KEYS = PACKAGE_KEYS - {"$schema", "profile"}
PROJECT_RESOURCE_KEYS = frozenset({"name", "raw", "theme", "usage_notes", "title"})

CHECK_KEYS = frozenset(
    {"check", "name", "where", "lookup", "severity", "may_be_undecided", "description"}
)
LOOKUP_KEYS = frozenset({"via", "field"})
READING_KEYS = frozenset({"field", "explains"})

TYPES = (
    "string",
    "number",
    "integer",
    "boolean",
    "object",
    "array",
    "list",
    "datetime",
    "date",
    "time",
    "year",
    "yearmonth",
    "duration",
    "geopoint",
    "geojson",
    "any",
)
ITEM_TYPES = ("string", "integer", "boolean", "number", "datetime", "date", "time")
FIELDS_MATCH = ("exact", "equal", "subset", "superset", "partial")

# Formats of the types whose formats are a closed list; a wrong one is a fault.
FORMATS = {
    "string": ("default", "email", "uri", "binary", "uuid"),
    "geopoint": ("default", "array", "object"),
    "geojson": ("default", "topojson"),
}
# Types that take a pattern for strptime.
PATTERNED = frozenset({"date", "time", "datetime"})

_ORDERED = frozenset(
    {"integer", "number", "date", "time", "datetime", "year", "yearmonth", "duration"}
)
_SIZED = frozenset({"string", "array", "object", "list", "geojson"})
_ALL = frozenset(TYPES)
CONSTRAINT_TYPES = {
    "required": _ALL,
    "unique": _ALL,
    "enum": _ALL,
    "minLength": _SIZED,
    "maxLength": _SIZED,
    "minimum": _ORDERED,
    "maximum": _ORDERED,
    "exclusiveMinimum": _ORDERED,
    "exclusiveMaximum": _ORDERED,
    "pattern": frozenset({"string"}),
    "jsonSchema": frozenset({"array", "object"}),
}
SINCE_V2 = frozenset({"exclusiveMinimum", "exclusiveMaximum", "jsonSchema"})
