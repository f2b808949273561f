"""Who may sign: the allowed-signers file of ssh-keygen, and a list of revoked keys."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rekodiq_data.errors import BadText, NothingFound, NotReadable
from rekodiq_data.signing.signature import NAMESPACE, BadSignature, Signature, parse_signature
from rekodiq_data.signing.wire import decoded, fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator

_CAP = 1024 * 1024
_BLANK = " \t"
_KEY = re.compile(r"([a-z0-9@.-]+)[ \t]+([A-Za-z0-9+/]+=*)(?:[ \t].*)?")
_OPTION = re.compile(r'([A-Za-z-]+)(?:="((?:[^"\\]|\\")*)")?(,|$)')
_TIME = re.compile(r"(\d{8})(?:(\d{4})(\d\d)?)?(Z?)")
_KRL = b"SSHKRL\n"
_WILD = {"*": ".*", "?": "."}


@dataclass(frozen=True, slots=True)
class Signer:
    """Who made a signature: the principals of the line that allows the key, and the key."""

    principals: str
    fingerprint: str

    def __str__(self) -> str:
        return f"{self.principals} ({self.fingerprint})"


@dataclass(frozen=True, slots=True)
class Allowed:
    """One line of an allowed-signers file.

    Attributes:
        principals: a pattern-list, as it stands there.
        blob: the key.
        namespaces: a pattern-list of what it may sign; None where it may sign anything.
        after, before: when it is valid; None where nothing is said. With a time zone.
    """

    principals: str
    blob: bytes
    namespaces: str | None = None
    after: datetime | None = None
    before: datetime | None = None

    def refusal(self, namespace: str, at: datetime) -> str | None:
        """Why a signature of this key for `namespace` is not to be taken at that time."""
        if self.namespaces is not None and not matches(namespace, self.namespaces):
            return f'the key may sign for "{self.namespaces}" only, not for "{namespace}"'
        if self.after is not None and at < self.after:
            return f"the key is valid only from {self.after:%Y-%m-%d %H:%M:%S %Z}"
        if self.before is not None and at > self.before:
            return f"the key was valid only until {self.before:%Y-%m-%d %H:%M:%S %Z}"
        return None


@dataclass(frozen=True, slots=True)
class Signers:
    """Keys that are trusted, and those that are not any more, whatever the first say.

    Attributes:
        allowed: the lines of the allowed-signers file.
        revoked: blobs of revoked keys.
        at: when signatures are judged, with a time zone; None is the time of the call.
    """

    allowed: tuple[Allowed, ...]
    revoked: frozenset[bytes] = frozenset()
    at: datetime | None = None

    def verify(self, data: bytes, signature: bytes) -> str:
        """The name and key of the signer of `data`. Raises BadSignature as `verify` does."""
        return str(verify(signature, data, self))


def verify(
    signature: bytes, data: bytes, signers: Signers, *, namespace: str = NAMESPACE
) -> Signer:
    """Who signed `data`.

    Args:
        signature: the content of the signature file.
        data: what was signed.
        signers: the keys that are trusted.
        namespace: what the signature must be meant for.

    Raises:
        BadSignature: it is damaged, of other data, meant for something else, or by a key that
            is not trusted, revoked or not valid at the time.
    """
    found = intact(signature, data, namespace=namespace)
    name = fingerprint(found.blob)
    if found.blob in signers.revoked:
        raise BadSignature(f"the key {name} is revoked: what it signed is not to be trusted")
    at = datetime.now(UTC) if signers.at is None else signers.at
    reasons = []
    for line in signers.allowed:
        if line.blob == found.blob:
            reason = line.refusal(namespace, at)
            if reason is None:
                return Signer(line.principals, name)
            reasons.append(reason)
    if reasons:
        raise BadSignature(f"the key {name} is not allowed here: {'; '.join(reasons)}")
    raise BadSignature(
        f"it is signed with the key {name}, which is not one of the allowed signers",
        hint="compare the fingerprint with the one that the publisher states",
    )


def intact(signature: bytes, data: bytes, *, namespace: str = NAMESPACE) -> Signature:
    """The signature, which is one of `data` by the key that it names, whoever holds that.

    Raises:
        BadSignature: it is damaged, of other data, or meant for something else.
    """
    found = parse_signature(signature)
    if found.namespace != namespace:
        raise BadSignature(
            f'the signature is meant for "{found.namespace}", not for "{namespace}"',
            hint=f"sign with the namespace {namespace}",
        )
    if not _is_signed(found, data):
        raise BadSignature(
            "the signature is not one of these bytes: one of the two was changed"
        )
    return found


def read_signers(
    path: Path | str, revoked: Path | str | None = None, *, at: datetime | None = None
) -> Signers:
    """The keys in an allowed-signers file of ssh-keygen, without those in a revocation list.

    Args:
        path: lines of principals, options (`namespaces=`, `valid-after=`, `valid-before=`), the
            key's type and the key; empty lines and those that start with `#` are passed over.
        revoked: a list of public keys, one a line, as `ssh-keygen -Y verify -r` takes it.
        at: when signatures are judged, with a time zone; None is the time of each call.

    Raises:
        NothingFound: there is no such file.
        BadText: a line in it is not of this form, with the line's number.
        NotReadable: it can't be read.
    """
    allowed = []
    for number, line in _lines(Path(path)):
        try:
            allowed.append(_allowed(line))
        except ValueError as error:
            reason = f'line {number} of "{path}" is no allowed signer: {error}'
            raise BadText(path, reason, line=number) from error
    blobs = set()
    for number, line in _lines(Path(revoked)) if revoked else ():
        try:
            blobs.add(_key(line))
        except ValueError as error:
            reason = f'line {number} of "{revoked}" is no public key: {error}'
            raise BadText(str(revoked), reason, line=number) from error
    return Signers(tuple(allowed), frozenset(blobs), at)


def matches(text: str, patterns: str) -> bool:
    """Whether a pattern-list of ssh takes `text`: `*` and `?` are wild, `!` takes it out.

    >>> matches("rekodiq-data", "file,rekodiq-*"), matches("file", "*,!file")
    (True, False)
    """
    taken = False
    for each in patterns.split(","):
        pattern = each.removeprefix("!")
        wild = "".join(_WILD.get(char) or re.escape(char) for char in pattern)
        if re.fullmatch(wild, text, re.DOTALL):
            if each.startswith("!"):
                return False
            taken = True
    return taken


def _is_signed(found: Signature, data: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(found.public).verify(found.raw, found.signed(data))
    except InvalidSignature:
        return False
    return True


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Lines that say something, with their numbers."""
    try:
        with path.open("rb") as stream:
            data = stream.read(_CAP + 1)
    except FileNotFoundError as error:
        raise NothingFound(path, f'there is no file "{path}"') from error
    except OSError as error:
        raise NotReadable(path, f'"{path}" can\'t be read: {error.strerror}') from error
    if data.startswith(_KRL):
        raise NotReadable(
            path,
            f'"{path}" is a binary revocation list (KRL), which is not read here',
            hint="write a list of the public keys, one a line: ssh-keygen takes it, too",
        )
    if len(data) > _CAP:
        raise NotReadable(path, f'"{path}" is too long for a list of keys')
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise NotReadable(path, f'"{path}" is not UTF-8 text') from error
    for number, line in enumerate(text.split("\n"), 1):
        shown = line.removesuffix("\r").strip(_BLANK)
        if shown and not shown.startswith("#"):
            yield number, shown


