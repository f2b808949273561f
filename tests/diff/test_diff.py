"""What `diff` sees, case by case."""

from __future__ import annotations

import pyarrow as pa
import pytest

from rekodiq_data.build import build
from rekodiq_data.diff import (
    CellChange,
    Change,
    FieldName,
    FilledField,
    Part,
    PropertyChange,
    Record,
    RecordChange,
    Rows,
    SchemaChange,
    diff,
)
from rekodiq_data.errors import NothingFound, NotReadable, WrongCall

from ..published import built, write_project
from .packages import field, table, write, write_arrow

ROWS = [("a", "1", "x"), ("b", "2", "y"), ("c", "3", "z")]


@pytest.fixture(params=["csv", "parquet"])
def compare(tmp_path, request):
    """Compare two sets of tables, in either format."""

    def call(old, new, *, limit=100, **metadata):
        was = write(tmp_path / "old", old, request.param)
        now = write(tmp_path / "new", new, request.param, **metadata)
        return diff(was, now, limit=limit)

    return call


def one(*fields, rows=ROWS, name="t", **more):
    return {name: table(*(fields or ("id", field("n", "integer"), "s")), rows=rows, **more)}


def test_a_changed_cell_is_told_with_old_and_new_value(compare):
    found = compare(one(), one(rows=[("a", "1", "x"), ("b", "20", None), ROWS[2]])).table("t")
    assert found.change is Change.CHANGED
    assert found.rows == Rows(old=3, new=3, same=2, changed=1)
    assert found.cells == {"n": 1, "s": 1}
    assert found.changed == (
        RecordChange(("b",), (CellChange("n", "2", "20"), CellChange("s", "y", None))),
    )


def test_records_come_and_go_by_key(compare):
    found = compare(one(), one(rows=[*ROWS[1:], ("d", "4", None)])).table("t")
    assert found.rows == Rows(old=3, new=3, same=2, added=1, removed=1)
    assert found.added == (Record(("d",), {"id": "d", "n": "4"}),)
    assert found.removed == (Record(("a",), {"id": "a", "n": "1", "s": "x"}),)


def test_a_key_of_several_fields(compare):
    old = one("a", "b", "v", rows=[("1", "x", "v"), ("1", "y", "v")], key=("a", "b"))
    new = one("a", "b", "v", rows=[("1", "x", "v"), ("1", "y", "w")], key=("a", "b"))
    (changed,) = compare(old, new).table("t").changed
    assert changed == RecordChange(("1", "y"), (CellChange("v", "v", "w"),))


def test_a_key_whose_parts_changed_order_is_the_same_key(compare):
    rows = [("1", "x", "v"), ("1", "y", "v")]
    old, new = (one("a", "b", "v", rows=rows, key=key) for key in (("a", "b"), ("b", "a")))
    found = compare(old, new).table("t")
    assert found.rows == Rows(old=2, new=2, same=2)
    (change,) = found.schema
    assert (change.part, change.old, change.new) == (Part.PRIMARY_KEY, ["a", "b"], ["b", "a"])


@pytest.mark.parametrize("kind", ["boolean", "date", "number", "integer", "object"])
def test_keys_of_any_type(compare, kind):
    texts = {
        "boolean": ["false", "true"],
        "date": ["2024-02-28", "2024-02-29"],
        "number": ["-1.5", "2"],
        "integer": ["-1", "10"],
        "object": ['{"a":1}', '{"b":2}'],
    }[kind]
    key = field("id", kind)
    old = one(key, "s", rows=[(texts[0], "x"), (texts[1], "x")])
    new = one(key, "s", rows=[(texts[0], "x"), (texts[1], "y")])
    (changed,) = compare(old, new).table("t").changed
    assert changed == RecordChange((texts[1],), (CellChange("s", "x", "y"),))


def test_numbers_are_compared_as_values(compare):
    number = field("n", "number")
    old = one("id", number, rows=[("a", "1.50"), ("b", "2")])
    new = one("id", number, rows=[("a", "1.5"), ("b", "2.0")])
    assert compare(old, new).is_empty


def test_json_is_compared_by_meaning_and_told_as_written(compare):
    each = field("o", "object")
    old = one("id", each, rows=[("a", '{"x": 1.0}'), ("b", '{"x":1}')])
    new = one("id", each, rows=[("a", '{"x":1}'), ("b", '{"x":2}')])
    (changed,) = compare(old, new).table("t").changed
    assert changed == RecordChange(("b",), (CellChange("o", '{"x":1}', '{"x":2}'),))


