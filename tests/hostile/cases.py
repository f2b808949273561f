"""From the few lines of a case to a package on the disk, and what may become of it.

`outcomes` lists what is acceptable, separated by ` | `:

- `accepted`: valid, without a warning; what is built of it has `values`;
- `warned CODE`: valid, with a warning of that code (and the same `values`);
- `TYPE` or `TYPE LINE`: invalid; every error has one of the types listed, and one of them
  stands at the line;
- `stopped`: exit code 3, with a plain message: nothing could be judged.
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

V2 = "https://datapackage.org/profiles/2.0/datapackage.json"
Content = str | bytes | Callable[[], str | bytes]
SECRET = "s3cret-of-another-folder"


@dataclass(frozen=True)
class Case:
    """One package.

    Attributes:
        name: its quirk.
        outcomes: see above.
        files: name to content; text is written as UTF-8. What is large is made when needed.
        make: changes the folder in ways that files can't.
        values: columns of the table that is built of it, where it is accepted.
        flood: whether it is large or slow, so that the default suite reads it once only.
        path: what is given to the command, below the folder; `.` is the folder itself.
    """

    name: str
    outcomes: str
    files: dict[str, Content] = field(default_factory=dict)
    make: Callable[[Path], None] = lambda _folder: None
    values: dict[str, list[Any]] | None = None
    flood: bool = False
    path: str = "."

    def write(self, folder: Path) -> Path:
        """Put it below `folder`; give the path for the command."""
        place = folder / "package"
        place.mkdir()
        (folder / "secret.csv").write_text(f"a,b\n{SECRET},{SECRET}\n")
        for name, content in self.files.items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            made = content() if callable(content) else content
            path.write_bytes(made if isinstance(made, bytes) else made.encode())
        self.make(place)
        return place / self.path


def fields_of(words: str) -> list[dict[str, Any]]:
    """Fields from `a b:integer`; the type is string where none is said."""
    pairs = (each.partition(":") for each in words.split())
    return [{"name": name, "type": type_ or "string"} for name, _, type_ in pairs]


def descriptor(*resources: dict[str, Any], **package: Any) -> str:
    """A descriptor of version 2."""
    value = {"$schema": V2, "name": "p", "resources": list(resources), **package}
    return json.dumps(value, ensure_ascii=False)


def resource(path: Any = "t.csv", fields: Any = "a b", **own: Any) -> dict[str, Any]:
    """A resource called `t`; `fields` None leaves its schema out."""
    found: dict[str, Any] = {"name": "t", "path": path}
    if fields is not None:
        listed = fields_of(fields) if isinstance(fields, str) else fields
        found["schema"] = {"fields": listed}
    return {**found, **own}


def table(
    name: str,
    outcomes: str,
    text: Content,
    fields: Any = "a b",
    *,
    values: dict[str, list[Any]] | None = None,
    flood: bool = False,
    **own: Any,
) -> Case:
    """A package of one CSV table."""
    files: dict[str, Content] = {
        "datapackage.json": descriptor(resource(fields=fields, **own)),
        "t.csv": text,
    }
    return Case(name, outcomes, files, values=values, flood=flood)


def cell(
    name: str, outcomes: str, text: str, type_: str, value: Any = None, **own: Any
) -> Case:
    """A package of one cell of this type, its row being line 2."""
    field_ = {"name": "a", "type": type_, **own}
    quoted = '"' + text.replace('"', '""') + '"'
    values = {"a": [value]} if outcomes.startswith(("accepted", "warned")) else None
    return table(name, outcomes, f"a\n{quoted}\n", [field_], values=values)


def described(
    name: str, outcomes: str, text: Content, ending: str = "json", **own: Any
) -> Case:
    """A package whose descriptor is this text; its table `t.csv` is sound."""
    files: dict[str, Content] = {f"datapackage.{ending}": text, "t.csv": "a,b\n1,2\n"}
    return Case(name, outcomes, {**files, **own.pop("files", {})}, **own)


def file(
    name: str, outcomes: str, path: str, content: Content, fields: Any = "a b", **own: Any
) -> Case:
    """A package of one file of any format."""
    options = {key: own.pop(key) for key in ("values", "flood", "make") if key in own}
    files: dict[str, Content] = {
        "datapackage.json": descriptor(resource(path, fields, **own)),
        path: content,
    }
    return Case(name, outcomes, files, **options)


def zipped(members: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def gzipped(content: str | bytes) -> bytes:
    """A gzip file."""
    data = content.encode() if isinstance(content, str) else content
    return gzip.compress(data, mtime=0)


def flipped(data: bytes, place: int) -> bytes:
    """The bytes with one bit of one of them flipped."""
    found = bytearray(data)
    found[place] ^= 0x10
    return bytes(found)
