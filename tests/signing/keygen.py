"""The real ssh-keygen, which signatures of ours are held against, both ways."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

NAMESPACE = "rekodiq-data"


def make_key(folder: Path, name: str = "key", *options: str, kind: str = "ed25519") -> Path:
    """A new key; its public half stands beside it with `.pub`."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed")
    path = folder / name
    words = ["-q", "-t", kind, "-N", "", "-C", f"{name}@example.org", "-f", path]
    subprocess.run(["ssh-keygen", *words, *options], check=True)
    return path


def key(name: str = "key") -> Path:
    """A key that tests share."""
    return _shared(name)


@cache
def _shared(name: str) -> Path:
    return make_key(Path(tempfile.mkdtemp(prefix="rekodiq-data-tests-")), name)


def public(path: Path) -> str:
    """Type and base64 of a key."""
    return " ".join(path.with_name(f"{path.name}.pub").read_text().split()[:2])


def signers_file(folder: Path, *lines: str, name: str = "allowed_signers") -> Path:
    """A file of these lines."""
    path = folder / name
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def ssh_sign(path: Path, data: bytes, *options: str, namespace: str = NAMESPACE) -> bytes:
    """What `ssh-keygen -Y sign` makes of `data`."""
    return subprocess.run(
        ["ssh-keygen", "-Y", "sign", "-q", "-f", path, "-n", namespace, *options],
        input=data,
        capture_output=True,
        check=True,
    ).stdout


def ssh_verify(
    signature: bytes,
    data: bytes,
    signers: Path,
    *options: str | Path,
    who: str = "ann@example.org",
    namespace: str = NAMESPACE,
) -> bool:
    """Whether `ssh-keygen -Y verify` takes a signature."""
    with tempfile.NamedTemporaryFile(suffix=".sig") as file:
        file.write(signature)
        file.flush()
        words = ["-q", "-f", signers, "-I", who, "-n", namespace, "-s", file.name]
        result = subprocess.run(
            ["ssh-keygen", "-Y", "verify", *words, *options],
            input=data,
            capture_output=True,
            check=False,
        )
    return result.returncode == 0
