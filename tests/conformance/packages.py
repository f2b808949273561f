"""From the few lines of a case to a whole package on the disk."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sqlite3
import zipfile
from datetime import UTC, datetime

V2 = "https://datapackage.org/profiles/2.0/datapackage.json"


def write_package(folder, case, kind):
    """Write one twin of a case; give the descriptor and the errors that it must have."""
    twin = case.get(kind, {})
    if not isinstance(twin, dict):
        twin = {"cells": twin}
    if kind == "bad":
        twin = {**{key: case[key] for key in ("errors", "text", "data") if key in case}, **twin}
    elif "good_data" in case:
        twin = {"data": case["good_data"], **twin}
    merged = {
        key: _merged(case.get(key), twin.get(key))
        for key in ("schema", "dialect", "resource", "files", "package", "more")
    }
    field = (
        case.get("bad_field") if kind == "bad" and "bad_field" in case else case.get("field")
    )
    schema = merged["schema"]
    if field is not None:
        schema = {"fields": [{"name": "x", **field}], **(schema or {})}
        schema["fields"] = [
            {"name": "x", **field} if each["name"] == "x" else each for each in schema["fields"]
        ]
    resource = {"name": "t", "path": "t.csv"}
    if schema is not None:
        resource["schema"] = schema
    if merged["dialect"] is not None:
        resource["dialect"] = merged["dialect"]
    resource |= merged["resource"] or {}
    errors = list(twin.get("errors", []))
    if "data" in twin:
        if "path" not in (merged["resource"] or {}):
            del resource["path"]
        resource["data"] = twin["data"]
    elif "cells" in twin:
        _write(folder, "t.csv", _column(twin["cells"]))
        if kind == "bad":
            name = case.get("error", "type-error")
            errors = [f"{name} {row} 1" for row in range(2, 2 + len(twin["cells"]))]
    elif "text" in twin:
        _write(folder, "t.csv", twin["text"])
    for name, content in (merged["files"] or {}).items():
        _write(folder, name, content)
    resource = {key: value for key, value in resource.items() if value is not None}
    package = {"name": "p", "resources": [resource, *(merged["more"] or [])]}
    if twin.get("version", case.get("version", 2)) == 2:
        package["$schema"] = V2
    package |= merged["package"] or {}
    package = {key: value for key, value in package.items() if value is not None}
    descriptor = twin.get("descriptor", case.get("descriptor", "datapackage.json"))
    text = twin.get("descriptor_text")
    if text is None:
        text = json.dumps(package, ensure_ascii=False, indent=1)
    _write(folder, descriptor, text)
    return folder / descriptor, errors


def _merged(base, own):
    if isinstance(base, dict) and isinstance(own, dict):
        return {**base, **own}
    return base if own is None else own


def _column(cells):
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(
        [["x"], *([cell] for cell in cells)]
    )
    return out.getvalue()


def _write(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, dict):
        content = _binary(content)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def _binary(content):
    """A file that is no UTF-8 text, as a case says it."""
    [(kind, value)] = content.items()
    if kind == "hex":
        return bytes.fromhex(value)
    if kind == "gz":
        return gzip.compress(value.encode(), mtime=0)
    if kind == "zip":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in value.items():
                archive.writestr(name, text)
        return out.getvalue()
    if kind == "xlsx":
        return _workbook(value)
    if kind == "sqlite":
        connection = sqlite3.connect(":memory:")
        connection.executescript(value)
        return bytes(connection.serialize())
    if kind == "parquet":
        return _parquet(value)
    encoding = kind
    return value.encode(encoding)


def _workbook(sheets):
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([_moment(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _moment(cell):
    if isinstance(cell, str) and cell.startswith("@"):
        return datetime.fromisoformat(cell[1:])
    return cell


def _parquet(columns):
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.table({name: _array(cells) for name, cells in columns.items()}), out)
    return out.getvalue()


def _array(cells):
    """A column; moments stand in UTC, and are given to Arrow without their zone."""
    import pyarrow as pa

    moments = [_moment(cell) for cell in cells]
    if not any(isinstance(each, datetime) for each in moments):
        return pa.array(cells)
    plain = [each and each.astimezone(UTC).replace(tzinfo=None) for each in moments]
    return pa.array(plain, pa.timestamp("us")).cast(pa.timestamp("us", "UTC"))
