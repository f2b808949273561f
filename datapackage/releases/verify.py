"""Prove that published data is what was released: python verify.py PATH [--signers FILE].

One file, Python 3.8 or newer, nothing to install, no network. PATH is the folder of one
version, or of a whole store. Every file must be listed in SHA256SUMS with its SHA-256, nothing
may be added, versions must follow one another, and a signature (ed25519, SSH) must be one of
these bytes; whether its maker is one of those you trust, --signers tells. Exit code: 0 every
byte is right, 1 something is wrong and named, 2 wrong call.
"""

from __future__ import annotations

import argparse
import base64
import calendar
import hashlib
import json
import os
import re
import stat
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    Point = tuple[int, int, int, int]
    Signer = tuple[str, dict[str, str], bytes]

NAMESPACE = "rekodiq-data"
SUMS, SIGNATURE, RECORD = "SHA256SUMS", "SHA256SUMS.sig", "release.json"
CATALOG, POINTER = "catalog.json", "latest"
LINK = ("version", "sha256_of_SHA256SUMS", "path")
VERSION = re.compile(r"v(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?")
BEGIN, END = "-----BEGIN SSH SIGNATURE-----\n", "\n-----END SSH SIGNATURE-----\n"

# --- ed25519, as RFC 8032 defines it ---------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def _add(a: Point, b: Point) -> Point:
    """The sum of two points in extended coordinates."""
    low, high = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    both, twice = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = high - low, twice - both, twice + both, high + low
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _add(total, point)
        point = _add(point, point)
        number >>= 1
    return total


def _point(data: bytes) -> Point | None:
    """The point that 32 bytes mean, or None."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def _bytes(point: Point) -> bytes:
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or (0, 1, 1, 0)


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) is one of `message` by the key `public` (32 bytes)."""
    point, s = _point(public), int.from_bytes(signature[32:], "little")
    if point is None or s >= L:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    k = int.from_bytes(digest, "little") % L
    minus = (P - point[0], point[1], 1, P - point[3])
    return _bytes(_add(_times(s, BASE), _times(k, minus))) == signature[:32]


# --- SSH: signatures, allowed signers, revoked keys ------------------------------------------


class Bad(Exception):
    """What is wrong with a file."""


def _string(data: bytes) -> tuple[bytes, bytes]:
    size = int.from_bytes(data[:4], "big")
    if len(data) < 4 + size:
        raise Bad("it ends in the middle")
    return data[4 : 4 + size], data[4 + size :]