def test_a_field_of_another_type_is_compared_as_text(compare):
    rows = [("a", "1"), ("b", "2")]
    old = one("id", field("n", "integer"), rows=rows)
    new = one("id", "n", rows=[("a", "1"), ("b", "2.0")])
    found = compare(old, new).table("t")
    assert found.changed == (RecordChange(("b",), (CellChange("n", "2", "2.0"),)),)
    assert [change.aspect for change in found.schema] == ["type"]


def test_a_key_of_another_type_is_compared_as_text(compare):
    rows = [("2", "x"), ("10", "y")]
    old, new = (one(field("id", kind), "s", rows=rows) for kind in ("integer", "string"))
    found = compare(old, new).table("t")
    assert found.rows == Rows(old=2, new=2, same=2)


def test_a_renamed_field_is_known_by_its_content(compare):
    rows = [(f"r{at}", str(at), "x") for at in range(10)]
    edited = [*rows[:-1], ("r9", "99", "x")]
    new = one("id", field("m", "integer"), "s", rows=edited)
    found = compare(one(rows=rows), new).table("t")
    assert found.schema == (SchemaChange(Part.FIELD, Change.RENAMED, "n", "m", type="integer"),)
    assert found.fields[1] == FieldName("n", "m")
    assert found.changed == (RecordChange(("r9",), (CellChange("m", "9", "99"),)),)


def test_other_content_under_another_name_is_another_field(compare):
    new = one(
        "id", field("m", "integer"), "s", rows=[(a, str(int(b) * 7), c) for a, b, c in ROWS]
    )
    changes = {(each.change, each.name) for each in compare(one(), new).table("t").schema}
    assert changes == {(Change.REMOVED, "n"), (Change.ADDED, "m")}


def test_fields_of_one_value_are_one_field_only_where_their_words_are(compare):
    rows = [("a", "exact"), ("b", "exact")]
    named = {"title": "Qualifier"}
    old = one("id", field("p", **named), rows=rows)
    assert compare(old, one("id", field("q", **named), rows=rows)).table("t").schema[
        0
    ].change == (Change.RENAMED)
    changes = compare(old, one("id", field("q"), rows=rows)).table("t").schema
    assert [each.change for each in changes] == [Change.REMOVED, Change.ADDED]


def test_empty_fields_are_one_field_where_their_words_are(compare):
    rows = [("a", None)]
    old = one("id", field("p", description="Words"), rows=rows)
    (change,) = (
        compare(old, one("id", field("q", description="Words"), rows=rows)).table("t").schema
    )
    assert change.change is Change.RENAMED
    changes = compare(old, one("id", field("q"), rows=rows)).table("t").schema
    assert len(changes) == 2


def test_a_field_full_and_one_empty_are_two_fields(compare):
    old = one("id", field("p", title="P"), rows=[("a", "x")])
    new = one("id", field("q", title="P"), rows=[("a", None)])
    assert len(compare(old, new).table("t").schema) == 2


def test_of_two_fields_that_hold_the_same_the_one_of_the_same_words_is_the_renamed_one(compare):
    old = one("id", field("p", title="Words"), rows=[("a", "x"), ("b", "y")])
    rows = [("a", "x", "x"), ("b", "y", "y")]
    new = one("id", "copy", field("q", title="Words"), rows=rows)
    renamed = [
        each for each in compare(old, new).table("t").schema if each.change is Change.RENAMED
    ]
    assert [(each.old_name, each.new_name) for each in renamed] == [("p", "q")]


def test_a_renamed_key_is_the_same_key(compare):
    new = one("record", field("n", "integer"), "s", key=("record",))
    found = compare(one(), new).table("t")
    assert found.rows == Rows(old=3, new=3, same=3)
    assert found.key == ("record",)
    assert [(each.part, each.change) for each in found.schema] == [(Part.FIELD, Change.RENAMED)]


def test_values_of_an_added_field_are_told_apart_from_changed_cells(compare):
    rows = [("a", "1", "x", "new"), ("b", "2", "y", None), ("c", "3", "z", None)]
    found = compare(one(), one("id", field("n", "integer"), "s", "f", rows=rows)).table("t")
    assert found.rows == Rows(old=3, new=3, same=3)
    assert found.filled == (FilledField("f", 1, ((("a",), "new"),)),)
    found = compare(one("id", field("n", "integer"), "s", "f", rows=rows), one()).table("t")
    assert found.emptied == (FilledField("f", 1, ((("a",), "new"),)),)


