"""Every version of the data that was ever published is kept, verifies and loads."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import rekodiq_data
from rekodiq_data.digest import content_digests
from rekodiq_data.reproduce import reproduce
from rekodiq_data.store import open_release
from rekodiq_data.verify import standalone, verify
from rekodiq_data.versions import version_of_folder

STORE = Path(__file__).parents[2] / "datapackage" / "releases"
# Each version and the SHA-256 of its SHA256SUMS. A line is added with each publication, and
# none is ever changed or taken out.
PUBLISHED = {
    "0.1.0": "4704ca9dc962f505c83dcc943afe14d976abc1c9f41de9da107742174c135f21",
}


@pytest.mark.filterwarnings("ignore:version .* is withdrawn:UserWarning")
def test_every_version_that_was_published_is_there_verifies_and_loads(capsys):
    found = {version_of_folder(path.name) for path in STORE.iterdir() if path.is_dir()} - {None}
    assert {str(each) for each in found} == set(PUBLISHED)
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


@pytest.mark.parametrize("version", PUBLISHED)
def test_both_packages_of_a_version_hold_the_same_records(version):
    folder = STORE / f"v{version}"
    for path in sorted(folder.glob("data/*.parquet")):
        table = pq.read_table(path)
        with (folder / f"csv/{path.stem}.csv").open(newline="", encoding="utf-8") as stream:
            header, *rows = csv.reader(stream)
        assert header == table.column_names
        keys = [str(each) for each in table[0].to_pylist()]
        assert keys == [row[0] for row in rows]


@pytest.mark.parametrize("version", PUBLISHED)
def test_a_version_says_what_changed_in_numbers_and_in_words(version):
    folder = STORE / f"v{version}"
    changes = json.loads((folder / "diff.json").read_bytes())
    assert changes["new"]["version"] == version
    text = (folder / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## {version}" in text
    assert "unreleased" not in text


@pytest.mark.slow
@pytest.mark.parametrize("version", PUBLISHED)
def test_a_version_can_be_rebuilt_from_its_commit(version):
    assert reproduce(version, STORE, STORE.parents[1]).holds
