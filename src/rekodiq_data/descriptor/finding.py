"""From a PATH as a user types it to the package that it means."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rekodiq_data.descriptor.package import read_package
from rekodiq_data.descriptor.projects import (
    PROJECT_FILE,
    SCHEMA_FOLDER,
    is_project,
    read_project,
)
from rekodiq_data.descriptor.tables import open_table
from rekodiq_data.errors import NothingFound, WrongCall
from rekodiq_data.files.gate import is_given_folder
from rekodiq_data.files.texts import JSON_ENDINGS, YAML_ENDINGS, read_given_text, read_text
from rekodiq_data.limits import DEFAULT_LIMITS, ReadLimits

if TYPE_CHECKING:
    from rekodiq_data.descriptor.model import Package

DESCRIPTOR_NAMES = ("datapackage.json", "datapackage.yaml", "datapackage.yml")

__all__ = ["open_package", "open_table"]


def open_package(path: Path | str, limits: ReadLimits = DEFAULT_LIMITS) -> Package:
    """The package that `path` means, with every fault of its descriptor and schemas.

    Args:
        path: a descriptor (.json, .yaml, .yml); a folder that holds one called `datapackage`;
            or a project, or anything inside one.
        limits: for all files that are read of it.

    Raises:
        NothingFound: `path` does not exist, or holds nothing that we know.
        WrongCall: `path` is a table; a table needs a schema (`open_table`).
        NotReadable: a file that is needed can't be taken. Text that is malformed is a fault.
    """
    path = Path(path)
    if is_given_folder(path):
        return _open_folder(path, limits)
    if path.name == PROJECT_FILE and is_project(path.resolve().parent.parent):
        return read_project(path.resolve().parent.parent, limits)
    if not path.name.lower().endswith((*JSON_ENDINGS, *YAML_ENDINGS)):
        raise WrongCall(
            f'"{path}" is a table, and a table alone does not say what is valid',
            hint="name its schema too, or the data package that it belongs to",
        )
    # Paths in a descriptor start from where the file really is.
    base = path.resolve().parent if path.is_symlink() else path.parent
    return read_package(path, base, partial(read_given_text, path, limits), limits)


def _open_folder(path: Path, limits: ReadLimits) -> Package:
    """The package in a folder, or the project that the folder is in."""
    for name in DESCRIPTOR_NAMES:
        if (path / name).exists() or (path / name).is_symlink():
            read = partial(read_text, path, name, limits)
            return read_package(path / name, path, read, limits)
    # The path as typed comes first, so that messages name files as the user does.
    for folder in (path, *path.resolve().parents):
        if is_project(folder):
            return read_project(folder, limits)
    raise NothingFound(
        path,
        f'"{path}" holds no data package and is in no project',
        hint=f"looked for {', '.join(DESCRIPTOR_NAMES)} there, and for a folder with "
        f"datapackage/{PROJECT_FILE} and {SCHEMA_FOLDER}/ there and above",
    )
