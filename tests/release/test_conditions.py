"""A number promises no less change than there is, and a version can be rebuilt."""

from __future__ import annotations

import json

import pytest

from rekodiq_data import cli
from rekodiq_data.diff.step import Reason, Size, Step
from rekodiq_data.errors import NotReadable, NotVerified, ReleaseRefused
from rekodiq_data.release import release
from rekodiq_data.release.conditions import Origin, require_honest_step
from rekodiq_data.staging import draft_of
from rekodiq_data.verify import prove, verify
from rekodiq_data.versions import Version
from tests.published import built, commit, copied, reseal, snapshot, write_project


@pytest.fixture
def shelf(tmp_path):
    """A store with 1.0.0."""
    release(built(), tmp_path / "store")
    return tmp_path / "store"


# --- the step --------------------------------------------------------------------------------


def test_too_small_a_step_is_refused_with_the_reasons_and_nothing_is_written(shelf):
    before = snapshot(shelf)
    with pytest.raises(ReleaseRefused) as caught:
        release(built("1.0.1", "12.6"), shelf)
    assert caught.value.message == (
        "1.0.1 is too small a step from 1.0.0: at least a minor step is honest, because\n"
        "  1 record of estimates changed"
    )
    assert caught.value.hint.startswith("release as 1.1.0 or higher")
    assert snapshot(shelf) == before
    with pytest.raises(ReleaseRefused):
        release(built("1.0.1", "12.6"), shelf, dry_run=True)


def test_the_command_refuses_with_exit_code_1(shelf, capsys):
    assert cli.run(["release", str(built("1.0.1", "12.6")), "--store", str(shelf)]) == 1
    assert "1 record of estimates changed" in capsys.readouterr().err


def test_a_larger_step_is_allowed_and_said(shelf):
    done = release(built("3.0.0", "12.6"), shelf)
    assert (done.step.size, done.base) == (Size.MINOR, "1.0.0")


def test_equal_content_may_get_a_higher_number(shelf):
    done = release(built("1.0.1"), shelf)
    assert (done.is_new, done.step.size) == (True, Size.NONE)


def test_a_release_is_honest_about_the_last_finished_one_not_about_its_candidate(shelf):
    release(built("1.1.0-rc.1", "12.6"), shelf)
    done = release(built("1.1.0", "12.6"), shelf)
    assert (done.base, done.previous, done.step.size) == ("1.0.0", "1.1.0-rc.1", Size.MINOR)


def test_where_all_are_candidates_the_newest_of_them_counts(tmp_path):
    release(built("1.0.0-rc.1"), tmp_path)
    done = release(built("1.0.0", "12.6"), tmp_path)
    assert done.base == "1.0.0-rc.1"


def test_many_reasons_are_counted():
    reasons = tuple(Reason(Size.MINOR, "r", "t", None, f"reason {at}") for at in range(12))
    with pytest.raises(ReleaseRefused) as caught:
        require_honest_step(
            Step(Size.MINOR, reasons), Version.parse("1.0.0"), Version.parse("1.0.1")
        )
    lines = caught.value.message.split("\n")
    assert lines[1:3] == ["  reason 0", "  reason 1"]
    assert lines[-1] == "  and 2 more such changes"


# --- diff.json and CHANGELOG.md --------------------------------------------------------------


def test_the_first_version_says_that_all_of_it_is_new(shelf):
    changes = json.loads((shelf / "v1.0.0/diff.json").read_text())
    assert (changes["old"], changes["step"]) == (None, None)
    assert changes["new"]["version"] == "1.0.0"
    assert [each["name"] for each in changes["tables"]] == ["estimates", "sources"]
    for table in changes["tables"]:
        assert (table["change"], table["added"]) == ("added", [])
        assert table["rows"]["added"] == table["rows"]["new"] > 0
    assert "diff.json" in (shelf / "v1.0.0/SHA256SUMS").read_text()


def test_each_later_version_holds_what_changed(shelf):
    folder = release(built("1.1.0", "12.6"), shelf).folder
    changes = json.loads((folder / "diff.json").read_text())
    assert (changes["old"]["version"], changes["new"]["version"]) == ("1.0.0", "1.1.0")
    (table,) = [each for each in changes["tables"] if each["change"] != "same"]
    assert table["changed"][0]["cells"] == [
        {"field": "tonnage_mt", "old": "12.5", "new": "12.6"}
    ]
    assert "diff.json" in (folder / "SHA256SUMS").read_text()


def test_a_version_without_an_entry_gets_the_computed_one_before_the_older(shelf):
    folder = release(built("1.1.0", "12.6"), shelf).folder
    text = (folder / "CHANGELOG.md").read_text()
    assert text.index("## 1.1.0") < text.index("## 1.0.0")
    assert "`a-1`, Tonnage (`tonnage_mt`): `12.5` → `12.6` Mt" in text


