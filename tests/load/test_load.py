"""Published tables come back typed, with what they say of themselves, from verified bytes."""

from __future__ import annotations

import datetime
import json
import os

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import rekodiq_data.load
from rekodiq_data.build import build
from rekodiq_data.catalog import Catalog
from rekodiq_data.digest import content_digests
from rekodiq_data.errors import NothingFound, NotReadable, NotVerified, WrongCall
from rekodiq_data.load import load
from rekodiq_data.release import release
from rekodiq_data.store import fetch
from tests.published import built, copied, flipped, store, write_project
from tests.signing import keygen
from tests.store.servers import serving


@pytest.fixture
def shelf(tmp_path):
    return copied(store(), tmp_path / "store")


def test_a_frame_has_nullable_types_and_the_values_that_were_written():
    frame = load("estimates", store=store())
    assert frame.to_dict("list") == {
        "record_id": ["a-1", "a-2", "b-1"],
        "tonnage_mt": [12.6, None, 5900.0],
        "year": [2010, 2012, None],
        "is_final": [True, None, False],
        "note": ['say "hi", all', None, "two\nlines"],
    }
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        "record_id": "string",
        "tonnage_mt": "Float64",
        "year": "Int64",
        "is_final": "boolean",
        "note": "string",
    }


def test_a_frame_says_what_it_is():
    attrs = load("estimates", store=store(), version="1.0.0").attrs
    assert attrs == {
        "table": "estimates",
        "title": "Estimates",
        "description": "What was estimated, and when.",
        "usage_notes": ["Tonnages are as printed."],
        "package": "small",
        "version": "1.0.0",
        "content_digest": content_digests(store() / "v1.0.0").tables["estimates"],
        "licence": "CC-BY-4.0",
        "fields": attrs["fields"],
        "sources": [],
    }
    assert attrs["fields"]["tonnage_mt"] == {
        "title": "Tonnage",
        "description": "Ore",
        "unit": "Mt",
    }
    assert list(attrs["fields"]) == ["record_id", "tonnage_mt", "year", "is_final", "note"]


def test_an_arrow_table_has_the_same_and_says_the_same():
    table = load("estimates", store=str(store()), engine="pyarrow")
    assert table.schema.names == ["record_id", "tonnage_mt", "year", "is_final", "note"]
    assert table.schema.field("tonnage_mt").metadata[b"unit"] == b"Mt"
    about = json.loads(table.schema.metadata[b"rekodiq:release"])
    assert about == load("estimates", store=store()).attrs
    assert b"rekodiq:schema" in table.schema.metadata


def test_the_newest_version_is_loaded_and_an_older_one_by_name():
    newest = load("estimates", store=store())
    assert newest.attrs["version"] == "1.1.0"
    old = load("estimates", store=store(), version="1.0.0")
    assert (newest["tonnage_mt"][0], old["tonnage_mt"][0]) == (12.6, 12.5)
    early = load("estimates", store=store(), version="2.0.0-rc.1")
    assert early["tonnage_mt"][0] == 12.7


def test_dates_are_dates():
    frame = load("sources", store=store())
    assert str(frame["published"].dtype) == "date32[day][pyarrow]"
    assert frame["published"][0] == datetime.date(2024, 2, 29)
    assert frame["published"].isna().tolist() == [False, True]


# --- on whose word ---------------------------------------------------------------------------

