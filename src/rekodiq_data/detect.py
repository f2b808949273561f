"""Guessing the delimiter and the encoding of delimited text, only when the user asks for it.

Only what the descriptor leaves open is guessed. What was found other than the specification's
default is said as a warning, with the words to put into the descriptor.
"""

from __future__ import annotations

import codecs
import csv
from dataclasses import replace
from typing import TYPE_CHECKING

from rekodiq_data.formats.base import BrokenTable
from rekodiq_data.formats.opening import open_content
from rekodiq_data.report import Issue, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rekodiq_data.descriptor.model import Package, Resource

_SAMPLE = 256 * 1024
_LINES = 100
_DELIMITERS = (",", ";", "\t", "|")
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def detected(package: Package) -> Package:
    """The package with guesses for what its resources leave open, each said in its faults."""
    resources = []
    notes: list[Issue] = []
    for resource in package.resources:
        found, words = _detected(package, resource)
        resources.append(found)
        notes.extend(
            Issue(
                type="dialect-error",
                code="detect",
                message=f'resource "{resource.name}": {each}',
                note=each,
                severity=Severity.WARNING,
                resource=resource.name,
                path=str(package.base / resource.paths[0]),
            )
            for each in words
        )
    return replace(package, resources=tuple(resources), faults=(*package.faults, *notes))


def _detected(package: Package, resource: Resource) -> tuple[Resource, list[str]]:
    if resource.format not in ("csv", "tsv") or not resource.paths or not resource.is_sound:
        return resource, []
    try:
        with open_content(package, resource, resource.paths[0]) as stream:
            sample = stream.read(_SAMPLE)
    except BrokenTable:
        return resource, []  # the judge says so
    words: list[str] = []
    if "encoding" not in resource.raw:
        encoding = encoding_of(sample)
        if encoding != resource.encoding:
            words.append(f'the text looks like {encoding}; state it: "encoding": "{encoding}"')
            resource = replace(resource, encoding=encoding)
    if "delimiter" not in {**resource.dialect.raw, **resource.dialect.raw.get("csv", {})}:
        text = sample.decode(resource.encoding, "replace")
        delimiter = delimiter_of(text, resource.dialect.quote_char)
        if delimiter not in (None, resource.dialect.delimiter):
            shown = "\\t" if delimiter == "\t" else delimiter
            words.append(
                f'cells look separated by "{shown}"; state it: "dialect": '
                f'{{"delimiter": "{shown}"}}'
            )
            dialect = replace(resource.dialect, delimiter=str(delimiter))
            resource = replace(resource, dialect=dialect)
    return resource, words


def encoding_of(sample: bytes) -> str:
    r"""The likely encoding of a start: by its mark, UTF-8 where it is, else Windows-1252.

    >>> encoding_of("é".encode()), encoding_of(b"caf\xe9\n")
    ('utf-8', 'windows-1252')
    """
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    try:
        # A character may be cut at the end of the sample.
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def delimiter_of(text: str, quote: str | None = '"') -> str | None:
    r"""The delimiter that cuts all lines into equally many cells, the most if several do.

    >>> delimiter_of("a;b\n1,5;2\n"), delimiter_of("a\n1\n")
    (';', None)
    """
    lines = text.splitlines()[: _LINES + 1]
    # The last line may be cut at the end of the sample.
    lines = [line for line in (lines[:-1] if len(lines) > 2 else lines) if line]
    best: tuple[int, str] | None = None
    for delimiter in _DELIMITERS:
        try:
            widths = set(map(len, _rows(lines, delimiter, quote)))
        except csv.Error:
            continue
        if len(widths) == 1 and (width := widths.pop()) > 1 and (not best or width > best[0]):
            best = width, delimiter
    return best[1] if best else None


def _rows(lines: list[str], delimiter: str, quote: str | None) -> Iterable[list[str]]:
    if quote is None:
        return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    return csv.reader(lines, delimiter=delimiter, quotechar=quote)
