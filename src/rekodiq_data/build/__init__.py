"""Turn valid tables into a Frictionless data package, judged and written in one pass.

Everything is written into a staging folder beside the target, which is thrown away when the
data is invalid and moved into place when it is whole.
"""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rekodiq_data.about import __version__, library_versions
from rekodiq_data.build.descriptors import (
    csv_resource,
    parquet_descriptor,
    parquet_resource,
    published_metadata,
)
from rekodiq_data.build.sinks import TableSink
from rekodiq_data.descriptor import open_package
from rekodiq_data.descriptor.model import Kind
from rekodiq_data.digest.sums import write_sums
from rekodiq_data.errors import InvalidData, NotReadable, WrongCall
from rekodiq_data.files import durable
from rekodiq_data.files.gate import open_inside
from rekodiq_data.judge import DEFAULT_LIMIT, judge
from rekodiq_data.judge.files import is_tabular
from rekodiq_data.limits import DEFAULT_LIMITS, ReadLimits
from rekodiq_data.progress import Progress, Stopwatch, silent
from rekodiq_data.provenance import source_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rekodiq_data.descriptor.model import Package, Resource

_BLOCK = 1024 * 1024
STAGING_PREFIX = ".rekodiq-build-"
_PROJECT_SOURCES = ("datapackage/package.yaml", "datapackage/raw", "schemas")


def build(
    path: Path | str,
    out: Path | str,
    *,
    csv: bool = True,
    jobs: int = 1,
    limit: int = DEFAULT_LIMIT,
    version: str | None = None,
    second_judge: bool = False,
    progress: Progress = silent,
    watch: Stopwatch | None = None,
    limits: ReadLimits = DEFAULT_LIMITS,
) -> Package:
    """Judge the package at `path` and write it to `out`.

    Args:
        path: a project, a package's folder or descriptor.
        out: the folder to make. An earlier build there is replaced; any other folder that is
            not empty is refused.
        csv: whether to write the canonical CSV package too, under `out/csv`.
        jobs: how many threads are at work. What is written does not depend on it.
        limit: how many findings are kept per table, rule and field, if the data is invalid.
        version: the data version to publish in place of the stated one.
        second_judge: whether Frictionless has to call both packages valid, too.
        progress: told the rows written so far.
        watch: told where the time goes.
        limits: how much the package may ask of the machine; what asks more is refused.

    Returns:
        The built package, opened from `out`.

    Raises:
        InvalidData: the data, or a descriptor, breaks its rules; nothing was written.
        WrongCall: `out` can't be replaced, or a table can't be built.
    """
    package, out = open_package(path, limits), Path(out)
    _require_replaceable(out)
    durable.make_folder(out.parent)
    staging = out.parent / f"{STAGING_PREFIX}{out.name}"
    durable.remove_tree(staging)
    try:
        _build_into(
            staging,
            package,
            csv=csv,
            jobs=jobs,
            limit=limit,
            version=version,
            progress=progress,
            watch=watch,
        )
        if second_judge:
            from rekodiq_data.maintain.second_judge import require_agreement

            require_agreement(staging)
        if out.exists():
            durable.remove_tree(out)
        durable.rename_folder(staging, out)
    finally:
        durable.remove_tree(staging)
    return open_package(out, limits)


def _build_into(
    staging: Path,
    package: Package,
    *,
    csv: bool,
    jobs: int,
    limit: int,
    version: str | None,
    progress: Progress,
    watch: Stopwatch | None,
) -> None:
    metadata = published_metadata(package, version)
    data, csv_folder = staging / "data", staging / "csv"
    durable.make_folder(data)
    if csv:
        durable.make_folder(csv_folder)
    sinks: dict[str, TableSink] = {}

    def sink_of(resource: Resource) -> TableSink | None:
        if resource.schema is None or not resource.is_sound:
            return None
        sinks[resource.name] = TableSink(
            resource.schema,
            metadata,
            data / f"{resource.name}.parquet",
            csv_folder / f"{resource.name}.csv" if csv else None,
            aside=jobs > 1,
            watch=watch,
        )
        return sinks[resource.name]

    _require_buildable(package)
    # The files are read a second time for their digests, but while they are being judged.
    with ThreadPoolExecutor(1) as aside:
        raw = aside.submit(_raw_digests, package)
        try:
            report = judge(
                package,
                limit=limit,
                jobs=jobs,
                # To write lines takes as long as to judge: then the encoder often waits.
                encoders=0 if csv else 1,
                sinks=sink_of,
                progress=progress,
                watch=watch,
            )
        except BaseException:
            for sink in sinks.values():
                sink.abandon()
            raise
        if not report.valid:
            for sink in sinks.values():
                sink.abandon()
            raise InvalidData(report)
        for sink in sinks.values():
            sink.close()
        made = {
            **_commit_of(package),
            "code": __version__,
            "libraries": library_versions(),
            "raw": raw.result(),
        }
    _write_descriptors(staging, package, metadata, sinks, csv=csv)
    _write_json(staging / "build.json", made)
    known = {f"data/{name}.parquet": sink.parquet_sha256 for name, sink in sinks.items()}
    if csv:
        known |= {
            f"csv/{name}.csv": sink.csv_sha256_and_size[0] for name, sink in sinks.items()
        }
    write_sums(staging, known=known)


