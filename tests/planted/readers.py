"""Which records' verdicts may read a changed cell: told from the parameters of each check.

A check of one record reads that record. A check over groups reads the records that have the
same group as the changed one, before or after the change. `parts` reads the total that a record
names, `place_sum` the places above a place, `sorted_by_key` the neighbour, `marked_readings`
what other checks say of a marked record, `row_exists` the rows that it names. `funding_base`
holds each amount against the others of its day and the stakes of the whole project, so that a
changed stake may be read by every record that it selects.

A check that reads no changed column reads nothing. Who reads more than is said here, fails the
tests; a kind of check that is new to the tables has to be described here first.
"""

from __future__ import annotations

from typing import Any

from rekodiq_data.checks import KINDS
from rekodiq_data.checks.base import Scope
from rekodiq_data.checks.run import columns_read
from rekodiq_data.descriptor.model import NamedCheck, Package

from .raw import Changes, RawTable

_GROUPS = {
    "across_vintages": "match",
    "attributable": "match",
    "borrowed_grade": "group",
    "funding_base": "group",
    "implied_tonnage": "group",
    "indicator_identity": "group",
    "no_overlap": "key",
    "product_in_statement": "group",
    "shares_sum": "subject",
    "unexplained_conflict": "match",
}


def reading_tables(package: Package, name: str, fields: set[str]) -> set[str]:
    """The other tables that a change in some fields of one table can reach."""
    found = set()
    for resource in package.resources:
        assert resource.schema is not None
        keys = [
            key
            for key in resource.schema.foreign_keys
            if key.resource == name and fields & set(key.reference_fields)
        ]
        checks = [
            check
            for check in resource.schema.checks
            if fields & KINDS[check.check].reads(check).get(name, frozenset())
        ]
        if keys or checks:
            found.add(resource.name)
    return found - {name}


def may_read(
    package: Package, tables: dict[str, RawTable], name: str, changes: Changes
) -> dict[tuple[str, str], set[int]]:
    """For each check of each table, the records whose verdict may read one of the changes.

    Checks that read none of them are left out.
    """
    found: dict[tuple[str, str], set[int]] = {}
    fields = {field for _row, field in changes}
    for resource in package.resources:
        schema = resource.schema
        assert schema is not None
        late = []
        for check in schema.checks:
            reads = KINDS[check.check].reads(check)
            own = columns_read(check, reads.get("", frozenset()))
            if schema.reading and resource.name == name:
                own |= {schema.reading.field}
            if check.check == "marked_readings":
                late.append(check)
            elif resource.name == name and fields & (own | reads.get(name, frozenset())):
                read = {row for row, field in changes if field in own} | _beside(
                    tables, name, check, changes
                )
                found[resource.name, check.name] = read
            elif fields & reads.get(name, frozenset()):
                found[resource.name, check.name] = _from_afar(
                    tables, resource.name, check, name, changes
                )
        for check in late:
            # It is judged by what the others say of a marked record.
            said = [rows for (table, _), rows in found.items() if table == resource.name]
            marked = set().union(*said) & _marked(tables[resource.name], check)
            if resource.name == name:
                own = KINDS[check.check].reads(check)[""]
                marked |= {row for row, field in changes if field in own}
            if marked:
                found[resource.name, check.name] = marked
    return found


def _marked(table: RawTable, check: NamedCheck) -> set[int]:
    marks = table.column(check.parameters["reading"])
    return {row for row, mark in enumerate(marks) if mark in check.parameters["must_fail"]}


def _beside(
    tables: dict[str, RawTable], name: str, check: NamedCheck, changes: Changes
) -> set[int]:
    """Records of the changed table, other than the changed ones, that may read a change."""
    table, parameters = tables[name], check.parameters
    kind = check.check
    rows = {row for row, _field in changes}
    if KINDS[kind].scope is Scope.ROW or kind in {"row_exists", "status_ladder"}:
        return set()
    if kind == "sorted_by_key":
        return {row + 1 for row in rows if row + 1 < len(table.rows)}
    if kind == "parts":
        return _having(table, (parameters["id"],), changes, by=(parameters["part_of"],))
    if kind == "place_sum":
        return _above(tables, table, parameters, changes)
    if kind in _GROUPS:
        group = parameters[_GROUPS[kind]]
        return _having(table, (group,) if isinstance(group, str) else tuple(group), changes)
    raise AssertionError(f"say which records a check {kind} reads")


def _having(
    table: RawTable,
    names: tuple[str, ...],
    changes: Changes,
    *,
    by: tuple[str, ...] | None = None,
) -> set[int]:
    """Records that have in `names` what a changed one has (had, will have) in `by`."""
    wanted = {
        tuple(cells[table.names.index(each)] for each in by or names)
        for row, _field in changes
        for cells in (table.rows[row], table.changed(row, changes))
    }
    before = zip(*(table.column(each) for each in names), strict=True)
    after = zip(*(table.column(each, changes) for each in names), strict=True)
    return {
        row
        for row, each in enumerate(zip(before, after, strict=True))
        if wanted & {key for key in each if any(key)}
    }


def _above(
    tables: dict[str, RawTable], table: RawTable, parameters: Any, changes: Changes
) -> set[int]:
    """Records of the same group on a place above the changed one, or on that place."""
    where = parameters["places"]
    places = tables[where["table"]]
    parent = dict(zip(places.column(where["id"]), places.column(where["parent"]), strict=True))
    position = table.names.index(parameters["place"])
    above = set()
    for row, _field in changes:
        for cells in (table.rows[row], table.changed(row, changes)):
            place = cells[position]
            while place and place not in above:
                above.add(place)
                place = parent.get(place, "")
    group = _having(table, tuple(parameters["group"]), changes)
    on = [table.column(parameters["place"], each) for each in ({}, changes)]
    return {row for row in group if any(column[row] in above for column in on)}


def _from_afar(
    tables: dict[str, RawTable], own: str, check: NamedCheck, name: str, changes: Changes
) -> set[int]:
    """Records of another table whose verdict may read a change."""
    table, parameters = tables[own], check.parameters
    selected = {
        row
        for row in range(len(table.rows))
        if all(table.at(row, each) in texts for each, texts in check.where.items())
    }
    if check.check == "row_exists":
        ids = {
            text
            for (row, field), new in changes.items()
            if field == parameters["tables"][name]
            for text in (tables[name].at(row, field), new)
        }
        named = table.column(parameters["table"]), table.column(parameters["id"])
        return {row for row in selected if named[0][row] == name and named[1][row] in ids}
    if check.check == "funding_base":
        return selected
    raise AssertionError(f"say which records a check {check.check} of {own} reads of {name}")
