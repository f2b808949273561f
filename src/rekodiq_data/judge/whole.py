"""Rules about all records of a table, or of several tables: after the last chunk.

Keys first, then the named checks of table and package scope; `marked_readings` last of all,
because it asks which failures the reading marks have explained.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rekodiq_data import keys, lexical
from rekodiq_data.checks import KINDS
from rekodiq_data.checks.base import Scene, Scope
from rekodiq_data.checks.run import columns_read, selected
from rekodiq_data.judge.book import RuleKey, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pyarrow as pa
    from numpy.typing import NDArray

    from rekodiq_data.descriptor.model import ForeignKey, NamedCheck
    from rekodiq_data.judge.lookups import Lookups
    from rekodiq_data.judge.table import TablePass

    Passes = Mapping[str, TablePass]

LAST = "marked_readings"
_SHARE = 32 * 1024 * 1024  # bytes of keys that are compared at once
_CHOICES = 100_000  # known values among which the most like one is looked for


def judge_whole(passes: Passes, wanted: Iterable[str], lookups: Lookups) -> None:
    """Judge keys and whole-table checks of the tables in `wanted`, into their books."""
    names = list(wanted)
    for name in names:
        _judge_keys(passes[name])
        for key in passes[name].schema.foreign_keys:
            _judge_foreign_key(passes, passes[name], key)
    explained: dict[str, NDArray[np.bool_]] = {
        name: each.explained_rows.copy() for name, each in passes.items()
    }
    uses = [(passes[name], check) for name in names for check in passes[name].schema.checks]
    uses = [use for use in uses if KINDS[use[1].check].scope is not Scope.ROW]
    for table, check in sorted(uses, key=lambda use: use[1].check == LAST):
        _judge_check(passes, table, check, lookups, explained)


def _judge_keys(table: TablePass) -> None:
    schema, numbers = table.schema, table.held.row_numbers
    if schema.primary_key:
        _judge_key(table, schema.primary_key, "primary-key", "key.primary")
        for name in schema.primary_key:
            if table.columns[schema.position(name)] is None:
                continue  # that the column is missing is said of the header
            table.book.add(
                table.key_of("primary-key", "key.primary", name),
                numbers.of(table.keyed.empty(name)),
                note=lambda _index: "this part of the primary key is empty",
                cell=lambda _index: "",
            )
    for field in schema.fields:
        if field.constraints.unique:
            _judge_key(table, (field.name,), "unique-error", "constraint.unique")
    for key in schema.unique_keys:
        _judge_key(table, key, "unique-error", "key.unique")


def _judge_key(table: TablePass, names: tuple[str, ...], type_: str, code: str) -> None:
    found = table.keyed.repeated(names)
    numbers = table.held.row_numbers
    # Counted under the key's last field, the one that usually tells records apart.
    key = table.key_of(type_, code, names[-1])
    shown = table.keyed.texts(names, found.later[: table.book.room(key, len(found.later))])

    def note(index: int) -> str:
        values = _listed(names, [column[index] for column in shown])
        return f"{values} is the same as in row {numbers.one(int(found.earlier[index]))}"

    table.book.add(key, numbers.of(found.later), note=note, cell=_cells(shown[-1]))


def _judge_foreign_key(passes: Passes, table: TablePass, key: ForeignKey) -> None:
    target = passes.get(key.resource or table.resource.name)
    if target is None or target.broken:
        return  # the referenced table can't be read whole, and says so itself
    absent = [name for name in key.reference_fields if name not in target.schema.names]
    if absent:
        words = ", ".join(f'"{name}"' for name in absent)
        table.book.add_one(
            RuleKey("foreign-key", "key.foreign"),
            f'the table "{target.resource.name}" states no schema, and has no column {words}',
        )
        return
    rows = _orphans(table, target, key)
    counted = table.key_of("foreign-key", "key.foreign", key.fields[-1])
    shown = table.keyed.texts(key.fields, rows[: table.book.room(counted, len(rows))])
    where = f'"{target.resource.name}"' if target is not table else "this table"
    there = ", ".join(f'"{name}"' for name in key.reference_fields)

    def note(index: int) -> str:
        values = _listed(key.fields, [column[index] for column in shown])
        return f"{values} is not found in {there} of {where}"

    table.book.add(
        counted,
        table.held.row_numbers.of(rows),
        note=note,
        cell=_cells(shown[-1]),
        suggestion=_known(target, key.reference_fields[-1], shown[-1]),
    )


def _orphans(table: TablePass, target: TablePass, key: ForeignKey) -> NDArray[np.int64]:
    """Positions of records whose key is nowhere in `target`; not of those with a bad cell.

    Keys of large tables are compared share by share, so that one share of them is in memory.
    """
    ours, theirs = table.keyed, target.keyed
    size = theirs.size + (ours.size if len(key.fields) > 1 else 0)
    # Values of other types are equal where their texts or numbers are, but of other shares.
    alike = all(
        ours.kind(name) == theirs.kind(other)
        for name, other in zip(key.fields, key.reference_fields, strict=True)
    )
    shares = 1 + size // _SHARE if alike else 1
    found = []
    for number in range(shares):
        share = (number, shares)
        if len(key.fields) == 1:
            known = theirs.distinct(key.reference_fields[0], share)
            found.append(ours.orphans(key.fields[0], known, share))
        else:
            columns, bad, positions = ours.columns(key.fields, share)
            referenced, _bad, _positions = theirs.columns(key.reference_fields, share)
            rows = keys.orphans(columns, referenced)
            found.append(positions[rows[~bad[rows]]])
    return np.sort(np.concatenate(found))


def _known(target: TablePass, name: str, texts: list[str | None]) -> Words:
    """The known value most like the one that is not found, if not too many are known."""
    from rekodiq_data.suggest import closest

    choices = target.keyed.distinct_texts(name, _CHOICES) if texts else []

    def suggestion(index: int) -> str | None:
        text = texts[index]
        return None if text is None or not choices else closest(text, choices)

    return suggestion


def _judge_check(
    passes: Passes,
    table: TablePass,
    check: NamedCheck,
    lookups: Lookups,
    explained: dict[str, NDArray[np.bool_]],
) -> None:
    kind = KINDS[check.check]
    reads = kind.reads(check)
    name = table.resource.name
    own_names = columns_read(
        check, frozenset(reads.get("", ())) | frozenset(reads.get(name, ()))
    )
    own = table.held.columns(own_names)
    read = [table, *(passes[other] for other in reads if other in passes)]
    if any(other not in passes for other in reads if other) or any(one.broken for one in read):
        return  # a table that the check reads can't be read whole, and says so itself
    scene = Scene(
        own=own,
        selected=selected(own, check),
        looked_up=_looked_up(table, check, lookups),
        others={
            other: own if other == name else passes[other].held.columns(names)
            for other, names in reads.items()
            if other
        },
        failures=explained,
    )
    outcome = kind.judge(scene, check)
    reading = table.schema.reading
    marks = table.held.text(reading.field).combine_chunks() if reading else None
    explained[name] |= table.tally.take(
        check, outcome, table.held.row_numbers.all(), marks, own.text
    )


def _looked_up(table: TablePass, check: NamedCheck, lookups: Lookups) -> pa.Array | None:
    if not check.lookup:
        return None
    field = table.schema.field(check.lookup["via"])
    values = table.held.values(field.name).combine_chunks()
    return lookups.find(table.resource, check, lexical.canonical(values, field))


def _cells(texts: list[str | None]) -> Words:
    return lambda index: texts[index] or ""


def _listed(names: tuple[str, ...], values: list[str | None]) -> str:
    """`"x"` for a key of one field, `a = "x", b = "y"` for a key of several."""
    if len(names) == 1:
        return f'"{values[0]}"'
    pairs = zip(names, values, strict=True)
    return ", ".join(f'{name} = "{"" if value is None else value}"' for name, value in pairs)


def undecided_key(check: NamedCheck) -> RuleKey:
    """The key of the finding that a check of our own decided no record at all."""
    return RuleKey("check-error", f"check.{check.name}.undecided")
