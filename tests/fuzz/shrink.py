"""A finding's package made smaller, as long as it is still the same finding."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from tests.fuzz.folders import DESCRIPTOR, Folder, descriptor_of, with_descriptor


def smaller(
    package: Folder, is_same: Callable[[Folder], bool], seconds: float = 30.0
) -> Folder:
    """The smallest package that was found within some seconds."""
    end = time.monotonic() + seconds
    changed = True
    while changed:
        changed = False
        for candidate in _candidates(package):
            if time.monotonic() > end:
                return package
            if candidate != package and is_same(candidate):
                package, changed = candidate, True
                break
    return package


def _candidates(package: Folder) -> Iterator[Folder]:
    """Packages with one thing less, the largest steps first."""
    for name in package:
        if name != DESCRIPTOR:
            yield {key: value for key, value in package.items() if key != name}
    text = json.dumps(descriptor_of(package))
    for container, key in list(_places(json.loads(text))):
        tree = json.loads(text)
        _remove(tree, container, key)
        yield with_descriptor(package, tree)
    for name, content in package.items():
        if name == DESCRIPTOR:
            continue
        size = len(content)
        while size:
            for start in range(0, len(content), size):
                yield {**package, name: content[:start] + content[start + size :]}
            size //= 2
            if size < 4 and len(content) > 200:
                break


def _places(tree: Any, path: tuple = ()) -> Iterator[tuple[tuple, Any]]:
    """Everything in a tree that could be left out, from the outside in."""
    keys = (
        list(tree)
        if isinstance(tree, dict)
        else range(len(tree))
        if isinstance(tree, list)
        else ()
    )
    for key in keys:
        yield path, key
    for key in keys:
        yield from _places(tree[key], (*path, key))


def _remove(tree: Any, path: tuple, key: Any) -> None:
    for step in path:
        tree = tree[step]
    del tree[key]
