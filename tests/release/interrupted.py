"""What must hold after a release was stopped, wherever that was."""

from __future__ import annotations

from rekodiq_data.catalog import Catalog, parse_pointer
from rekodiq_data.release import release
from rekodiq_data.verify import prove, verify
from tests.published import built, snapshot

OLD = ("1.0.0", "12.5")
NEW = ("1.1.0", "12.6")


def old_store(folder, before):
    """The store with 1.0.0 alone, in `folder`."""
    for path, data in before.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
        (folder / path).chmod(0o444)
    return folder


def check_interrupted(store, before, *, published):
    """What must hold whenever a release of 1.1.0 over 1.0.0 was stopped."""
    assert prove(store / "v1.0.0").valid
    now = snapshot(store)
    for path, data in before.items():
        if path.startswith("v1.0.0/"):
            assert now[path] == data
    pointer = parse_pointer(now["latest"])
    assert str(pointer.version) in (("1.1.0",) if published else ("1.0.0", "1.1.0"))
    assert prove(store / pointer.version.folder).valid
    assert Catalog.parse(now["catalog.json"]).entry(pointer.version)
    # Traces may be there, as warnings; nothing is wrong.
    report = verify(store)
    assert report.valid, report.all_issues()


def check_completed(store, after):
    """What must hold after a plain run more: the reference bytes, and nothing else."""
    release(built(*NEW), store)
    assert snapshot(store) == after
    assert not list(store.rglob(".*"))
    assert verify(store).all_issues() == ()
