"""Bring a version, or some tables of it, into a folder of the user's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rekodiq_data.descriptor.package import package_of
from rekodiq_data.digest.content import place_of
from rekodiq_data.digest.sums import SIGNATURE_NAME, SUMS_NAME, UNLISTED, read_sums
from rekodiq_data.errors import NotReadable, WrongCall
from rekodiq_data.files.durable import PART_SUFFIX
from rekodiq_data.files.gate import list_files
from rekodiq_data.files.texts import DESCRIPTOR_CAP, parse_json
from rekodiq_data.progress import Progress, silent
from rekodiq_data.store.copying import write_version
from rekodiq_data.store.door import open_release
from rekodiq_data.store.source import Limits
from rekodiq_data.suggest import did_you_mean
from rekodiq_data.verify.contents import BUILD_NAME, DESCRIPTOR_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rekodiq_data.descriptor.model import Package
    from rekodiq_data.digest.sums import Sums
    from rekodiq_data.store.release import Release
    from rekodiq_data.store.trust import Signers

_DEFAULT_LIMITS = Limits()
_CSV = "csv"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A version that was brought.

    Attributes:
        version: its number.
        pin: its name with its digest, under which it can be fetched again and nothing else.
        folder: where it is now.
        files: how many files were asked for, SHA256SUMS and its signature not counted.
        size: their bytes.
        tables: names of the tables that were asked for; empty where all came.
        signer: who signed it; None where no signers were named.
        is_signed: whether it came with a signature, which proves nothing by itself.
        withdrawn: why nobody should use it any more; None where nobody has said so.
    """

    version: str
    pin: str
    folder: Path
    files: int
    size: int
    tables: tuple[str, ...]
    signer: str | None
    is_signed: bool
    withdrawn: str | None


def fetch(
    version: str | None = None,
    *,
    output: Path | str,
    store: Path | str | None = None,
    tables: Sequence[str] = (),
    signers: Signers | Path | str | None = None,
    allow_older: bool = False,
    cache: Path | str | None = None,
    progress: Progress = silent,
    limits: Limits = _DEFAULT_LIMITS,
) -> Fetched:
    """Bring a version into the folder `output`, every byte compared with what was released.

    Args:
        version: as for `open_release`.
        output: a folder that does not exist, is empty, or holds this same version, of which
            what is missing or damaged is then brought.
        store: as for `open_release`.
        tables: names of the tables to bring, each with its Parquet and CSV file, beside what
            describes them; all of the version where empty.
        signers: as for `open_store`.
        allow_older: as for `open_store`.
        cache: as for `open_store`.
        limits: as for `open_store`.
        progress: told the bytes that have come, and the total, which is known from the start.

    Raises:
        WrongCall: there is no such version or table, or `output` holds something else.
        NothingFound: there is no store.
        NotVerified: something is not what was released. Nothing of it is in `output`.
        Unreachable: the store does not answer. A later call goes on with what has come.
        OSError: the disk is full or can't be written.
    """
    output = Path(output)
    release = open_release(
        version,
        store=store,
        cache=cache,
        signers=signers,
        allow_older=allow_older,
        limits=limits,
    )
    sums = release.sums()
    _require_room(output, release, sums)
    paths = _paths(release, sums, tables)
    total = sum(release.size(path) for path in paths)
    done = 0

    def tell(size: int) -> None:
        nonlocal done
        done += size
        progress(done, total, "bytes")

    progress(0, total, "bytes")
    write_version(release, output, paths, tell)
    return Fetched(
        version=str(release.version),
        pin=release.pin,
        folder=output,
        files=len(paths),
        size=total,
        tables=tuple(tables),
        signer=release.signer,
        is_signed=(output / SIGNATURE_NAME).exists(),
        withdrawn=release.withdrawn,
    )


def package_in(release: Release, sums: Sums) -> Package:
    """The package that the descriptor of a version describes. Raises NotVerified."""
    text = parse_json(release.read(DESCRIPTOR_NAME, sums, DESCRIPTOR_CAP), DESCRIPTOR_NAME)
    return package_of(text, release.folder / DESCRIPTOR_NAME, release.folder)


def _paths(release: Release, sums: Sums, tables: Sequence[str]) -> list[str]:
    """The files to bring: all of them, or those of some tables."""
    if not tables:
        return sorted(sums)
    package = package_in(release, sums)
    names = [each.name for each in package.resources]
    wanted = {DESCRIPTOR_NAME, BUILD_NAME, f"{_CSV}/{DESCRIPTOR_NAME}"} | (
        {path for path in sums if "/" not in path}
    )
    for table in tables:
        if table not in names:
            raise WrongCall(
                f'there is no table "{table}".{did_you_mean(table, names)}',
                hint=f"tables are {', '.join(names)}",
            )
        _, path = place_of(package.resource(table))
        wanted |= {path, f"{_CSV}/{table}.csv"}
    return sorted(wanted & sums.keys())


def _require_room(output: Path, release: Release, sums: Sums) -> None:
    """Refuse a folder that holds anything but this version.

    Raises:
        WrongCall: see above.
    """
    if not output.exists():
        return
    if not output.is_dir():
        raise WrongCall(f'"{output}" is not a folder', hint="name a folder to be made")
    listing = list_files(output)
    held = {path for path in listing.files if not _is_unfinished(path)}
    if not held and not listing.odd:
        return
    try:
        is_same = read_sums(output) == release.sums_bytes()
    except NotReadable:
        is_same = False
    foreign = sorted((held - sums.keys() - UNLISTED) | {each.path for each in listing.odd})
    if not is_same or foreign:
        what = f'"{foreign[0]}"' if foreign else f"another {SUMS_NAME}"
        raise WrongCall(
            f'"{output}" holds something else than version {release.version}: {what}',
            hint="name a folder that does not exist yet",
        )


def _is_unfinished(path: str) -> bool:
    """Whether a file is what a run that was stopped left of one."""
    name = path.rpartition("/")[2]
    return name.startswith(".") and name.endswith(PART_SUFFIX)
