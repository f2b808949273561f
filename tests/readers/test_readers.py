"""From a resource to the reader of its files, and to what its descriptor states of them."""

from __future__ import annotations

import hashlib

import pytest

from rekodiq_data.descriptor.model import Kind, Package, Resource
from rekodiq_data.formats.base import BrokenTable
from rekodiq_data.formats.opening import file_faults
from rekodiq_data.readers import display_path, open_reader, size_of


@pytest.fixture
def package(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"x,y\n1,2\n")
    (tmp_path / "b.csv").write_bytes(b"3,4\n")
    return Package(base=tmp_path, descriptor=tmp_path / "datapackage.json", kind=Kind.PACKAGE)


def cells(reader):
    return [
        row
        for chunk in reader.chunks()
        for row in zip(*(column.to_pylist() for column in chunk.columns), strict=True)
    ]


def test_several_files_are_read_as_one(package):
    reader = open_reader(package, Resource(name="t", paths=("a.csv", "b.csv")))
    assert cells(reader) == [("1", "2"), ("3", "4")]


def test_a_format_that_is_not_read_is_a_finding(package):
    with pytest.raises(BrokenTable, match="is not read; formats are"):
        open_reader(package, Resource(name="t", paths=("a.csv",), format="sas"))


def test_a_file_outside_the_package_is_a_finding(package):
    with pytest.raises(BrokenTable) as refused:
        _ = open_reader(package, Resource(name="t", paths=("../a.csv",))).labels
    assert refused.value.type == "scheme-error"


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha512", "blake2b"])
def test_any_algorithm_that_is_known_is_checked(package, algorithm):
    right = hashlib.new(algorithm, b"x,y\n1,2\n").hexdigest()
    for stated, types in ((right, []), (right.upper(), []), ("0" * 8, ["hash-count"])):
        resource = Resource(name="t", paths=("a.csv",), hash=f"{algorithm}:{stated}")
        assert [type_ for type_, _ in file_faults(package, resource)] == types


def test_a_hash_without_an_algorithm_is_md5(package):
    right = hashlib.md5(b"x,y\n1,2\n").hexdigest()
    assert file_faults(package, Resource(name="t", paths=("a.csv",), hash=right)) == []


def test_an_algorithm_that_is_not_known_is_a_finding(package):
    resource = Resource(name="t", paths=("a.csv",), hash="crc1:00")
    assert file_faults(package, resource) == [
        ("hash-count", 'the hash algorithm "crc1" is not known')
    ]


def test_bytes_are_counted_over_all_files(package):
    for size, faults in ((12, 0), (13, 1)):
        resource = Resource(name="t", paths=("a.csv", "b.csv"), bytes=size)
        assert len(file_faults(package, resource)) == faults


def test_a_size_is_known_of_the_files_that_are_there(package):
    assert size_of(package, Resource(name="t", paths=("a.csv", "nowhere.csv"))) == 8


def test_a_path_is_shown_from_where_the_package_lies(package):
    shown = display_path(package, Resource(name="t", paths=("a.csv",)))
    assert shown == str(package.base / "a.csv")
    assert display_path(package, Resource(name="t")) is None
