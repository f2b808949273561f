"""SSH signatures (SSHSIG, ed25519) over the SHA256SUMS of a version, and who may make them.

What is made here is what `ssh-keygen -Y sign` makes, byte for byte, and what is accepted here
is accepted by `ssh-keygen -Y verify`. docs/signing.md says how people use it.
"""

from __future__ import annotations

from rekodiq_data.signing.keys import PrivateKey, read_private_key
from rekodiq_data.signing.signature import NAMESPACE, SIGNATURE_CAP, BadSignature, sign
from rekodiq_data.signing.signers import Signer, Signers, intact, read_signers, verify
from rekodiq_data.signing.wire import fingerprint

__all__ = [
    "NAMESPACE",
    "SIGNATURE_CAP",
    "BadSignature",
    "PrivateKey",
    "Signer",
    "Signers",
    "fingerprint",
    "intact",
    "read_private_key",
    "read_signers",
    "sign",
    "verify",
]
