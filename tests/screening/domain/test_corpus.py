"""Compare the readers with real exports, where the benchmark folder is present."""

from __future__ import annotations

import csv
import os
import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from screening.domain.parsing import ParsedFile, ParsedRecord, UnreadableFile, parse_file

_PROJECT = Path(__file__).resolve().parents[3]
_FORMATS = Path(os.environ.get("WORKBENCH_BENCH", _PROJECT.parent / "shared" / "bench")) / "formats"
# The manifest calls fields absent that these files hold:
# title and DOI in columns named TI and DO, a DOI under L3.
_HELD_AFTER_ALL = {
    "csv/synthesisr__eviatlas.csv": ("title", "doi"),
    "csv/synthesisr__eviatlas.tsv": ("title", "doi"),
    "proquest/synthesisr__ASP_ris_example.ris": ("doi",),
    "ris/citesource__20221207_gambling-harms_crimjust_41.ris": ("doi",),
}
# How a record begins in the formats where one line says so.
_BEGINS = {
    "ris": re.compile(rb"^(?:\xef\xbb\xbf)?TY  - ", re.M),
    "wos": re.compile(rb"^(?:\xef\xbb\xbf)?PT ", re.M),
    "nbib": re.compile(rb"^(?:PMID-|OWN - ERIC)", re.M),
}

pytestmark = pytest.mark.skipif(
    not _FORMATS.is_dir(), reason=f"No benchmark corpus in {_FORMATS}; set WORKBENCH_BENCH."
)


def _rows() -> list[dict[str, str]]:
    with (_FORMATS / "manifest.csv").open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


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
    if len(parsed.records) != int(row["expected_count"]):
        misses.append(f"{len(parsed.records)} records, not {row['expected_count']}")
    first, last = (parsed.records[0], parsed.records[-1]) if parsed.records else (None, None)
    return misses + _misses(row, "first", first) + _misses(row, "last", last)


def test_corpus_is_read_exactly(record_property: Callable[[str, object], None]) -> None:
    outcomes: dict[str, list[bool]] = defaultdict(list)
    report = []
    for row in _rows():
        try:
            misses = _compare(row, parse_file(_FORMATS / row["file"]))
        except UnreadableFile as refusal:
            misses = [str(refusal)] if row["expected_count"] not in {"", "0"} else []
        outcomes[row["format"]].append(not misses)
        report += [f"{row['file']}: {miss}" for miss in misses]
    for name, exact in sorted(outcomes.items()):
        record_property(f"exact_{name}", f"{sum(exact)}/{len(exact)}")
    all_files = [exact for name in outcomes for exact in outcomes[name]]
    assert sum(all_files) / len(all_files) >= 0.98, report


def test_every_beginning_of_a_record_is_read_or_named_as_lost() -> None:
    counts = {}
    for row in _rows():
        content = (_FORMATS / row["file"]).read_bytes()
        try:
            parsed = parse_file(_FORMATS / row["file"])
        except UnreadableFile:
            continue
        if parsed.format in _BEGINS and b"\0" not in content:
            n_begins = len(_BEGINS[parsed.format].findall(content))
            counts[row["file"]] = (parsed.n_in_file, n_begins)
    assert {file: count for file, count in counts.items() if count[0] < count[1]} == {}
