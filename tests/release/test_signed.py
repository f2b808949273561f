"""A version signed with an SSH key, and what `verify` says of it."""

from __future__ import annotations

import shlex
import subprocess

import pytest

from rekodiq_data import cli
from rekodiq_data.cli.render import summary
from rekodiq_data.errors import NothingFound, NotVerified, WrongCall
from rekodiq_data.release import release
from rekodiq_data.signing import read_private_key, sign
from rekodiq_data.store import open_store
from rekodiq_data.verify import verify
from tests.published import built, copied, flipped
from tests.signing.keygen import key, make_key, public, signers_file

WHO = "ann@example.org"


@pytest.fixture
def signers(tmp_path):
    return signers_file(tmp_path, f"{WHO} {public(key())}")


@pytest.fixture
def shelf(tmp_path):
    """A store with 1.0.0 signed, which may be changed."""
    release(built(), tmp_path / "made", key=key())
    return copied(tmp_path / "made", tmp_path / "store")


def _kinds(report):
    return [issue.type for issue in report.all_issues()]


def test_a_signed_version_verifies_here_and_with_ssh_keygen_alone(tmp_path, signers):
    done = release(built(), tmp_path / "store", key=key())
    assert done.signed_with == read_private_key(key()).fingerprint
    report = verify(tmp_path / "store", signers=signers)
    assert report.valid
    assert report.tasks[0].signature == f"signed by {WHO} ({done.signed_with})"
    assert "SHA256SUMS.sig" not in (done.folder / "SHA256SUMS").read_text()
    words = ["-f", signers, "-I", WHO, "-n", "rekodiq-data", "-s", "SHA256SUMS.sig"]
    with (done.folder / "SHA256SUMS").open("rb") as sums:
        subprocess.run(
            ["ssh-keygen", "-Y", "verify", *words], stdin=sums, check=True, cwd=done.folder
        )


def test_the_same_key_makes_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        release(built(), tmp_path / name, key=key())
    one, other = (tmp_path / name / "v1.0.0/SHA256SUMS.sig" for name in ("a", "b"))
    assert one.read_bytes() == other.read_bytes()


def test_without_signers_a_signature_is_said_and_not_praised(shelf):
    (task,) = verify(shelf).tasks
    assert task.signature.startswith("signed with the key SHA256:")
    assert task.signature.endswith("which was not compared with allowed signers")
    assert task.to_dict()["signature"] == task.signature


def test_an_unsigned_version_is_called_unsigned(shelf, signers):
    (shelf / "v1.0.0/SHA256SUMS.sig").unlink()
    report = verify(shelf)
    assert (report.valid, report.tasks[0].signature) == (True, "unsigned")
    report = verify(shelf, signers=signers)
    assert _kinds(report) == ["unsigned"]
    assert not report.valid


def test_every_bit_of_the_signature_counts_with_signers_and_without(shelf):
    path = shelf / "v1.0.0/SHA256SUMS.sig"
    for bit in flipped(path, range(8 * path.stat().st_size)):
        if bit % 97 == 0 or bit < 400:
            assert _kinds(verify(shelf / "v1.0.0")) == ["bad-signature"], bit


def test_a_signature_of_something_else_is_refused(shelf, tmp_path):
    path = shelf / "v1.0.0/SHA256SUMS.sig"
    sums = (shelf / "v1.0.0/SHA256SUMS").read_bytes()
    for data in (sign(key(), b"other"), sign(key(), sums, namespace="file"), b"words"):
        path.write_bytes(data)
        assert _kinds(verify(shelf)) == ["bad-signature"]
        with pytest.raises(NotVerified):
            open_store(shelf).resolve()


def test_a_signature_by_somebody_else_is_refused(shelf, signers):
    sums = (shelf / "v1.0.0/SHA256SUMS").read_bytes()
    (shelf / "v1.0.0/SHA256SUMS.sig").write_bytes(sign(key("other"), sums))
    assert verify(shelf).valid
    report = verify(shelf, signers=signers)
    assert "not one of the allowed signers" in report.all_issues()[0].message


