"""Recognise a file by its content and say what it is where records cannot be read from it."""

from __future__ import annotations

import re

from screening.domain.parsing.model import UnreadableFile

_EXPORT = "Export the records from the database or reference manager as RIS or CSV."
_MAGIC = (
    (b"%PDF", f"This is a PDF document. {_EXPORT}"),
    (b"\x89PNG", f"This is an image. {_EXPORT}"),
    (b"\xff\xd8\xff", f"This is an image. {_EXPORT}"),
    (b"GIF8", f"This is an image. {_EXPORT}"),
    (b"\xd0\xcf\x11\xe0", "This is an old Excel or Word file. Open it and save the table as “CSV UTF-8”."),
    (b"\x1f\x8b", "This is a compressed file. Unpack it and import the files inside."),
    (b"7z\xbc\xaf", "This is a compressed file. Unpack it and import the files inside."),
    (b"Rar!", "This is a compressed file. Unpack it and import the files inside."),
    (b"{\\rtf", f"This is a word-processor document (RTF). {_EXPORT}"),
    (b"SQLite format 3", f"This is a database file. {_EXPORT}"),
)
_TEXTS = (
    (re.compile(r"<(?:!doctype html|html|head|body)\b", re.I), f"This is a web page (HTML). {_EXPORT}"),
    (re.compile(r"<[?!a-z]", re.I), f"This is an XML file. {_EXPORT}"),
    (re.compile(r"<[0-9]{1,6}>"), "This is Ovid's display format. Export from Ovid as RIS."),
    (re.compile(r"@[A-Za-z]{2,20}\s{0,5}[{(]"), f"This is a BibTeX file. {_EXPORT}"),
    (
        re.compile(r"PMID ?- ?[0-9]"),
        "This is PubMed's own format. Export from PubMed as CSV, or as RIS elsewhere.",
    ),
    (
        re.compile(r"(?:[A-Z]{2,4} {0,2}-[^\n]{0,500}\n\s{0,8}){3}"),
        f"This is a tagged export, but not RIS: no line begins with “TY  -”. {_EXPORT}",
    ),
    (
        re.compile(r"(?:FN (?:Clarivate|ISI|Thomson)|PT [A-Z]\n)"),
        f"This is Web of Science's own format. {_EXPORT}",
    ),
    (re.compile(r"%[0A-Z] "), f"This is EndNote's own format. {_EXPORT}"),
    (re.compile(r"[\[{]\s{0,20}[\[{\"]"), f"This is a JSON file. {_EXPORT}"),
)


def refuse_known_binary(data: bytes) -> None:
    """Raise UnreadableFile where the first bytes tell a format that holds no plain text."""
    if not data.strip(b" \t\r\n\0"):
        raise UnreadableFile(f"The file is empty. {_EXPORT}")
    for magic, sentence in _MAGIC:
        if data.startswith(magic):
            raise UnreadableFile(sentence)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        if b"xl/" in data:
            raise UnreadableFile("This is an Excel workbook. Open it and save the table as “CSV UTF-8”.")
        if b"word/" in data:
            raise UnreadableFile(f"This is a Word document. {_EXPORT}")
        raise UnreadableFile("This is a ZIP archive. Unpack it and import the files inside.")


def refuse_other_text(text: str) -> None:
    """Raise UnreadableFile where the text opens like a format that is not read."""
    opening = text[:2000].lstrip("\ufeff \t\r\n").replace("\r", "\n")
    for pattern, sentence in _TEXTS:
        if pattern.match(opening):
            raise UnreadableFile(sentence)
