"""A store on the network: brought whole, kept once, resumed, and needed no more once cached."""

from __future__ import annotations

import gc
import shutil
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from rekodiq_data.errors import (
    NothingFound,
    NotReadable,
    NotVerified,
    Unreachable,
    WrongCall,
)
from rekodiq_data.load import load
from rekodiq_data.store import Limits, fetch, open_release, open_store
from rekodiq_data.store.cache import locked
from rekodiq_data.verify import verify
from tests.published import copied, snapshot, store
from tests.store.servers import serving

QUICK = Limits(silence_seconds=0.5, head_seconds=1.0, attempts=3, first_wait=0.01)
ONCE = Limits(silence_seconds=0.5, head_seconds=1.0, attempts=1)
PARQUET = "data/estimates.parquet"


@pytest.fixture
def shelf(tmp_path):
    return copied(store(), tmp_path / "store")


@pytest.fixture
def stage(shelf):
    with serving(shelf) as stage:
        yield stage


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


def _released(shelf, version):
    return snapshot(shelf / f"v{version}")


def _kinds(caught):
    return [each.type for each in caught.value.report.all_issues()]


# --- what comes ------------------------------------------------------------------------------


def test_a_fetched_version_has_the_bytes_that_were_released(stage, shelf, tmp_path, cache):
    told = []
    fetched = fetch(
        store=stage.url,
        output=tmp_path / "out",
        cache=cache,
        progress=lambda *each: told.append(each),
    )
    assert snapshot(tmp_path / "out") == _released(shelf, "1.1.0")
    assert verify(tmp_path / "out").valid
    assert (fetched.version, fetched.tables, fetched.signer) == ("1.1.0", (), None)
    size = fetched.size
    assert size == open_store(shelf).release().entry.size
    assert told[0] == (0, size, "bytes")
    assert told[-1] == (size, size, "bytes")
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)


def test_only_the_files_of_a_table_are_asked_for(stage, shelf, tmp_path, cache):
    fetched = fetch(
        "1.0.0", store=stage.url, output=tmp_path / "out", cache=cache, tables=["sources"]
    )
    found = snapshot(tmp_path / "out")
    assert sorted(found) == [
        "CHANGELOG.md",
        "SHA256SUMS",
        "build.json",
        "csv/datapackage.json",
        "csv/sources.csv",
        "data/sources.parquet",
        "datapackage.json",
        "diff.json",
        "release.json",
    ]
    assert {
        each: data for each, data in _released(shelf, "1.0.0").items() if each in found
    } == (found)
    assert f"v1.0.0/{PARQUET}" not in stage.paths()
    assert fetched.files == 8
    done = subprocess.run(
        ["sha256sum", "--strict", "--ignore-missing", "--status", "-c", "SHA256SUMS"],
        cwd=tmp_path / "out",
        check=False,
    )
    assert done.returncode == 0


def test_the_rest_of_a_version_and_what_is_damaged_are_brought_later(stage, shelf, tmp_path):
    output, cache = tmp_path / "out", tmp_path / "cache"
    fetch(store=stage.url, output=output, cache=cache, tables=["sources"])
    (output / "datapackage.json").chmod(0o644)
    (output / "datapackage.json").write_text("{}")
    (output / ".left.part").write_text("by a run that was killed")
    fetch(store=stage.url, output=output, cache=cache)
    (output / ".left.part").unlink()
    assert snapshot(output) == _released(shelf, "1.1.0")


def test_a_folder_that_holds_something_else_is_left_alone(stage, tmp_path, cache):
    for name, content in (("notes.txt", "mine"), ("SHA256SUMS", "another list")):
        output = tmp_path / name.lower()
        output.mkdir()
        (output / name).write_text(content)
        with pytest.raises(WrongCall, match=r"holds something else than version 1\.1\.0"):
            fetch(store=stage.url, output=output, cache=cache)
        assert snapshot(output) == {name: content.encode()}
    (tmp_path / "file").write_text("")
    with pytest.raises(WrongCall, match="is not a folder"):
        fetch(store=stage.url, output=tmp_path / "file", cache=cache)


