"""The part of YAML 1.2 that means one thing only, composed from the events of PyYAML's parser.

PyYAML's own loaders follow YAML 1.1 (`no` is false, `1_000` is a number, aliases expand without
limit); only its parser is used here, and what plain scalars mean is decided below.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from rekodiq_data.errors import BadText
from rekodiq_data.files.json_places import LONGEST_NUMBER

if TYPE_CHECKING:
    from pathlib import Path

    from rekodiq_data.limits import ReadLimits

# The parser written in C is many times faster, and not built for every platform.
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+")
_CONSTANTS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}

KeyPath = tuple[str | int, ...]
Place = tuple[int, int]


class _Composer:
    """Builds the value of one document, event by event, and notes where each key stands."""

    def __init__(self, shown: Path | str, limits: ReadLimits) -> None:
        self.shown = shown
        self.limits = limits
        self.value: Any = None
        self.places: dict[KeyPath, Place] = {}
        self.documents = 0
        # The open collections, the path to each, and the key that the next value stands under.
        self.stack: list[dict[str, Any] | list[Any]] = []
        self.paths: list[KeyPath] = []
        self.keys: list[str | None] = []

    def take(self, event: yaml.Event) -> None:
        """Use one event of the parser."""
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise self.bad(event, "it holds several documents", "keep only the first")
        elif isinstance(event, yaml.AliasEvent):
            raise self.bad(event, f"it uses an alias (*{event.anchor})", "write the value out")
        elif isinstance(event, yaml.NodeEvent):
            self.refuse_extras(event)
            self.take_node(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()
            self.paths.pop()
            self.keys.pop()

    def take_node(self, event: yaml.NodeEvent) -> None:
        """Use the start of a collection, or a scalar: a key, or a value under its key."""
        inside = self.stack[-1] if self.stack else None
        if isinstance(inside, dict) and self.keys[-1] is None:
            self.take_key(event, inside)
            return
        if isinstance(event, yaml.ScalarEvent):
            value = self.scalar(event)
        elif isinstance(event, yaml.MappingStartEvent):
            value = {}
        else:
            value = []
        path: KeyPath = ()
        if isinstance(inside, dict):
            key = str(self.keys[-1])
            path = (*self.paths[-1], key)
            inside[key] = value
            self.keys[-1] = None
        elif isinstance(inside, list):
            path = (*self.paths[-1], len(inside))
            inside.append(value)
        else:
            self.value = value
        self.places.setdefault(path, self.place(event))
        if not isinstance(event, yaml.ScalarEvent):
            if len(self.stack) >= self.limits.depth:
                raise self.bad(event, self.limits.past("depth", "it is nested too deeply"))
            self.stack.append(value)
            self.paths.append(path)
            self.keys.append(None)

    def take_key(self, event: yaml.NodeEvent, inside: dict[str, Any]) -> None:
        """Use a key of a mapping."""
        if not isinstance(event, yaml.ScalarEvent):
            raise self.bad(event, "a key must be text, not a list or a mapping")
        key = self.unicode(event)
        if key in inside:
            raise self.bad(event, f'the key "{key}" occurs twice')
        self.keys[-1] = key
        self.places[(*self.paths[-1], key)] = self.place(event)

    def scalar(self, event: yaml.ScalarEvent) -> Any:
        """What a scalar means. Quoted and block scalars are text."""
        text = self.unicode(event)
        if event.style:
            return text
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if not _INTEGER.fullmatch(text) and not _DECIMAL.fullmatch(text):
            return text
        if len(text) > LONGEST_NUMBER:
            raise self.bad(event, f"the number {text[:20]}... is too long", "quote it as text")
        return float(text) if "." in text else int(text)

    def unicode(self, event: yaml.ScalarEvent) -> str:
        """The text of a scalar, once it is known to be Unicode."""
        text: str = event.value
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise self.bad(
                event, "a text holds half of a surrogate pair, which is no character"
            ) from error
        return text

    def refuse_extras(self, event: yaml.NodeEvent) -> None:
        """Raise BadText where a node has an anchor or a tag."""
        if event.anchor is not None:
            raise self.bad(event, f"it uses an anchor (&{event.anchor})", "write the value out")
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise self.bad(event, f"it uses a tag ({tag})", "remove the tag")

    def place(self, event: yaml.Event) -> Place:
        """Line and column of an event, from 1."""
        mark: Any = event.start_mark
        return mark.line + 1, mark.column + 1

    def bad(self, event: yaml.Event, what: str, hint: str | None = None) -> BadText:
        """The exception for something at an event that this part of YAML does not have."""
        line, column = self.place(event)
        return BadText(
            self.shown, f"not strict YAML: {what}", line=line, column=column, hint=hint
        )


def compose(
    text: str, shown: Path | str, limits: ReadLimits
) -> tuple[Any, dict[KeyPath, Place]]:
    """The value of a YAML text, and line and column of every key and list item by key path.

    Raises:
        BadText: with line and column of the first thing that is wrong.
    """
    composer = _Composer(shown, limits)
    try:
        for event in yaml.parse(text, Loader=_PARSER):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadText(
            shown,
            f"not YAML: {error.problem or error.context}",
            line=None if mark is None else mark.line + 1,
            column=None if mark is None else mark.column + 1,
            hint=error.note,
        ) from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise BadText(shown, f"not YAML: {str(error).splitlines()[0]}") from error
    return composer.value, composer.places
