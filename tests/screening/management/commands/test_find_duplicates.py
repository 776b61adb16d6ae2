"""Check the command that finds duplicates in a table."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

PROJECT = Path(__file__).resolve().parents[4]
_TITLE = "Percutaneous vertebroplasty for painful compression fractures of the spine"
_ROWS = [
    {"id": "a", "title": _TITLE, "authors": "Muster, A.; Probe, B.", "year": "2009", "journal": "J Examples",
     "volume": "36", "pages": "233-8", "gold_cluster": "1"},
    {"id": "b", "title": _TITLE.upper(), "authors": "A Muster; B Probe", "year": "2009",
     "journal": "Journal of Examples", "volume": "36", "pages": "233-238", "gold_cluster": "2"},
    {"id": "c", "title": _TITLE, "authors": "Muster, A.; Probe, B.", "year": "2009",
     "journal": "Annals of Samples", "volume": "", "pages": "", "gold_cluster": "3"},
    {"id": "d", "title": "Kyphoplasty in tumours", "authors": "", "year": "", "journal": "", "volume": "",
     "pages": "", "gold_cluster": "4"},
]  # fmt: skip


def _table(folder: Path, rows: list[dict[str, str]]) -> Path:
    path = folder / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def _read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_each_record_gets_its_cluster_and_the_decision(tmp_path: Path) -> None:
    out, said = tmp_path / "out.csv", StringIO()
    call_command("find_duplicates", str(_table(tmp_path, _ROWS)), "--out", str(out), stdout=said)
    assert _read(out) == [
        ["id", "cluster", "decision", "possible_cluster"],
        ["a", "a", "auto", "a"],
        ["b", "a", "auto", "a"],
        ["c", "c", "possible", "a"],
        ["d", "d", "single", "d"],
    ]
    assert (
        said.getvalue()
        == "4 records, 3 publications, 1 duplicates; 1 possible pairs for a person (method 1).\n"
    )


def test_possible_pairs_are_written_with_their_reason(tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.csv"
    table = str(_table(tmp_path, _ROWS))
    call_command("find_duplicates", table, out=tmp_path / "out.csv", pairs=pairs, stdout=StringIO())
    header, *rows = _read(pairs)
    assert header == ["first", "second", "score", "reason"]
    assert [(row[1], row[3]) for row in rows] == [
        ("c", "titles equal; same authors; same year; journals differ")
    ]


def test_it_needs_no_database(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    done = subprocess.run(
        [sys.executable, "manage.py", "find_duplicates", str(_table(tmp_path, _ROWS)), "--out", str(out)],
        cwd=PROJECT,
        env=os.environ | {"DATABASE_URL": "postgres://nobody:wrong@localhost:1/nothing"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, len(_read(out))) == (0, 5), done.stderr


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "in.csv has no column “id” and no column “title”: its first line must name it."),
        (b"id,name\n1,x\n", "in.csv has no column “title”: its first line must name it."),
        (b"id,title\n1,x\n ,y\n", "in.csv, line 3: the record has no id."),
        (b"id,title\n1,x\n2,y\n1,z\n",
         "in.csv, line 4: the id “1” stands in line 2 already: give each record its own."),
        (b"id,title\n1,\xff\xfe\n", "in.csv is not in UTF-8: save it as CSV in UTF-8."),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_used_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "in.csv").write_bytes(content)
    with pytest.raises(CommandError) as refused:
        call_command("find_duplicates", str(tmp_path / "in.csv"), "--out", str(tmp_path / "out.csv"))
    assert str(refused.value) == sentence
    assert not (tmp_path / "out.csv").exists()


def test_a_missing_file_and_a_missing_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.csv cannot be read: No such file or directory\."):
        call_command("find_duplicates", str(tmp_path / "none.csv"), "--out", str(tmp_path / "out.csv"))
    with pytest.raises(CommandError, match=r"out\.csv cannot be written: No such file or directory\."):
        call_command(
            "find_duplicates", str(_table(tmp_path, _ROWS)), "--out", str(tmp_path / "none" / "out.csv")
        )


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    call_command("find_duplicates", str(_table(tmp_path, _ROWS)), "--out", str(out), stdout=StringIO())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]
