"""Checks of codes: `code_list` (a code of a published list) and `code_nesting` (P-codes)."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from rekodiq_data.checks.base import Kind, Outcome, Parameter, Scope, Verdict
from rekodiq_data.checks.records import by_text, own_texts
from rekodiq_data.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rekodiq_data.checks.base import Scene
    from rekodiq_data.descriptor.model import NamedCheck

# -- lists: each answers what is wrong with a text, nothing where it is a code ----------------


@cache
def _alpha_3(database: str) -> frozenset[str]:
    import pycountry

    return frozenset(each.alpha_3 for each in getattr(pycountry, database))


def _fault_of_registered(text: str, database: str, title: str) -> str:
    """A list of pycountry: the code itself, in capitals."""
    import pycountry

    if text in _alpha_3(database):
        return ""
    try:
        # A name, a two-letter or numeric code, or the right letters in lower case. Nothing is
        # guessed from likeness: "Rs" is like the code of the Argentine peso.
        meant = getattr(pycountry, database).lookup(text.strip()).alpha_3
    except LookupError:
        return f'"{text}" is not {title}'
    return f'"{text}" is not {title}. Did you mean "{meant}"?'


def _fault_of_country(text: str) -> str:
    return _fault_of_registered(text, "countries", "an ISO 3166-1 alpha-3 code")


def _fault_of_currency(text: str) -> str:
    return _fault_of_registered(text, "currencies", "an active ISO 4217 code")


_LEI = re.compile(r"[A-Z0-9]{18}[0-9]{2}")


def _fault_of_lei(text: str) -> str:
    """ISO 17442: 18 capitals or digits, and two check digits (ISO 7064, mod 97-10)."""
    from stdnum import lei

    # The library takes lower case and blanks between; a column of codes takes one spelling.
    if not _LEI.fullmatch(text):
        return f'"{text}" is not an LEI: 18 capital letters or digits, then two digits'
    if not lei.is_valid(text):
        return f'"{text}" is not an LEI: its two check digits do not fit the rest'
    return ""


# How many targets each goal has: numbered ones, then lettered ones (means of implementation),
# 169 in all. They were adopted in 2015 (A/RES/70/1) and stand until 2030. Their indicators are
# reviewed every few years, so a list of those would refuse tomorrow's codes and is not kept.
_SDG_TARGETS = {
    1: (5, 2), 2: (5, 3), 3: (9, 4), 4: (7, 3), 5: (6, 3), 6: (6, 2), 7: (3, 2), 8: (10, 2),
    9: (5, 3), 10: (7, 3), 11: (7, 3), 12: (8, 3), 13: (3, 2), 14: (7, 3), 15: (9, 3),
    16: (10, 2), 17: (19, 0),
}  # fmt: skip
_NUMBER = re.compile(r"[1-9][0-9]?")
_INDICATOR = re.compile(r"[1-9]")


def _fault_of_sdg(text: str) -> str:
    """A goal (`6`), a target (`6.1`, `3.b`) or an indicator (`6.1.1`, `17.18.1`)."""
    goal, *rest = text.split(".")
    if not _NUMBER.fullmatch(goal) or len(rest) > 2:
        return (
            f'"{text}" is not an SDG code: write a goal, a target or an indicator, '
            "as in 6, 6.1 or 6.1.1"
        )
    if int(goal) not in _SDG_TARGETS:
        return f'"{text}" is not an SDG code: goals are 1 to 17'
    numbered, lettered = _SDG_TARGETS[int(goal)]
    letters = "abcd"[:lettered]
    if rest and not (
        rest[0] in tuple(letters) or (_NUMBER.fullmatch(rest[0]) and int(rest[0]) <= numbered)
    ):
        last = f" and {goal}.a to {goal}.{letters[-1]}" if letters else ""
        return (
            f'"{text}" is not an SDG code: '
            f"the targets of goal {goal} are {goal}.1 to {goal}.{numbered}{last}"
        )
    if len(rest) == 2 and not _INDICATOR.fullmatch(rest[1]):
        return f'"{text}" is not an SDG code: an indicator adds one digit from 1 to 9'
    return ""


# RFC 3986: these characters, and per cent signs before two hexadecimal digits.
_URL_TEXT = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})+\.?(?::[0-9]{{1,5}})?")


def _fault_of_url(text: str) -> str:
    """An absolute http or https address of a public host. Nothing is opened."""
    scheme, separator, rest = text.partition("://")
    if not separator or scheme not in ("http", "https"):
        return f'"{text}" is not a web address: it begins with https:// or http://'
    if not _URL_TEXT.fullmatch(text):
        found = next(
            character
            for place, character in enumerate(text)
            if not _URL_TEXT.fullmatch(text[place : place + (3 if character == "%" else 1)])
        )
        return f'"{text}" is not a web address: write {found!r} as per cent code'
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if not _HOST.fullmatch(host):
        return f'"{text}" is not a web address: "{host}" is not the name of a host'
    return ""


_LISTS: Mapping[str, Callable[[str], str]] = {
    "iso-3166-1-alpha-3": _fault_of_country,
    "iso-4217": _fault_of_currency,
    "lei": _fault_of_lei,
    "sdg": _fault_of_sdg,
    "url": _fault_of_url,
}


def _list_faults(parameters: Mapping[str, Any]) -> list[str]:
    name = parameters.get("list")
    if name in _LISTS:
        return []
    known = ", ".join(_LISTS)
    return [f"there is no list `{name}`; lists are {known}.{did_you_mean(str(name), _LISTS)}"]


def _judge_code_list(scene: Scene, use: NamedCheck) -> Outcome:
    field, name = use.parameters["field"], use.parameters["list"]
    faults = by_text(scene.own.text[field], _LISTS[name])
    verdicts = np.array(
        [
            Verdict.NOT_APPLICABLE
            if fault is None
            else Verdict.FAILED
            if fault
            else Verdict.HELD
            for fault in faults
        ],
        np.int8,
    )
    verdicts[~scene.selected] = Verdict.NOT_APPLICABLE

    def explain(record: int) -> str:
        if verdicts[record] == Verdict.NOT_APPLICABLE:
            return f"{field} has no code here"
        return faults[record] or f'"{scene.own.text[field][record]}" is a code of {name}'

    return Outcome(verdicts, explain, lambda _record: field)


# -- codes that nest --------------------------------------------------------------------------


def _judge_code_nesting(scene: Scene, use: NamedCheck) -> Outcome:
    ids, parents, codes = (
        own_texts(scene, use.parameters[name]) for name in ("id", "parent", "code")
    )
    chosen = [int(record) for record in np.flatnonzero(scene.selected)]
    by_id = {ids[record]: record for record in chosen if ids[record] is not None}
    above = _nearest_coded(chosen, by_id, parents, codes)
    verdicts = np.full(scene.own.count, Verdict.NOT_APPLICABLE, np.int8)
    for record in chosen:
        code, other = codes[record], above[record]
        if code is None or other == _TOP:
            continue
        if other == _LOST:
            verdicts[record] = Verdict.UNDECIDED
            continue
        outer = codes[other] or ""
        nested = code.startswith(outer) and code != outer
        verdicts[record] = Verdict.HELD if nested else Verdict.FAILED

    def explain(record: int) -> str:
        code = f'"{codes[record]}" of "{ids[record]}"'
        match verdicts[record]:
            case Verdict.NOT_APPLICABLE:
                return f'"{ids[record]}" has no code, or no place above it has one'
            case Verdict.UNDECIDED:
                return f"{code} can't be compared: the places above it are not all in the table"
            case Verdict.HELD:
                sentence = "begins with"
            case _:
                sentence = "does not go on from"
        other = above[record]
        return f'{code} {sentence} "{codes[other]}" of "{ids[other]}" above it'

    return Outcome(verdicts, explain, lambda _record: str(use.parameters["code"]))


# No place above has a code; a place above is not in the table, or is above itself.
_TOP, _LOST = -1, -2


def _nearest_coded(
    chosen: list[int],
    by_id: Mapping[str | None, int],
    parents: list[str | None],
    codes: list[str | None],
) -> dict[int, int]:
    """For each record, the nearest record above that has a code, `_TOP` or `_LOST`.

    Each record is walked over once: what lies above is remembered on the way back.
    """
    found: dict[int, int] = {}
    for start in chosen:
        way: list[int] = []
        record, walked = start, set[int]()
        while record not in found and record not in walked:
            walked.add(record)
            way.append(record)
            parent = parents[record]
            above = _TOP if parent is None else by_id.get(parent, _LOST)
            if above < 0 or codes[above] is not None:
                found[record] = above
            else:
                record = above
        # A walk that ended on its own steps went in a circle.
        answer = found.get(record, _LOST)
        for step in way:
            found[step] = answer
    return found


KINDS: tuple[Kind, ...] = (
    Kind(
        name="code_list",
        scope=Scope.ROW,
        summary="A text is a code of a published list, or has the form that the list asks for.",
        parameters=(
            Parameter("field", "column", "the column of codes", required=True),
            Parameter("list", "text", "the list: " + ", ".join(_LISTS), required=True),
        ),
        reads=lambda use: {"": frozenset({use.parameters["field"]})},
        judge=_judge_code_list,
        faults=_list_faults,
    ),
    Kind(
        name="code_nesting",
        scope=Scope.TABLE,
        summary="The code of a place begins with the code of the place that it lies in.",
        parameters=(
            Parameter("id", "column", "what names a record", required=True),
            Parameter("parent", "column", "the id of the record above", required=True),
            Parameter("code", "column", "the code that nests", required=True),
        ),
        reads=lambda use: {
            "": frozenset(use.parameters[name] for name in ("id", "parent", "code"))
        },
        judge=_judge_code_nesting,
    ),
)
