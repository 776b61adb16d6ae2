"""Read search exports: `parse_bytes` and `parse_file` recognise the format by its content."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from screening.domain.parsing.delimited import read_table
from screening.domain.parsing.encoding import decode
from screening.domain.parsing.limits import cut
from screening.domain.parsing.model import ParsedFile, ParsedRecord, Problem, UnreadableFile
from screening.domain.parsing.recognise import refuse_known_binary, refuse_other_text
from screening.domain.parsing.ris import START, read_ris

__all__ = ["ParsedFile", "ParsedRecord", "Problem", "UnreadableFile", "parse_bytes", "parse_file"]


def parse_bytes(data: bytes, file_name: str = "") -> ParsedFile:
    """Read the records of an export; the file name serves only to name the file in a refusal.

    Raises UnreadableFile, and nothing else, with a sentence that says what the file is and what to do.
    """
    try:
        return _parse(data)
    except UnreadableFile as refusal:
        if file_name:
            raise UnreadableFile(f"{file_name}: {refusal}") from refusal
        raise


def parse_file(path: str | Path) -> ParsedFile:
    """Read the records of an export on disk; raises UnreadableFile as `parse_bytes` does, and OSError."""
    path = Path(path)
    return parse_bytes(path.read_bytes(), path.name)


def _parse(data: bytes) -> ParsedFile:
    refuse_known_binary(data)
    decoded = decode(data)
    text = decoded.text
    kind: Literal["ris", "csv"] = "csv"
    if START.search(text.replace("\r", "\n")):
        kind = "ris"
        records, problems = read_ris(text)
    else:
        refuse_other_text(text)
        records, problems = read_table(text)
    n_in_file = len(records) + sum(problem.lost for problem in problems)
    kept = []
    for read in records:
        record, sentences = cut(read)
        kept.append(record)
        problems += [Problem(record.line, sentence, record.raw[:300], lost=False) for sentence in sentences]
    found = sorted([*decoded.problems, *problems], key=lambda problem: problem.line)
    return ParsedFile(kind, decoded.encoding, n_in_file, tuple(kept), tuple(found))
