"""Calls that run one after the other in a thread of their own, behind whoever asks for them."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future


class Behind:
    """Runs calls in the order in which they were given, at most `most` of them behind.

    An exception of a call comes out of a later `run` or of `wait`. Where `most` is 0, calls run
    here and at once.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._begun: deque[Future[None]] = deque()
        self._pool = ThreadPoolExecutor(1) if most else None

    def run(self, call: Callable[[], None], *, is_last: bool = False) -> None:
        """Have `call` run; waits while too many are behind, unless it is one of the last."""
        if self._pool is None:
            call()
            return
        self._begun.append(self._pool.submit(call))
        while not is_last and len(self._begun) > self._most:
            self._begun.popleft().result()

    def wait(self) -> None:
        """Until all calls have run."""
        while self._begun:
            self._begun.popleft().result()

    def close(self) -> None:
        """Let go of the thread; what has not begun does not run, and nothing is raised."""
        self._begun.clear()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
