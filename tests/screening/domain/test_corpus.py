"""Compare the readers with real exports, where the benchmark folder is present."""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from screening.domain.parsing import ParsedFile, ParsedRecord, UnreadableFile, parse_file

_PROJECT = Path(__file__).resolve().parents[3]
_FORMATS = Path(os.environ.get("WORKBENCH_BENCH", _PROJECT.parent / "shared" / "bench")) / "formats"
_RIS_FAMILY = {"ris", "embase", "ovid", "psycinfo", "scopus", "proquest"}
# The manifest calls fields absent that these files hold:
# title and DOI in columns named TI and DO, a DOI under L3.
_HELD_AFTER_ALL = {
    "csv/synthesisr__eviatlas.csv": ("title", "doi"),
    "csv/synthesisr__eviatlas.tsv": ("title", "doi"),
    "proquest/synthesisr__ASP_ris_example.ris": ("doi",),
    "ris/citesource__20221207_gambling-harms_crimjust_41.ris": ("doi",),
}

pytestmark = pytest.mark.skipif(
    not _FORMATS.is_dir(), reason=f"No benchmark corpus in {_FORMATS}; set WORKBENCH_BENCH."
)


def _is_ours(row: dict[str, str]) -> bool:
    if row["format"] == "csv" or row["file"].endswith(".csv"):
        return True
    text = (_FORMATS / row["file"]).read_bytes().replace(b"\0", b"")
    return row["format"] in _RIS_FAMILY and b"TY  - " in text


def _norm(title: str) -> str:
    return " ".join(title.casefold().split()).rstrip(".")


def _misses(expected: dict[str, str], side: str, record: ParsedRecord | None) -> list[str]:
    got = {
        "title": _norm(record.title) if record else "",
        "year": str(record.year or "") if record else "",
        "authors": str(len(record.authors)) if record else "0",
        "doi": record.doi if record else "",
    }
    want = {name: expected[f"{side}_{name}"] for name in got}
    want |= dict.fromkeys(_HELD_AFTER_ALL.get(expected["file"], ()), "*")
    want["title"] = _norm(want["title"])
    return [f"{side} {n}: {got[n]!r} not {want[n]!r}" for n in got if want[n] != "*" and got[n] != want[n]]


def _compare(row: dict[str, str], parsed: ParsedFile) -> list[str]:
    if not row["expected_count"]:
        return []
    misses = []
    if parsed.n_in_file != int(row["expected_count"]):
        misses.append(f"{parsed.n_in_file} records, not {row['expected_count']}")
    by_line = {problem.line: None for problem in parsed.problems if problem.lost}
    in_order: dict[int, ParsedRecord | None] = {
        **by_line,
        **{record.line: record for record in parsed.records},
    }
    ordered = [in_order[line] for line in sorted(in_order)] or [None]
    return misses + _misses(row, "first", ordered[0]) + _misses(row, "last", ordered[-1])


def test_corpus_is_read_exactly(record_property: Callable[[str, object], None]) -> None:
    with (_FORMATS / "manifest.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if _is_ours(row)]
    outcomes: dict[str, list[bool]] = defaultdict(list)
    report = []
    for row in rows:
        try:
            misses = _compare(row, parse_file(_FORMATS / row["file"]))
        except UnreadableFile as refusal:
            misses = [str(refusal)] if row["expected_count"] not in {"", "0"} else []
        outcomes["csv" if row["format"] == "csv" or row["file"].endswith(".csv") else row["format"]].append(
            not misses
        )
        report += [f"{row['file']}: {miss}" for miss in misses]
    for name, exact in sorted(outcomes.items()):
        record_property(f"exact_{name}", f"{sum(exact)}/{len(exact)}")
    tables = outcomes.pop("csv")
    family = [exact for name in outcomes for exact in outcomes[name]]
    assert sum(tables) / len(tables) >= 0.97, report
    assert sum(family) / len(family) >= 0.97, report