def test_a_folder_with_one_file_too_many_is_left_alone(stage, tmp_path, cache):
    output = tmp_path / "out"
    fetch(store=stage.url, output=output, cache=cache)
    (output / "notes.txt").write_text("mine")
    with pytest.raises(WrongCall, match=r'than version 1\.1\.0: "notes\.txt"'):
        fetch(store=stage.url, output=output, cache=cache)


def test_an_empty_folder_is_filled(stage, tmp_path, cache):
    (tmp_path / "out").mkdir()
    fetch(store=stage.url, output=tmp_path / "out", cache=cache)
    assert verify(tmp_path / "out").valid


def test_a_misspelt_table_gets_the_one_that_was_meant(stage, tmp_path, cache):
    with pytest.raises(WrongCall, match='Did you mean "sources"'):
        fetch(store=stage.url, output=tmp_path / "out", cache=cache, tables=["sorces"])
    assert not (tmp_path / "out").exists()


def test_a_local_store_is_fetched_from_through_the_same_door(shelf, tmp_path):
    fetched = fetch("1.0.0", store=shelf, output=tmp_path / "out")
    assert snapshot(tmp_path / "out") == _released(shelf, "1.0.0")
    again = fetch(fetched.pin, store=shelf, output=tmp_path / "more", tables=["sources"])
    assert again.pin == fetched.pin


def test_tables_load_from_an_address_and_say_the_same(stage, shelf, cache):
    near, far = (load("estimates", store=each, cache=cache) for each in (shelf, stage.url))
    assert far.equals(near)
    assert far.attrs == near.attrs


def test_a_table_alone_is_loaded_without_the_others(stage, cache):
    load("sources", store=f"{stage.url}/", version="1.0.0", cache=cache)
    assert stage.paths() == [
        "catalog.json",
        "v1.0.0/SHA256SUMS",
        "v1.0.0/release.json",
        "v1.0.0/datapackage.json",
        "v1.0.0/data/sources.parquet",
    ]


def test_a_name_becomes_a_verified_folder(stage, shelf, cache):
    opened = open_store(stage.url, cache=cache)
    assert [str(each.version) for each in opened.versions] == ["2.0.0-rc.1", "1.1.0", "1.0.0"]
    assert opened.catalog == open_store(shelf).catalog
    assert (opened.place, open_store(shelf).place) == (stage.url, shelf)
    folder = opened.resolve("1.0.0")
    assert snapshot(folder) == _released(shelf, "1.0.0")
    before = len(stage.requests)
    assert opened.resolve("1.0.0") == folder
    (folder / PARQUET).chmod(0o644)
    (folder / PARQUET).write_bytes(b"damaged")
    assert snapshot(opened.resolve("1.0.0")) == _released(shelf, "1.0.0")
    asked = stage.paths()[before:]
    assert [each for each in asked if not each.endswith(".sig")] == []


def test_a_store_that_is_not_there_is_said(stage, cache):
    with pytest.raises(NothingFound, match=r"it has no catalog\.json"):
        open_release(store=f"{stage.url}/elsewhere", cache=cache)
    with pytest.raises(WrongCall, match=r"there is no version 1\.2\.0"):
        open_release("1.2.0", store=stage.url, cache=cache)


def test_a_catalog_that_is_none_is_not_taken(stage, shelf, cache):
    (shelf / "catalog.json").write_text("[]")
    with pytest.raises(NotVerified) as caught:
        open_release(store=stage.url, cache=cache)
    assert _kinds(caught) == ["not-canonical"]


# --- pins ------------------------------------------------------------------------------------


def test_a_pinned_version_needs_no_catalog(stage, shelf, cache):
    pin = open_store(shelf).release("1.0.0").pin
    (shelf / "catalog.json").unlink()
    assert (
        load("sources", store=stage.url, version=pin, cache=cache).attrs["version"] == "1.0.0"
    )
    assert load("sources", store=shelf, version=pin).attrs["version"] == "1.0.0"


