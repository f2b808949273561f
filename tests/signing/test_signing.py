"""Signatures are those of ssh-keygen, and prove what they claim or nothing."""

from __future__ import annotations

import base64
import os
import subprocess
from datetime import UTC, datetime

import pytest

from rekodiq_data.errors import BadText, NothingFound, NotReadable, WrongCall
from rekodiq_data.signing import (
    BadSignature,
    Signers,
    read_private_key,
    read_signers,
    sign,
    verify,
)
from rekodiq_data.signing.signers import matches
from rekodiq_data.signing.wire import packed
from tests.published import ordinary_user
from tests.signing.keygen import (
    key,
    make_key,
    public,
    signers_file,
    ssh_sign,
    ssh_verify,
)

DATA = b"0" * 64 + b"  data/estimates.parquet\n"
WHO = "ann@example.org"
BEGIN = "-----BEGIN SSH SIGNATURE-----"
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def _signers(tmp_path, options="", name="key", **rest) -> Signers:
    line = " ".join(part for part in (WHO, options, public(key(name))) if part)
    return read_signers(signers_file(tmp_path, line), **rest)


# --- equal to ssh-keygen ---------------------------------------------------------------------


@pytest.mark.parametrize("data", [DATA, b"", os.urandom(1000)], ids=["sums", "empty", "random"])
def test_a_signature_is_byte_for_byte_that_of_ssh_keygen(data, tmp_path):
    ours = sign(key(), data)
    assert ours == sign(read_private_key(key()), data) == ssh_sign(key(), data)
    assert ssh_verify(ours, data, signers_file(tmp_path, f"{WHO} {public(key())}"))


@pytest.mark.parametrize("hash_name", ["sha256", "sha512"])
def test_what_ssh_keygen_signs_is_taken_here(tmp_path, hash_name):
    signature = ssh_sign(key(), DATA, "-O", f"hashalg={hash_name}")
    signer = verify(signature, DATA, _signers(tmp_path))
    shown = subprocess.run(
        ["ssh-keygen", "-l", "-f", key()], capture_output=True, text=True, check=True
    ).stdout
    assert signer.principals == WHO
    assert signer.fingerprint == shown.split()[1] == read_private_key(key()).fingerprint
    assert _signers(tmp_path).verify(DATA, signature) == f"{WHO} ({signer.fingerprint})"


def test_a_key_behind_a_passphrase_signs_once_it_is_told(tmp_path):
    path = make_key(tmp_path, "locked", "-N", "open sesame")
    unlocked = tmp_path / "unlocked"
    unlocked.write_bytes(path.read_bytes())
    unlocked.chmod(0o600)
    words = ["-q", "-p", "-P", "open sesame", "-N", "", "-f", unlocked]
    subprocess.run(["ssh-keygen", *words], check=True, capture_output=True)
    assert sign(path, DATA, passphrase=lambda: "open sesame") == ssh_sign(unlocked, DATA)
    with pytest.raises(NotReadable, match="the passphrase is wrong"):
        sign(path, DATA, passphrase=lambda: "shut")
    with pytest.raises(WrongCall, match="is locked with a passphrase"):
        sign(path, DATA)