def _allowed(line: str) -> Allowed:
    """The signer in a line. Raises ValueError where the line is of another form."""
    principals, rest = _principals(line)
    options: dict[str, str] = {}
    if not _KEY.fullmatch(rest):
        options, rest = _options(rest)
    return Allowed(
        principals,
        _key(rest),
        options.get("namespaces"),
        _time(options.get("valid-after")),
        _time(options.get("valid-before")),
    )


def _principals(line: str) -> tuple[str, str]:
    if line.startswith('"'):
        principals, quote, rest = line[1:].partition('"')
        if not quote:
            raise ValueError("a quote is not closed")
    else:
        principals = re.split(f"[{_BLANK}]", line, maxsplit=1)[0]
        rest = line[len(principals) :]
    if not principals or not rest.strip(_BLANK):
        raise ValueError("it has no key")
    return principals, rest.strip(_BLANK)


def _options(text: str) -> tuple[dict[str, str], str]:
    """The options at the start of `text`, by lower-case name, and what follows them."""
    options: dict[str, str] = {}
    more = ","
    at = 0
    end = _end_of_options(text)
    while more:
        match = _OPTION.match(text[:end], at)
        if match is None:
            raise ValueError("its options can't be read")
        name, value, more = match[1].lower(), match[2], match[3]
        if name == "cert-authority":
            raise ValueError("cert-authority: certificates are not taken here, only keys")
        if name not in {"namespaces", "valid-after", "valid-before"}:
            raise ValueError(f'the option "{match[1]}" is not known')
        if value is None:
            raise ValueError(f'{name} needs a value in quotes, such as {name}="..."')
        if name in options:
            raise ValueError(f"{name} stands twice")
        options[name] = value.replace('\\"', '"')
        at = match.end()
    return options, text[end:].strip(_BLANK)


def _end_of_options(text: str) -> int:
    """Where the first blank outside of quotes is."""
    quoted = False
    for at, char in enumerate(text):
        if char == '"' and text[at - 1 : at] != "\\":
            quoted = not quoted
        if char in _BLANK and not quoted:
            return at
    raise ValueError("a quote is not closed" if quoted else "it has no key")


def _key(text: str) -> bytes:
    """The blob of a public key as it stands in a line: type, base64, perhaps words."""
    match = _KEY.fullmatch(text)
    if match is None:
        raise ValueError('a key is a type, a blank and base64, such as "ssh-ed25519 AAAA..."')
    blob = decoded(match[2])
    kind = match[1].encode()
    if blob[: 4 + len(kind)] != len(kind).to_bytes(4, "big") + kind:
        raise ValueError(f"the key is not of the type {match[1]} that stands before it")
    return blob


def _time(text: str | None) -> datetime | None:
    """A time as ssh-keygen reads it: in UTC with Z, else in the time zone of this machine."""
    if text is None:
        return None
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(f'"{text}" is no time; write YYYYMMDD[Z] or YYYYMMDDHHMM[SS][Z]')
    day, minutes, seconds, zone = match.groups()
    try:
        time = datetime.strptime(f"{day}{minutes or '0000'}{seconds or '00'}", "%Y%m%d%H%M%S")
    except ValueError as error:
        raise ValueError(f'"{text}" is no time: there is no such day or hour') from error
    return time.replace(tzinfo=UTC) if zone else time.astimezone()
