"""Prove that bytes are what was built or released: a folder, a version, or a whole store.

Every file is hashed before anything parses it: a damaged Parquet file can read back as other
data without an error. No network, and nothing outside the folder, is touched.
"""

from __future__ import annotations

import os
from pathlib import Path

from rekodiq_data.catalog import CATALOG_NAME, POINTER_NAME, RECORD_NAME
from rekodiq_data.digest.sums import SUMS_NAME
from rekodiq_data.errors import NothingFound
from rekodiq_data.files.gate import list_files
from rekodiq_data.progress import Progress, silent
from rekodiq_data.report import Report
from rekodiq_data.signing import Signers, read_signers
from rekodiq_data.verify.contents import BUILD_NAME, DESCRIPTOR_NAME
from rekodiq_data.verify.folders import Proof, prove
from rekodiq_data.verify.stores import folders_in, prove_store

__all__ = ["Proof", "prove", "verify"]

_FOLDER_FILES = (SUMS_NAME, RECORD_NAME, BUILD_NAME, DESCRIPTOR_NAME)
_STORE_FILES = (CATALOG_NAME, POINTER_NAME)


def verify(
    path: Path | str,
    *,
    signers: Signers | Path | str | None = None,
    progress: Progress = silent,
) -> Report:
    """Compare every byte at `path` with what was built or released.

    Args:
        path: the folder of a built package, of one version, or of a whole store.
        signers: who may have signed, or the allowed-signers file that says so; every version
            must then be signed by one of them. Without it, versions need not be signed, and the
            report says of each whether it is.
        progress: told the bytes hashed so far.

    Returns:
        A report with a task per folder. An issue's type is `missing-file`, `extra-file`,
        `changed-file`, `odd-file` (a link, a pipe), `unreadable-file`, `not-canonical`,
        `unreadable-package`, `content-mismatch`, `unsigned`, `bad-signature`; of a store also
        `catalog-mismatch`, `pointer-mismatch`, `broken-chain`, and the warning
        `unfinished-release`.

    Raises:
        NothingFound: `path` does not exist, or holds nothing that can be verified.
        NotReadable: a folder can't be read, or the file of signers is malformed.
    """
    path = Path(path)
    if signers is not None and not isinstance(signers, Signers):
        signers = read_signers(signers)
    if not path.is_dir():
        reason = "is not a folder" if path.exists() else "does not exist"
        raise NothingFound(
            path, f'"{path}" {reason}', hint="name a built package, a version or a store"
        )
    done = 0

    def tell(size: int) -> None:
        nonlocal done
        done += size
        progress(done, None, "bytes")

    # By name, links and all: what has been swapped for something odd is to be found, too.
    if any(os.path.lexists(path / name) for name in _FOLDER_FILES):
        proof = prove(path, signers=signers, tell=tell)
        return Report(tasks=(proof.task,), subject=str(path))
    if any(os.path.lexists(path / name) for name in _STORE_FILES) or folders_in(
        list_files(path)
    ):
        return prove_store(path, tell, signers)
    raise NothingFound(
        path,
        f'"{path}" holds nothing that can be verified',
        hint=f"looked for {SUMS_NAME} (package or version) and {CATALOG_NAME} (store)",
    )
