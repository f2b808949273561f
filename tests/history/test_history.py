"""One record through all versions: when it changed, and on whose word."""

from __future__ import annotations

import json

import click
import pytest

import rekodiq_data
from rekodiq_data.build import build
from rekodiq_data.cli import run
from rekodiq_data.cli.render import versions
from rekodiq_data.diff import CellChange
from rekodiq_data.errors import NothingFound, WrongCall
from rekodiq_data.history import Event, History, Moment, history
from rekodiq_data.release import release

PACKAGE = """\
name: small
title: Small
version: {version}
licenses: [{{name: CC-BY-4.0, path: https://creativecommons.org/licenses/by/4.0/}}]
resources: [{resources}]
"""
HEAD = '$schema: https://datapackage.org/profiles/2.0/tableschema.json\nmissingValues: [""]\n'


def write_project(folder, version, tables):
    """A project of these tables: name to (header, key, rows), all of them texts."""
    for part in ("datapackage/raw", "schemas"):
        (folder / part).mkdir(parents=True)
    resources = ", ".join(f"{{name: {name}}}" for name in tables)
    (folder / "datapackage/package.yaml").write_text(
        PACKAGE.format(version=version, resources=resources)
    )
    for name, (header, key, rows) in tables.items():
        fields = "".join(
            f"  - {{name: {field}, title: T {field}, type: string, description: D"
            f"{', constraints: {required: true}' if field in key else ''}}}\n"
            for field in header.split(",")
        )
        rules = (
            f"title: {name}\ndescription: D\nfields:\n{fields}primaryKey: [{', '.join(key)}]\n"
        )
        (folder / f"schemas/{name}.yaml").write_text(HEAD + rules)
        text = "\n".join([header, *rows, ""])
        (folder / f"datapackage/raw/{name}.csv").write_text(text)
    return folder


