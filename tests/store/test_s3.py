"""A store in a bucket: read as anybody may, or with a key, from a server that speaks S3."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from rekodiq_data.errors import NothingFound, NotVerified, Unreachable, WrongCall
from rekodiq_data.load import load
from rekodiq_data.release import release
from rekodiq_data.store import Limits, fetch, open_release, open_store
from rekodiq_data.store import s3 as module
from rekodiq_data.verify import verify
from tests.published import built, copied, snapshot, store
from tests.store.servers import serving

QUICK = Limits(attempts=2, first_wait=0.01)
PARQUET = "v1.1.0/data/estimates.parquet"

pytest.importorskip("obstore")


@pytest.fixture
def shelf(tmp_path):
    """A folder that, served, answers like a bucket called `bucket`."""
    return copied(store(), tmp_path / "top" / "bucket" / "data")


@pytest.fixture
def stage(shelf, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    with serving(shelf.parents[1]) as stage:
        monkeypatch.setenv("AWS_ENDPOINT_URL", stage.url)
        yield stage


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


def test_a_bucket_is_a_store(stage, shelf, tmp_path, cache):
    fetch(store="s3://bucket/data", output=tmp_path / "out", cache=cache)
    assert snapshot(tmp_path / "out") == snapshot(shelf / "v1.1.0")
    assert verify(tmp_path / "out").valid


def test_long_files_come_in_pieces(stage, shelf, cache, monkeypatch):
    monkeypatch.setattr(module, "_PIECE", 1500)
    load("estimates", store="s3://bucket/data", version="1.1.0", cache=cache)
    ranges = [asked for path, asked in stage.requests if path.endswith("estimates.parquet")]
    assert ranges[:2] == ["bytes=0-1499", "bytes=1500-2999"]


def test_a_bucket_without_a_store_is_said(stage, cache):
    with pytest.raises(NothingFound, match=r"it has no catalog\.json"):
        open_release(store="s3://bucket/elsewhere", cache=cache)


LIES = {
    "another length": (lambda handler, data: _answer(handler, data + b"x"), NotVerified),
    "cut": (lambda handler, data: _answer(handler, data, cut=10), Unreachable),
    "more than asked for": (
        lambda handler, data: _answer(handler, data, more=b"x" * 3_000_000),
        NotVerified,
    ),
    "less than asked for": (lambda handler, data: _answer(handler, data, less=10), Unreachable),
    "busy": (lambda handler, _: handler.answer(503, b""), Unreachable),
    "not allowed": (lambda handler, _: handler.answer(403, b""), NotVerified),
    "other bytes": (lambda handler, data: _answer(handler, b"x" * len(data)), NotVerified),
}


def _answer(handler, data, *, cut=None, more=b"", less=0):
    first, last = handler.headers["Range"].removeprefix("bytes=").split("-")
    part = data[int(first) : int(last) + 1]
    span = f"bytes {first}-{int(first) + len(part) - 1}/{len(data)}"
    body = part[: len(part) - less] + more
    handler.answer(206, body, cut=cut, **{"Content-Range": span})


@pytest.mark.parametrize("lie", LIES)
def test_a_bucket_that_lies_is_refused(stage, cache, lie):
    act, error = LIES[lie]
    release = open_release("1.1.0", store="s3://bucket/data", cache=cache, limits=QUICK)
    stage.acts[f"bucket/data/{PARQUET}"] = act
    with pytest.raises(error):
        release.bring("data/estimates.parquet")
    assert not release.store.cache.holds(
        release.sums()["data/estimates.parquet"], release.size("data/estimates.parquet")
    )


def test_a_catalog_without_end_is_not_read(stage, cache):
    def act(handler, _):
        piece = b"x" * 1024 * 1024
        span = f"bytes 0-{len(piece) - 1}/999999999"
        handler.answer(206, piece, **{"Content-Range": span})

    stage.acts["bucket/data/catalog.json"] = act
    with pytest.raises(NotVerified, match="999,999,999 bytes, and 4,194,304 are the limit"):
        open_release(store="s3://bucket/data", cache=cache, limits=QUICK)


def test_without_the_extra_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    with pytest.raises(WrongCall, match="need a package") as caught:
        open_store("s3://bucket/data")
    assert caught.value.hint == 'pip install "rekodiq-data[s3]"'


# --- a server of S3 that others wrote ---------------------------------------------------------


# It has an environment of its own, which scripts/test makes: requirements/s3server.in.
MOTO = Path(sys.prefix) / "s3server" / "bin" / "python"


@pytest.fixture(scope="module")
def moto():
    """The address of a running server of S3."""
    if not MOTO.exists():
        pytest.skip("the S3 server is not installed; scripts/test does that")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    # Nothing of what the tests run with is its own.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    server = subprocess.Popen(
        [MOTO, "-m", "moto.server", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    try:
        for _ in range(600):
            with suppress(OSError), urllib.request.urlopen(url, timeout=1):
                break
            time.sleep(0.1)
        yield url
    finally:
        server.terminate()
        server.wait()


def _put(address, data=None):
    asked = urllib.request.Request(
        address,
        data or b"",
        method="PUT",
        headers={"x-amz-acl": "public-read", "Content-Type": "application/octet-stream"},
    )
    urllib.request.urlopen(asked, timeout=60).close()


def _fill(moto, bucket, files):
    _put(f"{moto}/{bucket}")
    for path, data in files.items():
        _put(f"{moto}/{bucket}/open/{path}", data)


@pytest.fixture
def place(moto, monkeypatch):
    """Names a bucket of a test's own, which is read as anybody may."""
    for name in ("AWS_ENDPOINT_URL_S3", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto)

    def named(name, files):
        _fill(moto, name, files)
        return f"s3://{name}/open"

    return named


