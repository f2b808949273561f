"""Changes that need to know a little of tables: one cell, another format of the same rows."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import sqlite3
import zipfile

from tests.fuzz.folders import DESCRIPTOR, Folder, descriptor_of, with_descriptor

FORMATS = ["json", "json-arrays", "ndjson", "xlsx", "parquet", "sqlite", "gz", "zip", "inline"]


def any_file(rng: random.Random, folder: Folder) -> str | None:
    """A file of the package beside its descriptor."""
    names = sorted(name for name in folder if name != DESCRIPTOR)
    return rng.choice(names) if names else None


def with_property(folder: Folder, path: str, key: str, value: object) -> Folder:
    """The package where each resource at `path` has this property."""
    descriptor = descriptor_of(folder)
    if descriptor is None or not isinstance(descriptor.get("resources"), list):
        return folder
    for resource in descriptor["resources"]:
        if isinstance(resource, dict) and resource.get("path") in (path, [path]):
            resource[key] = value
    return with_descriptor(folder, descriptor)


def _rows(content: bytes) -> list[list[str]]:
    stream = io.StringIO(content.decode("utf-8", "replace").replace("\0", ""), newline="")
    try:
        return list(csv.reader(stream))
    except csv.Error:
        return []


def with_cell(rng: random.Random, folder: Folder, text: str) -> Folder:
    """One cell of a CSV file replaced."""
    names = sorted(name for name in folder if name.endswith(".csv"))
    if not names:
        return folder
    name = rng.choice(names)
    rows = _rows(folder[name])
    if not any(rows):
        return folder
    row = rng.choice([each for each in rows if each])
    row[rng.randrange(len(row))] = text
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return {**folder, name: out.getvalue().encode("utf-8", "surrogatepass")}


def converted(rng: random.Random, folder: Folder, form: str) -> Folder:
    """The rows of a CSV file in another format, the descriptor with them."""
    names = sorted(name for name in folder if name.endswith(".csv"))
    if not names:
        return folder
    name = rng.choice(names)
    if form in ("gz", "zip"):
        return _packed(folder, name, form)
    rows = _rows(folder[name])
    if len(rows) < 2 or not rows[0]:
        return folder
    table = [[_typed(rng, cell) for cell in row] for row in rows[1:]]
    records = [dict(zip(rows[0], row, strict=False)) for row in table]
    if form == "inline":
        folder = with_property(folder, name, "data", rng.choice([[rows[0], *table], records]))
        return with_property(folder, name, "path", None) if rng.random() < 0.5 else folder
    new = {"json-arrays": "t.json"}.get(form, f"t.{form}")
    try:
        content = _CONTENT[form](rows[0], table, records)
    except (ValueError, OverflowError, sqlite3.Error, TypeError, NotImplementedError):
        return folder
    folder = {**{key: value for key, value in folder.items() if key != name}, new: content}
    if form == "sqlite":
        folder = with_property(folder, name, "dialect", {"table": "t"})
    folder = with_property(folder, name, "format", form.partition("-")[0])
    return with_property(folder, name, "path", new)


def _typed(rng: random.Random, cell: str) -> object:
    """The cell as JSON would say it, or as it stands."""
    if rng.random() < 0.3:
        return cell
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return cell or None


def _packed(folder: Folder, name: str, form: str) -> Folder:
    if form == "gz":
        packed = gzip.compress(folder[name], mtime=0)
    else:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, folder[name])
        packed = out.getvalue()
    folder = {key: value for key, value in folder.items() if key != name}
    return with_property({**folder, f"{name}.{form}": packed}, name, "path", f"{name}.{form}")


def _workbook(labels: list[str], table: list[list], records: list[dict]) -> bytes:
    import openpyxl
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    def cell(value):
        text = json.dumps(value) if isinstance(value, dict | list) else value
        # A workbook can't hold them, and its writer says so by an exception.
        return ILLEGAL_CHARACTERS_RE.sub("", text) if isinstance(text, str) else text

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([cell(each) for each in labels])
    for row in table:
        sheet.append([cell(each) for each in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _parquet(labels: list[str], table: list[list], records: list[dict]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = []
    for at in range(len(labels)):
        column = [row[at] if at < len(row) else None for row in table]
        try:
            columns.append(pa.array(column))
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
            columns.append(pa.array([None if x is None else str(x) for x in column]))
    out = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(columns, names=labels), out)
    return out.getvalue()


def _database(labels: list[str], table: list[list], records: list[dict]) -> bytes:
    connection = sqlite3.connect(":memory:")
    names = ", ".join('"' + label.replace('"', '""') + '"' for label in labels)
    connection.execute(f"create table t ({names})")
    marks = ", ".join("?" * len(labels))
    for row in table:
        cells = [json.dumps(x) if isinstance(x, dict | list) else x for x in row]
        cells = (cells + [None] * len(labels))[: len(labels)]
        connection.execute(f"insert into t values ({marks})", cells)
    connection.commit()
    return bytes(connection.serialize())


def _lines(labels: list[str], table: list[list], records: list[dict]) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


_CONTENT = {
    "json": lambda labels, table, records: json.dumps(records).encode(),
    "json-arrays": lambda labels, table, records: json.dumps([labels, *table]).encode(),
    "ndjson": _lines,
    "xlsx": _workbook,
    "parquet": _parquet,
    "sqlite": _database,
}
