"""Small packages to compare, written as CSV or as typed Parquet."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow as pa

from rekodiq_data.descriptor import open_package
from rekodiq_data.diff.tables import open_tables
from rekodiq_data.parquet import ParquetWriter, file_schema


def field(name, type_="string", **more):
    return {"name": name, "type": type_, **more}


def schema(*fields, key=("id",), **more):
    return {
        "fields": [each if isinstance(each, dict) else field(each) for each in fields],
        **({"primaryKey": list(key)} if key else {}),
        **more,
    }


def table(*fields, rows=(), key=("id",), about=None, **more):
    """A table: its schema, its rows as tuples of texts (None is missing), its properties."""
    return schema(*fields, key=key, **more), [tuple(row) for row in rows], about or {}


def write(folder: Path, tables, form="csv", **metadata) -> Path:
    """A package of these tables by name; `metadata` is what it says of itself."""
    folder.mkdir(parents=True, exist_ok=True)
    resources = []
    for at, (name, (rules, rows, about)) in enumerate(tables.items()):
        path = folder / (f"{name}.csv" if name.isalnum() else f"table{at}.csv")
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow([each["name"] for each in rules["fields"]])
            writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
        resources.append({"name": name, "path": path.name, **about, "schema": rules})
    profile = "https://datapackage.org/profiles/2.0/datapackage.json"
    stated = {"$schema": profile, "name": "p", "version": "1.0.0", **metadata}
    descriptor = {**stated, "resources": resources}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    if form == "parquet":
        as_parquet(folder, descriptor)
    return folder


def as_parquet(folder: Path, descriptor) -> None:
    """Replace the CSV files of a package by Parquet files of the same values."""
    _, tables = open_tables(folder)
    for resource in descriptor["resources"]:
        name = resource["name"]
        rules = open_package(folder).resource(name).schema
        with (folder / f"{name}.parquet").open("wb") as stream:
            writer = ParquetWriter(stream, file_schema(rules, rules.raw, {}))
            writer.write(tables[name].whole())
            writer.close()
    for resource in descriptor["resources"]:
        resource["path"] = f"{resource['name']}.parquet"
        resource["format"] = "parquet"
        (folder / f"{resource['name']}.csv").unlink()
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")


def write_arrow(folder: Path, rules, columns: pa.Table, **metadata) -> Path:
    """A package of one Parquet table `t` with any Arrow columns."""
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(columns, folder / "t.parquet")
    resource = {"name": "t", "path": "t.parquet", "format": "parquet", "schema": rules}
    descriptor = {"name": "p", **metadata, "resources": [resource]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder
