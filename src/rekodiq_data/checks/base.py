"""What a named check is: a pure function from typed columns to one verdict per record.

A *kind* of check (`product`, `parts`, ...) is declared once as a `Kind`. A schema's
`rekodiq:checks` holds uses of kinds with parameters (`descriptor.NamedCheck`). The judge hands
a use a `Scene` and counts its verdicts; only for failures that are kept does it ask for words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

from rekodiq_data.report import Severity

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from rekodiq_data.descriptor.model import NamedCheck

    Verdicts = NDArray[np.int8]
    Mask = NDArray[np.bool_]


class Verdict(IntEnum):
    """What a check says of one record. Never null."""

    NOT_APPLICABLE = 0
    HELD = 1
    FAILED = 2
    UNDECIDED = 3


class Scope(StrEnum):
    """How much a check must see: one record, all records of a table, or several tables."""

    ROW = "row"
    TABLE = "table"
    PACKAGE = "package"


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of one table (or of one chunk of it), all of `count` records.

    `values` holds the typed Arrow array of each column (null where missing or unreadable),
    `text` the cell as written (null where missing). Both have the columns that the check's
    `reads` asked for, and no others. `row_numbers` are the numbers of the records in their
    file; None where blank rows can't have moved them.
    """

    table: str
    count: int
    values: Mapping[str, pa.Array]
    text: Mapping[str, pa.Array]
    row_numbers: NDArray[np.int64] | None = None

    def row(self, record: int) -> int:
        """Number of a record (counted from 0) in its file, for words: the header is row 1."""
        return record + 2 if self.row_numbers is None else int(self.row_numbers[record])


@dataclass(frozen=True, slots=True)
class Scene:
    """What one use of a check sees.

    `own` are the columns of the table that the check stands in; `selected` marks the records
    inside its `where` (others do not exist for it, and end as not applicable). `looked_up` is
    the text found through the check's `lookup`, null where nothing was found. `others` holds
    the tables that a package check asked for, by name (its own too). `failures` maps a table
    to the records whose failed verdict a reading mark explains (for `marked_readings` alone).
    """

    own: Columns
    selected: Mask
    looked_up: pa.Array | None = None
    others: Mapping[str, Columns] = field(default_factory=dict)
    failures: Mapping[str, Mask] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict per record, and the words for each.

    `explain(i)` says in one sentence what was compared for record i, with the figures, as in
    "300 Mt x 0.43 % gives 1,275 to 1,305 kt; the table says 1,350 kt, 45 kt too high".
    `about(i)` names the column of the cell that record i's verdict is about.
    """

    verdicts: Verdicts
    explain: Callable[[int], str]
    about: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a kind: its name, what it takes, and whether it must be there.

    `takes` is one of: `column`, `columns`, `text`, `texts`, `number`, `integer`, `flag`,
    `table`, `map` (an object whose shape the kind's `faults` looks at), `list` (of objects).
    A `column` or `columns` parameter names columns of the check's own table.
    """

    name: str
    takes: str
    meaning: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of named check.

    Attributes:
        name: as written under `check:`.
        scope: how much it must see.
        severity: what a failure is, unless the use says otherwise.
        summary: one plain sentence for the documentation.
        parameters: all that it takes beside `check`, `name`, `where`, `severity`,
            `may_be_undecided`, `description`.
        reads: the columns it needs, by table, "" for its own. Called with sound parameters.
        judge: the pure function.
        faults: what is wrong with the parameters beyond their declared shape, in words.
        takes_lookup: whether `lookup` has a meaning here.
    """

    name: str
    scope: Scope
    summary: str
    parameters: tuple[Parameter, ...]
    reads: Callable[[NamedCheck], Mapping[str, frozenset[str]]]
    judge: Callable[[Scene, NamedCheck], Outcome]
    severity: Severity = Severity.ERROR
    faults: Callable[[Mapping[str, Any]], list[str]] = lambda _parameters: []
    takes_lookup: bool = False
