"""Web servers on this machine that offer a store: an honest one, and one that lies."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pytest

    Act = Callable[["Handler", bytes], None]


@dataclass
class Stage:
    """What a server offers, and how it misbehaves: an act per path, in place of an answer."""

    folder: Path
    acts: dict[str, Act] = field(default_factory=dict)
    requests: list[tuple[str, str | None]] = field(default_factory=list)
    url: str = ""
    knows_ranges: bool = True

    def paths(self) -> list[str]:
        return [path for path, _ in self.requests]


class Handler(BaseHTTPRequestHandler):
    """Files with their length, from any byte on; connections stay open."""

    protocol_version = "HTTP/1.1"
    stage: Stage

    def do_GET(self) -> None:
        path = self.path.lstrip("/")
        self.stage.requests.append((path, self.headers.get("Range")))
        file = self.stage.folder / path
        data = file.read_bytes() if file.is_file() else b""
        # A client that has seen enough goes away.
        with suppress(BrokenPipeError, ConnectionResetError):
            if path in self.stage.acts:
                self.close_connection = True
                self.stage.acts[path](self, data)
            elif file.is_file():
                self.give(data)
            else:
                self.answer(404, b"not here")

    def give(self, data: bytes, *, cut: int | None = None) -> None:
        """The file, or the range of it that was asked for; only `cut` bytes of that."""
        wanted = self.headers.get("Range")
        if not wanted or not self.stage.knows_ranges:
            self.answer(200, data, cut=cut)
            return
        first, last = wanted.removeprefix("bytes=").split("-")
        part = data[int(first) : int(last) + 1 if last else None]
        span = f"bytes {first}-{int(first) + len(part) - 1}/{len(data)}"
        self.answer(206, part, cut=cut, **{"Content-Range": span})

    def answer(
        self, status: int, data: bytes, *, cut: int | None = None, **headers: str
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Length", headers.pop("length", str(len(data))))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data if cut is None else data[:cut])

    def log_message(self, *_: Any) -> None:
        """Nothing: pytest's output is for tests."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Nothing: a client that leaves is what is tested."""


@contextmanager
def serving(folder: Path, certificate: Path | None = None) -> Iterator[Stage]:
    """A server of `folder` on this machine, for as long as the block runs.

    With a certificate (and its key, in one file) it speaks TLS and calls itself localhost.
    """
    stage = Stage(folder)
    handler = type("Bound", (Handler,), {"stage": stage})
    server = _Server(("127.0.0.1", 0), handler)
    stage.url = f"http://127.0.0.1:{server.server_port}"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        stage.url = f"https://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield stage
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def count_reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The bytes that each answer was read of, from the sockets themselves, as they grow."""
    counts: list[int] = []
    places: dict[int, int] = {}
    streams: list[socket.SocketIO] = []  # kept, so that no two have one identity
    original = socket.SocketIO.readinto

    def counted(self: socket.SocketIO, buffer: Any) -> int | None:
        count = original(self, buffer)
        # The server reads requests in threads of its own.
        if threading.current_thread() is threading.main_thread():
            if id(self) not in places:
                places[id(self)] = len(counts)
                counts.append(0)
                streams.append(self)
            counts[places[id(self)]] += count or 0
        return count

    monkeypatch.setattr(socket.SocketIO, "readinto", counted)
    return counts
