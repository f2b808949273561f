"""A write is whole or not there; what was there before stays; a lock frees itself."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rekodiq_data.errors import RekodiqError
from rekodiq_data.files import durable

CALLS = ("open", "write", "fchmod", "fsync", "replace", "rename", "mkdir", "unlink")


class Calls:
    """Counts and names the calls that change the disk, and makes one of them fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, fail_at: int | None = None) -> None:
        self.log: list[str] = []
        self.fail_at = fail_at
        for name in CALLS:
            monkeypatch.setattr(os, name, self.wrapped(name, getattr(os, name)))

    def wrapped(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            self.log.append(f"{name} {self.subject(name, arguments)}")
            if self.fail_at == len(self.log):
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(*arguments, **options)

        return call

    @staticmethod
    def subject(name: str, arguments: tuple[Any, ...]) -> str:
        first = arguments[0]
        path = Path(f"/proc/self/fd/{first}").readlink() if isinstance(first, int) else first
        renamed = f" -> {Path(arguments[1]).name}" if name in ("replace", "rename") else ""
        return Path(path).name + renamed


def names(folder: Path) -> list[str]:
    """Every name below `folder`, sorted."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_file_is_synced_before_its_rename_and_its_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "store" / "latest.json"
    target.parent.mkdir()
    with monkeypatch.context() as patch:
        calls = Calls(patch)
        durable.write_file(target, b"new")
    assert target.read_bytes() == b"new"
    assert calls.log == [
        "unlink .latest.json.part",
        "open .latest.json.part",
        "fchmod .latest.json.part",
        "fsync .latest.json.part",
        "replace .latest.json.part -> latest.json",
        "open store",
        "fsync store",
    ]


def test_pieces_are_written_in_order(tmp_path: Path) -> None:
    durable.write_file(tmp_path / "a.txt", (bytes([letter]) for letter in b"abc"))
    assert (tmp_path / "a.txt").read_bytes() == b"abc"
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o000])
def test_modes_do_not_depend_on_the_umask(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        durable.make_folder(tmp_path / "a" / "b")
        durable.write_file(tmp_path / "a" / "b" / "c.txt", b"")
    finally:
        os.umask(before)
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "a" / "b" / "c.txt").stat().st_mode & 0o777 == 0o644


def publish(root: Path) -> None:
    """What a release does, in small: stage, rename, point to it."""
    with durable.lock(root):
        durable.remove_tree(root / ".staging")
        durable.make_folder(root / ".staging" / "data")
        durable.write_file(root / ".staging" / "data" / "a.csv", b"id\n1\n")
        if not (root / "v2").exists():
            durable.rename_folder(root / ".staging", root / "v2")
        durable.remove_tree(root / ".staging")
        durable.write_file(root / "latest", b"v2")


def store(root: Path) -> Path:
    """A store that holds version 1."""
    (root / "v1").mkdir(parents=True)
    (root / "latest").write_bytes(b"v1")
    return root


def points(root: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many calls change the disk in one publication."""
    store(root)
    with monkeypatch.context() as patch:
        calls = Calls(patch)
        publish(root)
    return len(calls.log)


def test_a_failure_at_any_call_leaves_all_or_nothing_and_a_rerun_completes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = points(tmp_path / "whole", monkeypatch)
    assert count > 25
    for point in range(1, count + 1):
        root = store(tmp_path / f"at-{point}")
        with monkeypatch.context() as patch:
            Calls(patch, fail_at=point)
            try:
                publish(root)
            except OSError as error:
                told = error.errno
            else:
                told = None
        pointed = (root / "latest").read_bytes()
        assert pointed in (b"v1", b"v2")
        # Nothing is pointed to that is not whole, and no failure is kept quiet.
        assert pointed == b"v1" or (root / "v2" / "data" / "a.csv").read_bytes() == b"id\n1\n"
        assert told == errno.ENOSPC
        publish(root)
        assert names(root) == ["latest", "v1", "v2", "v2/data", "v2/data/a.csv"]
        assert (root / "latest").read_bytes() == b"v2"


DIE = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from tests.files.test_durable import CALLS, publish
left = int(sys.argv[2])
def wrapped(real):
    def call(*arguments, **options):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments, **options)
    return call
for name in CALLS:
    setattr(os, name, wrapped(getattr(os, name)))