def test_the_words_of_a_project_are_taken_as_they_are(tmp_path):
    project = write_project(tmp_path / "project")
    words = "# History\n\n## 1.0.0 (2026-01-01)\n\nIn my own words.\n"
    (project / "datapackage/CHANGELOG.md").write_text(words)
    folder = release(commit(project), tmp_path / "store").folder
    assert (folder / "CHANGELOG.md").read_text() == words


def test_a_changelog_that_is_no_text_is_refused(tmp_path):
    project = write_project(tmp_path / "project")
    (project / "datapackage/CHANGELOG.md").write_bytes(b"\xff")
    with pytest.raises(NotReadable, match="is not UTF-8"):
        release(commit(project), tmp_path / "store")


def test_a_version_of_before_there_were_changelogs_is_followed_by_one(shelf):
    first = shelf / "v1.0.0"
    first.joinpath("CHANGELOG.md").unlink()
    reseal(first)
    proof = prove(built("1.1.0", "12.6"))
    from rekodiq_data.catalog import read_catalog

    draft = draft_of(proof, proof.content, Version.parse("1.1.0"), read_catalog(shelf), shelf)
    assert draft.files["CHANGELOG.md"].startswith(b"# History of the data\n\n## 1.1.0")


def test_words_for_people_stay_short_where_much_changed(tmp_path):
    def project(version, tonnage):
        folder = write_project(tmp_path / version, version=version)
        rows = "".join(f"r-{at:03},{tonnage},2010,,\n" for at in range(120))
        path = folder / "datapackage/raw/estimates.csv"
        path.write_text("record_id,tonnage_mt,year,is_final,note\n" + rows)
        return commit(folder)

    release(project("1.0.0", 1), tmp_path / "store")
    folder = release(project("1.1.0", 2), tmp_path / "store").folder
    (table,) = [
        each
        for each in json.loads((folder / "diff.json").read_text())["tables"]
        if each["change"] == "changed"
    ]
    assert len(table["changed"]) == 120
    text = (folder / "CHANGELOG.md").read_text()
    assert text.count("→ `2`") == 100
    assert "And 20 more changed values" in text


def test_a_damaged_version_before_it_stops_a_release(shelf):
    path = shelf / "v1.0.0/csv/sources.csv"
    path.chmod(0o644)
    path.write_text("changed")
    with pytest.raises(NotVerified):
        release(built("1.1.0", "12.6"), shelf)


# --- the commit ------------------------------------------------------------------------------


def _project(tmp_path):
    return commit(write_project(tmp_path / "project"))


def test_files_that_differ_from_the_commit_are_refused_and_recorded(tmp_path):
    project = _project(tmp_path)
    raw = project / "datapackage/raw/sources.csv"
    raw.write_text(raw.read_text() + "s3,\n")
    with pytest.raises(ReleaseRefused, match="files differed from the commit") as caught:
        release(project, tmp_path / "store")
    assert "--allow-dirty" in caught.value.hint
    done = release(project, tmp_path / "store", allow_dirty=True)
    assert json.loads((done.folder / "build.json").read_text())["dirty"] is True
    assert (done.origin.dirty, done.origin.is_a_commit) == (True, False)


def test_a_changed_schema_counts_too(tmp_path):
    project = _project(tmp_path)
    schema = project / "schemas/sources.yaml"
    schema.write_text(schema.read_text() + "# words\n")
    with pytest.raises(ReleaseRefused, match="files differed"):
        release(project, tmp_path / "store")


def test_published_versions_in_the_project_and_files_beside_it_do_not_count(tmp_path):
    project = _project(tmp_path)
    release(project, project / "datapackage/releases")
    (project / "notes.txt").write_text("words")
    assert release(project, tmp_path / "store").origin.is_a_commit
    assert verify(project / "datapackage/releases").valid


@pytest.mark.parametrize(
    ("made", "words"),
    [
        ('{"raw": {}, "commit": null, "dirty": null}', "outside of any git repository"),
        ('{"raw": {}}', "outside of any git repository"),
        ('{"raw": {}, "commit": "0123456789abcdef", "dirty": null}', "nobody could tell"),
    ],
)
def test_a_package_that_names_no_clean_commit_is_refused(tmp_path, made, words):
    package = copied(built(), tmp_path / "package")
    (package / "build.json").write_text(made)
    reseal(package)
    with pytest.raises(ReleaseRefused, match=words):
        release(package, tmp_path / "store")
    assert not (tmp_path / "store/v1.0.0").exists()


def test_a_package_without_a_record_of_its_making_has_no_origin(tmp_path):
    assert Origin.of(tmp_path) == Origin(None, None)