def test_a_renamed_table_is_known_by_its_content(compare):
    found = compare(one(), one(name="other", rows=[*ROWS[:2], ("c", "3", "w")]))
    (only,) = found.tables
    assert (only.change, only.old_name, only.new_name) == (Change.RENAMED, "t", "other")
    assert only.changed == (RecordChange(("c",), (CellChange("s", "z", "w"),)),)


@pytest.mark.parametrize(
    "other",
    [
        one(name="other", rows=[("p", "7", "q")]),
        one("id", "x", "y", name="other"),
        one(name="other", rows=[]),
        one("id", "n", "s", name="other", rows=[(a, "8", "q") for a, _, _ in ROWS]),
        one(name="other", rows=[(f"k{at}", b, c) for at, (_, b, c) in enumerate(ROWS)]),
    ],
    ids=["content", "fields", "no records", "values", "keys"],
)
def test_a_table_of_other_content_is_another_table(compare, other):
    changes = {each.name: each.change for each in compare(one(), other).tables}
    assert changes == {"t": Change.REMOVED, "other": Change.ADDED}


def test_empty_tables_of_the_same_fields_are_one_table(compare):
    (only,) = compare(one(rows=[]), one(rows=[], name="other")).tables
    assert only.change is Change.RENAMED


def test_a_renamed_table_without_a_key(compare):
    (only,) = compare(one(key=()), one(key=(), name="other")).tables
    assert only.change is Change.RENAMED


def test_a_new_table_and_a_gone_one_are_told_with_their_records(compare):
    found = compare(one(), {**one(), "u": table("id", rows=[("1",), ("2",)])}, limit=1).table(
        "u"
    )
    assert found.change is Change.ADDED
    assert found.rows == Rows(new=2, added=2)
    assert found.added == (Record(("1",), {"id": "1"}),)
    assert found.fields == (FieldName(None, "id"),)
    assert found.hidden == 1
    found = compare({**one(), "u": table("id", rows=[("1",)], key=())}, one(), limit=0).table(
        "u"
    )
    assert found.change is Change.REMOVED
    assert found.removed == (Record((), {"id": "1"}),)


def test_tables_without_a_key_are_compared_as_whole_records(compare):
    old = one("a", "b", rows=[("1", "x"), ("1", "x"), ("2", None), ("3", "y")], key=())
    new = one("a", "b", rows=[("3", "y"), ("1", "x"), ("4", "z"), ("4", "z")], key=())
    found = compare(old, new).table("t")
    assert found.key == ()
    assert found.rows == Rows(old=4, new=4, same=2, added=2, removed=2)
    assert found.added == (Record((), {"a": "4", "b": "z"}, None, 2),)
    assert found.removed == (
        Record((), {"a": "1", "b": "x"}),
        Record((), {"a": "2"}),
    )
    assert compare(old, new, limit=1).table("t").hidden == 1


@pytest.mark.parametrize(
    ("first", "more", "key"),
    [
        (field("a", constraints={"required": True, "unique": True}), {}, ("a",)),
        (field("a", constraints={"required": True}), {"uniqueKeys": [["a"]]}, ("a",)),
        # A key that a record may lack tells nothing apart.
        (field("a", constraints={"unique": True}), {"uniqueKeys": [["a"]]}, ()),
    ],
    ids=["unique field", "unique key", "optional"],
)
def test_without_a_primary_key_what_is_required_and_unique_tells_records_apart(
    compare, first, more, key
):
    old = one(first, "b", rows=[("1", "x"), ("2", "y")], key=(), **more)
    new = one(first, "b", rows=[("1", "x"), ("2", "z")], key=(), **more)
    found = compare(old, new).table("t")
    assert found.key == key
    assert found.rows.changed == len(key)


def test_whole_records_with_other_fields_and_types(compare):
    old = one(
        "a", field("b", "integer"), "gone", rows=[("1", "2", None), ("3", "4", "x")], key=()
    )
    new = one(
        "a", field("b", "number"), "new", rows=[("1", "2", None), ("3", "4", "y")], key=()
    )
    found = compare(old, new).table("t")
    assert found.rows == Rows(old=2, new=2, same=1, added=1, removed=1)
    assert found.removed == (Record((), {"a": "3", "b": "4", "gone": "x"}),)
    assert found.added == (Record((), {"a": "3", "b": "4", "new": "y"}),)


