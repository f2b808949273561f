"""Generated pairs of tables: random schemas, keys, gaps and edits, from a seed."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass, field

TYPES = ("string", "number", "integer", "boolean", "date")


@dataclass
class Side:
    """One version: field names and types in order, key, and rows of Python values."""

    fields: list[tuple[str, str]]
    key: list[str]
    rows: list[dict] = field(default_factory=list)

    @property
    def names(self):
        return [name for name, _ in self.fields]

    def schema(self):
        return {
            "fields": [{"name": name, "type": kind} for name, kind in self.fields],
            **({"primaryKey": self.key} if self.key else {}),
        }

    def texts(self):
        """Records as canonical texts, without missing cells."""
        return [
            {name: text_of(row[name]) for name in self.names if row[name] is not None}
            for row in self.rows
        ]


def text_of(value):
    """The canonical text of a value, written down once more from the specification."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)


def value_of(rng: random.Random, kind: str, *, wide: bool):
    """A value; `wide` for keys, which have to differ."""
    size = 10_000 if wide else 12
    number = rng.randrange(size)
    return {
        "string": lambda: rng.choice(["", "ü", "Ж", '"', ",", "\n", "x "]) + f"t{number}",
        "number": lambda: (number - size // 2) / 4,
        "integer": lambda: number - size // 2,
        "boolean": lambda: bool(number % 2),
        "date": lambda: datetime.date(2000, 1, 1) + datetime.timedelta(days=number),
    }[kind]()


def pair(seed: int) -> tuple[Side, Side]:
    """Two versions of one table."""
    rng = random.Random(seed)
    width = rng.randint(0, 3) if seed % 5 else 0
    key = [f"k{at}" for at in range(width)]
    fields = [(name, rng.choice(["string", "integer", "date", "number"])) for name in key]
    fields += [(f"f{at}", rng.choice(TYPES)) for at in range(rng.randint(1, 5))]
    rng.shuffle(fields)
    old = Side(fields, key)
    for _ in range(rng.choice([0, 1, 5, 40])):
        old.rows.append(_row(rng, old))
    old.rows = _distinct(old, old.rows)
    new = _edited(rng, old)
    for side in (old, new):
        # Built tables are sorted by key; others may be in any order.
        if key and rng.random() < 0.7:
            side.rows.sort(key=lambda row: [row[name] for name in key])
        else:
            rng.shuffle(side.rows)
    return old, new


def _row(rng, side):
    return {
        name: None
        if name not in side.key and rng.random() < 0.2
        else value_of(rng, kind, wide=name in side.key)
        for name, kind in side.fields
    }


def _distinct(side, rows):
    """These rows, the first of each key where there is one."""
    if not side.key:
        return rows
    found = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in side.key), row)
    return list(found.values())


def _edited(rng, old):
    """A new version: rows and cells edited, sometimes fields and types."""
    fields, free = list(old.fields), [name for name in old.names if name not in old.key]
    rows = [dict(row) for row in old.rows if rng.random() > 0.1]
    change = rng.choice(["", "", "add", "remove", "type", "order", "rename"])
    if change == "remove" and len(free) > 1:
        gone = rng.choice(free)
        fields = [each for each in fields if each[0] != gone]
    if change == "type":
        _retype(rng, fields, rows)
    if change == "order":
        rng.shuffle(fields)
    if change == "rename":
        was = rng.choice(free)
        fields = [("renamed" if name == was else name, kind) for name, kind in fields]
        for row in rows:
            row["renamed"] = row[was]
    if change == "add":
        fields.insert(rng.randint(0, len(fields)), ("added", rng.choice(TYPES)))
    new = Side(fields, old.key)
    kinds = dict(fields)
    for row in rows:
        for name in new.names:
            if name not in old.key and (name not in row or rng.random() < 0.1):
                row[name] = (
                    None if rng.random() < 0.3 else value_of(rng, kinds[name], wide=False)
                )
    rows += [_row(rng, new) for _ in range(rng.randint(0, 4))]
    new.rows = _distinct(new, [{name: row[name] for name in new.names} for row in rows])
    return new


def _retype(rng, fields, rows):
    """Make one integer field a number or a string, its values unchanged in meaning."""
    for at, (name, kind) in enumerate(fields):
        if kind == "integer":
            now = rng.choice(["number", "string"])
            fields[at] = (name, now)
            cast = float if now == "number" else str
            for row in rows:
                row[name] = None if row[name] is None else cast(row[name])
            return
