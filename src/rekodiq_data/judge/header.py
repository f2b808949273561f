"""Labels of a table against the fields of its schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rekodiq_data.report import Severity
from rekodiq_data.suggest import did_you_mean

if TYPE_CHECKING:
    from rekodiq_data.descriptor.model import Schema


@dataclass(frozen=True, slots=True)
class LabelFault:
    """One thing wrong with the header; `column` is the place in the file from 0, if any."""

    type: str
    note: str
    column: int | None = None
    label: str | None = None
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Header:
    """Which column of the file holds each field (None: none does), and what is wrong."""

    columns: tuple[int | None, ...]
    faults: tuple[LabelFault, ...]


def match(labels: tuple[str, ...], schema: Schema, *, case_matters: bool = True) -> Header:
    """Match labels with fields as `fieldsMatch` says.

    `exact` goes by position, so that a renamed column is one fault and its cells are still
    judged; the other ways go by name.

    >>> from rekodiq_data.descriptor.model import Field, Schema
    >>> schema = Schema(fields=(Field("id"), Field("name")))
    >>> [fault.note for fault in match(("id", "nmae"), schema).faults]
    ['the label is "nmae"; the schema calls this column "name"']
    """
    if not case_matters:
        names = {name.casefold(): name for name in reversed(schema.names)}
        labels = tuple(names.get(label.casefold(), label) for label in labels)
    general = _general_faults(labels, schema)
    if schema.fields_match == "exact":
        columns, faults = _by_position(labels, schema)
    else:
        columns, faults = _by_name(labels, schema)
    return Header(columns, (*general, *faults))


def _general_faults(labels: tuple[str, ...], schema: Schema) -> list[LabelFault]:
    # Version 1 lets names of fields repeat: then their labels do, too.
    repeated = {name for name in schema.names if schema.names.count(name) > 1}
    faults = []
    for column, label in enumerate(labels):
        if not label:
            faults.append(LabelFault("blank-label", "the label is empty", column, label))
        elif label in labels[:column] and label not in repeated:
            first = labels.index(label) + 1
            note = f'the label "{label}" is the same as that of column {first}'
            faults.append(LabelFault("duplicate-label", note, column, label))
    return faults


def _by_position(
    labels: tuple[str, ...], schema: Schema
) -> tuple[tuple[int | None, ...], list[LabelFault]]:
    names = schema.names
    faults = []
    for column, (label, name) in enumerate(zip(labels, names, strict=False)):
        if label and label != name:
            note = f'the label is "{label}"; the schema calls this column "{name}"'
            # Fields go by their order, and their names only should be those of the columns.
            blanks = label.strip() == name.strip()
            severity = Severity.WARNING if blanks else Severity.ERROR
            faults.append(LabelFault("incorrect-label", note, column, label, severity))
    for column in range(len(names), len(labels)):
        if labels[column]:
            note = f'the column "{labels[column]}" is not in the schema'
            note += did_you_mean(labels[column], set(names) - set(labels)).rstrip()
            faults.append(LabelFault("extra-label", note, column, labels[column]))
    faults.extend(
        LabelFault("missing-label", f'the column "{name}" is missing')
        for name in names[len(labels) :]
    )
    return tuple(at if at < len(labels) else None for at in range(len(names))), faults


def _by_name(
    labels: tuple[str, ...], schema: Schema
) -> tuple[tuple[int | None, ...], list[LabelFault]]:
    names = schema.names
    columns = tuple(labels.index(name) if name in labels else None for name in names)
    faults: list[LabelFault] = []
    if schema.fields_match == "partial" and all(column is None for column in columns):
        note = "no label is a field of the schema; at least one has to be"
        return columns, [LabelFault("unmatched-header", note)]
    if schema.fields_match in {"equal", "superset"}:
        faults.extend(
            LabelFault("extra-label", f'the column "{label}" is not in the schema', at, label)
            for at, label in enumerate(labels)
            if label and label not in names
        )
    if schema.fields_match in {"equal", "subset"}:
        faults.extend(
            LabelFault("missing-label", f'the column "{name}" is missing')
            for name, column in zip(names, columns, strict=True)
            if column is None
        )
    return columns, faults