def test_a_table_whose_records_are_all_gone(compare):
    assert compare(one(key=()), one(key=(), rows=[])).table("t").rows == Rows(old=3, removed=3)
    assert compare(one(), one(rows=[])).table("t").rows == Rows(old=3, removed=3)
    assert compare(one(key=(), rows=[]), one(key=(), rows=[])).is_empty


def test_another_key_is_used_where_it_tells_the_records_of_both_apart(compare):
    found = compare(one(), one(key=("n",))).table("t")
    assert found.key in {("id",), ("n",)}
    assert found.rows == Rows(old=3, new=3, same=3)
    changed = found.schema[-1]
    assert (changed.part, changed.old, changed.new) == (Part.PRIMARY_KEY, ["id"], ["n"])


def test_a_key_that_only_one_version_has_is_used(compare):
    for old, new in ((one(key=()), one()), (one(), one(key=()))):
        assert compare(old, new).table("t").key == ("id",)


def test_keys_that_repeat_in_the_other_version_are_not_used(compare):
    old = one("a", "b", rows=[("1", "x"), ("2", "x")], key=("a",))
    new = one("a", "b", rows=[("1", "x"), ("1", "y")], key=("b",))
    found = compare(old, new).table("t")
    assert found.key == ()
    assert found.rows == Rows(old=2, new=2, same=1, added=1, removed=1)


def test_a_key_of_a_field_that_the_other_version_lacks_is_not_used(compare):
    old = one("a", "b", rows=[("1", "x")], key=("b",))
    new = one("a", "c", rows=[("1", "7")], key=("c",))
    assert compare(old, new).table("t").key == ()


@pytest.mark.parametrize("rows", [[("a", "1", "x")] * 2, [("b", "1", "x"), *ROWS[:2]]])
def test_a_key_that_repeats_is_refused(compare, rows):
    with pytest.raises(NotReadable) as caught:
        compare(one(), one(rows=rows))
    key = rows[0][0]
    assert caught.value.message == (
        f'the table "t" of p 1.0.0 can\'t be compared: two records have the key id "{key}"'
    )
    assert caught.value.hint == "run rekodiq-data validate on it"
    with pytest.raises(NotReadable):
        compare(one(rows=rows), one())


def test_a_key_that_is_missing_is_refused(compare):
    with pytest.raises(NotReadable, match='"id", a part of the key, is missing'):
        compare(one(), one(rows=[*ROWS, (None, "4", "w")]))


def test_records_may_stand_in_any_order(compare):
    found = compare(one(rows=ROWS[::-1]), one(rows=[ROWS[1], ("a", "1", "w"), ROWS[2]]))
    (changed,) = found.table("t").changed
    assert changed == RecordChange(("a",), (CellChange("s", "x", "w"),))


def test_limits_keep_some_and_totals_stay_true(compare):
    rows = [(f"r{at:03}", str(at), "x") for at in range(20)]
    now = [(a, "0", "y") for a, _, _ in rows[5:]] + [(f"s{at}", "1", "x") for at in range(4)]
    found = compare(one(rows=rows), one(rows=now), limit=2).table("t")
    assert found.rows == Rows(old=20, new=19, added=4, removed=5, changed=15)
    assert found.cells == {"n": 15, "s": 15}
    assert [len(each) for each in (found.added, found.removed, found.changed)] == [2, 2, 2]
    assert [len(record.cells) for record in found.changed] == [2, 2]
    assert found.hidden == 2 + 3 + 30 - 4
    everything = compare(one(rows=rows), one(rows=now), limit=0)
    assert everything.hidden == 0
    assert len(everything.table("t").changed) == 15


def test_sources_stand_beside_the_values_with_their_titles(compare):
    def package(source, value):
        return {
            "t": table("id", "n", "source_id", rows=[("a", value, source), ("b", "1", None)]),
            "sources": table(
                "source_id",
                "title",
                rows=[("s1", "First"), ("s2", "Second"), ("s3", None)],
                key=("source_id",),
            ),
        }

    found = compare(package("s1", "1"), package("s2", "2"))
    (changed,) = found.table("t").changed
    assert (changed.old_source, changed.new_source) == ("s1", "s2")
    assert found.sources == {"s1": "First", "s2": "Second"}
    assert compare(package("s1", "1"), package("s3", "2")).sources == {"s1": "First"}
    assert compare(package("s1", "1"), package("s1", "1")).sources == {}


