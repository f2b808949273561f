"""The signature file: SSHSIG, as PROTOCOL.sshsig of OpenSSH describes it."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rekodiq_data.errors import RekodiqError
from rekodiq_data.signing.keys import PrivateKey, read_private_key
from rekodiq_data.signing.wire import KEY_TYPE, Reader, decoded, packed, public_of

if TYPE_CHECKING:
    from pathlib import Path

    from rekodiq_data.signing.keys import Passphrase

NAMESPACE = "rekodiq-data"
SIGNATURE_CAP = 64 * 1024

_MAGIC = b"SSHSIG"
_VERSION = 1
_HASHES = {b"sha256": hashlib.sha256, b"sha512": hashlib.sha512}
_HASH = b"sha512"  # what ssh-keygen takes unless told otherwise
_SIGNATURE_BYTES = 64
_WIDTH = 70
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_ARMOUR = re.compile(rf"{_BEGIN}\n([A-Za-z0-9+/=\n]+)\n{_END}\n")


class BadSignature(RekodiqError):
    """A signature that proves nothing: damaged, of other data, or by nobody who is trusted."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature as it stands in a file; nothing of it is proved yet.

    Attributes:
        blob: the public key that is said to have made it, as SSH writes it.
        public: the 32 bytes of that key.
        namespace: what it is meant for.
        raw: its own 64 bytes.
    """

    blob: bytes
    public: bytes
    namespace: str
    reserved: bytes
    hash_name: bytes
    raw: bytes

    def signed(self, data: bytes) -> bytes:
        """The bytes that the key has signed, where this is a signature of `data`."""
        return _signed(data, self.namespace.encode(), self.reserved, self.hash_name)


def sign(
    key: PrivateKey | Path | str,
    data: bytes,
    *,
    passphrase: Passphrase | None = None,
    namespace: str = NAMESPACE,
) -> bytes:
    """The signature file of `data`, equal to what `ssh-keygen -Y sign` writes.

    Args:
        key: a private key, or the file that it stands in.
        data: what is signed.
        passphrase: asked for the passphrase of a locked key file.
        namespace: what the signature is meant for; it is good for nothing else.

    Raises:
        NothingFound, NotReadable, WrongCall: as `read_private_key`.
    """
    if not isinstance(key, PrivateKey):
        key = read_private_key(key, passphrase)
    meant_for = namespace.encode()
    raw = key.sign(_signed(data, meant_for, b"", _HASH))
    content = (
        _MAGIC
        + _VERSION.to_bytes(4, "big")
        + packed(key.blob, meant_for, b"", _HASH, packed(KEY_TYPE, raw))
    )
    return _armoured(content)


def parse_signature(data: bytes) -> Signature:
    """The signature in a file, which has one form only: the one that ssh-keygen writes.

    Raises:
        BadSignature: it is damaged, of another form, or by a key that is not ed25519.
    """
    try:
        return _parsed(data)
    except ValueError as error:
        raise BadSignature(f"the signature can't be read: {error}") from error


def _parsed(data: bytes) -> Signature:
    if len(data) > SIGNATURE_CAP:
        raise ValueError("it is too long")
    match = _ARMOUR.fullmatch(data.decode("ascii", "replace"))
    if match is None:
        raise ValueError(f"it is not one text between {_BEGIN} and {_END}")
    content = decoded(match[1].replace("\n", ""))
    if data != _armoured(content):
        # Base64 has bits that mean nothing. Damage is to show there, too.
        raise ValueError("it is not in the form in which ssh-keygen writes it")
    reader = Reader(content)
    if reader.take(len(_MAGIC)) != _MAGIC:
        raise ValueError("it is no SSH signature")
    if reader.number() != _VERSION:
        raise ValueError("it is of another version than 1")
    blob, namespace, reserved, hash_name, signature = (reader.string() for _ in range(5))
    reader.end()
    public = public_of(blob)
    if hash_name not in _HASHES:
        raise ValueError("its hash is neither sha256 nor sha512")
    reader = Reader(signature)
    kind, raw = reader.string(), reader.string()
    reader.end()
    if kind != KEY_TYPE or len(raw) != _SIGNATURE_BYTES:
        raise ValueError("it is no ed25519 signature")
    return Signature(blob, public, namespace.decode(), reserved, hash_name, raw)


def _armoured(content: bytes) -> bytes:
    text = base64.b64encode(content).decode()
    lines = [text[at : at + _WIDTH] for at in range(0, len(text), _WIDTH)]
    return "\n".join([_BEGIN, *lines, _END, ""]).encode()


def _signed(data: bytes, namespace: bytes, reserved: bytes, hash_name: bytes) -> bytes:
    digest = _HASHES[hash_name](data).digest()
    return _MAGIC + packed(namespace, reserved, hash_name, digest)