def test_a_pin_of_other_content_is_refused(stage, shelf, cache):
    number, _, digest = open_store(shelf).release("1.1.0").pin.partition("@")
    wrong = f"1.0.0@{digest}"
    for place in (stage.url, shelf):
        with pytest.raises(NotVerified):
            open_release(wrong, store=place, cache=cache).sums()
    with pytest.raises(NotVerified, match="was asked for, and it has"):
        open_store(shelf).release(wrong)
    assert open_store(shelf).release(f"{number}@{digest}").verified()


@pytest.mark.parametrize("digest", ["", "sha256:", "sha256:" + "A" * 64, "md5:" + "0" * 32])
def test_a_malformed_digest_is_a_wrong_call(shelf, digest):
    with pytest.raises(WrongCall, match="is no digest of a version"):
        open_release(f"1.0.0@{digest}", store=shelf)


# --- the cache -------------------------------------------------------------------------------


def test_what_is_cached_needs_no_network(shelf, tmp_path, cache):
    with serving(shelf) as stage:
        first = load("estimates", store=stage.url, cache=cache)
        load("estimates", store=stage.url, version="1.0.0", cache=cache)
    assert load("estimates", store=stage.url, cache=cache).equals(first)
    assert load("estimates", store=stage.url, version="1.0.0", cache=cache) is not None
    opened = open_store(stage.url, cache=cache)
    assert str(opened.versions[0].version) == "2.0.0-rc.1"
    assert opened.is_offline
    assert not open_store(shelf).is_offline
    with pytest.raises(Unreachable, match="can't be read: ConnectionRefusedError"):
        load("sources", store=stage.url, cache=cache)
    with pytest.raises(Unreachable):
        open_release(store=stage.url, cache=tmp_path / "another", limits=QUICK)


def test_a_version_that_was_fetched_is_fetched_again_without_the_store(shelf, tmp_path, cache):
    with serving(shelf) as stage:
        fetch(store=stage.url, output=tmp_path / "first", cache=cache)
    fetched = fetch(store=stage.url, output=tmp_path / "second", cache=cache)
    assert snapshot(tmp_path / "second") == _released(shelf, "1.1.0")
    assert open_release(fetched.pin, store=stage.url, cache=cache).verified()


def test_a_version_beyond_the_limit_is_not_begun(stage, tmp_path, cache):
    size = open_store(store()).release().entry.size
    with pytest.raises(WrongCall, match=f"has {size:,} bytes, and {size - 1:,} are the limit"):
        open_release(store=stage.url, cache=cache, limits=Limits(largest=size - 1))
    assert open_release(store=stage.url, cache=cache, limits=Limits(largest=size))


def test_files_of_one_content_are_brought_once(stage, cache):
    for version in ("1.0.0", "1.1.0"):
        open_release(version, store=stage.url, cache=cache).bring("csv/sources.csv")
    asked = [each for each in stage.paths() if each.endswith("sources.csv")]
    assert asked == ["v1.0.0/csv/sources.csv"]


def test_a_damaged_object_is_brought_again(stage, cache):
    good = load("sources", store=stage.url, cache=cache)
    for path in (cache / "objects").rglob("*"):
        if path.is_file():
            path.chmod(0o644)
            path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert load("sources", store=stage.url, cache=cache).equals(good)


def test_a_disk_that_damages_each_object_is_given_up(stage, cache, monkeypatch):
    from rekodiq_data.store import cache as module

    def spoilt(part, target, mode):
        part.write_bytes(b"?")
        part.replace(target)

    monkeypatch.setattr(module.durable, "finish", spoilt)
    with pytest.raises(NotReadable, match="is damaged each time it is written"):
        load("sources", store=stage.url, cache=cache)


def test_many_processes_share_one_cache(stage, shelf, tmp_path, cache):
    program = textwrap.dedent(
        f"""
        import sys
        from rekodiq_data.store import fetch
        fetch(store={stage.url!r}, cache={str(cache)!r}, output=sys.argv[1])
        """
    )
    outputs = [tmp_path / f"out-{number}" for number in range(6)]
    processes = [
        subprocess.Popen([sys.executable, "-c", program, str(output)]) for output in outputs
    ]
    assert [process.wait() for process in processes] == [0] * len(processes)
    released = _released(shelf, "1.1.0")
    assert all(snapshot(output) == released for output in outputs)
    listed = released.keys() - {"SHA256SUMS", "release.json"}
    assert sorted(each for each in stage.paths() if each.removeprefix("v1.1.0/") in listed) == (
        sorted(f"v1.1.0/{each}" for each in listed)
    )


