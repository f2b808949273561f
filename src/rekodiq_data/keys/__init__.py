"""Primary, unique and foreign keys over streams of records, exact on logical values.

`RowHashes` finds candidates for a repeated key in bounded memory; `duplicates` and `orphans`
decide, on the values themselves; `Spool` keeps the cells of key columns, on disk past a budget;
`in_key_order` sorts records by runs on the disk.
"""

from rekodiq_data.keys.columns import (
    Duplicates,
    distinct_of,
    duplicates,
    orphans,
    shared_codes,
)
from rekodiq_data.keys.hashes import RowHashes, hash_rows
from rekodiq_data.keys.sorting import in_key_order
from rekodiq_data.keys.spool import Spool

__all__ = [
    "Duplicates",
    "RowHashes",
    "Spool",
    "distinct_of",
    "duplicates",
    "hash_rows",
    "in_key_order",
    "orphans",
    "shared_codes",
]
