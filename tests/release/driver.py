"""Releases a package from a process of its own: `python -m tests.release.driver PACKAGE STORE`.

Exit code: 0 where the version is published, 3 where the number is used for other content, 4
where the system failed us.
"""

from __future__ import annotations

import sys

from rekodiq_data.errors import ReleaseRefused
from rekodiq_data.release import release


def main(package: str, store: str) -> int:
    try:
        release(package, store)
    except ReleaseRefused:
        return 3
    except OSError:
        return 4
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