def test_a_source_is_what_refers_to_the_table_of_sources(compare):
    refers = {"fields": ["told_by"], "reference": {"resource": "sources", "fields": ["id"]}}
    part = {"fields": ["id"], "reference": {"resource": "sources", "fields": ["id"]}}
    pair = {
        "fields": ["id", "told_by"],
        "reference": {"resource": "sources", "fields": ["id", "id"]},
    }

    def package(value, *keys):
        rows = [("a", value, "a")]
        return {
            "t": table("id", "n", "told_by", rows=rows, foreignKeys=list(keys)),
            "sources": table("id", "title", rows=[("a", "A")]),
        }

    found = compare(package("1", pair, part, refers), package("2", pair, part, refers))
    assert found.table("t").changed[0].new_source == "a"
    found = compare(package("1", part), package("2", part))
    assert found.table("t").changed[0].new_source is None


@pytest.mark.parametrize(
    "sources",
    [
        {"sources": table("id", rows=[("s",)])},
        {"sources": table("id", "title", rows=[("s", "S")], key=())},
        {},
    ],
    ids=["no title", "no key", "no table"],
)
def test_sources_without_titles_have_none(compare, sources):
    tables = {**one("id", "source_id", rows=[("a", "s")]), **sources}
    assert compare(one("id", "source_id", rows=[]) | sources, tables).sources == {}


def test_sources_whose_title_is_their_key(compare):
    sources = {"sources": table("title", rows=[("s",)], key=("title",))}
    tables = {**one("id", "source_id", rows=[("a", "s")]), **sources}
    assert compare(one("id", "source_id", rows=[]) | sources, tables).sources == {"s": "s"}


def test_changed_properties_of_the_package_and_of_a_table_are_told(compare):
    found = compare(one(), one(about={"title": "T"}), title="New", keywords=["a"])
    assert found.metadata == (
        PropertyChange("keywords", None, ["a"]),
        PropertyChange("title", None, "New"),
    )
    assert found.table("t").metadata == (PropertyChange("title", None, "T"),)
    assert found.table("t").title == "T"
    assert not found.is_empty


def test_keys_that_name_renamed_things_are_the_same_keys(compare):
    def package(name, key, value):
        foreign = [
            {"fields": [value], "reference": {"resource": name, "fields": [key]}},
            {"fields": [value], "reference": {"resource": "", "fields": [value]}},
        ]
        return {
            "t": table("id", value, rows=[("1", "a"), ("2", "b")], foreignKeys=foreign,
                       uniqueKeys=[[value]]),
            name: table(key, "s", rows=[("a", "x"), ("b", "y")], key=(key,)),
        }  # fmt: skip

    # The rows of a renamed table are looked for by its own names; both fields keep half of it.
    found = compare(package("u", "k", "v"), package("w", "k", "x")).table("t")
    assert [(each.part, each.change, each.name) for each in found.schema] == [
        (Part.FIELD, Change.RENAMED, "x")
    ]


def test_a_foreign_key_to_a_table_that_is_gone_is_gone(compare):
    foreign = [{"fields": ["s"], "reference": {"resource": "u", "fields": ["id"]}}]
    u = table("id", rows=[("x",), ("y",), ("z",)])
    changes = compare({**one(foreignKeys=foreign), "u": u}, one()).table("t").schema
    assert [(each.part, each.change) for each in changes] == [
        (Part.FOREIGN_KEY, Change.REMOVED)
    ]


def test_a_package_differs_in_nothing_from_its_own_csv_twin():
    package = built()
    assert diff(package, package / "csv").is_empty
    assert diff(package / "csv", package).is_empty


