"""Validate tables cell by cell, publish them as open data, and prove every byte.

    import rekodiq_data

    report = rekodiq_data.validate("my-project")
    frame = rekodiq_data.load("mineral_estimates", store="releases")

Names are imported when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from rekodiq_data.about import __version__

if TYPE_CHECKING:
    from rekodiq_data.api import pandera_schema, validate
    from rekodiq_data.build import build
    from rekodiq_data.descriptor import (
        Field,
        NamedCheck,
        Package,
        Resource,
        Schema,
        open_package,
    )
    from rekodiq_data.diff import Changes, diff
    from rekodiq_data.errors import (
        BadText,
        InvalidData,
        NothingFound,
        NotReadable,
        NotVerified,
        RekodiqError,
        ReleaseRefused,
        Unreachable,
        WrongCall,
    )
    from rekodiq_data.faces.citation import cite
    from rekodiq_data.history import History, history
    from rekodiq_data.limits import ReadLimits
    from rekodiq_data.load import load
    from rekodiq_data.release import Released, release
    from rekodiq_data.report import CheckCount, Issue, Report, RuleCount, Severity, Task
    from rekodiq_data.store import Fetched, Limits, Signers, fetch, open_release, open_store
    from rekodiq_data.verify import verify

__all__ = [
    "BadText",
    "Changes",
    "CheckCount",
    "Fetched",
    "Field",
    "History",
    "InvalidData",
    "Issue",
    "Limits",
    "NamedCheck",
    "NotReadable",
    "NotVerified",
    "NothingFound",
    "Package",
    "ReadLimits",
    "RekodiqError",
    "ReleaseRefused",
    "Released",
    "Report",
    "Resource",
    "RuleCount",
    "Schema",
    "Severity",
    "Signers",
    "Task",
    "Unreachable",
    "WrongCall",
    "__version__",
    "build",
    "cite",
    "diff",
    "fetch",
    "history",
    "load",
    "open_package",
    "open_release",
    "open_store",
    "pandera_schema",
    "release",
    "validate",
    "verify",
]

_ROOMS = {
    "api": ("pandera_schema", "validate"),
    "build": ("build",),
    "descriptor": ("Field", "NamedCheck", "Package", "Resource", "Schema", "open_package"),
    "diff": ("Changes", "diff"),
    "errors": (
        "BadText",
        "InvalidData",
        "NotReadable",
        "NotVerified",
        "NothingFound",
        "RekodiqError",
        "ReleaseRefused",
        "Unreachable",
        "WrongCall",
    ),
    "faces.citation": ("cite",),
    "history": ("History", "history"),
    "limits": ("ReadLimits",),
    "load": ("load",),
    "release": ("Released", "release"),
    "report": ("CheckCount", "Issue", "Report", "RuleCount", "Severity", "Task"),
    "store": ("Fetched", "Limits", "Signers", "fetch", "open_release", "open_store"),
    "verify": ("verify",),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    room = import_module(f"{__name__}.{_HOME[name]}")
    value = room if _HOME[name] == name else getattr(room, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


class _Room(ModuleType):
    """A room that is called like the function it holds, and can be called like it."""

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return self._function(*arguments, **options)

    @property
    def __signature__(self) -> Any:
        from inspect import signature

        return signature(self._function)

    @property
    def _function(self) -> Any:
        return getattr(self, self.__name__.rpartition(".")[2])


class _Package(ModuleType):
    """This package.

    Importing a room sets its name here, whoever imports it, so that `rekodiq_data.verify`
    could be the function or the room. It is always the room, which can be called.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, ModuleType) and _HOME.get(name) == name:
            value.__class__ = _Room
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
