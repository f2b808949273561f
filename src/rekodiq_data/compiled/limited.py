"""Python's regular expressions in a process of their own, which can be stopped.

Some expressions take longer than the universe lasts on a text of forty characters, and nothing
inside the process could interrupt them.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
import time
import weakref
from typing import TYPE_CHECKING

from rekodiq_data.limits import DEFAULT_LIMITS, ReadLimits

if TYPE_CHECKING:
    from collections.abc import Sequence

# What starting the process and usual texts take at most, on a busy machine. Only what is
# slower counts against the limit, so that a large table does not come to it.
_START = 0.5
_PER_TEXT = 100e-6
_PER_CHARACTER = 1e-6

# Takes a pattern and texts a line, and answers one character a text, as soon as it is known.
# Reads no module but the standard ones, and ends with its input.
_CHILD = """
import json, re, sys, warnings
warnings.simplefilter("ignore")
for line in sys.stdin:
    pattern, texts = json.loads(line)
    match = re.compile(pattern).fullmatch
    for text in texts:
        sys.stdout.write("1" if match(text) else "0")
        sys.stdout.flush()
"""


class PatternTime:
    """The time that all patterns of one package together may take beyond the usual.

    May be used from several threads.
    """

    def __init__(self, limits: ReadLimits = DEFAULT_LIMITS) -> None:
        self.limits = limits
        self._left = limits.pattern_seconds
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def matches(self, pattern: str, texts: Sequence[str]) -> list[bool]:
        """Whether each text matches `pattern` as a whole, up to where time ran out.

        Args:
            pattern: a regular expression that Python takes.
            texts: what is matched.

        Returns:
            One answer a text, or fewer.
        """
        usual = _START + sum(_PER_TEXT + _PER_CHARACTER * len(text) for text in texts)
        with self._lock:
            if self._left <= 0:
                return []
            if self._child is None:
                self._child = _started()
                weakref.finalize(self, _end, self._child)
            started = time.monotonic()
            answer = _answer(self._child, pattern, texts, usual + self._left)
            self._left -= max(0.0, time.monotonic() - started - usual)
            if len(answer) < len(texts):
                self._left = 0.0
        return answer


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _end(child: subprocess.Popen[bytes]) -> None:
    """Let the process go: it ends when nothing more can come."""
    with contextlib.suppress(OSError), child:
        child.kill()


def _answer(
    child: subprocess.Popen[bytes], pattern: str, texts: Sequence[str], seconds: float
) -> list[bool]:
    """Whether each text matches; fewer answers, and the process killed, after so long."""
    if child.stdin is None or child.stdout is None:
        raise AssertionError("both are pipes")
    # A pipe can't be waited for on every platform; a killed process ends any waiting.
    watch = threading.Timer(seconds, child.kill)
    watch.daemon = True
    watch.start()
    try:
        child.stdin.write(json.dumps([pattern, list(texts)]).encode() + b"\n")
        child.stdin.flush()
        answer = child.stdout.read(len(texts))
    except OSError:
        answer = b""
    finally:
        watch.cancel()
    return [each == ord("1") for each in answer]
