"""What changed between two packages: schemas, records, cells, words, and how much that means.

Both are local folders, read through their descriptors. Tables and fields are matched by name,
or by content where a name is new; records by primary key, or as wholes where there is none.
"""

from __future__ import annotations

from rekodiq_data.diff.changelog import changelog_entry, first_entry
from rekodiq_data.diff.model import (
    CellChange,
    Change,
    Changes,
    FieldName,
    FilledField,
    Part,
    PropertyChange,
    Record,
    RecordChange,
    Rows,
    SchemaChange,
    Side,
    TableChanges,
)
from rekodiq_data.diff.packages import DEFAULT_LIMIT, diff, first_changes
from rekodiq_data.diff.step import Reason, Size, Step, least_step, size_between

__all__ = [
    "DEFAULT_LIMIT",
    "CellChange",
    "Change",
    "Changes",
    "FieldName",
    "FilledField",
    "Part",
    "PropertyChange",
    "Reason",
    "Record",
    "RecordChange",
    "Rows",
    "SchemaChange",
    "Side",
    "Size",
    "Step",
    "TableChanges",
    "changelog_entry",
    "diff",
    "first_changes",
    "first_entry",
    "least_step",
    "size_between",
]
