"""What people see: the golden words on a terminal, and a page that is safe to open."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import click
import pytest

from rekodiq_data.cli.render.changes import render
from rekodiq_data.cli.render.text import visible
from rekodiq_data.diff import diff

from .packages import field, table, write

NUMBER = field("tonnage_mt", "number", title="Tonnage", unit="Mt")
SOURCES = table(
    "source_id",
    "title",
    rows=[("s1", "Annual report, 2023"), ("s2", "Annual report, 2024")],
    key=("source_id",),
)
LONG = "Taken from the table of the annual report, which is rounded to the nearest ten tonnes."


@pytest.fixture
def changes(tmp_path):
    """One change of every kind."""
    loose = [("1", "x"), ("2", "y")]
    old = {
        "estimates": table(
            "id", NUMBER, "lost", "note", "source_id",
            rows=[("e1", "5900", "l", None, "s1"), ("e2", "12", None, None, "s1"),
                  ("e3", "7", None, None, "s1")],
        ),
        "named": table("id", "v", rows=[("p", "x"), ("q", "y")]),
        "gone": table("a", rows=[("1",)], key=("a",)),
        "loose": table("a", "b", rows=loose, key=()),
        "same": table("a", rows=[("1",)], key=("a",)),
        "sources": SOURCES,
    }  # fmt: skip
    new = {
        "estimates": table(
            "id", {**NUMBER, "unit": "kt"}, "region", "note", "source_id",
            rows=[("e1", "5950", "west", LONG, "s2"), ("e3", "7", None, "n", "s1"),
                  ("e4", "8", None, None, "s2")],
            about={"title": "Estimates"},
        ),
        "called": table("id", "v", rows=[("p", "x"), ("q", "y")]),
        "come": table("b", "c", rows=[("2", "x"), ("3", None)], key=("b",)),
        "loose": table("a", "b", rows=[*loose, ("3", "z"), ("3", "z")], key=()),
        "same": table("a", rows=[("1",)], key=("a",)),
        "sources": SOURCES,
    }  # fmt: skip
    was = write(tmp_path / "old", old, title="Some")
    now = write(tmp_path / "new", new, version="2.0.0", title="All", keywords=["a", "b"])
    return diff(was, now)


FULL = """\
package
  ~ the keywords changed
      was not stated
      is  ["a", "b"]
  ~ the title changed
      was Some
      is  All
named -> called (renamed)
  2 records, none changed
come (added table)
  2 records: 2 added
  + 2 added
      c: x
  + 3 added
estimates
  3 records: 1 added, 1 removed, 2 changed (4 cells)
  - the field lost was removed
  + the field region was added
  ~ the unit of the field tonnage_mt changed
      was Mt
      is  kt
  ~ the title changed
      was not stated
      is  Estimates
  ~ the new field region has 1 value in records of both versions
  ~ the removed field lost has 1 value in records of both versions
  - e2 removed
      tonnage_mt: 12
      source_id: s1
  + e4 added
      tonnage_mt: 8
      source_id: s2
  ~ e1
      tonnage_mt: 5900 -> 5950
      note: (missing) -> Taken from the table of the annual report, which is
        rounded to the nearest ten tonnes.
      source_id: s1 -> s2
      old source: s1
      new source: s2
  ~ e3
      note: (missing) -> n
      source: s1
gone (removed table)
  1 record: 1 removed
  - 1 removed
loose
  4 records: 2 added
  (no key that both versions have: whole records were compared)
  + record added (2 times)
      a: 3
      b: z

p 1.0.0 -> 2.0.0: 5 tables of 7 differ
5 records added, 2 removed, 2 changed
Least honest step: major
  the table named is called called now (table-renamed)
  estimates: the field lost was removed (field-removed)
  estimates: the unit of the field tonnage_mt changed (unit-changed)
  the table gone was removed (table-removed)"""

SUMMARY = """\
package
  ~ the name changed
      was p
      is  q
  ~ the title changed
      was Some
      is  All
t
  2 records: 1 added, 1 changed (2 cells)
  ~ v: 1 cell
  ~ w: 1 cell

p 1.0.0 -> q: 1 table differs
1 record added, 0 removed, 1 changed
Least honest step: major
  the package's name changed (package-name-changed)"""


def test_everything_is_told_in_full(changes):
    text = click.unstyle(render(changes, "full"))
    assert text == FULL
    assert all(len(line) <= 80 for line in text.splitlines())


def test_a_summary_counts(tmp_path):
    old = write(
        tmp_path / "o", {"t": table("id", "v", "w", rows=[("a", "1", "1")])}, title="Some"
    )
    rows = [("a", "2", "2"), ("b", "3", "3")]
    new = write(
        tmp_path / "n",
        {"t": table("id", "v", "w", rows=rows)},
        name="q",
        version="",
        title="All",
    )
    text = click.unstyle(render(diff(old, new, limit=1), "summary"))
    assert text == SUMMARY


def test_only_words_of_the_package_differ(tmp_path):
    tables = {"t": table("id", rows=[("a",)])}
    old, new = write(tmp_path / "o", tables), write(tmp_path / "n", tables, title="All")
    assert click.unstyle(render(diff(old, new), "summary")).splitlines()[-4:] == [
        "p 1.0.0 -> 1.0.0: 0 tables of 1 differ",
        "0 records added, 0 removed, 0 changed",
        "Least honest step: patch",
        "  title changed (words-changed)",
    ]


def test_records_without_sources_and_many_changes(tmp_path):
    old = write(
        tmp_path / "o", {"t": table("id", "v", rows=[(f"k{at}", "x") for at in range(3)])}
    )
    new = write(
        tmp_path / "n", {"t": table("id", "v", rows=[(f"k{at}", "y") for at in range(3)])}
    )
    assert click.unstyle(render(diff(old, new, limit=1), "full")).splitlines() == [
        "t",
        "  3 records: 3 changed (3 cells)",
        "  ~ k0",
        "      v: x -> y",
        "",
        "2 more changes not shown; --limit 0 shows all",
        "p 1.0.0 -> 1.0.0: 1 table differs",
        "0 records added, 0 removed, 3 changed",
        "Least honest step: minor",
        "  3 records of t changed (values-changed)",
    ]


def test_nothing_differs(changes, tmp_path):
    folder = tmp_path / "old"
    same = diff(folder, folder)
    assert render(same, "full") == "p 1.0.0 -> 1.0.0: nothing differs"
    assert "Nothing differs." in texts_of(render(same, "html"))


def test_json_is_what_the_value_says(changes):
    assert json.loads(render(changes, "json")) == changes.to_dict()


class Page(HTMLParser):
    """Elements, attributes and text nodes of a page."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.texts, self.policy, self.open = set(), [], [], "", []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.extend(name for name, _ in attrs)
        self.open.append(tag)
        found = dict(attrs)
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policy = found["content"]

    def handle_endtag(self, tag):
        self.open.append(f"/{tag}")

    def handle_data(self, data):
        if data.strip():
            self.texts.append(data)


def texts_of(page):
    return Page(page).texts


HOSTILE = [
    "<script>alert(1)</script>",
    "</td></table><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;&amp;",
    '" onmouseover="alert(1)',
    "javascript:alert(1)",
    "\x1b[31mred",
    "\u202eabc",
    "<!-- ]]> -->",
    "two\nlines",
    "<style>*{display:none}</style>",
]


def test_hostile_values_are_text_and_nothing_else(tmp_path):
    titled = [("s1", HOSTILE[0]), ("s2", HOSTILE[1])]
    sources = table("source_id", "title", rows=titled, key=("source_id",))

    def package(folder, texts):
        rows = [(f"k{at}{text}", text, "s1") for at, text in enumerate(texts)]
        names = ("id", "v<b>", "source_id")
        return write(
            folder, {"t": table(*names, rows=rows), "sources": sources}, title=texts[0]
        )

    old = package(tmp_path / "old", HOSTILE)
    edited = write(
        tmp_path / "new",
        {
            "t": table(
                "id", "v<b>", "source_id",
                rows=[(f"k{at}{text}", text + "!", "s1") for at, text in enumerate(HOSTILE)],
                title=HOSTILE[1], description=HOSTILE[2],
            ),
            "sources": sources,
            HOSTILE[0]: table("id", "x", rows=[(text, text) for text in HOSTILE]),
        },
        title=HOSTILE[1],
        **{"$schema": "https://datapackage.org/profiles/2.0/datapackage.json"},
    )  # fmt: skip
    page = Page(render(diff(old, edited), "html"))
    assert page.tags <= {
        *(
            "html",
            "head",
            "meta",
            "title",
            "style",
            "body",
            "main",
            "section",
            "h1",
            "h2",
            "h3",
        ),
        *(
            "p",
            "ul",
            "li",
            "strong",
            "span",
            "div",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
        ),
        *("details", "summary"),
    }
    assert set(page.attributes) <= {
        *("lang", "charset", "http-equiv", "content", "name", "class", "scope", "open"),
    }
    for text in HOSTILE:
        assert visible(text) in page.texts
        assert visible(text + "!") in page.texts
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e]", "".join(page.texts))


def test_the_page_asks_nothing_of_the_outside(changes):
    text = render(changes, "html")
    page = Page(text)
    style = re.search("<style>(.*?)</style>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert page.policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert not re.search(r"https?:|url\(|@import|<script|<link|src=|href=", text)


def test_the_page_shows_what_changed_beside_its_sources(changes):
    texts = texts_of(render(changes, "html"))
    at = texts.index("5900")
    assert texts[at - 2 : at + 4] == [
        "e1",
        "tonnage_mt",
        "5900",
        "5950",
        "s1: Annual report, 2023",
        "s2: Annual report, 2024",
    ]
    assert "e3" in texts
    assert "same" not in texts
    assert any("whole records were compared" in text for text in texts)


def test_the_page_says_what_it_leaves_out(tmp_path):
    old = write(tmp_path / "o", {"t": table("id", rows=[])})
    new = write(tmp_path / "n", {"t": table("id", rows=[(str(at),) for at in range(30)])})
    text = render(diff(old, new, limit=25), "html")
    assert "5 more changes are not shown here; they are counted." in text
    assert "<details>" in text
