"""Every version of the data that was ever published is kept, verifies and loads."""

from __future__ import annotations

from pathlib import Path

import pytest

import rekodiq_data
from rekodiq_data.digest import content_digests
from rekodiq_data.store import open_release
from rekodiq_data.verify import standalone, verify
from rekodiq_data.versions import version_of_folder

STORE = Path(__file__).parents[2] / "datapackage" / "releases"
# Each version and the SHA-256 of its SHA256SUMS. A line is added with each publication, and
# none is ever changed or taken out.
PUBLISHED: dict[str, str] = {}


@pytest.mark.filterwarnings("ignore:version .* is withdrawn:UserWarning")
def test_every_version_that_was_published_is_there_verifies_and_loads(capsys):
    folders = STORE.iterdir() if STORE.exists() else ()
    found = {version_of_folder(path.name) for path in folders if path.is_dir()} - {None}
    assert {str(each) for each in found} == set(PUBLISHED)
    if PUBLISHED:
        report = verify(STORE)
        assert report.valid
        # The verify.py beside the data may be that of an older version of the tool.
        assert {issue.type for issue in report.all_issues()} <= {"other-verifier"}
        assert standalone.main([str(STORE)]) == 0
        assert "Every byte is what was stated." in capsys.readouterr().out
    for version, digest in PUBLISHED.items():
        release = open_release(f"{version}@sha256:{digest}", store=STORE)
        record = release.record()
        assert content_digests(release.verified()).package == record.content_digest
        for name, table in record.tables.items():
            frame = rekodiq_data.load(name, store=STORE, version=release.pin)
            assert len(frame) == table.rows
            assert frame.attrs["content_digest"] == table.content_digest
