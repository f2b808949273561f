"""The newest data version travels inside the wheel, so that `load` works offline at once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import hatch_build
import pytest

from rekodiq_data.load import load
from rekodiq_data.release import release
from tests.published import copied, store

ROOT = Path(__file__).parents[2]
STORE = Path(hatch_build.STORE)
PROGRAM = """
import json, rekodiq_data
frame = rekodiq_data.load("mineral_estimates")
print(json.dumps({
    "file": rekodiq_data.__file__,
    "rows": len(frame),
    "version": frame.attrs["version"],
    "content_digest": frame.attrs["content_digest"],
}))
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """What a wheel is made from, with a published version of the real data."""
    folder = tmp_path_factory.mktemp("tree")
    for name in ("pyproject.toml", "README.md", "LICENSE", "hatch_build.py"):
        shutil.copy(ROOT / name, folder / name)
    for name in ("src", "datapackage", "schemas"):
        ignore = shutil.ignore_patterns("__pycache__", "_data", "kernel.so")
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    if not (folder / STORE / "catalog.json").exists():
        release(folder, folder / STORE, allow_dirty=True)
    return folder


def _wheel(tree: Path, out: Path) -> Path:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(out), str(tree)],
        check=True,
        capture_output=True,
    )
    (wheel,) = out.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tree, tmp_path_factory):
    return _wheel(tree, tmp_path_factory.mktemp("dist"))


def _newest(tree: Path) -> dict[str, str]:
    catalog = json.loads((tree / STORE / "catalog.json").read_text())
    return next(each for each in catalog["versions"] if each["version"] == catalog["newest"])


def test_the_wheel_has_the_newest_version_and_nothing_else_of_the_store(tree, wheel):
    entry = _newest(tree)
    folder = tree / STORE / entry["path"]
    with zipfile.ZipFile(wheel) as archive:
        packaged = {
            name.removeprefix(f"{hatch_build.TARGET}/"): archive.read(name)
            for name in archive.namelist()
            if name.startswith(hatch_build.TARGET)
        }
        assert not [name for name in archive.namelist() if "releases" in name]
    tables = {path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet")}
    described = {"datapackage.json", "release.json", "SHA256SUMS"}
    assert packaged.keys() - {"SHA256SUMS.sig"} == tables | described
    assert all(data == (folder / name).read_bytes() for name, data in packaged.items())


def test_the_installed_wheel_loads_offline_outside_of_any_project(tree, wheel, tmp_path):
    venv.create(tmp_path / "venv", with_pip=False)
    python = next((tmp_path / "venv").glob("*/python"))
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    install = [*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True)
    # The wheel's dependencies are those of this environment, behind what was installed.
    (site,) = (tmp_path / "venv").glob("lib/python*/site-packages")
    others = [each for each in sys.path if each.endswith("site-packages")]
    (site / "others.pth").write_text("\n".join(others) + "\n")
    environment = {key: each for key, each in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [str(python), "-c", PROGRAM],
        cwd=tmp_path,
        env={**environment, "REKODIQ_DATA_STORE": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    said = json.loads(done.stdout)
    assert Path(said["file"]).is_relative_to(site)
    near = load("mineral_estimates", store=tree / STORE)
    assert said["rows"] == len(near)
    assert said["version"] == _newest(tree)["version"]
    assert said["content_digest"] == near.attrs["content_digest"]


# --- what is packaged ------------------------------------------------------------------------


def test_without_a_published_version_the_wheel_has_no_data(tmp_path):
    assert hatch_build.packaged_files(tmp_path) == {}


def test_a_signature_travels_too(tmp_path):
    shelf = copied(store(), tmp_path / "store")
    (shelf / "v1.1.0" / "SHA256SUMS.sig").write_text("signed")
    files = hatch_build.packaged_files(shelf)
    assert sorted(each.removeprefix("rekodiq_data/_data/") for each in files.values()) == [
        "SHA256SUMS",
        "SHA256SUMS.sig",
        "data/estimates.parquet",
        "data/sources.parquet",
        "datapackage.json",
        "release.json",
    ]


@pytest.mark.parametrize("name", ["SHA256SUMS", "data/estimates.parquet", "release.json"])
def test_a_damaged_version_is_not_packaged(tmp_path, name):
    shelf = copied(store(), tmp_path / "store")
    (shelf / "v1.1.0" / name).write_bytes(b"damaged")
    with pytest.raises(ValueError, match="is not what was released"):
        hatch_build.packaged_files(shelf)


@pytest.mark.parametrize(("version", "count"), [("editable", 0), ("standard", 5)])
def test_an_editable_install_carries_none(tmp_path, version, count):
    copied(store(), tmp_path / STORE)
    hook = hatch_build.Packaged(str(tmp_path), {}, None, None, str(tmp_path), "wheel")
    build_data = {"force_include": {}}
    hook.initialize(version, build_data)
    assert len(build_data["force_include"]) == count
