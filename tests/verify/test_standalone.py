"""verify.py alone, and `verify`: damage of any kind is noticed, and the file is named."""

from __future__ import annotations

import ast
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import rekodiq_data.verify.folders
from rekodiq_data.release import release
from rekodiq_data.signing import read_signers, sign
from rekodiq_data.signing import verify as verify_signature
from rekodiq_data.verify import standalone, verify
from rekodiq_data.verify.stores import verifier
from tests.published import built, copied, flipped, reseal
from tests.signing.keygen import key, make_key, public, signers_file, ssh_sign

ROOT = Path(__file__).parents[2]
WHO = "ann@example.org"
VERSIONS = (("1.0.0", "12.5"), ("1.1.0", "12.6"), ("2.0.0-rc.1", "12.7"))


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    """A store of three signed versions."""
    folder = tmp_path_factory.mktemp("signed") / "store"
    for version, tonnage in VERSIONS:
        release(built(version, tonnage), folder, key=key())
    return folder


@pytest.fixture
def shelf(signed, tmp_path):
    """A copy of it that may be changed."""
    return copied(signed, tmp_path / "store")


@pytest.fixture(scope="module")
def program():
    """verify.py as a module: stores hold the same bytes."""
    return standalone


@pytest.fixture
def run(program, capsys):
    """Run verify.py: exit code and output."""

    def call(*words):
        capsys.readouterr()
        code = program.main([str(word) for word in words])
        return code, capsys.readouterr().out

    return call


@pytest.fixture
def signers(tmp_path):
    return signers_file(tmp_path, f'{WHO} namespaces="rekodiq-data" {public(key())}')


def _pythons():
    """A Python of each version from 3.8 on that can be found here, the running one first."""
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    named = [shutil.which(f"python3.{minor}") for minor in range(8, 20)]
    found = {f"3.{sys.version_info.minor}": sys.executable}
    for path in (*filter(None, named), *sorted(kept.glob("3.*/bin/python"))):
        code = "import sys; print('%d.%d' % sys.version_info[:2])"
        probe = subprocess.run([path, "-c", code], capture_output=True, text=True, check=False)
        version = probe.stdout.strip()
        if probe.returncode == 0 and int(version.partition(".")[2]) >= 8:
            found.setdefault(version, str(path))
    return [pytest.param(path, id=version) for version, path in found.items()]


OLDEST = (3, 8)


# --- what is right ---------------------------------------------------------------------------


