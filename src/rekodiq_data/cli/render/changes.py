"""What differs between two packages, on a terminal: in full or as counts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from rekodiq_data.cli.render.text import amount, json_text, visible, wrapped
from rekodiq_data.diff import Change, Size
from rekodiq_data.diff.step import schema_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rekodiq_data.diff import (
        CellChange,
        Changes,
        PropertyChange,
        Record,
        RecordChange,
        SchemaChange,
        TableChanges,
    )

_MARKS = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow")}


def render(changes: Changes, form: str) -> str:
    """`changes` as `full`, `summary`, `json` or `html`."""
    if form == "json":
        return json_text(changes.to_dict())
    if form == "html":
        from rekodiq_data.cli.render.page import page

        return page(changes)
    lines = list(_tables(changes, form)) if not changes.is_empty else []
    return "\n".join([*lines, *([""] if lines else []), *_closing(changes)])


def title_of(changes: Changes) -> str:
    """What was compared with what.

    >>> from rekodiq_data.diff import Changes, Side
    >>> title_of(Changes(Side("estimates", "1.0.0"), Side("estimates", "1.1.0")))
    'estimates 1.0.0 -> 1.1.0'
    >>> title_of(Changes(None, Side("estimates", "1.0.0")))
    'estimates 1.0.0'
    """
    old, new = changes.old, changes.new
    if old is None:
        return " ".join(part for part in (new.name, new.version) if part)
    was = " ".join(part for part in (old.name, old.version) if part) or "old"
    parts = (new.version,) if new.name == old.name else (new.name, new.version)
    now = " ".join(part for part in parts if part) or "new"
    return f"{was} -> {now}"


def value_words(value: Any) -> str:
    """A property's value in one line: a text as it is, all else as JSON."""
    if value is None:
        return "not stated"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def counts_of(table: TableChanges) -> str:
    """What became of the table's records, in one line."""
    rows = table.rows
    found = [
        f"{count:,} {word}"
        for count, word in (
            (rows.added, "added"),
            (rows.removed, "removed"),
            (rows.changed, "changed"),
        )
        if count
    ]
    if table.changed_cells:
        found[-1] += f" ({amount(table.changed_cells, 'cell')})"
    total = amount(rows.new or rows.old, "record")
    return f"{total}: {', '.join(found)}" if found else f"{total}, none changed"


def heading_of(table: TableChanges) -> str:
    """The table's name, and what became of it as a whole."""
    if table.change is Change.RENAMED:
        return f"{table.old_name} -> {table.new_name} (renamed)"
    if table.change is Change.ADDED or table.change is Change.REMOVED:
        return f"{table.name} ({table.change} table)"
    return table.name


def _tables(changes: Changes, form: str) -> Iterator[str]:
    if changes.metadata:
        yield click.style("package", bold=True)
        for each in changes.metadata:
            yield from _property(each)
    for table in changes.tables:
        if table.change is Change.SAME:
            continue
        yield click.style(visible(heading_of(table), keep_newlines=False), bold=True)
        yield f"  {counts_of(table)}"
        if not table.key:
            yield "  (no key that both versions have: whole records were compared)"
        for change in table.schema:
            yield from _schema_change(change)
        for prop in table.metadata:
            yield from _property(prop)
        for filled, word in (
            *((each, "new") for each in table.filled),
            *((each, "removed") for each in table.emptied),
        ):
            words = f"the {word} field {filled.field} has {amount(filled.total, 'value')}"
            yield _mark("changed", f"{words} in records of both versions")
        if form == "full":
            yield from _records(table)
        else:
            for name, count in table.cells.items():
                yield _mark("changed", f"{name}: {amount(count, 'cell')}")


def _property(change: PropertyChange) -> Iterator[str]:
    yield _mark("changed", f"the {change.aspect} changed")
    yield from _was_and_is(change.old, change.new)


def _schema_change(change: SchemaChange) -> Iterator[str]:
    kind = str(change.change) if str(change.change) in _MARKS else "changed"
    yield _mark(kind, schema_words(change))
    if change.change is Change.CHANGED:
        yield from _was_and_is(change.old, change.new)


def _was_and_is(old: Any, new: Any) -> Iterator[str]:
    for word, value in (("was", old), ("is", new)):
        text = visible(value_words(value), keep_newlines=False)
        yield wrapped(text, first=f"      {word:<4}", rest=" " * 10)


def _records(table: TableChanges) -> Iterator[str]:
    for record in table.removed:
        yield from _record(record, "removed", table.key)
    for record in table.added:
        yield from _record(record, "added", table.key)
    for changed in table.changed:
        yield from _changed(changed)


def _record(record: Record, word: str, key: tuple[str, ...]) -> Iterator[str]:
    times = f" ({record.count} times)" if record.count > 1 else ""
    yield _mark(word, f"{' '.join(record.key) or 'record'} {word}{times}")
    for name, value in record.values.items():
        if name not in key:
            yield _cell(name, value)


def _changed(record: RecordChange) -> Iterator[str]:
    yield _mark("changed", " ".join(record.key))
    for cell in record.cells:
        yield _cell_change(cell)
    old, new = record.old_source, record.new_source
    if old != new:
        yield from (_cell("old source", old), _cell("new source", new))
    elif new is not None:
        yield _cell("source", new)


def _cell(name: str, value: str | None) -> str:
    text = f"{name}: {'(missing)' if value is None else value}"
    return wrapped(visible(text, keep_newlines=False), first=" " * 6, rest=" " * 8)


def _cell_change(cell: CellChange) -> str:
    old, new = ("(missing)" if each is None else each for each in (cell.old, cell.new))
    text = visible(f"{cell.field}: {old} -> {new}", keep_newlines=False)
    return wrapped(text, first=" " * 6, rest=" " * 8)


def _mark(kind: str, words: str) -> str:
    sign, colour = _MARKS[kind]
    text = wrapped(visible(words, keep_newlines=False), first="    ", rest="    ")
    return f"  {click.style(sign, fg=colour)} {text[4:]}"


def _closing(changes: Changes) -> Iterator[str]:
    title = visible(title_of(changes), keep_newlines=False)
    if changes.is_empty:
        yield f"{title}: nothing differs"
        return
    differing = [each for each in changes.tables if each.change is not Change.SAME]
    same = len(changes.tables) - len(differing)
    rows = [each.rows for each in differing]
    if changes.hidden:
        yield f"{amount(changes.hidden, 'more change')} not shown; --limit 0 shows all"
    of_all = f" of {len(changes.tables)}" if same else ""
    verb = "differs" if len(differing) == 1 else "differ"
    yield f"{title}: {amount(len(differing), 'table')}{of_all} {verb}"
    yield (
        f"{amount(sum(each.added for each in rows), 'record')} added, "
        f"{sum(each.removed for each in rows):,} removed, "
        f"{sum(each.changed for each in rows):,} changed"
    )
    yield from _step(changes)


def _step(changes: Changes) -> Iterator[str]:
    step = changes.step
    yield click.style(f"Least honest step: {step.size.word}", bold=True)
    for reason in step.reasons:
        if reason.size is step.size and reason.size is not Size.NONE:
            text = f"{visible(reason.text, keep_newlines=False)} ({reason.rule})"
            yield wrapped(text, first="  ", rest="    ")
