"""Nothing outside a folder is read through it, and nothing that is no regular file."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from rekodiq_data.errors import MissingFile, NothingFound, NotReadable
from rekodiq_data.files import gate

BOTH_WAYS = pytest.mark.parametrize("by_descriptors", [True, False], ids=["dir_fd", "realpath"])


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A folder with a file, a file in a folder, and a secret beside it."""
    folder = tmp_path / "package"
    (folder / "data").mkdir(parents=True)
    (folder / "table.csv").write_bytes(b"id\n1\n")
    (folder / "data" / "inner.csv").write_bytes(b"id\n2\n")
    (tmp_path / "secret.csv").write_bytes(b"secret\n")
    return folder


@pytest.fixture
def way(by_descriptors: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of opening: below descriptors, and by real paths as on Windows."""
    monkeypatch.setattr(gate, "_RELATIVE_OPEN", by_descriptors)


@BOTH_WAYS
def test_a_file_inside_is_read(base: Path, way: None) -> None:
    assert gate.read_bytes(base, "table.csv", 100) == b"id\n1\n"
    assert gate.read_bytes(base, "data/inner.csv", 100) == b"id\n2\n"
    assert gate.resolve_inside(base, "data/inner.csv") == base / "data" / "inner.csv"


@BOTH_WAYS
def test_the_folder_itself_may_be_reached_through_a_link(
    base: Path, tmp_path: Path, way: None
) -> None:
    (tmp_path / "link").symlink_to(base)
    assert gate.read_bytes(tmp_path / "link", "data/inner.csv", 100) == b"id\n2\n"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("", "it is empty"),
        ("a\0b", "it holds a NUL character"),
        ("data\\inner.csv", 'it holds a backslash; write "/" between folders'),
        ("/etc/passwd", "it is absolute"),
        (
            "http://example.org/a.csv",
            "it is an address or names a drive; only files inside the folder are read",
        ),
        (
            "file:a.csv",
            "it is an address or names a drive; only files inside the folder are read",
        ),
        ("C:a.csv", "it is an address or names a drive; only files inside the folder are read"),
        ("../secret.csv", 'it leaves the folder through ".."'),
        ("data/../../secret.csv", 'it leaves the folder through ".."'),
        ("data//inner.csv", 'it holds an empty part ("//", or "/" at the end)'),
        ("data/", 'it holds an empty part ("//", or "/" at the end)'),
        ("~/secret.csv", 'a part of it starts with "~"'),
        ("data/~root/a.csv", 'a part of it starts with "~"'),
        (".git/config", "a part of it is hidden (it starts with a dot)"),
        ("data/.hidden.csv", "a part of it is hidden (it starts with a dot)"),
        ("./table.csv", "a part of it is hidden (it starts with a dot)"),
        ("\ud800.csv", "it is not UTF-8 text"),
    ],
)
def test_an_unsafe_path_is_refused_in_plain_words(base: Path, path: str, reason: str) -> None:
    with pytest.raises(NotReadable) as caught:
        gate.open_inside(base, path)
    assert caught.value.message == f'"{path}" is not a safe path: {reason}'
    assert caught.value.hint == "name a file inside the folder, such as data/table.csv"


@pytest.mark.parametrize(
    "path", ["table.csv", "data/a b-ü.csv", "a..b.csv", "a~b", "2024:1.csv"]
)
def test_a_plain_path_is_safe(path: str) -> None:
    assert gate.wrong_path(path) is None


def test_addresses_are_told_from_paths() -> None:
    assert gate.is_address("HTTPS://example.org/a.csv")
    assert gate.is_address("ftp://example.org/a.csv")
    assert not gate.is_address("http.csv")


@BOTH_WAYS
@pytest.mark.parametrize("target", ["secret.csv", "package/table.csv"])
def test_a_link_is_refused_wherever_it_leads(
    base: Path, tmp_path: Path, way: None, target: str
) -> None:
    (base / "link.csv").symlink_to(tmp_path / target)
    with pytest.raises(NotReadable) as caught:
        gate.open_inside(base, "link.csv")
    assert caught.value.message == '"link.csv" can\'t be read: it is a link, not a regular file'
    assert caught.value.hint == "put the file itself there"


@BOTH_WAYS
def test_a_linked_folder_on_the_way_is_refused(base: Path, tmp_path: Path, way: None) -> None:
    (base / "out").symlink_to(tmp_path)
    with pytest.raises(NotReadable, match='"out" is a link, not a folder'):
        gate.open_inside(base, "out/secret.csv")
    (base / "data" / "up").symlink_to("..")
    with pytest.raises(NotReadable, match='up" is a link, not a folder'):
        gate.open_inside(base, "data/up/table.csv")


@BOTH_WAYS
def test_pipes_sockets_devices_and_folders_are_refused_without_waiting(
    base: Path, way: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(base / "pipe.csv")
    with pytest.raises(NotReadable, match="it is a pipe, not a regular file"):
        gate.open_inside(base, "pipe.csv")
    # The name of a socket must be short.
    monkeypatch.chdir(base)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("s.csv")
        with pytest.raises(NotReadable, match="it is a socket, not a regular file"):
            gate.open_inside(base, "s.csv")
    with pytest.raises(NotReadable, match="it is a device, not a regular file"):
        gate.open_inside(Path("/dev"), "zero")
    with pytest.raises(NotReadable, match="it is a folder, not a regular file"):
        gate.open_inside(base, "data")
    with pytest.raises(NotReadable, match="is a file, not a folder"):
        gate.open_inside(base, "table.csv/inner.csv")


@BOTH_WAYS
def test_what_took_a_files_place_after_the_check_is_refused(
    base: Path, way: None, by_descriptors: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(base / "pipe.csv")
    regular = (base / "table.csv").stat()
    if by_descriptors:
        monkeypatch.setattr(gate, "_mode_at", lambda _folder, _name: regular.st_mode)
    else:
        monkeypatch.setattr(Path, "lstat", lambda _path: regular)
    with pytest.raises(NotReadable, match="it is a pipe, not a regular file"):
        gate.open_inside(base, "pipe.csv")


def test_a_missing_file_names_one_like_it(base: Path) -> None:
    with pytest.raises(MissingFile) as caught:
        gate.open_inside(base, "data/iner.csv")
    assert caught.value.message == '"data/iner.csv" does not exist'
    assert caught.value.hint == 'did you mean "inner.csv"?'
    with pytest.raises(MissingFile) as caught:
        gate.open_inside(base, "dat/inner.csv")
    assert caught.value.hint == 'did you mean "data"?'


def test_a_missing_file_in_a_huge_folder_is_not_searched_for(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "_SIBLINGS", 1)
    with pytest.raises(MissingFile) as caught:
        gate.open_inside(base, "tabel.csv")
    assert caught.value.hint is None


@BOTH_WAYS
def test_a_missing_folder_is_a_missing_file(tmp_path: Path, way: None) -> None:
    with pytest.raises(MissingFile, match="does not exist"):
        gate.open_inside(tmp_path / "none", "table.csv")


def test_other_troubles_of_the_system_are_told_in_its_words(base: Path) -> None:
    with pytest.raises(NotReadable, match="can't be read: File name too long"):
        gate.open_inside(base, "x" * 300)


def test_denied_permission_is_said(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(*_arguments: object, **_options: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", deny)
    with pytest.raises(NotReadable) as caught:
        gate.open_given(base / "table.csv")
    assert caught.value.message.endswith("can't be read: permission denied")
    assert caught.value.hint == "ask for read access"


def test_a_file_over_the_limit_is_refused(base: Path) -> None:
    assert gate.read_bytes(base, "table.csv", 5) == b"id\n1\n"
    with pytest.raises(NotReadable) as caught:
        gate.read_bytes(base, "table.csv", 4)
    assert caught.value.message == '"table.csv" is larger than the limit of 4 bytes'


def test_what_the_user_typed_may_be_a_link(base: Path, tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(base / "table.csv")
    assert gate.read_given(tmp_path / "link.csv", 100) == b"id\n1\n"
    with pytest.raises(NotReadable, match="is a folder, not a regular file"):
        gate.open_given(base)
    with pytest.raises(NotReadable, match="is a device, not a regular file"):
        gate.open_given(Path("/dev/zero"))


def test_a_typed_path_is_a_folder_or_a_file_or_nothing(base: Path) -> None:
    assert gate.is_given_folder(base)
    assert not gate.is_given_folder(base / "table.csv")
    with pytest.raises(NothingFound, match="does not exist"):
        gate.is_given_folder(base / "none")
    with pytest.raises(NotReadable, match="a path can't hold a NUL character"):
        gate.is_given_folder(base / "a\0b")


def test_a_listing_is_sorted_and_reports_what_is_odd(base: Path, tmp_path: Path) -> None:
    (base / ".hidden").write_bytes(b"")
    (base / "Z.csv").write_bytes(b"")
    (base / "loop").symlink_to(base)
    (base / "data" / "out.csv").symlink_to(tmp_path / "secret.csv")
    os.mkfifo(base / "data" / "pipe")
    Path(os.fsdecode(os.fsencode(base) + b"/\xff.csv")).write_bytes(b"")
    listing = gate.list_files(base)
    assert listing.files == (".hidden", "Z.csv", "data/inner.csv", "table.csv")
    assert listing.odd == (
        gate.Odd("data/out.csv", "a link"),
        gate.Odd("data/pipe", "a pipe"),
        gate.Odd("loop", "a link"),
        gate.Odd("\ufffd.csv", "a name that is not UTF-8"),
    )


def test_listing_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MissingFile):
        gate.list_files(tmp_path / "none")
