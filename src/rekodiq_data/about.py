"""Who we are: the version of the code, and of the libraries that judge and write."""

from __future__ import annotations

__version__ = "0.1.0"

LIBRARIES = ("pandera", "frictionless", "pandas", "pyarrow")


def library_versions() -> dict[str, str]:
    """Installed version of each library that judges or writes, by name.

    Read from package metadata, so that no heavy library is imported for it.
    """
    from importlib import metadata

    return {name: metadata.version(name) for name in LIBRARIES}
