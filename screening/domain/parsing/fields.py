"""Turn the text of single fields into clean values; shared by all readers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

# C0 and C1 controls but tab and newline, bidirectional marks and overrides, byte-order mark: they could hide
# or reorder what a reviewer reads. Joiners stay, since some scripts need them.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
# White space but the line ends and the plain space.
_SPACE = re.compile(r"[^\S\n\r ]")
_LINE_END = re.compile(r"[\r\n]+")
_ASCII_WITHOUT_CONTROLS = bytes(32 if code < 32 or code == 127 else code for code in range(256))
_LONG = 200
_YEAR = re.compile(r"(?<![0-9])(1[0-9]{3}|20[0-9]{2}|2100)(?![0-9])")
# Every repeat is bounded, so that hostile text costs linear time.
_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]{1,9}){0,4}/[^\s\"<>]{1,300}")
_URL = re.compile(r"(?:https?|ftp)://[^\s<>\"]{1,2000}", re.IGNORECASE)
_PUBMED_URL = re.compile(r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/([0-9]{1,8})(?![0-9])")
_PUBMED_LABEL = re.compile(r"\b(?:PMID|PUBMED)[: ]{0,3}([0-9]{4,8})(?![0-9])", re.IGNORECASE)
_INITIALS = r"(?:[^\W\d_]\.?[- ]?){1,4}"
_TRAILING_INITIALS = re.compile(
    r"^(?P<last>[^\W\d_][^\d,;]{0,60}?)[ ]+(?P<first>[A-ZÀ-Þ](?:\.[ -]?[A-ZÀ-Þ]){0,4}\.?|[A-ZÀ-Þ]{1,3})$"
)
_ONLY_INITIALS = re.compile(rf"^{_INITIALS}$")
_LIST_ITEM = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_NOT_GIVEN = frozenset({"na", "n/a", "nan", "null", "none", "no abstract", "no specified", "not specified"})
LONGEST_MARK = max(map(len, _NOT_GIVEN))
# A field holds a number within its first characters; more is not worth searching.
_FIELD_LIMIT = 4000


def is_plain(text: str) -> bool:
    """Say whether every character is a plain space or one that shows."""
    if len(text) > _LONG and text.isascii():
        code = text.encode()
        return code.translate(_ASCII_WITHOUT_CONTROLS) == code
    return text.isprintable()


def clean(text: str) -> str:
    """Return text on one line, without controls and with single spaces."""
    text = text.strip()
    # Most fields need no more.
    if "  " not in text and is_plain(text):
        return text
    return " ".join(_CONTROLS.sub("", " ".join(text.split())).split())


def clean_lines(text: str) -> str:
    """Return text with its line breaks and the spaces within its lines, without controls and blank lines."""
    text = text.strip()
    if is_plain(text):
        return text
    lines = (_CONTROLS.sub("", _SPACE.sub(" ", line)).strip() for line in _LINE_END.split(text))
    return "\n".join(line for line in lines if line)


def is_given(text: str) -> bool:
    """Say whether a cleaned field holds something other than a mark for "missing"."""
    return bool(text) and (len(text) > LONGEST_MARK or text.casefold() not in _NOT_GIVEN)


def year_in(text: str) -> int | None:
    """Return the first year from 1000 to 2100 that stands alone in the text."""
    found = _YEAR.search(text, 0, _FIELD_LIMIT)
    return int(found[1]) if found else None


def is_year_given(text: str) -> bool:
    """Say whether a field for the year holds more than signs and marks for "missing"."""
    return is_given(clean(text[:_FIELD_LIMIT]).strip("/-–.,[]() "))


def doi_in(text: str) -> str:
    """Return the first DOI in the text, bare and in lower case, or ''."""
    text = _CONTROLS.sub("", text[:_FIELD_LIMIT])
    while "%" in text and (plain := _CONTROLS.sub("", unquote(text))) != text:
        text = plain
    found = _DOI.search(text)
    if not found:
        return ""
    doi = found[0].lower()
    while doi:
        last = doi[-1]
        opening = {")": "(", "]": "[", "}": "{"}.get(last)
        if last in ".,;:'" or (opening and doi.count(opening) < doi.count(last)):
            doi = doi[:-1]
        else:
            break
    return "" if doi.endswith("/") else doi


def url_in(text: str) -> str:
    """Return the first web or FTP address in the text, or ''; other schemes could run script in a page."""
    found = _URL.search(text, 0, _FIELD_LIMIT)
    return clean(found[0]) if found else ""


def pmid_in(text: str) -> str:
    """Return the PubMed identifier that an address or a label such as "PMID: 123456" gives, or ''."""
    lowered = text[:_FIELD_LIMIT].lower()
    if "pubmed" not in lowered and "pmid" not in lowered:
        return ""
    found = _PUBMED_URL.search(text, 0, _FIELD_LIMIT) or _PUBMED_LABEL.search(text, 0, _FIELD_LIMIT)
    return found[1].lstrip("0") if found else ""


def bare_pmid(text: str) -> str:
    """Return a field that holds nothing but a PubMed identifier, or what its label gives."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) <= 8:
        return text.lstrip("0")
    return pmid_in(text)


def pages_of(start: str, end: str) -> str:
    """Join first and last page; Ovid writes "No" and "Specified" into the two for pages that are not
    given."""
    if end == "Specified" and start == "No":
        return ""
    if not end or start == end or "-" in start:
        return start
    return f"{start}-{end}" if start else end


def author_of(name: str) -> str:
    """Return one name as "Last, First" where that is certain; names of groups stay as they are."""
    name = clean(name).strip(" ;,")
    if "," in name:
        last, _, first = name.partition(",")
        return f"{last.strip()}, {first.strip()}" if first.strip() else last.strip()
    found = _TRAILING_INITIALS.match(name)
    return f"{found['last']}, {found['first']}" if found else name


def authors_of(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names in their order, one per line or semicolon, without blanks."""
    out = []
    for value in names:
        parts = re.split(r"[;\n]", value) if ";" in value or "\n" in value else (value,)
        out += [author for part in parts if (author := author_of(part))]
    return tuple(out)


def split_authors(cell: str) -> tuple[str, ...]:
    """Split the one cell in which a table holds all authors; keep it whole where the split would be a
    guess."""
    cell = cell.strip()
    if cell.startswith("[") and cell.endswith("]"):
        return authors_of(a or b for a, b in _LIST_ITEM.findall(cell))
    if ";" in cell or "\n" in cell:
        return authors_of([cell])
    for mark in (" and ", "|", "//"):
        if mark in cell:
            return authors_of(cell.split(mark))
    parts = [part.strip() for part in cell.split(",") if part.strip()]
    if len(parts) < 2:
        return authors_of([cell])
    if all(_TRAILING_INITIALS.match(part) for part in parts):
        return authors_of(parts)
    if len(parts) % 2 == 0 and all(_ONLY_INITIALS.match(part) for part in parts[1::2]):
        return authors_of(f"{last}, {first}" for last, first in zip(parts[::2], parts[1::2], strict=True))
    return authors_of([cell])


def keywords_of(values: Iterable[str]) -> tuple[str, ...]:
    """Return the keywords, one per line or semicolon, without blanks and repeats."""
    found: dict[str, None] = {}
    for value in values:
        for part in re.split(r"[;\n]", value) if ";" in value or "\n" in value else (value,):
            if word := clean(part):
                found[word] = None
    return tuple(found)