SOURCES = ("source_id,title", ["source_id"], ["s1,Report of 2023", "s2,Report of 2024"])
REST = [f"r{at},{at * 7},s1" for at in range(9)]
STEPS = [
    ("1.0.0", {"sources": SOURCES}),
    ("1.1.0", {"sources": SOURCES, "figures": ("id,tonnage,source_id", ["id"], REST)}),
    ("1.2.0", {"sources": SOURCES,
               "figures": ("id,tonnage,source_id", ["id"], ["e1,5900,s1", *REST])}),
    ("1.3.0", {"sources": SOURCES,
               "figures": ("id,tonnage,source_id", ["id"], ["e1,5900,s1", *REST])}),
    ("2.0.0", {"sources": SOURCES,
               "estimates": ("id,ore,source_id", ["id"], ["e1,5950,s2", *REST])}),
    ("3.0.0", {"sources": SOURCES, "estimates": ("id,ore,source_id", ["id"], REST)}),
]  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A store in which a record is added, corrected under a new name, and removed."""
    home = tmp_path_factory.mktemp("history")
    for version, tables in STEPS:
        build(
            write_project(home / version, version, tables), home / f"built-{version}", csv=False
        )
        release(home / f"built-{version}", home / "store", allow_dirty=True)
    return home / "store"


def test_a_record_is_told_from_its_first_version_to_its_last(store):
    found = history("estimates", "e1", store=store)
    assert found == History(
        "estimates",
        ("e1",),
        (
            Moment("1.0.0", Event.ABSENT),
            Moment("1.1.0", Event.ABSENT, "figures"),
            Moment(
                "1.2.0",
                Event.ADDED,
                "figures",
                (
                    CellChange("id", None, "e1"),
                    CellChange("ore", None, "5900"),
                    CellChange("source_id", None, "s1"),
                ),
                "s1",
                "Report of 2023",
            ),
            Moment("1.3.0", Event.SAME, "figures", (), "s1", "Report of 2023"),
            Moment(
                "2.0.0",
                Event.CHANGED,
                "estimates",
                (CellChange("ore", "5900", "5950"), CellChange("source_id", "s1", "s2")),
                "s2",
                "Report of 2024",
            ),
            Moment(
                "3.0.0",
                Event.REMOVED,
                "estimates",
                (
                    CellChange("id", "e1", None),
                    CellChange("ore", "5950", None),
                    CellChange("source_id", "s2", None),
                ),
            ),
        ),
    )


def test_the_history_in_words_fits_80_columns(store):
    text = click.unstyle(versions.history(history("estimates", "e1", store=store), "text"))
    assert text == (
        "estimates e1\n"
        "  1.0.0  not there yet\n"
        "  1.1.0  not there yet (table figures)\n"
        "  1.2.0  added (table figures)  source: s1\n"
        "      Report of 2023\n"
        "      id: e1\n"
        "      ore: 5900\n"
        "      source_id: s1\n"
        "  1.3.0  unchanged (table figures)  source: s1\n"
        "  2.0.0  changed  source: s2\n"
        "      Report of 2024\n"
        "      ore: 5900 -> 5950\n"
        "      source_id: s1 -> s2\n"
        "  3.0.0  removed"
    )


def test_the_command_and_the_library_tell_the_same(store, capsys):
    assert run(["history", "estimates", "e1", "--store", str(store), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == rekodiq_data.history("estimates", "e1", store=store).to_dict()
    assert run(["history", "estimates", "r1", "--store", str(store)]) == 0
    assert "source: s1" in capsys.readouterr().out


def test_a_record_without_a_source_has_none(store):
    moments = history("sources", "s1", store=store).moments
    assert {moment.source for moment in moments} == {None}
    assert [moment.event for moment in moments] == [Event.ADDED, *[Event.SAME] * 5]


def test_a_table_is_asked_for_by_a_name_that_some_version_has(store):
    moments = history("figures", "r1", store=store).moments
    assert [str(moment.event) for moment in moments] == [
        *("absent", "added", "same", "same", "removed", "absent")
    ]
    with pytest.raises(
        WrongCall, match=r'no version has a table "figure"\. Did you mean "figures"'
    ):
        history("figure", "r1", store=store)


def test_a_record_that_no_version_has_is_a_wrong_call_with_a_hint(store):
    with pytest.raises(
        WrongCall, match='no version has a record "r11" in "estimates"'
    ) as caught:
        history("estimates", "r11", store=store)
    assert "Did you mean" in caught.value.message


@pytest.mark.parametrize("key", [(), ("r1", "r2")])
def test_a_key_of_other_parts_is_a_wrong_call(store, key):
    with pytest.raises(
        WrongCall, match=r'the key of "estimates" is id, and . values were given'
    ):
        history("estimates", *key, store=store)


def test_where_there_is_no_store_nothing_is_told(tmp_path):
    with pytest.raises(NothingFound):
        history("t", "k", store=tmp_path / "nowhere")


def test_a_key_of_several_fields_and_one_that_was_of_one(tmp_path):
    tables = [("a,b,v", ["a"], ["1,x,p"]), ("a,b,v", ["a", "b"], ["1,x,p", "1,y,q"]),
              ("a,b,v", ["a", "b"], ["1,x,", "1,y,q"])]  # fmt: skip
    for at, table in enumerate(tables):
        version = f"{at + 1}.0.0"
        project = write_project(tmp_path / version, version, {"t": table})
        release(project, tmp_path / "store", csv=False, allow_dirty=True)
    moments = history("t", "1", "x", store=tmp_path / "store").moments
    assert [moment.event for moment in moments] == [Event.ABSENT, Event.ADDED, Event.CHANGED]
    assert moments[-1].cells == (CellChange("v", "p", None),)
    text = versions.history(history("t", "1", "x", store=tmp_path / "store"), "text")
    assert "v: p -> (missing)" in text
    with pytest.raises(WrongCall, match='no version has a record "1 z" in "t"'):
        history("t", "1", "z", store=tmp_path / "store")


def test_records_of_a_table_too_large_to_look_through_are_not_suggested(store, monkeypatch):
    monkeypatch.setattr("rekodiq_data.history._ENOUGH_KEYS", 3)
    with pytest.raises(WrongCall) as caught:
        history("estimates", "r11", store=store)
    assert "Did you mean" not in caught.value.message
