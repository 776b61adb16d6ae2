"""Read search exports: `parse_bytes` and `parse_file` recognise the format by its content."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from screening.domain.parsing.archive import document_in, hidden_in, is_zip, shown, unpack
from screening.domain.parsing.bibtex import looks_like_bibtex, read_bibtex
from screening.domain.parsing.columns import FIELDS, Column, looks_like_own_table
from screening.domain.parsing.delimited import read_table, table_columns_in
from screening.domain.parsing.encoding import decode
from screening.domain.parsing.endnote_xml import looks_like_endnote_xml, read_endnote_xml
from screening.domain.parsing.inspec import looks_like_inspec, read_inspec
from screening.domain.parsing.limits import cut_all
from screening.domain.parsing.model import ParsedFile, ParsedRecord, Problem, UnreadableFile
from screening.domain.parsing.nbib import looks_like_nbib, read_nbib
from screening.domain.parsing.nep import looks_like_nep, read_nep
from screening.domain.parsing.ovid import looks_like_ovid, read_ovid
from screening.domain.parsing.pubmed_xml import looks_like_pubmed_xml, read_pubmed_xml
from screening.domain.parsing.recognise import refuse_document, refuse_known_binary, refuse_other_text
from screening.domain.parsing.refer import looks_like_refer, read_refer
from screening.domain.parsing.refworks import looks_like_refworks, read_refworks
from screening.domain.parsing.ris import looks_like_ris, read_ris
from screening.domain.parsing.workbench_json import looks_like_workbench_json, read_workbench_json
from screening.domain.parsing.workbook import read_workbook, workbook_columns
from screening.domain.parsing.wos import looks_like_wos, read_wos

__all__ = [
    "FIELDS",
    "Column",
    "ParsedFile",
    "ParsedRecord",
    "Problem",
    "UnreadableFile",
    "parse_bytes",
    "parse_file",
    "table_columns",
]

_OPENING = 50_000


class Format(NamedTuple):
    """Join the name of a text format with how its opening is recognised and how the whole is read.

    `looks_like` gets the first 50,000 characters with even line ends and without byte-order mark; `read` gets
    the whole text as decoded and returns its records and problems.
    """

    name: str
    looks_like: Callable[[str], bool]
    read: Callable[[str], tuple[list[ParsedRecord], list[Problem]]]


TABLE = Format("csv", lambda _opening: True, read_table)
# The first that recognises the text reads it; what nothing recognises is tried as a table.
FORMATS: tuple[Format, ...] = (
    Format("workbench_json", looks_like_workbench_json, read_workbench_json),
    Format("pubmed_xml", looks_like_pubmed_xml, read_pubmed_xml),
    Format("endnote_xml", looks_like_endnote_xml, read_endnote_xml),
    Format("ris", looks_like_ris, read_ris),
    Format("bibtex", looks_like_bibtex, read_bibtex),
    Format("nbib", looks_like_nbib, read_nbib),
    Format("ovid", looks_like_ovid, read_ovid),
    Format("refworks", looks_like_refworks, read_refworks),
    Format("inspec", looks_like_inspec, read_inspec),
    Format("nep", looks_like_nep, read_nep),
    Format("wos", looks_like_wos, read_wos),
    Format("enw", looks_like_refer, read_refer),
)


def parse_bytes(data: bytes, name: str = "", *, columns: Mapping[str, str] | None = None) -> ParsedFile:
    """Read the records of an export; its name serves only to name it in a refusal.

    For a table, `columns` says by hand which field (one of `FIELDS`) the column under a header holds, or ''
    for none of them; it overrides what is recognised. Other formats ignore it. Raises UnreadableFile, and
    nothing else, with a sentence that says what the file is and what to do; ValueError for a field that is
    not known.
    """
    unknown = set((columns or {}).values()) - {"", *FIELDS}
    if unknown:
        raise ValueError(f"No field of a record: {', '.join(sorted(unknown))}.")
    try:
        return _parse(data, columns)
    except UnreadableFile as refusal:
        if name:
            raise UnreadableFile(f"{name}: {refusal}") from refusal
        raise


def parse_file(path: str | Path, *, columns: Mapping[str, str] | None = None) -> ParsedFile:
    """Read the records of an export on disk; raises as `parse_bytes` does, and OSError."""
    path = Path(path)
    return parse_bytes(path.read_bytes(), path.name, columns=columns)


def table_columns(data: bytes) -> tuple[Column, ...] | None:
    """Return the columns of a table or workbook with what they are taken for, or None for any other file."""
    try:
        if is_zip(data):
            return workbook_columns(data) if document_in(data) == "workbook" else None
        refuse_known_binary(data)
        text = decode(data).text
        return table_columns_in(text) if _format_of(text) is TABLE else None
    except UnreadableFile:
        return None


def _parse(data: bytes, columns: Mapping[str, str] | None) -> ParsedFile:
    if is_zip(data):
        kind = document_in(data)
        refuse_document(kind)
        if not kind:
            return _parse_archive(data, columns)
        return _file("xlsx", "utf-8", *read_workbook(data, columns))
    refuse_known_binary(data)
    decoded = decode(data)
    form = _format_of(decoded.text)
    records, problems = read_table(decoded.text, columns) if form is TABLE else form.read(decoded.text)
    return _file(form.name, decoded.encoding, records, [*decoded.problems, *problems])


def _format_of(text: str) -> Format:
    """Return the first format that the opening of the text shows; the table, last, takes the rest."""
    opening = text[:_OPENING].lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if looks_like_own_table(opening):
        return TABLE
    for form in FORMATS:
        if form.looks_like(opening):
            return form
    refuse_other_text(text)
    return TABLE


def _file(kind: str, encoding: str, records: list[ParsedRecord], problems: list[Problem]) -> ParsedFile:
    """Cut what is too long and put the problems in the order of their lines."""
    n_in_file = len(records) + sum(problem.lost for problem in problems)
    if n_in_file == 0:
        raise UnreadableFile("This file holds no record. Export the records again and check the selection.")
    kept, sentences = cut_all(records)
    found = sorted([*problems, *sentences], key=lambda problem: problem.line)
    return ParsedFile(kind, encoding, n_in_file, tuple(kept), tuple(found))


def _parse_archive(data: bytes, columns: Mapping[str, str] | None) -> ParsedFile:
    """Join the files of an archive; one that cannot be read counts as one lost record and is named."""
    read: list[ParsedFile] = []
    problems = [
        Problem(
            0, f"{shown(name)}: This file, which a system keeps for itself, was left out.", "", lost=False
        )
        for name in hidden_in(data)
    ]
    for member in unpack(data):
        try:
            parsed = _parse(member.data, columns)
        except UnreadableFile as refusal:
            problems.append(Problem(0, f"{shown(member.name)}: {refusal}", ""))
            continue
        read.append(parsed)
        problems += [
            problem._replace(reason=f"{shown(member.name)}: {problem.reason}") for problem in parsed.problems
        ]
    if not read:
        raise UnreadableFile(f"No file in this ZIP archive can be read. {problems[-1].reason}")
    encodings = {parsed.encoding for parsed in read}
    return ParsedFile(
        "zip",
        encodings.pop() if len(encodings) == 1 else "several",
        sum(parsed.n_in_file for parsed in read)
        + sum(not problem.line and problem.lost for problem in problems),
        tuple(record for parsed in read for record in parsed.records),
        tuple(problems),
    )
