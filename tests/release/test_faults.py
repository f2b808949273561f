"""A release that fails at any step leaves the older versions whole, and the next one completes.

Here faults are injected at every call that the door to the disk makes, in this process; the
slow tests in test_killed.py do the same to a process of its own, from outside.
"""

from __future__ import annotations

import errno
import io
import os
import resource
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from rekodiq_data.catalog import Catalog
from rekodiq_data.errors import RekodiqError
from rekodiq_data.files import durable
from rekodiq_data.release import release
from rekodiq_data.release.withdrawal import withdraw
from rekodiq_data.verify import verify
from tests.published import built, snapshot
from tests.release.interrupted import (
    NEW,
    OLD,
    check_completed,
    check_interrupted,
    old_store,
)


class Killed(BaseException):
    """The process is no more: whatever it would have done after this is not done."""


class Faults:
    """Counts calls that touch the disk and makes the n-th one fail.

    Modes: `once` fails one call, `full` that and all after it (a full disk), `killed` stops the
    process there: nothing after it happens, no clearing up either.
    """

    def __init__(self, at, mode):
        self.at, self.mode, self.count = at, mode, 0

    def call(self, name):
        self.count += 1
        if self.count == self.at or (self.mode != "once" and self.count > self.at):
            if self.mode == "killed":
                raise Killed(name)
            raise OSError(errno.ENOSPC, f"no space left ({name}, call {self.count})")

    def failing(self, name, real):
        def call(*arguments, **options):
            self.call(name)
            return real(*arguments, **options)

        return call


