"""Packages handed to a worker, which is started anew when it dies, hangs or has grown."""

from __future__ import annotations

import json
import select
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fuzz.folders import Folder, write_folder

ROOT = Path(__file__).parents[2]
SECONDS = 5.0  # of the processor, for one small package
HANG = 40.0  # by the clock, on a machine that may be busy with something else
_PACKAGES = 2000  # a worker examines so many before it is let go
_GROWN = 600  # MiB


@dataclass(frozen=True)
class Answer:
    """What came of one package."""

    codes: dict[str, int]
    found: list[dict[str, str]]
    cpu: float = 0.0
    peak: float = 0.0


class Bench:
    """One worker, and the folder in which it finds its packages."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._worker: subprocess.Popen[str] | None = None
        self._examined = 0

    def examine(self, package: Folder, options: list[str]) -> Answer:
        """Put a package on the disk and have it examined."""
        place = self._folder / "p"
        for each in self._folder.iterdir():
            shutil.rmtree(each, ignore_errors=True)
        write_folder(package, place)
        worker = self._running()
        self._examined += 1
        assert worker.stdin
        try:
            worker.stdin.write(json.dumps({"folder": str(place), "options": options}) + "\n")
            worker.stdin.flush()
            line = self._line(worker, HANG)
        except BrokenPipeError:
            line = ""
        if line is None:
            self.close()
            return _lost("time", "hang", f"no answer within {HANG:.0f} seconds")
        if not line:
            code = worker.wait()
            self._worker = None
            return _lost("crash", str(code), f"the process ended with code {code}")
        said: dict[str, Any] = json.loads(line)
        found = said["found"]
        if said["cpu"] > SECONDS:
            detail = f"{said['cpu']:.1f} seconds of the processor"
            found.append({"kind": "time", "place": "slow", "detail": detail})
        if said["base"] > _GROWN or self._examined >= _PACKAGES:
            self.close()
        return Answer(said["codes"], found, said["cpu"], said["peak"])

    def close(self) -> None:
        """Let the worker go."""
        if self._worker is not None:
            self._worker.kill()
            self._worker.wait()
            self._worker = None

    def _running(self) -> subprocess.Popen[str]:
        if self._worker is None:
            self._examined = 0
            self._worker = subprocess.Popen(
                [sys.executable, "-m", "tests.fuzz.worker"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            if self._line(self._worker, 2 * HANG) != "ready\n":
                raise RuntimeError("the worker does not start")
        return self._worker

    @staticmethod
    def _line(worker: subprocess.Popen[str], seconds: float) -> str | None:
        """The next answer; None where there is none in time, empty where the worker died."""
        assert worker.stdout
        if not select.select([worker.stdout], [], [], seconds)[0]:
            return None
        return worker.stdout.readline()


def _lost(kind: str, place: str, detail: str) -> Answer:
    return Answer({}, [{"kind": kind, "place": place, "detail": detail}])
