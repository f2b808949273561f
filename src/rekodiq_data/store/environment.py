"""What the library takes from the environment: all of it, in one place."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Environment:
    """What the user set outside of Python.

    Attributes:
        store: `REKODIQ_DATA_STORE`, the store that is used where none is named.
        s3_endpoint: `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL`, where s3:// addresses are
            served by somebody else than Amazon.
        has_s3_key: whether `AWS_ACCESS_KEY_ID` is set; without one, reads are anonymous.
    """

    store: str | None
    s3_endpoint: str | None
    has_s3_key: bool


def read_environment() -> Environment:
    """The settings that are looked for outside of Python. Empty ones count as not set."""
    endpoints = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
    return Environment(
        store=os.environ.get("REKODIQ_DATA_STORE") or None,
        s3_endpoint=next((os.environ[key] for key in endpoints if os.environ.get(key)), None),
        has_s3_key=bool(os.environ.get("AWS_ACCESS_KEY_ID")),
    )