@pytest.mark.parametrize("keyed", [True, False])
def test_a_store_is_put_into_s3_and_read_back(place, tmp_path, monkeypatch, cache, keyed):
    address = place(f"shelf-{keyed}".lower(), snapshot(store()))
    if keyed:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    fetch(store=address, output=tmp_path / "out", cache=cache)
    assert snapshot(tmp_path / "out") == snapshot(store() / "v1.1.0")
    assert load("sources", store=address, version="1.0.0", cache=cache).shape == (2, 2)
    with pytest.raises(NothingFound, match=r"it has no catalog\.json"):
        open_release(store=f"{address}/elsewhere", cache=cache)


def test_a_download_from_s3_goes_on_where_it_was_cut(place, cache):
    files = snapshot(store())
    opened = open_release("1.1.0", store=place("cut", files), cache=cache)
    digest = opened.sums()["data/estimates.parquet"]
    part = cache / "incoming" / digest[:2] / f"{digest}.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(files[PARQUET][:1000])
    told = []
    opened.bring("data/estimates.parquet", told.append)
    assert told[0] == 1000
    assert sum(told) == len(files[PARQUET])
    assert opened.store.cache.get(digest) == files[PARQUET]


def test_what_somebody_changed_in_a_bucket_is_refused(place, moto, cache):
    files = snapshot(store())
    address = place("changed", files)
    bad = bytearray(files[PARQUET])
    bad[500] ^= 1
    _put(f"{moto}/changed/open/{PARQUET}", bytes(bad))
    with pytest.raises(NotVerified) as caught:
        load("estimates", store=address, version="1.1.0", cache=cache)
    assert [each.type for each in caught.value.report.all_issues()] == ["changed-file"]
    # Who has seen 1.1.0 takes no store without it.
    load("sources", store=address, version="1.1.0", cache=cache)
    release(built(), cache.parent / "old")
    for path, data in snapshot(cache.parent / "old").items():
        _put(f"{moto}/changed/open/{path}", data)
    with pytest.raises(NotVerified, match=r"it does not list 1\.1\.0"):
        load("sources", store=address, cache=cache)


def test_a_reader_of_a_bucket_sees_one_version_or_the_other_while_it_is_filled(
    place, moto, tmp_path, cache
):
    """In the order of docs/hosting.md: versions, verify.py, catalog.json, latest."""
    release(built(), tmp_path / "source")
    old = snapshot(tmp_path / "source")
    release(built("1.1.0", "12.6"), tmp_path / "source")
    new = snapshot(tmp_path / "source")
    address = place("filled", old)
    rest = ["verify.py", "catalog.json", "latest"]
    seen = []
    for path in [*(path for path in new if path.startswith("v1.1.0/")), *rest]:
        _put(f"{moto}/filled/open/{path}", new[path])
        frame = load("estimates", store=address, cache=cache)
        version = frame.attrs["version"]
        assert frame["tonnage_mt"][0] == {"1.0.0": 12.5, "1.1.0": 12.6}[version]
        seen.append(version)
    assert seen == sorted(seen)
    assert set(seen) == {"1.0.0", "1.1.0"}