@pytest.mark.parametrize("python", _pythons())
def test_it_needs_nothing_but_python(signed, signers, python):
    command = [python, "-I", "-S", signed / "verify.py", signed, "--signers", signers]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith(
        "Every byte is what was released, and signed by those you trust.\n"
    )
    assert done.stdout.count(f"signed by {WHO} (SHA256:") == 3
    # And what is wrong is found and said by each, not a traceback.
    done = subprocess.run(
        [*command[:4], signed / "v1.0.0", "--signers", signed / "latest"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "is no allowed signer that can be read here" in done.stderr


def test_it_is_written_in_the_oldest_python_that_it_names():
    """Its grammar is that of 3.8, and it imports what stood there then."""
    tree = ast.parse(verifier(), feature_version=OLDEST)
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module)
    assert imported <= {
        *("__future__", "argparse", "base64", "calendar", "hashlib", "json", "os", "re"),
        *("collections.abc", "stat", "sys", "time", "typing"),
    }
    assert "Python 3.8 or newer" in (ast.get_docstring(tree) or "")


def test_each_store_has_it_and_the_guide_states_its_digest(signed):
    data = (signed / "verify.py").read_bytes()
    assert data == verifier()
    digest = hashlib.sha256(data).hexdigest()
    for guide in ("README.md", "docs/signing.md"):
        assert digest in (ROOT / guide).read_text(encoding="utf-8"), f"{guide}: {digest}"


def test_a_single_version_is_checked_too(run, signed):
    code, out = run(signed / "v1.1.0")
    assert code == 0
    assert "signed with SHA256:" in out
    assert out.endswith(
        "Every byte is what was stated. To check by whom, give --signers FILE.\n"
    )


def test_an_unsigned_version_is_called_unsigned(run, tmp_path, signers):
    release(built(), tmp_path / "store")
    code, out = run(tmp_path / "store")
    assert (code, out.count("v1.0.0: unsigned")) == (0, 1)
    code, out = run(tmp_path / "store", "--signers", signers)
    assert code == 1
    assert "SHA256SUMS.sig: it is unsigned" in out


def test_what_a_stopped_release_leaves_is_a_note(run, shelf, signed):
    release(built(), shelf.parent / "one", key=key())
    one = shelf.parent / "one"
    shutil.copytree(signed / "v1.1.0", one / "v1.1.0")
    code, out = run(one)
    assert (code, "note: v1.1.0 is not listed yet" in out) == (0, True)
    release(built("1.1.0", "12.6"), one)
    (one / "latest").chmod(0o644)
    release(built(), shelf.parent / "two", key=key())
    (one / "latest").write_bytes((shelf.parent / "two" / "latest").read_bytes())
    code, out = run(one)
    assert (code, "latest is not moved yet" in out) == (0, True)


# --- damage ----------------------------------------------------------------------------------


def _files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _both(run, folder, name, *others):
    """Both refuse the folder, and both name the file (or one that stands for it)."""
    code, out = run(folder)
    report = verify(folder)
    assert (code, report.valid) == (1, False), name
    named = [issue.path for issue in report.all_issues()]
    names = {name, *others}
    if name == "SHA256SUMS":
        # A digit that changed in the list is told of the file that it belongs to.
        names |= {path.name for path in _files(folder)}
    assert any(Path(path).name in names for path in named), (name, named)
    assert any(each in out for each in names)


def _stripe(path, every):
    return (bit for bit in range(8 * path.stat().st_size) if bit % every == 0)


def test_flipped_bits_of_any_file_are_noticed_by_both(run, shelf):
    """Some bits of each file; all of them in the slow suite."""
    folder = shelf / "v1.1.0"
    for path in _files(folder):
        for _ in flipped(path, _stripe(path, 997)):
            _both(run, folder, path.name)
    for name in ("catalog.json", "latest"):
        for _ in flipped(shelf / name, _stripe(shelf / name, 397)):
            _both(run, shelf, name)
    assert run(shelf)[0] == 0


LIST, SIGNATURE = "SHA256SUMS", "SHA256SUMS.sig"
FILES = (
    *("CHANGELOG.md", LIST, SIGNATURE, "build.json", "csv/datapackage.json"),
    *("csv/estimates.csv", "csv/sources.csv", "data/estimates.parquet"),
    *("data/sources.parquet", "datapackage.json", "diff.json", "release.json"),
)


def _forbid_parsing(patch, program):
    """Fail if either of the two parses anything of a version."""

    def parse(*_args, **_options):
        raise AssertionError("a file was parsed before all bytes were found right")

    patch.setattr(rekodiq_data.verify.folders, "check_content", parse)
    for name in ("load", "loads"):
        patch.setattr(program.json, name, parse)


def test_a_version_has_these_files(signed):
    folder = signed / "v1.1.0"
    assert {path.relative_to(folder).as_posix() for path in _files(folder)} == set(FILES)


def _flip_all(program, folder, name, capsys):
    """Flip each bit of a file in turn; both notice, and name it."""
    path, bits = folder / name, 0
    for bit in flipped(path, range(8 * path.stat().st_size)):
        assert program.main([str(folder)]) == 1, (path, bit)
        out = capsys.readouterr().out
        report = verify(folder)
        assert not report.valid, (path, bit)
        if name != LIST:  # a digit there is told of the file that it belongs to
            assert f"{name}: " in out
            assert str(path) in {each.path for each in report.all_issues()}
        bits += 1
    assert bits == 8 * path.stat().st_size > 0


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_every_bit_of_every_file_is_noticed_by_both(program, shelf, capsys, monkeypatch, name):
    folder = shelf / "v1.1.0"
    if name not in {LIST, SIGNATURE}:
        # Else each of many thousand runs would check the signature of a list that is right.
        (folder / SIGNATURE).unlink()
    with monkeypatch.context() as patch:
        _forbid_parsing(patch, program)
        _flip_all(program, folder, name, capsys)
    assert program.main([str(folder)]) == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", ["catalog.json", "latest"])
def test_every_bit_of_catalog_and_pointer_is_noticed_by_both(program, tmp_path, capsys, name):
    release(built(), tmp_path / "store")
    (tmp_path / "store" / name).chmod(0o644)
    _flip_all(program, tmp_path / "store", name, capsys)
    assert program.main([str(tmp_path / "store")]) == 0


def test_a_file_removed_truncated_emptied_or_grown_is_named(run, program, shelf, monkeypatch):
    folder = shelf / "v1.1.0"
    for path in _files(folder):
        data = path.read_bytes()
        with monkeypatch.context() as patch:
            _forbid_parsing(patch, program)
            for other in (data[:-1], data[: len(data) // 2], b"", data + b"\n"):
                path.write_bytes(other)
                _both(run, folder, path.name)
            path.unlink()
            if path.name != "SHA256SUMS.sig":
                _both(run, folder, path.name)
        if path.name == "SHA256SUMS.sig":
            assert "unsigned" in run(folder)[1]
            assert verify(folder).tasks[0].signature == "unsigned"
        path.write_bytes(data)
    assert run(folder)[0] == 0


def test_files_swapped_or_renamed_by_case_are_named(run, program, shelf, monkeypatch):
    folder = shelf / "v1.1.0"
    with monkeypatch.context() as patch:
        _forbid_parsing(patch, program)
        _swap_and_rename(run, folder)
    assert run(folder)[0] == 0


def _swap_and_rename(run, folder):
    files = _files(folder)
    for path, neighbour in zip(files, files[1:] + files[:1], strict=True):
        one, other = path.read_bytes(), neighbour.read_bytes()
        path.write_bytes(other)
        neighbour.write_bytes(one)
        _both(run, folder, path.name, neighbour.name)
        path.write_bytes(one)
        neighbour.write_bytes(other)
        renamed = path.with_name(path.name.swapcase())
        path.rename(renamed)
        _both(run, folder, renamed.name, path.name)
        renamed.rename(path)


@pytest.mark.parametrize("name", ["extra.txt", "data/extra.parquet", ".hidden", "Data/x"])
def test_a_file_added_is_named(run, program, shelf, monkeypatch, name):
    path = shelf / "v1.1.0" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"")
    _forbid_parsing(monkeypatch, program)
    _both(run, shelf / "v1.1.0", path.name)


@pytest.mark.parametrize("make", ["link", "folder link", "pipe"])
def test_what_is_no_regular_file_is_named(run, shelf, make):
    folder = shelf / "v1.1.0"
    path = folder / ("csv" if make == "folder link" else "datapackage.json")
    shutil.move(path, shelf.parent / "moved")
    if make == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(shelf.parent / "moved")
    _both(run, folder, path.name)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.upper(),
        lambda text: text.replace("  ", " *", 1),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text + "\n",
        lambda text: "".join(sorted(text.splitlines(keepends=True))),
        lambda text: text.splitlines(keepends=True)[0] + text,
        lambda text: f"{'0' * 64}  ../outside\n" + text,
        lambda text: f"{'0' * 64}  SHA256SUMS\n" + text,
    ],
)
def test_a_list_in_another_form_is_refused(run, shelf, change):
    path = shelf / "v1.1.0/SHA256SUMS"
    path.write_text(change(path.read_text()), newline="")
    _both(run, shelf / "v1.1.0", "SHA256SUMS")


