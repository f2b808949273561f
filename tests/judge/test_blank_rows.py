"""Rows without any text: blank where an empty cell is missing, data where it is a value."""

from __future__ import annotations

import json

import pytest

from rekodiq_data.api import validate


def codes(folder, missing, type_="string", text=",", **field):
    schema = {
        "fields": [{"name": "a", "type": type_}, {"name": "b", "type": type_, **field}],
        "missingValues": missing,
    }
    (folder / "t.csv").write_text(f"a,b\n{text}\n")
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "p",
        "resources": [{"name": "t", "type": "table", "path": "t.csv", "schema": schema}],
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    [task] = validate(folder).tasks
    return [(issue.code, issue.row_number) for issue in task.issues], task.rows


def test_a_row_of_missing_cells_is_blank(tmp_path):
    assert codes(tmp_path, [""]) == ([("row.blank-row", 2)], 0)


@pytest.mark.parametrize("missing", [[], ["NA"]])
def test_a_row_of_empty_texts_is_a_record_where_these_are_values(tmp_path, missing):
    assert codes(tmp_path, missing) == ([], 1)


def test_empty_cells_that_are_no_values_of_their_type_are_told_one_by_one(tmp_path):
    assert codes(tmp_path, ["NA"], "integer") == ([("type.integer", 2), ("type.integer", 2)], 1)


def test_missing_texts_make_a_row_blank_whichever_way_it_is_read(tmp_path):
    for text in ("NA,", "NA,NA", '"NA",""'):
        assert codes(tmp_path, ["", "NA"], text=text) == ([("row.blank-row", 2)], 0)


def test_each_cell_is_missing_by_the_list_of_its_own_field(tmp_path):
    own = {"missingValues": ["-"]}
    assert codes(tmp_path, ["NA"], text="NA,-", **own) == ([("row.blank-row", 2)], 0)
    assert codes(tmp_path, ["NA"], text="NA,NA", **own) == ([], 1)
    assert codes(tmp_path, ["NA"], text="NA,", **own) == ([], 1)


def test_a_cell_that_is_not_there_is_no_missing_one(tmp_path):
    assert codes(tmp_path, [""], text='""') == ([("row.missing-cell", 2)], 1)
