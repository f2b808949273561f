"""Addresses of stores, as the user typed them: which are taken, and in which form."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote, urlsplit

from rekodiq_data.errors import WrongCall

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_SAFE = "/-._~!$&'()*+,;=:@"
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a store is: `https`, `http` (this machine alone) or `s3`.

    Attributes:
        host: the server's name; for s3 the bucket.
        port: None for s3.
        path: begins with a slash and does not end in one; empty for the top. Quoted as in a
            request.
    """

    scheme: str
    host: str
    port: int | None
    path: str

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port in (None, _PORTS.get(self.scheme)) else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def is_remote(store: str) -> bool:
    """Whether `store` is an address rather than a folder.

    >>> is_remote("https://data.example.org/releases"), is_remote("datapackage/releases")
    (True, False)
    """
    return _ADDRESS.match(store) is not None


def parse_address(text: str) -> Address:
    """The address that the user typed, in one form.

    >>> str(parse_address("https://Data.Example.org:443/a b/"))
    'https://data.example.org/a%20b'

    Raises:
        WrongCall: it is of a kind that is not read, or holds what may not be in it.
    """
    try:
        parts = urlsplit(text)
        port = parts.port
        path = quote(unquote(parts.path, errors="strict"), safe=_SAFE).rstrip("/")
    except ValueError as error:
        raise WrongCall(f'"{text}" is not an address: {error}') from error
    if parts.scheme not in {"https", "http", "s3"}:
        raise WrongCall(
            f'"{text}" can\'t be read: {parts.scheme}:// is not one of https://, s3://',
            hint="name a folder, or an address that begins with https:// or s3://",
        )
    if parts.username is not None or parts.password is not None:
        raise WrongCall("an address may not hold a name or a password")
    reason = _wrong_parts(text, parts)
    if reason is not None:
        raise WrongCall(f'"{text}" is not the address of a store: {reason}')
    host = parts.hostname or ""
    if parts.scheme == "http" and not _is_loopback(host):
        raise WrongCall(
            f'"{text}" is not protected on its way: http:// is taken for this machine only',
            hint="use https://",
        )
    return Address(parts.scheme, host, port or _PORTS.get(parts.scheme), path)


def _wrong_parts(text: str, parts: SplitResult) -> str | None:
    if any(ord(each) < 32 or ord(each) == 127 for each in text):
        return "it holds a control character"
    if not parts.hostname:
        return "it names no host"
    if parts.query or parts.fragment or "?" in text or "#" in text:
        return 'it may hold neither "?" nor "#"'
    if any(part in {".", ".."} for part in unquote(parts.path).split("/")):
        return 'it may not hold ".."'
    return None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_loopback_address(text: str) -> bool:
    """Whether `text` is an http address of this machine.

    >>> is_loopback_address("http://127.0.0.1:9000"), is_loopback_address("http://example.org")
    (True, False)
    """
    parts = urlsplit(text)
    return parts.scheme == "http" and _is_loopback(parts.hostname or "")
