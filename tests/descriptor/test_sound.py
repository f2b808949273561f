"""What a sound descriptor becomes: frozen values with the specification's defaults."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rekodiq_data.descriptor import (
    Constraints,
    Dialect,
    Field,
    ForeignKey,
    Kind,
    NamedCheck,
    Package,
    Reading,
    open_package,
)
from rekodiq_data.report import Severity

V2 = "https://datapackage.org/profiles/2.0/datapackage.json"


def opened(folder: Path, descriptor: Any) -> Package:
    """The package of a descriptor written into `folder`."""
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    return open_package(folder)


def package(folder: Path, *resources: dict[str, Any]) -> Package:
    """The package of version 2 with these resources."""
    return opened(folder, {"$schema": V2, "resources": list(resources)})


def field(folder: Path, **properties: Any) -> Field:
    """The field that these properties describe, in a package without a fault."""
    schema = {"fields": [{"name": "a", **properties}]}
    found = package(folder, {"name": "table", "path": "a.csv", "schema": schema})
    assert found.faults == ()
    read = found.resource("table").schema
    assert read is not None
    return read.field("a")


def test_a_small_package(tmp_path: Path) -> None:
    descriptor = {
        "$schema": V2,
        "name": "Demo",
        "title": "A demo",
        "version": "1.2.3",
        "resources": [{"name": "Table One", "path": "data/a.csv"}],
    }
    found = opened(tmp_path, descriptor)
    assert found.faults == ()
    assert (found.kind, found.base) == (Kind.PACKAGE, tmp_path)
    assert found.descriptor == tmp_path / "datapackage.json"
    assert (found.name, found.version) == ("Demo", "1.2.3")
    assert found.metadata == {key: descriptor[key] for key in descriptor if key != "resources"}
    (table,) = found.resources
    assert (table.name, table.paths, table.format) == ("Table One", ("data/a.csv",), "csv")
    assert (table.encoding, table.hash, table.bytes) == ("utf-8", None, None)
    assert (table.schema, table.dialect, table.is_sound) == (None, Dialect(), True)
    assert table.raw == {"name": "Table One", "path": "data/a.csv"}


def test_a_full_resource(tmp_path: Path) -> None:
    (table,) = package(
        tmp_path,
        {
            "name": "a",
            "path": ["data/a-1.TSV", "data/a-2.tsv"],
            "title": "A",
            "description": "about a",
            "encoding": "latin-1",
            "hash": "SHA256:ABCDEF",
            "bytes": 12,
            "rekodiq:theme": "reserves",
            "rekodiq:usage_notes": ["one", "two"],
        },
    ).resources
    assert (table.paths, table.format) == (("data/a-1.TSV", "data/a-2.tsv"), "tsv")
    assert (table.title, table.description) == ("A", "about a")
    assert (table.encoding, table.hash, table.bytes) == ("latin-1", "sha256:abcdef", 12)
    assert (table.theme, table.usage_notes) == ("reserves", ("one", "two"))
    assert table.dialect.delimiter == "\t"


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({"path": "a.csv"}, "csv"),
        ({"path": "a.ndjson"}, "ndjson"),
        ({"path": "a.txt", "format": "CSV"}, "csv"),
        ({"path": "a.txt", "format": ".csv"}, "csv"),
        ({"path": "a", "mediatype": "text/csv; charset=utf-8"}, "csv"),
        ({"path": "a.parquet", "mediatype": "text/csv"}, "parquet"),
        ({"path": "a"}, ""),
        ({"data": [["a"], [1]]}, "json"),
        ({"data": {"a": 1}}, "json"),
        ({"data": "a\n1", "format": "csv"}, "csv"),
        ({"data": "a\n1", "mediatype": "text/tab-separated-values"}, "tsv"),
    ],
)
def test_the_format_is_stated_or_told_by_ending_or_media_type(
    tmp_path: Path, resource: dict[str, Any], expected: str
) -> None:
    (table,) = package(tmp_path, {"name": "a", **resource}).resources
    assert table.format == expected
    assert table.data == resource.get("data")


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("d41d8cd98f00b204e9800998ecf8427e", "md5:d41d8cd98f00b204e9800998ecf8427e"),
        ("sha1:DA39", "sha1:da39"),
        ("", None),
    ],
)
def test_a_hash_names_its_algorithm(tmp_path: Path, stated: str, expected: str | None) -> None:
    found = package(tmp_path, {"name": "a", "path": "a.csv", "hash": stated})
    assert found.faults == ()
    assert found.resource("a").hash == expected


def test_what_is_not_there_is_a_key_error(tmp_path: Path) -> None:
    found = package(
        tmp_path, {"name": "a", "path": "a.csv", "schema": {"fields": [{"name": "b"}]}}
    )
    read = found.resource("a").schema
    assert read is not None
    with pytest.raises(KeyError, match="none"):
        found.resource("none")
    with pytest.raises(KeyError, match="none"):
        read.field("none")


def test_a_schema_is_ruled_by_constraints_categories_or_checks(tmp_path: Path) -> None:
    def ruled(**schema: Any) -> bool:
        read = package(tmp_path, {"name": "a", "path": "a.csv", "schema": schema}).resource("a")
        assert read.schema is not None
        return read.schema.is_ruled

    plain = {"name": "b", "type": "string"}
    assert not ruled(fields=[plain, {**plain, "constraints": {"unique": True}}])
    assert ruled(fields=[{**plain, "constraints": {"minLength": 1}}])
    assert ruled(fields=[{**plain, "categories": ["a"]}])
    assert ruled(fields=[plain], **{"rekodiq:checks": [{"check": "sorted_by_key"}]})


def test_a_field_of_no_type_takes_anything(tmp_path: Path) -> None:
    assert field(tmp_path) == Field("a")


def test_a_field_with_everything_about_it(tmp_path: Path) -> None:
    raw = {
        "name": "a",
        "type": "number",
        "title": "A",
        "description": "about a",
        "unit": "Mt",
        "decimalChar": ",",
        "groupChar": ".",
        "bareNumber": False,
        "missingValues": ["-"],
        "constraints": {"required": True, "unique": True, "minimum": 0.5, "maximum": "1,5"},
    }
    found = field(tmp_path, **raw)
    assert found == Field(
        "a",
        type="number",
        title="A",
        description="about a",
        unit="Mt",
        decimal_char=",",
        group_char=".",
        bare_number=False,
        missing_values=("-",),
        constraints=Constraints(required=True, unique=True, minimum=0.5, maximum="1,5"),
    )
    assert found.raw == raw


def test_other_constraints(tmp_path: Path) -> None:
    found = field(
        tmp_path,
        type="string",
        constraints={"minLength": 1, "maxLength": 3, "pattern": "a|b", "enum": ["a", "b"]},
    )
    assert found.constraints == Constraints(
        min_length=1, max_length=3, pattern="a|b", enum=("a", "b")
    )
    found = field(tmp_path, type="integer", constraints={"exclusiveMinimum": 1})
    assert found.constraints == Constraints(exclusive_minimum=1)
    found = field(tmp_path, type="duration", constraints={"exclusiveMaximum": "P1M"})
    assert found.constraints == Constraints(exclusive_maximum="P1M")
    found = field(tmp_path, type="object", constraints={"jsonSchema": {"type": "object"}})
    assert found.constraints == Constraints(json_schema={"type": "object"})


def test_lists_booleans_dates_and_categories(tmp_path: Path) -> None:
    found = field(tmp_path, type="list", itemType="integer", delimiter=";")
    assert (found.item_type, found.delimiter) == ("integer", ";")
    found = field(tmp_path, type="boolean", trueValues=["y"], falseValues=["n"])
    assert (found.true_values, found.false_values) == (("y",), ("n",))
    assert field(tmp_path, type="date", format="fmt:%d.%m.%Y").format == "%d.%m.%Y"
    assert field(tmp_path, type="date", format="any").format == "any"
    assert field(tmp_path, type="string", format="email").format == "email"
    found = field(tmp_path, type="string", categories=["a", "b"], constraints={"enum": ["a"]})
    assert found.categories == ("a", "b")
    found = field(
        tmp_path, type="integer", categories=[{"value": 0, "label": "x"}, {"value": 1}]
    )
    assert found.categories == (0, 1)


def test_missing_values_of_a_schema_and_of_its_fields(tmp_path: Path) -> None:
    schema = {
        "fields": [{"name": "a"}, {"name": "b", "missingValues": []}],
        "missingValues": [{"value": ""}, {"value": "-99", "label": "REFUSED"}],
    }
    found = package(tmp_path, {"name": "t", "path": "a.csv", "schema": schema})
    assert found.faults == ()
    read = found.resource("t").schema
    assert read is not None
    assert read.missing_values_of(read.field("a")) == ("", "-99")
    assert read.missing_values_of(read.field("b")) == ()


def test_keys_in_both_of_their_forms(tmp_path: Path) -> None:
    places = {
        "fields": [{"name": "id"}, {"name": "parent"}],
        "primaryKey": "id",
        "uniqueKeys": [["id", "parent"]],
        "foreignKeys": [
            {"fields": "parent", "reference": {"resource": "", "fields": "id"}},
            {"fields": ["parent"], "reference": {"fields": ["id"]}},
            {"fields": ["parent"], "reference": {"resource": "places", "fields": ["id"]}},
        ],
    }
    towns = {
        "fields": [{"name": "place"}],
        "primaryKey": ["place"],
        "foreignKeys": [
            {"fields": "place", "reference": {"resource": "places", "fields": "id"}}
        ],
        "fieldsMatch": ["subset"],
    }
    found = package(
        tmp_path,
        {"name": "places", "path": "a.csv", "schema": places},
        {"name": "towns", "path": "b.csv", "schema": towns},
    )
    assert found.faults == ()
    read = found.resource("places").schema
    assert read is not None
    assert (read.primary_key, read.unique_keys) == (("id",), (("id", "parent"),))
    assert read.foreign_keys == (ForeignKey(("parent",), "", ("id",)),) * 3
    read = found.resource("towns").schema
    assert read is not None
    assert read.foreign_keys == (ForeignKey(("place",), "places", ("id",)),)
    assert read.fields_match == "subset"


def test_a_faulty_key_or_check_is_dropped_and_the_rest_is_judged(tmp_path: Path) -> None:
    schema = {
        "fields": [{"name": "a", "type": "integer", "constraints": {"minLength": 1}}],
        "primaryKey": "b",
        "uniqueKeys": [["b"], ["a"]],
        "foreignKeys": [{"fields": "a", "reference": {"resource": "none", "fields": "a"}}],
        "rekodiq:checks": [
            {"check": "band", "field": "a", "where": {"b": "x"}},
            {"check": "digits_suspicious", "fields": ["a"]},
        ],
        "rekodiq:reading": {"field": "b", "explains": {}},
    }
    resource = {"name": "t", "path": "a.csv", "schema": schema, "licenses": [{}]}
    found = package(tmp_path, resource)
    assert len(found.faults) == 7
    table = found.resource("t")
    assert table.is_sound
    read = table.schema
    assert read is not None
    assert read.field("a") == Field("a", type="integer")
    assert (read.primary_key, read.unique_keys, read.foreign_keys) == ((), (("a",),), ())
    assert [check.check for check in read.checks] == ["digits_suspicious"]
    assert read.reading is None


@pytest.mark.parametrize(
    "broken",
    [
        {"schema": {"fields": [{"name": "a", "type": "strnig"}]}},
        {"schema": "none.json"},
        {"dialect": {"delimiter": 5}},
        {"encoding": "none"},
        {"path": "../a.csv"},
    ],
)
def test_a_table_that_cannot_be_read_as_meant_is_not_sound(
    tmp_path: Path, broken: dict[str, Any]
) -> None:
    good = {"schema": {"fields": [{"name": "a"}]}}
    found = package(
        tmp_path,
        {"name": "broken", "path": "a.csv", **good, **broken},
        {"name": "good", "path": "a.csv", **good},
    )
    assert [(table.is_sound, table.schema is None) for table in found.resources] == [
        (False, True),
        (True, False),
    ]


def test_named_checks_and_reading(tmp_path: Path) -> None:
    schema = {
        "fields": [{"name": "t"}, {"name": "kind"}, {"name": "source_id"}, {"name": "reading"}],
        "rekodiq:checks": [
            {
                "check": "product",
                "name": "copper",
                "where": {"kind": "ore", "t": ["1", "2"]},
                "lookup": {"via": "source_id", "field": "rounding"},
                "severity": "warning",
                "may_be_undecided": "few rows",
                "description": "words",
                "result": "t",
                "factors": ["t"],
            },
            {"check": "product", "result": "t"},
        ],
        "rekodiq:reading": {"field": "reading", "explains": {"misprint_unit": ["product"]}},
    }
    found = package(tmp_path, {"name": "t", "path": "a.csv", "schema": schema})
    assert found.faults == ()
    read = found.resource("t").schema
    assert read is not None
    assert read.checks == (
        NamedCheck(
            check="product",
            name="copper",
            parameters={"result": "t", "factors": ["t"]},
            where={"kind": ("ore",), "t": ("1", "2")},
            lookup={"via": "source_id", "field": "rounding"},
            severity=Severity.WARNING,
            may_be_undecided="few rows",
            description="words",
        ),
        NamedCheck(check="product", name="product", parameters={"result": "t"}),
    )
    assert read.reading == Reading("reading", {"misprint_unit": ("product",)})


def test_a_full_dialect(tmp_path: Path) -> None:
    raw = {
        "header": False,
        "delimiter": "::",
        "lineTerminator": "\n",
        "quoteChar": None,
        "doubleQuote": False,
        "escapeChar": "\\",
        "nullSequence": "",
        "skipInitialSpace": True,
        "commentChar": "#",
        "sheetNumber": 2,
        "headerRows": [1, 2],
    }
    found = package(tmp_path, {"name": "a", "path": "a.csv", "dialect": raw})
    assert found.faults == ()
    dialect = found.resource("a").dialect
    assert dialect == Dialect(
        header=False,
        delimiter="::",
        line_terminator="\n",
        quote_char=None,
        double_quote=False,
        escape_char="\\",
        null_sequence="",
        skip_initial_space=True,
        comment_char="#",
        header_rows=(1, 2),
        sheet_number=2,
        raw=dialect.raw,
    )
    assert dialect.raw == raw


def test_a_dialect_of_version_1(tmp_path: Path) -> None:
    raw = {"csvddfVersion": 1.2, "caseSensitiveHeader": False, "delimiter": ";"}
    found = opened(tmp_path, {"resources": [{"name": "a", "path": "a.csv", "dialect": raw}]})
    assert found.faults == ()
    assert found.resource("a").dialect.delimiter == ";"


def test_schemas_and_dialects_in_files_of_the_package(tmp_path: Path) -> None:
    (tmp_path / "meta").mkdir()
    (tmp_path / "meta" / "schema.json").write_text('{"fields": [{"name": "a"}]}')
    (tmp_path / "meta" / "dialect.yaml").write_text('delimiter: ";"\n')
    found = package(
        tmp_path,
        {
            "name": "a",
            "path": "a.csv",
            "schema": "meta/schema.json",
            "dialect": "meta/dialect.yaml",
        },
    )
    assert found.faults == ()
    table = found.resource("a")
    assert table.schema is not None
    assert (table.schema.names, table.dialect.delimiter) == (("a",), ";")


def test_no_link_is_followed_to_a_schema(tmp_path: Path) -> None:
    inside = tmp_path / "package"
    inside.mkdir()
    (tmp_path / "schema.json").write_text('{"fields": [{"name": "a"}]}')
    (inside / "schema.json").symlink_to(tmp_path / "schema.json")
    (fault,) = package(inside, {"name": "a", "path": "a.csv", "schema": "schema.json"}).faults
    assert fault.message == (
        'resource "a": "schema.json" can\'t be read: it is a link, not a regular file'
    )
    assert (fault.type, fault.code, fault.line) == ("schema-error", "descriptor.reference", 1)


def test_names_and_types_of_version_1_and_of_other_profiles(tmp_path: Path) -> None:
    labelled = {"fields": [{"name": "a"}], "missingValues": [{"value": "-"}]}
    resource = {"name": "Name", "path": "a.csv", "type": "file", "schema": labelled}
    codes = [fault.code for fault in opened(tmp_path, {"resources": [resource]}).faults]
    assert codes == ["descriptor.name", "descriptor.needs-v2"]
    for schema in ("https://example.org/mine.json", "https://datapackage.org/profiles/mine"):
        assert opened(tmp_path, {"$schema": schema, "resources": [resource]}).faults == ()
    first = "https://datapackage.org/profiles/1.0/datapackage.json"
    codes = [
        fault.code
        for fault in opened(tmp_path, {"$schema": first, "resources": [resource]}).faults
    ]
    assert codes == ["descriptor.name", "descriptor.needs-v2"]


def test_repeated_field_names_are_no_fault_in_other_packages(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "a"}, {"name": "a"}]}
    assert package(tmp_path, {"name": "t", "path": "a.csv", "schema": schema}).faults == ()


def test_a_moment_of_creation(tmp_path: Path) -> None:
    for created in ("2024-03-31T12:00:00Z", "2024-03-31 12:00:00.5+05:00", ""):
        found = opened(
            tmp_path, {"created": created, "resources": [{"name": "a", "path": "a.csv"}]}
        )
        assert found.faults == ()


def test_an_email_and_other_people(tmp_path: Path) -> None:
    people = {
        "contributors": [{"title": "A", "email": "a@example.org", "roles": ["author"]}],
        "sources": [{"title": "B", "email": ""}],
        "profile": "https://example.org/profile.json",
        "licenses": [{"path": "https://example.org"}],
    }
    found = opened(tmp_path, {**people, "resources": [{"name": "a", "path": "a.csv"}]})
    assert found.faults == ()
    local = opened(
        tmp_path, {"profile": "meta/mine.json", "resources": [{"name": "a", "path": "a.csv"}]}
    )
    assert local.faults == ()
