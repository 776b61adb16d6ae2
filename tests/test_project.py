"""The project's promises: pinned packages, unchanged vendored files, clean templates, a light start."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
VENDOR = PROJECT / "static" / "vendor"
APPS = ("reviewsite", "screening", "extraction", "synthesis")
HEAVY = ("pandas", "matplotlib", "scipy", "sklearn")
# Written in two parts, so that this file does not contain what it looks for.
WORKPLACE = tuple(
    a + b for a, b in (("/wo", "rk/"), ("/tmp/", "team"), ("/opt/", "pypi"), ("/opt/", "wheels"))
)
REGISTRIES = ("index-url", "find-links =", "pypi.org", "pythonhosted.org", "npmjs.org", "://", "file:/")
INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\ssrc=)", re.IGNORECASE),
    "an event handler attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "htmx's inline handler": re.compile(r"\shx-on[:\w-]*\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "the filter “safe”": re.compile(r"\|\s*safe(seq)?\b|{%\s*autoescape\s+off"),
}


def project_files() -> list[Path]:
    """Return every file that is or would be committed."""
    command = [
        "git",
        "-c",
        "safe.directory=*",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if result.returncode:  # an archive without history
        found = (
            path for path in PROJECT.rglob("*") if not re.search(r"/(\.venv|\.git|data)/|cache", str(path))
        )
    else:
        found = (PROJECT / name for name in result.stdout.split("\0") if name)
    return sorted(path for path in found if path.is_file())


def text_files() -> Iterator[tuple[Path, str]]:
    for path in project_files():
        content = path.read_bytes()
        if b"\0" not in content[:8000]:
            yield path.relative_to(PROJECT), content.decode("utf-8", errors="replace")


def pinned(name: str) -> list[str]:
    """Return the requirements of a file, each with its continuation lines joined."""
    joined = (PROJECT / name).read_text().replace("\\\n", " ")
    return [line for line in joined.splitlines() if line and not line.lstrip().startswith("#")]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_has_one_version_and_hashes(name: str) -> None:
    requirement = re.compile(r"[a-z0-9-]+==[\w.!+-]+( ;[^-]+)?(\s+--hash=sha256:[0-9a-f]{64})+\s*")
    lines = pinned(name)
    assert lines
    assert [line for line in lines if not requirement.fullmatch(line)] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_name_no_registry(name: str) -> None:
    text = (PROJECT / name).read_text().replace("--no-emit-index-url", "")
    assert [word for word in REGISTRIES if word in text] == []


def test_development_and_runtime_agree_on_every_version() -> None:
    runtime = {line.split()[0] for line in pinned("requirements.txt")}
    assert runtime <= {line.split()[0] for line in pinned("requirements-dev.txt")}


def vendored_table() -> dict[str, str]:
    row = re.compile(r"^\|.*\| `([^`]+)` \| `([0-9a-f]{64})` \|", re.MULTILINE)
    return dict(row.findall((VENDOR / "README.md").read_text()))


def test_vendored_files_are_those_of_the_table() -> None:
    files = {str(path.relative_to(VENDOR)): path for path in VENDOR.rglob("*") if path.is_file()}
    del files["README.md"]
    assert {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()
    } == vendored_table()


def test_every_vendored_package_has_its_licence() -> None:
    folders = [path for path in VENDOR.iterdir() if path.is_dir()]
    assert folders
    assert [folder.name for folder in folders if not (folder / "LICENSE").is_file()] == []


def test_vendored_files_name_no_source_map() -> None:
    named = [path.name for path in VENDOR.rglob("*.[cjm]*s") if b"sourceMappingURL=" in path.read_bytes()]
    assert named == []


def test_templates_hold_no_inline_script_or_style() -> None:
    findings = [
        f"{path}:{number}: {what}"
        for path, text in text_files()
        if path.suffix == ".html" and "templates" in path.parts
        for what, pattern in INLINE.items()
        for number in [text[: match.start()].count("\n") + 1 for match in pattern.finditer(text)]
    ]
    assert findings == []


@pytest.mark.parametrize(
    ("markup", "what"),
    [
        ('<p style="color: red">', "a style attribute"),
        ("<script>go()</script>", "an inline script"),
        ('<button type="button"\n onclick="go()">', "an event handler attribute"),
        ("{{ title|safe }}", "the filter “safe”"),
    ],
)
def test_the_search_for_inline_code_finds_it(markup: str, what: str) -> None:
    assert INLINE[what].search(markup)


def test_linked_script_is_not_taken_for_inline_code() -> None:
    markup = '<script src="{% static "app.js" %}" defer></script><option value="on" data-once="1">'
    assert [what for what, pattern in INLINE.items() if pattern.search(markup)] == []


def test_code_marks_no_text_as_safe_but_our_own_drawings() -> None:
    """The drawings escape every text that they are given; the tests of the rooms `render` show it."""
    call = re.compile(r"\b(mark_safe|SafeString|safestring\.\w+)\(")
    found = [str(path) for path, text in text_files() if path.parts[0] in APPS and call.search(text)]
    assert found == ["screening/views/figures.py", "synthesis/views/figures.py"]


def test_files_name_no_place_of_the_machine_they_were_written_on() -> None:
    findings = [f"{path}: {word}" for path, text in text_files() for word in WORKPLACE if word in text]
    assert findings == []


def test_web_process_starts_without_the_heavy_libraries() -> None:
    program = (
        "import sys, django; from django.urls import get_resolver\n"
        "django.setup(); get_resolver().url_patterns\n"
        f"print(sorted(set(sys.modules) & set({HEAVY!r})))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=PROJECT,
        env={"DJANGO_SETTINGS_MODULE": "reviewsite.settings", "SECRET_KEY": "only-for-this-test-" * 3},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout.strip()) == (0, "[]"), result.stderr


def test_make_help_lists_every_target() -> None:
    makefile = (PROJECT / "Makefile").read_text()
    declared = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert declared
    described = re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE)
    assert sorted(described) == sorted(declared[1].split())