def test_a_version_that_is_a_link_is_named(run, shelf):
    shutil.move(shelf / "v1.0.0", shelf.parent / "moved")
    (shelf / "v1.0.0").symlink_to(shelf.parent / "moved")
    _both(run, shelf, "v1.0.0")
    (shelf / "v1.0.0").unlink()
    shutil.move(shelf.parent / "moved", shelf / "v1.0.0")
    (shelf / "more").symlink_to(shelf / "latest")
    _both(run, shelf, "more")


@pytest.mark.parametrize("name", ["V9.0.0", "v9", "9.0.0", "v9.0.0+more", "v01.0.0"])
def test_a_version_in_a_folder_of_another_name_is_named(run, shelf, name):
    shutil.copytree(shelf / "v1.0.0", shelf / name)
    code, out = run(shelf)
    assert (code, name in out) == (1, True)
    assert not verify(shelf).valid


@pytest.mark.parametrize("name", ["catalog.json", "v1.0.0/release.json"])
def test_json_that_is_nested_without_end_is_no_traceback(run, shelf, name):
    (shelf / name).write_text("[" * 100_000)
    if name.startswith("v"):
        (shelf / "v1.0.0/SHA256SUMS.sig").unlink()
        reseal(shelf / "v1.0.0")
    code, out = run(shelf)
    assert code == 1
    assert f"{name}: it is not JSON in the form in which it is written" in out
    assert not verify(shelf).valid


