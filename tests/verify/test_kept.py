"""Stores that earlier versions of the tool made still verify and load, byte for byte.

Each folder below `kept` is named after the version of the tool that made it, and is never made
anew: 1.0.0, 1.1.0 and 2.0.0-rc.1 of a small package, signed by a key that was thrown away;
1.0.0 is withdrawn.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import rekodiq_data
from rekodiq_data.digest import content_digests
from rekodiq_data.store import open_release, open_store
from rekodiq_data.verify import standalone, verify
from tests.published import snapshot

KEPT = Path(__file__).parent / "kept"
STORES = sorted(path for path in KEPT.iterdir() if path.is_dir())
SIGNERS = KEPT / "allowed_signers"
# SHA-256 of SHA256SUMS, and one cell of the table `estimates`.
PINS = {
    ("0.1.0", "1.0.0"): (
        "5e43a7ebe06efe3beb2f2d1e9d0867511d080fe6e4507c1297a65539fbf81c24",
        12.5,
    ),
    ("0.1.0", "1.1.0"): (
        "62c0f15fa74d2ab1f67bdaa239847f567f1db06f0226b3fb4f54847f250d8280",
        12.6,
    ),
    ("0.1.0", "2.0.0-rc.1"): (
        "c8d357daf4fd8f89ddc2c5a9567df1c72f434af1da3e7843b222b9e68e779522",
        12.7,
    ),
}


@pytest.mark.parametrize("store", STORES, ids=lambda path: path.name)
def test_a_store_of_an_earlier_version_verifies(store, capsys):
    report = verify(store, signers=SIGNERS)
    assert report.valid
    # Its verify.py may be an older one, and that is said.
    assert {issue.type for issue in report.all_issues()} <= {"other-verifier"}
    assert [task.signature.partition(" ")[2][:27] for task in report.tasks] == [
        "by kept@example.org (SHA256"
    ] * 3
    assert standalone.main([str(store), "--signers", str(SIGNERS)]) == 0
    own = [sys.executable, "-I", store / "verify.py", store, "--signers", SIGNERS]
    done = subprocess.run(own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1.0.0 is withdrawn" in done.stdout


@pytest.mark.parametrize(("made_by", "version"), PINS)
def test_each_version_loads_under_its_pin_and_says_the_same(made_by, version):
    digest, tonnage = PINS[made_by, version]
    store = KEPT / made_by
    release = open_release(f"{version}@sha256:{digest}", store=store, signers=SIGNERS)
    record = release.record()
    found = content_digests(release.verified())
    assert found.package == record.content_digest
    assert dict(found.tables) == {
        name: each.content_digest for name, each in record.tables.items()
    }
    frame = _loaded("estimates", store, version)
    assert frame["tonnage_mt"].tolist()[::2] == [tonnage, 5900.0]
    assert len(_loaded("sources", store, version)) == 2


def _loaded(table, store, version):
    if version != "1.0.0":
        return rekodiq_data.load(table, store=store, version=version)
    with pytest.warns(UserWarning, match=r"1\.0\.0 is withdrawn"):
        return rekodiq_data.load(table, store=store, version=version)


@pytest.mark.parametrize("store", STORES, ids=lambda path: path.name)
def test_a_store_of_an_earlier_version_can_be_compared_and_told(store):
    assert [str(each.version) for each in open_store(store).versions] == [
        "2.0.0-rc.1",
        "1.1.0",
        "1.0.0",
    ]
    assert not rekodiq_data.diff(store / "v1.0.0", store / "v1.1.0").is_empty
    moments = rekodiq_data.history("estimates", "a-1", store=store).moments
    assert [str(each.event) for each in moments] == ["added", "changed", "changed"]


def test_nothing_that_is_kept_was_lost():
    assert {path.name for path in STORES} == {made_by for made_by, _ in PINS}
    assert all(len(snapshot(store)) > 30 for store in STORES)
