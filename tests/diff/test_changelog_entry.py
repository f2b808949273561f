"""The computed entry of a changelog, in the exact words that people will edit."""

from __future__ import annotations

from rekodiq_data.diff import changelog_entry, diff, first_entry

from ..published import built
from .packages import field, table, write

SOURCES = table(
    "source_id",
    "title",
    rows=[("s1", "Annual report, 2023"), ("s2", "Annual report, *2024*")],
    key=("source_id",),
)
NUMBER = field("tonnage_mt", "number", title="Tonnage", unit="Mt")


def estimates(rows, *fields, **more):
    rules = table("id", NUMBER, *fields, "source_id", rows=rows, title="Estimates", **more)
    return {"estimates": rules, "sources": SOURCES}


def entry(tmp_path, old, new, *, limit=100, was=None, **metadata):
    before = write(tmp_path / "old", old, **(was or {}))
    after = write(tmp_path / "new", new, version="1.1.0", **metadata)
    return changelog_entry(diff(before, after, limit=limit), "1.1.0")


def test_records_are_told_with_old_and_new_value_and_source(tmp_path):
    old = estimates(
        [("e1", "5900", "s1"), ("e2", "12", "s1"), ("e4", "1", None), ("e7", None, "s1")]
    )
    new = estimates(
        [("e1", "5950", "s2"), ("e3", "7", "s2"), ("e4", None, None), ("e5", "8", None),
         ("e6", "9", "s2"), ("e7", "2", "s1")]
    )  # fmt: skip
    assert (
        entry(tmp_path, old, new)
        == """\
## 1.1.0

A minor step since 1.0.0: figures or tables were added or corrected under the same names.

- **Estimates** (`estimates`): 3 records added, 1 record removed, 3 records changed.
  - New: `e3`, `e6` (source: Annual report, \\*2024\\* (`s2`)).
  - New: `e5`.
  - Gone: `e2` (source: Annual report, 2023 (`s1`)).
  - `e1`, Tonnage (`tonnage_mt`): `5900` → `5950` Mt. Source: Annual report, \\*2024\\* (`s2`);
    before: Annual report, 2023 (`s1`).
  - `e4`, Tonnage (`tonnage_mt`): `1` Mt → missing.
  - `e7`, Tonnage (`tonnage_mt`): missing → `2` Mt. Source: Annual report, 2023 (`s1`).
"""
    )


def test_a_source_that_alone_changed_is_told(tmp_path):
    old, new = (estimates([("e1", "1", source)]) for source in ("s1", "s2"))
    assert entry(tmp_path, old, new).splitlines()[-2:] == [
        "  - `e1`, `source_id`: `s1` → `s2`. Source: Annual report, \\*2024\\* (`s2`); before: "
        "Annual report,",
        "    2023 (`s1`).",
    ]


def test_schemas_tables_and_words_are_told(tmp_path):
    foreign = [
        {"fields": ["source_id"], "reference": {"resource": "sources", "fields": ["source_id"]}}
    ]
    own = [{"fields": ["id"], "reference": {"resource": "", "fields": ["id"]}}]
    rows = [("e1", "1", "s1"), ("e2", "2", "s2")]
    old = {
        **estimates(rows, foreignKeys=own),
        "gone": table("a", rows=[("1",)], key=("a",)),
        "named": table("id", "v", rows=[("p", "x"), ("q", "y")]),
    }
    number = {**NUMBER, "unit": "kt", "description": "Ore. " * 40}
    new = {
        "estimates": table(
            "id", "region", number, "source_id",
            rows=[("e1", "west", "1", "s1"), ("e2", None, "2", "s2")],
            title="Estimates", foreignKeys=foreign, uniqueKeys=[["source_id", "id"]],
            about={"title": "Estimates of tonnage"},
        ),
        "sources": SOURCES,
        "come": table("b", "c", rows=[("2", "x"), ("3", "y")], key=("b",)),
        "called": table("id", "v", rows=[("p", "x"), ("q", "y")]),
    }  # fmt: skip
    assert entry(tmp_path, old, new, title="All", keywords=["x"], was={"title": "Some"}) == (
        "## 1.1.0\n"
        "\n"
        "A major step since 1.0.0: a table or column changed its name or meaning, or is gone.\n"
        "\n"
        "- The keywords of the whole package changed.\n"
        "- The title of the whole package changed: `Some` → `All`.\n"
        "- **`called`**, called `named` before: no record changed.\n"
        "- **`come`** is a new table: 2 records.\n"
        "- **Estimates of tonnage** (`estimates`): no record changed.\n"
        "  - The field region was added.\n"
        "  - The description of the field tonnage\\_mt is stated now.\n"
        "  - The unit of the field tonnage\\_mt changed: `Mt` → `kt`.\n"
        "  - The unique key was added: not stated → `source_id, id`.\n"
        "  - The foreign key was removed: `id to id` → not stated.\n"
        "  - The foreign key was added: not stated → `source_id to source_id of sources`.\n"
        "  - Its title changed: not stated → `Estimates of tonnage`.\n"
        "  - `region` has 1 value in records that were there.\n"
        "- **`gone`** is gone: 1 record.\n"
    )