DOCUMENTS = """\
source_id,title,publisher,url,published
s1,Annual report,A company,https://example.org/report,2024-02-29
s2,A letter,,,
s3,Named by nobody,,,
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A store whose estimates name their sources, in two fields."""
    home = tmp_path_factory.mktemp("told")
    project = write_project(home / "project")
    schema = project / "schemas" / "sources.yaml"
    text = schema.read_text()
    more = "".join(
        f"  - {{name: {name}, title: {name}, type: string, description: x}}\n"
        for name in ("title", "publisher", "url")
    )
    schema.write_text(text.replace("  - {name: published", more + "  - {name: published"))
    schema = project / "schemas" / "estimates.yaml"
    schema.write_text(
        schema.read_text().replace(
            "primaryKey: [record_id]\n",
            "  - {name: source_id, title: Source, type: string, description: x}\n"
            "  - {name: checked_in, title: Check, type: string, description: x}\n"
            "primaryKey: [record_id]\n"
            "foreignKeys:\n"
            "  - fields: [source_id]\n"
            "    reference: {resource: sources, fields: [source_id]}\n"
            "  - fields: [checked_in]\n"
            "    reference: {resource: sources, fields: [source_id]}\n",
        )
    )
    raw = project / "datapackage" / "raw"
    (raw / "sources.csv").write_text(DOCUMENTS)
    (raw / "estimates.csv").write_text(
        "record_id,tonnage_mt,year,is_final,note,source_id,checked_in\n"
        "a-1,1,2010,true,,s1,\na-2,2,2010,true,,s1,s2\n"
    )
    package = project / "datapackage" / "package.yaml"
    package.write_text(
        package.read_text()
        + "sources:\n  - {title: A register, path: https://example.org/register}\n"
    )
    build(project, home / "package")
    release(home / "package", home / "store", allow_dirty=True)
    return home / "store"


REPORT = {
    "source_id": "s1",
    "title": "Annual report",
    "publisher": "A company",
    "published": "2024-02-29",
    "path": "https://example.org/report",
}
LETTER = {
    "source_id": "s2",
    "title": "A letter",
    "publisher": None,
    "published": None,
    "path": None,
}
REGISTER = {"title": "A register", "path": "https://example.org/register"}


def test_a_table_carries_the_documents_that_its_records_name(told):
    attrs = load("estimates", store=told).attrs
    assert attrs["sources"] == [REGISTER, REPORT, LETTER]
    table = load("estimates", store=told, engine="pyarrow")
    assert json.loads(table.schema.metadata[b"rekodiq:release"]) == attrs
    # The table of documents is no document of its own.
    assert load("sources", store=told).attrs["sources"] == [REGISTER]


def test_documents_that_cannot_be_had_now_are_named_by_their_id(told, tmp_path):
    with serving(told) as stage:
        options = {"store": stage.url, "cache": tmp_path / "cache"}
        fetch("1.0.0", output=tmp_path / "out", tables=["estimates"], **options)
    attrs = load("estimates", version="1.0.0", **options).attrs
    assert attrs["sources"] == [REGISTER, {"source_id": "s1"}, {"source_id": "s2"}]


def test_documents_that_somebody_changed_are_refused(told, tmp_path):
    shelf = copied(told, tmp_path / "store")
    path = shelf / "v1.0.0/data/sources.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(NotVerified, match=r"sources\.parquet"):
        load("estimates", store=shelf)


def test_the_allowed_signers_can_be_named_by_their_file(tmp_path):
    release(built(), tmp_path / "store", key=keygen.key())
    right, wrong = (
        keygen.signers_file(tmp_path, f"ann {keygen.public(keygen.key(name))}", name=name)
        for name in ("key", "other")
    )
    for signers in (right, str(right)):
        assert len(load("estimates", store=tmp_path / "store", signers=signers)) == 3
    with pytest.raises(NotVerified, match="not one of the allowed signers"):
        load("estimates", store=tmp_path / "store", signers=wrong)
    with pytest.raises(NothingFound, match="there is no file"):
        load("estimates", store=tmp_path / "store", signers=tmp_path / "absent")


# --- every type ------------------------------------------------------------------------------

