"""Recognise a file by its content and say what it is where records cannot be read from it."""

from __future__ import annotations

import re

from screening.domain.parsing.markup import ENTITIES
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
_DOCUMENTS = {
    "text document": f"This is a Word document. {_EXPORT}",
    "presentation": f"This is a PowerPoint presentation. {_EXPORT}",
    "OpenDocument file": "This is a file of LibreOffice. Open it and save the table as XLSX or “CSV UTF-8”.",
}
_TEXTS = (
    (re.compile(r"<(?:!doctype html|html|head|body)\b", re.I), f"This is a web page (HTML). {_EXPORT}"),
    (re.compile(r"<[?!a-z][^\0]{0,20000}<!ENTITY", re.I), ENTITIES),
    (
        re.compile(r"<[?!a-z]", re.I),
        "This is an XML file, but neither of PubMed nor of EndNote; others are not read. Export the records "
        "from the database or reference manager as RIS.",
    ),
    (
        re.compile(r"(?:[A-Z]{2,4} {0,2}-[^\n]{0,500}\n\s{0,8}){3}"),
        f"This is a tagged export of a kind that is not known. {_EXPORT}",
    ),
    (re.compile(r"[\[{]\s{0,20}[\[{\"]"), f"This is a JSON file. {_EXPORT}"),
)


def refuse_known_binary(data: bytes) -> None:
    """Raise UnreadableFile where the first bytes tell a format that holds no plain text."""
    if not data[:100].strip(b" \t\r\n\0") and not data.strip(b" \t\r\n\0"):
        raise UnreadableFile(f"The file is empty. {_EXPORT}")
    for magic, sentence in _MAGIC:
        if data.startswith(magic):
            raise UnreadableFile(sentence)


def refuse_document(kind: str) -> None:
    """Raise UnreadableFile for a document of an office program other than a workbook; '' is none."""
    if kind in _DOCUMENTS:
        raise UnreadableFile(_DOCUMENTS[kind])


def refuse_other_text(text: str) -> None:
    """Raise UnreadableFile where the text opens like a format that is not read."""
    opening = text[:2000].lstrip("\ufeff \t\r\n").replace("\r", "\n")
    for pattern, sentence in _TEXTS:
        if pattern.match(opening):
            raise UnreadableFile(sentence)
