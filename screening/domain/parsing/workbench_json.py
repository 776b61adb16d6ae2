"""Read the JSON that this workbench writes of records, so that an export can go into another review."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from screening.domain.parsing.fields import (
    authors_of,
    bare_pmid,
    clean,
    clean_lines,
    doi_in,
    keywords_of,
    url_in,
    year_in,
)
from screening.domain.parsing.model import NOTHING_IDENTIFYING, ParsedRecord, Problem, UnreadableFile

_FORMAT = re.compile(r'\s*\{\s*"format"\s*:\s*"workbench-records/')
_RECORDS = re.compile(r'(?<!\\)"records"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_BROKEN = "The JSON breaks off or is damaged from here on: nothing behind this line could be read."
_KEPT = ("remark", "status", "exclusion_reason", "sources", "duplicates", "duplicate_of")


def looks_like_workbench_json(opening: str) -> bool:
    """Say whether the text begins as this workbench begins its JSON."""
    return _FORMAT.match(opening) is not None


def read_workbench_json(text: str) -> tuple[list[ParsedRecord], list[Problem]]:
    """Read every record; the text of one is its object as it stands in the file.

    What breaks off is a lost problem. Raises UnreadableFile where the list of records is missing.
    """
    start = _RECORDS.search(text)
    if not start:
        raise UnreadableFile("This JSON of a workbench holds no list of records. Export the records again.")
    records: list[ParsedRecord] = []
    problems: list[Problem] = []
    decoder = json.JSONDecoder()
    at, line, counted = start.end(), 1, 0
    while True:
        found = _BETWEEN.match(text, at)
        at = found.end() if found else at
        line += text.count("\n", counted, at)
        counted = at
        if text[at : at + 1] == "]":
            return records, problems
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            problems.append(Problem(line, _BROKEN, text[at : at + 300]))
            return records, problems
        raw = text[at:end]
        record = _record(value, raw, line) if isinstance(value, dict) else None
        if record is None:
            problems.append(Problem(line, NOTHING_IDENTIFYING, raw[:300]))
        else:
            records.append(record)
        at = end


def _record(given: Mapping[str, Any], raw: str, line: int) -> ParsedRecord | None:
    def text(name: str) -> str:
        return clean(_text(given.get(name)))

    record = ParsedRecord(
        title=text("title"),
        authors=authors_of(_texts(given.get("authors"))),
        year=year_in(_text(given.get("year"))),
        journal=text("journal"),
        volume=text("volume"),
        issue=text("issue"),
        pages=text("pages"),
        doi=doi_in(text("doi")),
        pmid=bare_pmid(text("pmid")),
        abstract=clean_lines(_text(given.get("abstract"))),
        keywords=keywords_of(_texts(given.get("keywords"))),
        url=url_in(text("url")),
        type=text("type"),
        language=text("language"),
        accession=text("accession"),
        isbn_issn=text("isbn_issn"),
        database=text("database"),
        notes=(f"WORKBENCH-ID: {text('id')}",) if text("id") else (),
        others=tuple((name, _shown(given[name])) for name in _KEPT if given.get(name)),
        raw=raw,
        line=line,
    )
    known = record.title or record.doi or record.pmid or record.accession or record.abstract or record.url
    return record if known or (record.year and (record.authors or record.journal)) else None


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int) else ""


def _texts(value: object) -> list[str]:
    return [_text(each) for each in value] if isinstance(value, list) else [_text(value)]


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
