"""Python's regular expressions in a process of their own, which can be stopped.

Some expressions take longer than the universe lasts on a text of forty characters, and nothing
inside the process could interrupt them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Answers one character a text, as soon as it is known. Reads no module but the standard ones.
_CHILD = """
import json, re, sys, warnings
warnings.simplefilter("ignore")
pattern, texts = json.load(sys.stdin)
match = re.compile(pattern).fullmatch
for text in texts:
    sys.stdout.write("1" if match(text) else "0")
    sys.stdout.flush()
"""


def matches_within(pattern: str, texts: Sequence[str], seconds: float) -> list[bool]:
    """Whether each text matches `pattern` as a whole; False from the one that takes too long.

    Args:
        pattern: a regular expression that Python takes.
        texts: what is matched.
        seconds: for all of them together.
    """
    with subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as child:
        try:
            answer, _ = child.communicate(json.dumps([pattern, list(texts)]).encode(), seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            answer, _ = child.communicate()
    return [
        index < len(answer) and answer[index : index + 1] == b"1" for index in range(len(texts))
    ]
