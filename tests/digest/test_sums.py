"""SHA256SUMS has one form for one content; any other is refused with line and reason."""

from __future__ import annotations

import hashlib
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekodiq_data.digest import parse_sums, sums_bytes, write_sums
from rekodiq_data.errors import BadText, NotReadable

A, B = "a" * 64, "b" * 64

# Content, the line, and the reason.
REFUSED = {
    "empty": ("", 1, "it lists no file"),
    "no line end": (f"{A}  x", 1, "the last line has no line end"),
    "blank line": (f"{A}  x\n\n", 2, "it does not start with 64 lower-case hexadecimal digits"),
    "CRLF": (f"{A}  x\r\n", 1, "it ends in CR; only LF may end a line"),
    "upper case": (f"{A.upper()}  x\n", 1, "it does not start with 64 lower-case hexadecimal"),
    "short digest": (f"{A[:-1]}  x\n", 1, "it does not start with 64 lower-case hexadecimal"),
    "foreign digits": (
        "٣" * 64 + "  x\n",
        1,
        "it does not start with 64 lower-case hexadecimal",
    ),
    "one blank": (f"{A} x\n", 1, "exactly two blanks must stand between digest and path"),
    "tab": (f"{A}\t x\n", 1, "exactly two blanks must stand between digest and path"),
    "binary mark": (f"{A} *x\n", 1, "exactly two blanks must stand between digest and path"),
    "three blanks": (f"{A}  a\n{A}   x\n", 2, 'paths must be sorted: " x" stands after "a"'),
    "no path": (f"{A}  \n", 1, "it is empty"),
    "unsorted": (f"{A}  b\n{A}  a\n", 2, 'paths must be sorted: "a" stands after "b"'),
    "twice": (f"{A}  a\n{B}  a\n", 2, '"a" is listed twice'),
    "itself": (f"{A}  SHA256SUMS\n", 1, "does not list itself or its signature"),
    "signature": (f"{A}  SHA256SUMS.sig\n", 1, "does not list itself or its signature"),
    "above": (f"{A}  ../x\n", 1, 'it leaves the folder through ".."'),
    "absolute": (f"{A}  /x\n", 1, "it is absolute"),
    "hidden": (f"{A}  .x\n", 1, "a part of it is hidden"),
    "escaped": (f"\\{A}  x\\\\y\n", 1, "it does not start with 64 lower-case hexadecimal"),
    "control": (f"{A}  x\x1by\n", 1, "it holds a control character"),
    "byte order mark": (f"\ufeff{A}  x\n", 1, "it does not start with 64 lower-case"),
}

names = st.from_regex(r"\A[a-zA-Z0-9_é ][a-zA-Z0-9_.é \U0001f600\ufffd-]{0,8}\Z")
paths = st.lists(names, min_size=1, max_size=3).map("/".join)
digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
listings = st.dictionaries(paths, digests, min_size=1, max_size=5)


@pytest.mark.parametrize("name", REFUSED)
def test_another_form_is_refused_with_its_line(name):
    text, line, reason = REFUSED[name]
    with pytest.raises(BadText) as caught:
        parse_sums(text.encode())
    assert caught.value.line == line
    assert reason in caught.value.message
    assert caught.value.path == "SHA256SUMS"


def test_bytes_that_are_no_text_are_refused_with_their_line():
    with pytest.raises(BadText, match="not UTF-8") as caught:
        parse_sums(f"{A}  a\n{A}  ".encode() + b"\xff\n")
    assert caught.value.line == 2


@given(listings)
def test_what_is_written_reads_back_and_is_written_equal(sums):
    data = sums_bytes(sums)
    assert parse_sums(data) == sums
    assert sums_bytes(parse_sums(data)) == data


@given(listings, st.data())
def test_no_other_bytes_mean_the_same(sums, data):
    """Whatever one byte becomes, the file is refused or lists something else."""
    content = bytearray(sums_bytes(sums))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    try:
        found = parse_sums(bytes(content))
    except BadText:
        return
    assert found != sums


def test_a_folder_is_listed_in_full_and_sha256sum_agrees(tmp_path):
    (tmp_path / "data").mkdir()
    files = {"b.txt": b"1", "data/a.txt": b"2", "B.txt": b"3", ".hidden-not": None}
    for path, content in files.items():
        if content is not None:
            (tmp_path / path).write_bytes(content)
    (tmp_path / "SHA256SUMS").write_text("old")
    (tmp_path / "SHA256SUMS.sig").write_text("signature")
    data = write_sums(tmp_path)
    assert (tmp_path / "SHA256SUMS").read_bytes() == data
    assert list(parse_sums(data)) == ["B.txt", "b.txt", "data/a.txt"]
    assert parse_sums(data)["b.txt"] == hashlib.sha256(b"1").hexdigest()
    subprocess.run(
        ["sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS"], cwd=tmp_path, check=True
    )


def test_a_link_can_not_be_listed(tmp_path):
    (tmp_path / "a").symlink_to("b")
    with pytest.raises(NotReadable, match=r'"a" can\'t be listed: it is a link'):
        write_sums(tmp_path)


@pytest.mark.parametrize(("name", "reason"), [("a\nb", "control"), (".a", "hidden")])
def test_a_file_that_no_line_can_name_is_refused(tmp_path, name, reason):
    (tmp_path / name).write_text("1")
    with pytest.raises(NotReadable, match=reason):
        write_sums(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == [name]
