"""Files over https, from the standard library's client on a metered socket.

The client is `http.client`, since nothing in it acts on its own: it follows no redirect, reads
no environment, keeps no cookies, unpacks nothing. Under it lies a meter on the socket, so that
the most that is read, heads and framing included, and the time that it may take are held in one
place.
"""

from __future__ import annotations

import http.client
import io
import re
import ssl
import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin, urlsplit

from rekodiq_data.about import __version__
from rekodiq_data.store.source import SLACK, Absent, Limits, NoResume, Trouble
from rekodiq_data.verify.findings import damaged

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from rekodiq_data.store.address import Address

_BLOCK = 64 * 1024
_BUFFER = 8 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ABSENT = frozenset({404, 410})
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_MOST_REDIRECTS = 3
_NUMBER = re.compile(r"[0-9]{1,18}")
_RANGE = re.compile(r"bytes ([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18})")


class _TooMuch(Exception):
    """More bytes came than were allowed."""


@dataclass
class _Meter:
    """What may still be read from a socket, and until when."""

    limits: Limits
    budget: int = 0
    deadline: float = 0.0

    def allow(self, size: int, seconds: float) -> None:
        self.budget = size
        self.deadline = time.monotonic() + seconds


class _MeteredStream(io.RawIOBase):
    """The bytes of a socket, as far as its meter lets them through."""

    def __init__(self, sock: socket.socket, meter: _Meter) -> None:
        self._socket = sock
        # The socket's own stream keeps it open until the body has been read.
        self._stream = sock.makefile("rb", buffering=0)
        self._meter = meter

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        meter = self._meter
        if meter.budget <= 0:
            raise _TooMuch
        left = meter.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("it is too slow")
        self._socket.settimeout(min(left, meter.limits.silence_seconds))
        count: int = self._stream.readinto(memoryview(buffer)[: meter.budget]) or 0
        meter.budget -= count
        return count

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Plug:
    """A socket as `http.client` sees it: something to make a stream of."""

    def __init__(self, sock: socket.socket, meter: _Meter) -> None:
        self._socket, self._meter = sock, meter

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_MeteredStream(self._socket, self._meter), _BUFFER)


