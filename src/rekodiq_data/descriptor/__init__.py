"""What a package says of itself: its descriptor, read into frozen values, with every fault.

`open_package` takes a PATH as a user types it: a descriptor, a folder with one, or a project.
"""

from __future__ import annotations

from rekodiq_data.descriptor.finding import open_package, open_table
from rekodiq_data.descriptor.model import (
    Constraints,
    Dialect,
    Field,
    ForeignKey,
    Kind,
    NamedCheck,
    Package,
    Reading,
    Resource,
    Schema,
)

__all__ = [
    "Constraints",
    "Dialect",
    "Field",
    "ForeignKey",
    "Kind",
    "NamedCheck",
    "Package",
    "Reading",
    "Resource",
    "Schema",
    "open_package",
    "open_table",
]