def test_what_is_not_listed_is_counted(tmp_path):
    old = {"t": table("id", "v", rows=[(f"a{at}", "x") for at in range(9)])}
    new = {
        "t": table(
            "id",
            "v",
            rows=[*((f"a{at}", "y") for at in range(4)), *((f"b{at}", "z") for at in range(3))],
        )
    }
    text = entry(tmp_path, old, new, limit=1)
    assert text.splitlines()[4:] == [
        "- **`t`**: 3 records added, 5 records removed, 4 records changed.",
        "  - New: `b0`.",
        "  - New: 2 more records.",
        "  - Gone: `a4`.",
        "  - Gone: 4 more records.",
        "  - `a0`, `v`: `x` → `y`.",
        "  - And 3 more changed values.",
    ]


def test_whole_records_are_told_by_their_values(tmp_path):
    old = {"t": table("a", "b", rows=[("1", "x")], key=())}
    new = {"t": table("a", "b", rows=[("1", "x"), ("2", "y"), ("2", "y"), ("3", None)], key=())}
    assert entry(tmp_path, old, new).splitlines()[4:] == [
        "- **`t`**: 3 records added.",
        "  - New: `2, y` (2 times), `3`.",
    ]


def test_no_value_can_become_markup(tmp_path):
    hostile = ["`", "``x`", " ", "a\nb", "\x1b[31m", "\u202e", "<b>|x|</b>", "x" * 200]
    old = {"t": table("id", "v", rows=[(f"a{at}", "x") for at in range(len(hostile))])}
    rows = [(f"a{at}", text) for at, text in enumerate(hostile)]
    new = {"t": table("id", "v", rows=rows, title="*T* <x>")}
    lines = entry(tmp_path, old, new).splitlines()[4:]
    assert lines[0] == "- **\\*T\\* \\<x\\>** (`t`): 8 records changed."
    assert lines[1] == "  - The title of the schema is stated now: not stated → `*T* <x>`."
    assert lines[2:] == [
        "  - `a0`, `v`: `x` → `` ` ``.",
        "  - `a1`, `v`: `x` → ``` ``x` ```.",
        "  - `a2`, `v`: `x` → `   `.",
        r"  - `a3`, `v`: `x` → `a\nb`.",
        r"  - `a4`, `v`: `x` → `\x1b[31m`.",
        r"  - `a5`, `v`: `x` → `\u202e`.",
        "  - `a6`, `v`: `x` → `<b>|x|</b>`.",
        "  - `a7`, `v`: `x` →",
        f"    `{'x' * 79}…`.",
    ]


def test_nothing_is_told_where_nothing_changed(tmp_path):
    old = {"t": table("id", rows=[("a",)])}
    assert entry(tmp_path, old, old) == (
        "## 1.1.0\n\nNo step since 1.0.0: nothing but the number changed.\n"
    )


def test_a_version_before_that_has_no_number(tmp_path):
    old = write(tmp_path / "old", {"t": table("id", rows=[("a",)])}, version="")
    new = write(tmp_path / "new", {"t": table("id", rows=[("b",)])})
    text = changelog_entry(diff(old, new), "1.0.0")
    assert text.startswith("## 1.0.0\n\nA minor step: figures")


def test_the_entry_of_a_first_version_names_its_tables():
    assert first_entry(built(), "1.0.0") == (
        "## 1.0.0\n"
        "\n"
        "The first version.\n"
        "\n"
        "- **Estimates** (`estimates`): 3 records.\n"
        "- **Sources** (`sources`): 2 records.\n"
    )