publish(Path(sys.argv[1]))
"""


@pytest.mark.slow
def test_a_kill_before_any_call_leaves_all_or_nothing_and_a_rerun_completes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = str(Path(__file__).parents[2])
    for point in range(points(tmp_path / "whole", monkeypatch)):
        root = store(tmp_path / f"at-{point}")
        done = subprocess.run(
            [sys.executable, "-c", DIE, str(root), str(point), repository], check=False
        )
        assert done.returncode == -signal.SIGKILL
        pointed = (root / "latest").read_bytes()
        assert pointed == b"v1" or (root / "v2" / "data" / "a.csv").read_bytes() == b"id\n1\n"
        publish(root)
        assert names(root) == ["latest", "v1", "v2", "v2/data", "v2/data/a.csv"]


def test_an_error_while_writing_keeps_the_old_file_and_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")

    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        durable.write_file(target, broken())
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["a.txt"]


def test_what_a_crash_left_is_written_over_and_a_link_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"victim")
    target = tmp_path / "a.txt"
    durable.part_of(target).symlink_to(victim)
    durable.write_file(target, b"new")
    assert (target.read_bytes(), victim.read_bytes()) == (b"new", b"victim")
    assert names(tmp_path) == ["a.txt", "victim"]


def test_a_folder_is_renamed_only_to_a_free_name(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "taken").mkdir()
    (tmp_path / "dangling").symlink_to("nowhere")
    for name in ("taken", "dangling"):
        with pytest.raises(FileExistsError, match="exists already"):
            durable.rename_folder(tmp_path / "new", tmp_path / name)
    assert (tmp_path / "new").is_dir()


def test_everything_in_a_folder_is_synced_before_its_rename(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "stage" / "new" / "data"
    inner.mkdir(parents=True)
    (inner / "plain.csv").write_bytes(b"written without any care")
    (inner / "link.csv").symlink_to("plain.csv")
    (tmp_path / "out").mkdir()
    with monkeypatch.context() as patch:
        calls = Calls(patch)
        durable.rename_folder(tmp_path / "stage" / "new", tmp_path / "out" / "v1")
    assert [call for call in calls.log if not call.startswith("open")] == [
        "fsync plain.csv",
        "fsync data",
        "fsync new",
        "rename new -> v1",
        "fsync out",
        "fsync stage",
    ]


def test_a_folder_that_is_there_is_kept_and_a_file_in_its_place_is_an_error(
    tmp_path: Path,
) -> None:
    durable.make_folder(tmp_path)
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(FileExistsError):
        durable.make_folder(tmp_path / "a")


def test_removing_follows_no_link_and_takes_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "a").write_bytes(b"")
    (tmp_path / "tree" / "inner").mkdir(parents=True)
    (tmp_path / "tree" / "inner" / "link").symlink_to(tmp_path / "kept")
    (tmp_path / "link").symlink_to(tmp_path / "kept")
    for name in ("tree", "link", "absent"):
        durable.remove_tree(tmp_path / name)
    assert names(tmp_path) == ["kept", "kept/a"]


HOLD = """
import sys
from pathlib import Path
from rekodiq_data.files.durable import lock
with lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(folder: Path) -> subprocess.Popen[str]:
    """Another process that holds the lock of `folder` until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_two_processes_cannot_hold_one_lock(tmp_path: Path) -> None:
    with holder(tmp_path) as other:
        with (
            pytest.raises(RekodiqError) as caught,
            durable.lock(tmp_path, wait=False),
        ):
            pass
        assert caught.value.message == f'another process is at work in "{tmp_path}"'
        assert caught.value.hint == "wait until it has ended"
        other.communicate("")
    with durable.lock(tmp_path, wait=False):
        assert names(tmp_path) == []


def test_the_lock_of_a_killed_process_frees_itself(tmp_path: Path) -> None:
    with holder(tmp_path) as other:
        other.kill()
        other.wait()
        with durable.lock(tmp_path):
            assert names(tmp_path) == []


def test_a_lock_needs_its_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), durable.lock(tmp_path / "none"):
        pass


def test_where_folders_cannot_be_opened_files_are_still_replaced_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(durable, "_POSIX", False)
    durable.make_folder(tmp_path / "a")
    durable.write_file(tmp_path / "a" / "b", b"new")
    assert (tmp_path / "a" / "b").read_bytes() == b"new"