LISTS = {
    "plain": f"{WHO} KEY",
    "with words behind it": f"{WHO} KEY ann's key of 2026",
    "wild": "*@example.org KEY",
    "several": f"bob@example.org,{WHO} KEY",
    "quoted": f'"{WHO}" KEY',
    "its namespace": f'{WHO} namespaces="rekodiq-data" KEY',
    "wild namespace": f'{WHO} NAMESPACES="file,rekodiq-*" KEY',
    "other namespace": f'{WHO} namespaces="file" KEY',
    "namespace taken out": f'{WHO} namespaces="*,!rekodiq-data" KEY',
    "valid": f'{WHO} valid-after="20260101Z",valid-before="20270101Z" KEY',
    "valid to the second": f'{WHO} valid-after="20260601000000Z" KEY',
    "not any more": f'{WHO} valid-before="202605312359Z" KEY',
    "not yet": f'{WHO} valid-after="20260601000001Z" KEY',
    "by local time": f'{WHO} valid-after="20260601" KEY',
    "by local minutes": f'{WHO} valid-before="202606010530" KEY',
    "another key": f"{WHO} OTHER",
    "second line": f"{WHO} OTHER\n# words\n\n  \n{WHO} KEY",
    "allowed once": f'{WHO} namespaces="file" KEY\n{WHO} KEY',
    "blanks and tabs": f"  {WHO}\t \tKEY  ",
    "nobody": "# nobody",
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("zone", ["UTC", "Asia/Karachi"])
def test_a_list_of_signers_is_read_as_ssh_keygen_reads_it(tmp_path, name, zone, monkeypatch):
    monkeypatch.setenv("TZ", zone)
    import time

    time.tzset()
    try:
        text = LISTS[name].replace("KEY", public(key())).replace("OTHER", public(key("other")))
        path = signers_file(tmp_path, text)
        signature = sign(key(), DATA)
        theirs = ssh_verify(signature, DATA, path, "-O", "verify-time=20260601000000Z")
        try:
            verify(signature, DATA, read_signers(path, at=NOW))
            ours = True
        except BadSignature:
            ours = False
        assert ours == theirs
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_revoked_key_is_refused_as_ssh_keygen_does(tmp_path):
    allowed = signers_file(tmp_path, f"{WHO} {public(key())}")
    signature = sign(key(), DATA)
    for name, revoked in (("other", False), ("key", True)):
        listed = signers_file(tmp_path, "# revoked", f"{public(key(name))} x", name="revoked")
        assert ssh_verify(signature, DATA, allowed, "-r", listed) == (not revoked)
        signers = read_signers(allowed, listed)
        if revoked:
            with pytest.raises(BadSignature, match="is revoked"):
                verify(signature, DATA, signers)
        else:
            assert verify(signature, DATA, signers).principals == WHO


def test_without_a_time_the_clock_decides(tmp_path):
    signature = sign(key(), DATA)
    assert verify(signature, DATA, _signers(tmp_path, 'valid-before="21000101Z"'))
    with pytest.raises(BadSignature, match="only until 2000-01-01 00:00:00 UTC"):
        verify(signature, DATA, _signers(tmp_path, 'valid-before="20000101Z"'))


def test_rotation_keeps_what_the_old_key_signed_and_takes_the_new_one(tmp_path):
    path = signers_file(
        tmp_path,
        f"{WHO} {public(key())}",
        f'{WHO} valid-after="20260101Z" {public(key("new"))}',
    )
    signers = read_signers(path, at=NOW)
    for name in ("key", "new"):
        assert verify(sign(key(name), DATA), DATA, signers).principals == WHO


# --- refused ---------------------------------------------------------------------------------


def test_other_bytes_are_refused(tmp_path):
    signature = sign(key(), DATA)
    for other in (DATA + b"\n", DATA[:-1], b""):
        with pytest.raises(BadSignature, match="not one of these bytes"):
            verify(signature, other, _signers(tmp_path))


def test_another_namespace_is_refused(tmp_path):
    signature = ssh_sign(key(), DATA, namespace="file")
    with pytest.raises(BadSignature, match='meant for "file", not for "rekodiq-data"'):
        verify(signature, DATA, _signers(tmp_path))


def test_a_key_that_nobody_allows_is_named(tmp_path):
    with pytest.raises(BadSignature, match=r"the key SHA256:.*not one of the allowed signers"):
        verify(sign(key("other"), DATA), DATA, _signers(tmp_path))


def test_every_bit_of_a_signature_counts(tmp_path):
    """Any flip is refused; ssh-keygen agrees wherever it is asked."""
    signers = _signers(tmp_path)
    good = sign(key(), DATA)
    for at in range(len(good)):
        for bit in range(8):
            bad = bytearray(good)
            bad[at] ^= 1 << bit
            with pytest.raises(BadSignature):
                verify(bytes(bad), DATA, signers)


def _armoured(content: bytes) -> bytes:
    text = base64.b64encode(content).decode()
    lines = [text[at : at + 70] for at in range(0, len(text), 70)]
    return "\n".join([BEGIN, *lines, "-----END SSH SIGNATURE-----\n"]).encode()


def _content(**changed) -> bytes:
    raw = changed.get("raw", packed(b"ssh-ed25519", b"s" * 64))
    blob = changed.get("blob", packed(b"ssh-ed25519", b"k" * 32))
    parts = (blob, b"rekodiq-data", b"", changed.get("hash", b"sha512"), raw)
    return changed.get("start", b"SSHSIG\0\0\0\1") + packed(*parts) + changed.get("end", b"")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is not one text between"),
        (b"x" * 70000, "it is too long"),
        (_armoured(b"SSH"), "it ends in the middle"),
        (_armoured(b"SSHSI_\0\0\0\1"), "it is no SSH signature"),
        (_armoured(_content(start=b"SSHSIG\0\0\0\2")), "of another version than 1"),
        (_armoured(_content(end=b"x")), "something stands behind its end"),
        (_armoured(_content(hash=b"md5")), "neither sha256 nor sha512"),
        (_armoured(_content(blob=packed(b"ssh-rsa", b"k"))), "of the type ssh-rsa; only"),
        (_armoured(_content(blob=packed(b"ssh-ed25519", b"k"))), "it is no ed25519 key"),
        (_armoured(_content(raw=packed(b"ssh-ed25519", b"s"))), "no ed25519 signature"),
        (_armoured(_content(raw=packed(b"x", b"s" * 64))), "no ed25519 signature"),
        (_armoured(b"SSHSIG").replace(b"U1", b"U="), "not base64"),
        (_armoured(b"SSHSIG\0\0\0\1").replace(b"AQ==", b"AR=="), "not in the form in which"),
    ],
)
def test_a_damaged_signature_says_what_is_wrong(tmp_path, data, words):
    with pytest.raises(BadSignature, match=words):
        verify(data, DATA, _signers(tmp_path))