# --- history ---------------------------------------------------------------------------------


def test_an_old_version_that_was_written_anew_breaks_the_chain(run, shelf):
    """All digests of it are right again, and the catalog follows: the next version tells."""
    version = shelf / "v1.0.0"
    (version / "SHA256SUMS.sig").unlink()
    made = version / "build.json"
    made.write_text(made.read_text().replace('"dirty": false', '"dirty": null'))
    record = version / "release.json"
    old = next(
        line for line in (version / "SHA256SUMS").read_text().split("\n") if "build" in line
    )
    size = made.stat().st_size
    text = record.read_text().replace(old[:64], hashlib.sha256(made.read_bytes()).hexdigest())
    record.write_text(text.replace(f'"bytes": {size + 1}', f'"bytes": {size}'))
    reseal(version)
    code, out = run(shelf)
    assert code == 1
    assert "v1.1.0/release.json: it does not follow the version before it" in out
    assert not verify(shelf).valid


def test_a_version_taken_out_or_under_another_number_is_noticed(run, shelf):
    (shelf / "v1.1.0").rename(shelf / "v1.2.0")
    assert run(shelf)[0] == 1
    assert not verify(shelf).valid
    shutil.rmtree(shelf / "v1.2.0")
    code, out = run(shelf)
    assert code == 1
    assert "catalog.json: it does not list the versions that are here" in out


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("catalog.json", '"newest": "1.1.0"', '"newest": "1.0.0"'),
        ("catalog.json", '"name": "small"', '"name": "other"'),
        ("catalog.json", '"files": 10', '"files": 11'),
        ("catalog.json", "  ", " "),
        ("catalog.json", '"versions": [', '"versions": ['[:-1] + "[],"),
        ("latest", '"path": "v1.1.0"', '"path": "v1.0.0"'),
        ("latest", "{", "[]{"),
    ],
)
def test_a_catalog_or_pointer_that_lies_is_noticed(run, shelf, name, old, new):
    path = shelf / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    code, out = run(shelf)
    assert code == 1
    assert name in out
    assert not verify(shelf).valid


@pytest.mark.parametrize("name", ["catalog.json", "latest"])
def test_a_catalog_or_pointer_that_is_gone_is_noticed(run, shelf, name):
    (shelf / name).unlink()
    _both(run, shelf, name)


def test_a_verifier_that_was_changed_is_a_warning(shelf):
    path = shelf / "verify.py"
    path.write_text(path.read_text() + "# changed\n")
    report = verify(shelf)
    assert report.valid
    assert [issue.type for issue in report.all_issues()] == ["other-verifier"]
    path.unlink()
    assert verify(shelf).all_issues() == ()
    path.symlink_to(key())
    assert not verify(shelf).valid


def test_a_verifier_that_is_too_long_is_no_verifier(shelf, monkeypatch):
    monkeypatch.setattr("rekodiq_data.verify.stores.CAP", 20_000)
    (shelf / "verify.py").write_bytes(b"#" * 30_000)
    assert "unreadable-file" in [issue.type for issue in verify(shelf).all_issues()]


# --- signatures ------------------------------------------------------------------------------


