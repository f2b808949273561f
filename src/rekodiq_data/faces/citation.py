"""How a table, or a whole version, is cited: who, what, which version, and its digest."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rekodiq_data.errors import WrongCall
from rekodiq_data.store import open_release, package_in
from rekodiq_data.suggest import did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

    from rekodiq_data.descriptor.model import Package
    from rekodiq_data.store import Release, Signers

FORMS = ("text", "bibtex", "csl")

# What BibTeX gives a meaning of its own, and how it is written to have none.
_BIBTEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{each: f"\\{each}" for each in "{}%&#_$"},
}


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation says.

    Attributes:
        authors: names as the package states them.
        title: of the package, and of the table where one is cited.
        package: the package's name.
        table: the table's name; None for the whole version.
        version: its number.
        date: when it was made (YYYY-MM-DD), as the package states it; None where it does not.
        pin: number and digest of the version, under which it can be fetched and nothing else.
        content_digest: of what the table (or the version) says, however its files are written.
        licence: names of the licences.
        address: where it can be read; None where nobody else can read it.
        withdrawn: why nobody should use the version any more; None where nobody has said so.
    """

    authors: tuple[str, ...]
    title: str
    package: str
    table: str | None
    version: str
    pin: str
    content_digest: str
    licence: str
    address: str | None
    withdrawn: str | None = None
    date: str | None = None

    @property
    def key(self) -> str:
        """A name for it in a list of references."""
        return "-".join(each for each in (self.package, self.table, self.version) if each)

    @property
    def digests(self) -> str:
        """The sentence that lets a reader prove what was used."""
        return f"Release {self.pin}; content {self.content_digest}"

    @property
    def _warning(self) -> str | None:
        return f"Withdrawn: {self.withdrawn}" if self.withdrawn else None

    @property
    def _note(self) -> str:
        parts = (self.licence, self.digests, self._warning)
        return ". ".join(each for each in parts if each)

    def text(self) -> str:
        """One paragraph, ends with a line break."""
        year = f"({self.date[:4]})" if self.date else ""
        parts = [
            f"{'; '.join(self.authors)} {year}".strip(),
            f"{self.title}, version {self.version} [data set]",
            self.licence,
            self.digests,
            self.address,
            self._warning,
        ]
        return ". ".join(each for each in parts if each) + ".\n"

    def bibtex(self) -> str:
        """An entry of a BibTeX file."""
        fields = {
            "author": " and ".join(f"{{{_escaped(each)}}}" for each in self.authors),
            "title": f"{{{_escaped(self.title)}}}",
            "version": _escaped(self.version),
            "year": self.date[:4] if self.date else "",
            "howpublished": "Data set",
            "note": _escaped(self._note),
            "url": self.address or "",
        }
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
        return "\n".join([f"@misc{{{self.key},", *lines, "}", ""])

    def csl(self) -> str:
        """A list of one item in CSL-JSON, which reference managers read."""
        item: dict[str, Any] = {
            "id": self.key,
            "type": "dataset",
            "title": self.title,
            "author": [{"literal": each} for each in self.authors],
            "version": self.version,
            "note": self._note,
        }
        if self.date:
            item["issued"] = {"date-parts": [[int(part) for part in self.date.split("-")]]}
        if self.address:
            item["URL"] = self.address
        return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


def cite(
    table: str | None = None,
    *,
    version: str | None = None,
    store: Path | str | None = None,
    project: Path | str | None = None,
    form: str = "text",
    cache: Path | str | None = None,
    signers: Signers | Path | str | None = None,
) -> str:
    """The citation of a published table, or of a whole version.

    Args:
        table: the table's name; None for the whole version.
        version: as for `load`.
        store: as for `load`.
        project: as for `load`.
        form: "text", "bibtex" or "csl" (CSL-JSON, which reference managers read).
        cache: as for `load`.
        signers: as for `load`.

    Raises:
        WrongCall: there is no such table, version or form.
        NothingFound: there is no store.
        NotVerified: the version is not what was released.
        Unreachable: the store does not answer.
    """
    if form not in FORMS:
        raise WrongCall(
            f'there is no form "{form}".{did_you_mean(form, FORMS)}',
            hint=f"forms are {', '.join(FORMS)}",
        )
    release = open_release(version, store=store, project=project, cache=cache, signers=signers)
    citation = citation_of(release, table)
    makers = {"text": citation.text, "bibtex": citation.bibtex, "csl": citation.csl}
    return makers[form]()


def citation_of(release: Release, table: str | None = None) -> Citation:
    """What a citation of this version, or of one of its tables, says. Raises as `cite`."""
    package = package_in(release, release.sums())
    record = release.record()
    title = str(package.metadata.get("title") or package.name)
    licences = package.metadata.get("licenses") or []
    digest = record.content_digest
    if table is not None:
        title = f"{title}: {_title(package, table)}"
        digest = record.tables[table].content_digest
    place = release.place
    return Citation(
        authors=tuple(
            str(each.get("title") or each.get("name") or each.get("path"))
            for each in package.metadata.get("contributors") or []
        ),
        title=title,
        package=package.name,
        table=table,
        version=str(release.version),
        pin=release.pin,
        content_digest=digest,
        licence=", ".join(
            str(each.get("name") or each.get("title") or each.get("path")) for each in licences
        ),
        address=place if isinstance(place, str) else package.metadata.get("homepage"),
        date=str(package.metadata.get("created") or "")[:10] or None,
        withdrawn=release.withdrawn,
    )


def _title(package: Package, table: str) -> str:
    names = [each.name for each in package.resources]
    if table not in names:
        raise WrongCall(
            f'there is no table "{table}".{did_you_mean(table, names)}',
            hint=f"tables are {', '.join(names)}",
        )
    resource = package.resource(table)
    title = resource.title or (resource.schema.title if resource.schema else None)
    return str(title or table)


def _escaped(text: str) -> str:
    return "".join(_BIBTEX.get(each, each) for each in text)