def test_what_stands_in_place_of_a_signature_is_odd(shelf):
    path = shelf / "v1.0.0/SHA256SUMS.sig"
    path.unlink()
    path.symlink_to(key())
    assert _kinds(verify(shelf)) == ["odd-file"]
    path.unlink()
    path.write_bytes(b"x" * 70_000)
    assert _kinds(verify(shelf)) == ["unreadable-file"]


def test_a_version_is_signed_anew_when_its_key_is_revoked(shelf, tmp_path, capsys):
    """Rotation: the old key out, the new one in, not a byte of the version changed."""
    sums = shelf / "v1.0.0/SHA256SUMS"
    allowed = signers_file(tmp_path, f"{WHO} {public(key())}", f"{WHO} {public(key('new'))}")
    revoked = signers_file(tmp_path, public(key()), name="revoked")
    words = ["verify", str(shelf), "--signers", str(allowed), "--revoked", str(revoked)]
    assert cli.run(words) == 1
    assert "is revoked" in " ".join(capsys.readouterr().out.split())
    sums.with_name("SHA256SUMS.sig").unlink()
    new = ["-q", "-f", key("new"), "-n", "rekodiq-data", sums]
    subprocess.run(["ssh-keygen", "-Y", "sign", *new], check=True, capture_output=True)
    assert cli.run(words) == 0
    assert "signed by ann@example.org" in capsys.readouterr().out


def test_the_command_signs_asks_for_the_passphrase_and_shows_who_signed(
    tmp_path, capsys, monkeypatch
):
    locked = make_key(tmp_path, "locked", "-N", "open sesame")
    monkeypatch.setattr("click.prompt", lambda *_, **__: "open sesame")
    words = ["release", str(built()), "--store", str(tmp_path / "store"), "--key", str(locked)]
    assert cli.run(words) == 0
    assert "\nSigned with SHA256:" in capsys.readouterr().out
    assert cli.run(["verify", str(tmp_path / "store"), "--revoked", str(locked)]) == 2
    assert "--revoked takes keys out of --signers" in capsys.readouterr().err
    assert cli.run(["--color", "never", "verify", str(tmp_path / "store")]) == 0
    assert "not compared with allowed signers" in " ".join(capsys.readouterr().out.split())
    release(built("1.1.0", "12.6"), tmp_path / "store")
    cli.run(["--color", "never", "verify", str(tmp_path / "store")])
    assert ", unsigned\n" in capsys.readouterr().out


def test_a_key_that_cannot_sign_stops_before_anything_is_written(tmp_path):
    with pytest.raises(NothingFound, match="there is no key"):
        release(built(), tmp_path / "store", key=tmp_path / "absent")
    with pytest.raises(WrongCall, match="is locked"):
        release(built(), tmp_path / "store", key=make_key(tmp_path, "l", "-N", "open sesame"))
    assert not (tmp_path / "store").exists()


def test_an_unsigned_version_after_a_signed_one_is_told_of_and_can_be_signed_later(
    tmp_path, capsys
):
    store = tmp_path / "store"
    assert release(built(), store, key=key()).is_signed
    done = release(built("1.1.0", "12.6"), store)
    assert (done.is_signed, done.follows_signed, done.signed_with) == (False, True, None)
    text = summary.released(done)
    assert "\nUnsigned, and 1.0.0 before it is signed\nTo sign it: ssh-keygen -Y sign" in text
    # A name that is used is no way to sign; what to do is said.
    words = ["release", str(built("1.1.0", "12.6")), "--store", str(store), "--key", str(key())]
    assert cli.run(words) == 0
    out = capsys.readouterr().out
    assert "It was published unsigned, and stays as it is.\n" in out
    command = shlex.split(out.splitlines()[-1].partition("To sign it: ")[2])
    command[command.index("KEY")] = str(key())
    subprocess.run(command, check=True, capture_output=True)
    signers = signers_file(tmp_path, f"ann {public(key())}")
    assert verify(store, signers=signers).valid
    assert cli.run(words) == 0
    assert capsys.readouterr().out.count("\n") == 1
