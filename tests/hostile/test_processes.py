"""Every package by the real command: its exit, its time and memory, and what it opened."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import pytest

from tests.hostile.suite import BY_NAME, BYTES, CASES, SECONDS, require_acceptable

pytestmark = pytest.mark.slow

WAIT = 120  # of the clock, on a busy machine; processor time is what counts
ROOT = Path(__file__).parent.parent.parent
# The system counts what a process held before it became another program, too: a small one has
# to start the command. Linux counts in KiB, macOS in bytes.
_LAUNCHER = """
import os, signal, sys
child = os.fork()
if not child:
    os.execv(sys.argv[1], sys.argv[1:])
signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGKILL))
_, status, used = os.wait4(child, 0)
peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
os.write(2, f"used {used.ru_utime + used.ru_stime} {peak}".encode())
sys.exit(os.waitstatus_to_exitcode(status))
"""
_LAUNCH = [sys.executable, "-S", "-c", _LAUNCHER]
COMMAND = [sys.executable, "-m", "rekodiq_data"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_command_ends_soon_in_little_memory(case, tmp_path):
    path = case.write(tmp_path)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        ended = subprocess.run(
            [*_LAUNCH, *COMMAND, "validate", str(path), "--format", "json"],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            timeout=WAIT,
            check=False,
        )
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode())
    said, _, used = texts[1].rpartition("used ")
    seconds, peak = map(float, used.split())
    require_acceptable(case, ended.returncode, texts[0], said)
    assert seconds <= SECONDS
    assert peak <= BYTES


# --- what is opened --------------------------------------------------------------------------

# One process judges many packages; opening a file that can't be there says which is next.
_JUDGE = """
import os, sys
from rekodiq_data.cli import run
sys.stdout = sys.stderr = open(os.devnull, "w")
for number, path in enumerate(sys.stdin):
    try:
        os.open(f"/-package-/{number}", os.O_RDONLY)
    except FileNotFoundError:
        pass
    run(["validate", os.fsdecode(bytes.fromhex(path)), "--format", "json"])
"""
_CALLS = (
    "open,openat,openat2,creat,connect,socket,bind,sendto,sendmsg,execve,execveat,"
    "unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat,symlink,symlinkat,link,linkat"
)
HARMLESS = (
    *("xlsx-good", "parquet-good", "sqlite-good", "json-good", "ndjson-good"),
    *("gzip-good", "zip-good", "encoding-utf-8-bom", "yml-is-read-too"),
    "pattern-look-ahead-that-is-harmless",
)
_MARK = re.compile(r'"/-package-/([0-9]+)"')
_OPENED = re.compile(r"= \d+<(.+)>$")
_EXECUTED = re.compile(r'execve\("([^"]+)"')
_WRITES = ("O_WRONLY", "O_RDWR", "O_CREAT")


def _traced(paths, folder):
    """The calls that each package made the process do, in order."""
    log = folder / "trace"
    strace = shutil.which("strace")
    assert strace, "this test needs strace"
    subprocess.run(
        [
            *(strace, "-f", "-y", "-qq", "-s", "4096", "-e", f"trace={_CALLS}"),
            *("-o", str(log), sys.executable, "-P", "-c", _JUDGE),
        ],
        input="".join(f"{os.fsencode(path).hex()}\n" for path in paths).encode(),
        check=True,
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT / "src"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "TMPDIR": str(folder / "tmp"),
        },
        timeout=1_500,
    )
    found = [[] for _ in paths]
    current = None
    for line in log.read_text(errors="surrogateescape").splitlines():
        call = line.partition(" ")[2].strip()
        mark = _MARK.search(call)
        if mark:
            current = found[int(mark[1])]
        elif current is not None:
            current.append(call)
    return found


def test_nothing_else_is_opened_and_nobody_is_asked(tmp_path):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    # What harmless packages make the libraries open is opened for others, too.
    harmless = [BY_NAME[name] for name in HARMLESS]
    cases = [*harmless, *(each for each in CASES if each not in harmless)]
    folders = [tmp_path / "p" / str(number) for number in range(len(cases))]
    for folder in folders:
        folder.mkdir(parents=True)
    paths = [case.write(folder) for case, folder in zip(cases, folders, strict=True)]
    calls = _traced(paths, tmp_path)
    assert sum(map(len, calls)) > len(cases)
    places = [_OPENED.search(call) for made in calls[: len(harmless)] for call in made]
    known = {each[1] for each in places if each and not each[1].startswith(str(tmp_path))}
    libraries = (*_libraries(), *known)
    for case, folder, made in zip(cases, folders, calls, strict=True):
        for call in made:
            _require_own(case.name, call, str(folder / "package"), libraries, str(temporary))
    assert not list(temporary.iterdir())


def _libraries():
    """Where the interpreter and its libraries read from on their own."""
    paths = {sys.prefix, sys.base_prefix, str(ROOT / "src"), *sysconfig.get_paths().values()}
    system = ("/usr/lib", "/lib", "/usr/share", "/etc/ld.so", "/proc", "/sys", "/dev")
    return (*paths, *(str(Path(each).resolve()) for each in paths), *system)


def _require_own(name, call, own, libraries, temporary):
    """Hold one call against what is allowed: read the package, spool, start Python."""
    if call.startswith(("+++", "---")):
        return
    executed = _EXECUTED.match(call)
    if executed:
        assert executed[1] == sys.executable, (name, call)
        return
    if call.startswith(("mkdir", "unlink")):
        assert temporary in call, (name, call)
        return
    # A call that another thread interrupted is told in two lines; the second has its end.
    assert call.startswith(("open", "<... open", "<... execve")), (name, call)
    opened = _OPENED.search(call)
    if opened:
        place = opened[1].removesuffix("(deleted)").rstrip()
        inside = place == own or place.startswith(f"{own}/")
        assert inside or place.startswith((temporary, *libraries)), (name, call)
        writes = any(flag in call for flag in _WRITES)
        assert not writes or place.startswith((temporary, "/dev/")), (name, call)
