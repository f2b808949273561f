"""The wheel, installed into an environment of its own, is the whole program."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.kernel.ways import needs_kernel

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ROOT / "tests" / "packages"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(folder),
    ]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory) -> Path:
    """A new environment with the wheel in it, and the libraries that it asks for beside it."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, str(wheel)], check=True)
    # The libraries only: a path file is not read through another, so the checkout is not seen.
    site = Path(
        subprocess.run(
            [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
    )
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def run(environment: Path, *words: str, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(environment / "bin" / words[0]), *words[1:]],
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def test_the_wheel_holds_the_package_its_types_and_its_licence(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert "rekodiq_data/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not any(name.startswith(("tests/", "scripts/", "schemas/")) for name in names)
    sources = {str(path.relative_to(ROOT / "src")) for path in (ROOT / "src").rglob("*.py")}
    assert sources <= set(names)


@needs_kernel
def test_the_wheel_holds_the_kernel_for_this_platform_and_any_python(wheel, environment):
    names = zipfile.ZipFile(wheel).namelist()
    assert {
        f"rekodiq_data/kernel/{each}" for each in ("cut.c", "common.h", "kernel.so")
    } <= set(names)
    platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    assert wheel.name.endswith(f"-py3-none-{platform}.whl")
    done = run(
        environment, "python", "-c", "from rekodiq_data.kernel import library; print(library())"
    )
    assert done.stdout.startswith("<CDLL")


def test_the_installed_command_runs_outside_the_checkout(environment, tmp_path):
    done = run(environment, "rekodiq-data", "validate", str(PACKAGES / "valid"), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 errors, 0 warnings" in done.stdout
    done = run(
        environment,
        "python",
        "-c",
        "import rekodiq_data; print(rekodiq_data.__file__)",
        cwd=tmp_path,
    )
    assert done.stdout.startswith(str(environment))


def test_the_installed_command_builds_and_verifies(environment, tmp_path):
    done = run(
        environment,
        "rekodiq-data",
        "build",
        str(PACKAGES / "valid"),
        "--output",
        "dist",
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert run(environment, "rekodiq-data", "verify", "dist", cwd=tmp_path).returncode == 0
