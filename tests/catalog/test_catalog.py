"""release.json, catalog.json and latest: one form, read back equal."""

from __future__ import annotations

import pytest

from rekodiq_data.catalog import (
    Catalog,
    Entry,
    Link,
    ReleaseRecord,
    TableRecord,
    parse_pointer,
    read_catalog,
)
from rekodiq_data.errors import BadText, MissingFile
from rekodiq_data.versions import Version


def _entry(number):
    return Entry(Link(Version.parse(number), "a" * 64), "sha256:" + "b" * 64, 8, 900)


def _catalog(*numbers):
    catalog = Catalog("p\u00e9")
    for number in numbers:
        catalog = catalog.with_entry(_entry(number))
    return catalog


def test_a_catalog_reads_back_and_is_sorted_whatever_the_order():
    catalog = _catalog("1.0.0", "2.0.0-rc.1", "1.10.0", "1.9.0")
    numbers = [str(each.version) for each in catalog.entries]
    assert numbers == ["2.0.0-rc.1", "1.10.0", "1.9.0", "1.0.0"]
    assert Catalog.parse(catalog.to_bytes()) == catalog
    assert catalog == _catalog("1.9.0", "1.10.0", "1.0.0", "2.0.0-rc.1")


def test_the_form_of_a_catalog_is_this():
    assert _catalog("1.0.0").to_bytes().decode() == (
        '{\n  "name": "p\u00e9",\n  "newest": "1.0.0",\n  "versions": [\n    {\n'
        '      "version": "1.0.0",\n      "path": "v1.0.0",\n'
        f'      "content_digest": "sha256:{"b" * 64}",\n'
        f'      "sha256_of_SHA256SUMS": "{"a" * 64}",\n'
        '      "files": 8,\n      "bytes": 900\n    }\n  ]\n}\n'
    )
    assert (
        Catalog("").to_bytes() == b'{\n  "name": "",\n  "newest": null,\n  "versions": []\n}\n'
    )


def test_newest_entry_and_before_answer_by_order():
    catalog = _catalog("1.0.0", "1.1.0", "2.0.0-rc.1")
    assert catalog.newest == _entry("1.1.0")
    assert catalog.entry(Version.parse("1.0.0")) == _entry("1.0.0")
    assert catalog.entry(Version.parse("3.0.0")) is None
    assert catalog.before(Version.parse("1.1.0")) == _entry("1.0.0")
    assert catalog.before(Version.parse("1.0.0")) is None
    assert Catalog("").newest is None


def test_a_pointer_reads_back():
    assert parse_pointer(_entry("1.0.0").pointer()) == _entry("1.0.0").link


def test_versions_out_of_order_or_twice_are_refused():
    data = _catalog("1.0.0", "1.1.0").to_bytes()
    for bad in (data.replace(b'"1.1.0"', b'"0.1.0"'), data.replace(b'"1.1.0"', b'"1.0.0"')):
        with pytest.raises(BadText, match="once each, the newest first"):
            Catalog.parse(bad)


def test_keys_of_a_later_version_of_this_tool_are_passed_over():
    data = _catalog("1.0.0").to_bytes().replace(b'"files"', b'"later": "x", "files"')
    assert Catalog.parse(data) == _catalog("1.0.0")


def test_a_record_reads_back():
    record = ReleaseRecord(
        version=Version.parse("1.1.0"),
        previous=Link(Version.parse("1.0.0"), "a" * 64),
        content_digest="sha256:c",
        tables={"t": TableRecord("sha256:d", 3, "sha256:e")},
        files={"data/t.parquet": (10, "f")},
        raw={"raw/t.csv": "g"},
    )
    assert ReleaseRecord.parse(record.to_bytes()) == record


def test_a_folder_without_a_catalog_is_told_apart(tmp_path):
    with pytest.raises(MissingFile):
        read_catalog(tmp_path)
    (tmp_path / "catalog.json").write_bytes(_catalog("1.0.0").to_bytes())
    assert read_catalog(tmp_path) == _catalog("1.0.0")
