"""Stores of versions: in a folder, over https, or in an S3 bucket.

A name (a number, an address, a number with a digest) becomes bytes that are those that were
released. This is the one room that opens the network, and only for an address that the user
typed; never for anything that a descriptor, a catalog or a server names.
"""

from __future__ import annotations

from rekodiq_data.store.address import is_remote
from rekodiq_data.store.door import (
    Store,
    default_store,
    open_release,
    open_store,
    project_store,
)
from rekodiq_data.store.fetching import Fetched, fetch, package_in
from rekodiq_data.store.release import Release
from rekodiq_data.store.source import Limits
from rekodiq_data.store.trust import Signers

__all__ = [
    "Fetched",
    "Limits",
    "Release",
    "Signers",
    "Store",
    "default_store",
    "fetch",
    "is_remote",
    "open_release",
    "open_store",
    "package_in",
    "project_store",
]