@pytest.mark.parametrize(
    "change", [(b"\n", b"\r\n"), (b"-----\n", b"-----\n\n"), (b"SSHSIG", b"\n")]
)
def test_a_signature_has_one_form(tmp_path, change):
    signature = sign(key(), DATA)
    changed = signature.replace(*change)
    if changed == signature:
        changed = signature.rstrip(b"\n")
    with pytest.raises(BadSignature, match="can't be read"):
        verify(changed, DATA, _signers(tmp_path))


# --- files that can't be taken ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (WHO, "it has no key"),
        (f"{WHO} ", "it has no key"),
        ('"ann KEY', "a quote is not closed"),
        (f"{WHO} cert-authority KEY", "certificates are not taken here"),
        (f"{WHO} no-touch-required KEY", 'the option "no-touch-required" is not known'),
        (f"{WHO} namespaces KEY", "needs a value in quotes"),
        (f'{WHO} namespaces="a",namespaces="b" KEY', "namespaces stands twice"),
        (f'{WHO} namespaces="a b" KEY extra', None),
        (f'{WHO} namespaces="a KEY', "a quote is not closed"),
        (f'{WHO} namespaces="a", KEY', "options can't be read"),
        (f'{WHO} namespaces="a"', "it has no key"),
        (f'{WHO} namespaces="a" words', "a key is a type, a blank and base64"),
        (f'{WHO} valid-after="2026" KEY', "is no time; write"),
        (f'{WHO} valid-after="20260230" KEY', "there is no such day"),
        (f"{WHO} ssh-rsa AAAA", "not of the type ssh-rsa"),
        (f"{WHO} ssh-ed25519 AAAA=A", "options can't be read"),
        (f"{WHO} ssh-ed25519 AAAAA", "it is not base64"),
    ],
)
def test_a_line_that_is_no_signer_is_named(tmp_path, line, words):
    path = signers_file(tmp_path, "# signers", line.replace("KEY", public(key())))
    if words is None:
        assert len(read_signers(path).allowed) == 1
        return
    with pytest.raises(BadText, match=words) as caught:
        read_signers(path)
    assert caught.value.line == 2


def test_a_line_that_is_no_revoked_key_is_named(tmp_path):
    path = signers_file(tmp_path, f"{WHO} {public(key())}")
    revoked = signers_file(tmp_path, "SHA256:abc", name="revoked")
    with pytest.raises(BadText, match=r'line 1 of ".*revoked" is no public key'):
        read_signers(path, revoked)


def test_a_binary_revocation_list_is_refused_with_a_way_out(tmp_path):
    path = signers_file(tmp_path, f"{WHO} {public(key())}")
    krl = tmp_path / "krl"
    pub = key().with_name("key.pub")
    subprocess.run(["ssh-keygen", "-q", "-k", "-f", krl, pub], check=True)
    with pytest.raises(NotReadable, match="KRL") as caught:
        read_signers(path, krl)
    assert "one a line" in caught.value.hint


def test_lists_that_cannot_be_read_say_so(tmp_path):
    with pytest.raises(NothingFound, match="there is no file"):
        read_signers(tmp_path / "absent")
    with pytest.raises(NotReadable, match="can't be read"):
        read_signers(tmp_path)
    (tmp_path / "long").write_bytes(b"#" * 1024 * 1024 + b"\n")
    with pytest.raises(NotReadable, match="too long"):
        read_signers(tmp_path / "long")
    (tmp_path / "bytes").write_bytes(b"\xff\n")
    with pytest.raises(NotReadable, match="not UTF-8"):
        read_signers(tmp_path / "bytes")


def test_keys_that_cannot_sign_say_so(tmp_path):
    with pytest.raises(NothingFound, match="there is no key"):
        read_private_key(tmp_path / "absent")
    with pytest.raises(NotReadable, match="can't be read"):
        read_private_key(tmp_path)
    with pytest.raises(NotReadable, match="no private key") as caught:
        read_private_key(key().with_name("key.pub"))
    assert "without .pub" in caught.value.hint
    with pytest.raises(WrongCall, match="no ed25519 key"):
        read_private_key(make_key(tmp_path, "ecdsa", kind="ecdsa"))
    with ordinary_user() as home:
        locked = home / "locked"
        locked.write_text("")
        locked.chmod(0)
        with pytest.raises(NotReadable, match="Permission denied"):
            read_private_key(locked)


@pytest.mark.parametrize(
    ("text", "patterns", "expected"),
    [
        ("a", "a", True),
        ("ab", "a?", True),
        ("a", "a?", False),
        ("a.b", "a*b", True),
        ("a", "!a,a", False),
        ("a", "!b", False),
        ("a+", "a+", True),
        ("aa", "a+", False),
    ],
)
def test_patterns_are_those_of_ssh(text, patterns, expected):
    assert matches(text, patterns) == expected
