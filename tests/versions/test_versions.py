"""Version numbers are strict, and in the order of the standard."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekodiq_data.versions import Version, newest_of, version_of_folder

# The order that semver.org gives as its example, with the numbers of its item 11 before.
IN_ORDER = [
    "0.9.9",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.2",
    "1.0.10",
    "1.1.0",
    "2.0.0",
    "2.1.0",
    "2.1.1",
    "10.0.0",
]
WRONG = [
    "",
    "1",
    "1.0",
    "1.0.0.0",
    "v1.0.0",
    "01.0.0",
    "1.00.0",
    "1.0.0-",
    "1.0.0-01",
    "1.0.0-a..b",
    "1.0.0-ä",
    "1.0.0+build",
    " 1.0.0",
    "1.0.0\n",
    "1.0.-1",
    "١.0.0",
    "1234567890.0.0",
    "1.0.0-" + "a" * 60,
    "../1.0.0",
]

identifiers = st.from_regex(r"\A(?:0|[1-9][0-9]{0,3}|[0-9]{0,2}[a-z-][0-9a-z-]{0,3})\Z")
numbers = st.integers(0, 999_999_999)
versions = st.builds(
    Version, numbers, numbers, numbers, st.lists(identifiers, max_size=3).map(tuple)
)


def test_versions_stand_in_the_order_of_the_standard():
    shuffled = [Version.parse(text) for text in IN_ORDER]
    random.Random(7).shuffle(shuffled)
    assert [str(each) for each in sorted(shuffled)] == IN_ORDER


@pytest.mark.parametrize("text", WRONG)
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match="is not a version; write three numbers"):
        Version.parse(text)


def test_a_long_text_is_cut_in_the_message():
    with pytest.raises(ValueError, match=r"^\"1{64}\.\.\.\" is not") as caught:
        Version.parse("1" * 5000)
    assert len(str(caught.value)) < 160


@given(versions)
def test_a_version_reads_back_from_its_text_and_from_its_folder(version):
    assert Version.parse(str(version)) == version
    assert version_of_folder(version.folder) == version


@given(versions, versions)
def test_two_versions_are_equal_or_one_is_lower(one, other):
    assert (one < other) + (one == other) + (one > other) == 1
    assert (one == other) == (str(one) == str(other))


@pytest.mark.parametrize("name", ["1.0.0", "v1", "V1.0.0", "v1.0.0.part", ".staging", "latest"])
def test_other_folders_are_no_versions(name):
    assert version_of_folder(name) is None


def test_the_newest_is_no_prerelease_unless_all_are():
    parse = Version.parse
    assert newest_of([]) is None
    assert newest_of([parse("1.0.0"), parse("2.0.0-rc.1")]) == parse("1.0.0")
    assert newest_of([parse("2.0.0-rc.1"), parse("2.0.0-rc.2")]) == parse("2.0.0-rc.2")
