"""A citation says who, what and which version, and lets a reader prove what was used."""

from __future__ import annotations

import json

import pytest

from rekodiq_data.errors import WrongCall
from rekodiq_data.faces.citation import Citation, citation_of, cite
from rekodiq_data.store import open_release, open_store
from tests.published import store
from tests.store.servers import serving

PIN = open_store(store()).release("1.0.0").pin
RECORD = open_store(store()).release("1.0.0").record()
FULL = Citation(
    authors=("Ö. {One} & Sons", "Two"),
    title="100% of ~ it_all: $5 #1 ^ \\",
    package="small",
    table=None,
    version="1.0.0",
    pin="1.0.0@sha256:00",
    content_digest="sha256:11",
    licence="CC-BY-4.0",
    address="https://example.org",
    date="2026-11-05",
)


def test_a_table_is_cited_in_a_sentence():
    digest = RECORD.tables["estimates"].content_digest
    assert cite("estimates", version="1.0.0", store=store()) == (
        "A small package: Estimates, version 1.0.0 [data set]. CC-BY-4.0. "
        f"Release {PIN}; content {digest}.\n"
    )


def test_a_version_is_cited_as_a_whole():
    text = cite(version="1.0.0", store=store())
    assert text.startswith("A small package, version 1.0.0 [data set]. CC-BY-4.0. ")
    assert text.endswith(f"Release {PIN}; content {RECORD.content_digest}.\n")


def test_what_is_cited_can_be_opened_by_its_citation():
    pin = cite(version="1.0.0", store=store()).split("Release ")[1].split(";")[0]
    assert str(open_release(pin, store=store()).version) == "1.0.0"


def test_the_address_of_a_store_that_others_can_read_is_part_of_it(tmp_path):
    with serving(store()) as stage:
        release = open_release("1.0.0", store=stage.url, cache=tmp_path)
        assert citation_of(release).address == f"{stage.url}/v1.0.0"


def test_all_parts_stand_in_the_sentence():
    assert FULL.text() == (
        "Ö. {One} & Sons; Two (2026). 100% of ~ it_all: $5 #1 ^ \\, version 1.0.0 [data set]. "
        "CC-BY-4.0. Release 1.0.0@sha256:00; content sha256:11. https://example.org.\n"
    )


def test_bibtex_gives_no_character_a_meaning():
    assert FULL.bibtex() == (
        "@misc{small-1.0.0,\n"
        r"  author = {{Ö. \{One\} \& Sons} and {Two}}," + "\n"
        r"  title = {{100\% of \textasciitilde{} it\_all: \$5 \#1 \textasciicircum{}"
        r" \textbackslash{}}}," + "\n"
        "  version = {1.0.0},\n"
        "  year = {2026},\n"
        "  howpublished = {Data set},\n"
        "  note = {CC-BY-4.0. Release 1.0.0@sha256:00; content sha256:11},\n"
        "  url = {https://example.org},\n"
        "}\n"
    )
    assert "author" not in cite("sources", store=store(), form="bibtex")


def test_csl_is_json_that_reference_managers_read():
    assert json.loads(FULL.csl()) == [
        {
            "id": "small-1.0.0",
            "type": "dataset",
            "title": FULL.title,
            "author": [{"literal": "Ö. {One} & Sons"}, {"literal": "Two"}],
            "version": "1.0.0",
            "note": "CC-BY-4.0. Release 1.0.0@sha256:00; content sha256:11",
            "issued": {"date-parts": [[2026, 11, 5]]},
            "URL": "https://example.org",
        }
    ]
    (item,) = json.loads(cite("sources", version="1.0.0", store=store(), form="csl"))
    assert item["id"] == "small-sources-1.0.0"
    assert "URL" not in item
    assert "issued" not in item


def test_a_misspelt_table_or_form_gets_the_one_that_was_meant():
    with pytest.raises(WrongCall, match='Did you mean "sources"'):
        cite("sorces", store=store())
    with pytest.raises(WrongCall, match='Did you mean "bibtex"'):
        cite("sources", store=store(), form="bibtx")
