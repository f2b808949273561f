"""Marking a published version as one that nobody should use any more. Nothing is deleted."""

from __future__ import annotations

from pathlib import Path

from rekodiq_data.errors import NothingFound, WrongCall
from rekodiq_data.files import durable
from rekodiq_data.release.publish import write_catalog
from rekodiq_data.release.recovery import recover
from rekodiq_data.suggest import did_you_mean
from rekodiq_data.versions import Version

_LONGEST = 1000


def withdraw(version: str, store: Path | str, reason: str) -> str:
    """Mark a version in the catalog of a store as withdrawn; its files stay as they are.

    Args:
        version: its number.
        store: the folder of versions.
        reason: one line that people will read; it replaces an earlier one.

    Returns:
        The number of the version that people get who name none, which stays the same.

    Raises:
        WrongCall: there is no such version, or no reason.
        NothingFound: there is no store.
        ReleaseRefused: the store is damaged.
        OSError: the catalog can't be written.
    """
    store, reason = Path(store), reason.strip()
    if not reason.isprintable() or not 0 < len(reason) <= _LONGEST:
        raise WrongCall(
            f"a reason is one line of at most {_LONGEST:,} characters",
            hint="say what is wrong with the version, and which one to use instead",
        )
    if not store.is_dir():
        raise NothingFound(store, f'there is no store at "{store}"', hint="check the path")
    with durable.lock(store):
        catalog = recover(store)
        numbers = [str(each.version) for each in catalog.entries]
        if version not in numbers:
            raise WrongCall(
                f"there is no version {version}.{did_you_mean(version, numbers)}",
                hint=f"versions are {', '.join(numbers) or 'none yet'}",
            )
        catalog = catalog.with_withdrawn(Version.parse(version), reason)
        write_catalog(store, catalog)
    return str(catalog.to_dict()["newest"])
