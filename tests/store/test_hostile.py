"""A store that lies: refused with the reason, the cache as it was, and hardly a byte too many.

Each lie is told to a client that knows nothing yet, and to one that has used the store before.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from rekodiq_data.errors import NotVerified, RekodiqError, Unreachable, WrongCall
from rekodiq_data.load import load
from rekodiq_data.release import release
from rekodiq_data.store import Limits, fetch, open_release, open_store
from rekodiq_data.store.source import SLACK
from tests.published import built, copied, snapshot, store
from tests.signing.keygen import make_key
from tests.store.servers import count_reads, serving

# A server that lies is not to hold up the tests; a busy machine is not to be taken for one.
QUICK = Limits(silence_seconds=10, head_seconds=20, attempts=2, first_wait=0.01)
HASTY = Limits(silence_seconds=0.3, head_seconds=0.5, least_rate=1_000_000, attempts=1)
PARQUET = "v1.1.0/data/estimates.parquet"
SUMS = "v1.1.0/SHA256SUMS"
RECORD = "v1.1.0/release.json"
CATALOG = "catalog.json"
ASKED = (CATALOG, SUMS, RECORD, PARQUET)


@pytest.fixture
def shelf(tmp_path):
    return copied(store(), tmp_path / "store")


@pytest.fixture
def stage(shelf):
    with serving(shelf) as stage:
        yield stage


@pytest.fixture(params=["unknown", "known"])
def cache(request, stage, tmp_path):
    """An empty cache, or one of a client that has used an older version of the store."""
    folder = tmp_path / "cache"
    if request.param == "known":
        load("sources", store=stage.url, version="1.0.0", cache=folder)
    stage.requests.clear()
    return folder


def _kept(cache: Path) -> dict[str, bytes]:
    """All that readers of the cache look at."""
    files = snapshot(cache) if cache.exists() else {}
    return {path: data for path, data in files.items() if not path.startswith("incoming/")}


def _stated(shelf: Path) -> dict[str, int]:
    return {path: len(data) for path, data in snapshot(shelf).items()}


def _refused(stage, cache, monkeypatch, kind, *, limits=QUICK, most=0, **options):
    """Fetch, be refused for that reason, and keep what had been proved before, nothing more.

    `most` is what the server states beyond what it should: a length that can't be known yet.
    """
    before = _kept(cache)
    sizes = _stated(store())
    reads = count_reads(monkeypatch)
    output = cache.parent / "out"
    with pytest.raises((NotVerified, Unreachable)) as caught:
        fetch("1.1.0", store=stage.url, output=output, cache=cache, limits=limits, **options)
    if isinstance(caught.value, NotVerified):
        assert [each.type for each in caught.value.report.all_issues()] == [kind]
    else:
        assert kind is Unreachable
    for read, path in zip(reads, stage.paths(), strict=False):
        assert read <= sizes.get(path, 0) + SLACK + most
    _only_released(cache, before)
    for path in output.rglob("*") if output.exists() else ():
        name = path.relative_to(output).as_posix()
        assert path.is_dir() or path.read_bytes() == (store() / "v1.1.0" / name).read_bytes()
    return caught.value


def _only_released(cache: Path, before: dict[str, bytes]) -> None:
    """Nothing that was kept has changed, and what is new is what was released."""
    after = _kept(cache)
    assert {path: after.get(path) for path in before if "memory" not in path} == {
        path: data for path, data in before.items() if "memory" not in path
    }
    honest = {hashlib.sha256(data).hexdigest() for data in snapshot(store()).values()}
    for path, data in after.items():
        if path.startswith("objects/"):
            digest = hashlib.sha256(data).hexdigest()
            assert digest in honest
            assert path == f"objects/{digest[:2]}/{digest}"
        elif path.endswith("memory.json"):
            known = {each["version"]: each["sha256_of_SHA256SUMS"] for each in _listed()}
            assert json.loads(data)["versions"].items() <= known.items()
        else:
            assert data == (store() / CATALOG).read_bytes()


def _listed():
    return json.loads((store() / CATALOG).read_text())["versions"]


# --- endless, long, short --------------------------------------------------------------------


def _raw(head: str, pieces):
    """An act that sends this head, then pieces until the client leaves."""

    def act(handler, _data):
        handler.wfile.write(head.replace("\n", "\r\n").encode())
        for piece in pieces():
            handler.wfile.write(piece)

    return act


def _for_ever(piece: bytes):
    def pieces():
        while True:
            yield piece

    return pieces


ENDLESS = {
    "body": _raw("HTTP/1.1 200 OK\n\n", _for_ever(b"x" * 4096)),
    "chunks": _raw(
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n",
        _for_ever(b"1000\r\n" + b"x" * 4096 + b"\r\n"),
    ),
    "chunk line": _raw(
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n", _for_ever(b"0" * 4096)
    ),
    "head": _raw("HTTP/1.1 200 OK\n", _for_ever(b"X-More: " + b"x" * 4096 + b"\r\n")),
    "head line": _raw("HTTP/1.1 200 OK\nX-More: ", _for_ever(b"x" * 4096)),
    "announcements": _raw("", _for_ever(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)),
    "huge length": lambda handler, data: handler.answer(200, data, length="9" * 15),
}


@pytest.mark.parametrize("path", ASKED)
@pytest.mark.parametrize("way", ENDLESS)
def test_an_endless_answer_is_cut_off(stage, cache, monkeypatch, path, way):
    stage.acts[path] = ENDLESS[way]
    kind = "wrong-size"
    # A line longer than the protocol has, in an answer that may be longer still.
    if way in {"chunk line", "head line"} and path == PARQUET:
        kind = Unreachable
    _refused(stage, cache, monkeypatch, kind)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (CATALOG, "not-canonical"),
        (SUMS, "changed-file"),
        (RECORD, "changed-file"),
        (PARQUET, "wrong-size"),
    ],
)
def test_a_length_that_is_no_number_is_none(stage, cache, monkeypatch, path, kind):
    stage.acts[path] = lambda handler, data: handler.answer(200, data + b"x", length="9" * 400)
    _refused(stage, cache, monkeypatch, kind)


@pytest.mark.parametrize("path", ASKED[1:])
@pytest.mark.parametrize("change", [b"", b"x", b"x" * 100_000])
def test_a_file_that_is_longer_or_shorter_is_refused(stage, cache, monkeypatch, path, change):
    def act(handler, data):
        handler.answer(200, data + change if change else data[:-1])

    stage.acts[path] = act
    too_long = path == RECORD and len(change) > 1  # for a whole version
    kind = "wrong-size" if path == PARQUET or too_long else "changed-file"
    _refused(stage, cache, monkeypatch, kind, most=len(change))


def test_a_list_that_is_far_too_long_is_not_read(stage, cache, monkeypatch):
    stage.acts[SUMS] = lambda handler, data: handler.answer(200, data, length="4194305")
    error = _refused(stage, cache, monkeypatch, "wrong-size")
    assert "the server offers 4,194,305 bytes, and 4,194,304 are the limit" in error.message


def test_more_than_was_stated_is_refused_without_a_length_too(stage, cache, monkeypatch):
    def act(handler, data):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n" + data + b"x")

    stage.acts[PARQUET] = act
    assert "more than" in _refused(stage, cache, monkeypatch, "wrong-size").message


# --- cut, stalled, slow ----------------------------------------------------------------------


@pytest.mark.parametrize("path", ASKED)
@pytest.mark.parametrize("sixteenth", range(16))
def test_a_file_that_is_cut_is_never_taken(stage, cache, monkeypatch, path, sixteenth):
    def act(handler, data):
        wanted = handler.headers.get("Range")
        left = len(data) - int(wanted[6:-1]) if wanted else len(data)
        handler.give(data, cut=left * sixteenth // 16)

    stage.acts[path] = act
    if path == CATALOG and _kept(cache):
        # Who knows a catalog goes on with that one, which is as whole as it was.
        fetch("1.1.0", store=stage.url, output=cache.parent / "out", cache=cache, limits=QUICK)
        assert open_store(stage.url, cache=cache, limits=QUICK).versions
        return
    error = _refused(stage, cache, monkeypatch, Unreachable)
    assert "the connection ended after" in error.message
    parts = list(cache.rglob("*.part"))
    released = (store() / path).read_bytes()
    assert all(released.startswith(part.read_bytes()) for part in parts)
    stage.acts.clear()
    fetch("1.1.0", store=stage.url, output=cache.parent / "out", cache=cache)
    assert snapshot(cache.parent / "out") == snapshot(store() / "v1.1.0")


@pytest.fixture
def patience():
    """What stalling servers wait for, so that they end with their test."""
    event = threading.Event()
    yield event
    event.set()


@pytest.mark.parametrize("path", ASKED)
@pytest.mark.parametrize("way", ["silent", "drips a head", "half a body", "drips a body"])
def test_a_server_that_stalls_is_given_up(stage, cache, monkeypatch, patience, path, way):
    def act(handler, data):
        if way == "silent":
            patience.wait(5)
        elif way == "drips a head":
            while not patience.wait(0.05):
                handler.wfile.write(b"X")
        elif way == "half a body":
            handler.give(data, cut=len(data) // 2)
            patience.wait(5)
        else:
            handler.answer(200, data, cut=0)
            for place in range(len(data)):
                handler.wfile.write(data[place : place + 1])
                if patience.wait(0.1):
                    return

    stage.acts[path] = act
    if path == CATALOG and _kept(cache):
        return
    error = _refused(stage, cache, monkeypatch, Unreachable, limits=HASTY)
    assert "the server stalls" in error.message


# --- other answers ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", ASKED)
def test_a_server_that_sends_us_elsewhere_is_not_followed(
    stage, cache, monkeypatch, tmp_path, path
):
    with serving(store()) as other:
        stage.acts[path] = lambda handler, _: handler.answer(
            302, b"", Location=f"{other.url}/{path}"
        )
        error = _refused(stage, cache, monkeypatch, "redirected")
        assert f'elsewhere, to "{other.url}"' in error.message
        assert other.requests == []


@pytest.mark.parametrize(
    "location", ["https://127.0.0.1/", "//example.org/x", "file:///etc/passwd", "http://[::1]/"]
)
def test_another_scheme_host_or_port_is_elsewhere(stage, cache, monkeypatch, location):
    stage.acts[SUMS] = lambda handler, _: handler.answer(307, b"", Location=location)
    _refused(stage, cache, monkeypatch, "redirected")


def test_redirects_without_end_are_not_followed(stage, cache, monkeypatch):
    stage.acts[SUMS] = lambda handler, _: handler.answer(301, b"", Location=f"/{SUMS}")
    error = _refused(stage, cache, monkeypatch, "redirected")
    assert "again and again" in error.message


@pytest.mark.parametrize(("status", "kind"), [(403, "no-access"), (500, Unreachable)])
def test_a_server_that_does_not_want_is_told(stage, cache, monkeypatch, status, kind):
    stage.acts[PARQUET] = lambda handler, data: handler.answer(status, data)
    assert f"the server answers {status}" in _refused(stage, cache, monkeypatch, kind).message


def test_a_packed_answer_is_not_unpacked(stage, cache, monkeypatch):
    stage.acts[PARQUET] = lambda handler, data: handler.answer(
        200, data, **{"Content-Encoding": "gzip"}
    )
    assert "packed (gzip)" in _refused(stage, cache, monkeypatch, "wrong-size").message


def test_what_is_no_http_is_not_taken(stage, cache, monkeypatch):
    for answer in (b"220 ready\r\n", b""):
        stage.acts[SUMS] = lambda handler, _, answer=answer: handler.wfile.write(answer)
        _refused(stage, cache, monkeypatch, Unreachable)


@pytest.mark.parametrize("path", ASKED[1:])
def test_a_file_that_is_listed_and_not_there_is_named(stage, shelf, cache, monkeypatch, path):
    (shelf / path).unlink()
    assert path in _refused(stage, cache, monkeypatch, "missing-file").message


# --- old, mixed, foreign ---------------------------------------------------------------------


def _with_bytes(path, content):
    return lambda shelf: (shelf / path).write_bytes(content(shelf))


def _relist(shelf, change):
    """Change release.json of 1.1.0, and make list and catalog agree with it."""
    record = json.loads((shelf / RECORD).read_text())
    change(record)
    data = (json.dumps(record, indent=2) + "\n").encode()
    _, sums, catalog = (shelf / each for each in (RECORD, SUMS, CATALOG))
    old = {
        path: hashlib.sha256(path.read_bytes()).hexdigest() for path in (shelf / RECORD, sums)
    }
    (shelf / RECORD).write_bytes(data)
    text = sums.read_text().replace(old[shelf / RECORD], hashlib.sha256(data).hexdigest())
    sums.write_text(text)
    found = hashlib.sha256(text.encode()).hexdigest()
    catalog.write_text(catalog.read_text().replace(old[sums], found))


MIXED = {
    "an older file": (
        lambda shelf: shutil.copy(shelf / "v1.0.0/data/estimates.parquet", shelf / PARQUET),
        {"changed-file", "wrong-size"},
    ),
    "a file of another table": (
        lambda shelf: shutil.copy(shelf / "v1.1.0/data/sources.parquet", shelf / PARQUET),
        {"wrong-size"},
    ),
    "an older list": (
        lambda shelf: shutil.copy(shelf / "v1.0.0/SHA256SUMS", shelf / SUMS),
        {"changed-file"},
    ),
    "an older record": (
        lambda shelf: shutil.copy(shelf / "v1.0.0/release.json", shelf / RECORD),
        {"changed-file"},
    ),
    "a version under another number": (
        lambda shelf: _relist(shelf, lambda record: record.update(version="1.1.1")),
        {"content-mismatch"},
    ),
    "a record of other files": (
        lambda shelf: _relist(shelf, lambda record: record["files"].pop("csv/sources.csv")),
        {"content-mismatch"},
    ),
    "a record of other content": (
        lambda shelf: _relist(
            shelf, lambda record: record.update(content_digest="sha256:" + "0" * 64)
        ),
        {"catalog-mismatch"},
    ),
    "a record that is none": (
        lambda shelf: _relist(shelf, lambda record: record.clear()),
        {"unreadable-file", "wrong-size"},
    ),
    "a history without 1.0.0": (
        lambda shelf: _relist(shelf, lambda record: record.update(previous=None)),
        {"catalog-mismatch", "broken-chain"},
    ),
}


@pytest.mark.parametrize("way", MIXED)
def test_a_mixture_is_refused(stage, shelf, cache, monkeypatch, way):
    change, kinds = MIXED[way]
    change(shelf)
    before = _kept(cache)
    with pytest.raises(NotVerified) as caught:
        fetch("1.1.0", store=stage.url, output=cache.parent / "out", cache=cache, limits=QUICK)
    (kind,) = (each.type for each in caught.value.report.all_issues())
    assert kind in kinds
    if way.startswith(("an older", "a file")):
        _only_released(cache, before)
    else:
        assert _kept(cache) == before


def test_a_catalog_that_skips_a_version_breaks_the_chain(stage, shelf, tmp_path):
    value = json.loads((shelf / CATALOG).read_text())
    value["versions"] = [each for each in value["versions"] if each["version"] != "1.0.0"]
    (shelf / CATALOG).write_text(json.dumps(value, indent=2))
    with pytest.raises(NotVerified, match="it does not follow the version before it"):
        open_release("1.1.0", store=stage.url, cache=tmp_path / "cache")


def test_a_list_without_the_record_is_refused(stage, shelf, tmp_path):
    old = hashlib.sha256((shelf / SUMS).read_bytes()).hexdigest()
    lines = (shelf / SUMS).read_text().splitlines(keepends=True)
    text = "".join(line for line in lines if "release.json" not in line)
    (shelf / SUMS).write_text(text)
    new = hashlib.sha256(text.encode()).hexdigest()
    (shelf / CATALOG).write_text((shelf / CATALOG).read_text().replace(old, new))
    with pytest.raises(NotVerified, match="SHA256SUMS does not list it"):
        open_release("1.1.0", store=stage.url, cache=tmp_path / "cache")


@pytest.fixture
def used(stage, tmp_path):
    """A cache that has seen 1.1.0."""
    folder = tmp_path / "used"
    load("sources", store=stage.url, cache=folder)
    return folder


def _older(shelf):
    shutil.rmtree(shelf)
    release(built("1.0.0", "12.5"), shelf)


def test_an_older_store_is_refused_by_who_has_seen_a_newer_one(stage, shelf, used):
    _older(shelf)
    before = _kept(used)
    with pytest.raises(
        NotVerified, match=r"it does not list 1\.1\.0.*its newest is 1\.0\.0"
    ) as (caught):
        load("sources", store=stage.url, cache=used)
    assert [each.type for each in caught.value.report.all_issues()] == ["older-store"]
    assert _kept(used) == before


def test_an_empty_store_is_older_than_any(stage, shelf, used):
    (shelf / CATALOG).write_text('{"name": "small", "newest": null, "versions": []}')
    with pytest.raises(NotVerified, match="does not list"):
        load("sources", store=stage.url, cache=used)


def test_an_older_store_is_taken_for_a_version_that_is_named(stage, shelf, used):
    _older(shelf)
    options = {"store": stage.url, "cache": used, "allow_older": True}
    before = _kept(used)
    assert str(open_release("1.0.0", **options).version) == "1.0.0"
    with pytest.raises(WrongCall, match="only for a version that is named"):
        open_release(**options)
    assert [str(each.version) for each in open_store(**options).versions] == ["1.0.0"]
    # What was seen stays seen.
    assert {path: _kept(used)[path] for path in before} == before


def test_a_version_is_taken_from_an_older_store_by_its_number(stage, shelf, tmp_path):
    cache = tmp_path / "cache"
    open_release("2.0.0-rc.1", store=stage.url, cache=cache)
    _older(shelf)
    assert open_release("1.0.0", store=stage.url, cache=cache, allow_older=True).verified()


@pytest.mark.parametrize("allow_older", [False, True])
def test_other_content_for_a_version_that_was_seen_is_refused(stage, shelf, used, allow_older):
    shutil.rmtree(shelf)
    for version, tonnage in (("1.0.0", "99"), ("1.1.0", "98")):
        release(built(version, tonnage), shelf)
    before = _kept(used)
    with pytest.raises(NotVerified, match="different content for the same version") as caught:
        open_store(stage.url, cache=used, allow_older=allow_older).versions  # noqa: B018
    assert [each.type for each in caught.value.report.all_issues()] == ["other-content"]
    pin = open_store(shelf).release("1.1.0").pin
    with pytest.raises(NotVerified, match="different content for the same version"):
        open_release(pin, store=stage.url, cache=used, allow_older=allow_older)
    assert _kept(used) == before


def test_another_package_is_refused(stage, shelf, used):
    shutil.rmtree(shelf)
    for version, tonnage in (("1.0.0", "12.5"), ("1.1.0", "12.6")):
        release(built(version, tonnage, "other"), shelf)
    with pytest.raises(NotVerified, match='lists the package "other"; here it was "small"'):
        load("sources", store=stage.url, cache=used)


def test_what_another_process_saw_meanwhile_counts(stage, shelf, used):
    opened = open_store(stage.url, cache=used)
    assert opened.versions
    (memory,) = used.rglob("memory.json")
    memory.write_text(memory.read_text().replace('"1.0.0": "', '"1.0.0": "0'))
    value = json.loads(memory.read_text())
    value["versions"]["2.0.0-rc.1"] = "0" * 64
    memory.write_text(json.dumps(value))
    with pytest.raises(NotVerified, match="different content for the same version"):
        opened.release()


# --- signatures ------------------------------------------------------------------------------


class SshSigners:
    """The keys in an `allowed_signers` file, as ssh-keygen judges them."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def verify(self, data: bytes, signature: bytes) -> str:
        path = self._file.with_name("signature")
        path.write_bytes(signature)
        words = ["-f", str(self._file), "-I", "maintainer", "-n", "rekodiq-data"]
        done = subprocess.run(
            ["ssh-keygen", "-Y", "verify", *words, "-s", str(path)],
            input=data,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise RekodiqError("the signature is by none of the keys that are trusted")
        return "maintainer"


@pytest.fixture
def keys(tmp_path):
    """Two keys; the first is trusted."""
    for name in ("right", "wrong"):
        make_key(tmp_path, name)
    public = (tmp_path / "right.pub").read_text()
    (tmp_path / "signers").write_text(f'maintainer namespaces="rekodiq-data" {public}')
    return tmp_path


def _sign(file: Path, key: Path) -> None:
    subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-f", str(key), "-n", "rekodiq-data", str(file)],
        check=True,
        capture_output=True,
    )


