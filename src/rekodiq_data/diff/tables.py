"""A table of a package as a stream of typed records, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from rekodiq_data import lexical
from rekodiq_data.descriptor import open_package
from rekodiq_data.descriptor.model import Kind
from rekodiq_data.errors import NotReadable, WrongCall
from rekodiq_data.formats.base import BrokenTable
from rekodiq_data.parquet import adopt
from rekodiq_data.readers import open_reader
from rekodiq_data.report import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from rekodiq_data.descriptor.model import Package, Resource, Schema
    from rekodiq_data.formats.base import Chunk

_HINT = "run rekodiq-data validate on it"


@dataclass(frozen=True, slots=True)
class Table:
    """One table of one package, with a schema whose fields have names of their own."""

    package: Package
    resource: Resource
    schema: Schema
    tell: Callable[[int], None] = lambda _: None

    @property
    def name(self) -> str:
        """Its name in its package."""
        return self.resource.name

    @property
    def is_typed(self) -> bool:
        """Whether its file holds typed values, so that lexical properties mean nothing."""
        return self.resource.format == "parquet"

    def records(self, names: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """All records (or these columns of them), in file order, typed as the schema says.

        Raises:
            NotReadable: the file is missing, damaged, or holds what is no value of its field.
        """
        empty = self.empty(names)
        places = [self.schema.position(name) for name in empty.column_names]
        try:
            reader = open_reader(self.package, self.resource)
            columns = self._columns(reader.labels)
            for chunk in reader.chunks():
                if chunk.faults:
                    raise self.refusal(
                        f"row {chunk.faults[0].row_number} has not one cell for each column"
                    )
                arrays = [
                    self._typed(chunk, columns[at], at, typed=reader.typed) for at in places
                ]
                self.tell(chunk.count)
                yield pa.table(arrays, schema=empty.schema)
        except BrokenTable as error:
            raise self.refusal(error.note) from error

    def whole(self, names: Sequence[str] | None = None) -> pa.Table:
        """All records in one table. Raises as `records` does."""
        return pa.concat_tables([self.empty(names), *self.records(names)]).combine_chunks()

    def empty(self, names: Sequence[str] | None = None) -> pa.Table:
        """No records (or these columns of none), typed as the schema says."""
        wanted = self.schema.names if names is None else names
        kinds = [(name, lexical.arrow_type(self.schema.field(name))) for name in wanted]
        return pa.schema(kinds).empty_table()

    def refusal(self, message: str, hint: str = _HINT) -> NotReadable:
        """The exception that says why this table can't be compared."""
        return NotReadable(
            self.resource.paths[0] if self.resource.paths else self.name,
            f'the table "{self.name}" of {_shown(self.package)} can\'t be compared: {message}',
            hint=hint,
        )

    def _columns(self, labels: tuple[str, ...]) -> tuple[int, ...]:
        """For each field, where its column stands in the file."""
        names = self.schema.names
        if not self.resource.dialect.header and len(labels) == len(names):
            return tuple(range(len(names)))
        if sorted(labels) != sorted(names):
            raise self.refusal(
                f"its schema has the fields {', '.join(names)}, and its file has the columns "
                f"{', '.join(labels)}"
            )
        return tuple(labels.index(name) for name in names)

    def _typed(self, chunk: Chunk, column: int, at: int, *, typed: bool) -> pa.Array:
        field = self.schema.fields[at]
        cells = chunk.array(column)
        if typed:
            parsed = adopt(cells, field)
        elif pa.types.is_struct(cells.type):  # a format whose cells have kinds of their own
            missing = self.schema.missing_values_of(field)
            _texts, parsed = lexical.adopt_native(cells, field, missing)
        else:
            texts = lexical.parse_missing(cells, self.schema.missing_values_of(field))
            parsed = lexical.parse(texts, field)
        if parsed.bad.any() or parsed.wide:
            at_row = min([*parsed.bad.nonzero()[0].tolist(), *parsed.wide])
            what = f"is no {field.type}" if parsed.bad.any() else "does not fit a column"
            raise self.refusal(
                f'row {int(chunk.row_numbers[at_row])} of "{field.name}" holds '
                f'"{cells[at_row].as_py()}", which {what}'
            )
        return parsed.values


def open_tables(
    folder: Path, tell: Callable[[int], None] = lambda _: None
) -> tuple[Package, dict[str, Table]]:
    """The package in `folder` and its tables by name.

    Raises:
        NothingFound: there is no package.
        WrongCall: it is a project, which has to be built first.
        NotReadable: its descriptor has a fault, or a table has no schema to compare it by.
    """
    package = open_package(folder)
    if package.kind is Kind.PROJECT:
        raise WrongCall(
            f'"{folder}" is a project, and only built packages are compared',
            hint="run rekodiq-data build first, or use the command rekodiq-data diff",
        )
    for fault in package.faults:
        if fault.severity is Severity.ERROR:
            name = package.descriptor.name
            raise NotReadable(
                package.descriptor, f'"{name}" has a fault: {fault.message}', hint=_HINT
            )
    tables = {}
    for resource in package.resources:
        if resource.schema is None:
            message = f'the table "{resource.name}" of {_shown(package)} has no schema'
            raise NotReadable(resource.name, message, hint="give it one, with its fields")
        table = Table(package, resource, resource.schema, tell)
        names = resource.schema.names
        if len(set(names)) != len(names):
            raise table.refusal("two of its fields have one name")
        tables[resource.name] = table
    return package, tables


def texts_of(values: pa.Array | pa.ChunkedArray, table: Table, name: str) -> pa.Array:
    """Canonical texts of a column of `table`."""
    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return lexical.canonical(whole, table.schema.field(name))


def _shown(package: Package) -> str:
    return f"{package.name} {package.version}" if package.version else f'"{package.base}"'
