"""Writing the next version's entry into a project's changelog."""

from __future__ import annotations

import pytest

from rekodiq_data.cli import run
from rekodiq_data.compare import write_changelog
from rekodiq_data.compare.changelog import Outcome, with_entry
from rekodiq_data.errors import NothingFound, NotReadable, WrongCall
from rekodiq_data.release import release

from ..published import built, write_project

HISTORY = "# History\n\nFor people.\n\n## 1.0.0 (2025-01-01)\n\nThe first version, in words.\n"
ENTRY = """\
## 1.1.0

A minor step since 1.0.0: figures or tables were added or corrected under the same names.

- **Estimates** (`estimates`): 1 record changed.
  - `a-1`, Tonnage (`tonnage_mt`): `12.5` → `13` Mt.
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("changelog") / "store"
    release(built(), folder)
    return folder


@pytest.fixture
def project(tmp_path):
    folder = write_project(tmp_path / "project", version="1.1.0", tonnage="13")
    (folder / "datapackage/CHANGELOG.md").write_text(HISTORY, encoding="utf-8")
    return folder


def text_of(project):
    return (project / "datapackage/CHANGELOG.md").read_text(encoding="utf-8")


def test_the_entry_stands_before_the_older_ones_and_a_second_run_changes_nothing(
    project, store
):
    written = write_changelog(project, store)
    assert (written.outcome, written.version, written.previous) == ("added", "1.1.0", "1.0.0")
    assert written.entry == ENTRY
    assert written.step.size.word == "minor"
    text = text_of(project)
    head, rest = text.split("## 1.1.0", 1)
    assert head == "# History\n\nFor people.\n\n"
    entry, after = f"## 1.1.0{rest}".split("\n<!-- computed from the data, ")
    assert entry == ENTRY
    assert (
        after.split("-->\n")[1] == "\n## 1.0.0 (2025-01-01)\n\nThe first version, in words.\n"
    )
    assert write_changelog(project, store).outcome is Outcome.SAME
    assert text_of(project) == text


def test_a_computed_entry_follows_the_data(project, store):
    write_changelog(project, store)
    raw = project / "datapackage/raw/estimates.csv"
    raw.write_text(raw.read_text().replace(",13,", ",15,"))
    assert write_changelog(project / "schemas", store).outcome is Outcome.REPLACED
    assert "`12.5` → `15` Mt" in text_of(project)
    assert "→ `13`" not in text_of(project)
    assert text_of(project).count("## 1.1.0") == 1
    assert text_of(project).endswith("The first version, in words.\n")


@pytest.mark.parametrize(
    ("was", "now"),
    [("1 record changed", "One tonnage was corrected"), ("-->\n", "-->\n\nMore words.\n")],
)
def test_an_edited_entry_stays(project, store, was, now):
    write_changelog(project, store)
    edited = text_of(project).replace(was, now, 1)
    (project / "datapackage/CHANGELOG.md").write_text(edited, encoding="utf-8")
    raw = project / "datapackage/raw/estimates.csv"
    raw.write_text(raw.read_text().replace(",13,", ",15,"))
    assert write_changelog(project, store).outcome is Outcome.EDITED
    assert text_of(project) == edited


def test_an_entry_that_was_written_by_hand_stays(project, store):
    text = HISTORY.replace("## 1.0.0", "## 1.1.0\n\nMine.\n\n## 1.0.0")
    (project / "datapackage/CHANGELOG.md").write_text(text, encoding="utf-8")
    assert write_changelog(project, store).outcome is Outcome.EDITED
    assert text_of(project) == text


def test_the_only_entry_of_a_changelog_is_replaced_too():
    first, outcome = with_entry("", "1.0.0", "## 1.0.0\n\nOne.\n")
    assert outcome is Outcome.ADDED
    assert first.startswith("# History of the data\n\n## 1.0.0\n\nOne.\n\n<!-- ")
    second, outcome = with_entry(first, "1.0.0", "## 1.0.0\n\nTwo.\n")
    assert outcome is Outcome.REPLACED
    assert second == with_entry("", "1.0.0", "## 1.0.0\n\nTwo.\n")[0]


def test_without_a_number_above_the_newest_the_least_honest_one_is_taken(tmp_path, store):
    project = write_project(tmp_path / "p", version="1.0.0", tonnage="13")
    written = write_changelog(project, store)
    assert (written.version, written.stated) == ("1.1.0", "1.0.0")
    assert text_of(project).startswith("# History of the data\n\n## 1.1.0")


def test_a_number_may_be_given(project, store):
    assert write_changelog(project, store, version="2.0.0").version == "2.0.0"
    with pytest.raises(WrongCall, match="is not a version"):
        write_changelog(project, store, version="two")


def test_where_nothing_changed_nothing_is_written(tmp_path, store):
    project = write_project(tmp_path / "p", version="1.1.0")
    assert write_changelog(project, store).outcome is Outcome.NOTHING
    assert not (project / "datapackage/CHANGELOG.md").exists()


def test_a_first_version_has_an_entry_of_its_tables(project, tmp_path):
    written = write_changelog(project, tmp_path / "no store")
    assert (written.version, written.previous, written.step) == ("1.1.0", None, None)
    assert "The first version.\n\n- **Estimates** (`estimates`): 3 records." in text_of(project)


def test_a_changelog_that_is_no_text_is_refused(project, store):
    (project / "datapackage/CHANGELOG.md").write_bytes(b"\xff")
    with pytest.raises(NotReadable, match="is not UTF-8 text"):
        write_changelog(project, store)


def test_a_changelog_is_a_project_s(store):
    with pytest.raises(NothingFound):
        write_changelog(built(), store)


def words(capsys, *arguments):
    assert run(["changelog", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def test_the_command_says_what_it_did(project, store, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(project)
    place = "datapackage/CHANGELOG.md"
    assert words(capsys, "--store", store) == (
        f"Wrote the entry of 1.1.0 into {place} (least honest step since\n"
        "  1.0.0: minor)\n"
        "Next: edit it in your own words, then rekodiq-data release\n"
    )
    assert words(capsys, "--store", store) == (
        f"The entry of 1.1.0 in {place} is up to date (least honest step\n"
        "  since 1.0.0: minor)\n"
    )
    raw = project / "datapackage/raw/estimates.csv"
    raw.write_text(raw.read_text().replace(",13,", ",15,"))
    assert words(capsys, "--store", store).startswith(
        f"Brought the entry of 1.1.0 in {place} up"
    )
    edited = text_of(project).replace("1 record changed", "Mine")
    (project / place).write_text(edited, encoding="utf-8")
    assert words(capsys, "--store", store) == (
        f"The entry of 1.1.0 in {place} was written or edited by hand,\n"
        "  and is left as it is\n"
    )
    assert words(capsys, "--store", store, "--version", "3.0.0").endswith(
        "The project states 1.1.0: set version: 3.0.0 in package.yaml, too\n"
    )
    (project / place).unlink()
    assert "(no version is published\n  yet)" in words(capsys, "--store", tmp_path / "none")
    same = write_project(tmp_path / "same")
    assert words(capsys, same, "--store", store).startswith("Nothing has changed since 1.0.0;")
