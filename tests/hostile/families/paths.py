"""Paths that leave the package, or lead to what is no file."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from tests.hostile.cases import Case, descriptor, resource

GOOD = "a,b\n1,2\n"


def _path(name: str, path: object, outcomes: str = "resource-error", **files: str) -> Case:
    return Case(
        f"path-{name}",
        outcomes,
        {"datapackage.json": descriptor(resource(path)), "t.csv": GOOD, **files},
    )


def _made(name: str, outcomes: str, path: object, make, **files: str) -> Case:
    return Case(
        f"path-{name}",
        outcomes,
        {"datapackage.json": descriptor(resource(path)), **files},
        make,
    )


def _socket(folder: Path) -> None:
    place = Path.cwd()
    os.chdir(folder)  # its name may not be long
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("t.csv")
    finally:
        os.chdir(place)


def _link_in_the_middle(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "out").symlink_to(folder.parent)


def _inner_link(folder: Path) -> None:
    (folder / "real.csv").write_text(GOOD)
    (folder / "t.csv").symlink_to("real.csv")


def _odd_bytes(folder: Path) -> None:
    place = folder / os.fsdecode(b"\xff\xfe\x9b")
    place.mkdir()
    (place / "datapackage.json").write_text(descriptor(resource(fields="a:integer b")))
    (place / "t.csv").write_text("a,b\nx,2\n")


def _ref(name: str, key: str, value: object, outcomes: str, make=lambda _folder: None) -> Case:
    return Case(
        f"path-{key}-{name}",
        outcomes,
        {"datapackage.json": descriptor(resource(**{key: value})), "t.csv": GOOD},
        make,
    )


CASES = [
    _path("absolute", "/etc/passwd"),
    _path("parent", "../secret.csv"),
    _path("parent-inside", "sub/../../secret.csv"),
    _path("parent-that-stays", "sub/../t.csv"),
    _path("dot", "./t.csv", "warned descriptor.path"),
    _path("dot-in-the-middle", "sub/./t.csv"),
    _path("empty", ""),
    _path("only-dots", ".."),
    _path("slash-at-the-end", "t.csv/"),
    _path("double-slash", "sub//t.csv"),
    _path("two-slashes-first", "//etc/passwd"),
    _path("backslashes", "..\\secret.csv"),
    _path("windows-drive", "C:/secret.csv"),
    _path("windows-share", "\\\\server\\share\\t.csv"),
    _path("home", "~/secret.csv"),
    _path("home-of-root", "~root/secret.csv"),
    _path("nul", "t.csv\0.txt"),
    _path("percent", "%2e%2e/secret.csv", "scheme-error"),
    _path("percent-slash", "..%2fsecret.csv", "resource-error | scheme-error"),
    _path("file-url", "file:///etc/passwd"),
    _path("file-url-short", "file:t.csv"),
    _path("http", "http://127.0.0.1:9/t.csv", "scheme-error"),
    _path("https", "https://169.254.169.254/latest/meta-data", "scheme-error"),
    _path("https-capitals", "HTTPS://localhost/t.csv", "scheme-error"),
    _path("ftp", "ftp://localhost/t.csv", "scheme-error"),
    _path("s3", "s3://bucket/t.csv"),
    _path("data-url", "data:text/csv,a,b"),
    _path("zip-url", "zip://t.csv::../secret.zip"),
    _path("credentials", "https://user:pass@localhost/t.csv", "scheme-error"),
    _path("variable", "$HOME/t.csv", "scheme-error"),
    _path("command", "$(touch made).csv", "scheme-error"),
    _path("pipe-sign", "|touch made", "scheme-error | format-error"),
    _path("glob", "*.csv", "scheme-error"),
    _path("hidden", ".env"),
    _path("hidden-folder", ".git/config"),
    _path("missing", "nowhere.csv", "scheme-error"),
    _path("below-a-file", "t.csv/t.csv", "scheme-error"),
    _path("other-case", "T.CSV", "scheme-error"),
    _path("very-long", "x" * 5000 + ".csv", "scheme-error"),
    _path("very-deep", "x/" * 2000 + "t.csv", "scheme-error"),
    _path("line-break", "a\nb.csv", "scheme-error"),
    _path("escape-sequence", "\x1b]0;owned\x07.csv", "scheme-error"),
    _path("bidi", "\u202evsc.t", "scheme-error | format-error"),
    _path("blank", " t.csv", "scheme-error"),
    _path("dots-of-other-kinds", "\u2024\u2024/secret.csv", "scheme-error"),
    _path("full-width-slash", "..\uff0fsecret.csv", "resource-error | scheme-error"),
    _path("number", 5),
    _path("list-of-lists", [["t.csv"]]),
    _path("object", {"path": "t.csv"}),
    _path("empty-list", []),
    _path("list-with-one-bad", ["t.csv", "../secret.csv"]),
    _path("list-with-an-address", ["t.csv", "http://127.0.0.1:9/t.csv"]),
    _made("folder", "scheme-error", "t.csv", lambda folder: (folder / "t.csv").mkdir()),
    _made("fifo", "scheme-error", "t.csv", lambda folder: os.mkfifo(folder / "t.csv")),
    _made("socket", "scheme-error", "t.csv", _socket),
    _made(
        "device",
        "scheme-error",
        "t.csv",
        lambda folder: (folder / "t.csv").symlink_to("/dev/zero"),
    ),
    _made(
        "link-out",
        "scheme-error",
        "t.csv",
        lambda folder: (folder / "t.csv").symlink_to("../secret.csv"),
    ),
    _made("link-in", "scheme-error", "t.csv", _inner_link),
    _made(
        "link-to-itself",
        "scheme-error",
        "t.csv",
        lambda folder: (folder / "t.csv").symlink_to("t.csv"),
    ),
    _made(
        "link-to-nothing",
        "scheme-error",
        "t.csv",
        lambda folder: (folder / "t.csv").symlink_to("nowhere"),
    ),
    _made(
        "link-to-a-folder",
        "scheme-error",
        "sub/secret.csv",
        lambda folder: (folder / "sub").symlink_to(".."),
    ),
    _made("link-in-the-middle", "scheme-error", "sub/out/secret.csv", _link_in_the_middle),
    _made(
        "no-permission-of-a-folder",
        "scheme-error | accepted",
        "t.csv",
        lambda folder: (folder / "t.csv").mkdir(0o000),
    ),
    _ref("address", "schema", "http://127.0.0.1:9/s.json", "schema-error"),
    _ref("parent", "schema", "../s.json", "schema-error"),
    _ref("absolute", "schema", "/etc/passwd", "schema-error"),
    _ref("table", "schema", "t.csv", "schema-error"),
    _ref("missing", "schema", "nowhere.json", "schema-error"),
    _ref(
        "link",
        "schema",
        "s.json",
        "schema-error",
        lambda folder: (folder / "s.json").symlink_to("../secret.csv"),
    ),
    _ref(
        "fifo", "schema", "s.json", "schema-error", lambda folder: os.mkfifo(folder / "s.json")
    ),
    _ref("address", "dialect", "https://127.0.0.1:9/d.json", "dialect-error"),
    _ref("parent", "dialect", "../d.json", "dialect-error"),
    Case(
        "path-descriptor-is-a-link",
        "stopped | package-error",
        {"t.csv": GOOD},
        lambda folder: (folder / "datapackage.json").symlink_to("../secret.csv"),
    ),
    Case(
        "path-descriptor-is-a-fifo",
        "stopped | package-error",
        {"t.csv": GOOD},
        lambda folder: os.mkfifo(folder / "datapackage.json"),
    ),
    Case(
        "path-descriptor-is-a-folder",
        "stopped | package-error",
        {"t.csv": GOOD},
        lambda folder: (folder / "datapackage.json").mkdir(),
    ),
    Case("path-nothing-there", "stopped", {"t.csv": GOOD}),
    Case(
        "path-that-does-not-exist", "stopped", {"t.csv": GOOD}, path="nowhere/datapackage.json"
    ),
    Case(
        "path-folder-name-of-escapes",
        "type-error 2",
        {
            "\x1b[31m\u202e\n/datapackage.json": descriptor(resource(fields="a:integer b")),
            "\x1b[31m\u202e\n/t.csv": "a,b\nx,2\n",
        },
        path="\x1b[31m\u202e\n",
    ),
    Case(
        "path-folder-name-of-no-text",
        "type-error 2",
        make=_odd_bytes,
        path=os.fsdecode(b"\xff\xfe\x9b"),
    ),
    Case(
        "path-profile-address",
        "accepted",
        {
            "datapackage.json": descriptor(
                resource(), profile="http://127.0.0.1:9/profile.json"
            ),
            "t.csv": GOOD,
        },
        values={"a": ["1"], "b": ["2"]},
    ),
    Case(
        "path-schema-of-the-package-is-an-address",
        "accepted",
        {
            "datapackage.json": descriptor(
                resource(), **{"$schema": "http://127.0.0.1:9/p.json"}
            ),
            "t.csv": GOOD,
        },
        values={"a": ["1"], "b": ["2"]},
    ),
    Case(
        "path-image-and-sources-outside",
        "accepted | package-error | warned descriptor.path",
        {
            "datapackage.json": descriptor(
                resource(),
                image="../secret.png",
                sources=[{"title": "x", "path": "/etc/passwd"}],
                licenses=[{"name": "CC0-1.0", "path": "../secret.csv"}],
            ),
            "t.csv": GOOD,
        },
        values={"a": ["1"], "b": ["2"]},
    ),
]
