"""Over TLS: a server that proves who it is, and one that can't."""

from __future__ import annotations

import http.client
import ssl
import subprocess

import pytest

from rekodiq_data.errors import NotVerified, Unreachable
from rekodiq_data.store import Limits, fetch, open_store
from rekodiq_data.verify import verify
from tests.published import store
from tests.store.servers import serving

QUICK = Limits(attempts=1)


@pytest.fixture
def certificate(tmp_path):
    """A certificate for `localhost`, signed by nobody else, and its key in one file."""
    path = tmp_path / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(tmp_path / "key.pem"), "-out", str(path)),
        ],
        check=True,
        capture_output=True,
    )
    path.write_bytes(path.read_bytes() + (tmp_path / "key.pem").read_bytes())
    return path


@pytest.fixture
def stage(certificate):
    with serving(store(), certificate) as stage:
        yield stage


def test_a_server_that_proves_who_it_is_is_read(stage, certificate, tmp_path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    fetch(store=stage.url, output=tmp_path / "out", cache=tmp_path / "cache")
    assert verify(tmp_path / "out").valid


def test_a_server_that_nobody_vouches_for_is_refused(stage, tmp_path):
    with pytest.raises(NotVerified, match="can't prove who it is: self-signed") as caught:
        open_store(stage.url, cache=tmp_path / "cache", limits=QUICK).listing  # noqa: B018
    (issue,) = caught.value.report.all_issues()
    assert issue.type == "wrong-certificate"
    assert stage.requests == []


def test_a_certificate_for_another_name_is_refused(stage, certificate, tmp_path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    address = stage.url.replace("localhost", "127.0.0.1")
    with pytest.raises(NotVerified, match="can't prove who it is"):
        open_store(address, cache=tmp_path / "cache", limits=QUICK).listing  # noqa: B018


def test_a_server_that_speaks_no_tls_is_said(tmp_path):
    with serving(store()) as stage:
        address = stage.url.replace("http://", "https://")
        with pytest.raises(Unreachable, match="SSLError"):
            open_store(address, cache=tmp_path / "cache", limits=QUICK).listing  # noqa: B018


def test_what_is_sent_names_the_tool_and_nothing_else(tmp_path, monkeypatch):
    sent = []
    original = http.client.HTTPConnection.putheader

    def noted(self, name, *values):
        sent.append(name)
        original(self, name, *values)

    monkeypatch.setattr(http.client.HTTPConnection, "putheader", noted)
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with serving(store()) as stage:
        assert open_store(stage.url, cache=tmp_path / "cache").versions
    assert sent == ["Host", "Accept", "Accept-Encoding", "User-Agent"]
    assert ssl.create_default_context().verify_mode is ssl.CERT_REQUIRED