def _packed(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def fingerprint(blob: bytes) -> str:
    """What ssh-keygen -l calls a key."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def signing_key(signature: bytes, data: bytes) -> bytes:
    """The key (as SSH writes it) that has signed `data`. Raises Bad."""
    text = signature.decode("ascii", "replace")
    inner = text[len(BEGIN) : -len(END)]
    try:
        content = base64.b64decode(inner.replace("\n", ""), validate=True)
    except ValueError:
        raise Bad("the signature is damaged") from None
    again = base64.b64encode(content).decode()
    lines = "\n".join(again[at : at + 70] for at in range(0, len(again), 70))
    if text != BEGIN + lines + END or content[:10] != b"SSHSIG\0\0\0\1":
        raise Bad("the signature is damaged, or not as ssh-keygen writes it")
    parts, rest = [], content[10:]
    for _ in range(5):
        part, rest = _string(rest)
        parts.append(part)
    blob, namespace, reserved, name, raw = parts
    (kind, key_rest), (raw_kind, raw_rest) = _string(blob), _string(raw)
    (public, end), (value, raw_end) = _string(key_rest), _string(raw_rest)
    if rest or end or raw_end or {kind, raw_kind} != {b"ssh-ed25519"}:
        raise Bad("the signature is not by an ed25519 key")
    if len(public) != 32 or len(value) != 64 or name not in {b"sha256", b"sha512"}:
        raise Bad("the signature is not by an ed25519 key over sha256 or sha512")
    if namespace != NAMESPACE.encode():
        shown = namespace.decode("utf-8", "backslashreplace")
        raise Bad(f"the signature is meant for {shown!r}, not for {NAMESPACE!r}")
    digest = hashlib.new(name.decode(), data).digest()
    message = b"SSHSIG" + _packed(namespace, reserved, name, digest)
    if not is_signed(public, message, value):
        raise Bad("the signature is not one of these bytes: one of the two was changed")
    return blob


_KEY = re.compile(r"([a-z0-9@.-]+)[ \t]+([A-Za-z0-9+/]+=*)(?:[ \t].*)?")
_SIGNER = re.compile(
    r'("[^"]+"|[^ \t"]+)[ \t]+(?:((?:[^ \t"]|"[^"]*")+)[ \t]+)??' + _KEY.pattern
)
_OPTION = r'(?:namespaces|valid-after|valid-before)="[^"]*"'
_TIME = re.compile(r"(\d{8})(\d{4})?(\d\d)?(Z?)")


def _lines(path: str) -> Iterator[tuple[str, str]]:
    """Lines that say something, and where each stands."""
    with open(path, encoding="utf-8") as stream:
        for number, line in enumerate(stream, 1):
            text = line.strip()
            if text and not text.startswith("#"):
                yield f"line {number} of {path}", text


def _key(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Bad("a key is not base64") from None


def read_signers(path: str) -> list[Signer]:
    """Principals, options and key of each line of a file of allowed signers. Raises Bad."""
    signers = []
    for place, line in _lines(path):
        match = _SIGNER.fullmatch(line)
        options = (match[2] or "") if match else ""
        if match is None or not re.fullmatch(f"(?i:{_OPTION}(?:,{_OPTION})*)?", options):
            raise Bad(f"{place} is no allowed signer that can be read here")
        stated = {
            name.lower(): value for name, value in re.findall(r'([^,"]+)="(.*?)"', options)
        }
        for name in ("valid-after", "valid-before"):
            if name in stated:
                _moment(stated[name])
        signers.append((match[1].strip('"'), stated, _key(match[4])))
    return signers


def read_revoked(path: str) -> set[bytes]:
    """The keys in a list of public keys, one a line. Raises Bad."""
    revoked = set()
    for place, line in _lines(path):
        match = _KEY.fullmatch(line)
        if match is None:
            raise Bad(f"{place} is no public key")
        revoked.add(_key(match[2]))
    return revoked


def _moment(text: str) -> float:
    """A time in UTC with Z, else in the time zone of this machine, as ssh-keygen has it."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise Bad(f"{text!r} is no time")
    digits = match[1] + (match[2] or "0000") + (match[3] or "00")
    try:
        parts = time.strptime(digits, "%Y%m%d%H%M%S")
    except ValueError:
        raise Bad(f"{text!r} is no time") from None
    return calendar.timegm(parts) if match[4] else time.mktime(parts)


def _matches(text: str, patterns: str) -> bool:
    taken = False
    for each in patterns.split(","):
        wild = re.escape(each.lstrip("!")).replace(r"\*", ".*").replace(r"\?", ".")
        if re.fullmatch(wild, text):
            if each.startswith("!"):
                return False
            taken = True
    return taken


def who(blob: bytes, signers: list[Signer], revoked: set[bytes]) -> str:
    """The principals who may sign with a key now. Raises Bad."""
    name = fingerprint(blob)
    if blob in revoked:
        raise Bad(f"the key {name} is revoked")
    now = time.time()
    for principals, options, key in signers:
        after, before = options.get("valid-after"), options.get("valid-before")
        if (
            key == blob
            and _matches(NAMESPACE, options.get("namespaces", "*"))
            and (after is None or now >= _moment(after))
            and (before is None or now <= _moment(before))
        ):
            return f"{principals} ({name})"
    raise Bad(f"the key {name} is not one of the allowed signers")


# --- files -----------------------------------------------------------------------------------


def say(text: str) -> None:
    """Print a line, in which nothing can move the cursor or turn the text."""
    print("".join(each if " " <= each <= "~" else ascii(each)[1:-1] for each in text))


class Verifier:
    """Collects what is wrong below one PATH."""

    def __init__(self, signers: list[Signer] | None, revoked: set[bytes]) -> None:
        self.wrong: list[str] = []
        self._signers, self._revoked = signers, revoked

    def fault(self, path: str, reason: str) -> None:
        self.wrong.append(f"{path}: {reason}")

    def version(self, folder: str) -> dict[str, Any] | None:
        """Check one version; its record, with what a catalog says of it, if all bytes hold."""
        before = len(self.wrong)
        data = self._read(folder, SUMS)
        files = set(self._files(folder, ""))
        sums = self._sums(folder, data) if data is not None else {}
        sizes = {}
        for path in sorted(sums.keys() - files):
            self.fault(os.path.join(folder, path), "it is listed and missing")
        for path in sorted(files - sums.keys() - {SUMS, SIGNATURE}):
            self.fault(os.path.join(folder, path), "it is not listed in SHA256SUMS")
        for path in sorted(files & sums.keys()):
            found, sizes[path] = _digest(os.path.join(folder, path))
            if found != sums[path]:
                reason = f"its bytes are others: expected sha256 {sums[path]}, found {found}"
                self.fault(os.path.join(folder, path), reason)
        if data is not None:
            self._signature(folder, data, signed=SIGNATURE in files)
        if len(self.wrong) > before:
            return None
        return self._record(folder, data or b"", sums, sizes)

    def store(self, folder: str) -> None:
        """Check every version, the chain, the catalog and the pointer."""
        names = []
        for each in sorted(os.scandir(folder), key=lambda e: e.name):
            place = f"{folder}/{each.name}"
            if not each.is_dir(follow_symlinks=False):
                if not each.is_file(follow_symlinks=False):
                    self.fault(place, "it is a link or no regular file")
            elif VERSION.fullmatch(each.name):
                names.append(each.name)
            elif os.path.lexists(os.path.join(place, SUMS)):
                self.fault(place, "it holds a version and its name is none, such as v1.2.0")
        names.sort(key=_rank)
        records = {name: self.version(os.path.join(folder, name)) for name in names}
        for at, name in enumerate(names):
            record, last = records[name], records[names[at - 1]] if at else None
            if record is None or (at and last is None):
                continue
            link = last and {key: last["listed"][key] for key in LINK[:2]}
            if "v" + record["version"] != name:
                self.fault(f"{folder}/{name}", f"it holds version {record['version']}")
            elif record["previous"] != link:
                reason = "it does not follow the version before it: history was changed"
                self.fault(f"{folder}/{name}/{RECORD}", reason)
        try:
            self._catalog(folder, names, records)
        except (KeyError, TypeError, AttributeError) as error:
            self.fault(f"{folder}/{CATALOG}", f"it is not of its form: {error!r}")

    def _catalog(
        self, folder: str, names: list[str], records: dict[str, dict[str, Any] | None]
    ) -> None:
        catalog = self._json(folder, CATALOG)
        if catalog is None:
            return
        place = f"{folder}/{CATALOG}"
        entries = catalog["versions"]
        listed = ["v" + each["version"] for each in entries]
        waiting = [name for name in names[::-1] if not listed or _rank(name) > _rank(listed[0])]
        if listed != names[::-1][len(waiting) :] or not listed:
            self.fault(place, "it does not list the versions that are here, the newest first")
            return
        for name in waiting:
            say(f"note: {name} is not listed yet: a release or a copy was interrupted")
        for entry in entries:
            record = records["v" + entry["version"]]
            if record is None:
                continue
            if {**entry, "withdrawn": 0} != {**record["listed"], "withdrawn": 0}:
                self.fault(place, f"it lists {entry['version']} otherwise than it is")
            if catalog["name"] != record["name"]:
                self.fault(place, f"it names another package than {entry['version']} does")
            if "withdrawn" in entry:
                say(f"note: {entry['version']} is withdrawn: {entry['withdrawn']['reason']}")
        newest = next((each for each in entries if "-" not in each["version"]), entries[0])
        if catalog["newest"] != newest["version"]:
            self.fault(place, f"it does not name {newest['version']} as the newest")
        pointer = self._json(folder, POINTER)
        links = [{key: each[key] for key in LINK} for each in (newest, *entries)]
        if pointer is not None and pointer != links[0]:
            place = f"{folder}/{POINTER}"
            if pointer in links and [pointer] == links[1:][links.index(links[0], 1) :][:1]:
                say(f"note: {place} is not moved yet: a release or a copy was interrupted")
            else:
                self.fault(place, "it does not name the newest version as it is listed")

    def _record(
        self, folder: str, data: bytes, sums: dict[str, str], sizes: dict[str, int]
    ) -> dict[str, Any] | None:
        record = self._json(folder, RECORD) if RECORD in sums else None
        if record is None:
            self.fault(f"{folder}/{RECORD}", "a released version has one, listed in SHA256SUMS")
            return None
        files = {
            path: {"bytes": sizes[path], "sha256": sums[path]}
            for path in sums
            if path != RECORD
        }
        if record["files"] != files:
            self.fault(f"{folder}/{RECORD}", "it states other files than SHA256SUMS")
            return None
        with open(os.path.join(folder, "datapackage.json"), "rb") as stream:
            package = json.load(stream)
        if package.get("version") != record["version"]:
            self.fault(f"{folder}/{RECORD}", "datapackage.json states another version")
        listed = {
            "version": record["version"],
            "path": "v" + record["version"],
            "content_digest": record["content_digest"],
            "sha256_of_SHA256SUMS": hashlib.sha256(data).hexdigest(),
            "files": len(sums),
            "bytes": sum(sizes.values()),
        }
        return {**record, "name": package["name"], "listed": listed}

    def _signature(self, folder: str, data: bytes, *, signed: bool) -> None:
        place = f"{folder}/{SIGNATURE}"
        if not signed:
            say(f"{folder}: unsigned")
            if self._signers is not None:
                self.fault(place, "it is unsigned")
            return
        try:
            blob = signing_key(self._read(folder, SIGNATURE) or b"", data)
            if self._signers is None:
                say(f"{folder}: signed with {fingerprint(blob)}, whose owner is not checked")
            else:
                say(f"{folder}: signed by {who(blob, self._signers, self._revoked)}")
        except Bad as error:
            self.fault(place, str(error))

    def _sums(self, folder: str, data: bytes) -> dict[str, str]:
        """What SHA256SUMS lists; nothing, with a fault, where it is not in its one form."""
        sums: dict[str, str] = {}
        for line in data.decode("utf-8", "surrogateescape").splitlines(keepends=True):
            match = re.fullmatch(r"([0-9a-f]{64})  ([^\x00-\x1f\x7f\\]+)\n", line)
            parts = match[2].split("/") if match else [""]
            hidden = any(not part or part.startswith((".", "~")) for part in parts)
            if match is None or hidden or match[2] in (SUMS, SIGNATURE):
                self.fault(f"{folder}/{SUMS}", f"a line is not in its one form: {line!r}")
                return {}
            sums[match[2]] = match[1]
        again = "".join(f"{sums[path]}  {path}\n" for path in sorted(sums))
        if again.encode("utf-8", "surrogateescape") != data or not sums:
            self.fault(f"{folder}/{SUMS}", "it is empty, not sorted, or lists a file twice")
            return {}
        return sums

    def _files(self, folder: str, inner: str) -> Iterator[str]:
        """Paths of regular files below a folder; a fault for what else is there."""
        for each in sorted(os.scandir(os.path.join(folder, inner)), key=lambda e: e.name):
            path = f"{inner}/{each.name}" if inner else each.name
            if each.is_dir(follow_symlinks=False):
                yield from self._files(folder, path)
            elif each.is_file(follow_symlinks=False):
                yield path
            else:
                self.fault(f"{folder}/{path}", "it is a link or no regular file")

    def _read(self, folder: str, name: str) -> bytes | None:
        path = os.path.join(folder, name)
        if not os.path.lexists(path) or not stat.S_ISREG(os.lstat(path).st_mode):
            self.fault(path, "it is missing, or no regular file")
            return None
        with open(path, "rb") as stream:
            return stream.read()

    def _json(self, folder: str, name: str) -> dict[str, Any] | None:
        """A JSON file of the store, which has one form."""
        data = self._read(folder, name)
        if data is None:
            return None
        try:
            value: dict[str, Any] = json.loads(data.decode())
        except (ValueError, RecursionError):
            value = {}
        if (
            not value
            or (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode() != data
        ):
            self.fault(f"{folder}/{name}", "it is not JSON in the form in which it is written")
            return None
        return value


def _digest(path: str) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with open(path, "rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size


def _rank(name: str) -> tuple[Any, ...]:
    """Sorts folders as semantic versions: 1.0.0-rc.2, 1.0.0-rc.10, 1.0.0."""
    match = VERSION.fullmatch(name)
    numbers = [int(each) for each in match.groups()[:3]] if match else []
    words = match[4].split(".") if match and match[4] else []
    shown = [(0, int(word), "") if word.isdigit() else (1, 0, word) for word in words]
    return (numbers, not words, shown)


def main(words: list[str] | None = None) -> int:
    """Check PATH and say what was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("path", help="the folder of a version, or of a whole store")
    parser.add_argument("--signers", metavar="FILE", help="allowed signers, as for ssh-keygen")
    parser.add_argument("--revoked", metavar="FILE", help="public keys that are not trusted")
    call = parser.parse_args(words)
    if not os.path.isdir(call.path):
        parser.error(f"{call.path} is not a folder")
    try:
        signers = read_signers(call.signers) if call.signers else None
        revoked = read_revoked(call.revoked) if call.revoked else set()
    except (Bad, OSError, UnicodeDecodeError) as error:
        parser.error(str(error))
    verifier = Verifier(signers, revoked)
    names = set(os.listdir(call.path))
    try:
        if names & {CATALOG, POINTER} or any(VERSION.fullmatch(each) for each in names):
            verifier.store(call.path)
        else:
            verifier.version(call.path)
    except (KeyError, TypeError, AttributeError, OSError, ValueError, RecursionError) as error:
        verifier.fault(call.path, f"it can't be read as what was released: {error!r}")
    for each in verifier.wrong:
        say(each)
    if verifier.wrong:
        print("Do not trust this copy.")
    elif signers is None:
        print("Every byte is what was stated. To check by whom, give --signers FILE.")
    else:
        print("Every byte is what was released, and signed by those you trust.")
    return 1 if verifier.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
