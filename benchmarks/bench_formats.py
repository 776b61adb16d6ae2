"""Accuracy on a folder of real exports: count, and first and last record's title, year, authors and DOI.

The folder is not part of the project; WORKBENCH_BENCH names it. In its `formats/manifest.csv` an asterisk
means "do not test this field", an empty field "absent in the file", an empty count "must not crash".
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import rispy

from benchmarks.table import Row
from screening.domain.parsing import parse_bytes
from screening.domain.parsing.model import UnreadableFile

PROJECT = Path(__file__).resolve().parent.parent


class Seen(NamedTuple):
    """What the manifest says about one record, in the form in which it is compared."""

    title: str
    year: str
    authors: str
    doi: str


Reader = Callable[[str, bytes], Sequence[Seen]]


def run() -> list[Row]:
    """Count exact files per format, ours and rispy's of RIS, or say that the folder is absent."""
    folder = Path(os.environ.get("WORKBENCH_BENCH") or PROJECT.parent / "shared" / "bench") / "formats"
    manifest = folder / "manifest.csv"
    if not manifest.is_file():
        return [Row(what="exact export files", unit="files", ours=None, note=f"absent: {manifest}")]
    with manifest.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    total = Counter(line["format"] for line in lines)
    exact: Counter[str] = Counter()
    n_exact_rispy = 0
    for line in lines:
        content = (folder / line["file"]).read_bytes()
        found = differences(line, content, read_with_ours)
        exact[line["format"]] += not found
        if found:
            print(f"  not exact: {line['file']}: {', '.join(found)}")
        if line["format"] == "ris":
            n_exact_rispy += not differences(line, content, read_with_rispy)
    return [
        Row(
            what=f"exact {name} files",
            unit="files",
            ours=exact[name],
            peer_name=f"rispy {rispy.__version__}",
            peer=n_exact_rispy if name == "ris" else None,
            note=f"of {total[name]}",
        )
        for name in sorted(total)
    ] + [
        Row(
            what="exact files, all formats",
            unit="per cent",
            ours=100 * exact.total() / total.total(),
            note=f"{exact.total()} of {total.total()}",
        )
    ]


def read_with_ours(name: str, content: bytes) -> Sequence[Seen]:
    """Read as an import does."""
    return [
        Seen(
            same_title(record.title or ""), str(record.year or ""), str(len(record.authors)), record.doi or ""
        )
        for record in parse_bytes(content, name).records
    ]


def read_with_rispy(_name: str, content: bytes) -> Sequence[Seen]:
    """Read in the way that favours rispy: byte-order mark removed, titles and years from either tag."""
    return [
        Seen(
            same_title(record.get("title") or record.get("primary_title") or ""),
            (record.get("year") or record.get("publication_year") or "")[:4],
            str(len(record.get("authors") or record.get("first_authors") or [])),
            (record.get("doi") or "").lower(),
        )
        for record in rispy.loads(content.decode("utf-8-sig", errors="replace"))
    ]


def differences(expected: dict[str, str], content: bytes, read: Reader) -> list[str]:
    """Return what differs between a file as read and its line of the manifest; empty is exact."""
    try:
        records = read(Path(expected["file"]).name, content)
    except UnreadableFile as error:  # the sentence that the person sees: right where no record is expected
        return [f"refused: {error}"] if expected["expected_count"] not in ("", "0") else []
    except Exception as error:  # any exception is a finding of this measurement
        return [f"{type(error).__name__}: {error}"]
    if not expected["expected_count"]:
        return []
    if len(records) != int(expected["expected_count"]):
        return [f"{len(records)} records instead of {expected['expected_count']}"]
    if not records:
        return []
    return [
        f"{place} {field} is {value!r} instead of {wanted!r}"
        for place, record in (("first", records[0]), ("last", records[-1]))
        for field, value in record._asdict().items()
        if (wanted := expected[f"{place}_{field}"]) != "*" and value != _comparable(field, wanted)
    ]


def same_title(title: str) -> str:
    """Return the title as it is compared: lower case, single spaces, no final full stop."""
    return " ".join(title.casefold().split()).removesuffix(".").rstrip()


def _comparable(field: str, wanted: str) -> str:
    if field == "title":
        return same_title(wanted)
    return wanted or ("0" if field == "authors" else "")
