"""What all groups share: the notes, exact numbers, the account of rows, and writing.

Numbers stay text from end to end: `plain_number` and `scaled` work on exact decimals and give
plain digits, so that no float ever touches a figure.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CURATED = Path(__file__).parent / "curated"

Row = dict[str, str]
"""One record as text: column to cell; an empty text is a missing cell."""

_DIGITS = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(?:\.[0-9]+)?")
_SOURCE_WORD = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")


@dataclass(frozen=True)
class AccountRow:
    """Where one row of the research notes went.

    `row` counts data records from 1. `outcome` is carried (one row became one record), merged
    (it shares a record with another row), split (it became several), or left_out, which needs a
    `reason`. `record_ids` joins the keys in `table` with `;`.
    """

    file: str
    row: int
    key: str
    outcome: str
    table: str = ""
    record_ids: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        if self.outcome not in {"carried", "merged", "split", "left_out"}:
            raise ValueError(f"{self.file} row {self.row}: no such outcome: {self.outcome}")
        if self.outcome == "left_out":
            if not self.reason or self.record_ids:
                raise ValueError(f"{self.file} row {self.row}: left out needs a reason alone")
        elif not self.table or not self.record_ids:
            raise ValueError(f"{self.file} row {self.row}: {self.outcome}, but where to?")


@dataclass(frozen=True)
class Carried:
    """What one group hands over: rows by table (any order), and its part of the account."""

    tables: dict[str, list[Row]] = field(default_factory=dict)
    account: list[AccountRow] = field(default_factory=list)


class Notes:
    """The research notes: a folder of CSV files, and the one name of each source in them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, list[Row]] = {}

    def rows(self, name: str) -> list[Row]:
        """Records of the file `name` (`reserves.csv`), cells stripped, in file order."""
        if name not in self._read:
            self._read[name] = read_csv(self.folder / name)
        return self._read[name]

    def source_id(self, old: str) -> str:
        """The `sources.source_id` of a source that the notes call `old`.

        Raises KeyError for an id that no list of sources in the notes has.
        """
        return self._source_ids[old]

    def with_source_ids(self, text: str) -> str:
        """`text` with every old source id in it replaced by the source's id of today.

        Ids of the region's lists (`R03`, `C25`) are replaced too, so call it only on notes
        that mean sources by such words (in `reserves.csv`, `R003` has three digits).
        """
        return _SOURCE_WORD.sub(
            lambda found: self._source_ids.get(found.group(), found.group()), text
        )

    @cached_property
    def _source_ids(self) -> dict[str, str]:
        curated = {row["old_id"]: row["source_id"] for row in read_curated("sources_ids")}
        collected = [
            row["source_id"]
            for name in ("reserves", "investors", "region")
            for row in self.rows(f"sources_{name}.csv")
        ]
        unknown = sorted(set(curated) - set(collected))
        if unknown:
            raise ValueError(f"sources_ids.csv names ids that the notes lack: {unknown}")
        return {old: curated.get(old, old) for old in collected}


def read_csv(path: Path) -> list[Row]:
    """Records of a CSV file as text, cells stripped. Raises ValueError on a ragged record."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = []
        for number, row in enumerate(csv.DictReader(stream, strict=True), start=1):
            if None in row or None in row.values():
                raise ValueError(f"{path.name}: data record {number} has another width")
            rows.append({name: cell.strip() for name, cell in row.items()})
    return rows


def read_curated(name: str) -> list[Row]:
    """Records of `curated/<name>.csv`. Raises ValueError where one gives no `reason`."""
    rows = read_csv(CURATED / f"{name}.csv")
    for number, row in enumerate(rows, start=1):
        if not row["reason"]:
            raise ValueError(f"curated/{name}.csv: data record {number} gives no reason")
    return rows


def write_csv(path: Path, fields: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write `rows` in the column order of `fields`: UTF-8, LF, quotes only where needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fields, lineterminator="\n", extrasaction="raise")
        writer.writeheader()
        writer.writerows(rows)


def slug(text: str) -> str:
    """A stable id from words: ASCII, lower case, single hyphens.

    >>> slug("Dera Bugti (town), 2017–2023")
    'dera-bugti-town-2017-2023'
    """
    plain = unicodedata.normalize("NFKD", text).replace("–", "-").replace("—", "-")
    ascii_only = plain.encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")


def plain_number(text: str) -> str:
    """`text` without group marks and needless zeros, as plain digits, exactly.

    Takes Western and South Asian grouping. Raises ValueError for anything else.

    >>> plain_number("12,335,129"), plain_number("0.30"), plain_number("1,23,45,678")
    ('12335129', '0.3', '12345678')
    """
    if not (_DIGITS.fullmatch(text) or _GROUPED.fullmatch(text)):
        raise ValueError(f"not a number: {text!r}")
    return _digits(Decimal(text.replace(",", "")))


def scaled(text: str, factor: str) -> str:
    """The number in `text` times `factor`, exactly: a shift of unit.

    `factor` is a decimal or a ratio (`1000`, `453.59237`, `1/10`). Raises ValueError where the
    product has no finite decimal form, because then the shift would have to round.

    >>> scaled("27", "453.59237"), scaled("0.504967", "100"), scaled("5.6", "1000000000")
    ('12246.99399', '50.4967', '5600000000')
    """
    product = Fraction(plain_number(text)) * Fraction(factor)
    rest = product.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        raise ValueError(f"{text} times {factor} has no finite decimal form")
    with localcontext() as context:
        context.prec = 60
        return _digits(Decimal(product.numerator) / Decimal(product.denominator))


def first_cells(row: Mapping[str, str], count: int = 4) -> str:
    """What names a row that has no id of its own: its first cells, joined by ` | `."""
    return " | ".join(list(row.values())[:count])


def _digits(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