def test_pure_python_agrees_with_the_library_on_random_bits(program):
    """RFC 8032's own test vectors, and flips in key, message and signature."""
    vectors = [
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
    ]
    for vector in vectors:
        public_key, message, signature = (bytes.fromhex(each) for each in vector)
        assert program.is_signed(public_key, message, signature)
        assert not program.is_signed(public_key, message + b"x", signature)
        for at in range(0, 96, 5):
            bad = bytearray(public_key + signature)
            bad[at] ^= 1 << (at % 8)
            assert not program.is_signed(bytes(bad[:32]), message, bytes(bad[32:]))
    order = program.L.to_bytes(32, "little")
    high = (int.from_bytes(signature[32:], "little") + program.L).to_bytes(32, "little")
    assert not program.is_signed(public_key, message, signature[:32] + high)
    assert not program.is_signed(public_key, message, signature[:32] + order)
    assert not program.is_signed(b"\xff" * 32, message, signature)
    assert not program.is_signed(b"\1" + b"\0" * 30 + b"\x80", message, signature)


LISTS = {
    "plain": "WHO KEY",
    "words": "WHO KEY some words",
    "quoted": '"WHO,b" KEY',
    "its namespace": 'WHO namespaces="file,rekodiq-*" KEY',
    "other namespace": 'WHO namespaces="*,!rekodiq-data" KEY',
    "one sign": 'WHO namespaces="rekodiq?data" KEY',
    "valid": 'WHO valid-after="20200101Z",valid-before="22000101120000Z" KEY',
    "local": 'WHO valid-after="202001010000" KEY',
    "over": 'WHO valid-before="20200101Z" KEY',
    "not yet": 'WHO Valid-After="22000101Z" KEY',
    "other": "WHO OTHER",
    "second": "# words\n\nWHO OTHER\nWHO KEY",
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_signers_means_the_same_to_both(run, signed, tmp_path, name):
    text = LISTS[name].replace("WHO", WHO).replace("KEY", public(key()))
    path = signers_file(tmp_path, text.replace("OTHER", public(key("other"))))
    code, out = run(signed / "v1.0.0", "--signers", path)
    assert (code == 0) == verify(signed / "v1.0.0", signers=path).valid, out


def test_a_revoked_key_is_refused(run, signed, signers, tmp_path):
    words = ["--signers", signers, "--revoked"]
    other = signers_file(tmp_path, public(key("other")), name="other")
    assert run(signed, *words, other)[0] == 0
    revoked = signers_file(tmp_path, "# lost", public(key()), name="revoked")
    code, out = run(signed, *words, revoked)
    assert code == 1
    assert out.count("is revoked") == 3


@pytest.mark.parametrize(
    "line",
    [
        "WHO",
        "WHO cert-authority KEY",
        "WHO words KEY",
        "WHO ssh-ed25519 A",
        'WHO valid-after="2026" KEY',
        'WHO valid-after="20260230" KEY',
    ],
)
def test_a_line_that_cannot_be_read_is_a_wrong_call(program, signed, tmp_path, line, capsys):
    path = signers_file(tmp_path, line.replace("WHO", WHO).replace("KEY", public(key())))
    with pytest.raises(SystemExit, match="2"):
        program.main([str(signed), "--signers", str(path)])
    revoked = signers_file(tmp_path, "words", name="revoked")
    with pytest.raises(SystemExit, match="2"):
        program.main([str(signed), "--revoked", str(revoked)])
    with pytest.raises(SystemExit, match="2"):
        program.main([str(tmp_path / "absent")])
    assert "is not a folder" in capsys.readouterr().err


def test_other_signatures_are_refused_by_both(run, shelf, tmp_path):
    folder = shelf / "v1.0.0"
    sums = (folder / "SHA256SUMS").read_bytes()
    ecdsa = make_key(tmp_path, "ecdsa", kind="ecdsa")
    for data in (
        sign(key(), b"other"),
        sign(key(), sums, namespace="file"),
        ssh_sign(ecdsa, sums),
        sign(key(), sums).replace(b"\n", b"\r\n"),
        b"-----BEGIN SSH SIGNATURE-----\nU1NIU0lHAAAAAQAAADM=\n-----END SSH SIGNATURE-----\n",
        b"words",
    ):
        (folder / "SHA256SUMS.sig").write_bytes(data)
        _both(run, folder, "SHA256SUMS.sig")
    good = ssh_sign(key(), sums, "-O", "hashalg=sha256")
    (folder / "SHA256SUMS.sig").write_bytes(good)
    assert run(folder)[0] == 0
    allowed = signers_file(tmp_path, f"{WHO} {public(key())}")
    assert verify_signature(good, sums, read_signers(allowed)).principals == WHO
