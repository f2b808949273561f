"""Packages a few steps away from sound ones.

Hypothesis draws what is done (its values shrink and are never twice the same); where it is done
follows a seed that it draws, too.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tests.fuzz import tabular
from tests.fuzz.folders import DESCRIPTOR, Folder, descriptor_of, with_descriptor
from tests.fuzz.words import CELLS, FORMATS, JSON_VALUES, KEYS
from tests.lexical.strategies import DESCRIPTORS, cells, field_of

Rng = random.Random
Node = tuple[Any, Any]  # a container, and a key or position in it


def _nodes(value: Any) -> list[Node]:
    found: list[Node] = []
    stack = [value]
    while stack:
        each = stack.pop()
        keys = each.keys() if isinstance(each, dict) else range(len(each))
        for key in keys:
            found.append((each, key))
            if isinstance(each[key], dict | list):
                stack.append(each[key])
    return found


def _fields(descriptor: Any) -> list[dict]:
    return [
        container[key]
        for container, key in _nodes(descriptor)
        if isinstance(container, list)
        and isinstance(container[key], dict)
        and ("type" in container[key] or "constraints" in container[key])
    ]


# --- descriptors ------------------------------------------------------------------------------


def _change_descriptor(
    draw: st.DrawFn, rng: Rng, folder: Folder, others: list[Folder]
) -> Folder:
    descriptor = descriptor_of(folder)
    if descriptor is None or not (nodes := _nodes(descriptor)):
        return folder
    container, key = rng.choice(nodes)
    way = draw(st.sampled_from(["odd", "known", "known", "known", "drop", "swap", "splice"]))
    if way == "odd":
        container[key] = draw(JSON_VALUES)
    elif way == "drop":
        del container[key]
    elif way == "swap":
        other, place = rng.choice(nodes)
        container[key] = json.loads(json.dumps(other[place]))
    elif way == "splice":
        _splice(rng, descriptor, others)
    else:
        targets = [each for each, _ in nodes if isinstance(each, dict)] or [descriptor]
        name = draw(st.sampled_from(sorted(KEYS)))
        rng.choice(targets)[name] = draw(st.sampled_from(KEYS[name]))
    return with_descriptor(folder, descriptor)


def _splice(rng: Rng, descriptor: dict, others: list[Folder]) -> None:
    """Put something of another package under the same key."""
    other = descriptor_of(rng.choice(others))
    if other is None:
        return
    by_key: dict[str, list[Any]] = {}
    for container, key in _nodes(other):
        if isinstance(key, str):
            by_key.setdefault(key, []).append(container[key])
    places = [(each, key) for each, key in _nodes(descriptor) if key in by_key]
    if places:
        container, key = rng.choice(places)
        container[key] = rng.choice(by_key[key])


def _change_field(draw: st.DrawFn, rng: Rng, folder: Folder, others: list[Folder]) -> Folder:
    """Another type, format or property, and cells of that type."""
    descriptor = descriptor_of(folder)
    fields = _fields(descriptor) if descriptor else []
    if not fields:
        return folder
    field = rng.choice(fields)
    raw = draw(st.sampled_from(DESCRIPTORS))
    field |= {**raw, "name": field.get("name", "x")}
    if draw(st.booleans()):
        field["format"] = draw(st.sampled_from(FORMATS))
    if draw(st.booleans()):
        names = ["minimum", "maximum", "enum", "unique", "required", "minLength", "pattern"]
        name = draw(st.sampled_from([*names, "jsonSchema"]))
        value = draw(st.sampled_from(KEYS[name])) if draw(st.booleans()) else rng.choice(CELLS)
        field["constraints"] = {name: value}
    texts = draw(st.lists(cells(field_of(raw)), min_size=1, max_size=4))
    changed = with_descriptor(folder, descriptor)
    for _ in texts:
        changed = tabular.with_cell(rng, changed, rng.choice(texts))
    return changed


def _change_descriptor_bytes(
    draw: st.DrawFn, rng: Rng, folder: Folder, others: list[Folder]
) -> Folder:
    return {**folder, DESCRIPTOR: _bytes_changed(draw, rng, folder[DESCRIPTOR])}


# --- files ------------------------------------------------------------------------------------


def _change_cells(draw: st.DrawFn, rng: Rng, folder: Folder, others: list[Folder]) -> Folder:
    for text in draw(st.lists(st.sampled_from(CELLS) | st.text(max_size=6), max_size=4)):
        folder = tabular.with_cell(rng, folder, text)
    return folder


def _change_lines(draw: st.DrawFn, rng: Rng, folder: Folder, others: list[Folder]) -> Folder:
    name = tabular.any_file(rng, folder)
    if name is None:
        return folder
    lines = folder[name].splitlines(keepends=True)
    if not lines:
        return folder
    at = rng.randrange(len(lines))
    way = draw(st.sampled_from(["twice", "drop", "many", "empty", "glue", "swap", "end"]))
    if way == "twice":
        lines.insert(at, lines[at])
    elif way == "drop":
        del lines[at]
    elif way == "many":
        lines.extend(lines[at:] * min(2000, 100_000 // max(1, sum(map(len, lines[at:])))))
    elif way == "empty":
        lines.insert(at, rng.choice([b"\n", b"\r\n", b",\n", b" \n", b'""\n', b"\r"]))
    elif way == "glue":
        lines[at] = lines[at].rstrip(b"\r\n")
    elif way == "swap":
        lines[at], lines[0] = lines[0], lines[at]
    else:
        ending = rng.choice([b"\r\n", b"\r", b"\n\r", b"\x85", b"\x0b", b"\xe2\x80\xa8"])
        lines[at] = lines[at].rstrip(b"\r\n") + ending
    return {**folder, name: b"".join(lines)}


def _change_bytes(draw: st.DrawFn, rng: Rng, folder: Folder, others: list[Folder]) -> Folder:
    name = tabular.any_file(rng, folder)
    if name is None:
        return folder
    return {**folder, name: _bytes_changed(draw, rng, folder[name])}


def _bytes_changed(draw: st.DrawFn, rng: Rng, content: bytes) -> bytes:
    found = bytearray(content)
    way = draw(st.sampled_from(["flip", "flip", "cut", "put", "repeat", "move"]))
    at = rng.randrange(len(found) + 1)
    if way == "put" or not found:
        odd = [b"\0", b"\xff", b'"', b"\xef\xbb\xbf", b"\xc3", b"\xed\xa0\x80", b",", b"\x1b["]
        found[at:at] = rng.choice(odd)
    elif way == "flip":
        for _ in range(draw(st.integers(1, 4))):
            place = rng.randrange(len(found))
            found[place] ^= 1 << rng.randrange(8)
    elif way == "cut":
        del found[at : at + rng.choice([1, 4, len(found)])]
    elif way == "repeat":
        part = found[at : at + rng.choice([1, 4, 64])]
        found[at:at] = part * rng.choice([2, 50])
    else:
        part = found[at : at + 8]
        place = rng.randrange(len(found))
        found[place : place + len(part)] = part
    return bytes(found)


def _change_encoding(draw: st.DrawFn, rng: Rng, folder: Folder, others: list[Folder]) -> Folder:
    name = tabular.any_file(rng, folder)
    encoding = draw(st.sampled_from(["utf-16", "utf-16-le", "utf-8-sig", "latin-1", "cp1252"]))
    if name is None:
        return folder
    text = folder[name].decode("utf-8", "replace")
    folder = {**folder, name: text.encode(encoding, "replace")}
    if draw(st.booleans()):
        folder = tabular.with_property(folder, name, "encoding", encoding)
    return folder


def _change_names(draw: st.DrawFn, rng: Rng, folder: Folder, others: list[Folder]) -> Folder:
    """A file under another name, which the descriptor may know of; or two files for one."""
    name = tabular.any_file(rng, folder)
    if name is None:
        return folder
    odd = [
        "t.CSV",
        "t",
        "a b.csv",
        "é.csv",
        "d/t.csv",
        "t.json",
        "t.csv.gz",
        "-t.csv",
        "\u202et.csv",
    ]
    new = draw(st.sampled_from(odd))
    folder = dict(folder)
    if draw(st.booleans()):
        folder[new] = folder.pop(name)
        return tabular.with_property(folder, name, "path", new)
    folder[new] = folder[name]
    return tabular.with_property(folder, name, "path", [name, new])


CHANGES: dict[str, Callable[..., Folder]] = {
    "descriptor": _change_descriptor,
    "field": _change_field,
    "descriptor-bytes": _change_descriptor_bytes,
    "cells": _change_cells,
    "lines": _change_lines,
    "bytes": _change_bytes,
    "encoding": _change_encoding,
    "names": _change_names,
    "format": lambda draw, rng, folder, others: tabular.converted(
        rng, folder, draw(st.sampled_from(tabular.FORMATS))
    ),
}
_ORDER = ["format", *(name for name in CHANGES if name != "format")]


@st.composite
def mutants(draw: st.DrawFn, corpus: dict[str, Folder]) -> tuple[Folder, tuple[str, ...]]:
    """A package, and what was done to it: the name of its origin, then the kinds of changes."""
    names = sorted(corpus)
    origin = draw(st.sampled_from(names))
    rng = random.Random(draw(st.integers(0, 2**64 - 1)))
    others = [corpus[rng.choice(names)] for _ in range(4)]
    done = draw(
        st.lists(st.sampled_from([*CHANGES, "descriptor", "field"]), min_size=1, max_size=4)
    )
    folder = corpus[origin]
    # Another format comes first, so that the others meet its bytes.
    for kind in sorted(done, key=lambda each: each != "format"):
        folder = CHANGES[kind](draw, rng, folder, others)
    return folder, (origin, *done)
