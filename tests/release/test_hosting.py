"""While a store is copied in the documented order, readers see the old state or the new."""

from __future__ import annotations

import re
import shutil
import warnings
from pathlib import Path

import pytest

import rekodiq_data
from rekodiq_data.release import release
from rekodiq_data.store import open_store
from rekodiq_data.verify import standalone, verify
from tests.published import built, snapshot

GUIDE = Path(__file__).parents[2] / "docs" / "hosting.md"


def _order(store: Path) -> list[str]:
    """All files of a store in the order that the guide gives."""
    steps = re.findall(r"^\d\. .*?`([^`]+)`", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert steps == ["v1.2.0/", "verify.py", "catalog.json", "latest"]
    paths = list(snapshot(store))
    versions = [path for path in paths if "/" in path]
    rest = [step for step in steps if "/" not in step]
    assert sorted([*versions, *rest]) == sorted(paths)
    return [*versions, *rest]


@pytest.fixture
def source(tmp_path):
    """A store with 1.0.0, and a copy of it with 1.1.0 published after."""
    release(built(), tmp_path / "source")
    shutil.copytree(tmp_path / "source", tmp_path / "old")
    release(built("1.1.0", "12.6"), tmp_path / "source")
    return tmp_path / "source"


def _seen(target: Path) -> str:
    """The version that a reader gets, all of it proved; what is read agrees with its number."""
    resolved = open_store(target).resolve()
    frame = rekodiq_data.load("estimates", store=target)
    version = frame.attrs["version"]
    assert resolved.name == f"v{version}"
    assert frame["tonnage_mt"][0] == {"1.0.0": 12.5, "1.1.0": 12.6}[version]
    return version


def test_a_reader_in_the_middle_of_a_copy_sees_one_version_or_the_other(
    source, tmp_path, capsys
):
    target = tmp_path / "old"
    seen = [_seen(target)]
    for path in _order(source):
        (target / path).parent.mkdir(exist_ok=True)
        part = tmp_path / "part"
        shutil.copy(source / path, part)
        part.replace(target / path)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            seen.append(_seen(target))
        assert _seen_by_name(target) <= {"1.0.0", "1.1.0"}
    assert seen == sorted(seen)
    assert set(seen) == {"1.0.0", "1.1.0"}
    assert snapshot(target) == snapshot(source)
    assert verify(target).all_issues() == ()
    assert standalone.main([str(target)]) == 0
    capsys.readouterr()


def _seen_by_name(target: Path) -> set[str]:
    """The versions that are listed, each of which is there and whole."""
    store = open_store(target)
    return {str(each.version) for each in store.versions if store.resolve(each.version)}


def test_the_order_matters(source, tmp_path):
    """With the catalog first, a reader meets a version that is not there."""
    target = tmp_path / "old"
    (target / "catalog.json").unlink()
    shutil.copy(source / "catalog.json", target / "catalog.json")
    with pytest.raises(rekodiq_data.NotVerified):
        _seen(target)
