"""Write BibTeX that Zotero, JabRef and LaTeX read: text escaped, months left out, the id as cite key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from screening.domain.writing.lines import guarded
from screening.domain.writing.model import ExportRecord
from screening.domain.writing.types import bibtex_type

Notes = Callable[[ExportRecord], Iterable[str]]

_ESCAPES = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"\{",
        "}": r"\}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
    }
)
# BibTeX counts braces behind a backslash too, so that one without its partner has to be a macro.
_LONE_BRACES = _ESCAPES | str.maketrans({"{": r"{$\lbrace$}", "}": r"{$\rbrace$}"})
# TeX makes one sign of two: dashes and quotation marks.
_LIGATURE = re.compile(r"(?<=-)(?=-)|(?<=')(?=')|(?<=`)(?=`)")
_SPECIAL = re.compile(r"[\\{}~^&%$#_@]|--|''|``")
# At the beginning of a line or behind a brace some readers take an @ for the next entry.
_ENTRY_SIGN = re.compile(r"(^|[)}])([ \t]*)@", re.MULTILINE)
_BRACE = re.compile("[{}]")
_RANGE = re.compile(r"\w+-\w+")
_ISSN = re.compile(r"[0-9]{4}-?[0-9]{3}[0-9Xx]")
_SUFFIX = re.compile(r"(?:jr|sr|2nd|3rd|i{1,3}|iv|v)\.?", re.IGNORECASE)
_AND = re.compile(r"\band\b", re.IGNORECASE)
# In these TeX's signs stand for themselves; a brace or backslash would break the entry all the same.
_NOT_IN_ADDRESS = str.maketrans({"\\": "%5C", "{": "%7B", "}": "%7D"})


def write_bibtex(records: Iterable[ExportRecord], notes: Notes) -> Iterator[str]:
    """Yield the entry of each record; `notes` gives the lines of its annotation."""
    for record in records:
        fields = "".join(f",\n  {name} = {{{value}}}" for name, value in _fields(record, notes) if value)
        kind = bibtex_type(record.type, has_journal=bool(record.journal))
        yield f"@{kind}{{{record.id}{fields}\n}}\n\n"


def escape(text: str) -> str:
    """Return the text in LaTeX, so that each sign comes out as it stands."""
    if not _SPECIAL.search(text):
        return text
    escapes = _ESCAPES if _is_balanced(text) else _LONE_BRACES
    return _ENTRY_SIGN.sub(r"\1\2{@}", _LIGATURE.sub("{}", text.translate(escapes)))


def _is_balanced(text: str) -> bool:
    depth = 0
    for brace in _BRACE.findall(text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _fields(record: ExportRecord, notes: Notes) -> Iterator[tuple[str, str]]:
    is_part = bibtex_type(record.type, has_journal=True) in {"incollection", "inproceedings"}
    # An entry with the title of a volume but none of its own would be the volume.
    place = "booktitle" if is_part and record.title else "journal"
    yield "title", escape(record.title)
    yield "author", _authors(record.authors)
    yield "year", str(record.year or "")
    yield place, escape(record.journal)
    yield "volume", escape(record.volume)
    yield "number", escape(record.issue)
    is_range = _RANGE.fullmatch(record.pages)
    yield "pages", record.pages.replace("-", "--") if is_range else escape(record.pages)
    yield "doi", record.doi.translate(_NOT_IN_ADDRESS)
    yield "pmid", record.pmid
    yield "issn" if _ISSN.match(record.isbn_issn) else "isbn", escape(record.isbn_issn)
    yield "url", record.url.translate(_NOT_IN_ADDRESS)
    yield "language", escape(record.language)
    yield "keywords", _keywords(record.keywords)
    yield "accession", escape(record.accession)
    yield "database", escape(record.database)
    yield "abstract", escape(guarded(record.abstract))
    yield "annote", escape("\n".join(" ".join(note.split()) for note in notes(record)))


def _authors(names: tuple[str, ...]) -> str:
    written = [_author(name) for name in names]
    if len(written) == 1 and _AND.search(written[0]):
        # Braces around the whole value may be those of a list of names.
        return f"{{{written[0]}}}"
    return " and ".join(written)


def _author(name: str) -> str:
    """Write “Last, First” as it is, a suffix where BibTeX has it, and what is no person's name in braces."""
    parts = [part.strip() for part in name.split(",")]
    if not _AND.search(name) and all(parts) and not name.startswith("["):
        if len(parts) == 2 and not _SUFFIX.fullmatch(parts[1]):
            return escape(name)
        if len(parts) == 3 and _SUFFIX.fullmatch(parts[2]) and not _SUFFIX.fullmatch(parts[1]):
            return escape(f"{parts[0]}, {parts[2]}, {parts[1]}")
    written = escape(name)
    # A macro right behind the brace would make it the group of an accent.
    return f"{{{{}}{written}}}" if written.startswith("\\") else f"{{{written}}}"


def _keywords(keywords: tuple[str, ...]) -> str:
    """Join by commas, as JabRef has it, unless a keyword holds one."""
    if any("," in keyword for keyword in keywords):
        return escape("; ".join(keywords)) + (";" if len(keywords) == 1 else "")
    return escape(", ".join(keywords))