def test_what_helps_other_readers_of_parquet_is_no_change(tmp_path):
    packages = []
    for name, constraints in (("old", "{}"), ("new", "{required: true}")):
        project = write_project(tmp_path / name)
        schema = project / "schemas" / "sources.yaml"
        text = schema.read_text().replace(
            "type: date,", f"type: date, constraints: {constraints},"
        )
        schema.write_text(text)
        raw = project / "datapackage/raw/sources.csv"
        raw.write_text("source_id,published\ns1,2024-02-29\n")
        estimates = project / "schemas" / "estimates.yaml"
        required = estimates.read_text().replace(
            "unit: Mt,", f"unit: Mt, constraints: {constraints},"
        )
        estimates.write_text(required)
        rows = project / "datapackage/raw/estimates.csv"
        rows.write_text("record_id,tonnage_mt,year,is_final,note\na-1,5,2010,true,x\n")
        packages.append(build(project, tmp_path / f"{name}-built").base)
    found = diff(*packages).table("estimates")
    assert [(each.name, each.aspect) for each in found.schema] == [
        ("tonnage_mt", "constraints.required")
    ]


def test_a_foreign_file_with_not_a_number_in_it_equals_itself(tmp_path):
    rules = {
        "fields": [field("id", "integer"), field("n", "number")],
        "primaryKey": ["id"],
    }
    values = pa.array([float("nan"), 1.0], pa.float64())
    columns = pa.table({"id": pa.array([1, 2], pa.int32()), "n": values})
    folder = write_arrow(tmp_path / "p", rules, columns)
    assert diff(folder, folder).is_empty
    other = pa.table({"id": columns["id"], "n": pa.array([float("nan"), 2.0])})
    found = diff(folder, write_arrow(tmp_path / "q", rules, other)).table("t")
    assert found.changed == (RecordChange(("2",), (CellChange("n", "1", "2"),)),)
    assert found.to_dict()["rows"]["changed"] == 1


def test_a_package_without_a_version_is_called_by_its_folder(tmp_path):
    rules = {"fields": [field("id", "integer")], "primaryKey": ["id"]}
    folder = write_arrow(tmp_path / "p", rules, pa.table({"id": [1, 1]}))
    with pytest.raises(NotReadable, match=f'of "{folder}" can\'t be compared'):
        diff(folder, folder)


def refused(tmp_path, tables, message, *, edit=lambda folder: None):
    folder = write(tmp_path / "p", tables)
    edit(folder)
    with pytest.raises(NotReadable) as caught:
        diff(folder, folder)
    assert message in caught.value.message


def test_a_cell_that_is_no_value_is_refused(tmp_path):
    rows = [("a", "one", "x")]
    refused(tmp_path, one(rows=rows), 'row 2 of "n" holds "one", which is no integer')


def test_a_number_that_fits_no_column_is_refused(tmp_path):
    rows = [("a", "1", "x"), ("b", "9" * 30, "x")]
    refused(tmp_path, one(rows=rows), f'holds "{"9" * 30}", which does not fit a column')


def test_a_short_record_is_refused(tmp_path):
    def edit(folder):
        (folder / "t.csv").write_text("id,n,s\na,1\n")

    refused(tmp_path, one(), "row 2 has not one cell for each column", edit=edit)


def test_other_columns_than_the_schema_says_are_refused(tmp_path):
    def edit(folder):
        (folder / "t.csv").write_text("id,n\na,1\n")

    refused(tmp_path, one(), "its file has the columns id, n", edit=edit)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    refused(tmp_path, one(), "does not exist", edit=lambda folder: (folder / "t.csv").unlink())


def test_columns_may_stand_in_another_order_than_fields(tmp_path):
    folder = write(tmp_path / "p", one())
    other = write(tmp_path / "q", one())
    (other / "t.csv").write_text("s,id,n\nx,a,1\ny,b,2\nz,c,3\n")
    assert diff(folder, other).is_empty


def test_tables_without_a_header(tmp_path):
    tables = one(about={"dialect": {"header": False}})
    folder = write(tmp_path / "p", tables)
    (folder / "t.csv").write_text("a,1,x\nb,2,y\nc,3,z\n")
    assert diff(folder, write(tmp_path / "q", one())).is_empty


def test_a_table_in_the_descriptor_itself_is_compared_like_any_other(tmp_path):
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "datapackage.json").write_text(
        '{"name": "p", "resources": [{"name": "t", "data": [["id"], ["a"]],'
        ' "schema": {"fields": [{"name": "id", "type": "string"}]}}]}'
    )
    assert diff(folder, folder).is_empty
    other = write(tmp_path / "q", {"t": one("id", rows=[("b",)], key=("id",))["t"]})
    changes = diff(folder, other)
    assert not changes.is_empty


