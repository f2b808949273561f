"""Private keys, from the files that ssh-keygen writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rekodiq_data.errors import NothingFound, NotReadable, WrongCall
from rekodiq_data.signing.wire import KEY_TYPE, fingerprint, packed

if TYPE_CHECKING:
    from collections.abc import Callable

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    Passphrase = Callable[[], str]

_CAP = 64 * 1024
_HINT = "make one with ssh-keygen -t ed25519, and name the file without .pub"


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """An ed25519 key that can sign. `blob` is its public half, as SSH writes it."""

    blob: bytes
    _key: Ed25519PrivateKey = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """What ssh-keygen -l calls it."""
        return fingerprint(self.blob)

    def sign(self, data: bytes) -> bytes:
        """The 64 bytes of the signature over `data`; always the same for the same data."""
        return self._key.sign(data)


def read_private_key(path: Path | str, passphrase: Passphrase | None = None) -> PrivateKey:
    """The private key in an OpenSSH key file.

    Args:
        path: the file, such as `~/.ssh/id_ed25519`.
        passphrase: asked for the passphrase where the key is locked with one.

    Raises:
        NothingFound: there is no such file.
        NotReadable: it may not be read, is no private key, or the passphrase is wrong.
        WrongCall: the key is of another type, or locked and nobody can be asked.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_ssh_private_key,
    )

    path = Path(path)
    data = _bytes(path)
    try:
        key = load_ssh_private_key(data, None)
    except TypeError:
        if passphrase is None:
            raise WrongCall(
                f'the key "{path}" is locked with a passphrase, and nobody can be asked for it',
                hint="sign where the passphrase can be typed, or use a key without one",
            ) from None
        try:
            key = load_ssh_private_key(data, passphrase().encode())
        except (ValueError, UnsupportedAlgorithm) as error:
            # The library's own words differ from version to version and say no more.
            raise NotReadable(
                path, f'"{path}" can\'t be unlocked: the passphrase is wrong'
            ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        reason = f'"{path}" is no private key in the form of OpenSSH'
        raise NotReadable(path, reason, hint=_HINT) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise WrongCall(f'"{path}" is no ed25519 key, and only those sign here', hint=_HINT)
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return PrivateKey(packed(KEY_TYPE, public), key)


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(_CAP)
    except FileNotFoundError as error:
        raise NothingFound(path, f'there is no key "{path}"', hint=_HINT) from error
    except OSError as error:
        raise NotReadable(path, f'the key "{path}" can\'t be read: {error.strerror}') from error