class Writer:
    """A stream whose writes can fail half-way."""

    def __init__(self, stream, faults):
        self._stream, self._faults = stream, faults

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._stream.close()

    def flush(self):
        self._stream.flush()

    def write(self, data):
        try:
            self._faults.call("write")
        except BaseException:
            self._stream.write(data[: len(data) // 2])
            raise
        self._stream.write(data)


@contextmanager
def injected(monkeypatch, at, mode):
    """Within the block, the `at`-th call fails; gives the counter."""
    faults = Faults(at, mode)
    system = SimpleNamespace(**vars(os))
    for name in ("open", "fsync", "fchmod"):
        setattr(system, name, faults.failing(name, getattr(os, name)))
    system.fdopen = lambda handle, mode: Writer(os.fdopen(handle, mode), faults)
    with monkeypatch.context() as patch:
        patch.setattr(durable, "os", system)
        patch.setattr(
            durable, "shutil", SimpleNamespace(rmtree=faults.failing("rmtree", shutil.rmtree))
        )
        for name in ("mkdir", "chmod", "rename", "replace", "unlink"):
            patch.setattr(Path, name, faults.failing(name, getattr(Path, name)))
        yield faults


@pytest.mark.parametrize("mode", ["once", "full", "killed"])
def test_a_fault_at_any_call_leaves_the_store_whole_and_the_next_run_completes_it(
    home, monkeypatch, reference, mode
):
    before, after = reference
    at, untouched = 0, False
    while not untouched:
        at += 1
        store = old_store(home / str(at), before)
        done = False
        with injected(monkeypatch, at, mode) as faults:
            try:
                release(built(*NEW), store)
                done = True
            except (OSError, RekodiqError, Killed):
                pass
        untouched = faults.count < at
        assert done or not untouched
        check_interrupted(store, before, published=done)
        check_completed(store, after)
        shutil.rmtree(store)
    # A release of seven files and a record makes many calls; fewer would mean that some are
    # not seen here.
    assert at > 100


def test_the_first_release_can_be_stopped_anywhere_too(home, monkeypatch, reference):
    before, _ = reference
    at, untouched = 0, False
    while not untouched:
        at += 1
        store = home / str(at)
        with injected(monkeypatch, at, "killed") as faults, suppress(Killed):
            release(built(*OLD), store)
        untouched = faults.count < at
        release(built(*OLD), store)
        assert snapshot(store) == before
        shutil.rmtree(store)


def test_a_recovery_can_be_stopped_anywhere_too(home, monkeypatch, reference):
    """Killed once just before the catalog is written, and once more at any call after that."""
    before, after = reference
    at, untouched = 0, False
    while not untouched:
        at += 1
        store = old_store(home / str(at), before)
        with monkeypatch.context() as patch:
            patch.setattr("rekodiq_data.catalog.Catalog.with_entry", _killed)
            with pytest.raises(Killed):
                release(built(*NEW), store)
        (store / ".latest.part").write_text("")
        with injected(monkeypatch, at, "killed") as faults, suppress(Killed):
            release(built(*NEW), store)
        untouched = faults.count < at
        check_interrupted(store, before, published=untouched)
        check_completed(store, after)
        shutil.rmtree(store)
    assert at > 20


def test_a_withdrawal_can_be_stopped_anywhere_too(home, monkeypatch, reference):
    """It is marked or it is not, all that was published stays, and a rerun marks it."""
    _, after = reference
    at, untouched = 0, False
    while not untouched:
        at += 1
        store = old_store(home / str(at), after)
        with injected(monkeypatch, at, "killed") as faults, suppress(Killed):
            withdraw("1.0.0", store, "wrong")
        untouched = faults.count < at
        assert verify(store).valid
        assert {**snapshot(store), "catalog.json": 0}.items() >= {
            **after,
            "catalog.json": 0,
        }.items()
        withdraw("1.0.0", store, "wrong")
        marked = Catalog.parse((store / "catalog.json").read_bytes())
        assert [each.withdrawn for each in marked.entries] == [None, "wrong"]
        assert snapshot(store).keys() == after.keys()
        assert verify(store).all_issues() == ()
        shutil.rmtree(store)
    assert at > 5


def _killed(*_arguments):
    raise Killed


def test_short_writes_of_any_length_are_noticed(home, reference):
    """The system takes a part of the data and refuses the rest, at every hundredth byte."""
    before, after = reference
    # What stands there already (verify.py) is not written again.
    largest = max(len(data) for path, data in after.items() if before.get(path) != data)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for size in [*range(0, largest, 100), largest]:
        store = old_store(home / str(size), before)
        done = False
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        try:
            release(built(*NEW), store)
            done = True
        except OSError as error:
            assert error.errno == errno.EFBIG  # noqa: PT017
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert done == (size == largest)
        check_interrupted(store, before, published=done)
        check_completed(store, after)


class ShortFile(io.FileIO):
    """A file that takes a part of what it is given at each call, as a system may."""

    def __init__(self, handle, shorten):
        super().__init__(handle, "w")
        self._shorten = shorten

    def write(self, data):
        return super().write(self._shorten(memoryview(data)))


def _shortening(count, at, *, sticky):
    """What the `at`-th write takes of its data, or that and each one after it: a half."""

    def shorten(data):
        count.append(len(data))
        short = len(count) == at or (sticky and len(count) > at)
        return data[: (len(data) + 1) // 2] if short else data

    return shorten


@pytest.mark.parametrize("sticky", [False, True])
def test_a_write_that_takes_less_is_gone_on_with(home, monkeypatch, reference, sticky):
    """Nothing failed, so the version is published, and to the byte."""
    before, after = reference
    at, untouched, shortest = 0, False, 0
    while not untouched:
        at += 1
        store, count = old_store(home / str(at), before), []
        shorten = _shortening(count, at, sticky=sticky)
        system = SimpleNamespace(**vars(os))
        system.fdopen = lambda handle, mode, shorten=shorten: io.BufferedWriter(
            ShortFile(handle, shorten)
        )
        with monkeypatch.context() as patch:
            patch.setattr(durable, "os", system)
            release(built(*NEW), store)
        assert snapshot(store) == after
        assert verify(store).all_issues() == ()
        untouched, shortest = len(count) < at, shortest or len(count)
        shutil.rmtree(store)
    # As many calls as files, and more where they are short.
    assert at > 10
    assert len(count) < shortest


def test_everything_is_on_the_disk_before_it_is_published(tmp_path, monkeypatch):
    """Each file is synced before its rename, and each folder before the version's own."""
    log = []
    system = SimpleNamespace(**vars(os))
    names = {}

    def opened(path, *arguments, **options):
        handle = os.open(path, *arguments, **options)
        names[handle] = str(path)
        return handle

    def synced(handle):
        log.append(("sync", names[handle]))
        os.fsync(handle)

    system.open, system.fsync = opened, synced
    real = {name: getattr(Path, name) for name in ("rename", "replace")}

    def moved(name):
        def move(source, target):
            log.append(("move", str(source), str(target)))
            return real[name](source, target)

        return move

    with monkeypatch.context() as patch:
        patch.setattr(durable, "os", system)
        for name in real:
            patch.setattr(Path, name, moved(name))
        release(built(*OLD), tmp_path / "store")
    staged, final = tmp_path / "store" / ".staging" / "v1.0.0", tmp_path / "store" / "v1.0.0"
    published = log.index(("move", str(staged), str(final)))
    for path in final.rglob("*"):
        if path.is_file():
            inner = staged / path.relative_to(final)
            part = str(durable.part_of(inner))
            moved_at = log.index(("move", part, str(inner)))
            assert log.index(("sync", part)) < moved_at
            assert moved_at < log.index(("sync", str(inner.parent)), moved_at) < published
    store, rest = str(tmp_path / "store"), log[published + 1 :]
    moves = [Path(entry[2]).name for entry in rest if entry[0] == "move"]
    assert moves == ["verify.py", "catalog.json", "latest"]
    assert rest[0] == ("sync", store)
    for name in moves:
        at = next(
            i for i, entry in enumerate(rest) if entry[-1] == str(tmp_path / "store" / name)
        )
        assert rest[at + 1] == ("sync", store)
    last_file = [entry for entry in log[:published] if entry[0] == "move"][-1]
    assert last_file[2] == str(staged / "SHA256SUMS")