# Type: a cell, the Arrow type, and the value that is loaded.
TYPES = {
    "string": ("007", pa.string(), "007"),
    "integer": ("9223372036854775807", pa.int64(), 2**63 - 1),
    "number": ("0.1", pa.float64(), 0.1),
    "boolean": ("true", pa.bool_(), True),
    "date": ("0001-01-01", pa.date32(), datetime.date(1, 1, 1)),
    "datetime": (
        "9999-12-31T23:59:59.999999",
        pa.timestamp("us"),
        datetime.datetime(9999, 12, 31, 23, 59, 59, 999999),
    ),
    "time": ("23:59:59", pa.time64("us"), datetime.time(23, 59, 59)),
    "year": ("1995", pa.int64(), 1995),
    "yearmonth": ("1995-07", pa.string(), "1995-07"),
    "duration": ("P1Y2M", pa.string(), "P1Y2M"),
    "list": ('"a,b"', pa.string(), "a,b"),
    "array": ('"[1, 2]"', pa.string(), "[1, 2]"),
    "object": ('"{""a"": 1}"', pa.string(), '{"a": 1}'),
    "geopoint": ('"61.8, 29.1"', pa.string(), "61.8, 29.1"),
    "geojson": (
        '"{""type"": ""Point"", ""coordinates"": [1, 2]}"',
        pa.string(),
        '{"type": "Point", "coordinates": [1, 2]}',
    ),
    "any": ("x", pa.string(), "x"),
}


@pytest.fixture(scope="module")
def every_type(tmp_path_factory):
    home = tmp_path_factory.mktemp("types")
    project = write_project(home / "project")
    fields = [{"name": "key", "type": "integer"}]
    fields += [
        {"name": name, "type": name, "title": name, "description": "x"} for name in TYPES
    ]
    schema = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "title": "t",
        "description": "t",
        "missingValues": [""],
        "primaryKey": ["key"],
        "fields": fields,
    }
    (project / "schemas" / "estimates.yaml").write_text(json.dumps(schema))
    rows = [
        ",".join(["key", *TYPES]),
        ",".join(["1", *(cell for cell, _, _ in TYPES.values())]),
        ",".join(["2", *("" for _ in TYPES)]),
    ]
    (project / "datapackage/raw/estimates.csv").write_text("\n".join(rows) + "\n")
    build(project, home / "package")
    release(home / "package", home / "store", allow_dirty=True)
    return home / "store"


@pytest.mark.parametrize("name", TYPES)
def test_a_value_of_each_type_comes_back_and_its_absence_too(every_type, name):
    _, kind, value = TYPES[name]
    table = load("estimates", store=every_type, engine="pyarrow")
    assert table[name].type == kind
    loaded, missing = table[name].to_pylist()
    assert missing is None
    frame = load("estimates", store=every_type)
    assert frame[name].isna().tolist() == [False, True]
    if kind == pa.string():
        assert loaded.replace(" ", "") == value.replace(" ", "")
        assert frame[name][0] == loaded
    else:
        assert loaded == value
        assert frame[name][0] == value


# --- the store that is meant -----------------------------------------------------------------


@pytest.fixture
def project(tmp_path):
    folder = write_project(tmp_path / "project")
    copied(store(), folder / "datapackage" / "releases")
    return folder


def test_the_store_of_the_nearest_project_is_the_default(project, monkeypatch):
    assert load("sources", project=project).attrs["version"] == "1.1.0"
    assert load("sources", project=str(project / "datapackage" / "raw")).shape == (2, 2)
    monkeypatch.chdir(project / "schemas")
    assert load("sources").attrs["package"] == "small"


def test_without_a_project_the_error_says_what_to_pass(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NothingFound, match="no project is at or above") as caught:
        load("sources")
    assert caught.value.hint == "name a store, such as path/to/releases or https://..."


# --- wrong calls -----------------------------------------------------------------------------


def test_a_misspelt_table_gets_the_one_that_was_meant():
    with pytest.raises(WrongCall) as caught:
        load("estimate", store=store())
    assert caught.value.message == 'there is no table "estimate". Did you mean "estimates"?'
    assert caught.value.hint == "tables are estimates, sources"