class HttpSource:
    """The files below an https address; of http only on this machine. For one thread."""

    def __init__(self, address: Address, limits: Limits) -> None:
        self._address = address
        self._limits = limits
        self._meter = _Meter(limits)
        # The connection at work, and the one that the last file left open for the next.
        self._connection: http.client.HTTPConnection | None = None
        self._kept: http.client.HTTPConnection | None = None

    def __del__(self) -> None:
        if self._kept is not None:
            self._kept.close()

    @property
    def place(self) -> str:
        """The address."""
        return str(self._address)

    def blocks(self, path: str, *, start: int, size: int | None, cap: int) -> Iterator[bytes]:
        """The bytes of the file `path` from `start` on; see `Source.blocks`."""
        try:
            yield from self._blocks(path, start, size, cap)
        except _TooMuch as error:
            raise damaged(
                self.place, path, "wrong-size", "the server sends more than it may"
            ) from error
        except ssl.SSLCertVerificationError as error:
            raise damaged(
                self.place,
                path,
                "wrong-certificate",
                f"the server can't prove who it is: {error.verify_message}",
            ) from error
        except TimeoutError as error:
            raise Trouble(f"the server stalls: {error}") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Trouble(f"{type(error).__name__}: {error}") from error
        finally:
            # Unless the body was read to its end, what is left of it must not be the next head.
            self._drop()

    def _drop(self) -> None:
        """Close the connection at work, if there is one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _blocks(self, path: str, start: int, size: int | None, cap: int) -> Iterator[bytes]:
        target = f"{self._address.path}/{quote(path, safe='/')}"
        known = None if size is None else size - start
        with closing(self._answer(path, target, start, SLACK + (known or 0))) as response:
            stated = self._stated(response, path, start, size, cap)
            yield from self._body(response, path, start, known, stated)
            is_kept = not response.will_close
        if is_kept:
            self._kept, self._connection = self._connection, None

    def _body(
        self,
        response: http.client.HTTPResponse,
        path: str,
        start: int,
        known: int | None,
        stated: int | None,
    ) -> Iterator[bytes]:
        """The blocks of a body: as many bytes as are known or stated to come, no others."""
        expected = known if stated is None else stated
        rest = SLACK if expected is None else expected
        self._meter.deadline = time.monotonic() + (
            self._limits.head_seconds + rest / self._limits.least_rate
        )
        if known is None and stated is not None:
            # What has been read of the slack so far stays read.
            self._meter.budget += stated
        count = 0
        while block := response.read1(_BLOCK):
            count += len(block)
            if expected is not None and count > expected:
                raise damaged(
                    self.place, path, "wrong-size", f"it has more than {start + expected} bytes"
                )
            yield block
        if expected is not None and count < expected:
            raise Trouble(f"the connection ended after {count:,} of {expected:,} bytes")

    def _answer(
        self, path: str, target: str, start: int, budget: int
    ) -> http.client.HTTPResponse:
        """The head of the answer about `target`, after redirects on the same server."""
        headers = {
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            "User-Agent": f"rekodiq-data/{__version__}",
        }
        if start:
            headers["Range"] = f"bytes={start}-"
        for _ in range(_MOST_REDIRECTS + 1):
            response = self._request(target, headers, budget)
            if response.status not in _REDIRECTS:
                return response
            response.close()
            self._drop()
            target = self._redirected(path, target, response.getheader("Location") or "")
        raise damaged(self.place, path, "redirected", "the server redirects again and again")

    def _request(
        self, target: str, headers: dict[str, str], budget: int
    ) -> http.client.HTTPResponse:
        """The head of the answer to one request.

        On a connection kept from the last file, which the server may have closed since, it is
        made once more on a new one.
        """
        kept, self._kept = self._kept, None
        for connection in (kept, None):
            self._connection = connection or self._connect()
            self._meter.allow(budget, self._limits.head_seconds)
            try:
                self._connection.request("GET", target, headers=headers)
                return self._connection.getresponse()
            except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
                self._connection.close()
                if connection is None:
                    raise
        raise AssertionError("a new connection answers or fails")

    def _connect(self) -> http.client.HTTPConnection:
        address, seconds = self._address, self._limits.connect_seconds
        connection: http.client.HTTPConnection
        if address.scheme == "https":
            connection = http.client.HTTPSConnection(
                address.host,
                address.port,
                timeout=seconds,
                context=ssl.create_default_context(),
            )
        else:
            connection = http.client.HTTPConnection(address.host, address.port, timeout=seconds)

        # Not by way of `self`, which has the connection: what is in a circle is closed late.
        meter = self._meter

        def metered(
            sock: socket.socket, *arguments: Any, **options: Any
        ) -> http.client.HTTPResponse:
            plug: Any = _Plug(sock, meter)
            return http.client.HTTPResponse(plug, *arguments, **options)

        connection.response_class = metered  # type: ignore[assignment]
        return connection

    def _redirected(self, path: str, target: str, location: str) -> str:
        """The target that a redirect names, if it is on the server that the user named."""
        here = f"{self._address.scheme}://{self._address.host}:{self._address.port}"
        there = urlsplit(urljoin(f"{here}{target}", location))
        default = 443 if there.scheme == "https" else 80
        origin = (there.scheme, there.hostname, there.port or default)
        if origin != (self._address.scheme, self._address.host, self._address.port):
            raise damaged(
                self.place,
                path,
                "redirected",
                f'the server sends us elsewhere, to "{there.scheme}://{there.netloc}"',
                hint="if you trust that server, name its address yourself",
            )
        return quote(there.path, safe="/%~!$&'()*+,;=:@") or "/"

    def _stated(
        self,
        response: http.client.HTTPResponse,
        path: str,
        start: int,
        size: int | None,
        cap: int,
    ) -> int | None:
        """How many bytes follow, as the head says; None where it does not.

        Raises as `Source.blocks`.
        """
        status = response.status
        if status in _ABSENT:
            raise Absent(path)
        if status in _PASSING:
            raise Trouble(f"the server answers {status} {response.reason}")
        if start and status in {200, 416}:
            raise NoResume
        if status != (206 if start else 200):
            raise damaged(
                self.place,
                path,
                "no-access",
                f"the server answers {status} {response.reason}",
                hint="check the address",
            )
        coding = response.getheader("Content-Encoding") or "identity"
        if coding.lower() != "identity":
            raise damaged(
                self.place, path, "wrong-size", f"the server sends it packed ({coding})"
            )
        length = _number(response.getheader("Content-Length"))
        total = length
        if start:
            match = _RANGE.fullmatch(response.getheader("Content-Range") or "")
            if match is None or int(match[1]) != start:
                raise NoResume
            total = int(match[2])
        if total is None:
            return None
        if size is not None and total != size:
            note = f"it must have {size:,} bytes, and the server offers {total:,}"
            raise damaged(self.place, path, "wrong-size", note)
        if size is None and total > cap:
            note = f"the server offers {total:,} bytes, and {cap:,} are the limit"
            raise damaged(self.place, path, "wrong-size", note)
        return total - start


def _number(text: str | None) -> int | None:
    """The value of a Content-Length; None where there is none that counts."""
    if text is None or not _NUMBER.fullmatch(text.strip()):
        return None
    return int(text)
