# ruff: noqa: E501 - one package a line
"""Gzip and zip files that are damaged or made to hurt."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib

from tests.hostile.cases import Case, Content, file, gzipped, zipped

TEXT = "a,b\n1,2\n"
ONE = {"a": ["1"], "b": ["2"]}
MILLION = "0" * 1_000_000


def _gz(name: str, outcomes: str, content: Content, **own) -> Case:
    return file(f"gzip-{name}", outcomes, "t.csv.gz", content, **own)


def _zip(name: str, outcomes: str, content: Content, **own) -> Case:
    return file(f"zip-{name}", outcomes, "t.csv.zip", content, **own)


def _with_flag(flag: int) -> bytes:
    """An archive whose member claims a flag of the format."""
    data = bytearray(zipped({"t.csv": TEXT}))
    data[6] |= flag
    data[data.rindex(b"PK\x01\x02") + 8] |= flag
    return bytes(data)


def _method(number: int) -> bytes:
    data = bytearray(zipped({"t.csv": TEXT}))
    data[8:10] = struct.pack("<H", number)
    place = data.rindex(b"PK\x01\x02") + 10
    data[place : place + 2] = struct.pack("<H", number)
    return bytes(data)


def _crc(data: bytes) -> bytes:
    found = bytearray(data)
    place = found.rindex(b"PK\x01\x02") + 16
    found[place] ^= 1
    found[14] ^= 1
    return bytes(found)


def _size(claimed: int) -> bytes:
    data = bytearray(zipped({"t.csv": TEXT}))
    place = data.rindex(b"PK\x01\x02") + 24
    data[place : place + 4] = struct.pack("<I", claimed)
    data[22:26] = struct.pack("<I", claimed)
    return bytes(data)


def _bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b"0" * 1_000_000
    return b"".join(
        [*(packer.compress(block) for _ in range(size // len(block))), packer.flush()]
    )


def _many(count: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for at in range(count):
            archive.writestr(f"{at}", "")
    return out.getvalue()


def _overlapping() -> bytes:
    """Two members of a directory that are one and the same piece of the file."""
    data = zipped({"t.csv": TEXT})
    start = data.rindex(b"PK\x01\x02")
    end = data.rindex(b"PK\x05\x06")
    entry = data[start:end]
    tail = bytearray(data[end:])
    tail[8:12] = struct.pack("<HH", 2, 2)
    tail[12:16] = struct.pack("<I", 2 * len(entry))
    return data[:start] + entry + entry.replace(b"t.csv", b"u.csv") + bytes(tail)


CASES = [
    _gz("good", "accepted", gzipped(TEXT), values=ONE),
    _gz("two-members", "accepted", gzipped("a,b\n") + gzipped("1,2\n"), values=ONE),
    _gz(
        "member-in-the-middle-of-a-cell",
        "accepted",
        gzipped("a,b\n1") + gzipped(",2\n"),
        values=ONE,
    ),
    _gz("trailing-garbage", "compression-error", gzipped(TEXT) + b"garbage"),
    _gz("trailing-zeros", "accepted", gzipped(TEXT) + b"\0" * 100, values=ONE),
    _gz(
        "wrong-crc", "compression-error", gzipped(TEXT)[:-8] + b"\0\0\0\0" + gzipped(TEXT)[-4:]
    ),
    _gz("wrong-size", "compression-error", gzipped(TEXT)[:-4] + b"\0\0\0\0"),
    _gz("truncated", "compression-error", gzipped(TEXT)[:-12]),
    _gz("only-the-magic", "compression-error", b"\x1f\x8b"),
    _gz("not-packed", "compression-error", TEXT.encode()),
    _gz("empty-file", "compression-error | source-error", b""),
    _gz("packed-twice", "encoding-error | source-error", gzipped(gzipped(TEXT))),
    _gz("bomb", "compression-error | source-error", lambda: _bomb(200_000_000)),
    _gz(
        "bomb-of-rows",
        "compression-error",
        lambda: gzipped(TEXT + "1,2\n" * 10_000_000),
        flood=True,
    ),
    _gz(
        "bomb-of-lines",
        "source-error | blank-row | blank-label | missing-label",
        lambda: gzip.compress(b"\n" * 100_000_000, 9),
        flood=True,
    ),
    _gz(
        "name-of-escapes",
        "accepted",
        gzipped(TEXT)[:3]
        + b"\x08"
        + gzipped(TEXT)[4:10]
        + b"\x1b[31m../../x\0"
        + gzipped(TEXT)[10:],
        values=ONE,
    ),
    _gz("bad-bytes-inside", "encoding-error 2", gzipped(b"a,b\n\xff,2\n")),
    file("gzip-said-and-is-not", "compression-error", "t.csv", TEXT, compression="gz"),
    file(
        "gzip-not-said",
        "encoding-error | source-error | incorrect-label",
        "t.csv",
        gzipped(TEXT),
    ),
    file("compression-unknown", "compression-error", "t.csv", TEXT, compression="rar"),
    file(
        "compression-with-escapes", "compression-error", "t.csv", TEXT, compression="\x1b[31m"
    ),
    _zip("good", "accepted", zipped({"t.csv": TEXT}), values=ONE),
    _zip("several", "compression-error", zipped({"t.csv": TEXT, "u.csv": TEXT})),
    _zip("none", "compression-error", zipped({})),
    _zip("folder-only", "compression-error", zipped({"t/": ""})),
    _zip("traversal", "accepted", zipped({"../../secret.csv": TEXT}), values=ONE),
    _zip("absolute", "accepted", zipped({"/etc/passwd": TEXT}), values=ONE),
    _zip(
        "inner-path-traversal",
        "compression-error",
        zipped({"t.csv": TEXT}),
        innerpath="../secret.csv",
    ),
    _zip(
        "inner-path-with-escapes",
        "compression-error",
        zipped({"t.csv": TEXT}),
        innerpath="\x1b[31m",
    ),
    _zip("wrong-crc", "compression-error", _crc(zipped({"t.csv": TEXT}))),
    _zip("truncated", "compression-error", zipped({"t.csv": TEXT})[:-30]),
    _zip("encrypted", "compression-error", _with_flag(1)),
    _zip("patched", "compression-error", _with_flag(0x20)),
    _zip("method-unknown", "compression-error", _method(99)),
    _zip("method-lzma-and-is-not", "compression-error", _method(14)),
    _zip(
        "size-claimed-too-large", "compression-error | accepted", _size(1_000_000), values=ONE
    ),
    _zip(
        "size-claimed-too-small",
        "compression-error | accepted | incorrect-label | source-error | missing-label | missing-cell",
        _size(2),
    ),
    _zip(
        "nested",
        "encoding-error | source-error | incorrect-label",
        zipped({"t.csv": zipped({"t.csv": TEXT})}),
    ),
    _zip("bomb", "compression-error", lambda: zipped({"t.csv": MILLION * 100})),
    _zip("overlapping", "compression-error", _overlapping()),
    _zip("a-hundred-thousand-members", "compression-error", lambda: _many(65_000), flood=True),
    _zip(
        "link-inside",
        "accepted | missing-label | incorrect-label",
        zipped({"t.csv": "../secret.csv"}),
    ),
    _zip("not-a-zip", "compression-error", TEXT.encode()),
    _zip(
        "before-it-text",
        "accepted | compression-error",
        b"x" * 100 + zipped({"t.csv": TEXT}),
        values=ONE,
    ),
]
