"""Releases packages in processes of their own.

`python -m tests.release.driver PACKAGE STORE` releases one and exits. Without arguments it is
told PACKAGE and STORE, with a tab between, line by line. For each line it forks a child that
has everything imported already, says the child's process id while the child has stopped
itself, and says how the child ended after somebody let it go on.

Exit code: 0 where the version is published, 3 where it is refused, 4 where the system failed.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import traceback

from rekodiq_data.errors import RekodiqError
from rekodiq_data.release import release

PUBLISHED, REFUSED, FAILED, BROKEN = 0, 3, 4, 70


def main(package: str, store: str) -> int:
    try:
        release(package, store)
    except RekodiqError:
        return REFUSED
    except OSError:
        return FAILED
    return PUBLISHED


def serve() -> None:
    for line in sys.stdin:
        package, store = line.rstrip("\n").split("\t")
        with tempfile.TemporaryDirectory() as folder:
            # Once for all that is imported late.
            release(package, folder)
        child = os.fork()
        if not child:
            os.kill(os.getpid(), signal.SIGSTOP)
            code = BROKEN
            try:
                code = main(package, store)
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(code)
        os.waitpid(child, os.WUNTRACED)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        serve()
    else:
        sys.exit(main(*sys.argv[1:]))