def _raw_digests(package: Package) -> dict[str, str]:
    """SHA-256 of every file that a table of the package is read from, if it is there."""
    digests = {}
    for resource in package.resources:
        for path in resource.paths:
            with suppress(NotReadable):  # the judge says what is wrong with it
                digests[path] = _digest(package.base, path)
    return digests


def _write_descriptors(
    staging: Path,
    package: Package,
    metadata: Mapping[str, Any],
    sinks: Mapping[str, TableSink],
    *,
    csv: bool,
) -> None:
    tables = [(each, each.schema) for each in package.resources if each.schema is not None]
    resources = [
        parquet_resource(each, schema, sinks[each.name].parquet_sha256)
        for each, schema in tables
    ]
    _write_json(staging / "datapackage.json", parquet_descriptor(metadata, resources))
    if csv:
        resources = [
            csv_resource(each, schema, *sinks[each.name].csv_sha256_and_size)
            for each, schema in tables
        ]
        descriptor = parquet_descriptor(metadata, resources)
        _write_json(staging / "csv" / "datapackage.json", descriptor)


def _commit_of(package: Package) -> Mapping[str, Any]:
    """The commit that the package's sources stand at, and whether they differ from it.

    In a project only what a build reads counts: a version released into the same repository
    does not make the next build a changed one.
    """
    if package.kind is Kind.PROJECT:
        return source_of(package.base.parent, _PROJECT_SOURCES)
    return source_of(package.base)


def _require_replaceable(out: Path) -> None:
    """Refuse to overwrite what is not a build of ours."""
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise WrongCall(
            f"{out} is not a folder", hint="name a folder that may be made or replaced"
        )
    if out.is_dir() and any(out.iterdir()) and not (out / "SHA256SUMS").is_file():
        raise WrongCall(
            f"{out} holds other files, and is not replaced",
            hint="name a new folder, or one that an earlier build made",
        )


def _require_buildable(package: Package) -> None:
    """Names of tables become names of files, so they must be safe and distinct ones."""
    for resource in package.resources:
        if not _is_file_name(resource.name):
            raise WrongCall(
                f'the table name "{resource.name}" can\'t be a file name',
                hint="use lower-case letters, digits, - and _",
            )
        names = resource.schema.names if resource.schema else ()
        if repeated := next((name for name in names if names.count(name) > 1), None):
            raise WrongCall(
                f'"{resource.name}" has two fields called "{repeated}", and most readers of '
                "Parquet find columns by name",
                hint="give each field a name of its own",
            )
        if any(not name.strip() for name in names):
            raise WrongCall(
                f'"{resource.name}" has a field whose name is empty, and a column needs one',
                hint="give the field a name",
            )
        if resource.is_sound and (resource.schema is None or not is_tabular(resource)):
            raise WrongCall(
                f'"{resource.name}" has no schema, and only tables with one are built'
                if resource.schema is None
                else f'"{resource.name}" is in a format that is not read',
                hint="give it a schema, or leave it out of the package",
            )


def _is_file_name(name: str) -> bool:
    allowed = set("abcdefghijklmnopqrstuvwxyz0123456789-_")
    return bool(name) and len(name) <= 64 and set(name) <= allowed and name[0] not in "-_"


def _digest(base: Path, path: str) -> str:
    digest = hashlib.sha256()
    with open_inside(base, path) as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    durable.write_file(path, text.encode())
