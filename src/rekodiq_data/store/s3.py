"""Files of an S3 bucket, or of another server that speaks the same, in bounded pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rekodiq_data.errors import WrongCall
from rekodiq_data.store.address import is_loopback_address
from rekodiq_data.store.environment import read_environment
from rekodiq_data.store.source import Absent, Limits, Trouble
from rekodiq_data.verify.findings import damaged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rekodiq_data.store.address import Address

# Each piece is a request of its own, so that no answer is longer than this.
_PIECE = 1024 * 1024
_BLOCK = 64 * 1024


class S3Source:
    """The files below s3://bucket/path.

    Who has no key in the environment reads as anybody may.
    """

    def __init__(self, address: Address, limits: Limits) -> None:
        try:
            from obstore.store import S3Store
        except ImportError as error:
            raise WrongCall(
                "s3:// addresses need a package that is not installed",
                hint='pip install "rekodiq-data[s3]"',
            ) from error
        self._address = address
        environment = read_environment()
        options: dict[str, Any] = {
            "connect_timeout": f"{int(limits.connect_seconds * 1000)}ms",
            "timeout": f"{int((limits.head_seconds + _PIECE / limits.least_rate) * 1000)}ms",
            "allow_http": is_loopback_address(environment.s3_endpoint or ""),
        }
        self._bucket = S3Store(
            address.host,
            prefix=address.path.strip("/") or None,
            client_options=options,
            # Attempts are counted in one place, and that is not here.
            retry_config={"max_retries": 0},
            skip_signature=not environment.has_s3_key,
        )

    @property
    def place(self) -> str:
        """The address."""
        return str(self._address)

    def blocks(self, path: str, *, start: int, size: int | None, cap: int) -> Iterator[bytes]:
        """The bytes of the file `path` from `start` on; see `Source.blocks`."""
        import obstore
        from obstore.exceptions import (
            BaseError,
            PermissionDeniedError,
            UnauthenticatedError,
        )

        total = size
        at = start
        while total is None or at < total:
            stop = at + _PIECE if total is None else min(at + _PIECE, total)
            try:
                answer = obstore.get(self._bucket, path, options={"range": (at, stop)})
                total = self._total(answer.meta["size"], path, size, cap)
                stop = min(stop, total)
                for block in answer.stream(min_chunk_size=_BLOCK):
                    data = bytes(block)
                    at += len(data)
                    if at > stop:
                        raise damaged(
                            self.place, path, "wrong-size", "the server sends more than it may"
                        )
                    yield data
            except FileNotFoundError as error:
                raise Absent(path) from error
            except (PermissionDeniedError, UnauthenticatedError) as error:
                raise damaged(
                    self.place,
                    path,
                    "no-access",
                    "the server does not allow it",
                    hint="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY if you have a key",
                ) from error
            except (BaseError, OSError, ValueError) as error:
                raise Trouble(str(error).splitlines()[0].rstrip(": ")) from error
            if at < stop:
                raise Trouble(f"the connection ended after {at:,} of {total:,} bytes")

    def _total(self, stated: int, path: str, size: int | None, cap: int) -> int:
        if size is not None and stated != size:
            note = f"it must have {size:,} bytes, and the server offers {stated:,}"
            raise damaged(self.place, path, "wrong-size", note)
        if size is None and stated > cap:
            note = f"the server offers {stated:,} bytes, and {cap:,} are the limit"
            raise damaged(self.place, path, "wrong-size", note)
        return stated
