"""Check the command that prints what is in exports; it needs no database."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

_MANAGE = Path(__file__).resolve().parents[2] / "manage.py"
_FIELDS = [
    *(
        "title",
        "authors",
        "year",
        "journal",
        "volume",
        "issue",
        "pages",
        "doi",
        "pmid",
        "abstract",
        "keywords",
    ),
    *("url", "type", "language", "accession"),
]


@pytest.fixture
def ris(tmp_path: Path) -> Path:
    path = tmp_path / "größe.ris"
    path.write_text("TY  - JOUR\nTI  - Zément\nAU  - Autor, Anna\nPY  - 2001\nKW  - spine\nER  - \n", "utf-8")
    return path


@pytest.fixture
def bib(tmp_path: Path) -> Path:
    path = tmp_path / "some.txt"
    path.write_text("@misc{k, title={Bone}}\n@misc{l}\n", "utf-8")
    return path


def _printed(*files: Path, as_json: bool = True) -> str:
    output = io.StringIO()
    call_command("parse_citations", *map(str, files), json=as_json, stdout=output)
    return output.getvalue()


def test_records_and_problems_are_printed_as_json(ris: Path, bib: Path) -> None:
    first, second = json.loads(_printed(ris, bib))
    assert (first["file"], first["format"], first["encoding"], first["n_records"]) == (
        str(ris),
        "ris",
        "utf-8",
        1,
    )
    assert list(first["records"][0]) == _FIELDS
    assert {name: value for name, value in first["records"][0].items() if value} == {
        "title": "Zément",
        "authors": ["Autor, Anna"],
        "year": 2001,
        "keywords": ["spine"],
        "type": "JOUR",
    }
    assert (second["format"], second["n_records"], second["records"][0]["year"]) == ("bibtex", 1, None)
    assert [(problem["line"], problem["lost"]) for problem in second["problems"]] == [(2, True)]


def test_a_file_that_cannot_be_read_has_one_problem_and_the_others_are_read(
    ris: Path, tmp_path: Path
) -> None:
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-1.7")
    first, second = json.loads(_printed(scan, ris))
    assert (first["format"], first["n_records"], first["records"]) == ("", 0, [])
    assert [problem["reason"][:22] for problem in first["problems"]] == ["This is a PDF document"]
    assert second["n_records"] == 1


def test_a_file_that_does_not_exist_is_named_after_the_others_are_printed(ris: Path, tmp_path: Path) -> None:
    output = io.StringIO()
    missing = tmp_path / "missing.ris"
    with pytest.raises(CommandError, match=r"missing\.ris: No such file or directory"):
        call_command("parse_citations", str(missing), str(ris), json=True, stdout=output)
    assert [found["file"] for found in json.loads(output.getvalue())] == [str(ris)]


def test_without_json_a_summary_is_printed(ris: Path, bib: Path, tmp_path: Path) -> None:
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-1.7")
    first, second, third, fourth = _printed(ris, bib, scan, as_json=False).splitlines()
    assert first == f"{ris}: ris, utf-8; records read: 1, lost: 0, remarks: 0"
    assert second == f"{bib}: bibtex, utf-8; records read: 1, lost: 1, remarks: 0"
    assert third.startswith("  line 2: lost. The record has no title")
    assert fourth.startswith(f"{scan}: not read. This is a PDF document.")


def test_no_database_and_no_utf8_locale_are_needed(ris: Path, tmp_path: Path) -> None:
    environment = {
        **{
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DJANGO", "LC_", "LANG"))
        },
        "DATABASE_URL": "postgres://nobody:none@127.0.0.1:1/none",
        "WORKBENCH_DATA": str(tmp_path / "data"),
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONIOENCODING": "ascii",
    }
    ended = subprocess.run(
        [sys.executable, str(_MANAGE), "parse_citations", "--json", str(ris), str(tmp_path / "missing.ris")],
        env=environment,
        capture_output=True,
        check=False,
    )
    [found] = json.loads(ended.stdout.decode("utf-8"))
    assert (ended.returncode, found["records"][0]["title"]) == (1, "Zément")
    assert b"missing.ris: No such file or directory" in ended.stderr
