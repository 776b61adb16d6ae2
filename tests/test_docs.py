"""What the documentation points to exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
PAGES = sorted([PROJECT / "README.md", *(PROJECT / "docs").glob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
IN_CODE = re.compile(r"`([\w./-]+\.(?:py|md|sh|toml|txt|csv|json))`")
FOLDERS = (
    "",
    "docs/",
    "reviewsite/",
    "synthesis/",
    "screening/",
    "extraction/",
    "fixtures/",
    "scripts/",
    "tests/",
)


@pytest.mark.parametrize("document", PAGES, ids=lambda path: path.name)
def test_every_relative_link_leads_to_a_file(document: Path) -> None:
    links = [
        link
        for link in LINK.findall(document.read_text())
        if "://" not in link and not link.startswith("mailto:")
    ]
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", PAGES, ids=lambda path: path.name)
def test_every_file_named_with_its_folder_exists(document: Path) -> None:
    named = {
        name for name in IN_CODE.findall(document.read_text()) if "/" in name and not name.startswith("/")
    }
    assert sorted(name for name in named if not any((PROJECT / at / name).exists() for at in FOLDERS)) == []


@pytest.mark.parametrize("document", PAGES, ids=lambda path: path.name)
def test_every_make_target_named_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", document.read_text())) <= targets


def test_every_setting_is_in_the_page_on_operations() -> None:
    settings = (PROJECT / "reviewsite" / "settings.py").read_text()
    knobs = set(re.findall(r"""env\.\w+\(\s*"([A-Z_]+)\"""", settings))
    operations = (PROJECT / "docs" / "operations.md").read_text()
    assert sorted(knob for knob in knobs if knob not in operations) == []