@pytest.mark.parametrize(
    ("resource", "message"),
    [
        ('{"name": "t", "path": "t.csv"}', 'the table "t" of p 1.0.0 has no schema'),
        ('{"name": "t"}', "has a fault"),
        (
            '{"name": "t", "path": "t.csv", "$schema": '
            '"https://datapackage.org/profiles/1.0/dataresource.json", '
            '"schema": {"fields": [{"name": "a"}, {"name": "a"}]}}',
            "two of its fields have one name",
        ),
    ],
)
def test_a_table_that_can_not_be_compared_is_refused_with_the_reason(
    tmp_path, resource, message
):
    (tmp_path / "t.csv").write_text("a,a\n1,2\n")
    (tmp_path / "datapackage.json").write_text(
        f'{{"name": "p", "version": "1.0.0", "resources": [{resource}]}}'
    )
    with pytest.raises(NotReadable, match=message):
        diff(tmp_path, tmp_path)


def test_a_project_has_to_be_built_first(tmp_path):
    project = write_project(tmp_path / "p")
    with pytest.raises(WrongCall, match="is a project"):
        diff(project, project)


def test_nothing_at_a_path_is_said(tmp_path):
    with pytest.raises(NothingFound):
        diff(tmp_path / "nowhere", built())


def test_progress_is_told_in_rows(tmp_path):
    told = []
    folder = write(tmp_path / "p", one())
    diff(str(folder), folder, progress=lambda *each: told.append(each))
    assert told[-1] == (6, None, "rows")


def test_a_table_is_found_by_name():
    changes = diff(built(), built())
    assert changes.table("sources").change is Change.SAME
    with pytest.raises(KeyError):
        changes.table("nothing")


def test_properties_as_json():
    assert PropertyChange("title", None, "T").to_dict() == {
        "property": "title",
        "old": None,
        "new": "T",
    }


def test_a_field_of_any_type_is_compared_with_one_of_text(compare):
    for key in (("id",), ()):
        old = one("id", field("n", "any"), "s", key=key)
        new = one("id", field("n", "string"), "s", key=key)
        assert compare(old, new).table("t").rows.same == 3


def test_a_renamed_field_of_another_type_is_another_field(compare):
    new = one("id", field("m", "string"), "s")
    changes = [each.change for each in compare(one(), new).table("t").schema]
    assert changes == [Change.REMOVED, Change.ADDED]


def test_a_warning_about_a_descriptor_does_not_stop(compare):
    assert compare(one(), one(), Licences=[]).metadata == (
        PropertyChange("Licences", None, []),
    )


@pytest.fixture
def small_windows(monkeypatch):
    """Read three records at once."""
    monkeypatch.setattr("rekodiq_data.parquet.reader.ROW_GROUP_ROWS", 3)


@pytest.mark.usefixtures("small_windows")
@pytest.mark.parametrize("at", [3, 4, 5])
def test_order_and_repeats_are_seen_across_windows(tmp_path, at):
    keys = [1, 2, 3, 4, 5, 6, 7]
    rules = {"fields": [field("id", "integer")], "primaryKey": ["id"]}

    def package(name, keys):
        return write_arrow(tmp_path / name, rules, pa.table({"id": keys}))

    whole = package("whole", keys)
    assert diff(whole, whole).is_empty
    swapped = [*keys[: at - 1], keys[at], keys[at - 1], *keys[at + 1 :]]
    assert diff(whole, package("swapped", swapped)).is_empty
    repeated = [*keys[:at], keys[at - 1], *keys[at:]]
    with pytest.raises(NotReadable, match=f'two records have the key id "{at}"'):
        diff(whole, package("repeated", repeated))


@pytest.mark.usefixtures("small_windows")
def test_limits_hold_across_windows(tmp_path):
    old = one(rows=[(f"r{at:02}", str(at), None) for at in range(20)])
    new = {
        "t": table(
            "id", field("n", "integer"), "s", "f",
            rows=[(f"r{at:02}", str(at * 2), "x", "v") for at in range(20)],
        )
    }  # fmt: skip
    found = diff(
        write(tmp_path / "o", old, "parquet"), write(tmp_path / "n", new, "parquet"), limit=4
    )
    (changes,) = found.tables
    assert changes.cells == {"n": 19, "s": 20}
    assert changes.filled[0].total == 20
    assert len(changes.filled[0].kept) == 4
    assert found.hidden == 15 + 16 + 16
