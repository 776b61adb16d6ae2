"""Cut an XML export into its records and parse each alone with defusedxml.

One record that is not well-formed costs no other, memory holds the tree of one record at a time, and no
entity that a file declares reaches the parser of a record.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError, fromstring

from screening.domain.parsing.fields import clean
from screening.domain.parsing.limits import refuse_too_many
from screening.domain.parsing.model import Problem, UnreadableFile

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ENTITIES = (
    "This XML file declares entities of its own, with which harmful files swell or fetch other files; no "
    "export of a database does. It was not read. Export the records again from where they come."
)
_MENDED = (
    "The record is not well-formed XML; it was read after stray signs in it were mended. Check the record."
)
# A prefix that stands at the root of some files is unknown where its record stands alone.
_ROOT = '<x xmlns:mml="http://www.w3.org/1998/Math/MathML" xmlns:xlink="http://www.w3.org/1999/xlink">'
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_STRAY = re.compile(
    r"&(?:#(?:([0-9]{1,7})|[xX]([0-9A-Fa-f]{1,6}));|([A-Za-z][A-Za-z0-9]{1,31};))?|<(?![A-Za-z/!?])"
)
_XML_NAMES = frozenset(("amp;", "lt;", "gt;", "quot;", "apos;"))


@dataclass(frozen=True, slots=True)
class Found:
    """Hold one record as it stands in the file: its tree, or None and the sentence that says why.

    A tree with a sentence was mended before it could be read.
    """

    line: int
    raw: str
    tree: Element | None
    sentence: str = ""


def records_in(text: str, *names: str) -> Iterator[Found]:
    """Yield the records, the elements of these names, in order and in linear time.

    Raises UnreadableFile where the file declares entities.
    """
    tags = list(re.finditer(rf"<(/?)(?:{'|'.join(names)})(?=[\s/>])", text))
    refuse_too_many(sum(not tag[1] for tag in tags))
    _refuse_entities(text[: tags[0].start()] if tags else text)
    newline = "\r" if "\r" in text and "\n" not in text else "\n"
    line, counted = 1, 0
    for start, end, is_closed in _spans(text, tags):
        line += text.count(newline, counted, start)
        counted = start
        yield _found(text[start:end].rstrip(), line, is_closed=is_closed)


def words(tree: Element | None) -> str:
    """Return the text of an element and of all within it, on one line; '' for None."""
    return clean("".join(tree.itertext())) if tree is not None else ""


def _refuse_entities(prologue: str) -> None:
    parser = DefusedXMLParser(forbid_dtd=False, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(prologue)
    except DefusedXmlException as danger:
        raise UnreadableFile(ENTITIES) from danger
    except ParseError:
        # Whatever stands above the records, the records are parsed without it.
        return


def _spans(text: str, tags: list[re.Match[str]]) -> Iterator[tuple[int, int, bool]]:
    """Yield where records begin and end; a record ends at the latest where the next one begins."""
    begin = -1
    for tag in tags:
        if tag[1] and begin < 0:
            continue
        stop = text.find(">", tag.end()) + 1
        if tag[1]:
            yield begin, stop or len(text), bool(stop)
            begin = -1
            continue
        if begin >= 0:
            yield begin, tag.start(), False
        begin = tag.start()
        if stop and text[stop - 2] == "/":
            yield begin, stop, True
            begin = -1
    if begin >= 0:
        yield begin, len(text), False


def _found(raw: str, line: int, *, is_closed: bool) -> Found:
    try:
        return Found(line, raw, _tree(raw))
    except ParseError as error:
        fault = str(error).partition(":")[0]
        at = line + error.position[0] - 1
    except DefusedXmlException:
        return Found(line, raw, None, ENTITIES)
    if is_closed:
        try:
            return Found(line, raw, _tree(_mended(raw)), _MENDED)
        except (ParseError, DefusedXmlException):
            pass
    else:
        fault = "it is not closed before the next one or the end of the file"
    return Found(line, raw, None, f"The record is not well-formed XML (line {at}: {fault}). Export it again.")


def _tree(raw: str) -> Element:
    return fromstring(f"{_ROOT}{raw}</x>", forbid_dtd=True)[0]


def _mended(raw: str) -> str:
    """Replace what XML does not allow: control signs, names of HTML, a lone ampersand or less-than sign."""

    def allowed(found: re.Match[str]) -> str:
        if found[1] or found[2]:
            code = int(found[1]) if found[1] else int(found[2], 16)
            sign = (
                chr(code) if code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0x110000 else ""
            )
            return escape(_NOT_XML.sub("", sign))
        if found[3] in _XML_NAMES:
            return found[0]
        if found[3]:
            return escape(html.entities.html5.get(found[3], found[0]))
        return escape(found[0])

    return _STRAY.sub(allowed, _NOT_XML.sub("", raw))


def problem_of(found: Found) -> Problem:
    """Return the problem of a record that could not be read, or the remark on one that was mended."""
    is_lost = found.tree is None
    return Problem(found.line, found.sentence, found.raw if is_lost else found.raw[:300], lost=is_lost)
