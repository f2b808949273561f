"""Who signed a version: asked of the signers that the user trusts, where there are any."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from rekodiq_data.digest.sums import SIGNATURE_NAME
from rekodiq_data.errors import RekodiqError
from rekodiq_data.signing import read_signers
from rekodiq_data.verify.findings import damaged

SIGNATURE_CAP = 64 * 1024


class Signers(Protocol):
    """The keys that the user trusts."""

    def verify(self, data: bytes, signature: bytes) -> str:
        """The name of the signer of `data`.

        Raises:
            RekodiqError: the signature is not of this data, or by none of these keys.
        """


def trusted(signers: Signers | Path | str | None) -> Signers | None:
    """The keys that the user trusts, read from the allowed-signers file that was named.

    Raises:
        NothingFound: there is no such file.
        NotReadable: it is malformed.
    """
    return read_signers(signers) if isinstance(signers, Path | str) else signers


def require_signed(
    signers: Signers, sums: bytes, signature: bytes | None, place: Path | str
) -> str:
    """The name of who signed a version's SHA256SUMS.

    Raises:
        NotVerified: it is unsigned, or signed by nobody of them.
    """
    if signature is None:
        raise damaged(
            place,
            SIGNATURE_NAME,
            "unsigned",
            "this version is unsigned, and only signed ones were asked for",
            hint="ask for it without signers if an unsigned one will do",
        )
    try:
        return signers.verify(sums, signature)
    except RekodiqError as error:
        raise damaged(place, SIGNATURE_NAME, "bad-signature", error.message) from error
