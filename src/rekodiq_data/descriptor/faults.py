"""Collecting the faults of a descriptor: all of them, each with its file and line.

A `Part` is one JSON object of a descriptor, the place where it stands, and how people call it.
Its reading methods give the value of a key when it has the right shape and note a fault when it
has not, so that the modules around this one say what they want and nothing about failing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from rekodiq_data.descriptor.vocabulary import Version
from rekodiq_data.limits import DEFAULT_LIMITS, ReadLimits
from rekodiq_data.report import Issue, Severity
from rekodiq_data.suggest import closest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rekodiq_data.files.texts import KeyPath, Lines

# In other people's packages any key is allowed: only a slip of the pen is worth a word.
_SLIP = 80.0
_ADVISED = 200


@dataclass(slots=True)
class Faults:
    """The faults found so far, and whether one of them spoils the reading of the table."""

    issues: list[Issue] = field(default_factory=list)
    spoiled: bool = False

    @property
    def errors(self) -> int:
        """How many of the faults are errors."""
        return sum(issue.severity is Severity.ERROR for issue in self.issues)


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is being read: the name that people know it by, its lines, whose it is.

    `own` files are a project's own, where an unknown key is an error. `limits` hold for the
    files that it names, too.
    """

    path: str
    lines: Lines
    own: bool = False
    version: Version = Version.V2
    limits: ReadLimits = DEFAULT_LIMITS


@dataclass(frozen=True, slots=True)
class Part:
    """One object of a descriptor.

    Attributes:
        value: the object.
        at: its key path in `source`.
        words: how a message names it: `field "id"`, `the package`.
        type: Frictionless's name for faults in it: `field-error`, ...
        spoils: whether a fault in here makes the table unreadable.
    """

    value: Mapping[str, Any]
    at: KeyPath
    source: Source
    faults: Faults
    words: str
    type: str
    resource: str | None = None
    field_name: str | None = None
    spoils: bool = False

    def fault(
        self,
        code: str,
        message: str,
        *,
        key: str | int | None = None,
        note: str = "",
        suggestion: str | None = None,
        severity: Severity = Severity.ERROR,
        spoils: bool | None = None,
    ) -> None:
        """Note a fault at `key` of this object (or at the object itself)."""
        place = self.source.lines.place(self.at if key is None else (*self.at, key))
        spoils = self.spoils if spoils is None else spoils
        if spoils and severity is Severity.ERROR:
            self.faults.spoiled = True
        self.faults.issues.append(
            Issue(
                type=self.type,
                code=code,
                message=message,
                note=note,
                severity=severity,
                resource=self.resource,
                path=self.source.path,
                line=place[0] if place else None,
                column=place[1] if place else None,
                field_name=self.field_name,
                suggestion=suggestion,
            )
        )

    def warn(self, code: str, message: str, *, key: str | None = None, note: str = "") -> None:
        """Note a warning."""
        self.fault(code, message, key=key, note=note, severity=Severity.WARNING)

    def wrong(self, key: str, wanted: str) -> None:
        """Note that the value of `key` has a wrong type: it must be `wanted`."""
        value = self.value[key]
        self.fault(
            "descriptor.wrong-type",
            f'{self.words}: "{key}" must be {wanted}, not {name_of(value)}',
            key=key,
            note=quoting(value) if "text" in wanted else "",
        )

    def wrong_item(self, key: str, wanted: str, item: Any) -> None:
        """Note that the list under `key` holds `item`, and may only hold `wanted`."""
        self.fault(
            "descriptor.wrong-type",
            f'{self.words}: "{key}" may hold only {wanted}, and holds {name_of(item)}',
            key=key,
            note=quoting(item) if "text" in wanted else "",
        )

    def text(self, key: str, default: str = "") -> str:
        """The text under `key`, or `default`."""
        value = self.value.get(key, default)
        if isinstance(value, str):
            return value
        self.wrong(key, "text")
        return default

    def flag(self, key: str, *, default: bool = False) -> bool:
        """The truth value under `key`, or `default`."""
        value = self.value.get(key, default)
        if isinstance(value, bool):
            return value
        self.wrong(key, "true or false")
        return default

    def integer(self, key: str, least: int = 0) -> int | None:
        """The integer under `key`, or None where there is none (of at least `least`)."""
        if key not in self.value:
            return None
        value = self.value[key]
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        self.wrong(key, f"an integer from {least} on")
        return None

    def near(self, word: str, choices: Iterable[str]) -> str | None:
        """The choice most like `word`; not looked for any more where faults are many."""
        return closest(word, choices) if len(self.faults.issues) < _ADVISED else None

    def is_within(self, name: str, key: str, what: str) -> bool:
        """Whether the list under `key` is within a limit; a grave fault where it is not."""
        limits, value = self.source.limits, self.value.get(key)
        count = len(value) if isinstance(value, list) else 0
        if count <= getattr(limits, name):
            return True
        words = limits.past(name, f"{self.words} has {count:,} {what}")
        self.fault("descriptor.limit", words, key=key, spoils=True)
        return False

    def texts(self, key: str, *, or_text: bool = False) -> tuple[str, ...] | None:
        """The list of texts under `key` (or the one text, for `or_text`); None without one."""
        if key not in self.value:
            return None
        value = self.value[key]
        if or_text and isinstance(value, str):
            return (value,)
        if not isinstance(value, list):
            self.wrong(key, "text or a list of texts" if or_text else "a list of texts")
            return None
        odd = [each for each in value if not isinstance(each, str)]
        if odd:
            self.wrong_item(key, "texts", odd[0])
            return None
        return tuple(value)

    def items(self, key: str) -> list[Any]:
        """The list under `key`, or an empty one."""
        value = self.value.get(key, [])
        if isinstance(value, list):
            return value
        self.wrong(key, "a list")
        return []

    def objects(self, key: str, words: str, type_: str | None = None) -> Iterator[Part]:
        """A part for each object in the list under `key`; `words` names one of them."""
        for index, each in enumerate(self.items(key)):
            at = (*self.at, key, index)
            if isinstance(each, Mapping):
                yield self.inner(each, at, f"{words} {index + 1}", type_)
            else:
                replace(self, at=at, type=type_ or self.type).fault(
                    "descriptor.wrong-type",
                    f"{words} {index + 1} must be an object, not {name_of(each)}",
                )

    def object(self, key: str, type_: str | None = None) -> Part | None:
        """A part for the object under `key`; None where there is none."""
        if key not in self.value:
            return None
        value = self.value[key]
        if isinstance(value, Mapping):
            return self.inner(value, (*self.at, key), f'{self.words}: "{key}"', type_)
        self.wrong(key, "an object")
        return None

    def inner(
        self, value: Mapping[str, Any], at: KeyPath, words: str, type_: str | None = None
    ) -> Part:
        """A part for an object somewhere inside this one."""
        return replace(self, value=value, at=at, words=words, type=type_ or self.type)

    def harmless(self, words: str) -> Part:
        """This part under another name; a fault in it spoils nothing: it is left out."""
        return replace(self, words=words, spoils=False)

    def called(self, words: str, field_name: str | None) -> Part:
        """This part under the name of the field that it describes."""
        return replace(self, words=words, field_name=field_name)

    def moved(self, at: KeyPath) -> Part:
        """This part, with its faults placed at another key path."""
        return replace(self, at=at)

    def check_keys(self, known: frozenset[str]) -> None:
        """Note the keys that are not `known`.

        In a project's own file each is an error. In other files any key is allowed, and only a
        near miss of a known one is worth a warning.
        """
        for key in self.value:
            if key in known:
                continue
            near = closest(key, known) if self.source.own else _slip(key, known, self.value)
            if self.source.own or near is not None:
                self.fault(
                    "descriptor.unknown-key",
                    f'{self.words}: unknown key "{key}"',
                    key=key,
                    suggestion=near,
                    severity=Severity.ERROR if self.source.own else Severity.WARNING,
                    spoils=False,
                )


def _slip(key: str, known: frozenset[str], present: Mapping[str, Any]) -> str | None:
    """The known key that `key` is a slip of, if it is not there too."""
    near = [
        each
        for each in known
        if each not in present and each[0] == key[:1].lower() and abs(len(each) - len(key)) <= 2
    ]
    # Asked only about likely ones: close matches need a library that is slow to import.
    return closest(key, near, least=_SLIP) if near and len(key) > 3 else None


def name_of(value: Any) -> str:
    """What a JSON value is, with its article, for a message.

    >>> name_of(3.5), name_of([]), name_of(None)
    ('the number 3.5', 'a list', 'nothing (null)')
    """
    if value is None:
        return "nothing (null)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        return f'the text "{value}"' if len(value) <= 40 else "a text"
    return "a list" if isinstance(value, list) else "an object"


def quoting(value: Any) -> str:
    """A hint to write a number in quotes where text is wanted; nothing for other values.

    >>> quoting(1.0)
    'write "1.0" in quotes'
    """
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return f'write "{value}" in quotes' if number else ""


def quoted(names: Iterable[str]) -> str:
    """Names as a list for a message.

    >>> quoted(["a", "b"])
    '"a", "b"'
    """
    return ", ".join(f'"{name}"' for name in names)
