"""Which addresses are taken, in which form, and what is read of the environment."""

from __future__ import annotations

import pytest

from rekodiq_data.errors import NothingFound, WrongCall
from rekodiq_data.store.address import is_loopback_address, is_remote, parse_address
from rekodiq_data.store.door import open_store
from rekodiq_data.store.environment import read_environment


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("https://Data.Example.org:443/releases/", "https://data.example.org/releases"),
        ("https://data.example.org:8443", "https://data.example.org:8443"),
        ("https://data.example.org/a b/é", "https://data.example.org/a%20b/%C3%A9"),
        ("https://data.example.org/a%20b", "https://data.example.org/a%20b"),
        ("http://localhost:8000/x", "http://localhost:8000/x"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("http://[::1]:9000/", "http://[::1]:9000"),
        ("s3://bucket/path/", "s3://bucket/path"),
        ("s3://bucket", "s3://bucket"),
    ],
)
def test_an_address_has_one_form(text, form):
    address = parse_address(text)
    assert str(address) == form
    assert parse_address(form) == address


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("http://data.example.org/", "not protected on its way"),
        ("http://10.0.0.1/", "not protected on its way"),
        ("ftp://data.example.org/", "ftp:// is not one of https://, s3://"),
        ("file:///tmp/store", "file:// is not one of"),
        ("https:///releases", "it names no host"),
        ("https://user:secret@example.org/", "may not hold a name or a password"),
        ("https://example.org/?token=1", 'it may hold neither "?" nor "#"'),
        ("https://example.org/#top", 'it may hold neither "?" nor "#"'),
        ("https://example.org/a/%2e%2e/b", 'it may not hold "..'),
        ("https://example.org/a\x01", "it holds a control character"),
        ("https://example.org:port/", "is not an address"),
        ("https://[::1/", "is not an address"),
        ("https://example.org/%ff", "is not an address"),
    ],
)
def test_other_addresses_are_wrong_calls(text, words):
    with pytest.raises(WrongCall) as caught:
        open_store(text)
    assert words in caught.value.message
    assert "secret" not in caught.value.message


def test_a_folder_is_no_address(tmp_path):
    assert not is_remote("C:\\releases")
    assert not is_remote("releases/https://x"[:8])
    with pytest.raises(NothingFound):
        open_store(tmp_path / "https:" / "example.org")


@pytest.mark.parametrize(
    ("text", "is_here"),
    [
        ("http://localhost:9000", True),
        ("http://127.0.0.2", True),
        ("https://localhost", False),
        ("http://example.org", False),
        ("", False),
    ],
)
def test_this_machine_is_known_by_its_names(text, is_here):
    assert is_loopback_address(text) is is_here


def test_the_environment_is_read_in_one_place(monkeypatch):
    for name in ("REKODIQ_DATA_STORE", "AWS_ENDPOINT_URL_S3", "AWS_ACCESS_KEY_ID"):
        monkeypatch.setenv(name, "")
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    found = read_environment()
    assert (found.store, found.s3_endpoint, found.has_s3_key) == (None, None, False)
    monkeypatch.setenv("REKODIQ_DATA_STORE", "releases")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9000")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    found = read_environment()
    assert (found.store, found.has_s3_key) == ("releases", True)
    assert found.s3_endpoint == "http://127.0.0.1:9000"
