"""The entry of a version in the data's changelog, in words for people who use the data."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from rekodiq_data.diff.model import Change, Part
from rekodiq_data.diff.step import Size, schema_words
from rekodiq_data.diff.tables import open_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rekodiq_data.diff.model import (
        Changes,
        FieldName,
        Record,
        RecordChange,
        SchemaChange,
        TableChanges,
    )

_WIDTH = 98
_LONGEST = 80
_MEANING = {
    Size.NONE: "nothing but the number changed.",
    Size.PATCH: "only words changed.",
    Size.MINOR: "figures or tables were added or corrected under the same names.",
    Size.MAJOR: "a table or column changed its name or meaning, or is gone.",
}
_SPECIAL = "\\`*_[]<>#|"


def changelog_entry(changes: Changes, version: str) -> str:
    """The entry of a version, computed from what changed since the one before.

    Args:
        changes: against the version before; what they kept is what is listed.
        version: the new number.

    Returns:
        Markdown: a heading of the second level and a list, LF at the end.
    """
    size = changes.step.size
    before = changes.old.version if changes.old else None
    since = f" since {before}" if before else ""
    word = "No" if size is Size.NONE else f"A {size.word}"
    lines = _item(f"{word} step{since}: {_MEANING[size]}", "")
    items = list(_package_items(changes))
    for table in changes.tables:
        if table.change is not Change.SAME:
            items.extend(_table_items(table, changes))
    return "\n".join([f"## {version}", "", *lines, *([""] if items else []), *items]) + "\n"


def first_entry(folder: Path, version: str) -> str:
    """The entry of a first version: which tables the package in `folder` has.

    Raises:
        NothingFound, NotReadable: as `diff` does.
    """
    _, tables = open_tables(folder)
    items = []
    for name in sorted(tables):
        table = tables[name]
        rows = sum(records.num_rows for records in table.records(table.schema.names[:1]))
        title = table.resource.title or table.schema.title
        items.extend(_item(f"{_named(title, name)}: {_amount(rows, 'record')}."))
    return "\n".join([f"## {version}", "", "The first version.", "", *items]) + "\n"


def _package_items(changes: Changes) -> Iterator[str]:
    for each in changes.metadata:
        values = _values(each.old, each.new)
        yield from _item(f"The {_plain(each.aspect)} of the whole package changed{values}.")


def _table_items(table: TableChanges, changes: Changes) -> Iterator[str]:
    name = _named(table.title, table.name)
    rows = table.rows
    if table.change is Change.ADDED:
        yield from _item(f"{name} is a new table: {_amount(rows.new, 'record')}.")
        return
    if table.change is Change.REMOVED:
        yield from _item(f"{name} is gone: {_amount(rows.old, 'record')}.")
        return
    counts = [
        f"{_amount(count, 'record')} {word}"
        for count, word in (
            (rows.added, "added"),
            (rows.removed, "removed"),
            (rows.changed, "changed"),
        )
        if count
    ]
    was = f", called {_code(table.old_name)} before" if table.change is Change.RENAMED else ""
    yield from _item(f"{name}{was}: {', '.join(counts) or 'no record changed'}.")
    for change in table.schema:
        yield from _item(f"{_schema_sentence(change)}.", "  ")
    for each in table.metadata:
        yield from _item(
            f"Its {_plain(each.aspect)} changed{_values(each.old, each.new)}.", "  "
        )
    for filled in table.filled:
        values = _amount(filled.total, "value")
        yield from _item(
            f"{_code(filled.field)} has {values} in records that were there.", "  "
        )
    if rows.added or rows.removed:
        yield from _record_items("New", table.added, rows.added, changes)
        yield from _record_items("Gone", table.removed, rows.removed, changes)
    fields = {each.name: each for each in table.fields}
    for record in table.changed:
        yield from _changed_items(record, fields, changes)
    listed = sum(len(record.cells) for record in table.changed)
    if table.changed_cells > listed:
        more = _amount(table.changed_cells - listed, "more changed value")
        yield from _item(f"And {more}.", "  ")


def _schema_sentence(change: SchemaChange) -> str:
    """A change of a schema as a sentence, with values where they are short to tell."""
    words = schema_words(change)
    sentence = _plain(words[0].upper() + words[1:])
    if change.aspect:
        return sentence + _values(change.old, change.new)
    if change.part in {Part.PRIMARY_KEY, Part.UNIQUE_KEY, Part.FOREIGN_KEY}:
        return sentence + _values(_key(change.old), _key(change.new))
    return sentence


def _key(value: Any) -> str | None:
    """A key in words."""
    if isinstance(value, dict):
        table = f" of {value['resource']}" if value["resource"] else ""
        fields, theirs = ", ".join(value["fields"]), ", ".join(value["reference_fields"])
        return f"{fields} to {theirs}{table}"
    return ", ".join(value) if value else None


def _record_items(
    word: str, records: Sequence[Record], total: int, changes: Changes
) -> Iterator[str]:
    """Added or removed records, those of one source in one line."""
    by_source: dict[str | None, list[str]] = {}
    for record in records:
        shown = _key_words(record.key) if record.key else _whole_words(record)
        by_source.setdefault(record.source, []).append(shown)
    for source, keys in by_source.items():
        told = f" (source: {_source(source, changes)})" if source else ""
        yield from _item(f"{word}: {', '.join(keys)}{told}.", "  ")
    listed = sum(record.count for record in records)
    if total > listed:
        yield from _item(f"{word}: {_amount(total - listed, 'more record')}.", "  ")


def _changed_items(
    record: RecordChange, fields: dict[str, FieldName], changes: Changes
) -> Iterator[str]:
    old, new = record.old_source, record.new_source
    told = f" Source: {_source(new, changes)}" if new else ""
    if told and old and old != new:
        told += f"; before: {_source(old, changes)}"
    for cell in record.cells:
        if len(record.cells) > 1 and (cell.old, cell.new) == (old, new):
            continue  # the field of the source itself: it is told with the other cells
        field = fields[cell.field]
        title = (
            f"{_plain(field.title)} ({_code(cell.field)})" if field.title else _code(cell.field)
        )
        unit = f" {_plain(field.unit)}" if field.unit else ""
        was = _cell(cell.old) + (unit if cell.new is None else "")
        now = _cell(cell.new) + (unit if cell.new is not None else "")
        stop = "." if told else ""
        yield from _item(f"{_key_words(record.key)}, {title}: {was} → {now}{stop}{told}.", "  ")


def _source(source: str, changes: Changes) -> str:
    title = changes.sources.get(source)
    return f"{_plain(title)} ({_code(source)})" if title else _code(source)


def _key_words(key: Sequence[str]) -> str:
    return " ".join(_code(part) for part in key)


def _whole_words(record: Record) -> str:
    times = f" ({record.count} times)" if record.count > 1 else ""
    values = ", ".join(value for value in record.values.values() if value is not None)
    return f"{_code(values)}{times}"


def _values(old: Any, new: Any) -> str:
    """Old and new value of a property, where both are short texts or numbers."""
    shown = [
        "not stated" if value is None else _code(str(value))
        for value in (old, new)
        if value is None or isinstance(value, str | int | float)
    ]
    if len(shown) < 2 or sum(map(len, shown)) > _LONGEST:
        return ""
    return f": {shown[0]} → {shown[1]}"


def _cell(value: str | None) -> str:
    return "missing" if value is None else _code(value)


def _named(title: str, name: str) -> str:
    return f"**{_plain(title)}** ({_code(name)})" if title else f"**{_code(name)}**"


def _code(text: str | None) -> str:
    """A value as Markdown code, which nothing in it can end or turn into anything else."""
    shown = _one_line(text or "")
    longest = max((len(run) for run in _runs(shown)), default=0)
    fence = "`" * (longest + 1)
    blank = " " if longest or not shown.strip() else ""
    return f"{fence}{blank}{shown}{blank}{fence}"


def _runs(text: str) -> list[str]:
    """Runs of backticks."""
    return [run for run in "".join(c if c == "`" else " " for c in text).split(" ") if run]


def _plain(text: str | None) -> str:
    """Words in Markdown, as they are."""
    return "".join(f"\\{each}" if each in _SPECIAL else each for each in _one_line(text or ""))


def _one_line(text: str) -> str:
    shown = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"


def _amount(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else noun + 's'}"


def _item(text: str, indent: str | None = None) -> list[str]:
    """A list item in lines; with `""` for `indent`, a paragraph."""
    first = "" if indent == "" else f"{indent or ''}- "
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_long_words=False,
        break_on_hyphens=False,
    ).split("\n")