def test_a_misspelt_engine_gets_the_one_that_was_meant():
    with pytest.raises(WrongCall) as caught:
        load("estimates", store=store(), engine="panda")
    assert caught.value.message == 'there is no engine "panda". Did you mean "pandas"?'


def test_a_version_that_is_not_there_is_a_wrong_call():
    with pytest.raises(WrongCall, match=r"there is no version 1\.5\.0"):
        load("estimates", store=store(), version="1.5.0")


# --- damage ----------------------------------------------------------------------------------


def test_flipped_bits_are_noticed_before_parquet_is_opened(shelf, monkeypatch):
    def opened(*_args):
        raise AssertionError("damaged bytes were parsed")

    monkeypatch.setattr(rekodiq_data.load, "typed_table", opened)
    path = shelf / "v1.1.0" / "data" / "estimates.parquet"
    for bit in flipped(path, range(0, 8 * path.stat().st_size, 61)):
        with pytest.raises(NotVerified) as caught:
            load("estimates", store=shelf)
        (issue,) = caught.value.report.all_issues()
        assert (issue.type, issue.path) == ("changed-file", str(path)), bit


@pytest.mark.parametrize("name", ["SHA256SUMS", "release.json", "datapackage.json"])
def test_damage_of_what_describes_the_table_is_noticed(shelf, name):
    path = shelf / "v1.1.0" / name
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(NotVerified, match=name):
        load("estimates", store=shelf)


def test_a_lengthened_table_is_not_read_into_memory(shelf):
    path = shelf / "v1.1.0" / "data" / "estimates.parquet"
    os.truncate(path, 2**40)  # sparse: it takes no room on the disk
    with pytest.raises(NotVerified, match=r"it is larger than [0-9,]+ bytes"):
        load("estimates", store=shelf)


def test_damage_elsewhere_in_the_version_does_not_stand_in_the_way(shelf):
    (shelf / "v1.1.0" / "csv" / "estimates.csv").unlink()
    assert len(load("estimates", store=shelf)) == 3


def _reseal_all(shelf):
    """Make list and catalog agree with changed files, as one can who has the store."""
    from rekodiq_data.digest import parse_sums
    from rekodiq_data.verify.folders import prove
    from tests.published import reseal

    folder = shelf / "v1.0.0"
    record = json.loads((folder / "release.json").read_text())
    reseal(folder)
    sums = parse_sums((folder / "SHA256SUMS").read_bytes())
    for path, each in record["files"].items():
        each.update(bytes=(folder / path).stat().st_size, sha256=sums[path])
    (folder / "release.json").write_text(json.dumps(record, indent=2) + "\n")
    reseal(folder)
    proof = prove(folder, with_content=False)
    catalog = json.loads((shelf / "catalog.json").read_text())
    catalog["versions"][-1]["sha256_of_SHA256SUMS"] = proof.sums_sha256
    (shelf / "catalog.json").write_text(json.dumps(catalog, indent=2) + "\n")
    assert Catalog.parse((shelf / "catalog.json").read_bytes())


def test_a_table_of_other_types_than_its_schema_says_is_refused(shelf):
    path = shelf / "v1.0.0" / "data" / "estimates.parquet"
    table = pq.read_table(path)
    column = table["tonnage_mt"].cast(pa.float32())
    pq.write_table(table.set_column(1, "tonnage_mt", column), path)
    _reseal_all(shelf)
    with pytest.raises(NotReadable, match='the column "tonnage_mt" is float, not double'):
        load("estimates", store=shelf, version="1.0.0")


def test_a_table_with_damage_in_its_pages_is_refused(shelf):
    path = shelf / "v1.0.0" / "data" / "estimates.parquet"
    data = bytearray(path.read_bytes())
    data[4:60] = bytes(56)
    path.write_bytes(data)
    _reseal_all(shelf)
    with pytest.raises(NotReadable, match="is not readable as Parquet"):
        load("estimates", store=shelf, version="1.0.0")
