"""Parquet: written so that equal tables give equal bytes, and read with the types that it has.

Files describe themselves: each field carries its title, description and unit, and the footer
holds the whole Table Schema and the package's name, version, licences and sources.
"""

from rekodiq_data.parquet.columns import adopt, is_plain, shown, without_types
from rekodiq_data.parquet.reader import DAMAGE, ParquetReader, row_groups
from rekodiq_data.parquet.writer import (
    PACKAGE_KEY,
    ROW_GROUP_ROWS,
    SCHEMA_KEY,
    ParquetWriter,
    file_schema,
)

__all__ = [
    "DAMAGE",
    "PACKAGE_KEY",
    "ROW_GROUP_ROWS",
    "SCHEMA_KEY",
    "ParquetReader",
    "ParquetWriter",
    "adopt",
    "file_schema",
    "is_plain",
    "row_groups",
    "shown",
    "without_types",
]
