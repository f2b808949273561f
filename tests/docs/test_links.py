"""Guides point at what is there, and at nothing of the machine that they were written on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
GUIDES = sorted(
    path
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("datapackage/*.md")]
)
WRITTEN = [
    *GUIDES,
    ROOT / "CITATION.cff",
    *ROOT.glob("schemas/*.yaml"),
    *ROOT.glob("scripts/*"),
]
_CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_MACHINE = re.compile(r"(?<![\w.$*~{}/-])/(?:home|root|Users|work|tmp|opt|var|mnt)/")


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _anchors(path: Path) -> set[str]:
    """The anchors that hosts make of headings: lower case, hyphens for blanks."""
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    found: set[str] = set()
    for heading in headings:
        plain = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        number = 1
        anchor = plain
        while anchor in found:
            anchor = f"{plain}-{number}"
            number += 1
        found.add(anchor)
    return found


@pytest.mark.parametrize("guide", GUIDES, ids=_name)
def test_links_lead_to_files_and_headings_that_are_there(guide):
    text = _CODE.sub("", guide.read_text(encoding="utf-8"))
    for target in _LINK.findall(text):
        if re.match(r"https://|mailto:", target):
            continue
        assert not target.startswith(("http:", "/")), f"{target} is no safe or relative link"
        name, _, anchor = target.partition("#")
        path = (guide.parent / name).resolve() if name else guide
        assert path.exists(), f"{target} leads nowhere"
        assert path.is_relative_to(ROOT), f"{target} leads out of the repository"
        if anchor:
            assert anchor in _anchors(path), f"{target}: there is no such heading"


@pytest.mark.parametrize("path", [each for each in WRITTEN if each.is_file()], ids=_name)
def test_nothing_names_a_folder_of_one_machine(path):
    assert _MACHINE.findall(path.read_text(encoding="utf-8")) == []


def test_every_guide_can_be_reached_from_the_readme():
    reached = {ROOT / "README.md"}
    waiting = list(reached)
    while waiting:
        guide = waiting.pop()
        for target in _LINK.findall(_CODE.sub("", guide.read_text(encoding="utf-8"))):
            path = (guide.parent / target.partition("#")[0]).resolve()
            if path.suffix == ".md" and path.is_file() and path not in reached:
                reached.add(path)
                waiting.append(path)
    assert set(GUIDES) - reached == set()


def test_the_citation_names_no_one_and_the_version_of_the_code():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= cited.keys()
    assert cited["type"] in ("software", "dataset")
    assert cited["authors"] == [{"name": "The rekodiq-data contributors"}]
    assert cited["license"] == ["Apache-2.0", "CC-BY-4.0"]
    about = (ROOT / "src" / "rekodiq_data" / "about.py").read_text(encoding="utf-8")
    assert f'__version__ = "{cited["version"]}"' in about


def test_the_licence_of_the_data_is_the_one_that_the_package_states():
    package = yaml.safe_load((ROOT / "datapackage/package.yaml").read_text(encoding="utf-8"))
    text = (ROOT / "datapackage" / "LICENSE.md").read_text(encoding="utf-8")
    for licence in package["licenses"]:
        assert licence["name"] in text
        assert licence["path"] in text
        assert licence["title"] in text


# --- the finder of anchors itself ---


def test_anchors_are_those_of_the_hosts(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# `rekodiq:checks`: rules\n## Twice\n## Twice\n```\n# no heading\n```\n",
        encoding="utf-8",
    )
    assert _anchors(page) == {"rekodiqchecks-rules", "twice", "twice-1"}