@pytest.mark.parametrize("where", ["folder", "address"])
def test_a_signed_version_names_its_signer(stage, shelf, tmp_path, keys, where):
    _sign(shelf / SUMS, keys / "right")
    signers = SshSigners(keys / "signers")
    place = shelf if where == "folder" else stage.url
    options = {"store": place, "cache": tmp_path / "cache", "signers": signers}
    fetched = fetch("1.1.0", output=tmp_path / "out", **options)
    assert fetched.signer == "maintainer"
    assert (tmp_path / "out" / "SHA256SUMS.sig").is_file()
    assert load("sources", version="1.1.0", **options).attrs["version"] == "1.1.0"
    if where == "address":
        # Offline, the signature is checked as before.
        shutil.rmtree(shelf)
        assert open_release("1.1.0", **options).signer == "maintainer"


@pytest.mark.parametrize("where", ["folder", "address"])
@pytest.mark.parametrize("lie", ["unsigned", "wrong key", "signature of another version"])
def test_a_version_that_nobody_trusted_signed_is_refused(
    stage, shelf, tmp_path, keys, where, lie
):
    if lie == "wrong key":
        _sign(shelf / SUMS, keys / "wrong")
    elif lie != "unsigned":
        _sign(shelf / "v1.0.0/SHA256SUMS", keys / "right")
        shutil.move(shelf / "v1.0.0/SHA256SUMS.sig", shelf / f"{SUMS}.sig")
    cache = tmp_path / "cache"
    words = "this version is unsigned" if lie == "unsigned" else "by none of the keys"
    with pytest.raises(NotVerified, match=words) as caught:
        fetch(
            "1.1.0",
            store=shelf if where == "folder" else stage.url,
            output=tmp_path / "out",
            cache=cache,
            signers=SshSigners(keys / "signers"),
        )
    (issue,) = caught.value.report.all_issues()
    assert issue.type == ("unsigned" if lie == "unsigned" else "bad-signature")
    assert _kept(cache) == {}
    assert not (tmp_path / "out").exists()