def test_where_there_are_no_locks_downloads_still_work(stage, cache, monkeypatch):
    monkeypatch.setattr("rekodiq_data.store.cache._HAS_LOCKS", False)
    assert len(load("sources", store=stage.url, cache=cache)) == 2


def test_the_cache_is_where_the_platform_keeps_such(stage, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    load("sources", store=stage.url)
    from rekodiq_data.store.cache import default_folder

    assert (default_folder() / "objects").is_dir()


def test_a_damaged_memory_is_said_rather_than_forgotten(stage, cache):
    load("sources", store=stage.url, cache=cache)
    (memory,) = cache.rglob("memory.json")
    for text in ("{", "[]", '{"name": "small", "versions": {"one": ""}}', '{"name": ""}'):
        memory.write_text(text)
        with pytest.raises(NotVerified, match="could not be told from a newer one"):
            load("sources", store=stage.url, cache=cache)


def test_a_damaged_copy_of_the_catalog_is_not_used(stage, shelf, cache):
    load("sources", store=stage.url, cache=cache)
    (kept,) = cache.rglob("catalog.json")
    kept.write_text("{}")
    load("sources", store=stage.url, cache=cache)
    assert kept.read_bytes() == (shelf / "catalog.json").read_bytes()


# --- going on --------------------------------------------------------------------------------


def _cut_once(at):
    """An act that cuts the first answer, and gives the others whole."""
    calls = []

    def act(handler, data):
        calls.append(1)
        handler.give(data, cut=at if len(calls) == 1 else None)

    return act


def test_a_cut_download_goes_on_where_it_stopped(stage, cache):
    stage.acts[f"v1.1.0/{PARQUET}"] = _cut_once(1000)
    load("estimates", store=stage.url, cache=cache, version="1.1.0")
    ranges = [asked for path, asked in stage.requests if path.endswith("estimates.parquet")]
    assert ranges == [None, "bytes=1000-"]


def test_a_later_run_goes_on_where_an_earlier_one_stopped(stage, cache, tmp_path):
    told = []
    stage.acts[f"v1.1.0/{PARQUET}"] = lambda handler, data: handler.give(data, cut=1000)
    with pytest.raises(Unreachable, match="the connection ended after 1,000 of") as caught:
        fetch(store=stage.url, output=tmp_path / "out", cache=cache, limits=ONCE)
    assert caught.value.address == f"{stage.url}/v1.1.0/{PARQUET}"
    stage.acts.clear()
    fetched = fetch(
        store=stage.url,
        output=tmp_path / "out",
        cache=cache,
        progress=lambda done, *_: told.append(done),
    )
    ranges = [asked for path, asked in stage.requests if path.endswith("estimates.parquet")]
    assert ranges == [None, "bytes=1000-"]
    assert told[-1] == fetched.size
    assert verify(tmp_path / "out").valid
    assert not list(cache.rglob("*.part"))


@pytest.mark.parametrize("answer", ["no ranges", "another range", "416"])
def test_a_server_that_can_not_go_on_is_asked_for_the_whole(stage, cache, answer):
    path = f"v1.1.0/{PARQUET}"
    cut = _cut_once(1000)

    def act(handler, data):
        if not handler.headers.get("Range"):
            cut(handler, data)
        elif answer == "416":
            handler.answer(416, b"")
        else:
            handler.answer(206, data[1:], **{"Content-Range": f"bytes 1-{len(data)}/9"})

    stage.acts[path] = act
    if answer == "no ranges":
        stage.knows_ranges = False
        stage.acts[path] = cut
    assert len(load("estimates", store=stage.url, cache=cache, version="1.1.0")) == 3


@pytest.mark.parametrize("left", [b"something else", b"x" * 100_000])
def test_what_was_left_of_another_file_is_thrown_away(stage, cache, left):
    stage.acts[f"v1.1.0/{PARQUET}"] = lambda handler, data: handler.give(data, cut=0)
    with pytest.raises(Unreachable):
        load("estimates", store=stage.url, cache=cache, version="1.1.0")
    stage.acts.clear()
    (part,) = cache.rglob("*.part")
    part.write_bytes(left)
    assert len(load("estimates", store=stage.url, cache=cache, version="1.1.0")) == 3


def test_a_whole_download_that_was_not_named_yet_is_not_asked_for_again(stage, shelf, cache):
    stage.acts[f"v1.1.0/{PARQUET}"] = lambda handler, data: handler.give(data, cut=0)
    release = open_release("1.1.0", store=stage.url, cache=cache, limits=ONCE)
    with pytest.raises(Unreachable):
        release.bring(PARQUET)
    (part,) = cache.rglob("*.part")
    part.write_bytes((shelf / "v1.1.0" / PARQUET).read_bytes())
    before = len(stage.requests)
    release.bring(PARQUET)
    assert len(stage.requests) == before


def test_a_busy_server_is_asked_again(stage, cache):
    calls = []

    def act(handler, data):
        calls.append(1)
        if len(calls) < 3:
            handler.answer(503, b"")
        else:
            handler.give(data)

    stage.acts["catalog.json"] = act
    assert open_store(stage.url, cache=cache, limits=QUICK).versions


def test_an_answer_without_a_length_is_read_to_its_end(stage, shelf, tmp_path, cache):
    def act(handler, data):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n" + data)

    stage.acts.update(dict.fromkeys(snapshot(shelf), act))
    fetch(store=stage.url, output=tmp_path / "out", cache=cache)
    assert snapshot(tmp_path / "out") == _released(shelf, "1.1.0")


def test_a_file_that_another_process_brings_meanwhile_is_taken(stage, shelf, cache):
    release = open_release("1.1.0", store=stage.url, cache=cache)
    digest = release.sums()[PARQUET]
    source = shelf / "v1.1.0" / PARQUET
    target = cache / "objects" / digest[:2] / digest
    target.parent.mkdir(parents=True)
    held, before = threading.Event(), len(stage.requests)

    def other():
        with locked(cache / "incoming" / digest[:2]):
            held.set()
            time.sleep(0.5)  # meanwhile the first one waits for the lock
            shutil.copy(source, target)

    thread = threading.Thread(target=other)
    thread.start()
    held.wait()
    release.bring(PARQUET)
    thread.join()
    assert len(stage.requests) == before


def test_a_connection_that_the_server_closed_meanwhile_is_made_anew(stage, cache):
    def act(handler, data):
        # The answer promises to go on, and the connection ends.
        handler.close_connection = True
        handler.answer(200, data)

    for path in ("catalog.json", "v1.1.0/SHA256SUMS"):
        stage.acts[path] = act
    assert len(load("sources", store=stage.url, cache=cache)) == 2


def test_a_connection_is_closed_with_what_holds_it(stage, cache):
    """At once, and not when the collector comes by: programs that warn of it stay quiet."""
    gc.disable()
    try:
        release = open_release(store=stage.url, cache=cache)
        kept = release.store._source._kept.sock
        assert kept.fileno() > 0
        del release
        assert kept.fileno() == -1
    finally:
        gc.enable()


def test_a_redirect_on_the_same_server_is_followed(stage, cache):
    stage.acts["v1.1.0/SHA256SUMS"] = lambda handler, _: handler.answer(
        302, b"", Location="/v1.1.0/./sums%20here"
    )
    sums = (stage.folder / "v1.1.0" / "SHA256SUMS").read_bytes()
    stage.acts["v1.1.0/./sums%20here"] = lambda handler, _: handler.answer(200, sums)
    stage.acts["v1.1.0/sums%20here"] = stage.acts["v1.1.0/./sums%20here"]
    assert open_release(store=stage.url, cache=cache).sums_bytes() == sums
